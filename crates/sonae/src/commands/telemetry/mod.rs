//! `sonae telemetry …`: detections without the pages.

pub mod backup;
pub mod export;
pub mod forget;
pub mod generate;
pub mod import;
pub mod listening;
pub mod report;
pub mod search;
pub mod source;
pub mod verify;

use std::path::Path;

use clap::Args;
use sonae_db::Db;
use sonae_store::case;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::{Day, place};

use super::verify::open_existing;
use crate::config::DataArgs;
use crate::error::CommandError;

const NOTHING: &str = "何も変更していません。";

/// Whose detections.
#[derive(Args, Clone, Debug)]
pub struct CompanyArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// 会社の受付番号。フォルダーに事務局のデータベースがないときは試用とみなし、好きな名前を書けます
    #[arg(long, value_name = "ID")]
    pub company: String,
}

impl CompanyArgs {
    /// The id by which the detections know the company: that of its application. In a folder without an office the name stands for itself, so
    /// that logs can be tried out.
    ///
    /// # Errors
    /// The office knows no such receipt number.
    fn id(&self) -> Result<String, CommandError> {
        if !has_office(&self.data) {
            return Ok(self.company.clone());
        }
        let office = open_existing(&self.data)?;
        let stored = office.read(|tx| case::by_receipt(tx, self.company.trim()))?;
        stored.map(|stored| stored.application_id).ok_or_else(|| {
            CommandError::new(
                format!("受付番号「{}」の申込みはありません。", self.company),
                NOTHING,
            )
        })
    }
}

fn has_office(data: &DataArgs) -> bool {
    data.database.is_some() || data.data.join("sonae.db").is_file()
}

/// Opens the detections' database and makes it when it is missing.
fn open_database(data: &DataArgs) -> Result<Db, CommandError> {
    Ok(place::open(&data.data, data.database.as_deref())?)
}

/// Opens the detections wherever they lie, and makes them when they are missing.
fn open(data: &DataArgs) -> Result<Detections, CommandError> {
    let (office, cluster) = (data.database.as_deref(), data.detections.as_deref());
    Ok(place::detections(&data.data, office, cluster)?)
}

/// Opens the detections for a question. An office without any is asked too, and says zero; a mistyped folder is told.
fn open_to_ask(data: &DataArgs) -> Result<Detections, CommandError> {
    let is_cluster = data.detections.is_some();
    if !is_cluster && !has_office(data) && !place::exists(&data.data, data.database.as_deref()) {
        return Err(CommandError::new(
            format!("{} に検知のデータがありません。", data.data.display()),
            "--data でデータのフォルダーを指定してください。",
        ));
    }
    open(data)
}

/// The first day that any clock is believed about, and tomorrow.
fn all_days(now_us: i64) -> (Day, Day) {
    let first = Day::of(sonae_telemetry::device_clock::EARLIEST_US);
    (first, Day(Day::of(now_us).0 + 1))
}

fn unwritable(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::new(
        format!("{} に書き込めません。[{error}]", path.display()),
        "場所と権限、空き容量を確かめてください。",
    )
}
