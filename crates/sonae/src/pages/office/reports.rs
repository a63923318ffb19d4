//! `/office/reports`: the monthly reports of a month: who is due one, where each stands, and one action on many of them.

mod bulk;
mod doing;
mod one;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use sonae_core::access::{Action, Grant, allowed};
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::report::life::{LATE_DAY, State as Stand};
use sonae_core::report::month::Month;

use super::Page;
use super::door::{Door, Staff};
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::office::reports::due::{self, Line};
use crate::pages::public::show;

/// The address of the list.
pub(super) const PATH: &str = "/office/reports";

pub(super) fn routes(door: Door) -> Door {
    let door = door.get(PATH, Action::ReadReports, list);
    let door = bulk::routes(door);
    let door = one::routes(door);
    doing::routes(door)
}

#[derive(Template)]
#[template(path = "office/reports.html")]
struct ListPage {
    frame: OfficeFrame,
    month: Month,
    before: Month,
    /// None for the last month that is over.
    after: Option<Month>,
    /// State, its label, how many; the first is for all of them.
    states: Vec<Tab>,
    kinds: Vec<Tab>,
    rows: Vec<Row>,
    /// What this person may do with the rows that are marked: the word of the address, the button.
    ways: Vec<(&'static str, &'static str)>,
    /// How many should have been sent by the day that is over, and that day.
    late: Option<(usize, String)>,
}

struct Tab {
    label: &'static str,
    href: String,
    count: usize,
    current: bool,
}

struct Row {
    receipt_number: String,
    name: String,
    href: String,
    kinds: String,
    state: &'static str,
    class: &'static str,
    /// The revision that is seen; 0 while nothing is made.
    revision: u32,
    headline: String,
    returned: bool,
}

/// What the address asks for.
struct Asked {
    month: Month,
    state: Option<Stand>,
    kind: Option<&'static str>,
}

impl Asked {
    fn read(query: &str, last: Month) -> Asked {
        let mut asked = Asked {
            month: last,
            state: None,
            kind: None,
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                // A month that is not over has no reports yet.
                "month" => asked.month = Month::parse(&value).unwrap_or(last).min(last),
                "state" => asked.state = Stand::parse(&value),
                "kind" => asked.kind = KINDS.into_iter().find(|kind| *kind == value),
                _ => {}
            }
        }
        asked
    }

    fn href(&self, state: Option<Stand>, kind: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("month", &self.month.to_string());
        if let Some(state) = state {
            query.append_pair("state", state.as_str());
        }
        if let Some(kind) = kind {
            query.append_pair("kind", kind);
        }
        format!("{PATH}?{}", query.finish())
    }
}

const KINDS: [&str; 2] = ["UTM", "EDR"];

async fn list(State(app): State<App>, staff: Staff, RawQuery(query): RawQuery) -> Page {
    let now = app.clock.now();
    let asked = Asked::read(&query.unwrap_or_default(), due::last_month(now));
    let month = asked.month;
    let (lines, late) = app
        .read(move |tx| Ok((due::of_month(tx, month)?, due::late(tx, now)?)))
        .await?;
    let of_kind = |line: &&Line| asked.kind.is_none_or(|kind| line.kinds.contains(&kind));
    let shown: Vec<&Line> = lines.iter().filter(of_kind).collect();
    let rows = (shown.iter())
        .filter(|line| asked.state.is_none_or(|state| line.state() == state))
        .map(|line| row(line, month));
    let by_day = month.after().first_day().with().day(LATE_DAY).build();
    let page = ListPage {
        frame: OfficeFrame::new(&app, &staff, Section::Reports, "月次レポート"),
        before: month.before(),
        after: (month < due::last_month(now)).then(|| month.after()),
        states: states(&asked, &shown),
        kinds: kinds(&asked, &lines),
        rows: rows.collect(),
        ways: ways(&staff),
        late: (late > 0 && month == due::last_month(now))
            .then(|| (late, by_day.map(date_with_weekday).unwrap_or_default())),
        month,
    };
    show(StatusCode::OK, &page)
}

fn states(asked: &Asked, lines: &[&Line]) -> Vec<Tab> {
    let all = Tab {
        label: "すべて",
        href: asked.href(None, asked.kind),
        count: lines.len(),
        current: asked.state.is_none(),
    };
    let each = Stand::ALL.into_iter().map(|state| Tab {
        label: state.label(),
        href: asked.href(Some(state), asked.kind),
        count: lines.iter().filter(|line| line.state() == state).count(),
        current: asked.state == Some(state),
    });
    std::iter::once(all).chain(each).collect()
}

fn kinds(asked: &Asked, lines: &[Line]) -> Vec<Tab> {
    let all = Tab {
        label: "UTMとEDR",
        href: asked.href(asked.state, None),
        count: lines.len(),
        current: asked.kind.is_none(),
    };
    let each = KINDS.into_iter().map(|kind| Tab {
        label: kind,
        href: asked.href(asked.state, Some(kind)),
        count: lines
            .iter()
            .filter(|line| line.kinds.contains(&kind))
            .count(),
        current: asked.kind == Some(kind),
    });
    std::iter::once(all).chain(each).collect()
}

fn row(line: &Line, month: Month) -> Row {
    let report = line.report.as_ref();
    Row {
        href: format!("{PATH}/{}/{month}", line.receipt_number),
        receipt_number: line.receipt_number.clone(),
        name: line.name.clone(),
        kinds: line.kinds.join("、"),
        state: line.state().label(),
        class: class(line.state()),
        revision: report.map_or(0, |report| report.revision),
        headline: report.map_or_else(String::new, |report| report.headline.clone()),
        returned: report.is_some_and(|report| report.returned.is_some()),
    }
}

/// The chip of a state.
pub(super) fn class(state: Stand) -> &'static str {
    match state {
        Stand::Due | Stand::Made => "warning",
        Stand::Checked | Stand::Approved => "info",
        Stand::Sent | Stand::Read => "success",
    }
}

/// What somebody may do with many reports at once.
fn ways(staff: &Staff) -> Vec<(&'static str, &'static str)> {
    let may = |action| allowed(staff.role, action) != Grant::No;
    let mut ways = Vec::new();
    if may(Action::MakeReports) {
        ways.push(("make", "作る(作り直す)"));
        ways.push(("check", "点検済みにする"));
    }
    if may(Action::ApproveReports) {
        ways.push(("approve", "承認する"));
    }
    ways
}
