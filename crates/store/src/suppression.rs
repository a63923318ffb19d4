//! Rules that need not be looked at for a while: who answers for it, why, until when, and what was hidden.

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::detection_check::suppression::Suppression;
use sonae_db::{Row, Tx};

use crate::check_day::date;
use crate::finding_judgement::small;
use crate::{StoreError, instant, ms};

/// Suppressions that are listed and looked at.
pub const MOST: u32 = 1_000;

/// A suppression as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// UUID version 7.
    pub id: String,
    pub what: Suppression,
    pub reason: String,
    /// `staff:<id>`: who answers for it.
    pub owner: String,
    pub created_at: Timestamp,
    pub ended: Option<(String, Timestamp)>,
    /// Events that it hid, and the last day on which it hid some.
    pub hidden: i64,
    pub last: Option<Date>,
}

/// Adds one.
pub fn add(tx: &mut Tx, kept: &Kept) -> Result<(), StoreError> {
    let what = &kept.what;
    tx.execute(
        "INSERT INTO suppression (id, application_id, device, rule, title, severity, action, reason, owner, created_at_ms, from_day, until_day,
             category)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        &[
            (&kept.id).into(),
            what.company.clone().into(),
            what.device.clone().into(),
            (&what.rule).into(),
            (&what.title).into(),
            i64::from(what.severity).into(),
            i64::from(what.action).into(),
            (&kept.reason).into(),
            (&kept.owner).into(),
            ms(kept.created_at).into(),
            what.from.to_string().into(),
            what.until.to_string().into(),
            what.category.clone().into(),
        ],
    )?;
    Ok(())
}

const COLUMNS: &str = "s.id, s.application_id, s.device, s.rule, s.title, s.severity, s.action, s.reason, s.owner, s.created_at_ms, s.from_day, \
     s.until_day, s.ended_by, s.ended_at_ms, s.ended_day, s.category, \
     (SELECT CAST(SUM(h.events) AS BIGINT) FROM suppression_hit h WHERE h.suppression_id = s.id), \
     (SELECT MAX(h.day) FROM suppression_hit h WHERE h.suppression_id = s.id AND h.events > 0)";

/// All whose last day is not before a day, the one that ends first coming first.
pub fn since(tx: &mut Tx, day: Date) -> Result<Vec<Kept>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM suppression s WHERE s.until_day >= $1 ORDER BY s.until_day, s.id LIMIT $2"
    );
    let rows = tx.query(&sql, &[day.to_string().into(), MOST.into()])?;
    rows.iter().map(read).collect()
}

pub fn find(tx: &mut Tx, id: &str) -> Result<Option<Kept>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM suppression s WHERE s.id = $1");
    let row = tx.query_opt(&sql, &[id.into()])?;
    row.as_ref().map(read).transpose()
}

/// Ends one from a day on. `false` when there is none such or it was ended before.
pub fn end(tx: &mut Tx, id: &str, from: Date, by: &str, at: Timestamp) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "UPDATE suppression SET ended_by = $2, ended_at_ms = $3, ended_day = $4 WHERE id = $1 AND ended_at_ms IS NULL",
        &[id.into(), by.into(), ms(at).into(), from.to_string().into()],
    )?;
    Ok(ended == 1)
}

/// Notes what a suppression hides on a company's day; said again, the newest counts.
pub fn hit(
    tx: &mut Tx,
    id: &str,
    application_id: &str,
    day: Date,
    events: i64,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO suppression_hit (suppression_id, application_id, day, events) VALUES ($1, $2, $3, $4)
         ON CONFLICT (suppression_id, application_id, day) DO UPDATE SET events = $4",
        &[
            id.into(),
            application_id.into(),
            day.to_string().into(),
            events.into(),
        ],
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<Kept, StoreError> {
    let ended_at = row.opt_int(13).map(instant).transpose()?;
    Ok(Kept {
        id: row.text(0).to_owned(),
        what: Suppression {
            company: row.opt_text(1).map(str::to_owned),
            device: row.opt_text(2).map(str::to_owned),
            rule: row.text(3).to_owned(),
            title: row.text(4).to_owned(),
            category: row.opt_text(15).map(str::to_owned),
            severity: small(row.int(5)),
            action: small(row.int(6)),
            from: date(row.text(10))?,
            until: date(row.text(11))?,
            ended: row.opt_text(14).map(date).transpose()?,
        },
        reason: row.text(7).to_owned(),
        owner: row.text(8).to_owned(),
        created_at: instant(row.int(9))?,
        ended: row.opt_text(12).map(str::to_owned).zip(ended_at),
        hidden: row.opt_int(16).unwrap_or_default(),
        last: row.opt_text(17).map(date).transpose()?,
    })
}

/// What lists say of the company of a suppression.
#[derive(Clone, Debug, PartialEq)]
pub struct Company {
    pub name: String,
    pub receipt_number: String,
    pub status: String,
    /// Staff ids.
    pub assignee: Option<String>,
    pub expert: Option<String>,
}

/// The company that a suppression names.
pub fn company(tx: &mut Tx, application_id: &str) -> Result<Option<Company>, StoreError> {
    let row = tx.query_opt(
        "SELECT name, receipt_number, status, assignee, expert FROM case_file WHERE application_id = $1",
        &[application_id.into()],
    )?;
    Ok(row.map(|row| Company {
        name: row.text(0).to_owned(),
        receipt_number: row.text(1).to_owned(),
        status: row.text(2).to_owned(),
        assignee: row.opt_text(3).map(str::to_owned),
        expert: row.opt_text(4).map(str::to_owned),
    }))
}
