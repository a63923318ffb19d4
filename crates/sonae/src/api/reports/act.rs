//! `POST …/make`, `…/check`, `…/approve` and `…/return`: what the office does with a report, done once for each key by the commands of the pages.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sonae_core::report::life::State as Stand;
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::api_answer::Command;
use sonae_store::monthly_report::Report;

use super::super::address::Parts;
use super::super::applications::key_header;
use super::super::body::JsonBody;
use super::super::door::Caller;
use super::super::once::{self, Said};
use super::super::problem::Problem;
use super::super::typed;
use super::open;
use crate::app::App;
use crate::office::reports::make::{self, Made};
use crate::office::reports::{Outcome, Request, decide};

/// Which revision is meant.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReportRevisionSeen")]
pub struct Seen {
    /// `report.revision` as it was read; 0 to make the first.
    pub revision: u32,
}

/// A report that is checked.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReportToCheck")]
pub struct Checking {
    /// `report.revision` as it was read.
    pub revision: u32,
    /// To the company; may be empty.
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub word: String,
}

/// A report that is given back.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReportToReturn")]
pub struct Returning {
    /// `report.revision` as it was read.
    pub revision: u32,
    #[schemars(length(min = 1, max = 1000))]
    pub why: String,
}

/// Where a report stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReportStanding")]
pub struct StandingView {
    pub receipt_number: String,
    /// Such as `2026-06`.
    pub month: String,
    #[schemars(extend("enum" = ["made", "checked", "approved"]))]
    pub state: &'static str,
    pub revision: u32,
    /// Of the frozen figures, in hex.
    pub figures_sha256: String,
    /// In hex; null when this program makes no PDF.
    pub pdf_sha256: Option<String>,
}

type Named = Parts<(String, String)>;

/// A command that was read.
struct Begun {
    request: Request,
    command: Command,
}

impl Begun {
    /// Keeps where the report stands as the command's answer, in the transaction of the decision.
    fn keep(&self) -> impl Fn(&mut Tx, &Report) -> Result<(), StoreError> + Send + 'static {
        let (command, at) = (self.command.clone(), self.request.at);
        let (number, month) = (self.request.receipt_number.clone(), self.request.month);
        move |tx, report| once::keep(tx, &command, &standing(&number, month, report), at)
    }
}

pub async fn make(
    State(app): State<App>,
    caller: Caller,
    Parts(named): Named,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let begun = begin(&app, &caller, &named, (&headers, "make", &sent)).await?;
    let Seen { revision } = typed::read(sent)?;
    let Begun {
        request, command, ..
    } = begun;
    let (now, kept) = (app.clock.now(), command.clone());
    let (number, month) = (request.receipt_number.clone(), request.month);
    let keep = move |tx: &mut Tx, made: &Made| {
        let answer = StandingView {
            receipt_number: number.clone(),
            month: month.to_string(),
            state: Stand::Made.as_str(),
            revision: made.revision,
            figures_sha256: made.figures_sha256.clone(),
            pdf_sha256: made.pdf_sha256.clone(),
        };
        once::keep(tx, &kept, &answer, now)
    };
    let work = make::make_and(&app, request, Some(revision), keep);
    once::kept(&app, &command, work).await
}

pub async fn check(
    State(app): State<App>,
    caller: Caller,
    Parts(named): Named,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let begun = begin(&app, &caller, &named, (&headers, "check", &sent)).await?;
    let Checking { revision, word } = typed::read(sent)?;
    let work = decide::check_and(&app, begun.request.clone(), revision, word, begun.keep());
    once::kept(&app, &begun.command, work).await
}

pub async fn approve(
    State(app): State<App>,
    caller: Caller,
    Parts(named): Named,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let begun = begin(&app, &caller, &named, (&headers, "approve", &sent)).await?;
    let Seen { revision } = typed::read(sent)?;
    let work = decide::approve_and(&app, begun.request.clone(), revision, begun.keep());
    once::kept(&app, &begun.command, work).await
}

pub async fn give_back(
    State(app): State<App>,
    caller: Caller,
    Parts(named): Named,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let begun = begin(&app, &caller, &named, (&headers, "return", &sent)).await?;
    let Returning { revision, why } = typed::read(sent)?;
    let work =
        move |tx: &mut Tx, request: &Request| decide::give_back_in(tx, request, revision, &why);
    decided(&app, begun, work).await
}

/// A decision, with its answer in the same transaction.
async fn decided(
    app: &App,
    begun: Begun,
    work: impl Fn(&mut Tx, &Request) -> Outcome<Report> + Send + 'static,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    let said = app.write(move |tx| {
        let request = &begun.request;
        once::once(tx, &begun.command, now, |tx| {
            Ok(match work(tx, request)? {
                Ok(report) => {
                    let answer = standing(&request.receipt_number, request.month, &report);
                    Said::Answer(serde_json::to_string(&answer)?)
                }
                Err(refusal) => Said::Refused(refusal),
            })
        })
    });
    said.await.map_err(Problem::of_store)?.answer()
}

/// The company's month that this token works on, and the command by its key.
async fn begin(
    app: &App,
    caller: &Caller,
    named: &(String, String),
    (headers, word, sent): (&HeaderMap, &str, &Value),
) -> Result<Begun, Problem> {
    let key = key_header(headers)?.to_owned();
    let found = open(app, named).await?;
    let (number, month) = (found.stored.receipt_number, found.month);
    let place = format!("reports/{number}/{month}/{word}");
    Ok(Begun {
        command: once::command(caller, &key, &place, sent),
        request: Request {
            receipt_number: number,
            month,
            actor: caller.actor(),
            at: app.clock.now(),
        },
    })
}

fn standing(receipt_number: &str, month: Month, report: &Report) -> StandingView {
    StandingView {
        receipt_number: receipt_number.to_owned(),
        month: month.to_string(),
        state: report.state.as_str(),
        revision: report.revision,
        figures_sha256: report.figures_sha256.clone(),
        pdf_sha256: report.pdf_sha256.clone(),
    }
}
