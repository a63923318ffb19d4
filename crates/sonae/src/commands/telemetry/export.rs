//! `sonae telemetry export`: everything of one company as OCSF, one JSON object a line.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Args;
use sonae_telemetry::block::Entry;
use sonae_telemetry::formats;
use sonae_telemetry::ocsf::{Circumstances, stored};
use sonae_telemetry::time::Receipt;
use sonae_telemetry::{Day, TelemetryError};

use super::super::user::written;
use super::{CompanyArgs, all_days, open_to_ask, unwritable};
use crate::clock::Clock;
use crate::error::CommandError;

#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    #[command(flatten)]
    pub company: CompanyArgs,
    /// 書き出すファイル。省略すると画面に出します
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Writes every stored line, the oldest day first.
///
/// # Errors
/// No such company, or nowhere to write.
pub fn export(args: &ExportArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let office_id = args.company.id()?;
    let detections = open_to_ask(&args.company.data)?;
    let mut file = match &args.out {
        Some(path) => Some(BufWriter::new(
            File::create(path).map_err(|error| unwritable(path, &error))?,
        )),
        None => None,
    };
    let out: &mut dyn Write = match &mut file {
        Some(file) => file,
        None => out,
    };
    let days = all_days(Clock::system().now().as_microsecond());
    let walked = detections.lines(&office_id, days, |entry, raw| {
        let json = object(entry, raw, &args.company.company);
        written(writeln!(out, "{json}")).map_err(Failure::Command)
    });
    walked.map_err(|failure| match failure {
        Failure::Command(error) => error,
        Failure::Stored(error) => error.into(),
    })?;
    written(out.flush())
}

enum Failure {
    Command(CommandError),
    Stored(TelemetryError),
}

impl From<TelemetryError> for Failure {
    fn from(error: TelemetryError) -> Failure {
        Failure::Stored(error)
    }
}

impl From<sonae_db::DbError> for Failure {
    fn from(error: sonae_db::DbError) -> Failure {
        Failure::Stored(error.into())
    }
}

/// One stored line in the words of OCSF; its format is read from the line again, since it is not stored.
pub(super) fn object(entry: &Entry, raw: Option<&[u8]>, company: &str) -> serde_json::Value {
    let raw = raw.map(String::from_utf8_lossy);
    let format = raw
        .as_deref()
        .and_then(|line| formats::read(line, None, Receipt::in_japan(entry.received_us)).format);
    let uid = format!("{}-{}", Day::of(entry.time_us), entry.number);
    let at = Circumstances {
        uid: &uid,
        company,
        format,
        received_us: entry.received_us,
        raw: raw.as_deref(),
    };
    stored(entry, &at)
}
