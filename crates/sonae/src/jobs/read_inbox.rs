//! Reads the mails that a server or a fetching program laid into the folder of `--inbox`.
//!
//! A file is read, stored in one transaction with all it means (its case, the mail it answers, a mail that came back, the log), and then
//! moved from `new` to `cur`. What a crash can do at each point:
//! - before the commit: nothing happened, the file is read again;
//! - between the commit and the move: the file is read again, is found stored by its content, and is moved;
//! - after the move: nothing.
//!
//! A copy of a mail of ours proves that it left (`mail::proof`): it ends a doubt and is deleted, because the outbox has every byte of it.
//! When all files are read, whatever is in doubt for longer than [`COPY_WAIT`] had no copy and is handed over again. Nobody else decides
//! that, so a mail is never sent again while its copy lies unread.
//!
//! Two nodes on one folder do no harm for the same reasons. Incoming mails are never answered by a machine, so no two machines can
//! talk to each other (RFC 3834 section 2).
//!
//! Retry: a folder or a database that does not answer is tried again half a minute later. Give up: never; a file that is no mail is stored as text.

use std::io;
use std::panic::catch_unwind;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sonae_store::StoreError;
use sonae_store::doubt::{self, End};
use sonae_store::inbox::{self, Arriving, Received};
use sonae_store::outbox::Kept;

use super::Stop;
use crate::app::App;
use crate::chance;
use crate::mail::incoming::{self, Incoming};
use crate::mail::maildir::{Delivered, Maildir};
use crate::mail::proof;

/// Files of one round.
const BATCH: usize = 50;
const REST: Duration = Duration::from_secs(5);
const CLOSED: Duration = Duration::from_secs(30);
/// How long a copy may be on its way. Longer than a node may hold a mail it is handing over, and than any fetching program rests.
pub const COPY_WAIT: SignedDuration = SignedDuration::from_mins(15);
/// How long the job rests when there is no folder to read.
const NOTHING_TO_READ: Duration = Duration::from_secs(3600);

/// Why a round broke off.
#[derive(Debug, thiserror::Error)]
pub enum RoundError {
    #[error("the folder of the inbox: {0}")]
    Folder(#[from] io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One round. Gives how long to rest.
pub async fn run(app: App, stop: Stop) -> Duration {
    let Some(maildir) = app.inbox.clone() else {
        return NOTHING_TO_READ;
    };
    match tokio::task::spawn_blocking(move || round(&app, &maildir, &stop)).await {
        Ok(Ok(read)) if read == BATCH => Duration::ZERO,
        Ok(Ok(_)) => REST,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the inbox could not be read");
            CLOSED
        }
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Reads the waiting files, at most [`BATCH`], and gives how many.
///
/// # Errors
/// The folder or the database could not be read or written; what was stored until then stands.
pub fn round(app: &App, maildir: &Maildir, stop: &Stop) -> Result<usize, RoundError> {
    let looked_at = app.clock.now();
    let names = maildir.waiting(BATCH)?;
    for name in &names {
        if *stop.borrow() {
            return Ok(names.len());
        }
        let Some(delivered) = maildir.read(name)? else {
            continue;
        };
        let arriving = arriving(app, delivered);
        if is_copy(app, &arriving)? {
            maildir.remove(name)?;
            continue;
        }
        match app.db.write(|tx| inbox::receive(tx, &arriving))? {
            Received::Again => {}
            Received::Stored { kind, .. } => {
                tracing::info!(inbox = arriving.id, kind, "a mail came in");
            }
        }
        maildir.done(name)?;
    }
    if names.len() < BATCH && app.transport.has_proof() {
        end_doubts(app, looked_at - COPY_WAIT)?;
    }
    Ok(names.len())
}

/// Whether it is a copy of a mail of ours; a doubt about that mail has ended then.
fn is_copy(app: &App, arriving: &Arriving) -> Result<bool, StoreError> {
    let message_id = &arriving.message_id;
    let ours = (app.db).read(|tx| doubt::by_message_id(tx, message_id))?;
    let is_same = |ours: &Kept| proof::is_copy(&arriving.raw, &ours.mail.content);
    let Some(ours) = ours.filter(is_same) else {
        return Ok(false);
    };
    // Nearly always its end was noted before the copy is read.
    if ours.state != "sent" {
        let (id, at) = (&ours.mail.id, arriving.received_at);
        app.db.write(|tx| doubt::settle_by_copy(tx, id, at))?;
    }
    Ok(true)
}

/// Puts back into the outbox what was begun at `before` or earlier and has no copy.
fn end_doubts(app: &App, before: Timestamp) -> Result<(), StoreError> {
    if app.db.read(|tx| doubt::count(tx, before))? == 0 {
        return Ok(());
    }
    let now = app.clock.now();
    let ended = (app.db).write(|tx| doubt::hand_over_again(tx, before, now, End::NoCopy))?;
    if ended > 0 {
        tracing::warn!(
            mails = ended,
            "no copy came of mails in doubt; they are handed over again"
        );
    }
    Ok(())
}

fn arriving(app: &App, delivered: Delivered) -> Arriving {
    let received_at = received_at(app, delivered.at);
    let content = delivered.content;
    let proof = app.config.mail_proof_address.as_deref();
    // Whatever a stranger sends must not stop the mails behind it.
    let read = catch_unwind(|| incoming::read(&content, proof));
    let read = read.unwrap_or_else(|_| incoming::unreadable(&content));
    let Incoming {
        nature,
        sender,
        subject,
        text,
        attachments,
        message_id,
        once,
        answers,
        recipients,
    } = read;
    Arriving {
        id: chance::id(received_at),
        nature,
        sender,
        subject,
        text,
        attachments: serde_json::to_string(&attachments)
            .expect("names and sizes are plain structs"),
        raw: content,
        raw_is_cut: delivered.is_cut,
        message_id,
        once,
        answers,
        receipt_numbers: app.mailer.receipt_numbers(&recipients),
        received_at,
    }
}

/// When the file was laid down; on a rehearsal's clock now, because files know the real time only.
fn received_at(app: &App, laid_down: Timestamp) -> Timestamp {
    let now = app.clock.now();
    match app.clock.is_rehearsal() {
        true => now,
        false => laid_down.min(now),
    }
}
