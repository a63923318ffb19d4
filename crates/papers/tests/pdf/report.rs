//! The monthly report as a PDF: every number that is told can be read in it, and it keeps both standards.

use sonae_core::paper::document::{Body, Document};
use sonae_core::paper::plain;
use sonae_core::report::compose::{Of, compose};

use super::reader::{Read, squeezed};

#[path = "../../../core/tests/report/checked.rs"]
mod checked;
#[path = "../../../core/tests/report/lent.rs"]
#[expect(dead_code, reason = "some months are for other tests")]
mod lent;
#[path = "../../../core/tests/report/sample.rs"]
mod sample;

fn documents() -> Vec<(&'static str, Document)> {
    let of = Of {
        company: "みほん工業株式会社",
        receipt_number: "R6-001-23A",
        office: "見本事務局",
        phone: "03-0000-0000",
        made: jiff::civil::date(2026, 7, 1),
        revision: 1,
        word: "機器の時計を合わせました。",
    };
    let all = sample::SAMPLES.iter();
    all.map(|(name, figures)| (*name, compose(&figures(), &of)))
        .collect()
}

#[test]
fn every_number_of_a_report_can_be_read() {
    for (name, document) in documents() {
        let pdf = sonae_papers::pdf::write(&document).expect("laid out");
        if let Ok(folder) = std::env::var("SONAE_REPORTS") {
            std::fs::write(format!("{folder}/{name}.pdf"), &pdf.bytes).expect("written");
        }
        assert!(pdf.unprintable.is_empty(), "{name}: {:?}", pdf.unprintable);
        let text = Read::new(&document).text(None);
        for block in &document.blocks {
            let Body::Table(table) = &block.body else {
                continue;
            };
            for cell in table.rows.iter().flat_map(|row| &row.cells).flatten() {
                let cell = squeezed(&plain::line_text(cell));
                assert!(text.contains(&cell), "{name}: {cell} is missing");
            }
        }
    }
}
