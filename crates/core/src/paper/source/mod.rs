//! The text of a paper kind as a tree, before any answer is known. `papers/README.md` describes how it is written.

mod attributes;
mod directive;
mod flow;
mod form;
mod inline;
mod list;
mod parse;
mod print;
mod table;

pub use parse::parse;

/// One line of text; none when something in it cannot be read.
pub(super) fn parse_line(text: &str) -> Option<Inline> {
    let mut faults = Vec::new();
    let inline = inline::inline(text, 1, &mut faults);
    faults.is_empty().then_some(inline)
}

use super::document::{Align, Mark, StepKind};
use super::expression::{Expression, Path, Walk};

/// Something to correct in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1.
    pub line: usize,
    /// One Japanese sentence.
    pub what: String,
    /// One Japanese sentence.
    pub hint: String,
}

impl Fault {
    pub(super) fn new(line: usize, what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            line,
            what: what.into(),
            hint: hint.into(),
        }
    }
}

/// One block of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Unique in the text: written, or the section's with a number.
    pub id: String,
    pub line: usize,
    pub kind: NodeKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    Heading {
        level: u8,
        plain: bool,
        text: Inline,
    },
    Article {
        caption: Inline,
    },
    Clause {
        text: Inline,
    },
    Paragraph {
        text: Inline,
    },
    List {
        mark: Mark,
        items: Vec<ListItem>,
    },
    Table {
        look: TableLook,
        rows: Vec<TableRow>,
    },
    Rows {
        look: TableLook,
        walk: Walk,
        template: Vec<Cell>,
        filling: Filling,
    },
    Flow(FlowNode),
    Form(FormNode),
    Sign {
        lines: Vec<Inline>,
    },
    Note {
        title: Inline,
        lines: Vec<Inline>,
    },
    PageBreak,
    If {
        condition: Expression,
        then: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Each {
        walk: Walk,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
}

#[derive(Clone, Debug, PartialEq)]
pub struct ListItem {
    pub text: Inline,
    pub condition: Option<Expression>,
    pub under: Option<(Mark, Vec<ListItem>)>,
    pub line: usize,
}

/// How a table looks, whatever its rows are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableLook {
    pub caption: Option<Inline>,
    /// Empty for a table without a head.
    pub head: Vec<String>,
    pub aligns: Vec<Align>,
    pub shares: Vec<u16>,
    pub row_heads: bool,
    /// Least height of a row in lines of text.
    pub lines: u16,
}

/// Lines below each other.
pub type Cell = Vec<Inline>;

#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    pub cells: Vec<Cell>,
    pub condition: Option<Expression>,
    pub line: usize,
}

/// What stands in a table besides the answered rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Filling {
    /// Empty rows when nothing is answered.
    pub blank: u16,
    /// Empty rows after those that are answered.
    pub extra: u16,
    /// What is said when rows are answered and none is meant here.
    pub none: String,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FlowNode {
    pub caption: String,
    pub lanes: Vec<String>,
    pub steps: Vec<FlowStep>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FlowStep {
    pub lanes: (u16, u16),
    pub kind: StepKind,
    pub text: Inline,
    pub next: Option<String>,
    pub otherwise: Option<String>,
    pub condition: Option<Expression>,
    pub line: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FormNode {
    pub title: String,
    /// It begins on a page of its own.
    pub breaks: bool,
    pub body: FormBody,
}

#[derive(Clone, Debug, PartialEq)]
pub enum FormBody {
    /// Label, height in lines, what is filled in already.
    Fields(Vec<FormField>),
    /// A table of empty rows under a head.
    Grid { look: TableLook, blank: u16 },
}

#[derive(Clone, Debug, PartialEq)]
pub struct FormField {
    pub label: String,
    pub lines: u16,
    pub filled: Cell,
    pub line: usize,
}

/// A line of text with what is put into it.
pub type Inline = Vec<Piece>;

#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    Text(String),
    Strong(Inline),
    Value(Printed),
    Reference(Reference),
}

/// An answer where it is printed.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    pub what: What,
    pub filters: Vec<Filter>,
    pub line: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Path(Path),
    Walk(Walk),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// 令和8年4月1日
    Wareki,
    /// 2026年4月1日
    Western,
    /// 72 is 3日.
    Hours,
    /// With its unit.
    Unit,
    /// Instead of a blank.
    Or(String),
    /// The length of the blank, in full-width characters.
    Blank(u16),
    /// ○ for yes.
    Mark,
    /// The names of rows.
    Names,
    /// How many rows.
    Count,
}

/// A reference to a block.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub to: String,
    /// The row whose copy is meant.
    pub row: Option<String>,
    /// What is printed when the block is not there.
    pub words: Option<Inline>,
    pub line: usize,
}
