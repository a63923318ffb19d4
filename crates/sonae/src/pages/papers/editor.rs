//! The pages of the answers: what is asked for, and what becomes of what was sent. Portal and office open the case, then come here.

use axum::http::StatusCode;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};
use sonae_core::flow::Actor;
use sonae_core::paper::Meta;
use sonae_core::paper::answers::{Problem, from_pairs, read_over};
use sonae_core::paper::kind::Kind;
use sonae_core::paper::question::{Kind as Shape, Question};

use super::super::office::form::Form;
use super::super::public::error::PageError;
use super::saving::{self, Sent};
use super::section::{self, Remarks};
use super::table::{self, Asked, LEDGER};
use super::{Held, Piece, Place, checks, heat_map, returned, rows, sheet, two_stars, waiting};
use crate::app::App;
use crate::papers::library;

/// Somebody who has opened the answers of a case.
pub(in crate::pages) struct Visit {
    pub place: Place,
    pub held: Held,
    /// In its written form.
    pub receipt_number: String,
    pub application_id: String,
    /// The company's name as the case knows it.
    pub company: String,
    pub actor: Actor,
    pub today: Date,
}

/// Which page of the answers.
#[derive(Clone, Copy, Debug)]
pub(in crate::pages) enum Wanted {
    /// Of a kind, counted from 1.
    Section(&'static Kind, usize),
    Table(&'static Question),
    Sheet(&'static Question),
    /// A paper that comes back from Word.
    Returned(&'static Kind),
    Risks,
    Checks,
    SecurityAction,
}

/// What is answered.
#[derive(Debug)]
pub(in crate::pages) enum Answer {
    Piece(Box<Piece>),
    /// Goes on with GET.
    Go(String),
}

/// What stands in the address behind the question mark.
#[derive(Clone, Debug, Default)]
pub(in crate::pages) struct Query(pub Vec<(String, String)>);

impl Query {
    pub(in crate::pages) fn parse(query: &str) -> Query {
        const MOST: usize = 10;
        Query(
            form_urlencoded::parse(query.as_bytes())
                .take(MOST)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    pub(super) fn first(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    }
}

impl Wanted {
    /// The page of an address below the place: `answers/{kind}/{section}`.
    pub(in crate::pages) fn section(place: &Place, kind: &str, number: &str) -> Option<Wanted> {
        let kind = place.kinds.iter().find(|known| known.id == kind)?;
        let number = number.parse().ok()?;
        (1..=kind.asks.len())
            .contains(&number)
            .then_some(Wanted::Section(kind, number))
    }

    /// The page of an address below the place: `{kind}/word`.
    pub(in crate::pages) fn returned(place: &Place, kind: &str) -> Option<Wanted> {
        let kind = place.kinds.iter().find(|known| known.id == kind)?;
        Some(Wanted::Returned(kind))
    }

    /// A table that a paper of this case asks.
    pub(in crate::pages) fn table(place: &Place, question: &str) -> Option<&'static Question> {
        let found = library().question(question)?;
        (found.kind == Shape::Rows && place.has(question)).then_some(found)
    }
}

/// A page that changes nothing.
///
/// # Errors
/// The database or a template fails.
pub(in crate::pages) async fn show(
    app: &App,
    visit: &Visit,
    wanted: Wanted,
    query: &Query,
) -> Result<Answer, PageError> {
    let (place, held) = (&visit.place, &visit.held);
    let saved = !query.first("saved").is_empty();
    let piece = match wanted {
        Wanted::Section(kind, number) => {
            let remarks = Remarks {
                saved,
                ..Remarks::default()
            };
            section::piece(library(), place, held, (kind, number), remarks)?
                .ok_or(PageError::NotFound)?
        }
        Wanted::Table(question) => {
            let row = query.first("row");
            let asked = Asked {
                page: query.first("page").parse().unwrap_or(1),
                row: (!row.is_empty()).then_some(row),
                more: !query.first("more").is_empty(),
                from: from(place, query.first("from")),
                saved,
                ..Asked::default()
            };
            table::piece(library(), place, held, question, asked)?
        }
        Wanted::Sheet(question) => match waiting::pending(app, visit, question).await? {
            None => sheet::input(place, question, "", None)?,
            Some(pending) => match sheet::preview(library(), place, held, question, &pending)? {
                Ok(piece) => piece,
                Err(sentence) => sheet::input(place, question, "", Some(sentence))?,
            },
        },
        Wanted::Returned(kind) => return returned::show(app, visit, kind, query).await,
        Wanted::Risks => heat_map::piece(library(), place, held)?,
        Wanted::Checks => checks::piece(library(), place, held, visit.today)?,
        Wanted::SecurityAction => two_stars::piece(library(), place, held)?,
    };
    Ok(Answer::Piece(Box::new(piece)))
}

/// What a form does.
///
/// # Errors
/// The database or a template fails.
pub(in crate::pages) async fn take(
    app: &App,
    visit: &Visit,
    wanted: Wanted,
    form: &Form,
) -> Result<Answer, PageError> {
    match wanted {
        Wanted::Section(kind, number) => take_section(app, visit, (kind, number), form).await,
        Wanted::Table(question) => take_table(app, visit, question, form).await,
        Wanted::Sheet(question) => take_sheet(app, visit, question, form).await,
        Wanted::Returned(kind) => returned::take(app, visit, kind, form).await,
        Wanted::Risks | Wanted::Checks | Wanted::SecurityAction => Err(PageError::NotFound),
    }
}

async fn take_section(
    app: &App,
    visit: &Visit,
    (kind, number): (&'static Kind, usize),
    form: &Form,
) -> Result<Answer, PageError> {
    let (place, held) = (&visit.place, &visit.held);
    let asked: Vec<&'static Question> = section::questions(library(), kind, number, &held.answers)
        .filter(|question| question.kind != Shape::Rows)
        .collect();
    let pairs = form.fields();
    // A question that was not on the page when it was sent is left alone: it was not shown then.
    let names = |question: &&Question| form.has(&question.id) || question.kind == Shape::Choices;
    let asked: Vec<&Question> = asked.into_iter().filter(names).collect();
    let is_asked = |name: &str| asked.iter().any(|question| question.id == name);
    let own = pairs.iter().filter(|(name, _)| is_asked(name));
    let mut sent = from_pairs(own.map(|(name, value)| (name.as_str(), value.as_str())));
    if let Json::Object(sent) = &mut sent {
        for question in &asked {
            sent.entry(question.id.as_str()).or_insert(Json::Null);
        }
    }
    let reading = read_over(library(), &held.answers, &sent);
    let again = |problems: &[Problem]| {
        let remarks = Remarks {
            sent: Some(pairs),
            problems,
            saved: false,
        };
        section::piece(library(), place, held, (kind, number), remarks)
    };
    if !reading.problems.is_empty() {
        let piece = again(&reading.problems)?.ok_or(PageError::NotFound)?;
        return Ok(Answer::Piece(Box::new(piece)));
    }
    let asked = asked.iter().map(|question| question.id.clone()).collect();
    let values = reading.answers;
    let to = match (form.first("_then"), number) {
        ("later", _) => format!("{}?saved=1", place.base),
        ("back", 2..) => place.section(&kind.id, number - 1),
        (then, _) => match then.strip_prefix("table:").filter(|table| place.has(table)) {
            Some(table) => format!("{}?from={}/{number}", place.table(table), kind.id),
            None if number < kind.asks.len() => place.section(&kind.id, number + 1),
            None => format!("{}?saved=1", place.base),
        },
    };
    let action = place.section(&kind.id, number);
    let sent = Sent {
        asked,
        values,
        form,
        action: &action,
        to,
    };
    saving::save(app, visit, sent).await
}

async fn take_table(
    app: &App,
    visit: &Visit,
    question: &'static Question,
    form: &Form,
) -> Result<Answer, PageError> {
    let (place, held) = (&visit.place, &visit.held);
    let whole = rows::whole(question, &held.answers, form.fields());
    let mut sent = Map::new();
    sent.insert(question.id.clone(), whole);
    let mut reading = read_over(library(), &held.answers, &Json::Object(sent));
    let page = form.first("_page").parse().unwrap_or(1);
    let from = from(place, form.first("_from"));
    if !reading.problems.is_empty() {
        let asked = Asked {
            page,
            from,
            sent: Some(form.fields()),
            problems: &reading.problems,
            ..Asked::default()
        };
        let piece = table::piece(library(), place, held, question, asked)?;
        // What stands on another page is not this form's to mend.
        if piece.status != StatusCode::OK {
            return Ok(Answer::Piece(Box::new(piece)));
        }
    }
    let mut rows = rows::named(reading.answers.values.remove(&question.id));
    if form.first("_then") == "seed" {
        rows = held.with_lacking(question, rows);
    }
    reading
        .answers
        .values
        .extend(rows.map(|rows| (question.id.clone(), rows)));
    let origin = from.map_or_else(String::new, |(kind, number)| {
        format!("&from={kind}/{number}")
    });
    let here = place.table(&question.id);
    let to = match (form.first("_then"), from) {
        ("back", Some((kind, number))) => {
            format!("{}#{}", place.section(kind, number), question.id)
        }
        ("next", _) => format!("{here}?page={}&saved=1{origin}", page.saturating_add(1)),
        ("more", _) => format!("{here}?more=1&saved=1{origin}"),
        // Added rows are the last.
        ("seed", _) => format!("{here}?page={}&saved=1{origin}", usize::MAX),
        _ => format!("{here}?page={page}&saved=1{origin}"),
    };
    let sent = Sent {
        asked: vec![question.id.clone()],
        values: reading.answers,
        form,
        action: &here,
        to,
    };
    saving::save(app, visit, sent).await
}

async fn take_sheet(
    app: &App,
    visit: &Visit,
    question: &'static Question,
    form: &Form,
) -> Result<Answer, PageError> {
    let place = &visit.place;
    let here = format!("{}/sheet", place.table(&question.id));
    match form.first("_then") {
        "take" => {
            let Some(pending) = waiting::pending(app, visit, question).await? else {
                return Ok(Answer::Go(here));
            };
            let instead = form.first("mode") == "replace";
            let taken = match sheet::taken(library(), &visit.held, question, &pending, instead) {
                Ok(taken) => taken,
                Err(sentence) => {
                    let piece = sheet::input(place, question, "", Some(sentence))?;
                    return Ok(Answer::Piece(Box::new(piece)));
                }
            };
            let mut values = sonae_core::paper::answers::Answers::default();
            values
                .values
                .extend(taken.map(|rows| (question.id.clone(), rows)));
            let sent = Sent {
                asked: vec![question.id.clone()],
                values,
                form,
                action: &here,
                to: format!("{}?saved=1", place.table(&question.id)),
            };
            let answer = saving::save(app, visit, sent).await?;
            if matches!(answer, Answer::Go(_)) {
                waiting::forget(app, visit, question).await?;
            }
            Ok(answer)
        }
        "discard" => {
            waiting::forget(app, visit, question).await?;
            Ok(Answer::Go(place.table(&question.id)))
        }
        _ => {
            let typed = form.first("sheet");
            let read = match form.file("file") {
                Some(file) => waiting::handed_in(question, &file.content, &file.name),
                None => waiting::pasted(question, typed),
            };
            match read {
                Ok(read) => {
                    waiting::keep(app, visit, question, &read).await?;
                    Ok(Answer::Go(here))
                }
                Err(sentence) => {
                    let piece = sheet::input(place, question, typed, Some(sentence))?;
                    Ok(Answer::Piece(Box::new(piece)))
                }
            }
        }
    }
}

/// The ledger as a workbook that can be taken in again.
///
/// # Errors
/// The workbook cannot be written, which is a defect.
pub(in crate::pages) fn workbook(visit: &Visit) -> Result<Vec<u8>, PageError> {
    if !visit.place.has(LEDGER) {
        return Err(PageError::NotFound);
    }
    let meta = Meta {
        company: visit.company.clone(),
        version: String::new(),
        date: visit.today,
    };
    let book = sonae_papers::xlsx::ledger(library(), &visit.held.answers, &meta);
    book.map_err(|error| PageError::Internal(format!("the ledger could not be written: {error}")))
}

/// The section that an address names as `kind/number`.
fn from(place: &Place, text: &str) -> Option<(&'static str, usize)> {
    let (kind, number) = text.split_once('/')?;
    match Wanted::section(place, kind, number)? {
        Wanted::Section(kind, number) => Some((kind.id.as_str(), number)),
        _ => None,
    }
}
