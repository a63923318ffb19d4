//! What technicians said of a company's day of detections, and who signed it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::detection_check::{Seen, State};
use sonae_db::{Row, Tx, Value};

use crate::{StoreError, instant, ms};

/// Rows of one day, and days of one company, that are read at once.
const MOST: u32 = 20_000;
/// Rows of all companies over many days: two hundred companies over a year.
const MOST_SIGNED: u32 = 200_000;

/// What is said of a company's day.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    pub application_id: String,
    pub day: Date,
    pub state: State,
    pub note: String,
    /// Counts what was said, from 1.
    pub version: i64,
    /// `staff:<id>`
    pub by: String,
    pub at: Timestamp,
    pub seen: Seen,
    /// Lines of detections when they were last compared.
    pub lines_now: i64,
    /// Lines that were seen and that no comparison finds any more: they are no longer kept.
    pub lines_gone: i64,
    /// Who signed it, and when.
    pub signed: Option<(String, Timestamp)>,
}

impl Checked {
    /// Whether lines came after it was checked.
    pub fn is_late(&self) -> bool {
        self.lines_now > self.base()
    }

    /// The lines that were seen and are still there; more of them came afterwards.
    pub fn base(&self) -> i64 {
        self.seen.lines - self.lines_gone
    }
}

/// Something that is said.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub application_id: &'a str,
    pub day: Date,
    pub state: State,
    pub note: &'a str,
    pub by: &'a str,
    pub at: Timestamp,
    pub seen: &'a Seen,
    pub log_index: i64,
}

const COLUMNS: &str = "application_id, day, state, note, version, checked_by, checked_at_ms, lines, group_count, figures_sha256, lines_now, \
                       signed_by, signed_at_ms, lines_gone";

pub fn find(tx: &mut Tx, application_id: &str, day: Date) -> Result<Option<Checked>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM check_day WHERE application_id = $1 AND day = $2");
    let row = tx.query_opt(&sql, &[application_id.into(), day.to_string().into()])?;
    row.as_ref().map(read).transpose()
}

/// Everything that is said of a day, by application.
pub fn of_day(tx: &mut Tx, day: Date) -> Result<BTreeMap<String, Checked>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM check_day WHERE day = $1 ORDER BY application_id LIMIT $2");
    let rows = tx.query(&sql, &[day.to_string().into(), MOST.into()])?;
    let checked = rows.iter().map(read);
    checked
        .map(|checked| checked.map(|one| (one.application_id.clone(), one)))
        .collect()
}

/// Which company's days are signed from a day on, with whether lines came late to them.
pub fn signed_since(tx: &mut Tx, from: Date) -> Result<Vec<(String, Date, bool)>, StoreError> {
    let rows = tx.query(
        "SELECT application_id, day, lines - lines_gone, lines_now FROM check_day WHERE day >= $1 AND signed_at_ms IS NOT NULL
         ORDER BY day, application_id LIMIT $2",
        &[from.to_string().into(), MOST_SIGNED.into()],
    )?;
    let signed = rows.iter().map(|row| {
        let late = row.int(3) > row.int(2);
        Ok((row.text(0).to_owned(), date(row.text(1))?, late))
    });
    signed.collect()
}

/// Says something of a day; what was said before stays as an entry. The caller compared the versions in this transaction. A day that was signed
/// is signed again by who corrects it. Gives the version.
pub fn save(tx: &mut Tx, new: &New<'_>, before: Option<&Checked>) -> Result<i64, StoreError> {
    let version = before.map_or(1, |before| before.version + 1);
    let corrects = before.is_some_and(|before| before.signed.is_some());
    let signed = corrects.then(|| (new.by.to_owned(), ms(new.at)));
    let (signed_by, signed_at): (Option<String>, Option<i64>) = signed.unzip();
    let day = new.day.to_string();
    let shared: [Value; 5] = [
        new.application_id.into(),
        (&day).into(),
        version.into(),
        new.state.as_str().into(),
        new.note.into(),
    ];
    let figures: [Value; 5] = [
        new.by.into(),
        ms(new.at).into(),
        new.seen.lines.into(),
        new.seen.groups.into(),
        (&new.seen.sha256).into(),
    ];
    let mut row: Vec<Value> = shared.iter().chain(&figures).cloned().collect();
    row.extend([signed_by.into(), signed_at.into()]);
    tx.execute(
        "INSERT INTO check_day (application_id, day, version, state, note, checked_by, checked_at_ms, lines, group_count,
             figures_sha256, lines_now, signed_by, signed_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $8, $11, $12)
         ON CONFLICT (application_id, day) DO UPDATE SET version = $3, state = $4, note = $5, checked_by = $6,
             checked_at_ms = $7, lines = $8, group_count = $9, figures_sha256 = $10, lines_now = $8, lines_gone = 0,
             signed_by = $11, signed_at_ms = $12",
        &row,
    )?;
    row.truncate(10);
    row.extend([i64::from(corrects).into(), new.log_index.into()]);
    tx.execute(
        "INSERT INTO check_entry (application_id, day, version, state, note, by, at_ms, lines, group_count, figures_sha256, corrects, log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &row,
    )?;
    Ok(version)
}

