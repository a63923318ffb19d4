//! `POST …/papers/{kind}/send-for-review`, `…/take-back` and `…/start-revision`: what the office does with a paper, done once for each key.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::access::Action;
use sonae_core::paper::desk::State as Stand;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::api_answer::Command;

use super::open_paper;
use crate::api::address::Parts;
use crate::api::applications::key_header;
use crate::api::body::JsonBody;
use crate::api::door::Caller;
use crate::api::once::{self, Said};
use crate::api::problem::Problem;
use crate::api::typed;
use crate::app::App;
use crate::office::papers::review::{self, Send, Sent};
use crate::office::papers::{Outcome, Request};

/// What goes to the company with a paper.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PaperToSend")]
pub struct Sending {
    /// Stands in the mail; at most 2,000 characters.
    #[serde(default)]
    #[schemars(length(max = 2000))]
    pub note: String,
}

/// An empty object: the address says everything.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NothingMore {}

/// A version that was sent.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperSent")]
pub struct SentView {
    pub kind: String,
    #[schemars(extend("enum" = ["in_review"]))]
    pub state: &'static str,
    pub version: u32,
    /// Hex, of the document as it is kept.
    pub document_sha256: String,
    /// Hex; null when this program makes no PDF.
    pub pdf_sha256: Option<String>,
    /// The id of the mail, which leaves after five minutes; null when there is none.
    pub mail: Option<String>,
}

/// Where a paper stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperStanding")]
pub struct StandingView {
    pub kind: String,
    #[schemars(extend("enum" = ["draft", "in_review", "accepted"]))]
    pub state: &'static str,
    pub version: u32,
}

type Named = Parts<(String, String)>;

pub async fn send_for_review(
    State(app): State<App>,
    caller: Caller,
    Parts((number, kind)): Named,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let key = key_header(&headers)?.to_owned();
    let (request, command) = {
        let named = (&*number, &*kind);
        let request = request(&app, &caller, named).await?;
        let command = named_once(&caller, &key, (&request, "send-for-review"), &sent);
        (request, command)
    };
    let sending: Sending = typed::read(sent)?;
    let send = Send {
        request,
        note: sending.note,
    };
    let (kept, now) = (command.clone(), app.clock.now());
    let keep = move |tx: &mut Tx, sent: &Sent| once::keep(tx, &kept, &sent_view(&kind, sent), now);
    let work = review::send_for_review_and(&app, send, keep);
    once::kept(&app, &command, work).await
}

pub async fn take_back(
    State(app): State<App>,
    caller: Caller,
    Parts((number, kind)): Named,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Problem> {
    let named = (&*number, &*kind, "take-back");
    step(&app, &caller, named, (&headers, body), review::take_back_in).await
}

pub async fn start_revision(
    State(app): State<App>,
    caller: Caller,
    Parts((number, kind)): Named,
    headers: HeaderMap,
    body: JsonBody,
) -> Result<Response, Problem> {
    let named = (&*number, &*kind, "start-revision");
    let work = review::start_revision_in;
    step(&app, &caller, named, (&headers, body), work).await
}

/// One step of a paper's life, with its answer in the same transaction.
async fn step(
    app: &App,
    caller: &Caller,
    (number, kind, word): (&str, &str, &str),
    (headers, JsonBody(sent)): (&HeaderMap, JsonBody),
    work: fn(&mut Tx, &Request, Timestamp) -> Outcome<Stand>,
) -> Result<Response, Problem> {
    let key = key_header(headers)?.to_owned();
    let request = request(app, caller, (number, kind)).await?;
    let command = named_once(caller, &key, (&request, word), &sent);
    let NothingMore {} = typed::read(sent)?;
    let now = app.clock.now();
    let said = app
        .write(move |tx| {
            once::once(tx, &command, now, |tx| {
                Ok(match work(tx, &request, now)? {
                    Ok(stand) => Said::Answer(serde_json::to_string(&standing(&request, stand))?),
                    Err(refusal) => Said::Refused(refusal),
                })
            })
        })
        .await
        .map_err(Problem::of_store)?;
    said.answer()
}

/// What this token wishes of a paper that it may change.
pub(super) async fn request(
    app: &App,
    caller: &Caller,
    named: (&str, &str),
) -> Result<Request, Problem> {
    let nothing = |_: &mut Tx, _: &_| -> Result<(), StoreError> { Ok(()) };
    let opened = open_paper(app, caller, named, Action::WorkPapers, nothing).await?;
    Ok(Request {
        receipt_number: opened.stored.receipt_number,
        kind: named.1.to_owned(),
        actor: caller.actor(),
    })
}

/// The command by its key; what it is about stands before its body.
pub(super) fn named_once(
    caller: &Caller,
    key: &str,
    (request, word): (&Request, &str),
    sent: &serde_json::Value,
) -> Command {
    let place = format!("{}/papers/{}/{word}", request.receipt_number, request.kind);
    once::command(caller, key, &place, sent)
}

fn sent_view(kind: &str, sent: &Sent) -> SentView {
    SentView {
        kind: kind.to_owned(),
        state: "in_review",
        version: sent.version,
        document_sha256: sent.document_sha256.clone(),
        pdf_sha256: sent.pdf_sha256.clone(),
        mail: sent.mail.clone(),
    }
}

fn standing(request: &Request, stand: Stand) -> StandingView {
    StandingView {
        kind: request.kind.clone(),
        state: stand.as_str(),
        version: stand.version(),
    }
}
