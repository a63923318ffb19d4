//! A document as the template takes it: every word that is printed is made here, the template only places it.

use std::collections::BTreeSet;

use serde::Serialize;
use sonae_core::paper::document::{Body, Item, Layout, Mark, Numbering};
use sonae_core::paper::plain::heading_number;

use super::flow::{self, FlowView};
use super::line::{Inline, Lines, spoken};
use super::table::{self, TableView};
use super::{target, together};
use crate::Document;
use crate::chart::svg;

#[derive(Debug, Serialize)]
pub(super) struct Paper {
    title: String,
    company: String,
    version: String,
    /// Year, month, day.
    date: [i32; 3],
    date_text: String,
    edition: String,
    layout: Layout,
    cover: bool,
    /// How many levels the table of contents shows, if there is one.
    contents: Option<u8>,
    sections: Vec<Section>,
}

/// Pages of one orientation.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    pub(super) wide: bool,
    pub(super) pieces: Vec<Piece>,
}

#[derive(Debug, Serialize)]
pub(super) struct Piece {
    /// A label, when something points here.
    anchor: Option<String>,
    /// What follows must not stand alone on its page: a signature, or a table under its heading and introduction.
    pub(super) with_next: bool,
    #[serde(flatten)]
    pub(super) shape: Shape,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Shape {
    /// `level` is the one in bookmarks and tags, which has no gaps; `look` the one that is seen.
    Heading {
        level: u8,
        look: Look,
        text: Vec<Inline>,
    },
    Clause {
        number: String,
        text: Vec<Inline>,
    },
    Paragraph {
        text: Vec<Inline>,
    },
    List(ListView),
    Table(TableView),
    Flow(FlowView),
    Chart(ChartView),
    Signature {
        lines: Vec<Vec<Inline>>,
    },
    Notice {
        title: Vec<Inline>,
        text: Vec<Vec<Inline>>,
    },
    PageBreak,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Look {
    Chapter,
    Section,
    Smaller,
    Article,
}

/// A chart: what is drawn, and what is said in its place.
#[derive(Debug, Serialize)]
pub(super) struct ChartView {
    caption: String,
    alt: String,
    svg: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ListView {
    mark: Mark,
    items: Vec<ItemView>,
}

#[derive(Debug, Serialize)]
struct ItemView {
    number: u32,
    text: Vec<Inline>,
    under: Option<ListView>,
}

/// The view, and the characters that no font shows.
pub(super) fn of(document: &Document) -> (Paper, BTreeSet<char>) {
    let ids = document.blocks.iter().map(|block| block.id.as_str());
    let mut lines = Lines::new(ids.collect(), target::of(&document.blocks));
    let room = table::Room::of(document.layout);
    let mut level = 0;
    let mut pieces = Vec::new();
    for block in &document.blocks {
        let shape = match &block.body {
            Body::Table(table) => table::of(table, &mut lines, room).map(Shape::Table),
            body => shape(body, document.numbering, &mut level, &mut lines),
        };
        let anchor = lines.anchor(&block.id);
        pieces.extend(shape.map(|shape| Piece {
            anchor,
            with_next: false,
            shape,
        }));
    }
    together::keep_signatures(&mut pieces);
    together::keep_introductions(&mut pieces);
    if !document.cover {
        together::leave_room_for_title(&mut pieces);
    }
    let date = document.date;
    let paper = Paper {
        title: title(lines.plain(&document.title)),
        company: lines.plain(&document.company),
        version: lines.plain(&document.version),
        date: [date.year().into(), date.month().into(), date.day().into()],
        date_text: format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        edition: lines.plain(&document.edition),
        layout: document.layout,
        cover: document.cover && document.layout == Layout::Pages,
        contents: (document.contents && pieces.iter().any(Piece::is_heading))
            .then(|| depth(document.numbering)),
        sections: together::sections(pieces),
    };
    (paper, lines.unprintable)
}

/// A file that is read aloud begins with its title, so there must be one.
fn title(title: String) -> String {
    match title.trim().is_empty() {
        true => "無題の文書".to_owned(),
        false => title,
    }
}

/// A block that is no table; nothing for a heading without words. `level` is that of the last heading and follows.
fn shape(body: &Body, kind: Numbering, level: &mut u8, lines: &mut Lines) -> Option<Shape> {
    Some(match body {
        Body::Heading {
            level: wanted,
            number,
            text,
        } => {
            let mut inlines = prefix(heading_number(kind, number));
            if inlines.is_empty() && lines.plain(&spoken(text)).trim().is_empty() {
                // A bookmark without words is none.
                return None;
            }
            *level = (*wanted).clamp(1, *level + 1);
            inlines.extend(lines.line(text));
            let look = match wanted {
                0 | 1 => Look::Chapter,
                2 => Look::Section,
                _ => Look::Smaller,
            };
            Shape::Heading {
                level: *level,
                look,
                text: inlines,
            }
        }
        Body::Article { number, caption } => {
            let mut text = vec![Inline::Text(format!("第{number}条"))];
            if !caption.is_empty() {
                text.push(Inline::Text("（".to_owned()));
                text.extend(lines.line(caption));
                text.push(Inline::Text("）".to_owned()));
            }
            Shape::Heading {
                level: *level + 1,
                look: Look::Article,
                text,
            }
        }
        Body::Clause { number, text } => Shape::Clause {
            number: match number {
                0 | 1 => String::new(),
                further => further.to_string(),
            },
            text: lines.line(text),
        },
        Body::Paragraph { text } => Shape::Paragraph {
            text: lines.line(text),
        },
        Body::List { mark, items } => Shape::List(list(*mark, items, lines)),
        Body::Table(_) => return None,
        Body::Flow(flow) => Shape::Flow(flow::of(flow, lines)),
        Body::Chart(chart) => Shape::Chart(ChartView {
            caption: format!("図{}　{}", chart.number, lines.plain(&chart.caption)),
            alt: lines.plain(&chart.alt),
            svg: svg(chart, "chart"),
        }),
        Body::Signature { lines: signed } => Shape::Signature {
            lines: signed.iter().map(|line| lines.line(line)).collect(),
        },
        Body::Notice { title, text } => Shape::Notice {
            title: lines.line(title),
            text: text.iter().map(|line| lines.line(line)).collect(),
        },
        Body::PageBreak => Shape::PageBreak,
    })
}

/// Articles may stand below chapters and their sections; without articles two levels tell enough.
fn depth(kind: Numbering) -> u8 {
    match kind {
        Numbering::Articles => 3,
        Numbering::Decimal | Numbering::None => 2,
    }
}

/// A heading's number and the space after it.
fn prefix(number: String) -> Vec<Inline> {
    match number.is_empty() {
        true => Vec::new(),
        false => vec![Inline::Text(format!("{number}　"))],
    }
}

fn list(mark: Mark, items: &[Item], lines: &mut Lines) -> ListView {
    let item = |item: &Item| ItemView {
        number: item.number,
        text: lines.line(&item.text),
        under: (item.under.as_ref()).map(|(mark, items)| list(*mark, items, lines)),
    };
    ListView {
        mark,
        items: items.iter().map(item).collect(),
    }
}

impl Piece {
    pub(super) fn is_heading(&self) -> bool {
        matches!(self.shape, Shape::Heading { .. })
    }
}
