//! `POST /api/v1/cases/{receipt_number}/undo`: takes back what this token just did, while its mails wait.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sonae_db::Tx;
use sonae_store::StoreError;

use super::address::Id;
use super::applications::key_header;
use super::body::JsonBody;
use super::case::{Standing, open, standing};
use super::door::{Caller, no_case};
use super::once::{self, Said};
use super::problem::Problem;
use super::typed::{self, wrong};
use crate::app::App;
use crate::office::revisions;
use crate::office::undo::{Outcome, Request, undo_in};

/// What is to be taken back.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Undoing {
    /// The version of the case that the action made: `version` of its answer.
    #[schemars(range(min = 1))]
    pub version: i64,
}

/// What was taken back.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Undone")]
pub struct UndoneView {
    pub receipt_number: String,
    #[serde(flatten)]
    pub standing: Standing,
    /// The event's word, such as `screened`.
    pub event: String,
    /// How many mails do not leave.
    pub mails_stopped: usize,
}

pub async fn undo(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let key = key_header(&headers)?.to_owned();
    let opened = open(&app, &caller, &number, |_, _| Ok(())).await?;
    let number = opened.stored.receipt_number;
    let command = once::command(&caller, &key, &format!("{number}/undo"), &sent);
    let request = Request {
        version: version(sent)?,
        actor: caller.name(),
        receipt_number: number,
    };
    let (inner, now) = (app.clone(), app.clock.now());
    let said = app
        .write(move |tx| once::once(tx, &command, now, |tx| take_back(&inner, tx, &request, now)))
        .await
        .map_err(Problem::of_store)?;
    said.answer()
}

fn version(sent: Value) -> Result<i64, Problem> {
    let undoing: Undoing = typed::read(sent)?;
    match undoing.version {
        version @ 1.. => Ok(version),
        _ => Err(wrong(
            "version",
            "invalid",
            "操作の応答にある version(1以上)を送ってください。",
        )),
    }
}

fn take_back(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    now: Timestamp,
) -> Result<Said, StoreError> {
    match undo_in(app, tx, request, now)? {
        Outcome::Unknown => Ok(Said::Not(no_case())),
        Outcome::Refused(refusal) => Ok(Said::Refused(refusal)),
        Outcome::Done {
            event,
            after,
            mails,
        } => {
            let running = revisions::of(app, tx, &after.revision)?;
            let undone = UndoneView {
                standing: standing(&running.program, &after),
                receipt_number: after.receipt_number.clone(),
                event: event.event.clone(),
                mails_stopped: mails,
            };
            Ok(Said::Answer(serde_json::to_string(&undone)?))
        }
    }
}
