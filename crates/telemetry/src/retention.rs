//! How long detections are kept: raw lines for some days, everything else for some more, and never more than a size.
//!
//! Figures go by whole months, so that a month's figures are never of a part of it. Each company's month is one transaction.

use sonae_db::{Db, Tx};

use crate::TelemetryError;
use crate::day::{Day, Month};
use crate::dictionary::next_epoch;
use crate::forget::unused_rules;

/// What is kept, at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Days of raw lines; not longer than `days`.
    pub line_days: i64,
    /// Days of detections and figures; a month goes when its last day is older.
    pub days: i64,
}

/// What may go at all, whatever its age and size: only what lies before the month of today and before the first day that somebody still needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    pub today: Day,
    /// The first day that must stay.
    pub needed: Day,
}

impl Until {
    /// Everything may go but the month of today.
    pub fn today(today: Day) -> Until {
        Until {
            today,
            needed: today,
        }
    }

    /// Days before it may go when they are older than `days`.
    pub(crate) fn older_than(self, days: i64) -> Day {
        Day(self.today.0 - days).min(self.needed)
    }

    /// Months before it may go.
    pub(crate) fn first_month(self) -> Month {
        self.today.month().min(self.needed.month())
    }
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Blocks whose raw lines went.
    pub lines: i64,
    /// Months of companies that went as a whole.
    pub months: i64,
    pub batches: i64,
}

/// Removes what is older than it is kept. Safe to run again, and to be interrupted.
pub fn by_age(db: &Db, until: Until, keep: Keep) -> Result<Removed, TelemetryError> {
    let first = until.older_than(keep.days);
    let lines = until.older_than(keep.line_days.min(keep.days));
    let mut removed = Removed::default();
    for company in companies(db)? {
        for month in months(db, company)? {
            if month.last_day() < first {
                removed.months += i64::from(db.write(|tx| remove_month(tx, company, month))?);
            }
        }
        removed.lines += db.write(|tx| remove_lines(tx, company, lines))?;
    }
    removed.batches = db.write(|tx| {
        // An answered batch is remembered as long as what it brought.
        let sql = "DELETE FROM batch WHERE received_us < $1";
        Ok::<_, TelemetryError>(tx.execute(sql, &[first.start_us().into()])? as i64)
    })?;
    if removed.months > 0 {
        settle(db)?;
    }
    Ok(removed)
}

/// Removes from the old end until blocks and lines take no more than `most` bytes: raw lines of the oldest months first, whole months when there are
/// no more lines to remove. What `until` keeps stays, so that it may be more than `most` afterwards.
pub fn by_size(db: &Db, until: Until, most: i64) -> Result<Removed, TelemetryError> {
    let mut removed = Removed::default();
    let mut all: Vec<(Month, i64)> = Vec::new();
    for company in companies(db)? {
        let months = months(db, company)?;
        all.extend(months.into_iter().map(|month| (month, company)));
    }
    all.retain(|(month, _)| *month < until.first_month());
    all.sort();
    for lines_only in [true, false] {
        for (month, company) in &all {
            if stored(db)? <= most {
                break;
            }
            if lines_only {
                let until = Day(month.last_day().0 + 1);
                removed.lines += db.write(|tx| remove_lines(tx, *company, until))?;
            } else {
                removed.months += i64::from(db.write(|tx| remove_month(tx, *company, *month))?);
            }
        }
    }
    if removed.months > 0 {
        settle(db)?;
    }
    Ok(removed)
}

/// Bytes of blocks and raw lines, compressed as they are.
pub fn stored(db: &Db) -> Result<i64, TelemetryError> {
    db.read(|tx| {
        let row = tx.query_one(
            "SELECT (SELECT CAST(COALESCE(SUM(stored), 0) AS BIGINT) FROM block_line),
                    (SELECT CAST(COALESCE(SUM(length(content)), 0) AS BIGINT) FROM block)",
            &[],
        )?;
        Ok(row.int(0) + row.int(1))
    })
}

fn companies(db: &Db) -> Result<Vec<i64>, TelemetryError> {
    db.read(|tx| {
        let rows = tx.query("SELECT company FROM company ORDER BY company", &[])?;
        Ok(rows.iter().map(|row| row.int(0)).collect())
    })
}

