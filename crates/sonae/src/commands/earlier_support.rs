//! `sonae earlier-support import`: a list of earlier participants from the command line, tried out or imported.

use std::path::PathBuf;

use clap::Args;
use sha2::{Digest, Sha256};
use sonae_core::application::choices::SUPPORT_KINDS;
use sonae_core::audit::hex;
use sonae_core::earlier_support::fiscal_year;
use sonae_core::earlier_support::list::{Defaults, Reading};
use sonae_core::program::program::SupportKind;
use sonae_store::StoreError;
use sonae_store::earlier_import::{self, Confirmed, Draft};

use super::verify::open_existing;
use crate::chance;
use crate::clock::Clock;
use crate::config::DataArgs;
use crate::error::CommandError;
use crate::office::earlier_lists::{self, DRAFT_LIVES};
use crate::sheet;

/// Who the log says did it.
const ACTOR: &str = "command_line";

#[derive(Args)]
pub struct ImportArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// 名簿のファイル(CSVまたは.xlsx)
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 読み取った内容と直すところを示すだけで、取り込みません
    #[arg(long)]
    pub dry_run: bool,
    /// 「支援の種類」の列がない名簿の種類(utm、edr、guidance、csirt、it_bcp、inhouse_structure、special_support)
    #[arg(long, value_name = "KIND", value_parser = kind)]
    pub kind: Option<SupportKind>,
    /// 「年度」の列がない名簿の年度(例: 令和5年度、2023)
    #[arg(long, value_name = "YEAR", value_parser = year)]
    pub year: Option<i16>,
    /// 載っている年度と種類の参加企業を、すべて載せている名簿です
    #[arg(long)]
    pub complete: bool,
}

fn kind(word: &str) -> Result<SupportKind, String> {
    let found = SUPPORT_KINDS.iter().find(|choice| choice.value == word);
    found
        .map(|choice| choice.choice)
        .ok_or_else(|| "そのような支援の種類はありません".to_owned())
}

fn year(text: &str) -> Result<i16, String> {
    let year = fiscal_year(text).map_err(String::from)?;
    i16::try_from(year).map_err(|_| "年度は西暦か令和で書いてください".to_owned())
}

/// Reads the list, tells what is wrong with it, and imports it unless it is only tried out.
///
/// # Errors
/// The file cannot be read, has mistakes, or was imported before.
pub fn import(args: &ImportArgs) -> Result<(), CommandError> {
    let db = open_existing(&args.data)?;
    let content = std::fs::read(&args.file).map_err(|error| {
        CommandError::new(
            format!("{} を読めません。[{error}]", args.file.display()),
            "ファイルの場所と権限を確かめてください。",
        )
    })?;
    let defaults = Defaults {
        kind: args.kind,
        year: args.year,
    };
    let reading = earlier_lists::read(&content, defaults)
        .map_err(|error| CommandError::new(error.to_string(), "何も変更されていません。"))?;
    tell(&reading);
    if reading.errors > 0 {
        return Err(CommandError::new(
            format!(
                "直すところが{}か所あるため、取り込めません。",
                reading.errors
            ),
            "もとのファイルを直してから、もう一度実行してください。",
        ));
    }
    if args.dry_run {
        println!("読み取りだけを行いました。何も変更されていません。");
        return Ok(());
    }
    let now = Clock::system().now();
    let id = chance::id(now);
    let name = args.file.file_name().unwrap_or_default();
    let draft = Draft {
        id: &id,
        file_name: &name.to_string_lossy(),
        file_hash: &hex(&Sha256::digest(&content)),
        reading: &reading,
        complete: args.complete,
        staff_id: ACTOR,
    };
    let confirmed = db.write(|tx| {
        earlier_import::draft(tx, &draft, now, now + DRAFT_LIVES)?;
        let confirmed = earlier_import::confirm(tx, &id, ACTOR, ACTOR, now)?;
        if confirmed != Confirmed::Done {
            earlier_import::discard(tx, &id)?;
        }
        Ok::<_, StoreError>(confirmed)
    });
    match confirmed? {
        Confirmed::Done => {
            println!("{}件を取り込みました。", reading.records.len());
            Ok(())
        }
        Confirmed::SameFile | Confirmed::Before | Confirmed::No => Err(CommandError::new(
            "同じファイルがすでに取り込まれています。",
            "何も変更されていません。",
        )),
    }
}

fn tell(reading: &Reading) {
    for remark in &reading.remarks {
        let word = if remark.is_error {
            "エラー"
        } else {
            "注意"
        };
        let cell = sheet::address(remark.column, remark.row);
        println!("{cell}: {word}: {}", remark.sentence);
    }
    println!(
        "記録 {}件、エラー {}件、注意 {}件",
        reading.records.len(),
        reading.errors,
        reading.warnings
    );
}
