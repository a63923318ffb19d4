//! Proves that figures equal what is stored: every block is read, everything is counted again, company by company and month by month, so that memory
//! is bounded by one company's month.

mod recount;

use sonae_db::Tx;

use crate::TelemetryError;
use crate::day::Month;

use recount::Recount;

/// What was proved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub companies: i64,
    pub blocks: i64,
    pub detections: i64,
    pub unknown: i64,
    /// Lines whose raw text is stored and unpacks.
    pub raw_lines: i64,
}

/// The first thing that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// For example `block 17`.
    pub row: String,
    /// What is wrong with it, a Japanese sentence.
    pub what: String,
}

pub(crate) enum Stop {
    Broken(Broken),
    Failed(TelemetryError),
}

impl<E: Into<TelemetryError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Failed(error.into())
    }
}

pub(crate) fn broken<T>(row: impl Into<String>, what: &str) -> Result<T, Stop> {
    Err(Stop::Broken(Broken {
        row: row.into(),
        what: what.to_owned(),
    }))
}

/// Verifies everything that is stored.
pub fn verify(tx: &mut Tx) -> Result<Result<Report, Broken>, TelemetryError> {
    let mut report = Report::default();
    match companies(tx, &mut report) {
        Ok(()) => Ok(Ok(report)),
        Err(Stop::Broken(broken)) => Ok(Err(broken)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

fn companies(tx: &mut Tx, report: &mut Report) -> Result<(), Stop> {
    let rows = tx.query(
        "SELECT company, removed_detections, removed_activities, removed_unknown FROM company ORDER BY company",
        &[],
    )?;
    for row in &rows {
        report.companies += 1;
        let company = row.int(0);
        one(tx, company, report)?;
        sources(tx, company, [row.int(1), row.int(2), row.int(3)])?;
    }
    strays(tx)
}

fn one(tx: &mut Tx, company: i64, report: &mut Report) -> Result<(), Stop> {
    let months = tx.query(
        "SELECT month, detections, activities, unknown FROM month_total WHERE company = $1 ORDER BY month",
        &[company.into()],
    )?;
    let mut names = recount::Names::of(tx, company)?;
    let before = (report.detections, report.unknown);
    for row in &months {
        let month = Month(row.int(0));
        let mut recount = Recount::default();
        recount.blocks(tx, (company, month), &mut names, report)?;
        let total = recount.compare(tx, company, month)?;
        if total != [row.int(1), row.int(2), row.int(3)] {
            return broken(
                format!("month_total {company} {month}"),
                "月の合計が日ごとの合計と一致しません。",
            );
        }
    }
    let stored = tx.query_one(
        "SELECT CAST(COALESCE(SUM(CASE WHEN kind = 0 THEN entries ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN kind = 1 THEN entries ELSE 0 END), 0) AS BIGINT)
         FROM block WHERE company = $1",
        &[company.into()],
    )?;
    let counted = (report.detections - before.0, report.unknown - before.1);
    match (stored.int(0), stored.int(1)) == counted {
        true => Ok(()),
        false => broken(
            format!("block {company}"),
            "月の集計にない検知ログが保存されています。",
        ),
    }
}

/// What sources delivered is stored, or was removed by age and counted then.
fn sources(tx: &mut Tx, company: i64, removed: [i64; 3]) -> Result<(), Stop> {
    let delivered = tx.query_one(
        "SELECT CAST(COALESCE(SUM(detections), 0) AS BIGINT), CAST(COALESCE(SUM(activities), 0) AS BIGINT),
                CAST(COALESCE(SUM(unknown), 0) AS BIGINT) FROM source WHERE company = $1",
        &[company.into()],
    )?;
    let stored = tx.query_one(
        "SELECT CAST(COALESCE(SUM(detections), 0) AS BIGINT), CAST(COALESCE(SUM(activities), 0) AS BIGINT),
                CAST(COALESCE(SUM(unknown), 0) AS BIGINT) FROM month_total WHERE company = $1",
        &[company.into()],
    )?;
    for (column, removed) in removed.into_iter().enumerate() {
        if delivered.int(column) != stored.int(column) + removed {
            return broken(
                format!("source {company}"),
                "受け取った行の数が、保存した行の数と一致しません。",
            );
        }
    }
    let counted = tx.query_opt(
        "SELECT s.source FROM source s WHERE s.company = $1 AND s.lines <> s.detections + s.activities + s.unknown LIMIT 1",
        &[company.into()],
    )?;
    if let Some(row) = counted {
        return broken(
            format!("source {}", row.text(0)),
            "行の内訳が合計と一致しません。",
        );
    }
    let batches = tx.query_opt(
        "SELECT b.source FROM batch b LEFT JOIN source s ON s.source = b.source WHERE s.source IS NULL
         OR b.lines <> b.detections + b.activities + b.unknown LIMIT 1",
        &[],
    )?;
    match batches {
        Some(row) => broken(
            format!("batch {}", row.text(0)),
            "受け取りの記録が送信元と一致しません。",
        ),
        None => Ok(()),
    }
}

/// Rows that belong to nothing.
fn strays(tx: &mut Tx) -> Result<(), Stop> {
    for (table, sql) in [
        (
            "block_line",
            "SELECT l.block_id FROM block_line l LEFT JOIN block b ON b.block_id = l.block_id WHERE b.block_id IS NULL LIMIT 1",
        ),
        (
            "block",
            "SELECT b.block_id FROM block b LEFT JOIN company c ON c.company = b.company WHERE c.company IS NULL LIMIT 1",
        ),
        (
            "month_summary",
            "SELECT s.rule_id FROM month_summary s LEFT JOIN rule r ON r.rule_id = s.rule_id WHERE r.rule_id IS NULL LIMIT 1",
        ),
        (
            "rule",
            "SELECT r.rule_id FROM rule r WHERE NOT EXISTS (SELECT 1 FROM month_summary s WHERE s.rule_id = r.rule_id) LIMIT 1",
        ),
    ] {
        if let Some(row) = tx.query_opt(sql, &[])? {
            return broken(
                format!("{table} {}", row.int(0)),
                "どこからも使われていない行です。",
            );
        }
    }
    Ok(())
}