fn months(db: &Db, company: i64) -> Result<Vec<Month>, TelemetryError> {
    db.read(|tx| {
        let rows = tx.query(
            "SELECT month FROM month_total WHERE company = $1 ORDER BY month",
            &[company.into()],
        )?;
        Ok(rows.iter().map(|row| Month(row.int(0))).collect())
    })
}

/// Removes the raw lines of days before `until`; the detections stay.
fn remove_lines(tx: &mut Tx, company: i64, until: Day) -> Result<i64, TelemetryError> {
    let gone = tx.execute(
        "DELETE FROM block_line WHERE block_id IN
         (SELECT block_id FROM block WHERE company = $1 AND kind IN (0, 1) AND last_us < $2)",
        &[company.into(), until.start_us().into()],
    )?;
    Ok(gone as i64)
}

/// Removes everything of a company's month, and notes how much it was. `false` when another node came first; nothing changes then.
fn remove_month(tx: &mut Tx, company: i64, month: Month) -> Result<bool, TelemetryError> {
    let (first, last) = (month.first_day(), month.last_day());
    let there = tx.query_opt(
        "SELECT 1 FROM month_total WHERE company = $1 AND month = $2",
        &[company.into(), month.0.into()],
    )?;
    if there.is_none() {
        return Ok(false);
    }
    tx.execute(
        "UPDATE company SET
         removed_detections = removed_detections + (SELECT t.detections FROM month_total t WHERE t.company = $1 AND t.month = $2),
         removed_activities = removed_activities + (SELECT t.activities FROM month_total t WHERE t.company = $1 AND t.month = $2),
         removed_unknown = removed_unknown + (SELECT t.unknown FROM month_total t WHERE t.company = $1 AND t.month = $2)
         WHERE company = $1",
        &[company.into(), month.0.into()],
    )?;
    let times = [
        company.into(),
        first.start_us().into(),
        last.end_us().into(),
    ];
    for sql in [
        "DELETE FROM block_line WHERE block_id IN
         (SELECT block_id FROM block WHERE company = $1 AND kind IN (0, 1) AND last_us BETWEEN $2 AND $3)",
        "DELETE FROM block WHERE company = $1 AND kind IN (0, 1) AND last_us BETWEEN $2 AND $3",
    ] {
        tx.execute(sql, &times)?;
    }
    for table in [
        "day_total",
        "day_summary",
        "day_address",
        "day_activity",
        "day_unknown",
    ] {
        let sql = format!("DELETE FROM {table} WHERE company = $1 AND day BETWEEN $2 AND $3");
        tx.execute(&sql, &[company.into(), first.0.into(), last.0.into()])?;
    }
    for table in ["month_total", "month_summary", "month_address"] {
        let sql = format!("DELETE FROM {table} WHERE company = $1 AND month = $2");
        tx.execute(&sql, &[company.into(), month.0.into()])?;
    }
    tx.execute(
        "DELETE FROM heard WHERE company = $1 AND hour BETWEEN $2 AND $3",
        &[
            company.into(),
            crate::day::first_hour(first).into(),
            (crate::day::first_hour(last) + 23).into(),
        ],
    )?;
    // Names of hosts that only this month knew.
    tx.execute(
        "DELETE FROM word WHERE company = $1 AND kind = 2 AND NOT EXISTS
         (SELECT 1 FROM month_total t JOIN month_address m ON m.company = t.company AND m.month = t.month AND m.address = 4294967296 + word.word_id
          WHERE t.company = word.company)",
        &[company.into()],
    )?;
    next_epoch(tx)?;
    Ok(true)
}

/// Removes what nothing names any more.
fn settle(db: &Db) -> Result<(), TelemetryError> {
    db.write(|tx| {
        unused_rules(tx)?;
        next_epoch(tx)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MIGRATIONS;
    use crate::contract::sample::{NOON, detection, sent, stored_in};

    #[test]
    fn a_month_goes_once() {
        let folder = std::env::temp_dir().join(format!("sonae-once-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let db = Db::open(&format!("sqlite:{}", folder.join("d.sqlite").display())).expect("open");
        db.migrate(MIGRATIONS).expect("migrated");
        stored_in(&db, &[sent("a", "1", &[detection(NOON, 0, 1)])]);
        let company = companies(&db).expect("readable")[0];
        let month = Day::of(NOON).month();
        // Two nodes saw the month and come one after the other.
        let gone = [(); 2].map(|()| {
            db.write(|tx| remove_month(tx, company, month))
                .expect("run")
        });
        assert_eq!(gone, [true, false]);
        drop(db);
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
