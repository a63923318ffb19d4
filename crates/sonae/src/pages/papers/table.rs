//! A table that is edited: some rows at a time, as a grid on wide screens and as cards on a phone.

use askama::Template;
use sonae_core::paper::answers::{AnswerRow, Problem};
use sonae_core::paper::ledger::{ONE_TO_THREE, assess};
use sonae_core::paper::library::{Library, Source};
use sonae_core::paper::question::{Kind, Question};

use super::super::public::error::PageError;
use super::super::public::field::Mistake;
use super::cell::{Cell, Names, Shape, called, cell, heading, is_typed, weight};
use super::typed::Sent;
use super::{Held, MOST_MISTAKES, Piece, Place};

/// The most rows of one page.
const MOST_ROWS: usize = 20;
/// The fewest, however much each of them holds.
const FEWEST_ROWS: usize = 5;
/// What the rows of one page may hold together, in elements.
const MOST_ELEMENTS: usize = 3_000;
/// A table of more columns than this is wide.
const WIDE: usize = 8;
/// Empty rows below the last one.
const ROOM: usize = 3;
/// The same after 「行を増やす」, and the most there can be.
const MORE_ROOM: usize = 10;
/// The table that has a heat map, a workbook and a diagnosis behind it.
pub(super) const LEDGER: &str = "assets";
/// The beginning of ids of rows that are not saved yet.
pub(super) const NEW: &str = "new";

#[derive(Template)]
#[template(path = "papers/table.html")]
struct View<'a> {
    place: &'a Place,
    question: &'static Question,
    columns: Vec<Head>,
    rows: Vec<Row>,
    pages: Vec<PageLink>,
    /// Rows there are, and rows there can be.
    count: usize,
    most: usize,
    shown: Asked<'a>,
    action: String,
    version: i64,
    /// Where the person came from.
    back: Option<(String, String)>,
    is_ledger: bool,
    /// Where rows come from that are shown and that nobody saved.
    proposed: Option<&'static str>,
    /// Where rows can be added from, and how many.
    lacking: Option<(&'static str, usize)>,
    /// Rows of the ledger whose risk cannot be told yet.
    unassessed: usize,
}

struct Head {
    id: String,
    label: &'static str,
    hint: Option<&'static str>,
    unit: Option<&'static str>,
    required: bool,
}

struct Row {
    id: String,
    /// From 1 through the whole table.
    number: usize,
    name: Option<String>,
    cells: Vec<Cell>,
}

struct PageLink {
    number: usize,
    href: String,
    /// The names of its first and last row.
    span: String,
    current: bool,
}

/// Which part of a table is asked for, and what came of what was sent.
#[derive(Clone, Copy, Default)]
pub(in crate::pages) struct Asked<'a> {
    /// From 1.
    pub page: usize,
    /// The id of a row that must be on the page.
    pub row: Option<&'a str>,
    pub more: bool,
    /// The section to go back to: kind and number.
    pub from: Option<(&'static str, usize)>,
    pub sent: Option<&'a [(String, String)]>,
    pub problems: &'a [Problem],
    pub saved: bool,
}

/// The page of a table.
///
/// # Errors
/// A template fails.
pub(in crate::pages) fn piece(
    library: &'static Library,
    place: &Place,
    held: &Held,
    question: &'static Question,
    asked: Asked<'_>,
) -> Result<Piece, PageError> {
    let names = Names::of(library, &held.answers);
    let all = held.answers.rows(&question.id);
    let size = rows_of_a_page(&names, question);
    let (page, pages) = page_of(all, size, &asked);
    let mut rows = rows(&names, question, (page, size), asked);
    errors(&mut rows, asked.problems);
    let mistakes = mistakes(&rows, question, asked.problems);
    let assessed = |row: &&AnswerRow| assess(row, ONE_TO_THREE).risk.is_some();
    let view = View {
        place,
        question,
        columns: question.columns.iter().map(head).collect(),
        pages: links(place, question, (page, pages, size), all, asked.from),
        count: all.len(),
        most: question.most_rows(),
        shown: Asked { page, ..asked },
        action: place.table(&question.id),
        version: held.version,
        back: back(library, place, asked.from),
        is_ledger: question.id == LEDGER,
        unassessed: all.len() - all.iter().filter(assessed).count(),
        proposed: held.source(&question.id).map(Source::label),
        lacking: (held.lacking(question)).map(|(source, rows)| (source.label(), rows.len())),
        rows,
    };
    Ok(Piece::new(&question.label, &view)?.wrong(mistakes).wide())
}

impl View<'_> {
    /// The section to go back to, as the form carries it.
    fn from(&self) -> String {
        self.shown
            .from
            .map_or_else(String::new, |(kind, number)| format!("{kind}/{number}"))
    }

    fn is_last(&self) -> bool {
        self.pages.last().is_none_or(|page| page.current)
    }
}

