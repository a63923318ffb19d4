//! Papers a company keeps: policy, regulations, ledger, CSIRT set, IT-BCP.
//!
//! A paper kind is data (`papers/<kind>/`). Composing it with a company's answers gives a [`document::Document`], in which every number is
//! given, every reference resolved and every condition decided; writers only lay it out, so that PDF, Word, Excel and HTML cannot disagree.

pub mod answers;
pub mod chart;
pub mod check;
mod compose;
pub mod desk;
pub mod difference;
pub mod document;
pub mod expression;
pub mod kind;
pub mod ledger;
pub mod library;
pub mod own_text;
pub mod plain;
pub mod progress;
pub mod question;
pub mod security_action;
pub mod source;
pub mod wording;

pub use compose::{Composed, Meta, compose, compose_own, is_asked, variants};
use compose::{compose_traced, lines_of, whole};
