//! `POST …/state`, `…/judge`, `…/escalate` and `…/sign`: what a technician's system says of a day, done once for each key by the commands of
//! the pages.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sonae_core::detection_check::State as Said;
use sonae_core::detection_check::verdict::Verdict;
use sonae_db::Tx;
use sonae_store::api_answer::Command;
use sonae_store::finding_judgement::Judgement;

use super::super::address::{Id, Parts};
use super::super::applications::key_header;
use super::super::body::JsonBody;
use super::super::door::Caller;
use super::super::once;
use super::super::papers::command::NothingMore;
use super::super::problem::Problem;
use super::super::typed;
use super::{company_day, no_check, read_day, who};
use crate::app::App;
use crate::office::checks::escalate::{self, Escalate};
use crate::office::checks::judge::{self, Judge};
use crate::office::checks::said::{self, Say};
use crate::office::checks::{CompanyDay, sign};

/// What is said of a company's day.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CheckToSay")]
pub struct Saying {
    /// 異常なし, 要確認, 対応
    #[schemars(extend("enum" = ["quiet", "review", "handling"]))]
    pub state: String,
    #[serde(default)]
    #[schemars(length(max = 1000))]
    pub note: String,
    /// `said.version` as it was read; 0 when nothing was said.
    pub version: u32,
    /// `lines` as it was read; what came since is refused.
    pub lines: u32,
}

/// What a group of detections is judged to be.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CheckToJudge")]
pub struct Judging {
    /// The group's key.
    #[schemars(length(max = 100))]
    pub group: String,
    #[schemars(extend("enum" = ["true_positive", "suspicious", "false_positive", "benign", "test", "insufficient_data"]))]
    pub verdict: String,
    #[schemars(length(min = 1, max = 1000))]
    pub reason: String,
    /// `judgement.version` as it was read; 0 when there is none.
    pub version: u32,
}

/// What is handed to the desk.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CheckToEscalate")]
pub struct HandingOn {
    /// The group's key.
    #[schemars(length(max = 100))]
    pub group: String,
    #[schemars(extend("enum" = ["true_positive", "suspicious", "insufficient_data"]))]
    pub verdict: String,
    /// To the desk, and the reason of the judgement.
    #[schemars(length(min = 1, max = 1000))]
    pub words: String,
    /// `said.version` as it was read; 0 when nothing was said.
    pub version: u32,
}

/// What was said.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckSaying")]
pub struct SaidAnswer {
    #[schemars(extend("enum" = ["quiet", "review", "handling"]))]
    pub state: &'static str,
    pub version: i64,
}

/// What was judged.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckJudging")]
pub struct JudgedAnswer {
    pub group: String,
    pub verdict: &'static str,
    pub version: i64,
}

/// What the desk has now.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckEscalating")]
pub struct HandedOnAnswer {
    /// The number of the finding.
    pub finding: i64,
}

/// A day that was signed.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckSigning")]
pub struct SignedAnswer {
    #[schemars(extend("format" = "date"))]
    pub day: String,
    /// Companies that were not signed before.
    pub companies: u64,
}

type Named = Parts<(String, String)>;

pub async fn state(
    State(app): State<App>,
    caller: Caller,
    Parts(named): Named,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let (company_day, command) = begin(&app, &caller, &named, (&headers, "state", &sent)).await?;
    let saying: Saying = typed::read(sent)?;
    let state = Said::parse(&saying.state);
    let state = state.ok_or_else(|| no_word("state", &Said::ALL.map(Said::as_str)))?;
    let say = Say {
        company_day,
        state,
        note: saying.note,
        version: i64::from(saying.version),
        lines: Some(i64::from(saying.lines)),
    };
    let (now, kept) = (app.clock.now(), command.clone());
    let keep = move |tx: &mut Tx, version: i64| {
        let answer = SaidAnswer {
            state: state.as_str(),
            version,
        };
        once::keep(tx, &kept, &answer, now)
    };
    once::kept(&app, &command, said::say_and(&app, say, keep)).await
}

pub async fn judge(
    State(app): State<App>,
    caller: Caller,
    Parts(named): Named,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let (company_day, command) = begin(&app, &caller, &named, (&headers, "judge", &sent)).await?;
    let judging: Judging = typed::read(sent)?;
    let judge = Judge {
        company_day,
        verdict: verdict(&judging.verdict)?,
        key: judging.group,
        reason: judging.reason,
        version: i64::from(judging.version),
    };
    let (now, kept) = (app.clock.now(), command.clone());
    let keep = move |tx: &mut Tx, judgement: &Judgement| {
        let answer = JudgedAnswer {
            group: judgement.group.key(),
            verdict: judgement.verdict.as_str(),
            version: judgement.version,
        };
        once::keep(tx, &kept, &answer, now)
    };
    once::kept(&app, &command, judge::judge_and(&app, judge, keep)).await
}

pub async fn escalate(
    State(app): State<App>,
    caller: Caller,
    Parts(named): Named,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let (company_day, command) =
        begin(&app, &caller, &named, (&headers, "escalate", &sent)).await?;
    let handing: HandingOn = typed::read(sent)?;
    let wish = Escalate {
        company_day,
        verdict: verdict(&handing.verdict)?,
        key: handing.group,
        words: handing.words,
        version: i64::from(handing.version),
    };
    let (now, kept) = (app.clock.now(), command.clone());
    let keep =
        move |tx: &mut Tx, finding: i64| once::keep(tx, &kept, &HandedOnAnswer { finding }, now);
    once::kept(&app, &command, escalate::escalate_and(&app, wish, keep)).await
}

pub async fn sign(
    State(app): State<App>,
    caller: Caller,
    Id(day): Id,
    headers: HeaderMap,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let key = key_header(&headers)?.to_owned();
    let day = read_day(&day)?;
    let command = once::command(&caller, &key, &format!("checks/{day}/sign"), &sent);
    let NothingMore {} = typed::read(sent)?;
    let (now, kept) = (app.clock.now(), command.clone());
    let keep = move |tx: &mut Tx, companies: u64| {
        let answer = SignedAnswer {
            day: day.to_string(),
            companies,
        };
        once::keep(tx, &kept, &answer, now)
    };
    once::kept(
        &app,
        &command,
        sign::sign_and(&app, who(&caller), (day, now), keep),
    )
    .await
}

/// The company's day when it is this token's to check, and the command by its key.
async fn begin(
    app: &App,
    caller: &Caller,
    named: &(String, String),
    (headers, word, sent): (&HeaderMap, &str, &Value),
) -> Result<(CompanyDay, Command), Problem> {
    let key = key_header(headers)?.to_owned();
    let company_day = company_day(app, caller, named)?;
    let opened = said::open(app, &company_day).await;
    if opened.map_err(Problem::of_store)?.is_err() {
        return Err(no_check());
    }
    let CompanyDay {
        day,
        receipt_number,
        ..
    } = &company_day;
    let place = format!("checks/{day}/{receipt_number}/{word}");
    let command = once::command(caller, &key, &place, sent);
    Ok((company_day, command))
}

fn verdict(word: &str) -> Result<Verdict, Problem> {
    Verdict::parse(word).ok_or_else(|| no_word("verdict", &Verdict::ALL.map(Verdict::as_str)))
}

fn no_word(field: &str, words: &[&str]) -> Problem {
    let message = format!("{}のどれかを送ってください。", words.join("、"));
    typed::wrong(field, "invalid", &message)
}
