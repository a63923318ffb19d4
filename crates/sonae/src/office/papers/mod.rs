//! The papers of a case: the one way in which pages, interface and demo answer, send, accept and revise them.
//!
//! Architecture invariant: nothing in this program changes a paper but through here. Each command is one transaction with its entry in the log,
//! which names questions, blocks and hashes and never what somebody wrote.

pub mod answers;
pub mod comments;
pub mod draft;
pub mod files;
mod logged;
pub mod returned;
pub mod review;
mod seeds;
pub mod taken;

use jiff::Timestamp;
use sonae_core::flow::{Actor, Refusal};
use sonae_core::paper::desk::{self, Side, State};
use sonae_core::paper::kind::Kind;
use sonae_db::Tx;
use sonae_store::case::{self, Stored};
use sonae_store::{StoreError, paper};

use crate::papers::library;

/// What came of a command: its result, or why it was refused. The outer error says that the database failed; nothing has changed then.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// Somebody does something to a paper.
#[derive(Clone, Debug)]
pub struct Request {
    /// In its written form.
    pub receipt_number: String,
    /// The kind's id in the library.
    pub kind: String,
    pub actor: Actor,
}

/// A paper that is worked on.
pub struct Opened {
    pub stored: Stored,
    pub kind: &'static Kind,
    pub state: State,
}

impl Request {
    /// Opens the paper for a change.
    fn open(&self, tx: &mut Tx) -> Outcome<Opened> {
        let stored = match open_case(tx, &self.receipt_number)? {
            Ok(stored) => stored,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let kind = kinds(tx, &stored)?
            .into_iter()
            .find(|kind| kind.id == self.kind);
        let Some(kind) = kind else {
            return Ok(Err(Refusal::new(
                "unknown_paper",
                "この案件に、その文書はありません。文書の一覧から選んでください。",
            )));
        };
        let state = paper::state(tx, &stored.application_id, &kind.id)?;
        Ok(Ok(Opened {
            stored,
            kind,
            state,
        }))
    }
}

/// The kinds of paper of a case, in the library's order: those that its courses hand over, and those that were begun before a course was given up.
///
/// # Errors
/// The database could not be read.
pub fn kinds(tx: &mut Tx, stored: &Stored) -> Result<Vec<&'static Kind>, StoreError> {
    let due = desk::kinds(library(), &stored.case);
    let begun = paper::of_application(tx, &stored.application_id)?;
    let is_one = |kind: &&Kind| {
        due.iter().any(|due| due.id == kind.id) || begun.iter().any(|paper| paper.kind == kind.id)
    };
    Ok(library().kinds().iter().filter(is_one).collect())
}

/// A case whose papers may be changed.
fn open_case(tx: &mut Tx, receipt_number: &str) -> Outcome<Stored> {
    let Some(stored) = case::by_receipt(tx, receipt_number)? else {
        return Ok(Err(Refusal::new(
            "unknown_case",
            "その受付番号の案件はありません。",
        )));
    };
    Ok(desk::open(&stored.case).map(|()| stored))
}

/// The side on which somebody acts.
fn side(actor: &Actor) -> Side {
    match actor {
        Actor::Company => Side::Company,
        Actor::Staff { .. } | Actor::System => Side::Office,
    }
}

/// An instant as the tables keep it, so that what is made from it now can be made again from them.
fn kept(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
