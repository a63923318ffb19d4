//! Making a report: the figures are computed, frozen and laid out.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_core::calendar::tokyo_date;
use sonae_core::flow::{Actor, Refusal};
use sonae_core::paper::document::Document;
use sonae_core::report::compose::{Of, compose, headline};
use sonae_core::report::figures::Figures;
use sonae_core::report::life::{Event, MOST_REVISIONS, State, step};
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::case::Stored;
use sonae_store::monthly_report::{self as reports, LaidOut, New};
use tokio::task::JoinSet;

use super::decide::other_revision;
use super::gather::{self, Known, bounds};
use super::{Outcome, ReportData, Request, kept, log, open_case, which};
use crate::app::App;
use crate::papers;

/// Reports that are made side by side; laying them out takes a core each.
const AT_ONCE: usize = 4;

/// A report that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub revision: u32,
    pub figures_sha256: String,
    /// None when this program makes no PDF.
    pub pdf_sha256: Option<String>,
}

/// What is read of the office before figures are computed.
struct Begun {
    stored: Stored,
    known: Known,
    revision: u32,
}

/// Computes, freezes and lays out a company's month, for the first time or as its next revision; with `seen`, only after that revision (0 is none).
///
/// # Errors
/// One of the databases could not be read or written.
pub async fn make(app: &App, request: Request, seen: Option<u32>) -> Outcome<Made> {
    make_and(app, request, seen, |_, _| Ok(())).await
}

