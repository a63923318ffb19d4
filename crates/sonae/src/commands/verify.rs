//! `sonae verify`: the audit chain, the order of receipts, and the places, against one another.

use std::path::Path;

use sonae_db::{Db, Kind};
use sonae_store::verify::{Report, verify as prove};

use crate::config::DataArgs;
use crate::error::CommandError;

/// Proves the office's records; prints what was proved.
///
/// # Errors
/// Names the first row that does not fit.
pub fn verify(data: &DataArgs) -> Result<(), CommandError> {
    let report = report(&open_existing(data)?)?;
    println!(
        "問題はありません。記録 {}件、受付 {}件、順番 {}件。最後の記録のハッシュ値 {}",
        report.entries, report.receipts, report.places, report.head
    );
    Ok(())
}

pub(crate) fn report(db: &Db) -> Result<Report, CommandError> {
    db.read(prove)?.map_err(|broken| {
        CommandError::new(
            format!("{}: {}", broken.row, broken.what),
            "この行より前は正しいことを確かめました。控え(backup)と比べ、運用の責任者に知らせてください。",
        )
    })
}

/// Opens an office that exists already; a mistyped folder must not become a new, empty office.
pub(crate) fn open_existing(data: &DataArgs) -> Result<Db, CommandError> {
    if data.database.is_none() {
        let file = data.data.join("sonae.db");
        if !Path::new(&file).is_file() {
            return Err(CommandError::new(
                format!("{} がありません。", file.display()),
                "--data でデータのフォルダーを指定してください。",
            ));
        }
    }
    let db = Db::open_existing(&data.url())?;
    db.check(sonae_store::MIGRATIONS)
        .map_err(|error| match error.kind {
            Kind::Other => CommandError::new(
                "Sonaeのデータベースではありません。",
                format!("指定した場所を確かめてください。 [{error}]"),
            ),
            _ => error.into(),
        })?;
    Ok(db)
}
