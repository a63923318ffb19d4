//! Rows pasted from a spreadsheet: the first line names the columns by their labels.

use serde_json::{Map, Value as Json, json};

use super::AnswerRow;
use super::scalar::shortened;
use crate::paper::question::{Question, ROWS_LIMIT};
use crate::text::search_key::search_key;

/// Most cells of a line that are looked at.
const MOST_CELLS: usize = 100;

/// The JSON of a table that [`super::read`] takes, from lines of cells; the first line holds the labels.
///
/// A row whose name is that of an answered row keeps its id, so that references and versions stay; an answered row that is not among the lines is left
/// out. Columns that are computed are passed over, empty lines too. Reading says what is wrong with a cell.
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
    let columns = columns(question, head)?;
    let name_at = columns
        .iter()
        .position(|column| column.is_some_and(|column| column.id == title));
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
            if let Some(column) = column
                && column.computed.is_none()
            {
                row.insert(column.id.clone(), json!(cell));
            }
        }
        let name = cells
            .get(name_at)
            .map(|name| search_key(name))
            .unwrap_or_default();
        let same = answered.iter().find(|row| {
            !taken.contains(&row.id.as_str())
                && row.text(title).is_some_and(|text| search_key(text) == name)
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

/// The column of each label of the first line; none for an empty one.
fn columns<'a>(
    question: &'a Question,
    head: &[String],
) -> Result<Vec<Option<&'a Question>>, String> {
    let mut columns = Vec::new();
    for label in head.iter().take(MOST_CELLS) {
        match labelled(question, label) {
            Some(column) => columns.push(Some(column)),
            None if label.trim().is_empty() => columns.push(None),
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
