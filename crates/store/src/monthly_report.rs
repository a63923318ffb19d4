//! The monthly reports of companies: where each stands, and the revisions whose figures are frozen.
//!
//! Architecture invariant: a row changes its state only from the state that was seen, so of two who act at once one is refused.

use jiff::Timestamp;
use sonae_core::report::life::State;
use sonae_core::report::month::Month;
use sonae_db::{Row, Tx, Value};

use crate::{StoreError, instant, ms};

/// Reports of a month that are read at once; a programme has a few hundred companies.
const MOST_OF_MONTH: u32 = 20_000;
/// Reports of a company that are listed: ten years.
const MOST_OF_COMPANY: u32 = 120;

/// Which report.
#[derive(Clone, Copy, Debug)]
pub struct Which<'a> {
    pub application_id: &'a str,
    pub month: Month,
}

/// Where a report stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub application_id: String,
    pub month: Month,
    pub state: State,
    pub revision: u32,
    /// What the technician added; may be empty.
    pub word: String,
    pub checked: Option<Act>,
    pub approved: Option<Act>,
    pub sent_at: Option<Timestamp>,
    pub read_at: Option<Timestamp>,
    /// The last time it was given back, with why.
    pub returned: Option<(Act, String)>,
    pub made: Act,
    /// The month in one sentence.
    pub headline: String,
    pub events: i64,
    /// Neither stopped nor dealt with.
    pub open_events: i64,
    pub figures_sha256: String,
    pub pdf_sha256: Option<String>,
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// `staff:<id>`, or `system`.
    pub by: String,
    pub at: Timestamp,
}

/// What is frozen when a report is made.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub which: Which<'a>,
    pub revision: u32,
    pub by: &'a str,
    pub at: Timestamp,
    pub figures: &'a str,
    pub figures_sha256: &'a str,
    pub headline: &'a str,
    pub events: i64,
    pub open_events: i64,
    pub laid_out: &'a LaidOut,
}

/// What was made of the figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LaidOut {
    /// JSON.
    pub document: String,
    pub pdf: Option<Vec<u8>>,
    pub pdf_sha256: Option<String>,
}

const COLUMNS: &str = "SELECT r.application_id, r.month, r.state, r.revision, r.word, r.checked_by, r.checked_at_ms, r.approved_by, r.approved_at_ms,
        r.sent_at_ms, r.read_at_ms, r.returned_by, r.returned_at_ms, r.returned_why, v.made_by, v.made_at_ms, v.headline, v.events,
        v.open_events, v.figures_sha256, v.pdf_sha256
     FROM monthly_report r JOIN monthly_report_revision v
         ON v.application_id = r.application_id AND v.month = r.month AND v.revision = r.revision";

/// Freezes a revision; the report waits to be checked from then on. `false` when this revision is there already; nothing changes then.
pub fn add(tx: &mut Tx, new: &New<'_>) -> Result<bool, StoreError> {
    let (id, month) = (new.which.application_id, new.which.month.to_string());
    let added = tx.execute(
        "INSERT INTO monthly_report_revision (application_id, month, revision, made_by, made_at_ms, figures, figures_sha256, headline,
             events, open_events, document, pdf, pdf_sha256)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (application_id, month, revision) DO NOTHING",
        &[
            id.into(),
            (&month).into(),
            i64::from(new.revision).into(),
            new.by.into(),
            ms(new.at).into(),
            new.figures.into(),
            new.figures_sha256.into(),
            new.headline.into(),
            new.events.into(),
            new.open_events.into(),
            (&new.laid_out.document).into(),
            new.laid_out.pdf.clone().into(),
            new.laid_out.pdf_sha256.as_deref().into(),
        ],
    )?;
    if added == 0 {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO monthly_report (application_id, month, state, revision, word) VALUES ($1, $2, 'made', $3, '')
         ON CONFLICT (month, application_id) DO UPDATE SET state = 'made', revision = excluded.revision, checked_by = NULL,
             checked_at_ms = NULL, approved_by = NULL, approved_at_ms = NULL",
        &[id.into(), (&month).into(), i64::from(new.revision).into()],
    )?;
    Ok(true)
}

pub fn find(tx: &mut Tx, which: Which<'_>) -> Result<Option<Report>, StoreError> {
    let sql = format!("{COLUMNS} WHERE r.application_id = $1 AND r.month = $2");
    let row = tx.query_opt(&sql, &key(which))?;
    row.as_ref().map(read).transpose()
}

/// All reports of a month, by company.
pub fn of_month(tx: &mut Tx, month: Month) -> Result<Vec<Report>, StoreError> {
    let sql = format!("{COLUMNS} WHERE r.month = $1 ORDER BY r.month, r.application_id LIMIT $2");
    let rows = tx.query(&sql, &[month.to_string().into(), MOST_OF_MONTH.into()])?;
    rows.iter().map(read).collect()
}

