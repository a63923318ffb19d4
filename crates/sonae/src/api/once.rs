//! Commands of other systems that are done once: the header `Idempotency-Key` names them, and the answer is kept with what they did.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_core::flow::Refusal;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::api_answer::{self, Command, Known};

use super::door::Caller;
use super::problem::{Kind, Problem};
use crate::app::App;

/// What came of the work: its result, or why the rules refuse it.
type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// What came of a command.
pub enum Said {
    /// JSON, fresh or kept.
    Answer(String),
    Refused(Refusal),
    /// The version now.
    Conflict(i64),
    KeyUsed,
    Not(Problem),
}

/// The command as its sender names it by its key; `place` is where it was sent, and the body's keys are in order.
pub fn command(caller: &Caller, key: &str, place: &str, body: &Value) -> Command {
    Command {
        token_id: caller.id().to_owned(),
        once: key.to_owned(),
        request_hash: hex(&Sha256::digest(format!("{place}\n{body}"))),
    }
}

/// Does the command unless it was done before, and keeps its answer in the same transaction.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn once(
    tx: &mut Tx,
    command: &Command,
    at: Timestamp,
    work: impl FnOnce(&mut Tx) -> Result<Said, StoreError>,
) -> Result<Said, StoreError> {
    match api_answer::find(tx, command)? {
        Known::Done(answer) => return Ok(Said::Answer(answer)),
        Known::KeyUsed => return Ok(Said::KeyUsed),
        Known::New => {}
    }
    let said = work(tx)?;
    if let Said::Answer(json) = &said {
        api_answer::keep(tx, command, json, at)?;
    }
    Ok(said)
}

/// Keeps the answer of a command that has a transaction of its own; to be called within it.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn keep(
    tx: &mut Tx,
    command: &Command,
    answer: &impl Serialize,
    at: Timestamp,
) -> Result<(), StoreError> {
    api_answer::keep(tx, command, &serde_json::to_string(answer)?, at)
}

/// Does a command that keeps its answer itself, unless it was done before.
///
/// # Errors
/// Whatever was not done.
pub async fn kept<T>(
    app: &App,
    command: &Command,
    work: impl Future<Output = Outcome<T>>,
) -> Result<Response, Problem> {
    if let Some(said) = known(app, command).await? {
        return said.answer();
    }
    let done = work.await;
    // What is kept is the answer, also when the same command came twice at the same time and the other one was first: then this one is refused, or
    // cannot keep its own.
    match (known(app, command).await, done) {
        (Ok(Some(said)), _) => said.answer(),
        (_, Err(error)) => Err(Problem::of_store(error)),
        (Ok(None), Ok(Err(refusal))) => Said::Refused(refusal).answer(),
        (Ok(None), Ok(Ok(_))) => Err(Problem::busy()),
        (Err(problem), Ok(_)) => Err(problem),
    }
}

async fn known(app: &App, command: &Command) -> Result<Option<Said>, Problem> {
    let command = command.clone();
    let known = app.read(move |tx| api_answer::find(tx, &command)).await;
    Ok(match known.map_err(Problem::of_store)? {
        Known::New => None,
        Known::Done(answer) => Some(Said::Answer(answer)),
        Known::KeyUsed => Some(Said::KeyUsed),
    })
}

impl Said {
    /// As it is answered.
    ///
    /// # Errors
    /// Whatever was not done.
    pub fn answer(self) -> Result<Response, Problem> {
        match self {
            Said::Answer(json) => {
                let kind = (header::CONTENT_TYPE, "application/json");
                Ok(([kind, (header::CACHE_CONTROL, "no-store")], json).into_response())
            }
            Said::Refused(refusal) => Err(refused(refusal)),
            Said::Conflict(version) => Err(Problem::conflict(version)),
            Said::KeyUsed => Err(Problem::new(
                Kind::IdempotencyKeyReused,
                "この Idempotency-Key は、内容の異なる操作に使われています。新しい操作には新しい値を付けてください。",
            )),
            Said::Not(problem) => Err(problem),
        }
    }
}

/// What is told of a command that the rules refuse.
pub fn refused(refusal: Refusal) -> Problem {
    match refusal.code {
        // The role may not cause it at all, whatever the case.
        "forbidden" => Problem::new(Kind::Forbidden, refusal.sentence),
        code => Problem::refused(code, refusal.sentence),
    }
}
