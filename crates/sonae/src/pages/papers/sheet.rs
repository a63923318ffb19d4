//! A table taken in from a spreadsheet: pasted or as a file, looked at before anything is saved.

use std::collections::BTreeSet;

use askama::Template;
use serde_json::{Value as Json, json};
use sonae_core::paper::answers::{
    AnswerRow, Problem, SheetColumn, Value, from_sheet, read_over, sheet_columns,
};
use sonae_core::paper::library::Library;
use sonae_core::paper::question::Question;

use super::super::public::error::PageError;
use super::super::public::field::Mistake;
use super::cell::{Names, read_aloud};
use super::table::LEDGER;
use super::waiting::Pending;
use super::{Held, Piece, Place};
use crate::sheet::address;

/// Rows that the preview shows.
const MOST_SHOWN: usize = 50;
/// Mistakes that the preview shows.
const MOST_PROBLEMS: usize = 100;

#[derive(Template)]
#[template(path = "papers/sheet.html")]
struct InputView<'a> {
    place: &'a Place,
    question: &'static Question,
    columns: Vec<&'static str>,
    action: String,
    typed: &'a str,
    error: Option<String>,
    is_ledger: bool,
}

#[derive(Template)]
#[template(path = "papers/sheet_preview.html")]
struct PreviewView<'a> {
    place: &'a Place,
    pending: &'a Pending,
    version: i64,
    action: String,
    columns: Vec<&'static Question>,
    rows: Vec<Row>,
    /// Rows that can be taken in.
    good: usize,
    new: usize,
    changed: usize,
    same: usize,
    problems: Vec<(String, String)>,
    more_problems: usize,
    /// Rows with a mistake, which stay as they are.
    left: usize,
    /// Names of rows that would go if the sheet took the table's place.
    missing: Vec<String>,
}

struct Row {
    number: u32,
    state: &'static str,
    cells: Vec<String>,
}

/// A sheet put beside the answers.
struct Read {
    /// Each row as it would be, with the line it stands in and whether it can be taken in.
    rows: Vec<(usize, AnswerRow, bool)>,
    problems: Vec<Problem>,
    columns: Vec<&'static Question>,
    /// For each column of the sheet, the question's column.
    at: Vec<Option<String>>,
}

/// The page on which a sheet is pasted or chosen.
///
/// # Errors
/// A template fails.
pub(super) fn input(
    place: &Place,
    question: &'static Question,
    typed: &str,
    error: Option<String>,
) -> Result<Piece, PageError> {
    let answered = question
        .columns
        .iter()
        .filter(|column| column.computed.is_none());
    let mistakes = error.iter().map(|message| Mistake {
        target: "sheet".to_owned(),
        message: message.clone(),
    });
    let mistakes = mistakes.collect();
    let view = InputView {
        place,
        question,
        columns: answered.map(|column| column.label.as_str()).collect(),
        action: format!("{}/sheet", place.table(&question.id)),
        typed,
        error,
        is_ledger: question.id == LEDGER,
    };
    Ok(Piece::new(&format!("{}：表を取り込む", question.label), &view)?.wrong(mistakes))
}

