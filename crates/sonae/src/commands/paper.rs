//! `sonae paper list | make`: papers from the library for a company, without the portal.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use sonae_core::calendar::tokyo_date;
use sonae_core::paper::answers::{Answers, Problem, read};
use sonae_core::paper::desk::draft_text;
use sonae_core::paper::document::Document;
use sonae_core::paper::kind::Kind;
use sonae_core::paper::{Meta, compose};
use sonae_papers::{docx, html, xlsx};
use sonae_store::case;

use super::user::written;
use super::verify::open_existing;
use crate::clock::Clock;
use crate::config::DataArgs;
use crate::error::CommandError;
use crate::office::papers::draft;
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
    /// 会社の受付番号。保存されている答えと、申込みで分かっていることを文書に入れます
    #[arg(long, value_name = "NUMBER")]
    pub company: Option<String>,
    #[command(flatten)]
    pub data: DataArgs,
    /// 文書に書く版。省略すると、受け付けた会社では今の版、ほかは「第1版（案）」
    #[arg(long = "edition", value_name = "TEXT")]
    pub version: Option<String>,
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
    let paper = paper(args, kind)?;
    let file = file(kind, format, &paper)?;
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

/// A paper as it is written: the document, and what it was made of.
struct Paper {
    answers: Answers,
    meta: Meta,
    document: Document,
}

/// The paper of a sample, of answers in a file, or of a case as its draft stands.
fn paper(args: &MakeArgs, kind: &'static Kind) -> Result<Paper, CommandError> {
    let meta = Meta {
        company: String::new(),
        version: args.version.clone().unwrap_or_else(|| draft_text(1)),
        date: args
            .date
            .unwrap_or_else(|| tokyo_date(Clock::system().now())),
    };
    let answers = match &args.sample {
        Some(name) => sample(name)?,
        None => given(args)?,
    };
    if let Some(number) = &args.company {
        return of_case(args, kind, number, (answers, meta));
    }
    Ok(Paper {
        document: compose(library(), kind, &answers, &meta),
        answers,
        meta,
    })
}

fn sample(name: &str) -> Result<Answers, CommandError> {
    let samples = library().samples();
    let found = samples.iter().find(|sample| sample.name == name);
    found.map(|sample| sample.answers.clone()).ok_or_else(|| {
        let names: Vec<_> = samples.iter().map(|sample| sample.name.as_str()).collect();
        CommandError::new(
            format!("「{name}」という見本はありません。"),
            format!("次から選んでください: {}", names.join("、")),
        )
    })
}

/// The answers of the file, if there is one; what could not be read is told.
fn given(args: &MakeArgs) -> Result<Answers, CommandError> {
    let Some(file) = &args.answers else {
        return Ok(Answers::default());
    };
    let (given, problems) = of_file(file)?;
    for problem in problems {
        eprintln!("{}: {}", problem.field, problem.sentence);
    }
    Ok(given)
}

/// The draft of a case: what is saved, what the application says, and words that were taken in; `given` answers go before those that are saved.
fn of_case(
    args: &MakeArgs,
    kind: &'static Kind,
    number: &str,
    (given, meta): (Answers, Meta),
) -> Result<Paper, CommandError> {
    let db = open_existing(&args.data)?;
    let at = Clock::system().now();
    let found = db.read(|tx| match case::by_receipt(tx, number)? {
        Some(stored) => draft::of_paper(tx, &stored, kind, at).map(Some),
        None => Ok(None),
    })?;
    let Some(draft) = found else {
        return Err(CommandError::new(
            format!("受付番号「{number}」の申込みはありません。"),
            NOTHING,
        ));
    };
    let version = args.version.clone();
    let mut document = draft.document;
    let meta = Meta {
        company: document.company.clone(),
        version: version.unwrap_or_else(|| document.version.clone()),
        ..meta
    };
    let mut answers = draft.answers.shown;
    if !given.values.is_empty() {
        answers.values.extend(given.values);
        document = compose(library(), kind, &answers, &meta);
    }
    document.version.clone_from(&meta.version);
    document.date = meta.date;
    Ok(Paper {
        answers,
        meta,
        document,
    })
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

fn file(kind: &Kind, format: Format, paper: &Paper) -> Result<Vec<u8>, CommandError> {
    let defect = |error: &dyn std::fmt::Display| {
        CommandError::new(
            format!("文書を作れません。[{error}]"),
            "プログラムの不具合です。開発元に知らせてください。",
        )
    };
    let document = &paper.document;
    match format {
        Format::Docx => docx::word(document).map_err(|error| defect(&error)),
        Format::Html => Ok(html::html(document).into_bytes()),
        Format::Xlsx if kind.id == LEDGER => {
            xlsx::ledger(library(), &paper.answers, &paper.meta).map_err(|error| defect(&error))
        }
        Format::Xlsx => Err(CommandError::new(
            format!("「{}」はExcelでは作れません。", kind.title),
            "--format に docx、pdf、html のどれかを書いてください。",
        )),
        Format::Pdf => pdf(document),
    }
}

#[cfg(feature = "papers")]
fn pdf(document: &Document) -> Result<Vec<u8>, CommandError> {
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
fn pdf(_: &Document) -> Result<Vec<u8>, CommandError> {
    Err(CommandError::new(
        "このプログラムはPDFの機能なしで作られています。",
        "docx で作るか、機能 papers を付けて作り直してください。",
    ))
}
