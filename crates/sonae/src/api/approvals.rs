//! `GET /api/v1/approvals`: every proposal with what became of it, page by page.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::audit::at_text;
use sonae_store::approval::{Approval, Decided, Decision, Invalidated};
use sonae_store::approval_page::{self, After, State as Stage, Wanted};

use super::page::{PAGE, cut};
use super::parameters::Parameters;
use super::problem::Problem;
use crate::app::App;
use crate::office::people::People;

/// The longest id, in characters.
const LONGEST_ID: usize = 100;

/// Which proposals are wanted. All conditions hold together.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ProposalQuery {
    /// A programme's id.
    #[schemars(length(max = 100))]
    pub program: Option<String>,
    #[schemars(extend("enum" = ["waiting", "approved", "sent_back", "invalid", null]))]
    pub state: Option<String>,
    /// `next` of the page before.
    #[schemars(length(max = 100))]
    pub cursor: Option<String>,
    /// Proposals of one page; 50 when nothing is said.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
}

/// A page of proposals, the newest first.
#[derive(Serialize, JsonSchema)]
pub struct ProposalList {
    pub approvals: Vec<ProposalView>,
    /// Send it as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

/// 承認の依頼: a case was put before the sponsor, and what became of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Proposal")]
pub struct ProposalView {
    pub receipt_number: String,
    /// The programme's id.
    pub program: String,
    /// The company's name.
    pub name: String,
    /// Counts the proposals of the case, from 1.
    pub number: i64,
    /// The case's version after it was proposed.
    pub version: i64,
    /// The id of the list on which it stands; null when it stands on none.
    pub list: Option<String>,
    #[schemars(extend("enum" = ["waiting", "approved", "sent_back", "invalid"]))]
    pub state: &'static str,
    pub proposed: DoneBy,
    /// From the second proposal on the answer to the question before.
    pub note: String,
    /// The sponsor's decision, also when what was decided on is no longer what stands.
    pub decision: Option<DecisionView>,
    /// What made it invalid afterwards.
    pub invalidated: Option<InvalidatedView>,
}

/// Who did it, when, and where the log says so.
#[derive(Serialize, JsonSchema)]
pub struct DoneBy {
    /// `staff:<id>`
    pub by: String,
    /// The name of the person, or of the system by its token.
    pub name: String,
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    /// Its entry in the audit log.
    pub log_index: i64,
}

/// 承認または差戻し
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ApprovalDecision")]
pub struct DecisionView {
    #[schemars(extend("enum" = ["approved", "sent_back"]))]
    pub decision: &'static str,
    /// With `sent_back`.
    pub question: Option<String>,
    pub decided: DoneBy,
}

/// The case changed or closed afterwards.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Invalidation")]
pub struct InvalidatedView {
    /// The event's word, such as `corrected`.
    pub event: String,
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    /// Its entry in the audit log.
    pub log_index: i64,
}

pub async fn list(
    State(app): State<App>,
    parameters: Parameters,
) -> Result<Json<ProposalList>, Problem> {
    let query = read(&parameters)?;
    let limit = query.limit.unwrap_or(PAGE);
    let wanted = Wanted {
        program_id: query.program,
        state: query.state.as_deref().and_then(Stage::parse),
        after: query.cursor.as_deref().and_then(After::parse),
    };
    let (mut found, people) = app
        .read(move |tx| {
            let page = approval_page::page(tx, &wanted, limit + 1)?;
            Ok((page, People::read(tx)?))
        })
        .await
        .map_err(Problem::of_store)?;
    let more = cut(&mut found, limit as usize);
    let next = found.last().filter(|_| more);
    Ok(Json(ProposalList {
        next: next.map(|last| After::of(last).write()),
        approvals: found.into_iter().map(|row| view(row, &people)).collect(),
    }))
}

fn read(parameters: &Parameters) -> Result<ProposalQuery, Problem> {
    let mut read = parameters.reader();
    let query = ProposalQuery {
        program: read.text("program", LONGEST_ID),
        state: read.one_of("state", &Stage::ALL.map(Stage::as_str)),
        cursor: read.cursor(|text| After::parse(text).map(|after| after.write())),
        limit: read.limit(),
    };
    read.finish()?;
    Ok(query)
}

/// A proposal as it is sent.
pub fn view(row: Approval, people: &People) -> ProposalView {
    ProposalView {
        state: state(&row),
        receipt_number: row.receipt_number,
        program: row.program_id,
        name: row.name,
        number: row.number,
        version: row.version,
        list: row.list_id,
        proposed: DoneBy {
            name: people.name(&row.proposed_by),
            by: row.proposed_by,
            at: at_text(row.proposed_at),
            log_index: row.proposed_log_index,
        },
        note: row.note,
        decision: row.decided.map(|decided| decision(decided, people)),
        invalidated: row.invalidated.map(invalidated),
    }
}

fn state(row: &Approval) -> &'static str {
    let decision = row.decided.as_ref().map(|decided| decided.decision);
    let state = match (row.invalidated.is_some(), decision) {
        (true, _) => Stage::Invalid,
        (false, Some(Decision::Approved)) => Stage::Approved,
        (false, Some(Decision::SentBack)) => Stage::SentBack,
        (false, None) => Stage::Waiting,
    };
    state.as_str()
}

fn decision(decided: Decided, people: &People) -> DecisionView {
    DecisionView {
        decision: decided.decision.as_str(),
        question: decided.question,
        decided: DoneBy {
            name: people.name(&decided.by),
            by: decided.by,
            at: at_text(decided.at),
            log_index: decided.log_index,
        },
    }
}

fn invalidated(invalidated: Invalidated) -> InvalidatedView {
    InvalidatedView {
        event: invalidated.by,
        at: at_text(invalidated.at),
        log_index: invalidated.log_index,
    }
}