/// All reports of a company, the newest month first.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Report>, StoreError> {
    let sql = format!("{COLUMNS} WHERE r.application_id = $1 ORDER BY r.month DESC LIMIT $2");
    let rows = tx.query(&sql, &[application_id.into(), MOST_OF_COMPANY.into()])?;
    rows.iter().map(read).collect()
}

/// Of a month, how many reports the companies have. By index alone, for the start page.
pub fn count_out(tx: &mut Tx, month: Month) -> Result<i64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM monthly_report WHERE month = $1 AND state IN ('sent', 'read')",
        &[month.to_string().into()],
    )?;
    Ok(row.int(0))
}

/// A revision's frozen figures and its document, both as JSON.
pub fn frozen(
    tx: &mut Tx,
    which: Which<'_>,
    revision: u32,
) -> Result<Option<(String, String)>, StoreError> {
    let row = tx.query_opt(
        "SELECT figures, document FROM monthly_report_revision WHERE application_id = $1 AND month = $2 AND revision = $3",
        &with(which, [i64::from(revision).into()]),
    )?;
    Ok(row.map(|row| (row.text(0).to_owned(), row.text(1).to_owned())))
}

/// The revisions of a report, the newest first: number, who made it and when, the hash of its figures.
pub fn revisions(tx: &mut Tx, which: Which<'_>) -> Result<Vec<(u32, Act, String)>, StoreError> {
    let rows = tx.query(
        "SELECT revision, made_by, made_at_ms, figures_sha256 FROM monthly_report_revision
         WHERE application_id = $1 AND month = $2 ORDER BY revision DESC LIMIT 100",
        &key(which),
    )?;
    (rows.iter())
        .map(|row| {
            Ok((
                number(row.int(0))?,
                act(row, 1)?.unwrap_or_else(nobody),
                row.text(3).to_owned(),
            ))
        })
        .collect()
}

/// The bytes of a revision's PDF.
pub fn pdf(tx: &mut Tx, which: Which<'_>, revision: u32) -> Result<Option<Vec<u8>>, StoreError> {
    let row = tx.query_opt(
        "SELECT pdf FROM monthly_report_revision WHERE application_id = $1 AND month = $2 AND revision = $3",
        &with(which, [i64::from(revision).into()]),
    )?;
    Ok(row.and_then(|row| row.opt_bytes(0).map(<[u8]>::to_vec)))
}

/// Notes that a revision was checked, with its word; pages that carry another one are replaced. `false` when it no longer waits for that.
pub fn check(
    tx: &mut Tx,
    which: Which<'_>,
    revision: u32,
    by: &Act,
    word: (&str, Option<&LaidOut>),
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE monthly_report SET state = 'checked', word = $4, checked_by = $5, checked_at_ms = $6, returned_by = NULL,
             returned_at_ms = NULL, returned_why = NULL
         WHERE application_id = $1 AND month = $2 AND revision = $3 AND state = 'made'",
        &with(
            which,
            [
                i64::from(revision).into(),
                word.0.into(),
                (&by.by).into(),
                ms(by.at).into(),
            ],
        ),
    )?;
    if let (1, Some(laid_out)) = (changed, word.1) {
        tx.execute(
            "UPDATE monthly_report_revision SET document = $4, pdf = $5, pdf_sha256 = $6
             WHERE application_id = $1 AND month = $2 AND revision = $3",
            &with(
                which,
                [
                    i64::from(revision).into(),
                    (&laid_out.document).into(),
                    laid_out.pdf.clone().into(),
                    laid_out.pdf_sha256.as_deref().into(),
                ],
            ),
        )?;
    }
    Ok(changed == 1)
}

/// Notes that a revision was approved. `false` when it does not wait for that.
///
/// # Errors
/// The row refuses whoever checked it.
pub fn approve(tx: &mut Tx, which: Which<'_>, revision: u32, by: &Act) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE monthly_report SET state = 'approved', approved_by = $4, approved_at_ms = $5
         WHERE application_id = $1 AND month = $2 AND revision = $3 AND state = 'checked'",
        &with(
            which,
            [
                i64::from(revision).into(),
                (&by.by).into(),
                ms(by.at).into(),
            ],
        ),
    )?;
    Ok(changed == 1)
}

