//! `sonae telemetry report`: the figures of one company and one month.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use sonae_core::calendar::tokyo_date;
use sonae_core::report::compose::{Of, compose};
use sonae_core::report::month::Month;
use sonae_store::{StoreError, case};
use sonae_telemetry::Day;
use sonae_telemetry::detections::Detections;

use super::super::user::written;
use super::super::verify::open_existing;
use super::{CompanyArgs, NOTHING, has_office, open_to_ask, unwritable};
use crate::clock::Clock;
use crate::error::CommandError;
use crate::office::reports::gather::{self, Known};
use crate::papers;
use crate::telemetry::figures;

#[derive(Args, Clone, Debug)]
pub struct ReportArgs {
    #[command(flatten)]
    pub company: CompanyArgs,
    /// 年月(例 2026-06)
    #[arg(long, value_name = "YYYY-MM", value_parser = parse)]
    pub month: sonae_telemetry::Month,
    /// 数字をJSONで書き出すファイル。省略すると画面に出します
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// 月次レポートをPDFで書き出すファイル
    #[arg(long, value_name = "FILE")]
    pub pdf: Option<PathBuf>,
}

/// Writes the report as it would be made now; it is neither stored nor sent.
fn pdf(
    args: &ReportArgs,
    file: &Path,
    office_id: &str,
    detections: &Detections,
    now: Timestamp,
) -> Result<(), CommandError> {
    let month = Month::parse(&args.month.to_string()).ok_or_else(|| {
        CommandError::new("年月は、2000年から2999年までで書いてください。", NOTHING)
    })?;
    let (known, name) = match has_office(&args.company.data) {
        false => (Known::default(), args.company.company.clone()),
        true => open_existing(&args.company.data)?.read(|tx| {
            let known = gather::known(tx, office_id, month)?;
            Ok::<_, StoreError>((known, case::name(tx, args.company.company.trim())?))
        })?,
    };
    let figures = gather::figures(detections, office_id, month, &known, now)?;
    let document = compose(
        &figures,
        &Of {
            company: &name,
            receipt_number: args.company.company.trim(),
            office: "事務局",
            phone: "",
            made: tokyo_date(now),
            revision: 1,
            word: "",
        },
    );
    let bytes = papers::pdf_now(&document)?;
    std::fs::write(file, bytes).map_err(|error| unwritable(file, &error))
}

fn parse(text: &str) -> Result<sonae_telemetry::Month, String> {
    sonae_telemetry::Month::parse(text)
        .ok_or_else(|| "年月は 2026-06 の形で書いてください".to_owned())
}

/// Writes the figures; a month without anything is a report too.
///
/// # Errors
/// No such company, or a file that cannot be written.
pub fn report(args: &ReportArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let office_id = args.company.id()?;
    let detections = open_to_ask(&args.company.data)?;
    let now = Clock::system().now();
    let today = Day::of(now.as_microsecond());
    if let Some(file) = &args.pdf {
        pdf(args, file, &office_id, &detections, now)?;
        if args.json.is_none() {
            return Ok(());
        }
    }
    // Hours that are still to come are not missing.
    let watched = (args.month.first_day(), args.month.last_day().min(today));
    let found = detections.month(&office_id, args.month, watched)?;
    let json = figures::json(&args.company.company, args.month, &found);
    let text = format!("{json:#}\n");
    match &args.json {
        Some(file) => std::fs::write(file, text).map_err(|error| unwritable(file, &error)),
        None => written(out.write_all(text.as_bytes())),
    }
}
