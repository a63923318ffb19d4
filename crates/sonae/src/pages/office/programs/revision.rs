//! `/office/programs/{program}/revisions/{revision}`: what is different in a revision, and what moving its open cases would mean.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::{Action, Grant, allowed};
use sonae_core::program::diff::{Change, diff};

use super::short;
use crate::app::{App, Running};
use crate::office::moving::{self, StepEffect, Tried};
use crate::office::publishing;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/programs/{program}/revisions/{revision}",
        Action::ReadPrograms,
        page,
    )
}

#[derive(Template)]
#[template(path = "office/programs/revision.html")]
struct RevisionPage {
    frame: OfficeFrame,
    id: String,
    revision: String,
    served: String,
    is_served: bool,
    /// What changes for cases under this revision when they are moved to the one that is served.
    changes: Vec<Change>,
    /// What changes when this revision is served instead.
    when_served: Vec<Change>,
    /// The open cases under this revision, tried with the one that is served.
    tried: Vec<Tried>,
    steps: Vec<StepEffect>,
    /// The open cases under the served one, tried with this revision.
    steps_when_served: Vec<StepEffect>,
    may_publish: bool,
    may_move: bool,
    /// Whether the person may know which companies these are.
    may_list: bool,
    error: Option<String>,
    reason: String,
}

async fn page(
    State(app): State<App>,
    staff: Staff,
    Path((id, revision)): Path<(String, String)>,
) -> Page {
    shown(&app, &staff, (&id, &revision), StatusCode::OK, None, "").await
}

/// A kept revision of a programme with the one that is served.
///
/// # Errors
/// `NotFound` for what was never kept.
pub(super) async fn both(
    app: &App,
    id: &str,
    wanted: &str,
) -> Result<(Arc<Running>, Arc<Running>), PageError> {
    let served = app.programs.get(id).cloned().ok_or(PageError::NotFound)?;
    let found = publishing::find(app, id, wanted).await?;
    let (_, this) = found.ok_or(PageError::NotFound)?;
    Ok((this, served))
}

/// The page, with a mistake in what was sent if there is one.
pub(super) async fn shown(
    app: &App,
    staff: &Staff,
    (id, wanted): (&str, &str),
    status: StatusCode,
    error: Option<String>,
    reason: &str,
) -> Page {
    let (this, served) = both(app, id, wanted).await?;
    let is_served = this.program.revision == served.program.revision;
    let (inner, one, other) = (app.clone(), this.clone(), served.clone());
    let (tried, when_served) = app
        .read(move |tx| {
            if one.program.revision == other.program.revision {
                return Ok((Vec::new(), Vec::new()));
            }
            let at = inner.clock.now();
            let tried = moving::effect(&inner, tx, &one.program.revision, &other, at)?;
            let when_served = moving::effect(&inner, tx, &other.program.revision, &one, at)?;
            Ok((tried, when_served))
        })
        .await?;
    let (old, new) = (&this.program.definition, &served.program.definition);
    let page = RevisionPage {
        frame: OfficeFrame::new(
            app,
            staff,
            Section::Programs,
            &format!("版 {}", short(&this.program.revision)),
        )
        .crumb("事業", "/office/programs")
        .crumb(&new.program.short_title, &format!("/office/programs/{id}"))
        .with_error(error.is_some()),
        id: id.to_owned(),
        revision: this.program.revision.clone(),
        served: short(&served.program.revision),
        is_served,
        changes: diff(old, new),
        when_served: diff(new, old),
        steps: moving::by_step(&tried),
        steps_when_served: moving::by_step(&when_served),
        tried,
        may_publish: allowed(staff.role, Action::PublishProgram) != Grant::No,
        may_list: allowed(staff.role, Action::ListCases) == Grant::Yes,
        may_move: allowed(staff.role, Action::MoveCases) != Grant::No,
        error,
        reason: reason.to_owned(),
    };
    show(status, &page)
}
