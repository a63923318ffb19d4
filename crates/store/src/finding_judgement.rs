//! What technicians judged the findings of a company's day to be.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::detection_check::group::Group;
use sonae_core::detection_check::verdict::Verdict;
use sonae_db::{Row, Tx};

use crate::check_day::date;
use crate::{StoreError, instant, ms};

/// Judgements of one company's day that are read.
const MOST: u32 = 5_000;

/// A judgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    pub day: Date,
    pub group: Group,
    /// Counts the judgements of the group on this day, from 1.
    pub version: i64,
    pub verdict: Verdict,
    pub reason: String,
    /// `staff:<id>`
    pub by: String,
    pub at: Timestamp,
}

const COLUMNS: &str =
    "day, device, rule, title, category, severity, action, version, verdict, reason, by, at_ms";

/// Adds a judgement; earlier ones stay.
pub fn add(
    tx: &mut Tx,
    application_id: &str,
    judgement: &Judgement,
    log_index: i64,
) -> Result<(), StoreError> {
    let group = &judgement.group;
    tx.execute(
        "INSERT INTO finding_judgement (application_id, day, group_key, version, device, rule, title, category, severity, action,
             verdict, reason, by, at_ms, log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            application_id.into(),
            judgement.day.to_string().into(),
            group.key().into(),
            judgement.version.into(),
            (&group.device).into(),
            (&group.rule).into(),
            (&group.title).into(),
            (&group.category).into(),
            i64::from(group.severity).into(),
            i64::from(group.action).into(),
            judgement.verdict.as_str().into(),
            (&judgement.reason).into(),
            (&judgement.by).into(),
            ms(judgement.at).into(),
            log_index.into(),
        ],
    )?;
    Ok(())
}

/// What counts now on a company's day, by the group's key.
pub fn of_day(
    tx: &mut Tx,
    application_id: &str,
    day: Date,
) -> Result<BTreeMap<String, Judgement>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, group_key FROM finding_judgement WHERE application_id = $1 AND day = $2 ORDER BY group_key, version LIMIT $3"
    );
    let rows = tx.query(
        &sql,
        &[application_id.into(), day.to_string().into(), MOST.into()],
    )?;
    let judged = rows
        .iter()
        .map(|row| Ok((row.text(12).to_owned(), read(row)?)));
    // The later version comes later and stays.
    judged.collect()
}

/// What was judged of a company's rules on other days, the newest first.
pub fn of_rule(
    tx: &mut Tx,
    application_id: &str,
    rule: &str,
    most: u32,
) -> Result<Vec<Judgement>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM finding_judgement WHERE application_id = $1 AND rule = $2 ORDER BY at_ms DESC, day DESC, version DESC LIMIT $3"
    );
    let rows = tx.query(&sql, &[application_id.into(), rule.into(), most.into()])?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Judgement, StoreError> {
    let verdict = Verdict::parse(row.text(8))
        .ok_or_else(|| StoreError::Damaged("a judgement that does not exist".into()))?;
    Ok(Judgement {
        day: date(row.text(0))?,
        group: Group {
            device: row.text(1).to_owned(),
            rule: row.text(2).to_owned(),
            title: row.text(3).to_owned(),
            category: row.text(4).to_owned(),
            severity: small(row.int(5)),
            action: small(row.int(6)),
        },
        version: row.int(7),
        verdict,
        reason: row.text(9).to_owned(),
        by: row.text(10).to_owned(),
        at: instant(row.int(11))?,
    })
}

/// A number of OCSF; what is none is unknown (0).
pub(crate) fn small(number: i64) -> u8 {
    u8::try_from(number).unwrap_or_default()
}
