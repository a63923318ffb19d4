//! `sonae telemetry import`: files of logs, each line once however often a file is given.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, Read, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_db::Db;
use sonae_store::telemetry_source;
use sonae_telemetry::Dictionary;
use sonae_telemetry::batch::{Batch, Origin, Prepared, Source};
use sonae_telemetry::block::Packer;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::formats::Format;
use sonae_telemetry::ingest::{self, Answer};
use sonae_telemetry::lines::{Lines, Piece};

use super::super::user::written;
use super::{CompanyArgs, has_office, open};
use crate::clock::Clock;
use crate::error::CommandError;
use crate::telemetry::reading::Reader;
use crate::telemetry::unzipped::unzipped;

/// Batches that are stored in one transaction.
const GROUP: usize = 8;
/// Bytes of lines in one batch, at most one line more.
const BATCH_BYTES: u64 = 32 << 20;

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
    let db = open(&args.company.data)?;
    let kind = args.source.as_str();
    let mut import = Import {
        db: &db,
        dictionary: Dictionary::default(),
        packer: Packer::new(),
        source: Source {
            id: format!("import-{kind}-{office_id}"),
            company: office_id,
            device: (args.device.clone()).unwrap_or_else(|| kind.to_ascii_uppercase()),
        },
        arrival: Arrival {
            received_us: Clock::system().now().as_microsecond(),
            live: false,
        },
        summary: Summary {
            company: args.company.company.clone(),
            source: kind,
            ..Summary::default()
        },
    };
    for file in &args.files {
        import.file(file, args.format.0)?;
    }
    let json = serde_json::to_string(&import.summary).expect("a summary has text keys");
    written(writeln!(out, "{json}"))
}

struct Import<'d> {
    db: &'d Db,
    dictionary: Dictionary,
    packer: Packer,
    source: Source,
    arrival: Arrival,
    summary: Summary,
}

impl Import<'_> {
    fn file(&mut self, path: &Path, format: Option<Format>) -> Result<(), CommandError> {
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
        let mut reader = Reader::new(format, self.arrival.received_us);
        let read = self.lines(input, &mut reader);
        let (known, read_to) = read.map_err(|failure| match failure {
            Failure::Input(error) => unreadable(&error),
            Failure::Command(error) => error,
        })?;
        for (sum, of_file) in [
            (&mut self.summary.formats, reader.formats),
            (&mut self.summary.unknown_reasons, reader.unread),
        ] {
            for (key, lines) in of_file {
                *sum.entry(key).or_default() += lines;
            }
        }
        self.summary.files.push(FileSummary {
            file: path.display().to_string(),
            known_bytes: known,
            new_bytes: read_to.saturating_sub(known),
        });
        Ok(())
    }

    /// Stores what was not stored before; gives how far the input was read before and how far it is read now.
    fn lines(&mut self, input: impl BufRead, reader: &mut Reader) -> Result<(u64, u64), Failure> {
        let mut lines = Lines::new(input);
        let Some(first) = lines.next().map_err(Failure::Input)? else {
            return Ok((0, 0));
        };
        let first = (first.bytes.to_vec(), first.too_long);
        let name = hex(&Sha256::digest(&first.0));
        let known = (self.db)
            .read(|tx| ingest::read_to(tx, &self.source.id, &name))
            .map_err(CommandError::from)?;
        let mut unread = Unread {
            lines,
            first: (known == 0).then_some(first),
            from: known,
        };
        let mut reached = known;
        let mut ready = Vec::new();
        loop {
            let origin = Origin::Read {
                file: name.clone(),
                from: reached,
                to: reached,
            };
            let (source, arrival) = (self.source.clone(), self.arrival);
            let mut batch = Batch::begin(source, origin, arrival, &mut self.packer);
            let ended = unread.fill(&mut batch, reader).map_err(Failure::Input)?;
            if batch.lines() > 0 {
                reached = unread.lines.position();
                batch.reached(reached);
                ready.push(batch.prepare());
            }
            if ended || ready.len() == GROUP {
                self.store(&mut ready)?;
            }
            if ended {
                return Ok((known, reached));
            }
        }
    }

    fn store(&mut self, ready: &mut Vec<Prepared>) -> Result<(), CommandError> {
        if ready.is_empty() {
            return Ok(());
        }
        let answers = ingest::store(self.db, &mut self.dictionary, ready)?;
        ready.clear();
        for answer in answers {
            let Answer::Stored(counts) = answer else {
                return Err(CommandError::new(
                    "同じファイルが、いま別のコマンドで取り込まれています。",
                    "それが終わってから、もう一度実行してください。行が二重に数えられることはありません。",
                ));
            };
            let sum = &mut self.summary;
            sum.lines += counts.lines;
            sum.detections += counts.detections;
            sum.activity += counts.activities;
            sum.unknown += counts.unknown;
            sum.batches += 1;
        }
        Ok(())
    }
}

/// What of an input is still to be read. A file is known by its first line, so that it is the same one after it grew, was renamed by rotation,
/// or was compressed; that line was taken to know it and is given back here.
struct Unread<R> {
    lines: Lines<R>,
    first: Option<(Vec<u8>, bool)>,
    /// What begins before was stored before.
    from: u64,
}

impl<R: BufRead> Unread<R> {
    /// Fills a batch; whether the input ended.
    fn fill(&mut self, batch: &mut Batch<'_>, reader: &mut Reader) -> io::Result<bool> {
        let mut bytes = 0;
        if let Some((line, too_long)) = self.first.take() {
            let piece = Piece {
                bytes: &line,
                offset: 0,
                too_long,
            };
            reader.add(batch, &piece);
        }
        while !batch.is_full() && bytes < BATCH_BYTES {
            let Some(piece) = self.lines.next()? else {
                return Ok(true);
            };
            if piece.offset >= self.from {
                bytes += piece.bytes.len() as u64;
                reader.add(batch, &piece);
            }
        }
        Ok(false)
    }
}

enum Failure {
    Input(io::Error),
    Command(CommandError),
}

impl From<CommandError> for Failure {
    fn from(error: CommandError) -> Failure {
        Failure::Command(error)
    }
}
