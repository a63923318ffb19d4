//! Findings (所見) that technicians hand to the desk, each with its frozen evidence.

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::detection_check::group::Group;
use sonae_core::detection_check::verdict::Verdict;
use sonae_db::{Row, Tx};

use crate::check_day::date;
use crate::finding_judgement::small;
use crate::{StoreError, instant, ms};

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Open,
    Taken,
    Closed,
}

impl Stage {
    pub const ALL: [Stage; 3] = [Stage::Open, Stage::Taken, Stage::Closed];

    pub const fn as_str(self) -> &'static str {
        match self {
            Stage::Open => "open",
            Stage::Taken => "taken",
            Stage::Closed => "closed",
        }
    }

    pub fn parse(word: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.as_str() == word)
    }
}

/// A finding, without its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub number: i64,
    pub application_id: String,
    pub day: Date,
    pub group_key: String,
    pub title: String,
    /// As `core::detection_check::group`.
    pub severity: u8,
    pub action: u8,
    pub verdict: Verdict,
    pub words: String,
    pub evidence_sha256: String,
    pub stage: Stage,
    /// `staff:<id>`
    pub made_by: String,
    pub made_at: Timestamp,
    pub taken: Option<(String, Timestamp)>,
    pub closed: Option<(String, Timestamp)>,
    /// How it was closed.
    pub closing: String,
    // What lists say of the company.
    pub receipt_number: String,
    pub name: String,
    pub status: String,
    pub assignee: Option<String>,
    pub expert: Option<String>,
}

/// A finding to be made.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub application_id: &'a str,
    pub day: Date,
    pub group: &'a Group,
    pub verdict: Verdict,
    pub words: &'a str,
    /// JSON, with its SHA-256 in hex.
    pub evidence: (&'a str, &'a str),
    pub by: &'a str,
    pub at: Timestamp,
}

/// The number that the next finding gets.
pub fn next_number(tx: &mut Tx) -> Result<i64, StoreError> {
    let row = tx.query_opt(
        "SELECT number FROM desk_finding ORDER BY number DESC LIMIT 1",
        &[],
    )?;
    Ok(row.map_or(1, |row| row.int(0) + 1))
}

/// Adds a finding under the number that [`next_number`] gave in this transaction.
pub fn add(tx: &mut Tx, number: i64, new: &New<'_>, log_index: i64) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO desk_finding (number, application_id, day, group_key, title, severity, action, verdict, words, evidence,
             evidence_sha256, state, made_by, made_at_ms, log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $13, $14)",
        &[
            number.into(),
            new.application_id.into(),
            new.day.to_string().into(),
            new.group.key().into(),
            (&new.group.title).into(),
            i64::from(new.group.severity).into(),
            i64::from(new.group.action).into(),
            new.verdict.as_str().into(),
            new.words.into(),
            new.evidence.0.into(),
            new.evidence.1.into(),
            new.by.into(),
            ms(new.at).into(),
            log_index.into(),
        ],
    )?;
    Ok(())
}

const COLUMNS: &str = "d.number, d.application_id, d.day, d.group_key, d.title, d.severity, d.action, d.verdict, d.words, d.evidence_sha256, \
     d.state, d.made_by, d.made_at_ms, d.taken_by, d.taken_at_ms, d.closed_by, d.closed_at_ms, d.closing, \
     f.receipt_number, f.name, f.status, f.assignee, f.expert";

/// A finding with its evidence.
pub fn find(tx: &mut Tx, number: i64) -> Result<Option<(Finding, String)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, d.evidence FROM desk_finding d JOIN case_file f ON f.application_id = d.application_id WHERE d.number = $1"
    );
    let row = tx.query_opt(&sql, &[number.into()])?;
    row.map(|row| Ok((read(&row)?, row.text(23).to_owned())))
        .transpose()
}

/// Which findings are wanted. All conditions hold together.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub stage: Option<Stage>,
    /// In its written form.
    pub receipt_number: Option<String>,
}

