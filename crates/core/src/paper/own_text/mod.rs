//! A company's own words in a paper: what was changed in Word and taken in.
//!
//! An edit is data and is applied whenever the paper is composed, before numbers are given, so that numbers, references and contents stay right in
//! every format. Values and references within changed words are kept as such and follow later answers. What an edit replaced is kept with it:
//! when that changes, the words of the company stay and a notice says so.

mod answer;
mod keep;
mod places;
mod proposal;
mod rows;
mod structure;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::document::{Line, Mark, Span};

pub use answer::AnswerChange;
pub use proposal::{Draft, Proposal, Take, proposals};

/// Most edits of one paper that are applied.
pub const MOST_EDITS: usize = 2_000;
/// Longest line of own words, in characters.
pub const LONGEST_LINE: usize = 10_000;

/// One change of a paper's words, in the order in which they were taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The block it is about or, for what was added or moved, the block before it; none for the beginning of the paper.
    pub block: Option<String>,
    pub change: Change,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A line of the block, counted as [`super::difference::ReturnedChange::line`] does.
    Line {
        at: usize,
        was: Was,
        now: OwnLine,
    },
    /// A line was taken out: an item of a list, a line of a notice or of signatures.
    LineRemoved {
        at: usize,
        was: Was,
    },
    /// An item put into a list behind another.
    LineAdded {
        behind: usize,
        was: Was,
        now: OwnLine,
    },
    /// A cell of a written table, by the row's id.
    Cell {
        row: String,
        column: usize,
        was: Was,
        now: OwnLine,
    },
    RowRemoved {
        row: String,
        was: Was,
    },
    /// A row put into a written table behind another; none for the first.
    RowAdded {
        behind: Option<String>,
        id: String,
        cells: Vec<OwnLine>,
    },
    /// The whole block was taken out.
    Removed {
        was: Was,
    },
    /// The block named `id` stands behind the edit's block now.
    Moved {
        id: String,
    },
    /// New blocks behind the edit's block, which may itself be a new one that was not taken in: then behind the other one.
    Added {
        blocks: Vec<NewBlock>,
        otherwise: Option<String>,
    },
}

/// What words replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Was {
    /// As it was printed, to be shown beside what stands there later.
    pub text: String,
    /// SHA-256 in hex of the words with references by id, so that a number that moves is no change.
    pub hash: String,
}

/// A block that the library's text does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewBlock {
    /// `own_` and some characters of a hash; no block of the library has a low line in its name.
    pub id: String,
    pub body: NewBody,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewBody {
    Heading { level: u8, text: OwnLine },
    Article { caption: OwnLine },
    Clause { text: OwnLine },
    Paragraph { text: OwnLine },
    List { mark: Mark, items: Vec<OwnLine> },
    Table { rows: Vec<Vec<OwnLine>> },
}

/// A line of own words.
pub type OwnLine = Vec<Words>;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Words {
    Text(String),
    Strong(String),
    /// An answer, written as in the library's text without its braces; `text` is what it was when the words were taken in.
    Value {
        source: String,
        text: String,
    },
    /// A block by id; `text` is printed when it is gone.
    Reference {
        to: String,
        text: String,
    },
    Blank {
        question: String,
        width: u16,
    },
}

/// Something a person should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which edit, counted from 0.
    pub edit: usize,
    pub block: Option<String>,
    /// One Japanese sentence.
    pub sentence: String,
    /// What stands under the own words now; empty when nothing does.
    pub now: String,
}

impl Was {
    pub(in crate::paper) fn of(line: &[Span]) -> Self {
        Self {
            text: super::plain::line_text(&line.to_vec()),
            hash: hash(line),
        }
    }

    pub(in crate::paper) fn is(&self, line: &[Span]) -> bool {
        self.hash == hash(line)
    }
}

/// References by id, everything else as printed.
fn hash(line: &[Span]) -> String {
    let mut hasher = Sha256::new();
    for span in line {
        match span {
            Span::Text(text) | Span::Strong(text) => hasher.update(text),
            Span::Reference { to, .. } => hasher.update(format!("\u{1}{to}\u{1}")),
            Span::Blank { question, .. } => hasher.update(format!("\u{2}{question}\u{2}")),
        }
    }
    crate::audit::hex(&hasher.finalize())
}

/// The words of several lines as one, so that they can be compared.
pub(in crate::paper) fn together<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Line {
    let mut whole = Line::new();
    for line in lines {
        whole.extend(line.iter().cloned());
        whole.push(Span::Text("\n".to_owned()));
    }
    whole
}
