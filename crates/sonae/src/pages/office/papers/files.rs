//! `…/papers/{kind}/draft/{format}`, `…/versions/{version}/{format}` and `…/attachments/{id}`: a paper as a file.

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sonae_core::access::Action;
use sonae_core::paper::Meta;
use sonae_core::paper::answers::{Answers, read as read_answers};
use sonae_core::paper::document::Document;
use sonae_papers::{docx, xlsx};
use sonae_store::paper_version::Which;
use sonae_store::{paper_attachment, paper_version};

use super::paper::{LEDGER, read_paper};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::case::open::open_with;
use crate::pages::office::door::{Door, Staff};
use crate::pages::public::error::PageError;
use crate::papers::{self, library};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/cases/{receipt_number}/papers/{kind}/draft/{format}",
        Action::ReadPapers,
        draft,
    )
    .get(
        "/office/cases/{receipt_number}/papers/{kind}/versions/{version}/{format}",
        Action::ReadPapers,
        version,
    )
    .get(
        "/office/cases/{receipt_number}/papers/{kind}/attachments/{id}",
        Action::ReadPapers,
        attachment,
    )
}

async fn draft(
    State(app): State<App>,
    Path((number, kind, format)): Path<(String, String, String)>,
    staff: Staff,
) -> Page {
    let (_, paper) = read_paper(&app, &staff, (&number, &kind), None).await?;
    let name = format!("{kind}-{}-draft", paper.draft.state.version());
    let document = paper.draft.document;
    match format.as_str() {
        "pdf" => {
            let pdf = papers::pdf(document).await.ok_or(PageError::NotFound)?;
            Ok(file("application/pdf", &format!("{name}.pdf"), pdf))
        }
        _ => written(&document, &paper.draft.answers.shown, (&format, &name)),
    }
}

async fn version(
    State(app): State<App>,
    Path((number, kind, version, format)): Path<(String, String, String, String)>,
    staff: Staff,
) -> Page {
    let wanted: u32 = version.parse().map_err(|_| PageError::NotFound)?;
    let which_kind = kind.clone();
    let (_, found) = open_with(
        &app,
        &staff,
        &number,
        Action::ReadPapers,
        move |tx, opened| {
            let which = Which {
                application_id: &opened.stored.application_id,
                kind: &which_kind,
                version: wanted,
            };
            let Some((_, document)) = paper_version::find(tx, which)? else {
                return Ok(None);
            };
            let document: Document = serde_json::from_str(&document)?;
            let answers = paper_version::answers(tx, which)?.unwrap_or_default();
            Ok(Some((document, answers, paper_version::pdf(tx, which)?)))
        },
    )
    .await?;
    let (document, answers, pdf) = found.ok_or(PageError::NotFound)?;
    let name = format!("{kind}-{wanted}");
    match format.as_str() {
        "pdf" => {
            let pdf = pdf.ok_or(PageError::NotFound)?;
            Ok(file("application/pdf", &format!("{name}.pdf"), pdf))
        }
        _ => {
            let answers = serde_json::from_str(&answers).unwrap_or_default();
            let answers = read_answers(library(), &answers).answers;
            written(&document, &answers, (&format, &name))
        }
    }
}

/// The formats that are made from a document when they are asked for.
fn written(document: &Document, answers: &Answers, (format, name): (&str, &str)) -> Page {
    let broken = |error: &dyn std::fmt::Display| {
        PageError::Internal(format!("a paper could not be written: {error}"))
    };
    match format {
        "docx" => {
            let bytes = docx::word(document).map_err(|error| broken(&error))?;
            Ok(file(DOCX, &format!("{name}.docx"), bytes))
        }
        "xlsx" if document.kind == LEDGER => {
            let meta = Meta {
                company: document.company.clone(),
                version: document.version.clone(),
                date: document.date,
            };
            let bytes = xlsx::ledger(library(), answers, &meta).map_err(|error| broken(&error))?;
            Ok(file(XLSX, &format!("{name}.xlsx"), bytes))
        }
        _ => Err(PageError::NotFound),
    }
}

async fn attachment(
    State(app): State<App>,
    Path((number, kind, id)): Path<(String, String, String)>,
    staff: Staff,
) -> Page {
    let (_, found) = open_with(
        &app,
        &staff,
        &number,
        Action::ReadPapers,
        move |tx, opened| {
            let paper = (opened.stored.application_id.as_str(), kind.as_str());
            paper_attachment::find(tx, paper, &id)
        },
    )
    .await?;
    let (attachment, content) = found.ok_or(PageError::NotFound)?;
    let ending = attachment
        .name
        .rsplit_once('.')
        .map_or("", |(_, ending)| ending);
    let plain = format!("attachment-{}.{}", &attachment.sha256[..12], ascii(ending));
    Ok(file(&attachment.media_type, &plain, content))
}

/// Only what a header can carry.
fn ascii(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// A file that is saved and never shown by the browser itself.
fn file(media_type: &str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, bytes).into_response()
}