/// Findings, the newest first, before a number.
pub fn list(
    tx: &mut Tx,
    wanted: &Wanted,
    before: i64,
    most: u32,
) -> Result<Vec<Finding>, StoreError> {
    let (stage, number) = (wanted.stage, wanted.receipt_number.as_deref());
    let narrowed = [
        stage.map_or("$3 = ''", |_| "d.state = $3"),
        number.map_or("$4 = ''", |_| "f.receipt_number = $4"),
    ]
    .join(" AND ");
    let sql = format!(
        "SELECT {COLUMNS} FROM desk_finding d JOIN case_file f ON f.application_id = d.application_id
         WHERE {narrowed} AND d.number < $1 ORDER BY d.number DESC LIMIT $2"
    );
    let rows = tx.query(
        &sql,
        &[
            before.into(),
            most.into(),
            stage.map_or("", Stage::as_str).into(),
            number.unwrap_or_default().into(),
        ],
    )?;
    rows.iter().map(read).collect()
}

/// The findings of a company's day, the oldest first.
pub fn of_day(tx: &mut Tx, application_id: &str, day: Date) -> Result<Vec<Finding>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM desk_finding d JOIN case_file f ON f.application_id = d.application_id
         WHERE d.application_id = $1 AND d.day = $2 ORDER BY d.number LIMIT 500"
    );
    let rows = tx.query(&sql, &[application_id.into(), day.to_string().into()])?;
    rows.iter().map(read).collect()
}

/// How many nobody has closed.
pub fn not_closed(tx: &mut Tx) -> Result<i64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM desk_finding WHERE state IN ('open', 'taken')",
        &[],
    )?;
    Ok(row.int(0))
}

/// Somebody takes an open finding. `false` when it is not open.
pub fn take(tx: &mut Tx, number: i64, by: &str, at: Timestamp) -> Result<bool, StoreError> {
    let taken = tx.execute(
        "UPDATE desk_finding SET state = 'taken', taken_by = $2, taken_at_ms = $3 WHERE number = $1 AND state = 'open'",
        &[number.into(), by.into(), ms(at).into()],
    )?;
    Ok(taken == 1)
}

/// Closes a finding that was taken. `false` when it is not.
pub fn close(
    tx: &mut Tx,
    number: i64,
    closing: &str,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let closed = tx.execute(
        "UPDATE desk_finding SET state = 'closed', closed_by = $2, closed_at_ms = $3, closing = $4
         WHERE number = $1 AND state = 'taken'",
        &[number.into(), by.into(), ms(at).into(), closing.into()],
    )?;
    Ok(closed == 1)
}

fn read(row: &Row) -> Result<Finding, StoreError> {
    let damaged = || StoreError::Damaged("a finding with a word that does not exist".into());
    let moment = |column| row.opt_int(column).map(instant).transpose();
    let text = |column| row.opt_text(column).map(str::to_owned);
    Ok(Finding {
        number: row.int(0),
        application_id: row.text(1).to_owned(),
        day: date(row.text(2))?,
        group_key: row.text(3).to_owned(),
        title: row.text(4).to_owned(),
        severity: small(row.int(5)),
        action: small(row.int(6)),
        verdict: Verdict::parse(row.text(7)).ok_or_else(damaged)?,
        words: row.text(8).to_owned(),
        evidence_sha256: row.text(9).to_owned(),
        stage: Stage::parse(row.text(10)).ok_or_else(damaged)?,
        made_by: row.text(11).to_owned(),
        made_at: instant(row.int(12))?,
        taken: text(13).zip(moment(14)?),
        closed: text(15).zip(moment(16)?),
        closing: text(17).unwrap_or_default(),
        receipt_number: row.text(18).to_owned(),
        name: row.text(19).to_owned(),
        status: row.text(20).to_owned(),
        assignee: text(21),
        expert: text(22),
    })
}
