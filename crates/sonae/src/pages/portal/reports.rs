//! 月次レポート: `/applications/{receipt_number}/{token}/reports`. The reports that the company was sent, each as a page and as a PDF; the first
//! opening is noted. Before a report is sent nothing of it is here.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::calendar::tokyo_date;
use sonae_core::paper::document::Document;
use sonae_core::report::month::Month;
use sonae_papers::html;
use sonae_store::StoreError;
use sonae_store::monthly_report::{self as reports, Report, Which};

use super::super::public::calm::{self, Page};
use super::super::public::frame::Frame;
use super::door::{self, Opened, Top};
use super::papers::answers::download;
use crate::app::App;
use crate::office::reports::open::opened as note_opened;

#[derive(Template)]
#[template(path = "portal/reports.html")]
struct ListPage {
    frame: Frame,
    top: Top,
    reports: Vec<Line>,
}

struct Line {
    month: String,
    href: String,
    headline: String,
    sent: String,
    new: bool,
    pdf: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/reports/report.html")]
struct ReportPage {
    frame: Frame,
    top: Top,
    title: String,
    sent: String,
    pdf: Option<String>,
    body: String,
    list: String,
}

/// How many reports the company was sent, and how many of them nobody opened yet.
///
/// # Errors
/// The page for a database that could not answer.
pub(super) async fn waiting(app: &App, opened: &Opened) -> Result<(usize, usize), Response> {
    let sent = sent(app, opened).await?;
    let new = sent
        .iter()
        .filter(|report| report.read_at.is_none())
        .count();
    Ok((sent.len(), new))
}

async fn sent(app: &App, opened: &Opened) -> Result<Vec<Report>, Response> {
    let id = opened.stored.application_id.clone();
    let read = app.read(move |tx| reports::of_application(tx, &id)).await;
    let mut all = read.map_err(calm::failed)?;
    all.retain(|report| report.state.is_out());
    Ok(all)
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    let sent = sent(&app, &opened).await?;
    let page = ListPage {
        frame: opened.frame(&app, "月次レポート"),
        top: opened.top(),
        reports: sent.iter().map(|report| line(&opened, report)).collect(),
    };
    Ok(calm::html(StatusCode::OK, &page))
}

fn line(opened: &Opened, report: &Report) -> Line {
    let href = opened.page(&format!("reports/{}", report.month));
    Line {
        month: report.month.label(),
        pdf: report
            .pdf_sha256
            .as_ref()
            .map(|_| format!("{href}/report.pdf")),
        href,
        headline: report.headline.clone(),
        sent: sent_on(report),
        new: report.read_at.is_none(),
    }
}

fn sent_on(report: &Report) -> String {
    let day = |at| date_with_weekday(tokyo_date(at));
    report.sent_at.map(day).unwrap_or_default()
}

type Named = Path<(String, String, String)>;

/// A sent report with its document's JSON and its PDF's bytes.
type Found = (Report, String, Option<Vec<u8>>);

/// Opens a report that was sent; that it was opened is noted.
async fn find(app: &App, opened: &Opened, month: &str) -> Result<Found, Response> {
    let month = Month::parse(month).ok_or_else(calm::not_found)?;
    let id = opened.stored.application_id.clone();
    let read = app
        .read(move |tx| {
            let which = Which {
                application_id: &id,
                month,
            };
            let Some(report) = reports::find(tx, which)?.filter(|report| report.state.is_out())
            else {
                return Ok(None);
            };
            let frozen = reports::frozen(tx, which, report.revision)?;
            let pdf = reports::pdf(tx, which, report.revision)?;
            let (_, document) = frozen
                .ok_or_else(|| StoreError::Damaged("a report without its document".into()))?;
            Ok(Some((report, document, pdf)))
        })
        .await;
    let found = read.map_err(calm::failed)?.ok_or_else(calm::not_found)?;
    // Reading must not wait for writing: a report that cannot be noted as read is shown all the same.
    if found.0.read_at.is_none()
        && let Err(error) = note_opened(app, &opened.stored, month, app.clock.now()).await
    {
        tracing::warn!(%error, "the opening of a monthly report could not be noted");
    }
    Ok(found)
}

pub(super) async fn report(State(app): State<App>, Path((number, token, month)): Named) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    let (report, document, pdf) = find(&app, &opened, &month).await?;
    let document: Document = serde_json::from_str(&document)
        .map_err(|_| calm::failed(StoreError::Damaged("a report's document".into())))?;
    let title = format!("月次レポート {}", report.month.label());
    let list = opened.page("reports");
    let mut frame = opened.frame(&app, &title);
    frame = frame.crumb("月次レポート", &list);
    let page = ReportPage {
        frame,
        top: opened.top(),
        title,
        sent: sent_on(&report),
        pdf: pdf.map(|_| format!("{list}/{}/report.pdf", report.month)),
        body: html::html(&document),
        list,
    };
    Ok(calm::html(StatusCode::OK, &page))
}

pub(super) async fn pdf(State(app): State<App>, Path((number, token, month)): Named) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    let (report, _, pdf) = find(&app, &opened, &month).await?;
    let bytes = pdf.ok_or_else(calm::not_found)?;
    let name = format!("report-{}.pdf", report.month);
    Ok(download("application/pdf", &name, bytes))
}
