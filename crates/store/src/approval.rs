//! 承認: every proposal of a case, who proposed it, who decided and how. A proposal whose case changed afterwards is marked and kept.
//!
//! Architecture invariant: nobody decides what he proposed. Core refuses it with a sentence; here the rows themselves refuse it.

use jiff::Timestamp;
use sonae_core::flow::{Approval as Standing, ApprovalState};
use sonae_db::{Row, Tx};

use crate::case::Stored;
use crate::{StoreError, instant, ms};

/// A decision of the sponsor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Approved,
    SentBack,
}

impl Decision {
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Approved => "approved",
            Decision::SentBack => "sent_back",
        }
    }

    fn parse(word: &str) -> Result<Decision, StoreError> {
        match word {
            "approved" => Ok(Decision::Approved),
            "sent_back" => Ok(Decision::SentBack),
            _ => Err(StoreError::Damaged("an unknown decision".into())),
        }
    }
}

/// One proposal and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    pub application_id: String,
    pub receipt_number: String,
    /// The company's name as it is now.
    pub name: String,
    /// The case's version after it was proposed.
    pub version: i64,
    pub program_id: String,
    /// Counts the proposals of the case, from 1.
    pub number: i64,
    pub list_id: Option<String>,
    /// `staff:<id>`
    pub proposed_by: String,
    pub proposed_at: Timestamp,
    /// From the second proposal on the answer to the question before.
    pub note: String,
    pub proposed_log_index: i64,
    pub decided: Option<Decided>,
    pub invalidated: Option<Invalidated>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    pub decision: Decision,
    pub question: Option<String>,
    pub by: String,
    pub at: Timestamp,
    pub log_index: i64,
}

/// What was proposed is no longer what stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Invalidated {
    /// The event's word.
    pub by: String,
    pub at: Timestamp,
    pub log_index: i64,
}

impl Approval {
    /// Whether the sponsor has it before him.
    pub fn waits(&self) -> bool {
        self.decided.is_none() && self.invalidated.is_none()
    }
}

/// The most proposals of one case that are read.
const MOST_OF_A_CASE: i64 = 200;

pub(crate) const COLUMNS: &str = "a.application_id, f.receipt_number, a.version, a.program_id, a.number, a.list_id, a.proposed_by, \
                       a.proposed_at_ms, a.note, a.proposed_log_index, a.decision, a.question, a.decided_by, a.decided_at_ms, \
                       a.decided_log_index, a.invalidated_by, a.invalidated_at_ms, a.invalidated_log_index, f.name";

/// What caused a change of a case, for the row of its proposal.
#[derive(Clone, Copy, Debug)]
pub struct Cause<'a> {
    /// The event's word.
    pub event: &'a str,
    /// `staff:<id>` and so on.
    pub actor: &'a str,
    pub at: Timestamp,
    pub log_index: i64,
}

/// Brings the rows of a case's proposals up to what stands after an event, or after it was undone. Called in its transaction.
///
/// # Errors
/// [`StoreError::Damaged`] when somebody would decide what he proposed, or what nobody proposed.
pub fn record(
    tx: &mut Tx,
    before: &Stored,
    after: &Stored,
    cause: Cause<'_>,
) -> Result<(), StoreError> {
    let same = before.case.approval == after.case.approval
        && before.case.status.is_closed() == after.case.status.is_closed();
    if same {
        return Ok(());
    }
    let rows = of_application(tx, &after.application_id)?;
    let stands = after.case.approval.as_ref();
    let row = stands.and_then(|stands| rows.iter().rev().find(|row| is_of(row, stands)));
    // A question that was asked stays a question; what still waits, or was approved, does so no more.
    let overtaken = rows.iter().filter(|other| {
        let sent_back = other
            .decided
            .as_ref()
            .is_some_and(|decided| decided.decision == Decision::SentBack);
        other.invalidated.is_none() && !sent_back && row != Some(*other)
    });
    for other in overtaken {
        invalidate(tx, other, cause)?;
    }
    match (stands, row) {
        (Some(stands), None) => propose(tx, after, stands, cause),
        (Some(stands), Some(row)) => follow(tx, after, stands, row, cause),
        (None, _) => Ok(()),
    }
}

