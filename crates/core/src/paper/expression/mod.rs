//! Conditions of a text: a closed, small vocabulary over answers.
//!
//! `and or not ( ) = != >= <= < > in`, `count(…)`, `empty(…)`, numbers, texts, `true`, `false` and paths. What is not answered
//! is neither equal nor greater nor smaller than anything, and a question of yes or no that is not answered is no.

mod parse;
mod print;
pub(super) mod words;

pub use parse::{expression, path, walk};

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    Or(Vec<Expression>),
    And(Vec<Expression>),
    Not(Box<Expression>),
    Compare(Term, Op, Term),
    /// A term that is true or not.
    Is(Term),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Equal,
    NotEqual,
    AtLeast,
    AtMost,
    Less,
    Greater,
    In,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    Number(i64),
    Text(String),
    YesNo(bool),
    Path(Path),
    /// How many rows a walk comes by.
    Count(Box<Walk>),
    /// Whether nothing is answered.
    Empty(Path),
}

/// A dotted name: a question, a fixed row and its columns, a row at hand and its columns.
pub type Path = Vec<String>;

/// Rows of a table in some order, each under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Walk {
    pub over: Path,
    /// The name of the row at hand.
    pub variable: Option<String>,
    pub condition: Option<Expression>,
    /// Sorted by this path, what has no value last; otherwise as answered.
    pub by: Option<Path>,
}

/// Most terms of one condition.
pub const MOST_TERMS: usize = 40;
/// Deepest nesting of parentheses and `not`.
pub const DEEPEST: usize = 12;
