//! Answers to commands of other systems, kept so that the same command sent again is not done again.

use jiff::Timestamp;
use sonae_db::Tx;

use crate::{StoreError, ms};

/// Answers deleted in one round.
const ROUND: u32 = 500;

/// A command as its sender names it.
#[derive(Clone, Debug)]
pub struct Command {
    pub token_id: String,
    /// The header `Idempotency-Key`.
    pub once: String,
    /// SHA-256 in hex of where it was sent and what.
    pub request_hash: String,
}

/// What is known of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    New,
    /// It was done; this was the answer.
    Done(String),
    /// The key was used for another command.
    KeyUsed,
}

/// Whether a command was done before.
pub fn find(tx: &mut Tx, command: &Command) -> Result<Known, StoreError> {
    let row = tx.query_opt(
        "SELECT request_hash, answer FROM api_answer WHERE token_id = $1 AND once = $2",
        &[(&command.token_id).into(), (&command.once).into()],
    )?;
    Ok(match row {
        None => Known::New,
        Some(row) if row.text(0) == command.request_hash => Known::Done(row.text(1).to_owned()),
        Some(_) => Known::KeyUsed,
    })
}

/// Keeps the answer, in the transaction that did the command.
pub fn keep(tx: &mut Tx, command: &Command, answer: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO api_answer (token_id, once, request_hash, answer, created_at_ms) VALUES ($1, $2, $3, $4, $5)",
        &[
            (&command.token_id).into(),
            (&command.once).into(),
            (&command.request_hash).into(),
            answer.into(),
            ms(at).into(),
        ],
    )?;
    Ok(())
}

/// Deletes some of the answers from before an instant; gives the number.
pub fn delete_before(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    let sql = format!(
        "DELETE FROM api_answer WHERE (token_id, once) IN
         (SELECT token_id, once FROM api_answer WHERE created_at_ms < $1 ORDER BY created_at_ms LIMIT {ROUND})"
    );
    Ok(tx.execute(&sql, &[ms(before).into()])?)
}
