//! `POST …/take` and `…/close`: what the desk's system does with a finding, done once for each key by the command of the pages.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sonae_db::Tx;
use sonae_store::api_answer::Command;
use sonae_store::desk_finding::Finding;

use super::super::address::Id;
use super::super::applications::key_header;
use super::super::body::JsonBody;
use super::super::checks::who;
use super::super::door::Caller;
use super::super::once;
use super::super::papers::command::NothingMore;
use super::super::problem::Problem;
use super::super::typed;
use super::open;
use crate::app::App;
use crate::office::checks::findings::{Step, step_and};

/// How a finding ended.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FindingToClose")]
pub struct Closing {
    #[schemars(length(min = 1, max = 1000))]
    pub closing: String,
}

/// Where a finding stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingStanding")]
pub struct StandingView {
    pub number: i64,
    #[schemars(extend("enum" = ["taken", "closed"]))]
    pub state: &'static str,
}

pub async fn take(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let (number, command) = begin(&app, &caller, &number, (&headers, "take", &sent)).await?;
    let NothingMore {} = typed::read(sent)?;
    done(&app, &caller, (number, command), Step::Take).await
}

pub async fn close(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let (number, command) = begin(&app, &caller, &number, (&headers, "close", &sent)).await?;
    let Closing { closing } = typed::read(sent)?;
    done(&app, &caller, (number, command), Step::Close(closing)).await
}

async fn done(
    app: &App,
    caller: &Caller,
    (number, command): (i64, Command),
    step: Step,
) -> Result<Response, Problem> {
    let (now, kept) = (app.clock.now(), command.clone());
    let keep = move |tx: &mut Tx, finding: &Finding| {
        let answer = StandingView {
            number: finding.number,
            state: finding.stage.as_str(),
        };
        once::keep(tx, &kept, &answer, now)
    };
    once::kept(
        app,
        &command,
        step_and(app, who(caller), (number, now), step, keep),
    )
    .await
}

/// The number of a finding that this token may read, and the command by its key.
async fn begin(
    app: &App,
    caller: &Caller,
    number: &str,
    (headers, word, sent): (&HeaderMap, &str, &Value),
) -> Result<(i64, Command), Problem> {
    let key = key_header(headers)?.to_owned();
    let (finding, _) = open(app, caller, number).await?;
    let number = finding.number;
    let command = once::command(caller, &key, &format!("findings/{number}/{word}"), sent);
    Ok((number, command))
}
