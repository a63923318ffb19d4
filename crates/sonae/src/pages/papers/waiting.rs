//! A sheet that waits for somebody to look at it: read from what was pasted or handed in, and kept until it is taken in or set aside.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use sonae_core::paper::answers::{SheetColumn, from_sheet, head, is_head, sheet_columns};
use sonae_core::paper::question::{Question, ROWS_LIMIT};
use sonae_store::portal_draft;

use super::super::public::error::PageError;
use super::editor::Visit;
use crate::app::App;
use crate::sheet::{self, Table};

/// The longest text that is kept until somebody decides, in bytes: a full ledger is a third of it.
const LONGEST: usize = 1 << 20;
/// A sheet that waits for somebody to look at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pending {
    /// Where it came from: a file's name, or nothing when it was pasted.
    pub source: Option<String>,
    /// The heading first.
    pub lines: Vec<Vec<String>>,
    /// The number of each line as the spreadsheet shows it; 0 for a heading that was not there.
    pub numbers: Vec<u32>,
}

/// Reads what was pasted.
///
/// # Errors
/// A sentence for whoever pasted it.
pub(super) fn pasted(question: &Question, text: &str) -> Result<Pending, String> {
    if text.trim().is_empty() {
        return Err(
            "Excel などの表をコピーして貼り付けるか、ファイルを選んでください。".to_owned(),
        );
    }
    let table = sheet::read_copied(text).map_err(|error| error.to_string())?;
    of_table(question, table, None)
}

/// Reads a file.
///
/// # Errors
/// A sentence for whoever chose it.
pub(super) fn handed_in(question: &Question, bytes: &[u8], name: &str) -> Result<Pending, String> {
    let table = sheet::read(bytes).map_err(|error| error.to_string())?;
    of_table(question, table, Some(name.chars().take(100).collect()))
}

fn of_table(question: &Question, table: Table, source: Option<String>) -> Result<Pending, String> {
    let mut numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
    let mut lines: Vec<Vec<String>> = table.rows.into_iter().map(|row| row.cells).collect();
    if !lines.first().is_some_and(|line| is_head(question, line)) {
        lines.insert(0, head(question));
        numbers.insert(0, 0);
        let most = lines[0].len();
        if let Some(at) = lines.iter().position(|line| line.len() > most) {
            return Err(format!(
                "{}行目に{}列あります。見出しのない表は、{most}列までにするか、見出しの行も一緒に入れてください。",
                numbers[at],
                lines[at].len()
            ));
        }
    }
    leave_prepared_rows(question, &mut lines, &mut numbers)?;
    if lines.len() - 1 > ROWS_LIMIT {
        return Err(format!(
            "行が多すぎます。{}行までにしてください。",
            question.most_rows()
        ));
    }
    let size: usize = lines.iter().flatten().map(String::len).sum();
    if size > LONGEST {
        return Err("文字が多すぎます。表をいくつかに分けて取り込んでください。".to_owned());
    }
    let pending = Pending {
        source,
        lines,
        numbers,
    };
    from_sheet(question, &[], &pending.lines)?;
    match pending.lines.len() {
        0 | 1 => Err("見出しのほかに行がありません。行も一緒に入れてください。".to_owned()),
        _ => Ok(pending),
    }
}

/// Takes out the lines in which nobody has written anything: our own workbook has rows that are ready to be filled, with formulas in them.
fn leave_prepared_rows(
    question: &Question,
    lines: &mut Vec<Vec<String>>,
    numbers: &mut Vec<u32>,
) -> Result<(), String> {
    let Some(first) = lines.first() else {
        return Ok(());
    };
    let columns = sheet_columns(question, first)?;
    let is_answered = |at: usize| matches!(columns.get(at), Some(SheetColumn::Of(column)) if column.computed.is_none());
    let is_written = |line: &[String]| {
        let mut cells = line.iter().enumerate();
        cells.any(|(at, cell)| is_answered(at) && !cell.trim().is_empty())
    };
    let keep = lines.iter().enumerate();
    let keep: Vec<bool> = keep.map(|(at, line)| at == 0 || is_written(line)).collect();
    let mut kept = keep.iter();
    lines.retain(|_| kept.next().copied().unwrap_or(true));
    let mut kept = keep.iter();
    numbers.retain(|_| kept.next().copied().unwrap_or(true));
    Ok(())
}

/// What is kept of a sheet, as a draft of the page.
fn kept(pending: &Pending) -> Json {
    serde_json::to_value(pending).unwrap_or(Json::Object(Map::new()))
}

/// The same read back; none when nothing of the kind is kept.
fn of_kept(json: Json) -> Option<Pending> {
    let pending: Pending = serde_json::from_value(json).ok()?;
    (pending.lines.len() == pending.numbers.len() && !pending.lines.is_empty()).then_some(pending)
}

/// Under which name a sheet waits: each person's apart, so that nobody takes in what somebody else looked at.
fn draft(visit: &Visit, question: &Question) -> String {
    format!("sheet.{}.{}", question.id, visit.actor.name())
}

pub(super) async fn pending(
    app: &App,
    visit: &Visit,
    question: &Question,
) -> Result<Option<Pending>, PageError> {
    let (id, page) = (visit.application_id.clone(), draft(visit, question));
    let found = app
        .read(move |tx| portal_draft::find(tx, &id, &page))
        .await?;
    Ok(found.and_then(of_kept))
}

pub(super) async fn keep(
    app: &App,
    visit: &Visit,
    question: &Question,
    pending: &Pending,
) -> Result<(), PageError> {
    let (id, page) = (visit.application_id.clone(), draft(visit, question));
    let (kept, now) = (kept(pending), app.clock.now());
    app.write(move |tx| portal_draft::save(tx, &id, &page, &kept, now))
        .await?;
    Ok(())
}

pub(super) async fn forget(app: &App, visit: &Visit, question: &Question) -> Result<(), PageError> {
    let (id, page) = (visit.application_id.clone(), draft(visit, question));
    app.write(move |tx| portal_draft::delete(tx, &id, &page))
        .await?;
    Ok(())
}
