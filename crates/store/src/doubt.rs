//! Mails of which nobody knows whether they arrived.
//!
//! A server that takes a mail answers only then, so whoever dies between the two does not know (RFC 1047). A mail is marked before its
//! first byte leaves, and the mark goes when its end is noted: what a crash leaves marked is in doubt, and nothing else is. A doubt ends
//! in one of three ways ([`End`]).

use jiff::{SignedDuration, Timestamp};
use sonae_db::Tx;

use crate::outbox::{self, KEPT, Kept};
use crate::{StoreError, instant, ms};

/// After so many attempts a mail in doubt is given up: with the waits about five days after the first.
const MOST_ATTEMPTS: i64 = 24;
/// The first time it is handed over again at once, then later by this each time.
const LONGER_EACH_TIME: SignedDuration = SignedDuration::from_mins(30);

/// How a doubt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A copy of the mail came in, so it arrived.
    Copy,
    /// It was handed over again without knowing; it may have arrived twice.
    Again,
    /// It was handed over again after no copy had come.
    NoCopy,
}

impl End {
    pub fn as_str(self) -> &'static str {
        match self {
            End::Copy => "copy",
            End::Again => "again",
            End::NoCopy => "no_copy",
        }
    }

    pub(crate) fn read(text: &str) -> Result<End, StoreError> {
        match text {
            "copy" => Ok(End::Copy),
            "again" => Ok(End::Again),
            "no_copy" => Ok(End::NoCopy),
            _ => Err(StoreError::Damaged("an unknown end of a doubt".into())),
        }
    }
}

/// Notes that a mail is handed over from now on. It must be durable before its first byte leaves.
pub fn begin(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE outbox SET handing_at_ms = $2 WHERE id = $1 AND state = 'sending'",
        &[id.into(), ms(at).into()],
    )?;
    Ok(())
}

/// Leaves a mail in doubt whose handing over broke off, and gives up its lease. `error` holds no address.
pub fn leave(tx: &mut Tx, id: &str, error: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE outbox SET leased_until_ms = $2, last_error = $3 WHERE id = $1 AND state = 'sending'",
        &[id.into(), ms(at).into(), error.into()],
    )?;
    Ok(())
}

/// Notes that a mail which goes back into the queue, or is given up, may have arrived.
pub fn note_again(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE outbox SET doubt = $2 WHERE id = $1",
        &[id.into(), End::Again.as_str().into()],
    )?;
    Ok(())
}

/// Puts mails in doubt back into the queue: those whose handing over began at `before` or earlier and on which nobody holds a lease
/// at `at`. Each time it waits longer, and one that was tried [`MOST_ATTEMPTS`] times is given up. Gives how many.
pub fn hand_over_again(
    tx: &mut Tx,
    before: Timestamp,
    at: Timestamp,
    end: End,
) -> Result<u64, StoreError> {
    let changed = tx.execute(
        "UPDATE outbox SET state = CASE WHEN attempts < $4 THEN 'queued' ELSE 'failed' END,
                due_at_ms = $1 + (attempts - 1) * $5, leased_until_ms = NULL, handing_at_ms = NULL, doubt = $3
         WHERE state = 'sending' AND leased_until_ms <= $1 AND handing_at_ms <= $2",
        &[
            ms(at).into(),
            ms(before).into(),
            end.as_str().into(),
            MOST_ATTEMPTS.into(),
            (LONGER_EACH_TIME.as_millis() as i64).into(),
        ],
    )?;
    Ok(changed)
}

/// Notes that a copy of a mail came in: it arrived, whatever was thought about it. `false` when that was known.
pub fn settle_by_copy(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE outbox SET state = 'sent', sent_at_ms = $2, leased_until_ms = NULL, handing_at_ms = NULL, last_error = NULL,
                doubt = $3
         WHERE id = $1 AND state IN ('queued', 'sending', 'failed')",
        &[id.into(), ms(at).into(), End::Copy.as_str().into()],
    )?;
    Ok(changed > 0)
}

/// How many mails are in doubt whose handing over began at `before` or earlier.
pub fn count(tx: &mut Tx, before: Timestamp) -> Result<i64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM outbox WHERE state = 'sending' AND handing_at_ms <= $1",
        &[ms(before).into()],
    )?;
    Ok(row.int(0))
}

/// The mail of ours with this Message-ID.
pub fn by_message_id(tx: &mut Tx, message_id: &str) -> Result<Option<Kept>, StoreError> {
    let row = tx.query_opt(
        &format!("{KEPT} WHERE message_id = $1"),
        &[message_id.into()],
    )?;
    row.as_ref().map(outbox::kept).transpose()
}

/// A row's columns of doubt as they are kept.
pub(crate) fn columns(
    handing_at_ms: Option<i64>,
    doubt: Option<&str>,
) -> Result<(Option<Timestamp>, Option<End>), StoreError> {
    Ok((
        handing_at_ms.map(instant).transpose()?,
        doubt.map(End::read).transpose()?,
    ))
}