fn is_of(row: &Approval, stands: &Standing) -> bool {
    // A row keeps milliseconds, the case what the clock said.
    row.number == i64::from(stands.number) && ms(row.proposed_at) == ms(stands.proposed_at)
}

fn propose(
    tx: &mut Tx,
    after: &Stored,
    stands: &Standing,
    cause: Cause<'_>,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO approval (application_id, version, program_id, number, proposed_by, proposed_at_ms, note,
            proposed_log_index) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            (&after.application_id).into(),
            after.case.version.into(),
            (&after.program_id).into(),
            stands.number.into(),
            (&stands.proposed_by).into(),
            ms(stands.proposed_at).into(),
            (&stands.note).into(),
            cause.log_index.into(),
        ],
    )?;
    Ok(())
}

/// The row of the proposal that stands.
fn follow(
    tx: &mut Tx,
    after: &Stored,
    stands: &Standing,
    row: &Approval,
    cause: Cause<'_>,
) -> Result<(), StoreError> {
    let closed = after.case.status.is_closed();
    match stands.state {
        ApprovalState::Invalid => match row.invalidated {
            None => invalidate(tx, row, cause),
            Some(_) => Ok(()),
        },
        // A closed case needs no decision any more; one that was made stays.
        ApprovalState::Proposed if closed => match row.waits() {
            true => invalidate(tx, row, cause),
            false => Ok(()),
        },
        ApprovalState::Proposed => restore(tx, row),
        ApprovalState::Approved => settle(tx, row, Decision::Approved, None, cause),
        ApprovalState::SentBack => {
            let question = stands.question.as_deref();
            settle(tx, row, Decision::SentBack, question, cause)
        }
    }
}

fn settle(
    tx: &mut Tx,
    row: &Approval,
    decision: Decision,
    question: Option<&str>,
    cause: Cause<'_>,
) -> Result<(), StoreError> {
    if row.decided.is_some() {
        return restore(tx, row);
    }
    let settled = tx.execute(
        "UPDATE approval SET decision = $3, question = $4, decided_by = $5, decided_at_ms = $6, decided_log_index = $7
         WHERE application_id = $1 AND version = $2 AND decision IS NULL AND invalidated_by IS NULL AND proposed_by <> $5",
        &[
            (&row.application_id).into(),
            row.version.into(),
            decision.as_str().into(),
            question.into(),
            cause.actor.into(),
            ms(cause.at).into(),
            cause.log_index.into(),
        ],
    )?;
    match settled {
        1 => Ok(()),
        _ => Err(StoreError::Damaged(
            "a decision on what is not waiting, or by its proposer".into(),
        )),
    }
}

fn invalidate(tx: &mut Tx, row: &Approval, cause: Cause<'_>) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE approval SET invalidated_by = $3, invalidated_at_ms = $4, invalidated_log_index = $5
         WHERE application_id = $1 AND version = $2",
        &[
            (&row.application_id).into(),
            row.version.into(),
            cause.event.into(),
            ms(cause.at).into(),
            cause.log_index.into(),
        ],
    )?;
    Ok(())
}

/// What made it invalid was undone.
fn restore(tx: &mut Tx, row: &Approval) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE approval SET invalidated_by = NULL, invalidated_at_ms = NULL, invalidated_log_index = NULL
         WHERE application_id = $1 AND version = $2",
        &[(&row.application_id).into(), row.version.into()],
    )?;
    Ok(())
}

/// The proposals of a case, oldest first.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Approval>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval a JOIN case_file f ON f.application_id = a.application_id
         WHERE a.application_id = $1 ORDER BY a.version LIMIT $2"
    );
    let rows = tx.query(&sql, &[application_id.into(), MOST_OF_A_CASE.into()])?;
    rows.iter().map(read).collect()
}

/// The proposals of a list, in the order of receipt. A case that was proposed again stands there once for each time.
pub fn of_list(tx: &mut Tx, list_id: &str) -> Result<Vec<Approval>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval a JOIN case_file f ON f.application_id = a.application_id
         WHERE a.list_id = $1 ORDER BY f.sequence, a.version"
    );
    let rows = tx.query(&sql, &[list_id.into()])?;
    rows.iter().map(read).collect()
}

