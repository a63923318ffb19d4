//! The monthly reports: the one way in which pages, interface, job and demo make, check, approve, send and open them.
//!
//! Architecture invariant: nothing in this program changes a report but through here. Each command is one transaction with its entry in the log,
//! which names months, revisions and hashes and never what somebody wrote.

pub mod compare;
pub mod decide;
pub mod due;
pub mod found;
pub mod gather;
mod heard;
pub mod judged;
pub mod make;
pub mod open;
pub mod send;

use jiff::Timestamp;
use serde::Serialize;
use sonae_core::flow::{Actor, Refusal};
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::case::{self, Stored};
use sonae_store::monthly_report::Which;
use sonae_store::{StoreError, audit};

/// What came of a command: its result, or why it was refused. The outer error says that the database failed; nothing has changed then.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// Somebody does something to a report.
#[derive(Clone, Debug)]
pub struct Request {
    /// In its written form.
    pub receipt_number: String,
    pub month: Month,
    pub actor: Actor,
    pub at: Timestamp,
}

/// The data of an entry `report.…`. It has no field for a person.
#[derive(Debug, Default, Serialize)]
struct ReportData<'a> {
    receipt_number: &'a str,
    month: String,
    revision: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    figures_sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pdf_sha256: Option<&'a str>,
}

fn which(stored: &Stored, month: Month) -> Which<'_> {
    Which {
        application_id: &stored.application_id,
        month,
    }
}

fn open_case(tx: &mut Tx, receipt_number: &str) -> Outcome<Stored> {
    Ok(case::by_receipt(tx, receipt_number)?
        .ok_or_else(|| Refusal::new("unknown_case", "その受付番号の案件はありません。")))
}

/// Writes an entry about a report.
fn log(
    tx: &mut Tx,
    stored: &Stored,
    (action, by, at): (&str, &str, Timestamp),
    data: ReportData<'_>,
) -> Result<(), StoreError> {
    let act = audit::Act {
        at,
        actor: by,
        action,
        subject: &stored.application_id,
    };
    audit::append(
        tx,
        act,
        ReportData {
            receipt_number: &stored.receipt_number,
            ..data
        },
    )?;
    Ok(())
}

/// An instant as the tables keep it.
fn kept(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
