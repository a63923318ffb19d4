//! One event on one case, with everything that belongs to it in one transaction.
//!
//! Architecture invariant: nothing in this program changes a case but through [`act_in`].

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sonae_core::calendar::OfficeHours;
use sonae_core::flow::{Actor, Effect, Event, Refusal};
use sonae_db::Tx;
use sonae_store::act::{Acted, Command};
use sonae_store::case::{self, Stored};
use sonae_store::case_event::{self, Recorded};
use sonae_store::outbox::{self, Mail};
use sonae_store::{StoreError, act, revision};

use super::{mails, revisions};
use crate::app::{App, Running};

/// How long a mail that a person in the office causes waits, so that the action can be undone.
pub const SECOND_THOUGHTS: SignedDuration = SignedDuration::from_mins(5);

/// What somebody asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// In its written form.
    pub receipt_number: String,
    /// The version the person saw; none for what fits any version, such as a job's events.
    pub version: Option<i64>,
    pub event: Event,
    pub actor: Actor,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    Done(Box<Done>),
    Refused(Refusal),
    /// Somebody else changed the case meanwhile.
    Conflict(Vec<Recorded>),
    /// No such case.
    Unknown,
}

/// An event that was applied.
#[derive(Debug)]
pub struct Done {
    pub after: Stored,
    /// Ids of the queued mails; they leave at `mails_leave_at`.
    pub mails: Vec<String>,
    pub mails_leave_at: Timestamp,
    pub log_index: i64,
}

/// What an event would do.
#[derive(Debug)]
pub enum Preview {
    Allowed {
        before: Box<Stored>,
        after: Box<Stored>,
        effects: Vec<Effect>,
        mails: Vec<Mail>,
    },
    Refused(Refusal),
    Unknown,
}

/// Applies an event in a transaction of its own.
///
/// # Errors
/// The database could not be written; nothing has changed.
pub async fn act(app: &App, request: Request) -> Result<Outcome, StoreError> {
    let inner = app.clone();
    app.write(move |tx| act_in(&inner, tx, &request, inner.clock.now()))
        .await
}

/// Applies an event in the caller's transaction.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn act_in(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    at: Timestamp,
) -> Result<Outcome, StoreError> {
    let Some(before) = case::by_receipt(tx, &request.receipt_number)? else {
        return Ok(Outcome::Unknown);
    };
    if let Some(seen) = request.version
        && seen != before.case.version
        && decides(&request.event)
    {
        let events = case_event::of_application(tx, &before.application_id)?;
        let since = events.into_iter().filter(|event| event.version > seen);
        return Ok(Outcome::Conflict(since.collect()));
    }
    let running = match revision(app, tx, &request.event, &before)? {
        Ok(running) => running,
        Err(refusal) => return Ok(Outcome::Refused(refusal)),
    };
    match act::act(tx, before, command(&running, request, at))? {
        Ok(acted) => {
            let leave_at = leave_at(&request.actor, &running, at);
            Ok(Outcome::Done(Box::new(queue(
                app,
                tx,
                acted,
                (at, leave_at),
            )?)))
        }
        Err(refusal) => Ok(Outcome::Refused(refusal)),
    }
}

/// When the mails of an action leave: a person may take it back for a while, a company is answered at once, and a deadline that runs out at
/// midnight writes when the office opens.
fn leave_at(actor: &Actor, running: &Running, at: Timestamp) -> Timestamp {
    match actor {
        Actor::Staff { .. } => at.checked_add(SECOND_THOUGHTS).unwrap_or(at),
        Actor::Company => at,
        Actor::System => {
            let hours = OfficeHours::of_programme(&running.program.definition.program.office);
            hours.next_open(&running.calendar, at)
        }
    }
}

fn queue(
    app: &App,
    tx: &mut Tx,
    acted: Acted,
    (at, leave_at): (Timestamp, Timestamp),
) -> Result<Done, StoreError> {
    let mails = mails::of_effects(app, tx, &acted.after, &acted.effects, at)?;
    for mail in &mails {
        outbox::put(tx, Some(&acted.after.application_id), mail, at, leave_at)?;
    }
    Ok(Done {
        mails: mails.into_iter().map(|mail| mail.id).collect(),
        mails_leave_at: leave_at,
        log_index: acted.log_index,
        after: acted.after,
    })
}

/// Shows what an event would do, mails included, without doing it.
///
/// # Errors
/// The database could not be read.
pub async fn preview(app: &App, request: Request) -> Result<Preview, StoreError> {
    let inner = app.clone();
    app.read(move |tx| preview_in(&inner, tx, &request, inner.clock.now()))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// The database could not be read.
pub fn preview_in(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    at: Timestamp,
) -> Result<Preview, StoreError> {
    let Some(before) = case::by_receipt(tx, &request.receipt_number)? else {
        return Ok(Preview::Unknown);
    };
    let running = match revision(app, tx, &request.event, &before)? {
        Ok(running) => running,
        Err(refusal) => return Ok(Preview::Refused(refusal)),
    };
    match act::decide(tx, &before, command(&running, request, at))? {
        Ok((after, effects)) => Ok(Preview::Allowed {
            mails: mails::of_effects(app, tx, &after, &effects, at)?,
            before: Box::new(before),
            after: Box::new(after),
            effects,
        }),
        Err(refusal) => Ok(Preview::Refused(refusal)),
    }
}

/// The programme in the revision in which an event is decided: the case's, or the one it moves to, which its own programme must have
/// published.
fn revision(
    app: &App,
    tx: &mut Tx,
    event: &Event,
    before: &Stored,
) -> Result<Result<Arc<Running>, Refusal>, StoreError> {
    let Event::Moved { revision, .. } = event else {
        return Ok(Ok(revisions::of(app, tx, &before.revision)?));
    };
    let published = revision::of_program(tx, &before.program_id)?;
    if !published.iter().any(|one| one.revision == *revision) {
        return Ok(Err(Refusal::new(
            "unknown_revision",
            "この事業に、その版はありません。公開されている版の中から選んでください。",
        )));
    }
    Ok(Ok(revisions::of(app, tx, revision)?))
}

fn command<'a>(running: &'a Running, request: &'a Request, at: Timestamp) -> Command<'a> {
    Command {
        program: &running.program,
        calendar: &running.calendar,
        event: &request.event,
        actor: &request.actor,
        at,
    }
}

/// Whether an event rests on what the person saw. A note or a logged call fits whatever happened meanwhile.
fn decides(event: &Event) -> bool {
    !matches!(
        event,
        Event::Noted { .. } | Event::Contacted { .. } | Event::Messaged { .. }
    )
}
