//! Detections through the commands: what is generated is imported, counted, asked, exported and removed.

mod detections;
mod devices;
mod documents;
mod files;
mod gathered;
pub(crate) mod kept;
mod push;
mod silence;
mod syslog;
mod writer;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, FromArgMatches};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sonae::commands::telemetry::{
    CompanyArgs, export, forget, generate, import, report, search, verify,
};
use sonae::error::CommandError;

fn parsed<A: Args + FromArgMatches>(words: &[&str]) -> A {
    let command = A::augment_args(clap::Command::new("telemetry").no_binary_name(true));
    let matches = command
        .try_get_matches_from(words)
        .expect("the flags are right");
    A::from_arg_matches(&matches).expect("the flags are right")
}

/// A folder with generated logs and, beside them, detections without an office.
struct Trial {
    folder: tempfile::TempDir,
    truth: Value,
}

type Run<A> = fn(&A, &mut dyn Write) -> Result<(), CommandError>;

impl Trial {
    fn new(companies: &str, days: &str) -> Trial {
        Trial::begun(companies, days, "2026-05-27")
    }

    /// With logs that begin on a day.
    fn begun(companies: &str, days: &str, from: &str) -> Trial {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("logs").display().to_string();
        let words = [
            "--seed",
            "7",
            "--companies",
            companies,
            "--days",
            days,
            "--from",
            from,
            "--out",
            &out,
        ];
        generate::generate(&parsed(&words), &mut Vec::new()).unwrap();
        let truth = fs::read_to_string(folder.path().join("logs/truth.json")).unwrap();
        Trial {
            truth: serde_json::from_str(&truth).unwrap(),
            folder,
        }
    }

    fn logs(&self) -> PathBuf {
        self.folder.path().join("logs")
    }