/// Gives a report back to be checked or made again. `false` when it was neither checked nor approved.
pub fn give_back(
    tx: &mut Tx,
    which: Which<'_>,
    revision: u32,
    by: &Act,
    why: &str,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE monthly_report SET state = 'made', checked_by = NULL, checked_at_ms = NULL, approved_by = NULL, approved_at_ms = NULL,
             returned_by = $4, returned_at_ms = $5, returned_why = $6
         WHERE application_id = $1 AND month = $2 AND revision = $3 AND state IN ('checked', 'approved')",
        &with(
            which,
            [
                i64::from(revision).into(),
                (&by.by).into(),
                ms(by.at).into(),
                why.into(),
            ],
        ),
    )?;
    Ok(changed == 1)
}

/// Reports that were approved before an instant and are still to be sent, by receipt number, the oldest first.
pub fn to_send(
    tx: &mut Tx,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<(String, Month)>, StoreError> {
    let rows = tx.query(
        "SELECT f.receipt_number, r.month FROM monthly_report r JOIN case_file f ON f.application_id = r.application_id
         WHERE r.state = 'approved' AND r.approved_at_ms <= $1 ORDER BY r.approved_at_ms, r.month, r.application_id LIMIT $2",
        &[ms(before).into(), limit.into()],
    )?;
    (rows.iter())
        .map(|row| Ok((row.text(0).to_owned(), month(row.text(1))?)))
        .collect()
}

/// Notes that a report was sent. `false` when it does not wait for that.
pub fn sent(tx: &mut Tx, which: Which<'_>, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE monthly_report SET state = 'sent', sent_at_ms = $3 WHERE application_id = $1 AND month = $2 AND state = 'approved'",
        &with(which, [ms(at).into()]),
    )?;
    Ok(changed == 1)
}

/// Notes that the company opened a report; the first time only. `false` otherwise.
pub fn opened(tx: &mut Tx, which: Which<'_>, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE monthly_report SET state = 'read', read_at_ms = $3 WHERE application_id = $1 AND month = $2 AND state = 'sent'",
        &with(which, [ms(at).into()]),
    )?;
    Ok(changed == 1)
}

/// Takes the round of a month for this node until an instant. `false` while another one has it.
pub fn lease(
    tx: &mut Tx,
    month: Month,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let taken = tx.execute(
        "INSERT INTO monthly_report_round (month, leased_until_ms) VALUES ($1, $2)
         ON CONFLICT (month) DO UPDATE SET leased_until_ms = excluded.leased_until_ms
         WHERE monthly_report_round.leased_until_ms <= $3",
        &[month.to_string().into(), ms(until).into(), ms(now).into()],
    )?;
    Ok(taken == 1)
}

/// Gives the round back.
pub fn release(tx: &mut Tx, month: Month) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE monthly_report_round SET leased_until_ms = 0 WHERE month = $1",
        &[month.to_string().into()],
    )?;
    Ok(())
}

fn key(which: Which<'_>) -> Vec<Value> {
    vec![which.application_id.into(), which.month.to_string().into()]
}

fn with<const N: usize>(which: Which<'_>, more: [Value; N]) -> Vec<Value> {
    let mut values = key(which);
    values.extend(more);
    values
}

fn month(text: &str) -> Result<Month, StoreError> {
    Month::parse(text).ok_or_else(|| StoreError::Damaged("a report of no month".into()))
}

fn number(revision: i64) -> Result<u32, StoreError> {
    u32::try_from(revision).map_err(|_| StoreError::Damaged("a revision out of range".into()))
}

fn nobody() -> Act {
    Act {
        by: "system".to_owned(),
        at: Timestamp::UNIX_EPOCH,
    }
}

/// Who and when, from two columns.
fn act(row: &Row, at: usize) -> Result<Option<Act>, StoreError> {
    let (Some(by), Some(when)) = (row.opt_text(at), row.opt_int(at + 1)) else {
        return Ok(None);
    };
    Ok(Some(Act {
        by: by.to_owned(),
        at: instant(when)?,
    }))
}

fn read(row: &Row) -> Result<Report, StoreError> {
    let state = State::parse(row.text(2))
        .ok_or_else(|| StoreError::Damaged("a report in an unknown state".into()))?;
    let returned = act(row, 11)?.map(|act| (act, row.opt_text(13).unwrap_or_default().to_owned()));
    Ok(Report {
        application_id: row.text(0).to_owned(),
        month: month(row.text(1))?,
        state,
        revision: number(row.int(3))?,
        word: row.text(4).to_owned(),
        checked: act(row, 5)?,
        approved: act(row, 7)?,
        sent_at: row.opt_int(9).map(instant).transpose()?,
        read_at: row.opt_int(10).map(instant).transpose()?,
        returned,
        made: act(row, 14)?.unwrap_or_else(nobody),
        headline: row.text(16).to_owned(),
        events: row.int(17),
        open_events: row.int(18),
        figures_sha256: row.text(19).to_owned(),
        pdf_sha256: row.opt_text(20).map(str::to_owned),
    })
}
