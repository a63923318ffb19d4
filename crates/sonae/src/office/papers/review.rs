//! A paper goes to the company and comes back: sent for review, taken back, accepted, returned, revised.

use std::sync::Arc;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_core::flow::{Actor, Refusal};
use sonae_core::paper::desk::{self, Event, LONGEST_REASON, State};
use sonae_core::paper::document::Document;
use sonae_db::Tx;
use sonae_store::paper_version::{self, End, Version, Which};
use sonae_store::{StoreError, outbox, paper, staff};

use super::draft::{self, Basis};
use super::logged::{PaperData, log};
use super::{Opened, Outcome, Request, kept, side};
use crate::app::App;
use crate::mail::paper::{About, Word, id_of_review};
use crate::office::act::SECOND_THOUGHTS;
use crate::papers;

/// How often a paper is made anew because somebody changed an answer while it was made.
const MOST_ATTEMPTS: usize = 3;

/// Sends a paper to the company.
#[derive(Clone, Debug)]
pub struct Send {
    pub request: Request,
    /// What is written to the company with it; may be empty.
    pub note: String,
}

/// A version that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub version: u32,
    pub document_sha256: String,
    /// None when this program makes no PDF.
    pub pdf_sha256: Option<String>,
    /// The id of the mail that was queued.
    pub mail: Option<String>,
}

/// A paper made ready outside of the transaction that stores it: the PDF takes longer than a writer may hold the database.
struct Ready {
    basis: Basis,
    at: Timestamp,
    answers: String,
    document: String,
    edition: String,
    pdf: Option<Vec<u8>>,
    document_sha256: String,
    pdf_sha256: Option<String>,
}

/// Composes the paper, makes its PDF, and stores both as a version that never changes; the company is told by mail.
///
/// # Errors
/// The database could not be written.
pub async fn send_for_review(app: &App, send: Send) -> Outcome<Sent> {
    send_for_review_and(app, send, |_, _| Ok(())).await
}

/// The same, with something that is kept in the transaction that stores the version.
///
/// # Errors
/// The database could not be written.
pub async fn send_for_review_and(
    app: &App,
    send: Send,
    keep: impl Fn(&mut Tx, &Sent) -> Result<(), StoreError> + Clone + std::marker::Send + 'static,
) -> Outcome<Sent> {
    if send.note.chars().count() > LONGEST_REASON {
        return Ok(Err(Refusal::new(
            "note_too_long",
            format!("会社へのひとことは、{LONGEST_REASON}字までで書いてください。"),
        )));
    }
    let send = Arc::new(send);
    for _ in 0..MOST_ATTEMPTS {
        let (inner, wish) = (app.clone(), send.clone());
        let prepared = app.read(move |tx| prepare(&inner, tx, &wish)).await?;
        let (mut ready, document) = match prepared {
            Ok(prepared) => prepared,
            Err(refusal) => return Ok(Err(refusal)),
        };
        ready.pdf = papers::pdf(document).await;
        ready.pdf_sha256 = ready.pdf.as_deref().map(sha256);
        let (inner, wish, ready) = (app.clone(), send.clone(), Arc::new(ready));
        let keep = keep.clone();
        let stored = app
            .write(move |tx| {
                let stored = store(&inner, tx, &wish, &ready)?;
                if let Ok(Some(sent)) = &stored {
                    keep(tx, sent)?;
                }
                Ok(stored)
            })
            .await?;
        match stored {
            Ok(Some(sent)) => return Ok(Ok(sent)),
            Ok(None) => {}
            Err(refusal) => return Ok(Err(refusal)),
        }
    }
    Ok(Err(Refusal::new(
        "busy",
        "ほかの人が答えを変えているため、版を作れませんでした。しばらくして、もう一度送ってください。",
    )))
}

fn prepare(app: &App, tx: &mut Tx, send: &Send) -> Outcome<(Ready, Document)> {
    let opened = match send.request.open(tx)? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let side = side(&send.request.actor);
    if let Err(refusal) = desk::step(opened.state, &Event::SentForReview, side) {
        return Ok(Err(refusal));
    }
    let at = kept(app.clock.now());
    let draft = draft::of_paper(tx, &opened.stored, opened.kind, at)?;
    let document = draft::as_sent(&opened.stored, opened.kind, &draft, at);
    let text = serde_json::to_string(&document)?;
    let ready = Ready {
        basis: draft.basis(&opened.stored),
        at,
        answers: draft.answers.shown.to_json().to_string(),
        document_sha256: sha256(text.as_bytes()),
        document: text,
        edition: document.edition.clone(),
        pdf: None,
        pdf_sha256: None,
    };
    Ok(Ok((ready, document)))
}

