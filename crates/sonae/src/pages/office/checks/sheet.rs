//! The sheet itself: which day, which companies of it, and what waits on other days.

use askama::Template;
use axum::http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use sonae_core::access::{self, Action, Grant};
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::calendar::tokyo_date;
use sonae_core::detection_check::State as Said;

use super::row::{Row, row};
use super::{HERE, before, who};
use crate::app::App;
use crate::office::checks::missed::{Waiting, waiting};
use crate::office::checks::sheet::{Line, sheet};
use crate::office::checks::sign::may_sign;
use crate::office::people::People;
use crate::pages::office::Page;
use crate::pages::office::door::Staff;
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::show;

/// Days that wait and are named above the sheet.
const NAMED: usize = 3;
/// The longest value of a filter, in characters.
const LONGEST: usize = 60;

/// What an address asks for.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) day: Date,
    /// `none`, a state's word, or `grown`; empty for all.
    state: String,
    /// A staff id, or `nobody`; empty for all.
    person: String,
}

impl Asked {
    pub(super) fn of_query(query: &str, today: Date) -> Asked {
        let mut asked = Asked {
            day: before(today),
            state: String::new(),
            person: String::new(),
        };
        for (name, value) in form_urlencoded::parse(query.as_bytes()).take(10) {
            let value: String = value.chars().take(LONGEST).collect();
            match &*name {
                "day" => asked.day = super::read_day(&value).unwrap_or(asked.day),
                "state" => asked.state = value,
                "person" => asked.person = value,
                _ => {}
            }
        }
        asked
    }

    pub(super) fn of_form(form: &Form, day: Date) -> Asked {
        let value = |name| form.first(name).chars().take(LONGEST).collect();
        Asked {
            day,
            state: value("state"),
            person: value("person"),
        }
    }

