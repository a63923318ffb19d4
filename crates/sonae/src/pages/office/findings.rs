//! `/office/findings`: what technicians handed to the desk (所見): listed, read with its evidence, taken, closed with a word.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use sonae_core::access::{self, Action, Grant};
use sonae_core::calendar::japanese::{date_with_weekday, moment};
use sonae_core::detection_check::group::{action_label, severity_label};
use sonae_store::desk_finding::{self, Finding, Stage, Wanted};

use super::Page;
use super::checks::who;
use super::door::{Door, Staff};
use super::flash::Flash;
use super::form::Form;
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::office::checks::UNKNOWN;
use crate::office::checks::evidence::Evidence;
use crate::office::checks::findings::{Step, step};
use crate::office::people::People;
use crate::pages::office::checks::{action_kind, severity_kind};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

const HERE: &str = "/office/findings";
/// Findings of one page.
const ROWS: u32 = 100;

pub(super) fn routes(door: Door) -> Door {
    door.get(HERE, Action::ReadFindings, list)
        .get("/office/findings/{number}", Action::ReadFindings, one)
        .post(
            "/office/findings/{number}/take",
            Action::HandleFindings,
            take,
        )
        .post(
            "/office/findings/{number}/close",
            Action::HandleFindings,
            close,
        )
}

#[derive(Template)]
#[template(path = "office/findings.html")]
struct ListPage {
    frame: OfficeFrame,
    tabs: Vec<(&'static str, &'static str, bool)>,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Row {
    number: i64,
    href: String,
    title: String,
    name: String,
    receipt_number: String,
    day: String,
    severity: (&'static str, &'static str),
    action: (&'static str, &'static str),
    verdict: &'static str,
    stage: (&'static str, &'static str),
    who: String,
    made: String,
}

async fn list(State(app): State<App>, staff: Staff, RawQuery(query): RawQuery) -> Page {
    let (mut word, mut before) = (String::new(), i64::MAX);
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()).take(5) {
        match &*name {
            "state" => word = value.chars().take(20).collect(),
            "before" => before = value.parse().unwrap_or(before),
            _ => {}
        }
    }
    let stage = Stage::parse(&word);
    let wanted = Wanted {
        stage,
        receipt_number: None,
    };
    let (found, people) = app
        .read(move |tx| {
            let found = desk_finding::list(tx, &wanted, before, ROWS)?;
            Ok((found, People::read(tx)?))
        })
        .await?;
    let more = found.len() == ROWS as usize;
    let last = found.last().filter(|_| more).map(|last| last.number);
    let word = stage.map_or("", Stage::as_str);
    let hers = found.iter().filter(|finding| may_read(&staff, finding));
    let page = ListPage {
        frame: OfficeFrame::new(&app, &staff, Section::Findings, "所見"),
        tabs: [("", "すべて")]
            .into_iter()
            .chain(Stage::ALL.map(|one| (one.as_str(), stage_chip(one).1)))
            .map(|(state, label)| (state, label, state == word))
            .collect(),
        rows: hers.map(|finding| row(finding, &people)).collect(),
        next: last.map(|last| format!("{HERE}?state={word}&before={last}")),
    };
    show(StatusCode::OK, &page)
}

fn may_read(staff: &Staff, finding: &Finding) -> bool {
    let people = (&finding.assignee, &finding.expert);
    who(staff).may_of(Action::ReadFindings, people, &finding.status)
}

fn row(finding: &Finding, people: &People) -> Row {
    let handler = finding.closed.as_ref().or(finding.taken.as_ref());
    Row {
        number: finding.number,
        href: format!("{HERE}/{}", finding.number),
        title: finding.title.clone(),
        name: finding.name.clone(),
        receipt_number: finding.receipt_number.clone(),
        day: date_with_weekday(finding.day),
        severity: (
            severity_kind(finding.severity),
            severity_label(finding.severity),
        ),
        action: (action_kind(finding.action), action_label(finding.action)),
        verdict: finding.verdict.label(),
        stage: stage_chip(finding.stage),
        who: handler.map(|(by, _)| people.name(by)).unwrap_or_default(),
        made: moment(finding.made_at),
    }
}