    /// Runs a command about a company and gives what it prints.
    fn run<A: Args + FromArgMatches>(&self, run: Run<A>, company: &str, words: &[&str]) -> String {
        let data = self.folder.path().display().to_string();
        let words: Vec<&str> = ["--data", &data, "--company", company]
            .iter()
            .chain(words)
            .copied()
            .collect();
        let mut out = Vec::new();
        run(&parsed(&words), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn import(&self, company: &str, source: &str, file: &Path) -> Value {
        let file = file.display().to_string();
        let printed = self.run(import::import, company, &["--source", source, &file]);
        assert_eq!(printed.lines().count(), 1);
        serde_json::from_str(&printed).unwrap()
    }

    fn import_all(&self) -> Vec<Value> {
        let files = self.truth["files"].as_array().unwrap().iter();
        files
            .map(|file| {
                let text = |key: &str| file[key].as_str().unwrap();
                self.import(
                    text("company"),
                    text("source"),
                    &self.logs().join(text("file")),
                )
            })
            .collect()
    }

    fn report(&self, company: &str, month: &str) -> Value {
        serde_json::from_str(&self.run(report::report, company, &["--month", month])).unwrap()
    }

    fn sound(&self) -> String {
        let data = self.folder.path().display().to_string();
        let mut out = Vec::new();
        verify::verify(&parsed(&["--data", &data]), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }
}

/// What `truth` says stands in `told` as well; rules are told with more words there.
fn holds(told: &Value, truth: &Value, at: &str) {
    match truth {
        Value::Object(pairs) if at.ends_with("/rules") => {
            let mut sums = serde_json::Map::new();
            for rule in told.as_array().unwrap() {
                let sum = sums
                    .entry(rule["rule"].as_str().unwrap())
                    .or_insert(json!(0));
                *sum = json!(sum.as_i64().unwrap() + rule["events"].as_i64().unwrap());
            }
            assert_eq!(&sums, pairs, "{at}");
        }
        Value::Object(pairs) => {
            for (key, value) in pairs {
                holds(&told[key], value, &format!("{at}/{key}"));
            }
        }
        _ => assert_eq!(told, truth, "{at}"),
    }
}

#[test]
fn figures_equal_the_truth_and_importing_again_changes_nothing() {
    let trial = Trial::new("5", "10");
    let summaries = trial.import_all();
    let sum = |key: &str| {
        summaries
            .iter()
            .map(|one| one[key].as_i64().unwrap())
            .sum::<i64>()
    };
    assert_eq!(sum("lines"), trial.truth["lines"].as_i64().unwrap());
    assert_eq!(
        sum("lines"),
        sum("detections") + sum("activity") + sum("unknown")
    );
    let reasons = |one: &Value| {
        one["unknown_reasons"]
            .as_object()
            .unwrap()
            .values()
            .map(|lines| lines.as_i64().unwrap())
            .sum::<i64>()
    };
    assert_eq!(sum("unknown"), summaries.iter().map(reasons).sum::<i64>());
    let unknown = trial.truth["unknown"].as_object().unwrap().values();
    assert_eq!(
        sum("unknown"),
        unknown.map(|lines| lines.as_i64().unwrap()).sum::<i64>()
    );
    assert!(sum("unknown") > 0);
    let months = trial.truth["months"].as_array().unwrap();
    assert_eq!(months.len(), 10, "five companies, May and June");
    let reports = || -> Vec<Value> {
        let report = |month: &Value| {
            trial.report(
                month["company"].as_str().unwrap(),
                month["month"].as_str().unwrap(),
            )
        };
        months.iter().map(report).collect()
    };
    let first = reports();
    for (told, truth) in first.iter().zip(months) {
        holds(told, truth, "");
    }
    let proved = trial.sound();
    for again in trial.import_all() {
        assert_eq!(
            (again["lines"].as_i64(), again["batches"].as_i64()),
            (Some(0), Some(0)),
            "{again}"
        );
    }
    assert_eq!((reports(), trial.sound()), (first, proved));
    let nothing = trial.report("0000", "2026-08");
    assert_eq!(
        (&nothing["detections"], &nothing["coverage"]),
        (&json!(0), &json!([]))
    );
}

#[test]
fn a_file_is_the_same_one_after_it_grew_was_renamed_or_compressed() {
    let trial = Trial::new("1", "3");
    let log = trial.logs().join("0000-utm-suricata.log");
    let whole = fs::read(&log).unwrap();
    let half = 1 + whole
        .iter()
        .take(whole.len() / 2)
        .rposition(|byte| *byte == b'\n')
        .unwrap();
    fs::write(&log, &whole[..half]).unwrap();
    let first = trial.import("0000", "utm", &log);
    assert_eq!(first["files"][0]["new_bytes"], json!(half));
    let packed = trial.logs().join("eve.json.1.gz");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&whole).unwrap();
    fs::write(&packed, gzip.finish().unwrap()).unwrap();
    let second = trial.import("0000", "utm", &packed);
    assert_eq!(second["files"][0]["known_bytes"], json!(half));
    let lines = first["lines"].as_i64().unwrap() + second["lines"].as_i64().unwrap();
    assert_eq!(json!(lines), trial.truth["lines"]);
    assert_eq!(trial.import("0000", "utm", &log)["lines"], json!(0));
    trial.sound();
}

#[test]
fn lines_that_nobody_can_read_are_counted_and_kept() {
    let trial = Trial::new("1", "1");
    let log = trial.logs().join("noise.log");
    let long = "x".repeat(300_000);
    fs::write(
        &log,
        [
            b"hello\n{\"event_type\":\n\xff\x00\x01\n".as_slice(),
            long.as_bytes(),
        ]
        .concat(),
    )
    .unwrap();
    let summary = trial.import("0000", "utm", &log);
    assert_eq!(summary["unknown"], json!(4));
    let reasons = json!({"no_format": 1, "broken": 1, "encoding": 1, "too_long": 1});
    assert_eq!(summary["unknown_reasons"], reasons);
    let exported = trial.run(export::export, "0000", &[]);
    let classes: Vec<Value> = exported
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["class_uid"].clone())
        .collect();
    assert_eq!(classes, vec![json!(0); 4]);
    assert!(exported.contains("\"raw_data\":\"hello\""));
}

#[test]
fn detections_are_found_exported_and_forgotten() {
    let trial = Trial::new("2", "2");
    trial.import_all();
    let all = trial.run(search::search, "0000", &["--limit", "100000"]);
    let of = |company: &str| -> i64 {
        let months = trial.truth["months"].as_array().unwrap().iter();
        months
            .filter(|one| one["company"] == company)
            .map(|one| one["detections"].as_i64().unwrap())
            .sum()
    };
    assert_eq!(all.lines().count() as i64, of("0000"));
    let blocked = trial.run(
        search::search,
        "0000",
        &["--limit", "100000", "--action", "blocked", "--json"],
    );
    assert!(
        blocked.lines().count() > 0
            && blocked
                .lines()
                .all(|line| line.contains("\"disposition_id\":2"))
    );
    assert!(blocked.lines().count() < all.lines().count());
    assert_eq!(
        trial
            .run(search::search, "0000", &["--limit", "3"])
            .lines()
            .count(),
        3
    );
    let exported = trial.run(export::export, "0000", &[]);
    let findings = exported
        .lines()
        .filter(|line| line.contains("\"class_uid\":2004"));
    assert_eq!(findings.count() as i64, of("0000"));
    let proof = trial.run(forget::forget as Run<CompanyArgs>, "0000", &[]);
    let proof: Value = serde_json::from_str(&proof).unwrap();
    assert!(proof["rows_before"]["block"].as_i64().unwrap() > 0);
    assert!(
        proof["rows_after"]
            .as_object()
            .unwrap()
            .values()
            .all(|rows| *rows == json!(0))
    );
    assert_eq!(trial.run(search::search, "0000", &[]), "");
    assert_eq!(
        trial
            .run(search::search, "0001", &["--limit", "100000"])
            .lines()
            .count() as i64,
        of("0001")
    );
    trial.sound();
}
