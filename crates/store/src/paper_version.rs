//! What was sent for review. A version never changes; only how its review ended is written, once.

use jiff::Timestamp;
use sonae_db::{Row, Tx};

use crate::paper::version;
use crate::{StoreError, instant, ms};

/// A version that is sent now.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub application_id: &'a str,
    pub kind: &'a str,
    pub version: u32,
    pub at: Timestamp,
    /// `staff:<id>`
    pub by: &'a str,
    pub note: &'a str,
    /// The last save of the answers that is in it.
    pub sequence: i64,
    /// JSON objects.
    pub answers: &'a str,
    pub document: &'a str,
    pub edition: &'a str,
    pub pdf: Option<&'a [u8]>,
    /// SHA-256 in hex.
    pub document_sha256: &'a str,
    pub pdf_sha256: Option<&'a str>,
}

/// How a review ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    TakenBack,
    Returned,
    Accepted,
}

impl End {
    pub fn as_str(self) -> &'static str {
        match self {
            End::TakenBack => "taken_back",
            End::Returned => "returned",
            End::Accepted => "accepted",
        }
    }
}

/// A version as lists show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    pub kind: String,
    pub version: u32,
    pub at: Timestamp,
    pub by: String,
    pub note: String,
    pub sequence: i64,
    pub edition: String,
    pub document_sha256: String,
    pub pdf_sha256: Option<String>,
    /// How its review ended; none while the company reads it.
    pub end: Option<Ended>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Ended {
    pub how: End,
    pub by: String,
    pub at: Timestamp,
    /// What the company wants changed.
    pub reason: String,
}

const COLUMNS: &str = "SELECT kind, version, made_at_ms, made_by, note, sequence, edition, document_sha256, pdf_sha256, state, ended_by,
    ended_at_ms, reason FROM paper_version";

pub fn add(tx: &mut Tx, new: New<'_>) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO paper_version (application_id, kind, version, made_at_ms, made_by, note, sequence, answers, document, edition,
             pdf, document_sha256, pdf_sha256, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'in_review')",
        &[
            new.application_id.into(),
            new.kind.into(),
            i64::from(new.version).into(),
            ms(new.at).into(),
            new.by.into(),
            new.note.into(),
            new.sequence.into(),
            new.answers.into(),
            new.document.into(),
            new.edition.into(),
            new.pdf.map(<[u8]>::to_vec).into(),
            new.document_sha256.into(),
            new.pdf_sha256.into(),
        ],
    )?;
    Ok(())
}

/// Which version, of which paper.
#[derive(Clone, Copy, Debug)]
pub struct Which<'a> {
    pub application_id: &'a str,
    pub kind: &'a str,
    pub version: u32,
}

/// Notes how the review of a version ended. `false` when it has ended already; nothing changes then.
pub fn end(
    tx: &mut Tx,
    which: Which<'_>,
    (how, reason): (End, &str),
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE paper_version SET state = $4, ended_by = $5, ended_at_ms = $6, reason = $7
         WHERE application_id = $1 AND kind = $2 AND version = $3 AND state = 'in_review'",
        &[
            which.application_id.into(),
            which.kind.into(),
            i64::from(which.version).into(),
            how.as_str().into(),
            by.into(),
            ms(at).into(),
            reason.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// The versions of all papers of a case, by kind, the newest first.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Version>, StoreError> {
    let sql = format!("{COLUMNS} WHERE application_id = $1 ORDER BY kind, version DESC");
    let rows = tx.query(&sql, &[application_id.into()])?;
    rows.iter().map(read).collect()
}

/// The versions of a paper, the newest first.
pub fn of_paper(tx: &mut Tx, application_id: &str, kind: &str) -> Result<Vec<Version>, StoreError> {
    let sql = format!("{COLUMNS} WHERE application_id = $1 AND kind = $2 ORDER BY version DESC");
    let rows = tx.query(&sql, &[application_id.into(), kind.into()])?;
    rows.iter().map(read).collect()
}

/// One version with its document as JSON.
pub fn find(tx: &mut Tx, which: Which<'_>) -> Result<Option<(Version, String)>, StoreError> {
    let columns = COLUMNS.replace(" FROM", ", document FROM");
    let sql = format!("{columns} WHERE application_id = $1 AND kind = $2 AND version = $3");
    let row = tx.query_opt(&sql, &key(which))?;
    row.map(|row| Ok((read(&row)?, row.text(13).to_owned())))
        .transpose()
}

/// The answers of a version, as JSON.
pub fn answers(tx: &mut Tx, which: Which<'_>) -> Result<Option<String>, StoreError> {
    let row = tx.query_opt(
        "SELECT answers FROM paper_version WHERE application_id = $1 AND kind = $2 AND version = $3",
        &key(which),
    )?;
    Ok(row.map(|row| row.text(0).to_owned()))
}

/// The bytes of a version's PDF.
pub fn pdf(tx: &mut Tx, which: Which<'_>) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.query_opt(
        "SELECT pdf FROM paper_version WHERE application_id = $1 AND kind = $2 AND version = $3",
        &key(which),
    )?;
    Ok(row.and_then(|row| row.opt_bytes(0).map(<[u8]>::to_vec)))
}

fn key(which: Which<'_>) -> [sonae_db::Value; 3] {
    [
        which.application_id.into(),
        which.kind.into(),
        i64::from(which.version).into(),
    ]
}

fn read(row: &Row) -> Result<Version, StoreError> {
    let how = match row.text(9) {
        "in_review" => None,
        "taken_back" => Some(End::TakenBack),
        "returned" => Some(End::Returned),
        "accepted" => Some(End::Accepted),
        _ => return Err(StoreError::Damaged("a version in an unknown state".into())),
    };
    let end = how.map(|how| {
        Ok::<_, StoreError>(Ended {
            how,
            by: row.opt_text(10).unwrap_or_default().to_owned(),
            at: instant(row.opt_int(11).unwrap_or_default())?,
            reason: row.opt_text(12).unwrap_or_default().to_owned(),
        })
    });
    Ok(Version {
        kind: row.text(0).to_owned(),
        version: version(row.int(1))?,
        at: instant(row.int(2))?,
        by: row.text(3).to_owned(),
        note: row.text(4).to_owned(),
        sequence: row.int(5),
        edition: row.text(6).to_owned(),
        document_sha256: row.text(7).to_owned(),
        pdf_sha256: row.opt_text(8).map(str::to_owned),
        end: end.transpose()?,
    })
}
