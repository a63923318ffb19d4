//! A composed paper: what all writers lay out.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::chart::Chart;

/// A paper as it stands for one company. Nothing in it is decided by a writer but lines and pages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The paper kind, the name of its folder under `papers/`.
    pub kind: String,
    pub title: String,
    /// The company's name, shown on the cover and in the running head.
    pub company: String,
    /// Which version for the company this is, as printed: `第1版（案）`.
    pub version: String,
    pub date: Date,
    /// Printed in the foot of the last page: edition of the library's text and the source of its structure.
    pub edition: String,
    pub numbering: Numbering,
    #[serde(default)]
    pub layout: Layout,
    /// A page of its own with title, company, version and date.
    pub cover: bool,
    /// A table of contents over the headings (and articles) after the title.
    pub contents: bool,
    pub blocks: Vec<Block>,
}

/// What a paper looks like on paper. Formats that go on being edited know pages only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// A4, one after the other.
    #[default]
    Pages,
    /// Cards of A6, four on a sheet of A4 to be cut: every heading of level 1 begins one, and what does not fit goes on on the next.
    Cards,
}

/// How headings are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbering {
    /// Headings of level 1 are 第n章, articles 第n条 are counted straight through the paper; deeper headings have no number.
    Articles,
    /// 1, 1.1, 1.1.1.
    Decimal,
    /// No numbers.
    None,
}

/// One piece of a paper with a name that stays the same from version to version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Unique within the paper: from the library's text, with the row's id behind a dot where the text repeats over rows.
    pub id: String,
    /// Why it is here: the answers to the conditions around it; empty when it always is.
    pub because: Vec<Because>,
    pub body: Body,
}

/// An answer that caused a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// The question's id.
    pub question: String,
    /// The question's label and the answer as a sentence part: `テレワークをする人がいる：はい`.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A heading; `number` holds one number per level (`[2, 1]` is 2.1, or 第2章 for `[2]` with articles) and is empty without one.
    Heading {
        level: u8,
        number: Vec<u32>,
        text: Line,
    },
    /// 第n条 with its caption in brackets.
    Article {
        number: u32,
        caption: Line,
    },
    /// 項 of the article before it, from 1; the number of the first is not printed.
    Clause {
        number: u32,
        text: Line,
    },
    Paragraph {
        text: Line,
    },
    /// A list; nested lists are items that hold `items`.
    List {
        mark: Mark,
        items: Vec<Item>,
    },
    Table(Table),
    Flow(Flow),
    /// Drawn by writers that draw; the others tell what it shows.
    Chart(Chart),
    /// Lines at the right edge: date, company, title and name of who signs.
    Signature {
        lines: Vec<Line>,
    },
    /// A box that stands out; not part of the rule itself.
    Notice {
        title: Line,
        text: Vec<Line>,
    },
    PageBreak,
}

/// How the items of a list are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// ・
    Bullet,
    /// （1）, （2）: 号 of an article, or steps.
    Number,
    /// □, to be ticked by hand.
    Check,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    pub text: Line,
    /// From 1, for [`Mark::Number`]; 0 otherwise.
    pub number: u32,
    /// A list under this item, if any.
    pub under: Option<(Mark, Vec<Item>)>,
}

/// A line of text with what stands out in it. Writers print text verbatim: nothing in it is markup.
pub type Line = Vec<Span>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    Text(String),
    Strong(String),
    /// An answer that is missing: a line to write on, about `width` full-width characters long; `question` is asked for it.
    Blank {
        question: String,
        width: u16,
    },
    /// A reference to a block of this paper (`第5条`, `「3.2 連絡」`), clickable where the format allows it.
    Reference {
        to: String,
        text: String,
    },
}

/// A table whose head is repeated on every page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Without its number; writers print `表n` before it, counted through the paper.
    pub caption: Option<String>,
    /// From 1, when there is a caption.
    pub number: Option<u32>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// The question whose rows feed this table, when it was not written in the library's text.
    pub source: Option<String>,
    /// The first cell of every row is a heading of that row.
    pub row_heads: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Empty titles in all columns mean a table without a head.
    pub title: String,
    /// Share of the width; the sum of all columns is the whole.
    pub share: u16,
    pub align: Align,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    Left,
    Center,
    Right,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The id of the answered row, stable from version to version; otherwise its place in the text (`r1`).
    pub id: String,
    /// As many as there are columns; a cell holds lines below each other.
    pub cells: Vec<Vec<Line>>,
    /// Least height in lines of text: forms to be filled by hand need room.
    pub lines: u16,
}

impl Row {
    /// Nothing is printed in it, so it is there to be written on by hand.
    pub fn is_empty(&self) -> bool {
        self.cells.iter().flatten().all(Vec::is_empty)
    }
}

/// A procedure as boxes in columns with arrows down. Writers lay it out as a table, so that it stays editable in Word and readable aloud.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    pub caption: String,
    /// `図n`, counted through the paper from 1.
    pub number: u32,
    /// Who acts, one column each.
    pub lanes: Vec<String>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// First and last lane the box spans, from 0.
    pub lanes: (u16, u16),
    pub kind: StepKind,
    pub text: Line,
    /// What is written at the arrow to the next step (`はい`), and for a question where the other answer leads (`いいえ：記録して終わる`).
    pub next: Option<String>,
    pub otherwise: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Action,
    Question,
    End,
}