fn stage_chip(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Open => ("error", "引受け待ち"),
        Stage::Taken => ("warning", "対応中"),
        Stage::Closed => ("success", "終わり"),
    }
}

#[derive(Template)]
#[template(path = "office/findings/finding.html")]
struct FindingPage {
    frame: OfficeFrame,
    row: Row,
    finding: Finding,
    made_by: String,
    taken: Option<(String, String)>,
    closed: Option<(String, String)>,
    evidence: Option<Evidence>,
    check: Option<String>,
    case: Option<String>,
    works: bool,
    closing: String,
    error: Option<String>,
}

async fn one(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    shown(&app, &staff, &number, (None, String::new())).await
}

async fn shown(
    app: &App,
    staff: &Staff,
    number: &str,
    (error, closing): (Option<String>, String),
) -> Page {
    let number = read_number(number)?;
    let (found, people) = app
        .read(move |tx| Ok((desk_finding::find(tx, number)?, People::read(tx)?)))
        .await?;
    let (finding, evidence) = found.ok_or(PageError::NotFound)?;
    if !may_read(staff, &finding) {
        return Err(PageError::NotFound);
    }
    let told = |done: &Option<(String, jiff::Timestamp)>| {
        done.as_ref().map(|(by, at)| (people.name(by), moment(*at)))
    };
    let cases = (&finding.assignee, &finding.expert);
    let may = |action| who(staff).may_of(action, cases, &finding.status);
    let title = format!("所見{number}");
    let page = FindingPage {
        frame: OfficeFrame::new(app, staff, Section::Findings, &title)
            .crumb("所見", HERE)
            .with_error(error.is_some()),
        row: row(&finding, &people),
        made_by: people.name(&finding.made_by),
        taken: told(&finding.taken),
        closed: told(&finding.closed),
        evidence: serde_json::from_str(&evidence).ok(),
        check: may(Action::ReadChecks).then(|| {
            let (day, company) = (finding.day, &finding.receipt_number);
            format!("/office/checks/{day}/{company}?group={}", finding.group_key)
        }),
        case: may(Action::ReadCase).then(|| format!("/office/cases/{}", finding.receipt_number)),
        works: access::allowed(staff.role, Action::HandleFindings) == Grant::Yes,
        finding,
        closing,
        error,
    };
    let status = match page.error.is_some() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    show(status, &page)
}

fn read_number(text: &str) -> Result<i64, PageError> {
    let number: Option<i64> = text.parse().ok();
    number
        .filter(|number| *number > 0)
        .ok_or(PageError::NotFound)
}

async fn take(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    act(&app, &staff, &number, Step::Take).await
}

async fn close(
    State(app): State<App>,
    Path(number): Path<String>,
    staff: Staff,
    form: Form,
) -> Page {
    let closing = form.first("closing").to_owned();
    act(&app, &staff, &number, Step::Close(closing)).await
}

async fn act(app: &App, staff: &Staff, number: &str, wish: Step) -> Page {
    let (said, closing) = match &wish {
        Step::Take => ("引き受けました。", String::new()),
        Step::Close(closing) => ("所見を終わりにしました。", closing.clone()),
    };
    match step(
        app,
        who(staff),
        (read_number(number)?, app.clock.now()),
        wish,
    )
    .await?
    {
        Ok(done) => {
            let here = format!("{HERE}/{}", done.number);
            Ok(Flash::success(said).go(app, staff, &here))
        }
        Err(refusal) if refusal.code == UNKNOWN => Err(PageError::NotFound),
        Err(refusal) => shown(app, staff, number, (Some(refusal.sentence), closing)).await,
    }
}