/// Everything that was said of a company's day, the oldest first; `signed` tells what corrected a signed day.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    pub version: i64,
    pub state: State,
    pub note: String,
    pub by: String,
    pub at: Timestamp,
    pub lines: i64,
    pub corrects: bool,
}

pub fn history(tx: &mut Tx, application_id: &str, day: Date) -> Result<Vec<Said>, StoreError> {
    let rows = tx.query(
        "SELECT version, state, note, by, at_ms, lines, corrects FROM check_entry WHERE application_id = $1 AND day = $2
         ORDER BY version LIMIT $3",
        &[
            application_id.into(),
            day.to_string().into(),
            MOST.into(),
        ],
    )?;
    let said = rows.iter().map(|row| {
        Ok(Said {
            version: row.int(0),
            state: state(row.text(1))?,
            note: row.text(2).to_owned(),
            by: row.text(3).to_owned(),
            at: instant(row.int(4))?,
            lines: row.int(5),
            corrects: row.int(6) == 1,
        })
    });
    said.collect()
}

/// Signs companies' days that are not signed. Gives how many.
pub fn sign(
    tx: &mut Tx,
    day: Date,
    companies: &[String],
    by: &str,
    at: Timestamp,
) -> Result<u64, StoreError> {
    let mut signed = 0;
    for company in companies {
        signed += tx.execute(
            "UPDATE check_day SET signed_by = $3, signed_at_ms = $4
             WHERE application_id = $1 AND day = $2 AND signed_at_ms IS NULL",
            &[
                company.into(),
                day.to_string().into(),
                by.into(),
                ms(at).into(),
            ],
        )?;
    }
    Ok(signed)
}

/// Notes how many lines a company's day has now. `true` when that is news. Fewer than were seen are what is still kept of them, and the base
/// that later lines are measured by.
pub fn compare(
    tx: &mut Tx,
    application_id: &str,
    day: Date,
    lines_now: i64,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE check_day SET lines_now = $3, lines_gone = CASE WHEN $3 < lines - lines_gone THEN lines - $3 ELSE lines_gone END
         WHERE application_id = $1 AND day = $2 AND lines_now <> $3",
        &[
            application_id.into(),
            day.to_string().into(),
            lines_now.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Notes that a person was reminded of a day. `false` when she was before.
pub fn remind(tx: &mut Tx, day: Date, staff_id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let noted = tx.execute(
        "INSERT INTO check_reminder (day, staff_id, told_at_ms) VALUES ($1, $2, $3) ON CONFLICT (day, staff_id) DO NOTHING",
        &[day.to_string().into(), staff_id.into(), ms(at).into()],
    )?;
    Ok(noted == 1)
}

fn read(row: &Row) -> Result<Checked, StoreError> {
    let signed_at = row.opt_int(12).map(instant).transpose()?;
    Ok(Checked {
        application_id: row.text(0).to_owned(),
        day: date(row.text(1))?,
        state: state(row.text(2))?,
        note: row.text(3).to_owned(),
        version: row.int(4),
        by: row.text(5).to_owned(),
        at: instant(row.int(6))?,
        seen: Seen {
            lines: row.int(7),
            groups: row.int(8),
            sha256: row.text(9).to_owned(),
        },
        lines_now: row.int(10),
        signed: row.opt_text(11).map(str::to_owned).zip(signed_at),
        lines_gone: row.int(13),
    })
}

fn state(word: &str) -> Result<State, StoreError> {
    State::parse(word).ok_or_else(|| StoreError::Damaged("a state that does not exist".into()))
}

/// A day as the tables write it.
pub(crate) fn date(text: &str) -> Result<Date, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Damaged("a day that does not exist".into()))
}
