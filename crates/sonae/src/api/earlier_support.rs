//! `/api/v1/earlier-support/…`: lists of earlier participants, tried out, imported and taken back as on the office's page.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::application::answers::PastSupport;
use sonae_core::application::choices::SUPPORT_KINDS;
use sonae_core::application::read::FieldError;
use sonae_core::audit::at_text;
use sonae_core::earlier_support::fiscal_year;
use sonae_core::earlier_support::list::{Defaults, FIRST_YEAR, LAST_YEAR};
use sonae_store::earlier_import::{self, Confirmed, Import, State as Stage};

use super::address::Id;
use super::body::JsonBody;
use super::door::Caller;
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::office::earlier_lists::{self, Handed};
use crate::sheet::{self, MAX_BYTES};

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// The lists that were imported or taken back, the newest first.
#[derive(Serialize, JsonSchema)]
pub struct ImportList {
    pub imports: Vec<ImportView>,
}

/// A list of earlier participants.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "EarlierSupportImport")]
pub struct ImportView {
    /// Empty for a list that was only tried out.
    pub id: String,
    pub file_name: String,
    /// SHA-256 in hex.
    pub file_sha256: String,
    #[schemars(extend("enum" = ["tried_out", "imported", "taken_back"]))]
    pub state: &'static str,
    /// One for each company, kind and year.
    pub records: i64,
    /// With errors nothing is imported.
    pub errors: i64,
    /// Cell by cell, at most 200.
    pub remarks: Vec<RemarkView>,
    /// Kinds and years of which it names every participant.
    pub covers: Vec<PastSupport>,
    #[schemars(extend("format" = "date-time"))]
    pub created_at: String,
    #[schemars(extend("format" = "date-time"))]
    pub imported_at: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    pub taken_back_at: Option<String>,
    /// Open cases that got another verdict by it; null while they are still being evaluated.
    pub cases_changed: Option<i64>,
}

/// Something about one cell.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Remark")]
pub struct RemarkView {
    /// As the spreadsheet shows it, such as `B12`.
    pub cell: String,
    /// An error keeps the list out; otherwise the cell or the row is left out.
    pub is_error: bool,
    pub sentence: String,
}

/// How a file is to be read.
#[derive(Deserialize, JsonSchema)]
pub struct HandingIn {
    /// The name under which the list is known.
    #[schemars(length(min = 1, max = 100))]
    pub file_name: String,
    /// For lists without such a column.
    #[schemars(extend("enum" = ["utm", "edr", "guidance", "csirt", "it_bcp", "inhouse_structure", "special_support"]))]
    pub kind: Option<String>,
    /// For lists without such a column.
    #[schemars(range(min = 2000, max = 2099))]
    pub year: Option<i16>,
    /// Whether it names every participant of the kinds and years in it.
    pub complete: Option<bool>,
    /// Reads and tells, and imports nothing.
    pub dry_run: Option<bool>,
}

/// Why a list is taken back.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakingBack {
    #[schemars(length(min = 1, max = 500))]
    pub reason: String,
}

pub async fn list(State(app): State<App>) -> Result<Json<ImportList>, Problem> {
    let imports = app.read(earlier_import::all).await;
    let imports = imports.map_err(Problem::of_store)?.into_iter().map(view);
    Ok(Json(ImportList {
        imports: imports.collect(),
    }))
}

pub async fn one(State(app): State<App>, Id(id): Id) -> Result<Json<ImportView>, Problem> {
    found(&app, id).await.map(Json)
}

async fn found(app: &App, id: String) -> Result<ImportView, Problem> {
    let now = app.clock.now();
    let import = app.read(move |tx| match id.contains('\0') {
        true => Ok(None),
        false => earlier_import::find(tx, &id, now),
    });
    let import = import.await.map_err(Problem::of_store)?;
    import.map(view).ok_or_else(unknown)
}

fn unknown() -> Problem {
    Problem::new(
        Kind::NotFound,
        "その名簿はありません。名簿は GET /api/v1/earlier-support/imports で確かめられます。",
    )
}

/// A file of the interface, within the bounds of a table.
pub struct File(Bytes);

impl FromRequest<App> for File {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<File, Problem> {
        let bytes = Bytes::from_request(request, app).await;
        bytes
            .map(File)
            .map_err(|rejection| match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                    Kind::TooLarge,
                    format!(
                        "送れる大きさは{}MBまでです。名簿を分けて送ってください。",
                        MAX_BYTES >> 20
                    ),
                ),
                _ => Problem::new(
                    Kind::Malformed,
                    "本文を最後まで受け取れませんでした。もう一度送ってください。",
                ),
            })
    }
}

