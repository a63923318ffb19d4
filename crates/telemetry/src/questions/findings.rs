//! What a technician looks at every day: the findings of a day, one row for each rule, device, severity and action.

use std::collections::BTreeMap;

use sonae_db::{Row, Tx};

use super::{Split, action, severity};
use crate::TelemetryError;
use crate::day::Day;
use crate::detection::{Action, Severity};
use crate::dictionary::company;

/// Rows of a day that are shown of one company; further ones are counted.
pub const MOST_FINDINGS: usize = 500;

/// Findings that mean the same, however often they came. Two are the same when all five agree; texts are never joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub device: String,
    pub rule: String,
    pub title: String,
    pub category: String,
    pub severity: Severity,
    pub action: Action,
    pub lines: i64,
    pub events: i64,
    /// Microseconds since 1970 UTC.
    pub first_us: i64,
    pub last_us: i64,
}

/// What a company's day holds besides its findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayTotal {
    pub split: Split,
    pub detections: i64,
    pub activities: i64,
    pub unknown: i64,
    pub clock_doubtful: i64,
    /// Distinct addresses of findings.
    pub addresses: i64,
}

/// The findings of a company's day, gravest first, those whose severity is not told just below the high ones; and how many there are in all.
pub fn of_day(
    tx: &mut Tx,
    office_id: &str,
    day: Day,
) -> Result<(Vec<Finding>, usize), TelemetryError> {
    let Some(company) = company(tx, office_id)? else {
        return Ok((Vec::new(), 0));
    };
    let at = [company.into(), day.0.into()];
    let count = tx.query_one(
        "SELECT COUNT(*) FROM day_summary WHERE company = $1 AND day = $2",
        &at,
    )?;
    let rows = tx.query(
        "SELECT w.text, r.rule, r.title, r.category, s.severity, s.action, s.lines, s.events, s.first_us, s.last_us
         FROM day_summary s JOIN rule r ON r.rule_id = s.rule_id JOIN word w ON w.company = s.company AND w.word_id = s.device
         WHERE s.company = $1 AND s.day = $2
         ORDER BY CASE WHEN s.severity = 0 THEN 7 ELSE s.severity * 2 END DESC, s.events DESC, r.title, r.rule, w.text, s.action LIMIT 500",
        &at,
    )?;
    Ok((rows.iter().map(finding).collect(), count.int(0) as usize))
}

fn finding(row: &Row) -> Finding {
    Finding {
        device: row.text(0).to_owned(),
        rule: row.text(1).to_owned(),
        title: row.text(2).to_owned(),
        category: row.text(3).to_owned(),
        severity: severity(row, 4),
        action: action(row, 5),
        lines: row.int(6),
        events: row.int(7),
        first_us: row.int(8),
        last_us: row.int(9),
    }
}

/// All companies that were heard on a day, by the office's id: what the sheet of a day shows in one row each.
pub fn sheet(tx: &mut Tx, day: Day) -> Result<BTreeMap<String, DayTotal>, TelemetryError> {
    let mut sheet: BTreeMap<String, DayTotal> = BTreeMap::new();
    tx.for_each(SHEET, &[day.0.into()], |row| {
        let total = DayTotal {
            split: Split::default(),
            detections: row.int(1),
            activities: row.int(2),
            unknown: row.int(3),
            clock_doubtful: row.int(4),
            addresses: row.int(5),
        };
        sheet.insert(row.text(0).to_owned(), total);
        Ok::<(), TelemetryError>(())
    })?;
    tx.for_each(
        "SELECT c.office_id, s.severity, s.action, CAST(SUM(s.events) AS BIGINT)
         FROM company c JOIN day_summary s ON s.company = c.company AND s.day = $1
         GROUP BY c.office_id, s.severity, s.action",
        &[day.0.into()],
        |row| {
            let total = sheet.entry(row.text(0).to_owned()).or_default();
            let (severity, action) = (severity(&row, 1), action(&row, 2));
            total.split.add(severity, action, row.int(3));
            Ok::<(), TelemetryError>(())
        },
    )?;
    Ok(sheet)
}

pub(super) const SHEET: &str =
    "SELECT c.office_id, t.detections, t.activities, t.unknown, t.clock_doubtful,
                (SELECT COUNT(*) FROM day_address a WHERE a.company = t.company AND a.day = t.day)
         FROM company c JOIN day_total t ON t.company = c.company AND t.day = $1";
