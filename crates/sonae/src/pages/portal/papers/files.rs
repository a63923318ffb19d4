//! The files of a version: PDF as it was sent, Word, and the ledger as a workbook.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use sonae_core::paper::Meta;
use sonae_core::paper::answers::{Answers, read as read_answers};
use sonae_papers::{docx, xlsx};
use sonae_store::paper_version::{self, Version, Which};

use super::super::super::public::calm::{self, Page};
use super::super::super::public::error::PageError;
use super::answers::{XLSX, download};
use super::paper::{Read, read_paper};
use super::visit;
use crate::app::App;
use crate::papers::library;

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

type Numbered = Path<(String, String, String, String)>;

pub(in crate::pages::portal) async fn word(
    State(app): State<App>,
    Path((number, token, kind, version)): Numbered,
) -> Page {
    let read = one(&app, (&number, &token), &kind, &version).await?;
    let bytes = docx::word(&read.document);
    let bytes = bytes.map_err(|error| broken(&error))?;
    Ok(download(DOCX, &name(&kind, &read.version, "docx"), bytes))
}

pub(in crate::pages::portal) async fn pdf(
    State(app): State<App>,
    Path((number, token, kind, version)): Numbered,
) -> Page {
    let (opened, _) = visit(&app, &number, &token).await?;
    let id = opened.stored.application_id.clone();
    let read = one(&app, (&number, &token), &kind, &version).await?;
    let (which, wanted) = (kind.clone(), read.version.version);
    let found = app.read(move |tx| {
        paper_version::pdf(
            tx,
            Which {
                application_id: &id,
                kind: &which,
                version: wanted,
            },
        )
    });
    let bytes = found
        .await
        .map_err(calm::failed)?
        .ok_or_else(calm::not_found)?;
    Ok(download(
        "application/pdf",
        &name(&kind, &read.version, "pdf"),
        bytes,
    ))
}

pub(in crate::pages::portal) async fn excel(
    State(app): State<App>,
    Path((number, token, kind, version)): Numbered,
) -> Page {
    if kind != "asset-ledger" {
        return Err(calm::not_found());
    }
    let (opened, _) = visit(&app, &number, &token).await?;
    let id = opened.stored.application_id.clone();
    let read = one(&app, (&number, &token), &kind, &version).await?;
    let (which, wanted) = (kind.clone(), read.version.version);
    let found = app.read(move |tx| {
        paper_version::answers(
            tx,
            Which {
                application_id: &id,
                kind: &which,
                version: wanted,
            },
        )
    });
    let text = found
        .await
        .map_err(calm::failed)?
        .ok_or_else(calm::not_found)?;
    let answers = serde_json::from_str(&text).map_or_else(
        |_| Answers::default(),
        |json: serde_json::Value| read_answers(library(), &json).answers,
    );
    let meta = Meta {
        company: read.document.company.clone(),
        version: read.document.version.clone(),
        date: read.document.date,
    };
    let bytes = xlsx::ledger(library(), &answers, &meta).map_err(|error| broken(&error))?;
    Ok(download(XLSX, &name(&kind, &read.version, "xlsx"), bytes))
}

async fn one(
    app: &App,
    (number, token): (&str, &str),
    kind: &str,
    version: &str,
) -> Result<Read, Response> {
    let (opened, _) = visit(app, number, token).await?;
    let wanted: u32 = version.parse().map_err(|_| calm::not_found())?;
    let read = read_paper(app, &opened, kind, Some(wanted)).await?;
    read.ok_or_else(calm::not_found)
}

fn name(kind: &str, version: &Version, ending: &str) -> String {
    format!("{kind}-{}.{ending}", version.version)
}

fn broken(error: &dyn std::fmt::Display) -> Response {
    PageError::Internal(format!("a paper could not be written: {error}")).into_response()
}
