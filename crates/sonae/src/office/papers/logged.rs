//! What the log says about papers: which one, which version, which hashes. Nothing in it is what a person wrote.

use jiff::Timestamp;
use serde::Serialize;
use sonae_core::flow::Actor;
use sonae_db::Tx;
use sonae_store::audit::{self, Act};
use sonae_store::case::Stored;
use sonae_store::{StoreError, audit::Bound};

/// The data of an entry `paper.…`. It has no field for a person.
#[derive(Debug, Default, Serialize)]
pub(super) struct PaperData<'a> {
    pub receipt_number: &'a str,
    /// The paper's kind; none where it is about answers, which belong to all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The save of the answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i64>,
    /// Ids of questions of the library.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<&'a str>,
    /// The id of a comment, of a change of words, or of a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pdf_sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_sha256: Option<&'a str>,
}

/// Writes an entry about a paper of a case.
pub(super) fn log(
    tx: &mut Tx,
    stored: &Stored,
    (action, actor, at): (&str, &Actor, Timestamp),
    data: PaperData<'_>,
) -> Result<Bound, StoreError> {
    let actor = actor.name();
    let act = Act {
        at,
        actor: &actor,
        action,
        subject: &stored.application_id,
    };
    audit::append(
        tx,
        act,
        PaperData {
            receipt_number: &stored.receipt_number,
            ..data
        },
    )
}
