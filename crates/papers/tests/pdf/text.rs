//! The words of a paper stand in the PDF as they are.

use proptest::prelude::*;
use sonae_core::paper::document::{Body, Item, Line, Numbering, Span};
use sonae_papers::Document;
use sonae_papers::pdf::write;

use crate::everything::everything;
use crate::reader::{Read, squeezed};
use crate::sample::{Blocks, document, table, text};

/// Everything a document says, in its order, as far as it is printed.
fn said(document: &Document) -> Vec<String> {
    let mut said = vec![
        document.title.clone(),
        document.company.clone(),
        document.edition.clone(),
    ];
    let mut add = |line: &Line| {
        said.extend(line.iter().filter_map(|span| match span {
            Span::Text(text) | Span::Strong(text) | Span::Reference { text, .. } => {
                Some(text.clone())
            }
            Span::Blank { .. } => None,
        }));
    };
    fn items(list: &[Item], add: &mut impl FnMut(&Line)) {
        for item in list {
            add(&item.text);
            if let Some((_, under)) = &item.under {
                items(under, add);
            }
        }
    }
    for block in &document.blocks {
        match &block.body {
            Body::Heading { text, .. } | Body::Clause { text, .. } | Body::Paragraph { text } => {
                add(text);
            }
            Body::Article { caption, .. } => add(caption),
            Body::List { items: list, .. } => items(list, &mut add),
            Body::Table(table) => table
                .rows
                .iter()
                .flat_map(|row| row.cells.iter().flatten())
                .for_each(&mut add),
            Body::Flow(flow) => flow.steps.iter().for_each(|step| add(&step.text)),
            Body::Signature { lines } => lines.iter().for_each(&mut add),
            Body::Notice { title, text } => {
                add(title);
                text.iter().for_each(&mut add);
            }
            Body::Chart(_) | Body::PageBreak => {}
        }
    }
    said
}

#[test]
fn everything_said_can_be_read() {
    let document = everything();
    let read = Read::new(&document);
    let text = read.text(None);
    for words in said(&document) {
        assert!(
            text.contains(&squeezed(&words)),
            "{words} is missing in {text}"
        );
    }
    for numbered in [
        "第1章総則",
        "第2条（言葉の意味）",
        "（2）責任者",
        "□電源を切らない",
        "表1情報資産",
        "図1連絡の流れ",
        "目次",
    ] {
        assert!(text.contains(numbered), "{numbered} is missing in {text}");
    }
    assert!(
        read.pdf.unprintable.is_empty(),
        "{:?}",
        read.pdf.unprintable
    );
}

/// A paper with one text in all places that take one.
fn with(words: &str) -> Document {
    let mut blocks = Blocks::default();
    let mut table = table(2, 1);
    table.caption = Some(words.to_owned());
    table.columns[0].title = words.to_owned();
    table.rows[0].cells[1] = vec![text(words)];
    blocks
        .heading(&[1], 1, words)
        .paragraph(text(words))
        .add(Body::Table(table));
    blocks.paragraph(vec![Span::Strong(words.to_owned())]);
    blocks.list(
        sonae_core::paper::document::Mark::Number,
        vec![crate::sample::item(1, words)],
    );
    Document {
        title: words.to_owned(),
        company: words.to_owned(),
        ..document(Numbering::Decimal, blocks)
    }
}

#[test]
fn what_looks_like_markup_is_printed_as_it_stands() {
    for words in [
        "#import \"@preview/x:1.0.0\": *",
        "#read(\"/etc/passwd\") #{ panic() }",
        "<script>alert(1)</script>",
        "=cmd|'/C calc'!A0",
        "{{ secret }} ${x} %s",
        "$x^2$ *a* _b_ `c` @d <e> // f /* g */",
        "= h \\ i ~ -- --- ... \"j\" 'k'",
        "= 見出し",
        "髙﨑𠮷 塚﨑 ①㈱〜～－",
        "https://www.example.jp/very/long/path/that/does/not/end?and=more&and=more&and=more&and=more",
        "株式会社とても長い名前の会社ですからどこかで折り返さないと紙からはみ出してしまいます合同会社",
    ] {
        let read = Read::new(&with(words));
        let text = read.text(None);
        let count = text.matches(&squeezed(words)).count();
        // Title, heading, its entry in the contents, paragraph, caption, head, cell, strong words, item, company.
        assert!(count >= 9, "{words} stands {count} times in {text}");
        assert!(
            read.pdf.unprintable.is_empty(),
            "{:?}",
            read.pdf.unprintable
        );
    }
}

#[test]
fn what_has_no_shape_is_left_out_and_what_has_no_type_is_told() {
    for (words, printed, unprintable) in [
        ("前\u{1}\u{7f}\u{85}後", "前後", ""),
        ("前\u{202e}後\u{200b}\u{feff}", "前後", ""),
        ("前\u{e000}後", "前〓後", "\u{e000}"),
        ("前😀後", "前〓後", "😀"),
        ("1行\n2行", "1行2行", ""),
    ] {
        let read = Read::new(&with(words));
        assert!(
            read.text(None).contains(printed),
            "{words:?}: {}",
            read.text(None)
        );
        assert_eq!(
            read.pdf.unprintable,
            unprintable.chars().collect(),
            "{words:?}"
        );
    }
}

/// The right edge of every word, in points, that `pdftotext` finds on any page.
fn right_edges(read: &Read) -> Vec<(f64, String)> {
    let boxes = read.ask("pdftotext", &["-bbox", "FILE", "-"]);
    let word = |line: &str| {
        let edge = line.split("xMax=\"").nth(1)?.split('"').next()?;
        let words = line.split('>').nth(1)?.split('<').next()?;
        Some((edge.parse().ok()?, words.to_owned()))
    };
    boxes.lines().filter_map(word).collect()
}

#[test]
fn a_long_word_stays_in_its_cell() {
    for words in [
        "security@precision.example.com",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "担当 security@precision.example.com",
        "03-0000-0100",
    ] {
        let mut narrow = table(4, 1);
        narrow
            .columns
            .iter_mut()
            .for_each(|column| column.share = 1);
        narrow.rows[0].cells = vec![vec![text(words)], vec![], vec![], vec![]];
        let mut blocks = Blocks::default();
        blocks.add(Body::Table(narrow));
        let read = Read::new(&Document {
            cover: false,
            contents: false,
            edition: String::new(),
            ..document(Numbering::None, blocks)
        });
        let cell = 24.0 / 25.4 * 72.0 + 162.0 / 25.4 * 72.0 / 4.0;
        let edges = right_edges(&read);
        let inside = edges
            .iter()
            .filter(|(_, found)| found.len() > 3 && words.contains(found.as_str()));
        let out: Vec<_> = inside.filter(|(edge, _)| *edge > cell).collect();
        assert!(out.is_empty(), "{words}: {out:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_a_paper(words in any::<String>()) {
        prop_assert!(write(&with(&words)).is_ok());
    }
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    let [one, two] = [(); 2].map(|()| write(&everything()).expect("laid out").bytes);
    assert!(one == two);
}
