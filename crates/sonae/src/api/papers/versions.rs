//! `…/papers/{kind}/versions` and `…/versions/{version}/file`: what was sent to the company, which never changes.

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::access::Action;
use sonae_core::audit::at_text;
use sonae_core::paper::document::Document;
use sonae_db::Tx;
use sonae_papers::docx;
use sonae_store::case::Stored;
use sonae_store::paper_version::{self, Version, Which};

use super::open_paper;
use crate::api::address::Parts;
use crate::api::door::Caller;
use crate::api::parameters::Parameters;
use crate::api::problem::{Kind, Problem};
use crate::app::App;

/// The media type of a Word file.
pub const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// The words of `format`.
const FORMATS: [&str; 2] = ["pdf", "docx"];

/// The versions of a paper.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperVersionList")]
pub struct VersionList {
    /// The newest first; at most 100.
    pub versions: Vec<VersionView>,
}

/// A version that was sent to the company.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperVersion")]
pub struct VersionView {
    pub version: u32,
    #[schemars(extend("enum" = ["in_review", "taken_back", "returned", "accepted"]))]
    pub state: &'static str,
    #[schemars(extend("format" = "date-time"))]
    pub sent_at: String,
    /// `staff:<id>`
    pub sent_by: String,
    /// What was written to the company with it.
    pub note: String,
    /// The save of the answers that is in it.
    pub sequence: i64,
    /// The edition of the library's texts.
    pub edition: String,
    /// Hex, of the document as it is kept.
    pub document_sha256: String,
    /// Hex, of the file that `…/file?format=pdf` gives; null when no PDF was made.
    pub pdf_sha256: Option<String>,
    /// Who ended the review; null while the company reads it.
    pub ended_by: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    pub ended_at: Option<String>,
    /// What the company wants changed; null unless it was returned.
    pub reason: Option<String>,
}

/// What the address of a file can say. It is read name by name and only described here.
#[derive(JsonSchema)]
pub struct FileQuery {
    /// The PDF is the one that the company read. Word is made from the same document. `pdf` when it is missing.
    #[schemars(extend("enum" = ["pdf", "docx"]))]
    pub format: Option<String>,
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Parts((number, kind)): Parts<(String, String)>,
) -> Result<Json<VersionList>, Problem> {
    let of_kind = kind.clone();
    let versions = move |tx: &mut Tx, stored: &Stored| {
        paper_version::of_paper(tx, &stored.application_id, &of_kind)
    };
    let named = (&*number, &*kind);
    let opened = open_paper(&app, &caller, named, Action::ReadPapers, versions).await?;
    Ok(Json(VersionList {
        versions: opened.more.into_iter().map(view).collect(),
    }))
}

fn view(version: Version) -> VersionView {
    let end = version.end;
    VersionView {
        version: version.version,
        state: end.as_ref().map_or("in_review", |end| end.how.as_str()),
        sent_at: at_text(version.at),
        sent_by: version.by,
        note: version.note,
        sequence: version.sequence,
        edition: version.edition,
        document_sha256: version.document_sha256,
        pdf_sha256: version.pdf_sha256,
        ended_by: end.as_ref().map(|end| end.by.clone()),
        ended_at: end.as_ref().map(|end| at_text(end.at)),
        reason: end
            .map(|end| end.reason)
            .filter(|reason| !reason.is_empty()),
    }
}

pub async fn file(
    State(app): State<App>,
    caller: Caller,
    Parts((number, kind, version)): Parts<(String, String, String)>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let wanted: Option<u32> = version.parse().ok();
    let of_kind = kind.clone();
    let found = move |tx: &mut Tx, stored: &Stored| {
        let Some(version) = wanted else {
            return Ok(None);
        };
        let which = Which {
            application_id: &stored.application_id,
            kind: &of_kind,
            version,
        };
        let Some((_, document)) = paper_version::find(tx, which)? else {
            return Ok(None);
        };
        let document: Document = serde_json::from_str(&document)?;
        Ok(Some((version, document, paper_version::pdf(tx, which)?)))
    };
    let named = (&*number, &*kind);
    let opened = open_paper(&app, &caller, named, Action::ReadPapers, found).await?;
    let mut reader = parameters.reader();
    let format = reader.one_of("format", &FORMATS);
    reader.finish()?;
    let (version, document, pdf) = opened.more.ok_or_else(no_version)?;
    let name = format!("{}-{version}", document.kind);
    match format.as_deref() {
        Some("docx") => {
            let word = docx::word(&document).map_err(|error| Problem::internal(&error))?;
            Ok(as_file(DOCX, &format!("{name}.docx"), word))
        }
        _ => {
            let pdf = pdf.ok_or_else(no_pdf)?;
            Ok(as_file("application/pdf", &format!("{name}.pdf"), pdf))
        }
    }
}

fn as_file(media_type: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, bytes).into_response()
}

fn no_version() -> Problem {
    Problem::new(
        Kind::NotFound,
        "その版はありません。版は GET …/papers/{kind}/versions で確かめられます。",
    )
}

fn no_pdf() -> Problem {
    Problem::new(
        Kind::NotFound,
        "この版のPDFは作られていません。format=docx で受け取ってください。",
    )
}