/// What a sheet would do.
///
/// # Errors
/// A template fails. The inner error is a sentence about a sheet that can no longer be read.
pub(super) fn preview(
    library: &'static Library,
    place: &Place,
    held: &Held,
    question: &'static Question,
    pending: &Pending,
) -> Result<Result<Piece, String>, PageError> {
    let read = match read(library, held, question, pending) {
        Ok(read) => read,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let names = Names::of(library, &held.answers);
    let state = |row: &AnswerRow| match held.answers.row(&question.id, &row.id) {
        None => "新しい行",
        Some(before) if before == row => "同じ",
        Some(_) => "書き換え",
    };
    let good: Vec<&(usize, AnswerRow, bool)> =
        read.rows.iter().filter(|(_, _, good)| *good).collect();
    let count = |word: &str| good.iter().filter(|(_, row, _)| state(row) == word).count();
    let shown = good.iter().take(MOST_SHOWN).map(|(line, row, _)| Row {
        number: pending.numbers[*line],
        state: state(row),
        cells: read
            .columns
            .iter()
            .map(|column| read_aloud(&names, column, row))
            .collect(),
    });
    let title = question.title.as_deref().unwrap_or_default();
    let present: BTreeSet<&str> = read
        .rows
        .iter()
        .map(|(_, row, _)| row.id.as_str())
        .collect();
    let missing = held.answers.rows(&question.id).iter().enumerate();
    let missing = missing.filter(|(_, row)| !present.contains(row.id.as_str()));
    let view = PreviewView {
        place,
        pending,
        version: held.version,
        action: format!("{}/sheet", place.table(&question.id)),
        rows: shown.collect(),
        good: good.len(),
        new: count("新しい行"),
        changed: count("書き換え"),
        same: count("同じ"),
        left: read.rows.len() - good.len(),
        more_problems: read.problems.len().saturating_sub(MOST_PROBLEMS),
        problems: said(question, &read, pending),
        missing: missing
            .map(|(at, row)| super::cell::called(row, title, at))
            .collect(),
        columns: read.columns,
    };
    let piece = Piece::new(&format!("{}：取り込む内容の確認", question.label), &view)?;
    Ok(Ok(piece.wide()))
}

/// The table as it would be with the good rows of a sheet: beside the others, or in their place.
///
/// # Errors
/// A sentence about a sheet that can no longer be read.
pub(super) fn taken(
    library: &'static Library,
    held: &Held,
    question: &'static Question,
    pending: &Pending,
    in_place_of_all: bool,
) -> Result<Option<Value>, String> {
    let read = read(library, held, question, pending)?;
    let in_sheet: BTreeSet<String> = read.rows.iter().map(|(_, row, _)| row.id.clone()).collect();
    let mut good: Vec<AnswerRow> = read
        .rows
        .into_iter()
        .filter(|(_, _, good)| *good)
        .map(|(_, row, _)| row)
        .collect();
    let mut rows = Vec::new();
    for before in held.answers.rows(&question.id) {
        match good.iter().position(|row| row.id == before.id) {
            Some(at) => rows.push(good.remove(at)),
            // A row whose line has a mistake stays as it is.
            None if !in_place_of_all || in_sheet.contains(&before.id) => rows.push(before.clone()),
            None => {}
        }
    }
    rows.extend(good.into_iter().map(|row| AnswerRow {
        id: super::rows::fresh(),
        ..row
    }));
    let most = question.most_rows();
    if rows.len() > most {
        return Err(format!(
            "取り込むと{}行になります。「{}」は{most}行までです。行を減らすか、「表を入れ替える」を選んでください。",
            rows.len(),
            question.label
        ));
    }
    Ok((!rows.is_empty()).then_some(Value::Rows(rows)))
}

fn read(
    library: &'static Library,
    held: &Held,
    question: &'static Question,
    pending: &Pending,
) -> Result<Read, String> {
    let answered = held.answers.rows(&question.id);
    let sheet = from_sheet(question, answered, &pending.lines)?;
    let Some(first) = pending.lines.first() else {
        return Err("表が空です。".to_owned());
    };
    let found = sheet_columns(question, first)?;
    let of = |column: &SheetColumn<'static>| match column {
        SheetColumn::Of(column) if column.computed.is_none() => Some(*column),
        _ => None,
    };
    let columns: Vec<&'static Question> = found.iter().filter_map(of).collect();
    let at = found
        .iter()
        .map(|column| of(column).map(|column| column.id.clone()))
        .collect();
    // A column that the sheet does not have stays as it is.
    let sent: Vec<Json> = match sheet {
        Json::Array(rows) => rows,
        _ => Vec::new(),
    };
    let reading = read_over(
        library,
        &held.answers,
        &json!({ question.id.clone(): sent }),
    );
    let wrong: BTreeSet<&str> = reading
        .problems
        .iter()
        .filter_map(|problem| problem.field.split('.').nth(1))
        .collect();
    let kept = |row: &AnswerRow| {
        let mut row = row.clone();
        if let Some(before) = answered.iter().find(|before| before.id == row.id) {
            let others = before
                .cells
                .iter()
                .filter(|(id, _)| !columns.iter().any(|column| column.id == **id));
            row.cells
                .extend(others.map(|(id, value)| (id.clone(), value.clone())));
        }
        row
    };
    let named = |row: &AnswerRow| {
        question
            .title
            .as_ref()
            .is_some_and(|title| row.text(title).is_some())
    };
    let rows = reading.answers.rows(&question.id).iter().enumerate();
    let rows = rows.map(|(line, row)| {
        let good = !wrong.contains(row.id.as_str()) && named(row);
        (line + 1, kept(row), good)
    });
    let rows: Vec<_> = rows.collect();
    let nameless = nameless(question, &rows, &wrong);
    Ok(Read {
        problems: reading.problems.iter().cloned().chain(nameless).collect(),
        rows,
        columns,
        at,
    })
}

/// Rows without the name by which others call them.
fn nameless(
    question: &Question,
    rows: &[(usize, AnswerRow, bool)],
    wrong: &BTreeSet<&str>,
) -> Vec<Problem> {
    let Some(title) = question
        .title
        .as_deref()
        .and_then(|title| question.column(title))
    else {
        return Vec::new();
    };
    let all = rows.iter().map(|(_, row, _)| row);
    let found = all.filter(|row| row.text(&title.id).is_none() && !wrong.contains(row.id.as_str()));
    let problem = |row: &AnswerRow| Problem {
        field: format!("{}.{}.{}", question.id, row.id, title.id),
        sentence: format!(
            "「{}」が空です。書いてから取り込んでください。",
            title.label
        ),
    };
    found.map(problem).collect()
}

/// Each mistake with the address of its cell as the spreadsheet shows it.
fn said(question: &Question, read: &Read, pending: &Pending) -> Vec<(String, String)> {
    let place = |problem: &Problem| {
        let mut parts = problem.field.splitn(3, '.').skip(1);
        let (row, column) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let line = read
            .rows
            .iter()
            .find(|(_, found, _)| found.id == row)
            .map(|(line, _, _)| *line);
        let number = line.and_then(|line| pending.numbers.get(line));
        let at = read.at.iter().position(|id| id.as_deref() == Some(column));
        match (number, at) {
            (Some(number), Some(at)) => address(at, *number),
            (Some(number), None) => format!("{number}行目"),
            _ => question.label.clone(),
        }
    };
    // The sentence says the row as the table counts them; here the cell's address says it.
    let plain = |sentence: &str| match sentence.split_once("行目：") {
        Some((before, rest)) if before.starts_with(question.label.as_str()) => rest.to_owned(),
        _ => sentence.to_owned(),
    };
    let problems = read.problems.iter().take(MOST_PROBLEMS);
    problems
        .map(|problem| (place(problem), plain(&problem.sentence)))
        .collect()
}
