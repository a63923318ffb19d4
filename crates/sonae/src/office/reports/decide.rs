//! A technician checks a report, somebody else approves it, or it goes back with a reason.

use sonae_core::flow::Refusal;
use sonae_core::report::life::{Event, State, step, two_people};
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::case::Stored;
use sonae_store::monthly_report::{self as reports, Act, Report};

use super::compare::unchanged;
use super::make::{document, lay_out, not_made};
use super::{Outcome, ReportData, Request, kept, log, open_case, which};
use crate::app::App;

/// Checks a report, with a word to the company that may be empty; `revision` is the one that was seen.
///
/// # Errors
/// The database could not be read or written.
pub async fn check(app: &App, request: Request, revision: u32, word: String) -> Outcome<Report> {
    check_and(app, request, revision, word, |_, _| Ok(())).await
}

/// The same, with something that is kept in its transaction.
///
/// # Errors
/// The database could not be read or written.
pub async fn check_and(
    app: &App,
    request: Request,
    revision: u32,
    word: String,
    keep: impl Fn(&mut Tx, &Report) -> Result<(), StoreError> + Send + 'static,
) -> Outcome<Report> {
    let event = Event::Checked {
        word: word.trim().to_owned(),
    };
    let (wish, asked) = (request.clone(), event.clone());
    let read = app
        .read(move |tx| open(tx, &wish, revision, &asked))
        .await?;
    let (stored, report) = match read {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let word = word.trim().to_owned();
    let figures = match unchanged(app, &stored, &report).await? {
        Ok(figures) => figures,
        Err(refusal) => return Ok(Err(refusal)),
    };
    // Pages without a word stay as they were made. Those of a report that was given back carry the word of the check before, so that they are
    // laid out anew for another word and for none: nothing goes to the company that its last check did not say.
    let laid_out = match word.is_empty() && report.word.is_empty() {
        true => None,
        false => {
            let made = report.made.at;
            let document = document(app, &stored, &figures, revision, &word, made);
            Some(lay_out(document).await?)
        }
    };
    app.write(move |tx| {
        let (stored, now) = match open(tx, &request, revision, &event)? {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if now.word != report.word {
            return Ok(Err(just_changed()));
        }
        let act = act(&request);
        let what = (word.as_str(), laid_out.as_ref());
        let done = reports::check(tx, which(&stored, request.month), revision, &act, what)?;
        let done = finished(tx, &stored, &request, done, ("report.checked", &act))?;
        if let Ok(report) = &done {
            keep(tx, report)?;
        }
        Ok(done)
    })
    .await
}

/// Approves the revision that was seen.
///
/// # Errors
/// The database could not be read or written.
pub async fn approve(app: &App, request: Request, revision: u32) -> Outcome<Report> {
    approve_and(app, request, revision, |_, _| Ok(())).await
}

/// The same, with something that is kept in its transaction.
///
/// # Errors
/// The database could not be read or written.
pub async fn approve_and(
    app: &App,
    request: Request,
    revision: u32,
    keep: impl Fn(&mut Tx, &Report) -> Result<(), StoreError> + Send + 'static,
) -> Outcome<Report> {
    let wish = request.clone();
    let read = app.read(move |tx| to_approve(tx, &wish, revision)).await?;
    let (stored, report) = match read {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Err(refusal) = unchanged(app, &stored, &report).await? {
        return Ok(Err(refusal));
    }
    app.write(move |tx| {
        let (stored, _) = match to_approve(tx, &request, revision)? {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let act = act(&request);
        let done = reports::approve(tx, which(&stored, request.month), revision, &act)?;
        let done = finished(tx, &stored, &request, done, ("report.approved", &act))?;
        if let Ok(report) = &done {
            keep(tx, report)?;
        }
        Ok(done)
    })
    .await
}

fn to_approve(tx: &mut Tx, request: &Request, revision: u32) -> Outcome<(Stored, Report)> {
    let opened = open(tx, request, revision, &Event::Approved)?;
    Ok(opened.and_then(|(stored, report)| {
        let checked_by = report.checked.as_ref().map_or("", |act| &act.by);
        two_people(checked_by, &act(request).by)?;
        Ok((stored, report))
    }))
}

/// Gives the revision that was seen back, with why.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn give_back_in(tx: &mut Tx, request: &Request, revision: u32, why: &str) -> Outcome<Report> {
    let event = Event::Returned {
        why: why.to_owned(),
    };
    let (stored, _) = match open(tx, request, revision, &event)? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let act = act(request);
    let which = which(&stored, request.month);
    let done = reports::give_back(tx, which, revision, &act, why.trim())?;
    finished(tx, &stored, request, done, ("report.returned", &act))
}

/// Opens a report for what shall happen to the revision that was seen.
fn open(tx: &mut Tx, request: &Request, revision: u32, event: &Event) -> Outcome<(Stored, Report)> {
    let stored = match open_case(tx, &request.receipt_number)? {
        Ok(stored) => stored,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let found = reports::find(tx, which(&stored, request.month))?;
    let state = found.as_ref().map_or(State::Due, |report| report.state);
    if let Err(refusal) = step(state, event) {
        return Ok(Err(refusal));
    }
    let Some(report) = found else {
        return Ok(Err(not_made()));
    };
    if report.revision != revision {
        return Ok(Err(other_revision()));
    }
    Ok(Ok((stored, report)))
}

/// Why nothing is done to another revision than the one that was seen.
pub fn other_revision() -> Refusal {
    Refusal::new(
        "other_revision",
        "ご覧になった版は、作り直されて新しい版に替わりました。新しい版を確かめてください。",
    )
}

fn just_changed() -> Refusal {
    Refusal::new(
        "just_changed",
        "このレポートは、いま別の人が操作しました。ページを開き直して、今の状態をご覧ください。",
    )
}

fn act(request: &Request) -> Act {
    Act {
        by: request.actor.name(),
        at: kept(request.at),
    }
}

fn finished(
    tx: &mut Tx,
    stored: &Stored,
    request: &Request,
    done: bool,
    (action, act): (&str, &Act),
) -> Outcome<Report> {
    if !done {
        return Ok(Err(just_changed()));
    }
    let report = reports::find(tx, which(stored, request.month))?
        .ok_or_else(|| StoreError::Damaged("a report that was just there".into()))?;
    let data = ReportData {
        month: request.month.to_string(),
        revision: report.revision,
        figures_sha256: Some(&report.figures_sha256),
        pdf_sha256: report.pdf_sha256.as_deref(),
        ..ReportData::default()
    };
    log(tx, stored, (action, &act.by, act.at), data)?;
    Ok(Ok(report))
}