/// Proposals that wait for the sponsor and stand on no list, oldest first; at most `most`.
pub fn waiting_alone(tx: &mut Tx, most: u32) -> Result<Vec<Approval>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval a JOIN case_file f ON f.application_id = a.application_id
         WHERE a.decision IS NULL AND a.invalidated_by IS NULL AND a.list_id IS NULL
         ORDER BY a.proposed_at_ms, f.sequence LIMIT $1"
    );
    let rows = tx.query(&sql, &[most.into()])?;
    rows.iter().map(read).collect()
}

/// Open cases whose last proposal came back with a question, the oldest question first; at most `most`.
pub fn sent_back(tx: &mut Tx, most: u32) -> Result<Vec<Approval>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM approval a JOIN case_file f ON f.application_id = a.application_id
         WHERE f.status = 'open' AND f.approval <> '' AND f.approval = 'sent_back' AND a.decision = 'sent_back' AND a.invalidated_by IS NULL
         AND a.version = (SELECT MAX(b.version) FROM approval b WHERE b.application_id = a.application_id)
         ORDER BY a.decided_at_ms, f.sequence LIMIT $1"
    );
    let rows = tx.query(&sql, &[most.into()])?;
    rows.iter().map(read).collect()
}

/// A case that can be put before the sponsor.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    pub receipt_number: String,
    pub name: String,
    pub version: i64,
    pub received_at: Timestamp,
    /// `eligible`, `needs_judgement` or `ineligible`, with people's judgements.
    pub outcome: String,
    /// Whether an earlier approval became invalid.
    pub was_invalidated: bool,
}

/// Open cases of a programme at its approval step that are not proposed and have no question to answer, in the order of receipt.
pub fn ready(
    tx: &mut Tx,
    program_id: &str,
    step: &str,
    most: u32,
) -> Result<Vec<Ready>, StoreError> {
    let rows = tx.query(
        "SELECT receipt_number, name, version, received_at_ms, outcome, approval FROM case_file
         WHERE program_id = $1 AND status = 'open' AND step = $2 AND approval IN ('', 'invalid', 'approved') AND correcting = 0
         ORDER BY sequence LIMIT $3",
        &[program_id.into(), step.into(), most.into()],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Ready {
                receipt_number: row.text(0).to_owned(),
                name: row.text(1).to_owned(),
                version: row.int(2),
                received_at: instant(row.int(3))?,
                outcome: row.text(4).to_owned(),
                was_invalidated: row.text(5) == "invalid",
            })
        })
        .collect()
}

/// How many proposals wait for the sponsor.
pub fn waiting(tx: &mut Tx) -> Result<i64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM approval WHERE decision IS NULL AND invalidated_by IS NULL",
        &[],
    )?;
    Ok(row.int(0))
}

pub(crate) fn read(row: &Row) -> Result<Approval, StoreError> {
    let decided = match row.opt_text(10) {
        None => None,
        Some(word) => Some(Decided {
            decision: Decision::parse(word)?,
            question: row.opt_text(11).map(str::to_owned),
            by: row.opt_text(12).unwrap_or_default().to_owned(),
            at: instant(row.opt_int(13).unwrap_or_default())?,
            log_index: row.opt_int(14).unwrap_or_default(),
        }),
    };
    let invalidated = match row.opt_text(15) {
        None => None,
        Some(word) => Some(Invalidated {
            by: word.to_owned(),
            at: instant(row.opt_int(16).unwrap_or_default())?,
            log_index: row.opt_int(17).unwrap_or_default(),
        }),
    };
    Ok(Approval {
        application_id: row.text(0).to_owned(),
        receipt_number: row.text(1).to_owned(),
        name: row.text(18).to_owned(),
        version: row.int(2),
        program_id: row.text(3).to_owned(),
        number: row.int(4),
        list_id: row.opt_text(5).map(str::to_owned),
        proposed_by: row.text(6).to_owned(),
        proposed_at: instant(row.int(7))?,
        note: row.text(8).to_owned(),
        proposed_log_index: row.int(9),
        decided,
        invalidated,
    })
}
