//! Rows pasted from a spreadsheet: the first line names the columns by their labels.

use serde_json::{Map, Value as Json, json};

use super::AnswerRow;
use super::scalar::shortened;
use crate::paper::question::{Question, ROWS_LIMIT};
use crate::text::search_key::search_key;

/// Most cells of a line that are looked at.
const MOST_CELLS: usize = 100;

/// The label of the column with which our own workbooks say which row is meant.
pub const ROW_NUMBER: &str = "行の番号";

/// What stands in a column of a sheet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SheetColumn<'a> {
    /// The id of an answered row.
    Id,
    Of(&'a Question),
    /// No label, so nothing is read from it.
    Nothing,
}

/// The JSON of a table that [`super::read`] takes, from lines of cells; the first line holds the labels.
///
/// A row whose number (the hidden column of our own workbooks) or name is that of an answered row keeps its id, so that references and versions stay; an
/// answered row that is not among the lines is left out. Columns that are computed are passed over, empty lines too. Reading says what is wrong with a cell.
///
/// # Errors
/// One Japanese sentence when the first line does not name the column by which rows are called, or names one that is not there.
pub fn from_sheet(
    question: &Question,
    answered: &[AnswerRow],
    lines: &[Vec<String>],
) -> Result<Json, String> {
    let title = question.title.as_deref().unwrap_or_default();
    let Some((head, lines)) = lines.split_first() else {
        return Err("貼り付ける表が空です。見出しの行から選んでコピーしてください。".to_owned());
    };
    let columns = sheet_columns(question, head)?;
    let name_at = columns
        .iter()
        .position(|column| matches!(column, SheetColumn::Of(column) if column.id == title));
    let Some(name_at) = name_at else {
        let label = question
            .column(title)
            .map_or("", |column| column.label.as_str());
        return Err(format!(
            "1行目に「{label}」の列がありません。見出しの行も一緒に貼り付けてください。"
        ));
    };
    let mut rows = Vec::new();
    let mut taken: Vec<&str> = Vec::new();
    for cells in lines
        .iter()
        .filter(|cells| cells.iter().any(|cell| !cell.trim().is_empty()))
        .take(ROWS_LIMIT + 1)
    {
        let mut row = Map::new();
        for (column, cell) in columns.iter().zip(cells) {
            if let SheetColumn::Of(column) = column
                && column.computed.is_none()
            {
                row.insert(column.id.clone(), json!(cell));
            }
        }
        let number = columns
            .iter()
            .position(|column| *column == SheetColumn::Id)
            .and_then(|at| cells.get(at))
            .map_or("", |number| number.trim());
        let name = cells
            .get(name_at)
            .map(|name| search_key(name))
            .unwrap_or_default();
        let free = |row: &&AnswerRow| !taken.contains(&row.id.as_str());
        let numbered = answered.iter().filter(free).find(|row| row.id == number);
        let same = numbered.or_else(|| {
            let named = |row: &&AnswerRow| row.text(title).map(search_key).as_ref() == Some(&name);
            answered.iter().filter(free).find(named)
        });
        if let Some(same) = same {
            taken.push(&same.id);
            row.insert("id".to_owned(), json!(same.id));
        }
        rows.push(Json::Object(row));
    }
    name(&mut rows, answered);
    Ok(Json::Array(rows))
}

/// What each cell of the first line names.
///
/// # Errors
/// One Japanese sentence for a label that no column has.
pub fn sheet_columns<'a>(
    question: &'a Question,
    head: &[String],
) -> Result<Vec<SheetColumn<'a>>, String> {
    let mut columns = Vec::new();
    for label in head.iter().take(MOST_CELLS) {
        match labelled(question, label) {
            Some(column) => columns.push(SheetColumn::Of(column)),
            None if label.trim().is_empty() => columns.push(SheetColumn::Nothing),
            None if label.trim() == ROW_NUMBER => columns.push(SheetColumn::Id),
            None => {
                let known: Vec<&str> = question
                    .columns
                    .iter()
                    .map(|column| column.label.as_str())
                    .collect();
                return Err(format!(
                    "「{}」という列はありません。見出しは「{}」のどれかにしてください。",
                    shortened(label.trim()),
                    known.join("」「")
                ));
            }
        }
    }
    Ok(columns)
}

/// Whether a line holds labels of columns: people copy rows with the heading or without.
pub fn is_head(question: &Question, line: &[String]) -> bool {
    let cells = line.iter().take(MOST_CELLS);
    let names = |cell: &String| cell.trim() == ROW_NUMBER || labelled(question, cell).is_some();
    cells.filter(|cell| names(cell)).count() > 0
}

/// The heading that lines without one are read under: every column that is answered, in its order.
pub fn head(question: &Question) -> Vec<String> {
    let answered = question
        .columns
        .iter()
        .filter(|column| column.computed.is_none());
    answered.map(|column| column.label.clone()).collect()
}

/// Gives ids to rows that have none. They must not be those of answered rows, to which others may still refer.
fn name(rows: &mut [Json], answered: &[AnswerRow]) {
    let mut number = 0;
    for row in rows {
        if let Json::Object(row) = row
            && !row.contains_key("id")
        {
            let id = loop {
                number += 1;
                let id = format!("n{number}");
                if !answered.iter().any(|row| row.id == id) {
                    break id;
                }
            };
            row.insert("id".to_owned(), json!(id));
        }
    }
}

/// The column of a label: as written, or without what stands in brackets.
fn labelled<'a>(question: &'a Question, label: &str) -> Option<&'a Question> {
    let plain = |text: &str| search_key(text.split(['（', '(']).next().unwrap_or_default());
    let exact = question
        .columns
        .iter()
        .find(|column| search_key(&column.label) == search_key(label));
    exact.or_else(|| {
        question
            .columns
            .iter()
            .find(|column| !plain(label).is_empty() && plain(&column.label) == plain(label))
    })
}