pub async fn hand_in(
    State(app): State<App>,
    caller: Caller,
    parameters: Parameters,
    File(content): File,
) -> Result<Response, Problem> {
    let wanted = handing_in(&parameters)?;
    let dry_run = wanted.dry_run.unwrap_or(false);
    let kind = wanted.kind.as_deref();
    let choice = SUPPORT_KINDS
        .iter()
        .find(|choice| Some(choice.value) == kind);
    let handed = Handed {
        file_name: wanted.file_name,
        content,
        defaults: Defaults {
            kind: choice.map(|choice| choice.choice),
            year: wanted.year,
        },
        complete: wanted.complete.unwrap_or(false),
        by: caller.id().to_owned(),
    };
    let tried_out = earlier_lists::try_out(&app, handed).await;
    let id = tried_out.map_err(Problem::of_store)?.map_err(|error| {
        Problem::invalid_request(vec![FieldError {
            field: String::new(),
            code: "no_list",
            message: error.to_string(),
        }])
    })?;
    let import = found(&app, id.clone()).await?;
    if dry_run || import.errors > 0 {
        forget(&app, id).await?;
        return match dry_run {
            true => Ok(Json(without_id(import)).into_response()),
            false => Err(with_errors(import)),
        };
    }
    take_in(&app, &caller, id).await
}

async fn forget(app: &App, id: String) -> Result<(), Problem> {
    let forgotten = app.write(move |tx| earlier_import::discard(tx, &id)).await;
    forgotten.map(drop).map_err(Problem::of_store)
}

async fn take_in(app: &App, caller: &Caller, id: String) -> Result<Response, Problem> {
    let (by, actor, now) = (caller.id().to_owned(), caller.name(), app.clock.now());
    let wanted = id.clone();
    let confirmed = app
        .write(move |tx| earlier_import::confirm(tx, &wanted, &by, &actor, now))
        .await
        .map_err(Problem::of_store)?;
    match confirmed {
        Confirmed::Done => {
            let import = found(app, id).await?;
            Ok((StatusCode::CREATED, Json(import)).into_response())
        }
        Confirmed::Before | Confirmed::SameFile | Confirmed::No => {
            forget(app, id).await?;
            Err(Problem::refused(
                "same_file",
                "同じファイルがすでに取り込まれています。取り込み直すときは、先に前の取り込みを取り消してください。",
            ))
        }
    }
}

fn handing_in(parameters: &Parameters) -> Result<HandingIn, Problem> {
    let mut read = parameters.reader();
    let wanted = HandingIn {
        file_name: read.text("file_name", 100).unwrap_or_default(),
        kind: read.one_of(
            "kind",
            &SUPPORT_KINDS
                .iter()
                .map(|choice| choice.value)
                .collect::<Vec<_>>(),
        ),
        year: read.parsed(
            "year",
            "年度は西暦か令和で書いてください。",
            |text| {
                let year = i16::try_from(fiscal_year(text).ok()?).ok()?;
                (FIRST_YEAR..=LAST_YEAR).contains(&year).then_some(year)
            },
        ),
        complete: read.yes_no("complete"),
        dry_run: read.yes_no("dry_run"),
    };
    if wanted.file_name.is_empty() {
        read.wrong("file_name", "required", "名簿の名前を書いてください。");
    }
    read.finish()?;
    Ok(wanted)
}

fn with_errors(import: ImportView) -> Problem {
    let errors = import.remarks.into_iter().filter(|remark| remark.is_error);
    let error = |remark: RemarkView| FieldError {
        field: remark.cell,
        code: "cell",
        message: remark.sentence,
    };
    Problem::invalid_request(errors.map(error).collect())
}

/// What was only tried out is gone, and its id with it.
fn without_id(import: ImportView) -> ImportView {
    ImportView {
        id: String::new(),
        ..import
    }
}

pub async fn take_back(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Json<ImportView>, Problem> {
    let reason = reason(body)?;
    found(&app, id.clone()).await?;
    let (by, actor, now) = (caller.id().to_owned(), caller.name(), app.clock.now());
    let wanted = id.clone();
    let done = app
        .write(move |tx| earlier_import::take_back(tx, &wanted, &by, &actor, &reason, now))
        .await
        .map_err(Problem::of_store)?;
    match done {
        true => found(&app, id).await.map(Json),
        false => Err(Problem::refused(
            "not_imported",
            "この名簿は、取り込まれていないか、すでに取り消されています。",
        )),
    }
}

fn reason(body: serde_json::Value) -> Result<String, Problem> {
    let read = serde_json::from_value::<TakingBack>(body).ok();
    let reason = read.map(|sent| sent.reason.trim().to_owned());
    let fits = |reason: &String| {
        !reason.is_empty() && !reason.contains('\0') && reason.chars().nth(LONGEST_REASON).is_none()
    };
    reason.filter(fits).ok_or_else(|| {
        Problem::invalid_request(vec![FieldError {
            field: "reason".to_owned(),
            code: "required",
            message: format!("取り消す理由を、{LONGEST_REASON}文字までで送ってください。"),
        }])
    })
}

fn view(import: Import) -> ImportView {
    let remarks = import.reading.remarks.iter().map(|remark| RemarkView {
        cell: sheet::address(remark.column, remark.row),
        is_error: remark.is_error,
        sentence: remark.sentence.clone(),
    });
    ImportView {
        remarks: remarks.collect(),
        id: import.id,
        file_name: import.file_name,
        file_sha256: import.file_hash,
        state: match import.state {
            Stage::Draft => "tried_out",
            Stage::Imported => "imported",
            Stage::TakenBack => "taken_back",
        },
        records: import.records,
        errors: import.errors,
        covers: import.covers,
        created_at: at_text(import.created_at),
        imported_at: import.imported_at.map(at_text),
        taken_back_at: import.taken_back_at.map(at_text),
        cases_changed: import.rechecked,
    }
}
