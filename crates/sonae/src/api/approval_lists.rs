//! `GET /api/v1/approval-lists` and `…/{id}`: lists that the secretariat handed to the sponsor; one of them with its applications, every
//! decision on them, and where the log says so.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::audit::{at_text, hex};
use sonae_store::approval;
use sonae_store::approval_list::{self, List};
use sonae_store::audit;

use super::address::Id;
use super::approvals::{DoneBy, ProposalView, view as proposal};
use super::page::cut;
use super::parameters::Parameters;
use super::problem::{Kind, Problem};
use crate::app::App;
use crate::office::people::People;

/// Settled lists of one page.
const PAGE: u32 = 100;
/// The longest id, in characters.
const LONGEST_ID: usize = 100;

/// Which lists are wanted. All conditions hold together.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApprovalListQuery {
    /// A programme's id.
    #[schemars(length(max = 100))]
    pub program: Option<String>,
    /// `open` while something on it waits for the sponsor.
    #[schemars(extend("enum" = ["open", "settled", null]))]
    pub state: Option<String>,
    /// `next` of the page before.
    #[schemars(length(max = 100))]
    pub cursor: Option<String>,
}

/// A page of lists: on the first one those with something that waits, then the settled ones, the newest first.
#[derive(Serialize, JsonSchema)]
pub struct ApprovalLists {
    /// With `program` there may be none on a page that has a next one.
    pub lists: Vec<ApprovalListView>,
    /// Send it as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

/// 承認依頼の一覧
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ApprovalList")]
pub struct ApprovalListView {
    pub id: String,
    /// The programme's id.
    pub program: String,
    /// Counts the programme's lists, from 1.
    pub number: i64,
    pub note: String,
    pub handed_over: DoneBy,
    pub waiting: i64,
    pub approved: i64,
    /// With a question that is not answered.
    pub sent_back: i64,
    /// The case changed or closed afterwards.
    pub invalid: i64,
}

/// A list with its applications and the record of the decisions.
#[derive(Serialize, JsonSchema)]
pub struct ApprovalRecord {
    #[serde(flatten)]
    pub list: ApprovalListView,
    /// SHA-256 that binds the entry of the handing over and everything before it; null when the log has no such entry.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
    pub log_hash: Option<String>,
    /// In the order of receipt. A case that was proposed again stands there once for each time.
    pub approvals: Vec<ProposalView>,
}

pub async fn list(
    State(app): State<App>,
    parameters: Parameters,
) -> Result<Json<ApprovalLists>, Problem> {
    let mut read = parameters.reader();
    let query = ApprovalListQuery {
        program: read.text("program", LONGEST_ID),
        state: read.one_of("state", &["open", "settled"]),
        cursor: read.text("cursor", LONGEST_ID),
    };
    read.finish()?;
    let with = |state: &str| query.state.as_deref().is_none_or(|only| only == state);
    let (with_open, with_settled) = (with("open") && query.cursor.is_none(), with("settled"));
    let after = query.cursor.clone();
    let (mut lists, mut settled, people) = app
        .read(move |tx| {
            let open = match with_open {
                true => approval_list::open(tx)?,
                false => Vec::new(),
            };
            let settled = match with_settled {
                true => approval_list::past(tx, after.as_deref(), PAGE + 1)?,
                false => Vec::new(),
            };
            Ok((open, settled, People::read(tx)?))
        })
        .await
        .map_err(Problem::of_store)?;
    let more = cut(&mut settled, PAGE as usize);
    let next = settled.last().filter(|_| more).map(|last| last.id.clone());
    lists.extend(settled);
    let program = query.program.as_ref();
    lists.retain(|list| program.is_none_or(|program| *program == list.program_id));
    Ok(Json(ApprovalLists {
        lists: lists.into_iter().map(|list| view(list, &people)).collect(),
        next,
    }))
}

pub async fn one(State(app): State<App>, Id(id): Id) -> Result<Json<ApprovalRecord>, Problem> {
    let found = app
        .read(move |tx| {
            if id.contains('\0') {
                return Ok(None);
            }
            let Some(list) = approval_list::by_id(tx, &id)? else {
                return Ok(None);
            };
            let rows = approval::of_list(tx, &id)?;
            let entry = audit::entry(tx, list.log_index)?;
            Ok(Some((list, rows, entry, People::read(tx)?)))
        })
        .await
        .map_err(Problem::of_store)?;
    let Some((list, rows, entry, people)) = found else {
        return Err(Problem::new(
            Kind::NotFound,
            "この承認依頼の一覧はありません。GET /api/v1/approval-lists で確かめてください。",
        ));
    };
    let approvals = rows.into_iter().map(|row| proposal(row, &people));
    Ok(Json(ApprovalRecord {
        approvals: approvals.collect(),
        log_hash: entry.map(|entry| hex(&entry.hash)),
        list: view(list, &people),
    }))
}

fn view(list: List, people: &People) -> ApprovalListView {
    ApprovalListView {
        id: list.id,
        program: list.program_id,
        number: list.number,
        note: list.note,
        handed_over: DoneBy {
            name: people.name(&list.handed_over_by),
            by: list.handed_over_by,
            at: at_text(list.handed_over_at),
            log_index: list.log_index,
        },
        waiting: list.counts.waiting,
        approved: list.counts.approved,
        sent_back: list.counts.sent_back,
        invalid: list.counts.invalid,
    }
}