    pub(super) fn href(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("day", &self.day.to_string());
        for (name, value) in [("state", &self.state), ("person", &self.person)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{HERE}?{}", query.finish())
    }

    /// The day in words.
    fn text(&self) -> String {
        date_with_weekday(self.day)
    }

    fn with_day(&self, day: Date) -> String {
        Asked {
            day,
            ..self.clone()
        }
        .href()
    }

    fn with_state(&self, state: &str) -> String {
        Asked {
            state: state.to_owned(),
            ..self.clone()
        }
        .href()
    }

    /// Whether a company is one of those that are asked for.
    fn shows(&self, line: &Line) -> bool {
        let company = &line.company;
        let person = match self.person.as_str() {
            "" => true,
            "nobody" => company.assignee.is_none(),
            id => company.assignee.as_deref() == Some(id),
        };
        let state = line.checked.as_ref().map(|checked| checked.state);
        person
            && match self.state.as_str() {
                "none" => state.is_none(),
                "grown" => line.has_grown(),
                word => Said::parse(word).is_none_or(|wanted| state == Some(wanted)),
            }
    }
}

/// A way to another part of the list.
struct Tab {
    label: String,
    href: String,
    current: bool,
    count: usize,
    late: bool,
}

#[derive(Template)]
#[template(path = "office/checks.html")]
struct SheetPage {
    frame: OfficeFrame,
    asked: Asked,
    days: Vec<Tab>,
    earlier: String,
    later: Option<String>,
    states: Vec<Tab>,
    people: Vec<(String, String)>,
    rows: Vec<Row>,
    companies: usize,
    checked: usize,
    /// Companies that nobody checks because no technician is assigned.
    nobodys: usize,
    waiting: Vec<Wait>,
    waiting_days: usize,
    /// Companies that can be said to be quiet together.
    quiet: usize,
    works: bool,
    signable: bool,
    /// What is missing for a signature.
    unsigned_because: String,
    signed: String,
    is_today: bool,
    error: Option<String>,
}

/// A day that waits.
struct Wait {
    text: String,
    href: String,
    unsigned: usize,
    late: usize,
}

/// The page, perhaps with why something was not done.
pub(super) async fn shown(
    app: &App,
    staff: &Staff,
    asked: Asked,
    (status, error): (StatusCode, Option<String>),
) -> Page {
    let who = who(staff);
    let today = tokyo_date(app.clock.now());
    let lines = sheet(app, asked.day, &who, Action::ReadChecks).await?;
    let asking = who.clone();
    let (waits, people) = app
        .read(move |tx| {
            let waits = waiting(tx, &asking, Action::ReadChecks, today)?;
            Ok((waits, People::read(tx)?))
        })
        .await?;
    let works = access::allowed(staff.role, Action::CheckDetections) != Grant::No;
    let may_sign = may_sign(&lines, &Default::default(), asked.day, today);
    let page = SheetPage {
        frame: OfficeFrame::new(app, staff, Section::Checks, "検知の確認")
            .with_error(error.is_some()),
        days: days(&asked, today),
        earlier: asked.with_day(before(asked.day)),
        later: (asked.day < today).then(|| asked.with_day(asked.day.saturating_add(1.day()))),
        states: states(&asked, &lines),
        people: technicians(&lines, &people),
        rows: (lines.iter().filter(|line| asked.shows(line)))
            .map(|line| row(line, asked.day, works, &people))
            .collect(),
        companies: lines.len(),
        checked: lines.iter().filter(|line| line.checked.is_some()).count(),
        nobodys: (lines.iter())
            .filter(|line| line.company.assignee.is_none())
            .count(),
        waiting: waits.iter().take(NAMED).map(wait).collect(),
        waiting_days: waits.len(),
        quiet: lines.iter().filter(|line| line.is_plainly_quiet()).count(),
        works,
        signable: works && may_sign.is_ok(),
        unsigned_because: may_sign.map_or_else(|refusal| refusal.sentence, |()| String::new()),
        signed: signed(&lines, &people),
        is_today: asked.day == today,
        asked,
        error,
    };
    show(status, &page)
}

fn wait(waiting: &Waiting) -> Wait {
    Wait {
        text: date_with_weekday(waiting.day),
        href: format!("{HERE}?day={}", waiting.day),
        unsigned: waiting.unsigned,
        late: waiting.late,
    }
}

fn days(asked: &Asked, today: Date) -> Vec<Tab> {
    let tab = |label: &str, day| Tab {
        label: label.to_owned(),
        href: asked.with_day(day),
        current: asked.day == day,
        count: 0,
        late: false,
    };
    let mut days = vec![tab("昨日", before(today)), tab("今日(途中)", today)];
    if days.iter().all(|tab| !tab.current) {
        days.insert(0, tab(&date_with_weekday(asked.day), asked.day));
    }
    days
}

fn states(asked: &Asked, lines: &[Line]) -> Vec<Tab> {
    let named = [
        ("", "すべて"),
        ("none", "未確認"),
        ("quiet", Said::Quiet.label()),
        ("review", Said::Review.label()),
        ("handling", Said::Handling.label()),
        ("grown", "あとから届いた検知"),
    ];
    let tab = |(word, label): (&str, &str)| {
        let of = Asked {
            state: word.to_owned(),
            ..asked.clone()
        };
        let count = lines.iter().filter(|line| of.shows(line)).count();
        Tab {
            label: label.to_owned(),
            href: asked.with_state(word),
            current: asked.state == word,
            late: word == "grown" && count > 0,
            count,
        }
    };
    named.into_iter().map(tab).collect()
}

/// Those to whom companies of the day are assigned.
fn technicians(lines: &[Line], people: &People) -> Vec<(String, String)> {
    let ids: std::collections::BTreeSet<&String> = lines
        .iter()
        .filter_map(|line| line.company.assignee.as_ref())
        .collect();
    let named = ids.into_iter().map(|id| {
        let name = people.find(id).unwrap_or("登録のない職員");
        (id.clone(), name.to_owned())
    });
    named.collect()
}

/// Who signed, and when; empty until every company is signed.
fn signed(lines: &[Line], people: &People) -> String {
    let signed: Option<Vec<_>> = (lines.iter())
        .map(|line| {
            line.checked
                .as_ref()
                .and_then(|checked| checked.signed.clone())
        })
        .collect();
    let last = signed.and_then(|signed| signed.into_iter().max_by_key(|(_, at)| *at));
    last.map_or_else(String::new, |(by, at)| {
        let at = sonae_core::calendar::japanese::moment(at);
        format!("{}({at})", people.name(&by))
    })
}
