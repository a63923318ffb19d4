//! `POST /api/v1/cases/{receipt_number}/actions` and `…/preview`: the same events as the pages of the office cause, done once for each key.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::audit::at_text;
use sonae_core::flow::Event;
use sonae_core::flow::permit::actions;
use sonae_core::receipt_number;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::case;
use sonae_store::outbox::Mail;

use super::address::Id;
use super::applications::key_header;
use super::body::JsonBody;
use super::case::{Standing, open, standing};
use super::door::{Caller, no_case};
use super::event;
use super::once::{self, Said};
use super::problem::Problem;
use crate::app::App;
use crate::mail::reading;
use crate::office::act::{self, Done, Outcome, Preview, Request};
use crate::office::revisions;

/// An event, with the version of the case that it rests on.
#[derive(Deserialize, JsonSchema)]
pub struct Action {
    /// The version that was read before. With it, an event that decides something is refused when somebody else was quicker; without it,
    /// the event is applied to whatever stands.
    #[serde(default)]
    #[schemars(range(min = 0))]
    pub version: Option<i64>,
    #[serde(flatten)]
    pub event: Event,
}

/// What an event did.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Applied")]
pub struct AppliedView {
    pub receipt_number: String,
    #[serde(flatten)]
    pub standing: Standing,
    /// The event's entry in the audit log.
    pub log_index: i64,
    /// Ids of the mails that it sends.
    pub mails: Vec<String>,
    /// When they leave; until then the same token can take the event back with `…/undo`, unless something happened since.
    #[schemars(extend("format" = "date-time"))]
    pub mails_leave_at: Option<String>,
}

/// What an event would do.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Preview")]
pub struct PreviewView {
    /// Whether it would be applied.
    pub allowed: bool,
    /// Why not.
    pub refusal: Option<RefusalView>,
    /// Where the case would stand, or stands when it is not allowed.
    pub after: Standing,
    /// The mails that would leave.
    pub mails: Vec<PreviewedMail>,
}

/// Why an event is refused.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Refusal")]
pub struct RefusalView {
    /// Stable, such as `not_open`.
    pub code: String,
    /// Japanese: why, and what to do first.
    pub sentence: String,
}

/// A mail that would leave.
#[derive(Serialize, JsonSchema)]
pub struct PreviewedMail {
    /// The mail's name in the programme.
    pub kind: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

pub async fn act(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let key = key_header(&headers)?.to_owned();
    let number = receipt_number::read(&number).ok_or_else(no_case)?;
    let opened = open(&app, &caller, &number, |_, _| Ok(())).await?;
    let command = once::command(&caller, &key, &number, &body);
    let (version, event) = event::read(&opened.program, body)?;
    let (inner, now) = (app.clone(), app.clock.now());
    let request = Request {
        receipt_number: number,
        version,
        event,
        actor: caller.actor(),
    };
    let said = app
        .write(move |tx| {
            once::once(tx, &command, now, |tx| {
                act_in(&inner, tx, &caller, &request, now)
            })
        })
        .await
        .map_err(Problem::of_store)?;
    said.answer()
}

fn act_in(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    request: &Request,
    now: Timestamp,
) -> Result<Said, StoreError> {
    let Some(stored) = case::by_receipt(tx, &request.receipt_number)? else {
        return Ok(Said::Not(no_case()));
    };
    if let Err(problem) = caller.may_do(actions(&request.event), &stored) {
        return Ok(Said::Not(problem));
    }
    match act::act_in(app, tx, request, now)? {
        Outcome::Done(done) => {
            let applied = applied(app, tx, *done)?;
            Ok(Said::Answer(serde_json::to_string(&applied)?))
        }
        Outcome::Refused(refusal) => Ok(Said::Refused(refusal)),
        Outcome::Conflict(_) => Ok(Said::Conflict(stored.case.version)),
        Outcome::Unknown => Ok(Said::Not(no_case())),
    }
}

fn applied(app: &App, tx: &mut Tx, done: Done) -> Result<AppliedView, StoreError> {
    let running = revisions::of(app, tx, &done.after.revision)?;
    let leave_at = (!done.mails.is_empty()).then(|| at_text(done.mails_leave_at));
    Ok(AppliedView {
        standing: standing(&running.program, &done.after),
        receipt_number: done.after.receipt_number,
        log_index: done.log_index,
        mails: done.mails,
        mails_leave_at: leave_at,
    })
}

pub async fn preview(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
    JsonBody(body): JsonBody,
) -> Result<Json<PreviewView>, Problem> {
    let opened = open(&app, &caller, &number, |_, _| Ok(())).await?;
    let (version, event) = event::read(&opened.program, body)?;
    caller.may_do(actions(&event), &opened.stored)?;
    let before = standing(&opened.program, &opened.stored);
    let request = Request {
        receipt_number: opened.stored.receipt_number,
        version,
        event,
        actor: caller.actor(),
    };
    let inner = app.clone();
    let foreseen = app
        .read(move |tx| {
            let preview = act::preview_in(&inner, tx, &request, inner.clock.now())?;
            Ok(match preview {
                Preview::Allowed { after, mails, .. } => {
                    let running = revisions::of(&inner, tx, &after.revision)?;
                    Ok((standing(&running.program, &after), mails))
                }
                Preview::Refused(refusal) => Err(Some(refusal)),
                Preview::Unknown => Err(None),
            })
        })
        .await
        .map_err(Problem::of_store)?;
    match foreseen {
        Ok((after, mails)) => Ok(Json(PreviewView {
            allowed: true,
            refusal: None,
            after,
            mails: mails.into_iter().map(previewed).collect(),
        })),
        Err(Some(refusal)) => Ok(Json(PreviewView {
            allowed: false,
            refusal: Some(RefusalView {
                code: refusal.code.to_owned(),
                sentence: refusal.sentence,
            }),
            after: before,
            mails: Vec::new(),
        })),
        Err(None) => Err(no_case()),
    }
}

fn previewed(mail: Mail) -> PreviewedMail {
    let readable = reading::read(&mail.content);
    PreviewedMail {
        kind: mail.mail,
        to: mail.recipient,
        subject: readable.header("Subject").to_owned(),
        text: readable.body,
    }
}