/// The same, with something that is kept in the transaction that stores the revision.
///
/// # Errors
/// One of the databases could not be read or written.
pub async fn make_and(
    app: &App,
    request: Request,
    seen: Option<u32>,
    keep: impl Fn(&mut Tx, &Made) -> Result<(), StoreError> + Send + 'static,
) -> Outcome<Made> {
    let (now, month) = (kept(request.at), request.month);
    if now < bounds(month).1 {
        return Ok(Err(Refusal::new(
            "month_not_over",
            "この月は、まだ終わっていません。レポートは、月が終わってから作ります。",
        )));
    }
    let wish = request.clone();
    let begun = app.read(move |tx| begin(tx, &wish, seen)).await?;
    let begun = match begun {
        Ok(begun) => Arc::new(begun),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let figures = compute(app, &begun.stored, month, begun.known.clone(), now).await?;
    let document = document(app, &begun.stored, &figures, begun.revision, "", now);
    let laid_out = lay_out(document).await?;
    let (by, frozen) = (request.actor.name(), figures.json());
    let hash = sha256(frozen.as_bytes());
    let made = Made {
        revision: begun.revision,
        pdf_sha256: laid_out.pdf_sha256.clone(),
        figures_sha256: hash.clone(),
    };
    let answer = made.clone();
    let stored = app
        .write(move |tx| {
            let new = New {
                which: which(&begun.stored, month),
                revision: begun.revision,
                by: &by,
                at: now,
                figures: &frozen,
                figures_sha256: &hash,
                headline: &headline(&figures),
                events: figures.total.events,
                open_events: figures.total.open(),
                laid_out: &laid_out,
            };
            // Between reading and writing somebody may have gone on with it; then nothing is made.
            if let Err(refusal) = may_make(tx, &begun.stored, month, begun.revision)? {
                return Ok(Err(refusal));
            }
            if !reports::add(tx, &new)? {
                return Ok(Err(just_made()));
            }
            let data = ReportData {
                month: month.to_string(),
                revision: begun.revision,
                figures_sha256: Some(&hash),
                pdf_sha256: laid_out.pdf_sha256.as_deref(),
                ..ReportData::default()
            };
            log(tx, &begun.stored, ("report.made", &by, now), data)?;
            keep(tx, &made)?;
            Ok(Ok(()))
        })
        .await?;
    Ok(stored.map(|()| answer))
}

fn begin(tx: &mut Tx, request: &Request, seen: Option<u32>) -> Outcome<Begun> {
    let stored = match open_case(tx, &request.receipt_number)? {
        Ok(stored) => stored,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let known = gather::known(tx, &stored.application_id, request.month)?;
    if known.now.is_empty() {
        return Ok(Err(not_watched()));
    }
    let report = reports::find(tx, which(&stored, request.month))?;
    let newest = report.map_or(0, |report| report.revision);
    if seen.is_some_and(|seen| seen != newest) {
        return Ok(Err(other_revision()));
    }
    let revision = newest + 1;
    Ok(
        may_make(tx, &stored, request.month, revision)?.map(|()| Begun {
            stored,
            known,
            revision,
        }),
    )
}

/// Whether this revision may be made now.
fn may_make(tx: &mut Tx, stored: &Stored, month: Month, revision: u32) -> Outcome<()> {
    let report = reports::find(tx, which(stored, month))?;
    let state = report.as_ref().map_or(State::Due, |report| report.state);
    if let Err(refusal) = step(state, &Event::Made) {
        return Ok(Err(refusal));
    }
    if report.is_some_and(|report| report.revision >= revision) {
        return Ok(Err(just_made()));
    }
    if revision > MOST_REVISIONS {
        return Ok(Err(Refusal::new(
            "too_many_revisions",
            format!(
                "このレポートは{MOST_REVISIONS}版に達し、版を増やせません。事務局の管理者に相談してください。"
            ),
        )));
    }
    Ok(Ok(()))
}

fn just_made() -> Refusal {
    Refusal::new(
        "just_made",
        "このレポートは、いま別の操作で作られました。ページを開き直して、今の状態をご覧ください。",
    )
}

pub(super) fn not_made() -> Refusal {
    Refusal::new(
        "not_made",
        "このレポートは、まだ作られていません。先に作ってください。",
    )
}

pub(super) fn not_watched() -> Refusal {
    Refusal::new(
        "not_watched",
        "この会社には、この月に登録された機器がありません。機器の登録と期間を確かめてください。",
    )
}

/// The figures of a month as they are now.
pub(super) async fn compute(
    app: &App,
    stored: &Stored,
    month: Month,
    known: Known,
    now: Timestamp,
) -> Result<Figures, StoreError> {
    let id = stored.application_id.clone();
    app.detections(move |detections| gather::figures(detections, &id, month, &known, now))
        .await
}

/// What the report says; the same for the same figures, word and day.
pub(super) fn document(
    app: &App,
    stored: &Stored,
    figures: &Figures,
    revision: u32,
    word: &str,
    made: Timestamp,
) -> Document {
    let running = app.programs.get(&stored.program_id);
    let contact = running.map(|running| &running.program.definition.program.contact);
    compose(
        figures,
        &Of {
            company: stored.answers.name.as_deref().unwrap_or("貴社"),
            receipt_number: &stored.receipt_number,
            office: contact.map_or("事務局", |contact| &contact.name),
            phone: (contact.and_then(|contact| contact.phone.as_deref())).unwrap_or_default(),
            made: tokyo_date(made),
            revision,
            word,
        },
    )
}

/// Document and PDF as they are stored.
pub(super) async fn lay_out(document: Document) -> Result<LaidOut, StoreError> {
    let text = serde_json::to_string(&document)?;
    let pdf = papers::pdf(document).await;
    Ok(LaidOut {
        document: text,
        pdf_sha256: pdf.as_deref().map(sha256),
        pdf,
    })
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Makes many reports, a few side by side, and tells what came of each, in the order asked.
///
/// # Errors
/// One of the databases failed; what was made before stays.
pub async fn make_all(
    app: &App,
    receipt_numbers: Vec<String>,
    month: Month,
    (actor, at): (&Actor, Timestamp),
) -> Result<Vec<(String, Result<Made, Refusal>)>, StoreError> {
    let mut results: Vec<Option<(String, Result<Made, Refusal>)>> = Vec::new();
    results.resize_with(receipt_numbers.len(), || None);
    let mut running = JoinSet::new();
    let mut wanted = receipt_numbers.into_iter().enumerate();
    loop {
        while running.len() < AT_ONCE {
            let Some((place, receipt_number)) = wanted.next() else {
                break;
            };
            let (app, actor) = (app.clone(), actor.clone());
            running.spawn(async move {
                let request = Request {
                    receipt_number: receipt_number.clone(),
                    month,
                    actor,
                    at,
                };
                let made = make(&app, request, None).await;
                (place, receipt_number, made)
            });
        }
        let Some(done) = running.join_next().await else {
            break;
        };
        let (place, number, made) =
            done.map_err(|_| StoreError::Damaged("making a report stopped".into()))?;
        results[place] = Some((number, made?));
    }
    Ok(results.into_iter().flatten().collect())
}
