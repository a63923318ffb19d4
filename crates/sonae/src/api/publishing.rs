//! `POST /api/v1/programs/{id}/revisions`, `…/revisions/{revision}/publish` and `GET …/revisions/{revision}/effect`: a new revision is
//! checked and kept, its difference and effect are read, and it is served on purpose, by the same commands as on the office's pages.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::access::{Action, Grant};
use sonae_core::application::read::FieldError;
use sonae_core::program::diff::{self, diff};
use sonae_db::Tx;
use sonae_store::StoreError;

use super::address::Id;
use super::body::JsonBody;
use super::door::Caller;
use super::problem::Problem;
use super::programs::running;
use super::revisions::{RevisionView, unknown, view};
use super::typed::{self, wrong};
use crate::app::{App, Running};
use crate::office::moving::{self, StepEffect, Tried};
use crate::office::publishing::{self, Serving};

/// The largest body with the files of a programme, in bytes; those of the built-in ones take some seventy thousand.
pub const LARGEST_REVISION: usize = 1024 * 1024;
/// The most files of a body; a programme has eight.
const MOST_FILES: usize = 50;
/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

/// The files of a new revision.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRevision {
    #[schemars(length(min = 1, max = 50))]
    pub files: Vec<NewFile>,
}

/// A file of a new revision.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFile {
    /// Such as `program.toml`.
    pub name: String,
    /// TOML.
    pub text: String,
}

/// Why a revision is served from now on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Publishing {
    #[schemars(length(min = 1, max = 500))]
    pub reason: String,
}

/// What a revision means, compared with the one that is served.
#[derive(Serialize, JsonSchema)]
pub struct RevisionEffect {
    pub revision: String,
    /// The revision under which new applications are made.
    pub served: String,
    /// When this revision is served instead: its differences, and what moving the open cases of the served one to it would mean.
    pub when_served: EffectView,
    /// When the open cases under this revision are moved to the one that is served.
    pub when_moved: EffectView,
}

/// Differences and their effect.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Effect")]
pub struct EffectView {
    pub changes: Vec<ChangeView>,
    /// Open cases by step; at most 500 are tried.
    pub steps: Vec<StepEffectView>,
    /// Open cases for which something would be different, or that cannot be moved; null without the scope `list_cases`.
    pub cases: Option<Vec<CaseEffectView>>,
}

/// A difference between two revisions.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Change")]
pub struct ChangeView {
    pub file: &'static str,
    /// The item by its names, for example `course utm › capacity › places`.
    pub item: String,
    /// Null for what is new.
    pub before: Option<String>,
    /// Null for what is gone.
    pub after: Option<String>,
    /// Japanese: what it means.
    pub effect: String,
}

/// Open cases at one step.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StepEffect")]
pub struct StepEffectView {
    /// The step's title.
    pub step: String,
    pub cases: u32,
    /// For how many the judgement, the step or the due date would be different.
    pub different: u32,
    /// How many cannot be moved.
    pub refused: u32,
}

/// A case for which something would be different.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CaseEffect")]
pub struct CaseEffectView {
    pub receipt_number: String,
    pub version: i64,
    /// Japanese: what would be different.
    pub difference: Option<String>,
    /// Japanese: why it cannot be moved.
    pub refused: Option<String>,
}

type TwoNames = Result<Path<(String, String)>, PathRejection>;

pub async fn keep(
    State(app): State<App>,
    caller: Caller,
    Id(id): Id,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    running(&app, &id)?;
    let sent: NewRevision = typed::read_any(body)?;
    if sent.files.is_empty() || sent.files.len() > MOST_FILES {
        let message = format!("事業のファイルを、1つから{MOST_FILES}個までで送ってください。");
        return Err(wrong("files", "invalid", &message));
    }
    let files = sent.files.iter();
    let files = files.map(|file| (file.name.as_str(), file.text.as_bytes()));
    let program = publishing::read(&app, &id, files).map_err(mistakes)?;
    let revision = program.revision.clone();
    let is_new = publishing::keep(&app, program, caller.name())
        .await
        .map_err(Problem::of_store)?;
    let status = match is_new {
        true => StatusCode::CREATED,
        false => StatusCode::OK,
    };
    let kept = kept(&app, &id, &revision).await?;
    Ok((status, Json(kept)).into_response())
}