/// Stores what was made; none when something it depends on changed meanwhile.
fn store(app: &App, tx: &mut Tx, send: &Send, ready: &Ready) -> Outcome<Option<Sent>> {
    let opened = match send.request.open(tx)? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let next = desk::step(
        opened.state,
        &Event::SentForReview,
        side(&send.request.actor),
    );
    let next = match next {
        Ok(next) => next,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let now = draft::of_paper(tx, &opened.stored, opened.kind, ready.at)?;
    if now.basis(&opened.stored) != ready.basis {
        return Ok(Ok(None));
    }
    let by = send.request.actor.name();
    let version = next.version();
    let new = paper_version::New {
        application_id: &opened.stored.application_id,
        kind: &opened.kind.id,
        version,
        at: ready.at,
        by: &by,
        note: send.note.trim(),
        sequence: ready.basis.sequence,
        answers: &ready.answers,
        document: &ready.document,
        edition: &ready.edition,
        pdf: ready.pdf.as_deref(),
        document_sha256: &ready.document_sha256,
        pdf_sha256: ready.pdf_sha256.as_deref(),
    };
    paper_version::add(tx, new)?;
    move_on(
        tx,
        &opened,
        next,
        ("paper.sent", &send.request.actor, ready.at),
        PaperData {
            version: Some(version),
            sequence: Some(ready.basis.sequence),
            document_sha256: Some(&ready.document_sha256),
            pdf_sha256: ready.pdf_sha256.as_deref(),
            ..PaperData::default()
        },
    )?;
    let about = about(&opened, version, ready.at);
    let mail = app.mailer.of_paper(
        &about,
        Word::Review {
            note: send.note.trim(),
        },
    );
    if let Some(mail) = &mail {
        let leave = ready.at.checked_add(SECOND_THOUGHTS).unwrap_or(ready.at);
        let id = &opened.stored.application_id;
        outbox::put(tx, Some(id), mail, ready.at, leave)?;
    }
    Ok(Ok(Some(Sent {
        version,
        document_sha256: ready.document_sha256.clone(),
        pdf_sha256: ready.pdf_sha256.clone(),
        mail: mail.map(|mail| mail.id),
    })))
}

/// Takes a paper back from review; its mail is cancelled if it has not left.
///
/// # Errors
/// The database could not be written.
pub async fn take_back(app: &App, request: Request) -> Outcome<State> {
    let inner = app.clone();
    app.write(move |tx| take_back_in(tx, &request, inner.clock.now()))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn take_back_in(tx: &mut Tx, request: &Request, now: Timestamp) -> Outcome<State> {
    let at = kept(now);
    let end = (Event::TakenBack, End::TakenBack, "paper.taken_back");
    let (opened, next) = match end_review(tx, request, end, at)? {
        Ok(ended) => ended,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let id = &opened.stored.application_id;
    let version = opened.state.version();
    let which = which(&opened, version);
    if let Some((sent, _)) = paper_version::find(tx, which)? {
        let mail = id_of_review(id, &opened.kind.id, version, sent.at);
        outbox::cancel(tx, &[mail], at)?;
    }
    Ok(Ok(next))
}

/// The company accepts the version that it read.
///
/// # Errors
/// The database could not be written.
pub async fn accept(app: &App, request: Request, version: u32) -> Outcome<Version> {
    let inner = app.clone();
    app.write(move |tx| {
        let at = kept(inner.clock.now());
        let end = (Event::Accepted { version }, End::Accepted, "paper.accepted");
        let (opened, _) = match end_review(tx, &request, end, at)? {
            Ok(ended) => ended,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some((accepted, _)) = paper_version::find(tx, which(&opened, version))? else {
            return Err(StoreError::Damaged("a review without its version".into()));
        };
        let about = about(&opened, version, at);
        let hash = accepted.pdf_sha256.as_deref();
        let word = Word::Accepted {
            sha256: hash.unwrap_or(&accepted.document_sha256),
        };
        if let Some(mail) = inner.mailer.of_paper(&about, word) {
            outbox::put(tx, Some(&opened.stored.application_id), &mail, at, at)?;
        }
        tell_office(&inner, tx, &opened, (version, true), at)?;
        Ok(Ok(accepted))
    })
    .await
}

/// The company asks for changes in the version that it read.
///
/// # Errors
/// The database could not be written.
pub async fn return_to_office(
    app: &App,
    request: Request,
    version: u32,
    what: String,
) -> Outcome<State> {
    let inner = app.clone();
    app.write(move |tx| {
        let at = kept(inner.clock.now());
        let event = Event::Returned {
            version,
            what: what.clone(),
        };
        let end = (event, End::Returned, "paper.returned");
        let (opened, next) = match end_review(tx, &request, end, at)? {
            Ok(ended) => ended,
            Err(refusal) => return Ok(Err(refusal)),
        };
        tell_office(&inner, tx, &opened, (version, false), at)?;
        Ok(Ok(next))
    })
    .await
}

/// Begins the next version of an accepted paper.
///
/// # Errors
/// The database could not be written.
pub async fn start_revision(app: &App, request: Request) -> Outcome<State> {
    let inner = app.clone();
    app.write(move |tx| start_revision_in(tx, &request, inner.clock.now()))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn start_revision_in(tx: &mut Tx, request: &Request, now: Timestamp) -> Outcome<State> {
    let at = kept(now);
    let opened = match request.open(tx)? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let next = desk::step(opened.state, &Event::RevisionStarted, side(&request.actor));
    let next = match next {
        Ok(next) => next,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let data = PaperData {
        version: Some(next.version()),
        ..PaperData::default()
    };
    let what = ("paper.revision_started", &request.actor, at);
    move_on(tx, &opened, next, what, data)?;
    Ok(Ok(next))
}

/// Ends the review of the version that is open; gives the paper as it was and the state after.
fn end_review(
    tx: &mut Tx,
    request: &Request,
    (event, end, action): (Event, End, &str),
    at: Timestamp,
) -> Outcome<(Opened, State)> {
    let opened = match request.open(tx)? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let next = match desk::step(opened.state, &event, side(&request.actor)) {
        Ok(next) => next,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let version = opened.state.version();
    let reason = match &event {
        Event::Returned { what, .. } => what.trim(),
        _ => "",
    };
    let by = request.actor.name();
    if !paper_version::end(tx, which(&opened, version), (end, reason), &by, at)? {
        return Err(StoreError::Damaged("a review without its version".into()));
    }
    let data = PaperData {
        version: Some(version),
        ..PaperData::default()
    };
    move_on(tx, &opened, next, (action, &request.actor, at), data)?;
    Ok(Ok((opened, next)))
}

fn move_on(
    tx: &mut Tx,
    opened: &Opened,
    next: State,
    (action, actor, at): (&str, &Actor, Timestamp),
    data: PaperData<'_>,
) -> Result<(), StoreError> {
    let id = &opened.stored.application_id;
    paper::save(tx, id, &opened.kind.id, next, at)?;
    let data = PaperData {
        kind: Some(&opened.kind.id),
        ..data
    };
    log(tx, &opened.stored, (action, actor, at), data)?;
    Ok(())
}

/// Tells the expert of the case, or whoever works on it, how the company answered.
fn tell_office(
    app: &App,
    tx: &mut Tx,
    opened: &Opened,
    (version, accepted): (u32, bool),
    at: Timestamp,
) -> Result<(), StoreError> {
    let case = &opened.stored.case;
    let Some(id) = case.expert.as_ref().or(case.assignee.as_ref()) else {
        return Ok(());
    };
    let Some(person) = staff::by_id(tx, id)?.filter(|person| person.active) else {
        return Ok(());
    };
    let about = about(opened, version, at);
    if let Some(mail) = app
        .mailer
        .paper_answered(&about, &person.email, &person.name, accepted)
    {
        outbox::put(tx, None, &mail, at, at)?;
    }
    Ok(())
}

fn about(opened: &Opened, version: u32, at: Timestamp) -> About<'_> {
    About {
        stored: &opened.stored,
        kind: opened.kind,
        version,
        at,
    }
}

fn which(opened: &Opened, version: u32) -> Which<'_> {
    Which {
        application_id: &opened.stored.application_id,
        kind: &opened.kind.id,
        version,
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
