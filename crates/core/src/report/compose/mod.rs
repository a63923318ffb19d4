//! Figures into a paper: what the company reads as a page and as a PDF. Numbers stand beside every chart, and no colour carries a meaning alone.

mod closing;
mod compared;
mod found;
mod items;
mod summary;
mod watch;

use jiff::civil::Date;

use super::figures::Figures;
use super::words::plain;
use crate::paper::chart::Chart;
use crate::paper::document::{
    Align, Block, Body, Column, Document, Item, Layout, Line, Mark, Numbering, Row, Table,
};

pub use summary::headline;

/// What a report says besides its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Of<'a> {
    pub company: &'a str,
    pub receipt_number: &'a str,
    /// Who answers questions about it: the office's name and telephone number.
    pub office: &'a str,
    pub phone: &'a str,
    pub made: Date,
    pub revision: u32,
    /// What the technician adds; may be empty.
    pub word: &'a str,
}

/// The kind of document in its JSON; no folder of `papers/` has this name.
pub const KIND: &str = "monthly-report";

/// The report as it stands for one company.
pub fn compose(figures: &Figures, of: &Of<'_>) -> Document {
    let mut pieces = Pieces::default();
    summary::write(&mut pieces, figures, of);
    watch::write(&mut pieces, figures);
    found::write(&mut pieces, figures);
    items::write(&mut pieces, figures);
    compared::write(&mut pieces, figures);
    closing::write(&mut pieces, figures, of);
    Document {
        kind: KIND.to_owned(),
        title: format!("月次レポート　{}", figures.month.label()),
        company: of.company.to_owned(),
        version: match of.revision {
            1 => "第1版".to_owned(),
            further => format!("第{further}版(作り直し)"),
        },
        date: of.made,
        edition: format!(
            "受付番号 {}　もとにした数字のSHA-256 {}",
            of.receipt_number,
            figures.sha256()
        ),
        numbering: Numbering::Decimal,
        layout: Layout::Pages,
        cover: false,
        contents: false,
        blocks: pieces.blocks,
    }
}

/// Blocks in the making, with the numbers of headings, tables and figures.
#[derive(Default)]
struct Pieces {
    blocks: Vec<Block>,
    headings: u32,
    tables: u32,
    figures: u32,
}

impl Pieces {
    fn add(&mut self, id: &str, body: Body) {
        self.blocks.push(Block {
            id: id.to_owned(),
            because: Vec::new(),
            body,
        });
    }

    fn heading(&mut self, id: &str, text: &str) {
        self.headings += 1;
        let number = vec![self.headings];
        let text = plain(text);
        self.add(
            id,
            Body::Heading {
                level: 1,
                number,
                text,
            },
        );
    }

    fn small_heading(&mut self, id: &str, text: &str) {
        let text = plain(text);
        self.add(
            id,
            Body::Heading {
                level: 2,
                number: Vec::new(),
                text,
            },
        );
    }

    fn say(&mut self, id: &str, text: impl Into<String>) {
        let text = plain(text);
        self.add(id, Body::Paragraph { text });
    }

    fn notice(&mut self, id: &str, title: &str, text: Vec<String>) {
        let text = text.into_iter().map(plain).collect();
        self.add(
            id,
            Body::Notice {
                title: plain(title),
                text,
            },
        );
    }

    fn list(&mut self, id: &str, items: Vec<String>) {
        let item = |text: String| Item {
            text: plain(text),
            number: 0,
            under: None,
        };
        let items = items.into_iter().map(item).collect();
        self.add(
            id,
            Body::List {
                mark: Mark::Bullet,
                items,
            },
        );
    }

    /// A table; columns with title, share of the width, and where their cells stand.
    fn table(
        &mut self,
        id: &str,
        caption: &str,
        columns: &[(&str, u16, Align)],
        rows: Vec<Vec<String>>,
    ) {
        self.tables += 1;
        let rows = (1..).zip(rows).map(|(at, cells): (u32, Vec<String>)| Row {
            id: format!("r{at}"),
            cells: cells.into_iter().map(cell).collect(),
            lines: 1,
        });
        let table = Table {
            caption: Some(caption.to_owned()),
            number: Some(self.tables),
            columns: (columns.iter())
                .map(|(title, share, align)| Column {
                    title: (*title).to_owned(),
                    share: *share,
                    align: *align,
                })
                .collect(),
            rows: rows.collect(),
            source: None,
            row_heads: true,
        };
        self.add(id, Body::Table(table));
    }

    fn chart(&mut self, id: &str, chart: Chart) {
        self.figures += 1;
        let number = self.figures;
        self.add(id, Body::Chart(Chart { number, ..chart }));
    }
}

fn cell(text: String) -> Vec<Line> {
    text.split('\n').map(plain).collect()
}
