//! `sonae telemetry import`: files of logs, each line once however often a file is given.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use sonae_store::telemetry_source;
use sonae_telemetry::batch::Source;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::formats::Format;

use super::super::user::written;
use super::{CompanyArgs, has_office, open};
use crate::clock::Clock;
use crate::error::CommandError;
use crate::telemetry::files::{Came, Failure, Files};
use crate::telemetry::unzipped::unzipped;

#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    #[command(flatten)]
    pub company: CompanyArgs,
    /// 何のログか(utmまたはedr)
    #[arg(long, value_name = "SOURCE")]
    pub source: Kind,
    /// 初めに試す形式(例 fortigate)。autoは1行ごとに見分けます
    #[arg(long, value_name = "FORMAT", default_value = "auto", value_parser = format)]
    pub format: Chosen,
    /// 行に機器の名前がないときの機器(製造番号など)。省略すると UTM または EDR
    #[arg(long, value_name = "SERIAL")]
    pub device: Option<String>,
    /// ログのファイル(そのまま、またはgzip)。- は標準入力
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

/// What the company was lent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    Utm,
    Edr,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Utm => "utm",
            Kind::Edr => "edr",
        }
    }

    pub const fn stored(self) -> telemetry_source::Kind {
        match self {
            Kind::Utm => telemetry_source::Kind::Utm,
            Kind::Edr => telemetry_source::Kind::Edr,
        }
    }
}

/// A format, or none for `auto`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen(pub Option<Format>);

fn format(word: &str) -> Result<Chosen, String> {
    if word == "auto" {
        return Ok(Chosen(None));
    }
    let names = || Format::ALL.map(Format::code).join(", ");
    let found = Format::by_code(word).ok_or_else(|| format!("auto, {}", names()))?;
    Ok(Chosen(Some(found)))
}

/// What was done, as it is printed.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    pub company: String,
    pub source: &'static str,
    pub files: Vec<FileSummary>,
    /// Records of documents that were stored before, whatever they say now.
    pub known_records: u64,
    pub lines: i64,
    pub detections: i64,
    pub activity: i64,
    pub unknown: i64,
    pub unknown_reasons: BTreeMap<&'static str, u64>,
    pub formats: BTreeMap<&'static str, u64>,
    pub batches: usize,
}

/// One file, in bytes of its plain content.
#[derive(Debug, Serialize)]
pub struct FileSummary {
    pub file: String,
    /// What was read before and is left alone now.
    pub known_bytes: u64,
    pub new_bytes: u64,
}

/// Reads files and prints what was stored.
///
/// # Errors
/// No such company, a file that cannot be read, a database that cannot be written. What was stored before stays, and the same command goes on there.
pub fn import(args: &ImportArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let office_id = args.company.id()?;
    if !has_office(&args.company.data) {
        eprintln!(
            "{} に事務局のデータベースがないため、試用として「{}」の名前で取り込みます。",
            args.company.data.data.display(),
            args.company.company
        );
    }
    let detections = open(&args.company.data)?;
    let kind = args.source.as_str();
    let source = Source {
        id: format!("import-{kind}-{office_id}"),
        company: office_id,
        device: (args.device.clone()).unwrap_or_else(|| kind.to_ascii_uppercase()),
    };
    let arrival = Arrival {
        received_us: Clock::system().now().as_microsecond(),
        live: false,
    };
    let mut files = Files::new(&detections, source, arrival);
    let mut summary = Summary {
        company: args.company.company.clone(),
        source: kind,
        ..Summary::default()
    };
    for path in &args.files {
        let came = file(&mut files, path, args.format.0)?;
        summary.add(path, came);
    }
    let json = serde_json::to_string(&summary).expect("a summary has text keys");
    written(writeln!(out, "{json}"))
}

impl Summary {
    fn add(&mut self, path: &Path, came: Came) {
        self.known_records += came.known_records;
        self.lines += came.counts.lines;
        self.detections += came.counts.detections;
        self.activity += came.counts.activities;
        self.unknown += came.counts.unknown;
        self.batches += came.batches;
        for (sum, of_file) in [
            (&mut self.formats, came.formats),
            (&mut self.unknown_reasons, came.unread),
        ] {
            for (key, lines) in of_file {
                *sum.entry(key).or_default() += lines;
            }
        }
        self.files.push(FileSummary {
            file: path.display().to_string(),
            known_bytes: came.known,
            new_bytes: came.reached.saturating_sub(came.known),
        });
    }
}

fn file(files: &mut Files<'_>, path: &Path, format: Option<Format>) -> Result<Came, CommandError> {
    let unreadable = |error: &io::Error| {
        CommandError::new(
            format!("{} を読めません。[{error}]", path.display()),
            "ファイルの場所と権限を確かめてください。ここまでに取り込んだ行は残っています。もう一度実行すると続きから取り込みます。",
        )
    };
    let input: Box<dyn Read> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin().lock()),
        false => Box::new(File::open(path).map_err(|error| unreadable(&error))?),
    };
    let input = unzipped(input).map_err(|error| unreadable(&error))?;
    files.read(input, format).map_err(|failure| match failure {
        Failure::Input(error) => unreadable(&error),
        Failure::Store(error) => error.into(),
        Failure::Elsewhere => CommandError::new(
            "同じファイルが、いま別のコマンドで取り込まれています。",
            "それが終わってから、もう一度実行してください。行が二重に数えられることはありません。",
        ),
    })
}
