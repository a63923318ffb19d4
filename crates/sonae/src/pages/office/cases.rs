//! `/office/cases`: the list of cases with its views, filters and search.

pub mod asked;
pub mod bulk;
mod export;
mod filters;
mod kept;
pub mod labels;
pub mod row;
mod silent;

use std::collections::HashMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use sonae_core::access::{Action, Grant, StaffRole, allowed};
use sonae_store::queue::{self, Listed, View, Wanted};
use sonae_store::saved_view::{self, SavedView};
use sonae_store::staff;

use super::Page;
use super::door::{Door, Staff};
use super::frame::{OfficeFrame, Section, count_text};
use crate::app::App;
use crate::pages::public::show;
use asked::Asked;
use bulk::action::BulkAction;
use filters::{Filter, Head};
use row::CaseRow;
use silent::Silent;

/// Cases on one page.
const ROWS: usize = 50;

/// Names of staff by id.
type Names = HashMap<String, String>;

pub(super) fn routes(door: Door) -> Door {
    let door = door.get("/office/cases", Action::ListCases, list);
    let door = kept::routes(door);
    let door = export::routes(door);
    bulk::routes(door)
}

#[derive(Template)]
#[template(path = "office/cases.html")]
struct ListPage {
    frame: OfficeFrame,
    asked: Asked,
    tabs: Vec<Tab>,
    own: Vec<OwnTab>,
    explanation: &'static str,
    filters: Vec<Filter>,
    /// Hidden fields of the search, of what is exported and of what is kept.
    conditions: Vec<(&'static str, String)>,
    rows: Vec<CaseRow>,
    /// The number of cases in words.
    total: String,
    /// More cases were found than one page of a search shows.
    cut: bool,
    heads: Vec<Head>,
    next: Option<String>,
    first: Option<String>,
    /// What can be done with many cases; empty for those who only read.
    actions: Vec<BulkAction>,
    exports: bool,
    said: Option<Said>,
    /// Devices from which nothing comes, for who manages them.
    silent: Silent,
}

/// A view as a tab.
struct Tab {
    label: &'static str,
    href: String,
    current: bool,
    count: String,
    late: bool,
}

/// A list that the person keeps.
struct OwnTab {
    id: String,
    name: String,
    href: String,
    current: bool,
    count: String,
}

/// What was wrong with the name of a list to be kept.
struct Said {
    typed: String,
    error: String,
}

/// What is read for one page.
struct Read {
    listed: Vec<Listed>,
    counts: Vec<i64>,
    people: Vec<staff::Staff>,
    own: Vec<SavedView>,
    silent: Silent,
}

async fn list(State(app): State<App>, staff: Staff, RawQuery(query): RawQuery) -> Page {
    let asked = Asked::of_query(&query.unwrap_or_default());
    shown(&app, &staff, asked, None).await
}

/// The list, perhaps with a sentence about the name under which it was to be kept.
async fn shown(app: &App, staff: &Staff, asked: Asked, said: Option<Said>) -> Page {
    let status = match said.is_some() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let read = read(app, staff, &asked).await?;
    show(status, &page(app, staff, asked, read, said))
}

async fn read(app: &App, staff: &Staff, asked: &Asked) -> Result<Read, super::PageError> {
    let asker = asked::asker(app, staff);
    let wanted = asked.wanted(staff, asker.now);
    let sort = asked.sort(asked.view(staff.role));
    let after = asked.after();
    let limit = u32::try_from(ROWS + 1).unwrap_or(u32::MAX);
    let person = staff.clone();
    let read = app.read(move |tx| {
        let own = saved_view::of_staff(tx, &person.id)?;
        let silent = Silent::of(tx, &person)?;
        // The list itself comes first, then the views with the programme that was chosen, then the person's own lists.
        let views = labels::views(person.role).iter().map(|view| Wanted {
            program: wanted.program.clone(),
            ..Wanted::of(wanted.scope.clone(), *view)
        });
        let kept = own
            .iter()
            .map(|view| Asked::of_query(&view.query).wanted(&person, asker.now));
        let lists: Vec<Wanted> = std::iter::once(wanted.clone())
            .chain(views)
            .chain(kept)
            .collect();
        Ok(Read {
            listed: queue::page(tx, &wanted, &asker, sort, after.as_ref(), limit)?,
            counts: queue::counts(tx, &lists, &asker)?,
            people: staff::all(tx)?,
            own,
            silent,
        })
    });
    Ok(read.await?)
}

fn names(people: &[staff::Staff]) -> Names {
    let pairs = people
        .iter()
        .map(|person| (person.id.clone(), person.name.clone()));
    pairs.collect()
}

fn page(app: &App, staff: &Staff, asked: Asked, mut read: Read, said: Option<Said>) -> ListPage {
    let view = asked.view(staff.role);
    let sort = asked.sort(view);
    let searching = !asked.q.is_empty();
    let more = read.listed.len() > ROWS;
    read.listed.truncate(ROWS);
    let last = read.listed.last().filter(|_| more && !searching);
    let next = last.map(|last| {
        let after = format!("{}:{}", last.key, last.receipt_number);
        Asked {
            after,
            ..asked.clone()
        }
        .href()
    });
    let may = |action| allowed(staff.role, action) == Grant::Yes;
    let views = labels::views(staff.role).len();
    let error = said.is_some();
    ListPage {
        frame: OfficeFrame::new(app, staff, Section::Cases, "案件の一覧").with_error(error),
        tabs: tabs(staff.role, &asked, view, &read.counts[1..]),
        own: own_tabs(&read.own, &asked, &read.counts[1 + views..]),
        explanation: labels::explanation(view),
        filters: filters::filters(app, &asked, &read.people, sort),
        conditions: conditions(&asked),
        rows: row::rows(app, &read.listed, &names(&read.people)),
        total: count_text(read.counts[0]),
        cut: searching && more,
        heads: filters::heads(&asked, sort),
        next,
        first: (!asked.after.is_empty()).then(|| asked.with("after", "").href()),
        actions: match may(Action::WorkCase) {
            true => BulkAction::ALL.to_vec(),
            false => Vec::new(),
        },
        exports: may(Action::ExportCases),
        said,
        silent: read.silent,
        asked,
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
            label: labels::view(*view),
            href: fresh.href(),
            current: !searching && *view == current,
            count: count_text(*count),
            late: *view == View::Overdue && *count > 0,
        }
    };
    views.map(tab).collect()
}

fn own_tabs(own: &[SavedView], asked: &Asked, counts: &[i64]) -> Vec<OwnTab> {
    let here = asked.with("after", "").query();
    let tab = |(view, count): (&SavedView, &i64)| OwnTab {
        id: view.id.clone(),
        name: view.name.clone(),
        href: format!("{}?{}", asked::PATH, view.query),
        current: view.query == here,
        count: count_text(*count),
    };
    own.iter().zip(counts).map(tab).collect()
}

fn conditions(asked: &Asked) -> Vec<(&'static str, String)> {
    let pairs = asked.pairs().filter(|(name, _)| *name != "after");
    pairs
        .map(|(name, value)| (name, value.to_owned()))
        .collect()
}
