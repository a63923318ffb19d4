//! Cards: four on a sheet, and nothing on them is cut off, however much there is.

use sonae_core::paper::document::{Body, Layout, Mark, Numbering};
use sonae_papers::Document;
use sonae_papers::pdf::write;

use crate::reader::Read;
use crate::sample::{Blocks, document, item, sentences, table, text};

/// Half a sheet of A4, in points.
const CARD: (f64, f64) = (297.64, 420.94);
/// Least distance of text to the edge of its card: 5 mm, which printers can print.
const EDGE: f64 = 14.17;

const LONG: &str = "髙﨑𠮷野 とても長い名前の部門の長い名前の役割を持つアレクサンドラ・マリア・フォン・ハイデルベルク＝サンプル security@very-long-name.example.jp";

fn cards(blocks: Blocks) -> Document {
    Document {
        layout: Layout::Cards,
        company: "一般社団法人全国とても長い名前の協力機構株式会社見本製作所東日本統括本部ホールディングス".to_owned(),
        ..document(Numbering::None, blocks)
    }
}

/// A word with its page and its box in points: left, top, right, bottom.
fn words(read: &Read) -> Vec<(usize, [f64; 4], String)> {
    let mut page = 0;
    let mut found = Vec::new();
    for line in read.ask("pdftotext", &["-bbox", "FILE", "-"]).lines() {
        page += usize::from(line.contains("<page "));
        if !line.contains("<word ") {
            continue;
        }
        let value = |name: &str| -> f64 {
            let rest = line.split(&format!("{name}=\"")).nth(1).expect(name);
            rest.split('"').next().expect(name).parse().expect(name)
        };
        let said = line
            .split('>')
            .nth(1)
            .and_then(|rest| rest.split('<').next());
        let edges = ["xMin", "yMin", "xMax", "yMax"].map(value);
        found.push((page, edges, said.unwrap_or_default().to_owned()));
    }
    found
}

/// Every word stands on one card, with room around it.
fn check(read: &Read) {
    let words = words(read);
    assert!(!words.is_empty());
    for (page, [left, top, right, bottom], word) in words {
        for (from, to, size) in [(left, right, CARD.0), (top, bottom, CARD.1)] {
            let card = (from / size).floor() * size;
            assert!(
                from >= card + EDGE && to <= card + size - EDGE + 1.0,
                "page {page}: {word} stands from {from} to {to} on a card from {card}"
            );
        }
    }
}

#[test]
fn a_hundred_people_with_long_names_stand_on_cards_whole() {
    let mut blocks = Blocks::default();
    let mut people = table(3, 100);
    for (at, row) in people.rows.iter_mut().enumerate() {
        let name = format!("{at:03}番 {LONG}");
        row.cells = vec![
            vec![text(&name)],
            vec![text("090-0000-0000")],
            vec![text(LONG)],
        ];
    }
    blocks.heading(&[], 1, LONG).add(Body::Table(people));
    blocks
        .heading(&[], 1, "短いカード")
        .paragraph(sentences(0, 1));
    blocks
        .heading(&[], 1, "長いカード")
        .paragraph(sentences(0, 60));
    let steps = (1..=40).map(|step| item(step, LONG)).collect();
    blocks.heading(&[], 2, "すること").list(Mark::Number, steps);
    let read = Read::new(&cards(blocks));
    check(&read);
    let said = read.text(None);
    for at in 0..100 {
        assert_eq!(said.matches(&format!("{at:03}番")).count(), 1, "{at}");
    }
    // Every further card says whose it is.
    assert!(said.matches("（つづき）").count() > 20);
    assert!(said.matches("短いカード（つづき）").count() == 0);
    let about = read.ask("pdfinfo", &["FILE"]);
    assert!(
        about.contains("(A4)") && about.contains("Tagged:          yes"),
        "{about}"
    );
}

#[test]
fn cards_keep_the_standards_and_their_order() {
    let mut blocks = Blocks::default();
    for card in 1..=5 {
        blocks
            .heading(&[], 1, &format!("カード{card}"))
            .paragraph(sentences(card, 1));
    }
    let document = cards(blocks);
    let read = Read::new(&document);
    check(&read);
    assert_eq!(read.pdf.pages, 2);
    assert!(read.pdf.bytes == write(&document).expect("laid out").bytes);
    read.ask("qpdf", &["--check", "FILE"]);
    assert!(
        read.ask("pdfinfo", &["-meta", "FILE"])
            .contains("<pdfuaid:part>1</pdfuaid:part>")
    );
    let said = read.ask("pdfinfo", &["-struct-text", "FILE"]);
    let places: Vec<_> = (1..=5)
        .map(|card| said.find(&format!("カード{card}")))
        .collect();
    assert!(
        places.is_sorted() && places.iter().all(Option::is_some),
        "{said}"
    );
}

#[test]
fn a_card_without_words_is_laid_out() {
    assert_eq!(write(&cards(Blocks::default())).expect("laid out").pages, 1);
}
