//! The form of a paper: standards, bookmarks, fonts, pages, and what stays together.

use sonae_core::paper::document::{Body, Numbering, Row, Table};
use sonae_papers::Document;
use sonae_papers::pdf::write;

use crate::everything::everything;
use crate::reader::Read;
use crate::sample::{Blocks, document, flow, plan, report, sentences, table, text};

#[test]
fn a_paper_keeps_both_standards() {
    let read = Read::new(&everything());
    read.ask("qpdf", &["--check", "FILE"]);
    let about = read.ask("pdfinfo", &["FILE"]);
    for line in [
        "Title:           情報セキュリティ関連規程",
        "Tagged:          yes",
        "Page size:       595.276 x 841.89 pts (A4)",
    ] {
        assert!(about.contains(line), "{line} is missing in {about}");
    }
    let meta = read.ask("pdfinfo", &["-meta", "FILE"]);
    for line in [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>A</pdfaid:conformance>",
        "<pdfuaid:part>1</pdfuaid:part>",
    ] {
        assert!(meta.contains(line), "{line} is missing in {meta}");
    }
    let structure = read.ask("pdfinfo", &["-struct", "FILE"]);
    for scope in ["/Scope /Column", "/Scope /Row"] {
        assert!(structure.contains(scope), "{scope} is missing");
    }
    for tag in [
        "TOC", "H1", "H2", "Table", "TH", "Figure", "L", "Lbl", "Link",
    ] {
        let found = structure
            .lines()
            .any(|line| line.trim().split([' ', ':']).next() == Some(tag));
        assert!(found, "{tag} is missing in {structure}");
    }
    assert!(String::from_utf8_lossy(&read.pdf.bytes).contains("/Lang(ja-JP)"));
}

#[test]
fn every_font_is_embedded() {
    let fonts = Read::new(&everything()).ask("pdffonts", &["FILE"]);
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(rows.len() >= 5, "{fonts}");
    for row in rows {
        // Name, type, encoding, then embedded, subset, Unicode.
        let yes = row.split_whitespace().filter(|word| *word == "yes").count();
        assert_eq!(yes, 3, "{row}");
    }
}

/// The bookmarks with their levels, as `1 第1章　総則`.
fn bookmarks(read: &Read) -> Vec<String> {
    fn walk(found: &mut Vec<String>, outlines: &serde_json::Value, level: usize) {
        for outline in outlines.as_array().into_iter().flatten() {
            let title = outline["title"].as_str().unwrap_or_default();
            found.push(format!("{level} {title}"));
            walk(found, &outline["kids"], level + 1);
        }
    }
    let json = read.ask("qpdf", &["--json", "--json-key=outlines", "FILE"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let mut found = Vec::new();
    walk(&mut found, &json["outlines"], 1);
    found
}

#[test]
fn headings_and_articles_are_bookmarks() {
    let expected = [
        "1 目次",
        "1 第1章　総則",
        "2 第1条（目的）",
        "2 第2条（言葉の意味）",
        "1 第2章　体制",
        "2 役割",
    ];
    assert_eq!(bookmarks(&Read::new(&everything())), expected);
}

#[test]
fn a_long_table_repeats_its_head_and_loses_no_row() {
    for columns in [4, 11] {
        let mut blocks = Blocks::default();
        blocks.heading(&[1], 1, "台帳").paragraph(sentences(0, 1));
        blocks.add(Body::Table(table(columns, 300)));
        let read = Read::new(&Document {
            cover: false,
            contents: false,
            ..document(Numbering::Decimal, blocks)
        });
        assert!(read.pdf.pages > 10, "{}", read.pdf.pages);
        let text = read.text(None);
        for row in 1..=300 {
            let name = format!("資産{row:03}");
            assert_eq!(text.matches(&name).count(), 1, "{name}");
        }
        for page in 1..=read.pdf.pages {
            let text = read.text(Some(page));
            assert!(text.contains("見出し1"), "page {page}: {text}");
            assert!(
                text.contains(&format!("{page}/{}", read.pdf.pages)),
                "page {page}: {text}"
            );
        }
        let turned = read
            .ask("pdfinfo", &["-l", "1", "FILE"])
            .contains("841.89 x 595.276");
        assert_eq!(turned, columns > 8, "wide tables stand on wide pages");
    }
}

#[test]
fn a_row_longer_than_a_page_goes_on_on_the_next() {
    let mut long = table(2, 1);
    long.rows[0].cells[1] = (0..80)
        .map(|line| text(&format!("行{line:02}。")))
        .collect();
    let mut blocks = Blocks::default();
    blocks.add(Body::Table(long));
    let read = Read::new(&document(Numbering::None, blocks));
    let text = read.text(None);
    for line in 0..80 {
        assert!(text.contains(&format!("行{line:02}。")), "{line}");
    }
}

#[test]
fn no_heading_stands_alone_at_the_foot_of_a_page() {
    let mut blocks = Blocks::default();
    for chapter in 1..=30 {
        blocks
            .heading(&[chapter], 1, "見出し")
            .paragraph(sentences(chapter as usize, (chapter % 7) as usize + 1));
    }
    let read = Read::new(&Document {
        edition: String::new(),
        ..document(Numbering::Decimal, blocks)
    });
    // The cover and the contents come first.
    for page in 3..=read.pdf.pages {
        let text = read.text(Some(page));
        let foot = format!("見出し2026年4月1日{page}/");
        assert!(!text.contains(&foot), "page {page}: {text}");
    }
}

#[test]
fn odd_papers_are_laid_out() {
    let mut blocks = Blocks::default();
    let empty = Table {
        columns: Vec::new(),
        ..table(1, 1)
    };
    let ragged = Row {
        id: "ragged".to_owned(),
        cells: vec![vec![]; 9],
        lines: 0,
    };
    let mut short = table(3, 1);
    short.rows.extend([
        ragged.clone(),
        Row {
            cells: Vec::new(),
            ..ragged
        },
    ]);
    let mut nobody = flow();
    nobody.lanes.clear();
    let mut long = flow();
    long.steps = long.steps.iter().cycle().take(40).cloned().collect();
    blocks
        .heading(&[], 3, "深い見出し")
        .heading(&[], 9, "もっと深い見出し")
        .heading(&[], 0, "");
    blocks
        .add(Body::PageBreak)
        .add(Body::PageBreak)
        .add(Body::Table(empty));
    blocks.add(Body::Table(table(2, 0))).add(Body::Table(short));
    blocks
        .add(Body::Flow(nobody))
        .add(Body::Flow(long))
        .paragraph(Vec::new());
    blocks.list(sonae_core::paper::document::Mark::Bullet, Vec::new());
    blocks
        .add(Body::Signature { lines: Vec::new() })
        .add(Body::Notice {
            title: Vec::new(),
            text: Vec::new(),
        });
    Read::new(&document(Numbering::Articles, blocks));
    let bare = Document {
        title: String::new(),
        company: String::new(),
        version: String::new(),
        edition: String::new(),
        ..document(Numbering::None, Blocks::default())
    };
    assert_eq!(write(&bare).expect("laid out").pages, 2);
}

#[test]
fn papers_have_the_sizes_they_are_measured_by() {
    for (document, expected) in [(report(), 3..=5), (plan(), 17..=24)] {
        let pages = Read::new(&document).pdf.pages;
        assert!(expected.contains(&pages), "{pages} pages");
    }
}