fn head(column: &'static Question) -> Head {
    Head {
        id: heading(column),
        label: &column.label,
        hint: column.hint.as_deref(),
        unit: column
            .unit
            .as_deref()
            .filter(|_| column.kind == Kind::Number),
        required: column.required,
    }
}

/// How many rows a page has, so that a form stays small enough to be sent and read.
pub(super) fn rows_of_a_page(names: &Names<'_>, question: &Question) -> usize {
    let weight: usize = question
        .columns
        .iter()
        .map(|column| weight(names, column))
        .sum();
    (MOST_ELEMENTS / weight.max(1)).clamp(FEWEST_ROWS, MOST_ROWS)
}

/// The page that is shown, and how many there are.
fn page_of(all: &[AnswerRow], size: usize, asked: &Asked<'_>) -> (usize, usize) {
    let pages = all.len().div_ceil(size).max(1);
    let of_row = asked
        .row
        .and_then(|id| all.iter().position(|row| row.id == id));
    let page = match of_row {
        Some(at) => at / size + 1,
        None if asked.more => pages,
        None => asked.page,
    };
    (page.clamp(1, pages), pages)
}

fn rows(
    names: &Names<'_>,
    question: &'static Question,
    (page, size): (usize, usize),
    asked: Asked<'_>,
) -> Vec<Row> {
    let all = names_rows(names, question);
    let sent = asked.sent.map_or_else(Sent::default, Sent::new);
    let title = question.title.as_deref().unwrap_or_default();
    let first = (page - 1) * size;
    let one = |id: &str, row: Option<&AnswerRow>, number: usize| Row {
        id: id.to_owned(),
        number,
        name: row.map(|row| called(row, title, number - 1)),
        cells: question
            .columns
            .iter()
            .map(|column| cell(names, question, column, (id, row), sent))
            .collect(),
    };
    let mut rows: Vec<Row> = (all.iter().enumerate().skip(first).take(size))
        .map(|(at, row)| one(&row.id, Some(row), at + 1))
        .collect();
    let is_last = first + size >= all.len();
    if !is_last {
        return rows;
    }
    // A row of many columns is a long card on a phone.
    let room = match (asked.more, question.columns.len() > WIDE) {
        (true, _) => MORE_ROOM,
        (false, true) => 1,
        (false, false) => ROOM,
    };
    let free = question.most_rows().saturating_sub(all.len());
    for at in 0..MORE_ROOM.min(free) {
        let row = one(&format!("{NEW}{}", at + 1), None, all.len() + at + 1);
        if at < room || row.cells.iter().any(is_typed) {
            rows.push(row);
        }
    }
    rows
}

fn names_rows<'a>(names: &Names<'a>, question: &Question) -> &'a [AnswerRow] {
    names.rows(&question.id)
}

fn errors(rows: &mut [Row], problems: &[Problem]) {
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
        let own = problems.iter().find(|problem| problem.field == cell.name);
        cell.error = own.map(|problem| problem.sentence.clone());
    }
}

/// Mistakes in page order: those of the table first, then those of its cells.
fn mistakes(rows: &[Row], question: &Question, problems: &[Problem]) -> Vec<Mistake> {
    let whole = problems
        .iter()
        .filter(|problem| problem.field == question.id);
    let whole = whole.map(|problem| Mistake {
        target: "table".to_owned(),
        message: problem.sentence.clone(),
    });
    let cells = rows.iter().flat_map(|row| &row.cells).filter_map(|cell| {
        cell.error.as_ref().map(|message| Mistake {
            target: cell.id.clone(),
            message: message.clone(),
        })
    });
    whole.chain(cells).take(MOST_MISTAKES).collect()
}

fn links(
    place: &Place,
    question: &Question,
    (page, pages, size): (usize, usize, usize),
    all: &[AnswerRow],
    from: Option<(&str, usize)>,
) -> Vec<PageLink> {
    if pages <= 1 {
        return Vec::new();
    }
    let from = from.map_or_else(String::new, |(kind, number)| {
        format!("&from={kind}/{number}")
    });
    let link = |number: usize| {
        let last = (number * size).min(all.len());
        PageLink {
            number,
            href: format!("{}?page={number}{from}", place.table(&question.id)),
            span: format!("{}〜{last}行目", (number - 1) * size + 1),
            current: number == page,
        }
    };
    (1..=pages).map(link).collect()
}

fn back(
    library: &'static Library,
    place: &Place,
    from: Option<(&str, usize)>,
) -> Option<(String, String)> {
    let (kind, number) = from?;
    let kind = library.kind(kind)?;
    let ask = kind.asks.get(number.checked_sub(1)?)?;
    let label = format!("{}：{}", kind.title, ask.heading);
    Some((label, place.section(&kind.id, number)))
}
