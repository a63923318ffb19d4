//! `sonae copy-database`: moves an office from SQLite to PostgreSQL or back, with counts and checksums.

use sonae_db::Db;
use sonae_store::copy::copy;

use super::verify::report;
use crate::error::CommandError;

/// Copies the office at `from` into the empty database `to`; `from` is only read.
///
/// # Errors
/// `to` holds an office already, or something differs after the copy; `to` is unchanged then.
pub fn copy_database(from: &str, to: &str) -> Result<(), CommandError> {
    let source = Db::open_existing(from)?;
    source.check(sonae_store::MIGRATIONS)?;
    let target = sonae_store::open(to)?;
    let tables = copy(&source, &target).map_err(|error| match error {
        sonae_store::StoreError::Db(error) if error.kind == sonae_db::Kind::Unique => {
            CommandError::new(
                "コピー先のデータベースが空ではありません。",
                format!("空のデータベースを指定してください。何も変更されていません。 [{error}]"),
            )
        }
        other => other.into(),
    })?;
    for table in &tables {
        println!(
            "{:<18} {:>9}行 {}",
            table.table,
            table.rows,
            &table.checksum[..16]
        );
    }
    let report = report(&target)?;
    println!(
        "コピーを終え、確かめました。記録 {}件、受付 {}件。",
        report.entries, report.receipts
    );
    if let Some(rows) = super::telemetry::backup::move_to(from, to)? {
        println!("検知もコピーし、確かめました。{rows}行。");
    }
    Ok(())
}