fn mistakes(sentences: Vec<String>) -> Problem {
    let errors = sentences.into_iter().map(|message| FieldError {
        field: "files".to_owned(),
        code: "invalid",
        message,
    });
    Problem::invalid_request(errors.collect())
}

/// A revision as the list of revisions has it.
async fn kept(app: &App, id: &str, revision: &str) -> Result<RevisionView, Problem> {
    let current = running(app, id)?.program.revision.clone();
    let found = publishing::find(app, id, revision)
        .await
        .map_err(Problem::of_store)?;
    let (published, _) = found.ok_or_else(unknown)?;
    Ok(view(published, &current))
}

pub async fn publish(
    State(app): State<App>,
    caller: Caller,
    path: TwoNames,
    JsonBody(body): JsonBody,
) -> Result<Json<RevisionView>, Problem> {
    let Ok(Path((id, revision))) = path else {
        return Err(unknown());
    };
    running(&app, &id)?;
    let sent: Publishing = typed::read(body)?;
    let reason = sent.reason.trim().to_owned();
    if reason.is_empty() || reason.chars().nth(LONGEST_REASON).is_some() {
        let message = format!("公開する理由を、{LONGEST_REASON}文字までで送ってください。");
        return Err(wrong("reason", "required", &message));
    }
    let serving = Serving {
        program_id: id.clone(),
        revision: revision.clone(),
        by: caller.name(),
        reason,
    };
    let served = publishing::serve(&app, serving).await;
    served.map_err(Problem::of_store)?.ok_or_else(unknown)?;
    kept(&app, &id, &revision).await.map(Json)
}

pub async fn effect(
    State(app): State<App>,
    caller: Caller,
    path: TwoNames,
) -> Result<Json<RevisionEffect>, Problem> {
    let Ok(Path((id, wanted))) = path else {
        return Err(unknown());
    };
    let served = app.programs.get(&id).cloned().ok_or_else(unknown)?;
    let found = publishing::find(&app, &id, &wanted)
        .await
        .map_err(Problem::of_store)?;
    let (_, this) = found.ok_or_else(unknown)?;
    let may_list = caller.grant(Action::ListCases) == Grant::Yes;
    let inner = app.clone();
    let effect = app.read(move |tx| {
        Ok(RevisionEffect {
            when_served: from_to(&inner, tx, &served, &this, may_list)?,
            when_moved: from_to(&inner, tx, &this, &served, may_list)?,
            revision: this.program.revision.clone(),
            served: served.program.revision.clone(),
        })
    });
    effect.await.map(Json).map_err(Problem::of_store)
}

/// What changes from one revision to another.
fn from_to(
    app: &App,
    tx: &mut Tx,
    from: &Running,
    to: &Running,
    may_list: bool,
) -> Result<EffectView, StoreError> {
    let is_same = from.program.revision == to.program.revision;
    let tried = match is_same {
        true => Vec::new(),
        false => moving::effect(app, tx, &from.program.revision, to, app.clock.now())?,
    };
    let changes = diff(&from.program.definition, &to.program.definition);
    Ok(EffectView {
        changes: changes.into_iter().map(change).collect(),
        steps: moving::by_step(&tried).into_iter().map(step).collect(),
        cases: may_list.then(|| tried.into_iter().filter_map(case).collect()),
    })
}

fn change(change: diff::Change) -> ChangeView {
    ChangeView {
        file: change.file,
        item: change.item,
        before: change.before,
        after: change.after,
        effect: change.effect.sentence().to_owned(),
    }
}

fn step(effect: StepEffect) -> StepEffectView {
    StepEffectView {
        step: effect.step,
        cases: effect.cases,
        different: effect.different,
        refused: effect.refused,
    }
}

fn case(tried: Tried) -> Option<CaseEffectView> {
    let is_touched = tried.difference.is_some() || tried.refused.is_some();
    is_touched.then_some(CaseEffectView {
        receipt_number: tried.receipt_number,
        version: tried.version,
        difference: tried.difference,
        refused: tried.refused,
    })
}
