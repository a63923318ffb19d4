//! A paper as it would be sent now: composed from the answers as they stand, with the words that were taken in from Word.

use jiff::Timestamp;
use sonae_core::calendar::tokyo_date;
use sonae_core::paper::answers::Answers;
use sonae_core::paper::desk::{State, draft_text, version_text};
use sonae_core::paper::document::Document;
use sonae_core::paper::kind::Kind;
use sonae_core::paper::own_text::Notice;
use sonae_core::paper::{Composed, Meta, compose_own};
use sonae_db::Tx;
use sonae_store::case::Stored;
use sonae_store::paper_own_text::{self, OwnText};
use sonae_store::{StoreError, paper};

use super::answers::{self, CaseAnswers};
use crate::papers::library;

/// A draft and what it is made of.
#[derive(Clone, Debug)]
pub struct Draft {
    pub state: State,
    pub answers: CaseAnswers,
    pub own_texts: Vec<OwnText>,
    pub document: Document,
    /// Own words under which the library's text or an answer changed.
    pub notices: Vec<Notice>,
}

/// What a document depends on; while it stays the same, so does the document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Basis {
    pub state: State,
    pub sequence: i64,
    /// The application's answers fill in what nobody saved.
    pub case_version: i64,
    pub own_texts: Vec<String>,
}

impl Draft {
    pub(super) fn basis(&self, stored: &Stored) -> Basis {
        Basis {
            state: self.state,
            sequence: self.answers.sequence,
            case_version: stored.case.version,
            own_texts: self.own_texts.iter().map(|own| own.id.clone()).collect(),
        }
    }
}

/// The draft of a paper.
///
/// # Errors
/// The database could not be read.
pub fn of_paper(
    tx: &mut Tx,
    stored: &Stored,
    kind: &'static Kind,
    at: Timestamp,
) -> Result<Draft, StoreError> {
    let state = paper::state(tx, &stored.application_id, &kind.id)?;
    let answers = answers::of_case(tx, stored)?;
    let own_texts = paper_own_text::of_paper(tx, &stored.application_id, &kind.id)?;
    let version = draft_text(state.version());
    let composed = composed(
        stored,
        kind,
        (&answers.shown, &own_texts),
        meta(version, at),
    );
    Ok(Draft {
        state,
        answers,
        own_texts,
        document: composed.document,
        notices: composed.notices,
    })
}

/// The same paper as the version that is sent: it is no draft to its reader.
pub(super) fn as_sent(stored: &Stored, kind: &Kind, draft: &Draft, at: Timestamp) -> Document {
    let version = version_text(draft.state.version());
    let words = (&draft.answers.shown, draft.own_texts.as_slice());
    composed(stored, kind, words, meta(version, at)).document
}

fn meta(version: String, at: Timestamp) -> Meta {
    Meta {
        company: String::new(),
        version,
        date: tokyo_date(at),
    }
}

fn composed(
    stored: &Stored,
    kind: &Kind,
    (answers, own_texts): (&Answers, &[OwnText]),
    meta: Meta,
) -> Composed {
    let company = stored.answers.name.clone().unwrap_or_default();
    let edits = super::returned::edits(own_texts);
    let meta = Meta { company, ..meta };
    compose_own(library(), kind, answers, &edits, &meta)
}
