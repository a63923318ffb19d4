//! `sonae paper list | make`: papers from the library for a company, without the portal.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use sonae_core::calendar::tokyo_date;
use sonae_core::paper::answers::{Answers, Problem, read};
use sonae_core::paper::kind::Kind;
use sonae_core::paper::library::{application_facts, prefill};
use sonae_core::paper::{Meta, compose};
use sonae_papers::{docx, html, xlsx};
use sonae_store::case;

use super::user::written;
use super::verify::open_existing;
use crate::clock::Clock;
use crate::config::DataArgs;
use crate::error::CommandError;
use crate::papers::library;

/// The only kind that is a table to calculate with.
const LEDGER: &str = "asset-ledger";
const NOTHING: &str = "何も作っていません。";

#[derive(Args)]
pub struct MakeArgs {
    /// 文書の種類(`sonae paper list` で一覧が出ます)
    #[arg(long, value_name = "KIND")]
    pub kind: String,
    /// 形式。省略すると、書き出すファイルの名前の終わりで決まります
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// 書き出すファイル
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// 見本の会社(5、20、100)の答えで作ります
    #[arg(long, value_name = "NAME", conflicts_with_all = ["answers", "company"])]
    pub sample: Option<String>,
    /// 答えのファイル(JSON)
    #[arg(long, value_name = "FILE")]
    pub answers: Option<PathBuf>,
    /// 会社の受付番号。申込みで分かっていることを文書に入れます
    #[arg(long, value_name = "NUMBER")]
    pub company: Option<String>,
    #[command(flatten)]
    pub data: DataArgs,
    /// 文書に書く版
    #[arg(long = "edition", default_value = "第1版（案）", value_name = "TEXT")]
    pub version: String,
    /// 文書に書く日付。省略すると今日
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Docx,
    Pdf,
    Xlsx,
    Html,
}

/// Every kind with its name and the formats it comes in.
///
/// # Errors
/// The listing cannot be written.
pub fn list(out: &mut dyn Write) -> Result<(), CommandError> {
    for kind in library().kinds() {
        let formats = match kind.id.as_str() {
            LEDGER => "docx pdf html xlsx",
            _ => "docx pdf html",
        };
        written(writeln!(out, "{:<22} {}  ({formats})", kind.id, kind.title))?;
    }
    Ok(())
}

/// Writes one paper; what is not answered stays a line to write on. Problems of the answers are told on the standard error and left out.
///
/// # Errors
/// No such kind, sample, company or format; a file that cannot be read or written.
pub fn make(args: &MakeArgs) -> Result<(), CommandError> {
    let kind = library().kind(&args.kind).ok_or_else(|| {
        let ids: Vec<_> = library()
            .kinds()
            .iter()
            .map(|kind| kind.id.as_str())
            .collect();
        CommandError::new(
            format!("「{}」という文書はありません。", args.kind),
            format!("次から選んでください: {}", ids.join("、")),
        )
    })?;
    let format = match args.format {
        Some(format) => format,
        None => of_name(&args.out)?,
    };
    let answers = answers(args)?;
    let meta = Meta {
        company: String::new(),
        version: args.version.clone(),
        date: args
            .date
            .unwrap_or_else(|| tokyo_date(Clock::system().now())),
    };
    let file = file(kind, format, &answers, &meta)?;
    fs::write(&args.out, file).map_err(|error| {
        CommandError::new(
            format!("{} に書き込めません。[{error}]", args.out.display()),
            "場所と権限、空き容量を確かめてください。",
        )
    })
}

fn of_name(out: &Path) -> Result<Format, CommandError> {
    let ending = out
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default();
    Format::from_str(ending, true).map_err(|_| {
        CommandError::new(
            format!("{} からは形式が分かりません。", out.display()),
            "--format に docx、pdf、xlsx、html のどれかを書いてください。",
        )
    })
}

/// The sample's answers, or what the file holds, with what the company's application says where nothing is answered.
fn answers(args: &MakeArgs) -> Result<Answers, CommandError> {
    if let Some(name) = &args.sample {
        let found = library()
            .samples()
            .iter()
            .find(|sample| sample.name == *name);
        let names: Vec<_> = library()
            .samples()
            .iter()
            .map(|sample| sample.name.as_str())
            .collect();
        return found.map(|sample| sample.answers.clone()).ok_or_else(|| {
            CommandError::new(
                format!("「{name}」という見本はありません。"),
                format!("次から選んでください: {}", names.join("、")),
            )
        });
    }
    let mut answers = Answers::default();
    if let Some(file) = &args.answers {
        let (given, problems) = of_file(file)?;
        for problem in problems {
            eprintln!("{}: {}", problem.field, problem.sentence);
        }
        answers = given;
    }
    let Some(number) = &args.company else {
        return Ok(answers);
    };
    let db = open_existing(&args.data)?;
    let stored = db.read(|tx| case::by_receipt(tx, number))?.ok_or_else(|| {
        CommandError::new(
            format!("受付番号「{number}」の申込みはありません。"),
            NOTHING,
        )
    })?;
    Ok(prefill(
        library(),
        &answers,
        &application_facts(&stored.answers),
    ))
}

fn of_file(file: &Path) -> Result<(Answers, Vec<Problem>), CommandError> {
    let shown = file.display();
    let text = fs::read_to_string(file).map_err(|error| {
        CommandError::new(
            format!("{shown} を読めません。[{error}]"),
            "ファイルの場所と権限を確かめてください。",
        )
    })?;
    let json = serde_json::from_str(&text).map_err(|error| {
        CommandError::new(
            format!("{shown} はJSONとして読めません。[{error}]"),
            NOTHING,
        )
    })?;
    let reading = read(library(), &json);
    Ok((reading.answers, reading.problems))
}

fn file(
    kind: &Kind,
    format: Format,
    answers: &Answers,
    meta: &Meta,
) -> Result<Vec<u8>, CommandError> {
    let defect = |error: &dyn std::fmt::Display| {
        CommandError::new(
            format!("文書を作れません。[{error}]"),
            "プログラムの不具合です。開発元に知らせてください。",
        )
    };
    let document = compose(library(), kind, answers, meta);
    match format {
        Format::Docx => docx::word(&document).map_err(|error| defect(&error)),
        Format::Html => Ok(html::html(&document).into_bytes()),
        Format::Xlsx if kind.id == LEDGER => {
            xlsx::ledger(library(), answers, meta).map_err(|error| defect(&error))
        }
        Format::Xlsx => Err(CommandError::new(
            format!("「{}」はExcelでは作れません。", kind.title),
            "--format に docx、pdf、html のどれかを書いてください。",
        )),
        Format::Pdf => pdf(&document),
    }
}

#[cfg(feature = "papers")]
fn pdf(document: &sonae_core::paper::document::Document) -> Result<Vec<u8>, CommandError> {
    let pdf = sonae_papers::pdf::write(document).map_err(|error| {
        CommandError::new(
            format!("文書を作れません。[{error}]"),
            "プログラムの不具合です。開発元に知らせてください。",
        )
    })?;
    for missing in &pdf.unprintable {
        eprintln!("「{missing}」は印刷できる字がないため、〓で示しました。");
    }
    Ok(pdf.bytes)
}

#[cfg(not(feature = "papers"))]
fn pdf(_: &sonae_core::paper::document::Document) -> Result<Vec<u8>, CommandError> {
    Err(CommandError::new(
        "このプログラムはPDFの機能なしで作られています。",
        "docx で作るか、機能 papers を付けて作り直してください。",
    ))
}
