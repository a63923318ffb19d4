//! The choices that narrow a list, and the titles of its columns.

use sonae_core::access::StaffRole;
use sonae_core::flow::Status;
use sonae_store::queue::Sort;
use sonae_store::staff;

use super::asked::Asked;
use super::labels;
use crate::app::App;

/// A choice that narrows the list.
pub(super) struct Filter {
    pub name: &'static str,
    pub label: &'static str,
    pub options: Vec<Choice>,
}

pub(super) struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

/// The title of a column, perhaps with an order.
pub(super) struct Head {
    pub label: &'static str,
    /// Where the list in this order is, and whether it is this one: `ascending`, `descending` or empty.
    pub sort: Option<(String, &'static str)>,
}

pub(super) fn filters(
    app: &App,
    asked: &Asked,
    people: &[staff::Staff],
    sort: Sort,
) -> Vec<Filter> {
    let statuses: Vec<_> = (Status::ALL.iter())
        .map(|status| (status.as_str().to_owned(), status.label().to_owned()))
        .collect();
    let sorts: Vec<_> = (Sort::ALL.iter())
        .map(|sort| (sort.as_str().to_owned(), labels::sort(*sort).to_owned()))
        .collect();
    let owners = owned(&labels::OWNERS);
    let dues = owned(&labels::DUES);
    vec![
        narrowing("program", "事業", &asked.program, programs(app)),
        narrowing("step", "段階", &asked.step, steps(app)),
        narrowing("status", "状態", &asked.status, statuses),
        narrowing("owner", "次に動く人", &asked.owner, owners),
        narrowing("person", "担当者・専門家", &asked.person, persons(people)),
        narrowing("course", "コース", &asked.course, courses(app)),
        narrowing("due", "期限", &asked.due, dues),
        filter("sort", "並び順", sort.as_str(), sorts),
    ]
}

/// A filter that may be left open.
fn narrowing(
    name: &'static str,
    label: &'static str,
    value: &str,
    mut options: Vec<(String, String)>,
) -> Filter {
    options.insert(0, (String::new(), "すべて".to_owned()));
    filter(name, label, value, options)
}

fn filter(
    name: &'static str,
    label: &'static str,
    value: &str,
    options: Vec<(String, String)>,
) -> Filter {
    let choices = options.into_iter().map(|(option, label)| Choice {
        chosen: option == value,
        value: option,
        label,
    });
    Filter {
        name,
        label,
        options: choices.collect(),
    }
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
    pairs.iter().map(owned).collect()
}

fn persons(people: &[staff::Staff]) -> Vec<(String, String)> {
    let works = |person: &&staff::Staff| {
        matches!(person.role, StaffRole::Secretariat | StaffRole::Expert) && person.active
    };
    let named = people.iter().filter(works).map(|person| {
        let label = format!("{}({})", person.name, person.role.label());
        (person.id.clone(), label)
    });
    let fixed = owned(&[("me", "自分"), ("nobody", "担当者なし")]);
    fixed.into_iter().chain(named).collect()
}

fn programs(app: &App) -> Vec<(String, String)> {
    let option = |running: &std::sync::Arc<crate::app::Running>| {
        let title = &running.program.definition.program.short_title;
        (running.program.id().to_owned(), title.clone())
    };
    app.programs.iter().map(option).collect()
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

pub(super) fn heads(asked: &Asked, current: Sort) -> Vec<Head> {
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
