//! `GET /api/v1/cases` and `POST /api/v1/cases/search`: the office's list, page by page. Words to search for are sent in the body, never in
//! the address.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::access::{self, Action, Grant};
use sonae_core::application::find;
use sonae_core::audit::at_text;
use sonae_core::flow::Status;
use sonae_core::flow::case::first_due;
use sonae_core::program::flow::StepKind;
use sonae_store::queue::{self, After, Asker, Due, Listed, Person, Scope, Sort, View, Wanted};

use super::body::JsonBody;
use super::door::Caller;
use super::page::{PAGE, cut};
use super::parameters::Parameters;
use super::problem::Problem;
use crate::app::App;

/// The longest id, in characters.
const LONGEST_ID: usize = 100;
/// The longest search, in characters.
const LONGEST_SEARCH: usize = 100;

/// Which cases are wanted. All conditions hold together.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CaseQuery {
    /// The views of the office's list; `all` when nothing is said.
    #[schemars(extend("enum" = ["today", "mine", "overdue", "soon", "unassigned", "contact", "screening", "judgement", "at-sponsor",
                                "sent-back", "waiting", "company", "confirmed", "closed", "all", null]))]
    pub view: Option<String>,
    /// A programme's id.
    #[schemars(length(max = 100))]
    pub program: Option<String>,
    #[schemars(extend("enum" = ["open", "confirmed", "withdrawn", "declined", "excluded", "lapsed", null]))]
    pub status: Option<String>,
    /// The id of the current step.
    #[schemars(length(max = 100))]
    pub step: Option<String>,
    /// Who has to act now.
    #[schemars(extend("enum" = ["company", "secretariat", "sponsor", "expert", "technician", "desk", null]))]
    pub owner: Option<String>,
    /// The id of whoever works on it, as assignee or expert; `nobody` for those without an assignee.
    #[schemars(length(max = 100))]
    pub person: Option<String>,
    /// A course's id.
    #[schemars(length(max = 100))]
    pub course: Option<String>,
    /// `pressing` is nearly due or late.
    #[schemars(extend("enum" = ["overdue", "pressing", null]))]
    pub due: Option<String>,
    #[schemars(extend("enum" = ["due", "newest", "oldest", "name", "updated", null]))]
    pub sort: Option<String>,
    /// `next` of the page before.
    #[schemars(length(max = 100))]
    pub cursor: Option<String>,
    /// Cases of one page; 50 when nothing is said.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
    /// A part of a name, a reading, a 法人番号, a telephone number or a receipt number. Looks through all cases, whatever the view.
    #[schemars(length(max = 100))]
    pub q: Option<String>,
}

