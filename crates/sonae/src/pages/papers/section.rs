//! One section of what a kind of paper asks: its questions, its tables as cards, and the way through the other sections.

use askama::Template;
use sonae_core::paper::answers::{Answers, Problem, Value};
use sonae_core::paper::is_asked;
use sonae_core::paper::kind::Kind;
use sonae_core::paper::library::Library;
use sonae_core::paper::question::{Kind as Shape, Question};

use super::super::public::error::PageError;
use super::super::public::field::{Control, Mistake, id_of};
use super::control::control;
use super::typed::Sent;
use super::{Held, MOST_MISTAKES, Piece, Place};

/// Names of rows that a card shows.
const MOST_NAMES: usize = 5;

#[derive(Template)]
#[template(path = "papers/section.html")]
struct View<'a> {
    place: &'a Place,
    hint: Option<&'a str>,
    /// From 1.
    number: usize,
    steps: Vec<Step<'a>>,
    items: Vec<Item>,
    action: String,
    version: i64,
    /// Whether what was sent was saved.
    saved: bool,
}

/// One section in the list of all.
struct Step<'a> {
    href: String,
    heading: &'a str,
    current: bool,
    answered: usize,
    asked: usize,
}

enum Item {
    Control(Control),
    Table(Card),
}

/// A table that has a page of its own.
struct Card {
    id: String,
    label: &'static str,
    hint: Option<&'static str>,
    href: String,
    count: usize,
    names: Vec<String>,
    more: bool,
    /// Where its rows come from when not from here.
    origin: Option<String>,
}

/// What a section is shown with.
#[derive(Clone, Copy, Default)]
pub(in crate::pages) struct Remarks<'a> {
    pub sent: Option<&'a [(String, String)]>,
    pub problems: &'a [Problem],
    pub saved: bool,
}

/// The page of a section, counted from 1; none for one that is not there.
///
/// # Errors
/// A template fails.
pub(in crate::pages) fn piece(
    library: &'static Library,
    place: &Place,
    held: &Held,
    (kind, number): (&'static Kind, usize),
    remarks: Remarks<'_>,
) -> Result<Option<Piece>, PageError> {
    let Some(ask) = number.checked_sub(1).and_then(|at| kind.asks.get(at)) else {
        return Ok(None);
    };
    let sent = remarks.sent.map_or_else(Sent::default, Sent::new);
    let items: Vec<Item> = questions(library, kind, number, &held.answers)
        .map(|question| match question.kind {
            Shape::Rows => Item::Table(card(place, held, kind, question)),
            _ => {
                let problem = remarks
                    .problems
                    .iter()
                    .find(|problem| problem.field == question.id);
                let error = problem.map(|problem| problem.sentence.as_str());
                let origin = origin(place, held, kind, question);
                let answer = held.answers.value(&question.id);
                Item::Control(control(question, answer, sent, origin.as_deref(), error))
            }
        })
        .collect();
    let mistakes: Vec<Mistake> = items
        .iter()
        .filter_map(mistake)
        .take(MOST_MISTAKES)
        .collect();
    let view = View {
        place,
        hint: ask.hint.as_deref(),
        number,
        steps: steps(library, place, &held.answers, (kind, number)),
        items,
        action: place.section(&kind.id, number),
        version: held.version,
        saved: remarks.saved,
    };
    let title = format!("{}：{}", kind.title, ask.heading);
    Ok(Some(Piece::new(&title, &view)?.wrong(mistakes)))
}

/// The questions of a section that concern this company.
pub(super) fn questions(
    library: &'static Library,
    kind: &'static Kind,
    number: usize,
    answers: &Answers,
) -> impl Iterator<Item = &'static Question> {
    let ask = number.checked_sub(1).and_then(|at| kind.asks.get(at));
    let ids = ask
        .into_iter()
        .flat_map(|ask| ask.questions.iter().chain(&ask.also));
    let found = ids.filter_map(|id| library.question(id));
    found.filter(move |question| is_asked(library, question, answers))
}

fn mistake(item: &Item) -> Option<Mistake> {
    let Item::Control(control) = item else {
        return None;
    };
    let part = control.part();
    part.error.as_ref().map(|message| Mistake {
        target: part.id.clone(),
        message: message.clone(),
    })
}

fn steps<'a>(
    library: &'static Library,
    place: &Place,
    answers: &Answers,
    (kind, current): (&'static Kind, usize),
) -> Vec<Step<'a>> {
    let step = |(at, ask): (usize, &'static sonae_core::paper::kind::Ask)| {
        let number = at + 1;
        let asked: Vec<&Question> = questions(library, kind, number, answers).collect();
        let answered = asked
            .iter()
            .filter(|question| is_answered(answers.value(&question.id)));
        Step {
            href: place.section(&kind.id, number),
            heading: ask.heading.as_str(),
            current: number == current,
            answered: answered.count(),
            asked: asked.len(),
        }
    };
    kind.asks.iter().enumerate().map(step).collect()
}

fn is_answered(value: Option<&Value>) -> bool {
    match value {
        None => false,
        Some(Value::Rows(rows)) => !rows.is_empty(),
        Some(_) => true,
    }
}

/// Where an answer comes from, or who else uses it.
fn origin(place: &Place, held: &Held, kind: &Kind, question: &Question) -> Option<String> {
    if let Some(source) = held.source(&question.id) {
        return Some(format!("{}から入れてあります。", source.label()));
    }
    let others = place.others_asking(question, &kind.id);
    held.saved.value(&question.id)?;
    let first = others.first()?;
    let more = others.len().saturating_sub(1);
    Some(match more {
        0 => format!("お答えは「{first}」と共通です。"),
        _ => format!(
            "お答えは「{first}」などほかの{}つの文書と共通です。",
            more + 1
        ),
    })
}

fn card(place: &Place, held: &Held, kind: &Kind, question: &'static Question) -> Card {
    let rows = held.answers.rows(&question.id);
    let title = question.title.as_deref().unwrap_or_default();
    let names = rows.iter().filter_map(|row| row.text(title));
    Card {
        id: id_of(&question.id),
        label: &question.label,
        hint: question.hint.as_deref(),
        href: place.table(&question.id),
        count: rows.len(),
        names: names.take(MOST_NAMES).map(str::to_owned).collect(),
        more: rows.len() > MOST_NAMES,
        origin: match held.saved.value(&question.id) {
            Some(_) => origin(place, held, kind, question),
            None if rows.is_empty() => None,
            None if held.source(&question.id).is_some() => origin(place, held, kind, question),
            None => Some("はじめの行を用意してあります。".to_owned()),
        },
    }
}
