//! `/office/log`: what happened, newest first, as the log keeps it: without names of companies or of their people.
//!
//! An address reads a bounded piece of the log from its end; whoever looks for something rare goes on from where the page stopped.

mod asked;
mod words;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde_json::Value;
use sonae_core::access::{Action, Grant, allowed};
use sonae_core::audit::{Entry, hex};
use sonae_core::calendar::japanese::moment;
use sonae_db::Tx;
use sonae_store::audit::{self, Logged, Tail};
use sonae_store::staff::{self, Staff as Person};
use sonae_store::{StoreError, api_token};

use self::asked::{Asked, Filter, Sent};
use super::Page;
use super::door::{Door, Staff};
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::office::people::People;
use crate::pages::public::field::Mistake;
use crate::pages::public::show;

/// Where the page stands.
const PATH: &str = "/office/log";
/// Entries of one page.
const LISTED: usize = 50;
/// The most entries that are looked through for one page; some milliseconds.
const LOOKED_THROUGH: u32 = 5_000;

pub(super) fn routes(door: Door) -> Door {
    door.get(PATH, Action::ReadLog, page)
}

#[derive(Template)]
#[template(path = "office/log.html")]
struct LogPage {
    frame: OfficeFrame,
    sent: Sent,
    kinds: Vec<Choice>,
    actors: Vec<Choice>,
    mistakes: Vec<Mistake>,
    lines: Vec<Line>,
    /// Entries of the whole log.
    total: i64,
    head: String,
    looked: usize,
    /// The first entry that does not follow from the one before it.
    broken: Option<i64>,
    filtered: bool,
    is_first: bool,
    newest: String,
    older: Option<String>,
}

impl LogPage {
    /// What is wrong with a control.
    fn error_of(&self, control: &str) -> Option<&str> {
        let mut mistakes = self.mistakes.iter();
        let found = mistakes.find(|mistake| mistake.target == control);
        found.map(|mistake| mistake.message.as_str())
    }
}

struct Choice {
    value: String,
    label: String,
    chosen: bool,
}

struct Line {
    index: i64,
    at: String,
    who: String,
    /// The person's page, for who may manage users.
    who_href: Option<String>,
    what: String,
    code: String,
    case: Option<String>,
    /// The case's page, for who may read it.
    case_href: Option<String>,
    entry: String,
}

/// A piece of the log with everything that is told about it.
struct Piece {
    found: Vec<(Logged, Entry<Value>)>,
    looked: usize,
    broken: Option<i64>,
    /// Where an older page goes on.
    goes_on: Option<i64>,
    tail: Tail,
    people: Vec<Person>,
    /// Other systems: the ids of their tokens with their names.
    systems: Vec<(String, String)>,
}

async fn page(State(app): State<App>, staff: Staff, Query(sent): Query<Sent>) -> Page {
    let asked = Asked::read(&sent);
    let status = match asked.wrong.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let wanted = asked.clone();
    let piece = app.read(move |tx| read(tx, &wanted)).await?;
    let people = People::of(&piece.people, piece.systems.clone());
    let name = |id: &str| {
        let is_person = piece.people.iter().any(|person| person.id == id);
        people.find(id).map(|name| (name.to_owned(), is_person))
    };
    let lines = piece.found.iter();
    let lines = lines.map(|(logged, entry)| line(&staff, logged, entry, &name));
    let staff_ids = piece.people.iter().map(|person| person.id.as_str());
    let ids = staff_ids.chain(piece.systems.iter().map(|(id, _)| id.as_str()));
    let known = ids.filter_map(|id| people.find(id).map(|name| (id, name)));
    let log = LogPage {
        frame: OfficeFrame::new(&app, &staff, Section::Log, "記録")
            .with_error(!asked.wrong.is_empty()),
        kinds: choices(
            words::KINDS.iter().map(|kind| (kind.word, kind.label)),
            &sent.kind,
        ),
        actors: choices(words::ACTORS.into_iter().chain(known), &sent.actor),
        lines: lines.collect(),
        total: piece.tail.next_index,
        head: hex(&piece.tail.hash),
        looked: piece.looked,
        broken: piece.broken,
        filtered: asked.filter.is_some(),
        is_first: asked.before.is_none(),
        newest: sent.address(None),
        older: piece.goes_on.map(|index| sent.address(Some(index))),
        mistakes: asked.wrong,
        sent,
    };
    show(status, &log)
}

fn read(tx: &mut Tx, asked: &Asked) -> Result<Piece, StoreError> {
    let until = match asked.until {
        Some(at) => audit::first_since(tx, at)?,
        None => i64::MAX,
    };
    let since = match asked.since {
        Some(at) => audit::first_since(tx, at)?,
        None => 0,
    };
    let before = asked.before.unwrap_or(i64::MAX).min(until);
    let most = match asked.filter {
        Some(_) => LOOKED_THROUGH,
        None => LISTED as u32,
    };
    let mut piece = Piece {
        found: Vec::new(),
        looked: 0,
        broken: None,
        goes_on: None,
        tail: audit::tail(tx)?,
        people: staff::all(tx)?,
        systems: api_token::names(tx)?,
    };
    if !asked.wrong.is_empty() {
        return Ok(piece);
    }
    for logged in audit::before(tx, before, most)? {
        if logged.index < since {
            piece.goes_on = None;
            return Ok(piece);
        }
        piece.looked += 1;
        piece.goes_on = (logged.index > since).then_some(logged.index);
        if !logged.fits {
            piece.broken = Some(logged.index);
        }
        if let Some(entry) = shown(&logged, asked.filter.as_ref())? {
            piece.found.push((logged, entry));
        }
        if piece.found.len() >= LISTED {
            break;
        }
    }
    Ok(piece)
}

/// The entry, if it is one of those asked for.
fn shown(logged: &Logged, filter: Option<&Filter>) -> Result<Option<Entry<Value>>, StoreError> {
    // A line that cannot hold the number is not read further.
    if filter.is_some_and(|filter| !logged.line.contains(&filter.case)) {
        return Ok(None);
    }
    let entry: Entry<Value> = serde_json::from_str(&logged.line)?;
    let wanted = filter.is_none_or(|filter| filter.takes(&entry));
    Ok(wanted.then_some(entry))
}

fn line(
    staff: &Staff,
    logged: &Logged,
    entry: &Entry<Value>,
    name: &impl Fn(&str) -> Option<(String, bool)>,
) -> Line {
    let (kind, id) = entry.actor.split_once(':').unwrap_or((&entry.actor, ""));
    let named = name(id);
    let is_person = named.as_ref().is_some_and(|(_, is_person)| *is_person);
    let case = entry.data["receipt_number"].as_str().map(str::to_owned);
    let reads_cases = allowed(staff.role, Action::ReadCase) == Grant::Yes;
    Line {
        index: logged.index,
        at: entry.at.parse().map_or_else(|_| entry.at.clone(), moment),
        who_href: is_person.then(|| format!("/office/users/{id}")),
        who: named.map_or_else(|| words::actor(kind).to_owned(), |(name, _)| name),
        what: words::action(&entry.action).to_owned(),
        code: entry.action.clone(),
        case_href: (case.as_ref().filter(|_| reads_cases))
            .map(|number| format!("/office/cases/{number}")),
        case,
        entry: logged.line.clone(),
    }
}

fn choices<'a>(all: impl Iterator<Item = (&'a str, &'a str)>, chosen: &str) -> Vec<Choice> {
    let choice = |(value, label): (&str, &str)| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: value == chosen,
    };
    all.map(choice).collect()
}
