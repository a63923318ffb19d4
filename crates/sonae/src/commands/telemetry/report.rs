//! `sonae telemetry report`: the figures of one company and one month.

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use sonae_telemetry::questions::month;
use sonae_telemetry::{Day, Month};

use super::super::user::written;
use super::{CompanyArgs, open_to_ask, unwritable};
use crate::clock::Clock;
use crate::error::CommandError;
use crate::telemetry::figures;

#[derive(Args, Clone, Debug)]
pub struct ReportArgs {
    #[command(flatten)]
    pub company: CompanyArgs,
    /// 年月(例 2026-06)
    #[arg(long, value_name = "YYYY-MM", value_parser = parse)]
    pub month: Month,
    /// 数字をJSONで書き出すファイル。省略すると画面に出します
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// 月次レポートをPDFで書き出すファイル
    #[arg(long, value_name = "FILE")]
    pub pdf: Option<PathBuf>,
}

fn parse(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "年月は 2026-06 の形で書いてください".to_owned())
}

/// Writes the figures; a month without anything is a report too.
///
/// # Errors
/// No such company, or a file that cannot be written.
pub fn report(args: &ReportArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    if args.pdf.is_some() {
        return Err(CommandError::new(
            "月次レポートのPDFは、まだ作れません。",
            "数字は --json で書き出せます。何も書き出していません。",
        ));
    }
    let office_id = args.company.id()?;
    let db = open_to_ask(&args.company.data)?;
    let today = Day::of(Clock::system().now().as_microsecond());
    // Hours that are still to come are not missing.
    let watched = (args.month.first_day(), args.month.last_day().min(today));
    let found = db.read(|tx| month::figures(tx, &office_id, args.month, watched))?;
    let json = figures::json(&args.company.company, args.month, &found);
    let text = format!("{json:#}\n");
    match &args.json {
        Some(file) => std::fs::write(file, text).map_err(|error| unwritable(file, &error)),
        None => written(out.write_all(text.as_bytes())),
    }
}
