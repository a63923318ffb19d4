//! `/office/programs/{program}`: under which revisions a programme was served, and how many cases are under each.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::{Action, Grant, allowed};
use sonae_core::calendar::japanese::moment;
use sonae_store::{revision, serving};

use super::short;
use crate::app::App;
use crate::office::people::People;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    door.get("/office/programs/{program}", Action::ReadPrograms, page)
}

#[derive(Template)]
#[template(path = "office/programs/revisions.html")]
struct RevisionsPage {
    frame: OfficeFrame,
    id: String,
    rows: Vec<Row>,
    history: Vec<Served>,
    may_publish: bool,
    /// What is to be corrected in what was uploaded.
    mistakes: Vec<String>,
}

struct Row {
    href: String,
    revision: String,
    kept_at: String,
    served: bool,
    open: i64,
    confirmed: i64,
}

struct Served {
    revision: String,
    by: String,
    at: String,
    reason: String,
}

async fn page(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    shown(&app, &staff, &id, StatusCode::OK, Vec::new()).await
}

/// The page, with what is to be corrected in an upload.
pub(super) async fn shown(
    app: &App,
    staff: &Staff,
    id: &str,
    status: StatusCode,
    mistakes: Vec<String>,
) -> Page {
    let running = app.programs.get(id).cloned().ok_or(PageError::NotFound)?;
    let program = id.to_owned();
    let read = app.read(move |tx| {
        Ok((
            revision::of_program(tx, &program)?,
            serving::of_program(tx, &program)?,
            serving::cases_by_revision(tx, &program)?,
            People::read(tx)?,
        ))
    });
    let (revisions, served, cases, people) = read.await?;
    let rows = revisions.into_iter().map(|kept| {
        let revision = kept.revision;
        let count = |wanted: &str| {
            let found = cases
                .iter()
                .find(|(of, status, _)| *of == revision && status == wanted);
            found.map_or(0, |(_, _, count)| *count)
        };
        Row {
            href: format!("/office/programs/{id}/revisions/{revision}"),
            kept_at: moment(kept.published_at),
            served: running.program.revision == revision,
            open: count("open"),
            confirmed: count("confirmed"),
            revision: short(&revision),
        }
    });
    let page = RevisionsPage {
        frame: OfficeFrame::new(
            app,
            staff,
            Section::Programs,
            &running.program.definition.program.short_title,
        )
        .crumb("事業", "/office/programs")
        .with_error(!mistakes.is_empty()),
        id: id.to_owned(),
        rows: rows.collect(),
        history: (served.iter())
            .map(|served| Served {
                revision: short(&served.revision),
                by: people.name(&served.by),
                at: moment(served.at),
                reason: served.reason.clone(),
            })
            .collect(),
        may_publish: allowed(staff.role, Action::PublishProgram) != Grant::No,
        mistakes,
    };
    show(status, &page)
}
