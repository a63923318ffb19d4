//! `/office/cases`: the list of cases with its views, filters and search.

pub mod asked;
pub mod labels;
pub mod row;

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use sonae_core::access::{Action, StaffRole};
use sonae_store::queue::{self, Listed, MOST_COUNTED, Sort, View, Wanted};
use sonae_store::staff;

use super::Page;
use super::door::{Door, Staff};
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::pages::public::show;
use asked::Asked;
use row::CaseRow;

/// Cases on one page.
const ROWS: usize = 50;

pub(super) fn routes(door: Door) -> Door {
    door.get("/office/cases", Action::ListCases, list)
}

#[derive(Template)]
#[template(path = "office/cases.html")]
struct ListPage {
    frame: OfficeFrame,
    asked: Asked,
    tabs: Vec<Tab>,
    explanation: &'static str,
    filters: Vec<Filter>,
    /// Hidden fields of the search: what stays when somebody types.
    kept: Vec<(&'static str, String)>,
    rows: Vec<CaseRow>,
    /// The number of cases in words.
    total: String,
    /// More cases were found than one page of a search shows.
    cut: bool,
    heads: Vec<Head>,
    next: Option<String>,
    first: Option<String>,
}

/// A view as a tab.
struct Tab {
    label: String,
    href: String,
    current: bool,
    count: String,
    late: bool,
}

/// A choice that narrows the list.
struct Filter {
    name: &'static str,
    label: &'static str,
    options: Vec<Choice>,
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

/// The title of a column, perhaps with an order.
struct Head {
    label: &'static str,
    /// Where the list in this order is, and whether it is this one: `ascending`, `descending` or empty.
    sort: Option<(String, &'static str)>,
}

/// What is read for one page.
struct Read {
    listed: Vec<Listed>,
    counts: Vec<i64>,
    people: Vec<staff::Staff>,
}

async fn list(State(app): State<App>, staff: Staff, RawQuery(query): RawQuery) -> Page {
    let asked = Asked::of_query(&query.unwrap_or_default());
    let view = asked.view(staff.role);
    let sort = asked.sort(view);
    let read = read(&app, &staff, &asked, sort).await?;
    show(StatusCode::OK, &page(&app, &staff, asked, read))
}

async fn read(
    app: &App,
    staff: &Staff,
    asked: &Asked,
    sort: Sort,
) -> Result<Read, super::PageError> {
    let asker = asked::asker(app, staff);
    let wanted = asked.wanted(staff, asker.now);
    let after = asked.after();
    // The list itself comes first, then the views with the programme that was chosen.
    let mut lists = vec![wanted.clone()];
    lists.extend(labels::views(staff.role).iter().map(|view| Wanted {
        program: wanted.program.clone(),
        ..Wanted::of(wanted.scope.clone(), *view)
    }));
    let limit = u32::try_from(ROWS + 1).unwrap_or(u32::MAX);
    let read = app.read(move |tx| {
        Ok(Read {
            listed: queue::page(tx, &wanted, &asker, sort, after.as_ref(), limit)?,
            counts: queue::counts(tx, &lists, &asker)?,
            people: staff::all(tx)?,
        })
    });
    Ok(read.await?)
}

fn page(app: &App, staff: &Staff, asked: Asked, mut read: Read) -> ListPage {
    let view = asked.view(staff.role);
    let sort = asked.sort(view);
    let searching = !asked.q.is_empty();
    let more = read.listed.len() > ROWS;
    read.listed.truncate(ROWS);
    let next = read
        .listed
        .last()
        .filter(|_| more && !searching)
        .map(|last| {
            let after = format!("{}:{}", last.key, last.receipt_number);
            Asked {
                after,
                ..asked.clone()
            }
            .href()
        });
    let names: HashMap<String, String> = (read.people.iter())
        .map(|person| (person.id.clone(), person.name.clone()))
        .collect();
    ListPage {
        frame: OfficeFrame::new(app, staff, Section::Cases, "案件の一覧"),
        tabs: tabs(staff.role, &asked, view, &read.counts[1..]),
        explanation: labels::explanation(view),
        filters: filters(app, &asked, &read.people, sort),
        kept: kept(&asked),
        rows: row::rows(app, &read.listed, &names),
        total: count_text(read.counts[0]),
        cut: searching && more,
        heads: heads(&asked, sort),
        next,
        first: (!asked.after.is_empty()).then(|| asked.with("after", "").href()),
        asked,
    }
}

/// 「1,000以上」 where counting stopped.
fn count_text(count: i64) -> String {
    match count >= MOST_COUNTED {
        true => "1,000以上".to_owned(),
        false => count.to_string(),
    }
}

fn tabs(role: StaffRole, asked: &Asked, current: View, counts: &[i64]) -> Vec<Tab> {
    let searching = !asked.q.is_empty();
    let views = labels::views(role).iter().zip(counts);
    let tab = |(view, count): (&View, &i64)| {
        // A view begins anew, but stays with the programme somebody works on.
        let fresh = Asked {
            view: view.as_str().to_owned(),
            program: asked.program.clone(),
            ..Asked::default()
        };
        Tab {
            label: labels::view(*view).to_owned(),
            href: fresh.href(),
            current: !searching && *view == current,
            count: count_text(*count),
            late: *view == View::Overdue && *count > 0,
        }
    };
    views.map(tab).collect()
}

fn kept(asked: &Asked) -> Vec<(&'static str, String)> {
    let pairs = asked
        .pairs()
        .filter(|(name, _)| !matches!(*name, "q" | "after"));
    pairs
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
}

fn filters(app: &App, asked: &Asked, people: &[staff::Staff], sort: Sort) -> Vec<Filter> {
    let filter = |name, label, value: &str, any: &str, options: Vec<(String, String)>| Filter {
        name,
        label,
        options: (std::iter::once((String::new(), any.to_owned())).chain(options))
            .map(|(option, label)| Choice {
                chosen: option == value,
                value: option,
                label,
            })
            .collect(),
    };
    let fixed = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let owned = pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        owned.collect()
    };
    let statuses: Vec<(String, String)> = (sonae_core::flow::Status::ALL.iter())
        .map(|status| (status.as_str().to_owned(), status.label().to_owned()))
        .collect();
    let mut persons = fixed(&[("me", "自分"), ("nobody", "担当者なし")]);
    let workers = people.iter().filter(|person| {
        matches!(person.role, StaffRole::Secretariat | StaffRole::Expert) && person.active
    });
    persons.extend(workers.map(|person| {
        let label = format!("{}({})", person.name, person.role.label());
        (person.id.clone(), label)
    }));
    let sorts: Vec<(String, String)> = (Sort::ALL.iter())
        .map(|sort| (sort.as_str().to_owned(), labels::sort(*sort).to_owned()))
        .collect();
    let mut order = filter("sort", "並び順", sort.as_str(), "", sorts);
    order.options.remove(0);
    vec![
        filter("program", "事業", &asked.program, "すべて", programs(app)),
        filter("step", "段階", &asked.step, "すべて", steps(app)),
        filter("status", "状態", &asked.status, "すべて", statuses),
        filter(
            "owner",
            "次に動く人",
            &asked.owner,
            "すべて",
            fixed(&labels::OWNERS),
        ),
        filter("person", "担当者・専門家", &asked.person, "すべて", persons),
        filter("course", "コース", &asked.course, "すべて", courses(app)),
        filter("due", "期限", &asked.due, "すべて", fixed(&labels::DUES)),
        order,
    ]
}

fn programs(app: &App) -> Vec<(String, String)> {
    let programs = app.programs.iter();
    programs
        .map(|running| {
            let title = &running.program.definition.program.short_title;
            (running.program.id().to_owned(), title.clone())
        })
        .collect()
}

/// Steps of every programme by id; programmes that share an id are filtered together.
fn steps(app: &App) -> Vec<(String, String)> {
    let programs = app.programs.iter();
    let all = programs.flat_map(|running| &running.program.definition.flow.step);
    unique(all.map(|step| (step.id.clone(), step.title.clone())))
}

fn courses(app: &App) -> Vec<(String, String)> {
    let programs = app.programs.iter();
    let all = programs.flat_map(|running| running.program.courses());
    unique(all.map(|course| (course.id.clone(), course.short_title.clone())))
}

fn unique(pairs: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for (id, title) in pairs {
        match kept.iter_mut().find(|(other, _)| *other == id) {
            Some((_, titles)) if titles.split('／').all(|other| other != title) => {
                titles.push('／');
                titles.push_str(&title);
            }
            Some(_) => {}
            None => kept.push((id, title)),
        }
    }
    kept
}

fn heads(asked: &Asked, current: Sort) -> Vec<Head> {
    let plain = |label| Head { label, sort: None };
    let head = |label, sorts: &[(Sort, &'static str)]| {
        let now = sorts.iter().find(|(sort, _)| *sort == current);
        // The order that is on leads to the column's other one, if it has one.
        let other = sorts.iter().find(|(sort, _)| *sort != current);
        let (to, _) = other.or(now).copied().unwrap_or(sorts[0]);
        Head {
            label,
            sort: Some((
                asked.with("sort", to.as_str()).href(),
                now.map_or("", |(_, direction)| direction),
            )),
        }
    };
    vec![
        plain("受付番号"),
        head("会社名", &[(Sort::Name, "ascending")]),
        plain("事業・コース"),
        plain("段階"),
        plain("次に動く人"),
        head("期限", &[(Sort::Due, "ascending")]),
        head(
            "受付",
            &[(Sort::Newest, "descending"), (Sort::Oldest, "ascending")],
        ),
    ]
}
