//! `GET /api/v1/programs/{id}/revisions` and `…/revisions/{revision}`: what was published, and when.

use axum::Json;
use axum::extract::{Path, State};
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::audit::at_text;
use sonae_store::revision::{self, Published};

use super::address::Id;
use super::problem::{Kind, Problem};
use super::programs::running;
use crate::app::App;

/// The revisions of a programme, the newest first.
#[derive(Serialize, JsonSchema)]
pub struct RevisionList {
    pub revisions: Vec<RevisionView>,
}

/// A revision that was checked and kept.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Revision")]
pub struct RevisionView {
    /// SHA-256 of the programme's files.
    pub revision: String,
    /// When it was kept.
    #[schemars(extend("format" = "date-time"))]
    pub published_at: String,
    /// Whether new applications are made under it.
    pub is_current: bool,
    /// Open cases that are judged by it now.
    pub open_cases: i64,
}

/// The files of a revision.
#[derive(Serialize, JsonSchema)]
pub struct RevisionFiles {
    pub revision: String,
    pub files: Vec<RevisionFile>,
}

/// A file of a programme.
#[derive(Serialize, JsonSchema)]
pub struct RevisionFile {
    pub name: String,
    /// TOML.
    pub text: String,
}

pub async fn list(State(app): State<App>, Id(id): Id) -> Result<Json<RevisionList>, Problem> {
    let current = running(&app, &id)?.program.revision.clone();
    let published = app
        .read(move |tx| revision::of_program(tx, &id))
        .await
        .map_err(Problem::of_store)?;
    let revisions = published.into_iter();
    Ok(Json(RevisionList {
        revisions: revisions.map(|one| view(one, &current)).collect(),
    }))
}

/// A revision as it is sent; `current` is the one that is served.
pub fn view(published: Published, current: &str) -> RevisionView {
    RevisionView {
        is_current: published.revision == current,
        published_at: at_text(published.published_at),
        open_cases: published.open_cases,
        revision: published.revision,
    }
}

pub async fn files(
    State(app): State<App>,
    path: Result<Path<(String, String)>, axum::extract::rejection::PathRejection>,
) -> Result<Json<RevisionFiles>, Problem> {
    let Ok(Path((id, wanted))) = path else {
        return Err(unknown());
    };
    running(&app, &id)?;
    let found = app
        .read(move |tx| {
            let published = revision::of_program(tx, &id)?;
            match published.into_iter().find(|one| one.revision == wanted) {
                Some(one) => Ok(revision::files(tx, &one.revision)?.map(|files| (one, files))),
                None => Ok(None),
            }
        })
        .await
        .map_err(Problem::of_store)?;
    let (published, files) = found.ok_or_else(unknown)?;
    let files = files
        .into_iter()
        .map(|(name, text)| RevisionFile { name, text });
    Ok(Json(RevisionFiles {
        revision: published.revision,
        files: files.collect(),
    }))
}

/// The answer for a revision that was never kept.
pub fn unknown() -> Problem {
    Problem::new(
        Kind::NotFound,
        "その版はありません。版は GET /api/v1/programs/{id}/revisions で確かめられます。",
    )
}