/// A page of cases.
#[derive(Serialize, JsonSchema)]
pub struct CaseList {
    pub cases: Vec<CaseSummary>,
    /// Send it as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

/// A case in a list.
#[derive(Serialize, JsonSchema)]
pub struct CaseSummary {
    pub receipt_number: String,
    pub program: String,
    /// The company's name.
    pub name: String,
    pub corporate_number: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    pub received_at: String,
    #[schemars(extend("format" = "date-time"))]
    pub updated_at: String,
    pub version: i64,
    #[schemars(extend("enum" = ["open", "confirmed", "withdrawn", "declined", "excluded", "lapsed"]))]
    pub status: String,
    pub step: Option<String>,
    pub owner: Option<String>,
    pub assignee: Option<String>,
    pub expert: Option<String>,
    /// Whether the company is asked for a correction.
    pub correcting: bool,
    #[schemars(extend("enum" = ["eligible", "needs_judgement", "ineligible"]))]
    pub outcome: String,
    pub courses: Vec<String>,
    /// Whether a place is waited for or offered.
    pub waiting: bool,
    #[schemars(extend("format" = "date-time"))]
    pub due_at: Option<String>,
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    parameters: Parameters,
) -> Result<Json<CaseList>, Problem> {
    let query = read(&parameters, false)?;
    page(&app, &caller, query).await.map(Json)
}

pub async fn search(
    State(app): State<App>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> Result<Json<CaseList>, Problem> {
    let query = read(&Parameters::of_body(&body, &["limit"])?, true)?;
    page(&app, &caller, query).await.map(Json)
}

/// Reads what is wanted; words to search for only where they stand in no address.
fn read(parameters: &Parameters, with_search: bool) -> Result<CaseQuery, Problem> {
    let mut read = parameters.reader();
    let query = CaseQuery {
        view: read.one_of("view", &View::ALL.map(View::as_str)),
        program: read.text("program", LONGEST_ID),
        status: read.one_of("status", &Status::ALL.map(Status::as_str)),
        step: read.text("step", LONGEST_ID),
        owner: read.one_of("owner", &OWNERS),
        person: read.text("person", LONGEST_ID),
        course: read.text("course", LONGEST_ID),
        due: read.one_of("due", &["overdue", "pressing"]),
        sort: read.one_of("sort", &Sort::ALL.map(Sort::as_str)),
        cursor: read.text("cursor", LONGEST_ID),
        limit: read.limit(),
        q: match with_search {
            true => read.text("q", LONGEST_SEARCH),
            false => None,
        },
    };
    if query
        .cursor
        .as_deref()
        .is_some_and(|cursor| after(cursor).is_none())
    {
        read.wrong(
            "cursor",
            "invalid",
            "前のページの next を、そのまま送ってください。",
        );
    }
    read.finish()?;
    Ok(query)
}

const OWNERS: [&str; 6] = [
    "company",
    "secretariat",
    "sponsor",
    "expert",
    "technician",
    "desk",
];

/// Where a page begins: `<key>:<receipt number>`.
fn after(cursor: &str) -> Option<After> {
    let (key, receipt_number) = cursor.split_once(':')?;
    Some(After {
        key: key.parse().ok()?,
        receipt_number: receipt_number.to_owned(),
    })
}

async fn page(app: &App, caller: &Caller, query: CaseQuery) -> Result<CaseList, Problem> {
    let view = query.view.as_deref().and_then(View::parse);
    let sort = query.sort.as_deref().and_then(Sort::parse);
    let wanted = Wanted {
        program: query.program,
        step: query.step,
        status: query.status,
        owner: query.owner,
        person: query.person.map(|person| match person.as_str() {
            "nobody" => Person::Nobody,
            _ => Person::Staff(person),
        }),
        course: query.course,
        due: query.due.map(|due| match due.as_str() {
            "overdue" => Due::Overdue,
            _ => Due::Pressing,
        }),
        search: query.q.as_deref().and_then(find::typed),
        ..Wanted::of(scope(caller), view.unwrap_or(View::All))
    };
    let (sort, limit) = (sort.unwrap_or(Sort::Newest), query.limit.unwrap_or(PAGE));
    let after = query.cursor.as_deref().and_then(after);
    let asker = asker(app, caller);
    let mut listed = app
        .read(move |tx| queue::page(tx, &wanted, &asker, sort, after.as_ref(), limit + 1))
        .await
        .map_err(Problem::of_store)?;
    let more = cut(&mut listed, limit as usize);
    let next = listed.last().filter(|_| more);
    Ok(CaseList {
        next: next.map(|last| format!("{}:{}", last.key, last.receipt_number)),
        cases: listed.into_iter().map(summary).collect(),
    })
}

/// Whose cases this token sees.
fn scope(caller: &Caller) -> Scope {
    match access::allowed(caller.role(), Action::ListCases) {
        Grant::Yes => Scope::All,
        // The door lets nobody in who may see none; if it did, this shows none.
        Grant::Assigned | Grant::No => Scope::Assigned {
            staff_id: caller.id().to_owned(),
            confirmed: access::only_confirmed(caller.role()),
        },
    }
}

fn asker(app: &App, caller: &Caller) -> Asker {
    let steps = |kinds: &[StepKind]| {
        let programs = app.programs.iter();
        let all = programs.flat_map(|running| &running.program.definition.flow.step);
        let ids = all.filter(|step| kinds.contains(&step.kind));
        ids.map(|step| step.id.clone()).collect()
    };
    Asker {
        staff_id: caller.id().to_owned(),
        role: caller.role().as_str().to_owned(),
        now: app.clock.now(),
        contact_steps: steps(&[StepKind::Contact, StepKind::ExpertContact]),
        screening_steps: steps(&[StepKind::Screening]),
    }
}

fn summary(case: Listed) -> CaseSummary {
    let said = |text: String| (!text.is_empty()).then_some(text);
    let clocks = case.clocks.iter().map(|(id, clock)| (id.as_str(), clock));
    let due_at = first_due(clocks).map(|(_, clock)| clock.due_at);
    CaseSummary {
        due_at: due_at.map(at_text),
        receipt_number: case.receipt_number,
        program: case.program_id,
        name: case.name,
        corporate_number: case.corporate_number,
        received_at: at_text(case.received_at),
        updated_at: at_text(case.updated_at),
        version: case.version,
        status: case.status,
        step: said(case.step),
        owner: said(case.owner),
        assignee: case.assignee,
        expert: case.expert,
        correcting: case.correcting,
        outcome: case.outcome,
        courses: case.courses,
        waiting: case.waiting,
    }
}
