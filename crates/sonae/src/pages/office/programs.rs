//! `/office/programs`: the programmes, the revisions under which they are and were served, and the flow of each.

mod flow;
mod moving;
mod publish;
mod revision;
mod revisions;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::calendar::japanese::moment;
use sonae_store::serving;

use super::Page;
use super::door::{Door, Staff};
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    let door = door.get("/office/programs", Action::ReadPrograms, overview);
    let door = flow::routes(door);
    let door = publish::routes(door);
    let door = revisions::routes(door);
    let door = revision::routes(door);
    moving::routes(door)
}

#[derive(Template)]
#[template(path = "office/programs.html")]
struct Overview {
    frame: OfficeFrame,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    title: String,
    revision: String,
    since: String,
    /// Open cases, and those of them under another revision.
    open: i64,
    elsewhere: i64,
}

async fn overview(State(app): State<App>, staff: Staff) -> Page {
    let inner = app.clone();
    let rows = app
        .read(move |tx| {
            let mut rows = Vec::new();
            for running in inner.programs.iter() {
                let program = &running.program;
                let latest = serving::latest(tx, program.id())?;
                let cases = serving::cases_by_revision(tx, program.id())?;
                let open = cases.iter().filter(|(_, status, _)| status == "open");
                let elsewhere = open
                    .clone()
                    .filter(|(revision, _, _)| *revision != program.revision);
                rows.push(Row {
                    id: program.id().to_owned(),
                    title: program.definition.program.title.clone(),
                    revision: short(&program.revision),
                    since: latest.map(|latest| moment(latest.at)).unwrap_or_default(),
                    elsewhere: elsewhere.map(|(_, _, count)| count).sum(),
                    open: open.map(|(_, _, count)| count).sum(),
                });
            }
            Ok(rows)
        })
        .await?;
    let page = Overview {
        frame: OfficeFrame::new(&app, &staff, Section::Programs, "事業"),
        rows,
    };
    show(StatusCode::OK, &page)
}

/// The beginning of a revision's hash, by which people call it.
fn short(revision: &str) -> String {
    revision.chars().take(12).collect()
}
