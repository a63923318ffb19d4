//! `sonae telemetry generate`: invented logs whose truth is known, for trials and rehearsals.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::{Date, date};
use serde_json::{Map, Value, json};
use sonae_telemetry::detection::{Action, Severity};
use sonae_telemetry::formats::Format;
use sonae_telemetry::generate::{Batch, Plan, Truth};
use sonae_telemetry::{Day, Month};

use super::super::user::written;
use super::unwritable;
use crate::error::CommandError;

#[derive(Args, Clone, Debug)]
pub struct GenerateArgs {
    /// 乱数の種。同じ種からは同じログができます
    #[arg(long, value_name = "NUMBER")]
    pub seed: u64,
    /// 会社の数
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub companies: u32,
    /// 日数
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=400))]
    pub days: u32,
    /// 初めの日
    #[arg(long, value_name = "DATE", default_value_t = date(2026, 6, 1))]
    pub from: Date,
    /// 1台が1日に書く行のおよその数
    #[arg(long, value_name = "NUMBER", default_value_t = 200, value_parser = clap::value_parser!(u32).range(2..=100_000))]
    pub lines: u32,
    /// 書き出すフォルダー。空のものか、まだないもの
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// Writes a file for each device of each company, and `truth.json` with the figures that come of them.
///
/// # Errors
/// The folder is not empty or cannot be written.
pub fn generate(args: &GenerateArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let folder = &args.out;
    fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    let mut there = fs::read_dir(folder).map_err(|error| unwritable(folder, &error))?;
    if there.next().is_some() {
        return Err(CommandError::new(
            format!("{} は空ではありません。", folder.display()),
            "空のフォルダーか、まだないフォルダーを指定してください。",
        ));
    }
    let plan = Plan {
        seed: args.seed,
        companies: args.companies,
        first_day: Day::of_date(args.from).0,
        days: args.days,
        lines: args.lines,
    };
    let mut truth = Truth::default();
    let mut files: BTreeMap<String, Value> = BTreeMap::new();
    for (batch, of_batch) in plan.batches() {
        let name = file_name(&batch);
        append(&folder.join(&name), &batch)?;
        files.entry(name).or_insert_with_key(|name| {
            json!({"file": name, "company": code(batch.company), "source": kind(batch.format), "format": batch.format.code()})
        });
        truth.add(of_batch);
    }
    let json = json!({
        "seed": args.seed,
        "first_day": args.from.to_string(),
        "days": args.days,
        "lines": truth.lines(),
        "files": files.into_values().collect::<Vec<_>>(),
        "months": months(&truth),
        "unknown": unknown(&truth),
    });
    let path = folder.join("truth.json");
    fs::write(&path, format!("{json:#}\n")).map_err(|error| unwritable(&path, &error))?;
    written(writeln!(
        out,
        "{} に{}社のログ {}行と、その答え truth.json を作りました。",
        folder.display(),
        args.companies,
        truth.lines()
    ))
}

fn append(path: &Path, batch: &Batch) -> Result<(), CommandError> {
    let write = || {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let mut file = BufWriter::new(file);
        for line in &batch.lines {
            writeln!(file, "{line}")?;
        }
        file.flush()
    };
    write().map_err(|error| unwritable(path, &error))
}

fn code(company: u32) -> String {
    format!("{company:04}")
}

fn kind(format: Format) -> &'static str {
    match format {
        Format::Defender => "edr",
        _ => "utm",
    }
}

fn file_name(batch: &Batch) -> String {
    let format = batch.format;
    format!(
        "{}-{}-{}.log",
        code(batch.company),
        kind(format),
        format.code()
    )
}

/// The figures of each company's months, under the names that `report` gives them.
fn months(truth: &Truth) -> Value {
    let mut months: BTreeMap<(u32, Month), Figures> = BTreeMap::new();
    let month = |company: u32, day: i64| (company, Day(day).month());
    for (cell, sum) in &truth.detections {
        let figures = months.entry(month(cell.company, cell.day)).or_default();
        let events = sum.events;
        figures.detections += sum.lines;
        figures.events += events;
        *figures.days.entry(Day(cell.day).to_string()).or_default() += events;
        *figures.severities.entry(cell.severity).or_default() += events;
        *figures.actions.entry(cell.action).or_default() += events;
        *figures.devices.entry(&cell.device).or_default() += events;
        *figures.rules.entry(&cell.rule).or_default() += events;
        figures
            .sources
            .extend(sum.sources.iter().map(String::as_str));
    }
    for ((company, day, kind), lines) in &truth.activities {
        let figures = months.entry(month(*company, *day)).or_default();
        *figures.activities.entry(kind).or_default() += lines;
    }
    let told = months.iter().map(|((company, month), figures)| {
        let mut json = figures.json();
        json["company"] = json!(code(*company));
        json["month"] = json!(month.to_string());
        json
    });
    told.collect()
}

/// Lines of each company that nobody can read. They tell no time, so they count in the month in which they are imported.
fn unknown(truth: &Truth) -> BTreeMap<String, u64> {
    let mut companies: BTreeMap<String, u64> = BTreeMap::new();
    for ((company, _), lines) in &truth.unknown {
        *companies.entry(code(*company)).or_default() += lines;
    }
    companies
}

#[derive(Default)]
struct Figures<'t> {
    detections: u64,
    events: u64,
    days: BTreeMap<String, u64>,
    severities: BTreeMap<Severity, u64>,
    actions: BTreeMap<Action, u64>,
    devices: BTreeMap<&'t str, u64>,
    rules: BTreeMap<&'t str, u64>,
    sources: BTreeSet<&'t str>,
    activities: BTreeMap<&'t str, u64>,
}

impl Figures<'_> {
    fn json(&self) -> Value {
        let by = |pairs: Vec<(&str, u64)>| -> Value {
            let pairs = pairs
                .into_iter()
                .map(|(key, value)| (key.to_owned(), json!(value)));
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        let severity =
            |one: Severity| (one.code(), self.severities.get(&one).copied().unwrap_or(0));
        let action = |one: Action| (one.code(), self.actions.get(&one).copied().unwrap_or(0));
        json!({
            "detections": self.detections,
            "events": self.events,
            "by_severity": by(Severity::ALL.map(severity).to_vec()),
            "by_action": by(Action::ALL.map(action).to_vec()),
            "by_day": self.days,
            "devices": self.devices,
            "rules": self.rules,
            "addresses": {"sources": self.sources.len()},
            "activities": self.activities,
        })
    }
}
