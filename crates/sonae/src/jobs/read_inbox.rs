//! Reads the mails that a server or a fetching program laid into the folder of `--inbox`.
//!
//! A file is read, stored in one transaction with all it means (its case, the mail it answers, a mail that came back, the log), and then
//! moved from `new` to `cur`. What a crash can do at each point:
//! - before the commit: nothing happened, the file is read again;
//! - between the commit and the move: the file is read again, is found stored by its content, and is moved;
//! - after the move: nothing.
//!
//! Two nodes on one folder do no harm for the same reasons. Incoming mails are never answered by a machine, so no two machines can
//! talk to each other (RFC 3834 section 2).
//!
//! Retry: a folder or a database that does not answer is tried again half a minute later. Give up: never; a file that is no mail is stored as text.

use std::io;
use std::panic::catch_unwind;
use std::time::Duration;

use jiff::Timestamp;
use sonae_store::StoreError;
use sonae_store::inbox::{self, Arriving, Received};

use super::Stop;
use crate::app::App;
use crate::chance;
use crate::mail::incoming::{self, Incoming};
use crate::mail::maildir::{Delivered, Maildir};

/// Files of one round.
const BATCH: usize = 50;
const REST: Duration = Duration::from_secs(5);
const CLOSED: Duration = Duration::from_secs(30);
/// How long the job rests when there is no folder to read.
const NOTHING_TO_READ: Duration = Duration::from_secs(3600);

#[derive(Debug, thiserror::Error)]
enum RoundError {
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

/// Reads the waiting files and gives how many.
fn round(app: &App, maildir: &Maildir, stop: &Stop) -> Result<usize, RoundError> {
    let names = maildir.waiting(BATCH)?;
    for name in &names {
        if *stop.borrow() {
            break;
        }
        let Some(delivered) = maildir.read(name)? else {
            continue;
        };
        let arriving = arriving(app, delivered);
        match app.db.write(|tx| inbox::receive(tx, &arriving))? {
            Received::Again => {}
            Received::Stored { kind, .. } => {
                tracing::info!(inbox = arriving.id, kind, "a mail came in");
            }
        }
        maildir.done(name)?;
    }
    Ok(names.len())
}

fn arriving(app: &App, delivered: Delivered) -> Arriving {
    let received_at = received_at(app, delivered.at);
    let content = delivered.content;
    // Whatever a stranger sends must not stop the mails behind it.
    let read = catch_unwind(|| incoming::read(&content));
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
