//! Saving answers over those that were shown. What two people changed to different things is shown to the second one, who decides.

use askama::Template;
use axum::http::StatusCode;
use sonae_core::calendar::japanese::moment;
use sonae_core::flow::Refusal;
use sonae_core::paper::answers::{AnswerRow, Answers, Value};
use sonae_core::paper::question::Question;

use super::super::office::form::{Form, TOKEN};
use super::super::public::error::PageError;
use super::cell::{Names, called, read_aloud};
use super::editor::{Answer, Visit};
use super::typed::written;
use super::{Piece, Place};
use crate::app::App;
use crate::office::papers::answers::{Conflict, Save, save as put};
use crate::papers::library;

/// Differences of one table that are shown.
const MOST_SHOWN: usize = 20;

/// A form that could be read.
pub(super) struct Sent<'a> {
    /// The questions it asked.
    pub(super) asked: Vec<String>,
    pub(super) values: Answers,
    pub(super) form: &'a Form,
    /// Where it was sent.
    pub(super) action: &'a str,
    /// Where to go on.
    pub(super) to: String,
}

#[derive(Template)]
#[template(path = "papers/conflict.html")]
struct ConflictView<'a> {
    place: &'a Place,
    clashes: Vec<Clash>,
    action: &'a str,
    version: i64,
    /// The form again, for whoever wants it to stand.
    pairs: Vec<&'a (String, String)>,
    multipart: bool,
}

struct Clash {
    label: &'static str,
    who: &'static str,
    at: String,
    /// Place within a table, what stands, and what was sent.
    lines: Vec<(String, String, String)>,
    more: usize,
}

#[derive(Template)]
#[template(path = "papers/refused.html")]
struct RefusedView<'a> {
    place: &'a Place,
    sentence: String,
}

/// # Errors
/// The database or a template fails.
pub(super) async fn save(app: &App, visit: &Visit, sent: Sent<'_>) -> Result<Answer, PageError> {
    let wish = Save {
        receipt_number: visit.receipt_number.clone(),
        seen: sent.form.first("_version").parse().unwrap_or(0),
        asked: sent.asked,
        answers: sent.values,
        actor: visit.actor.clone(),
    };
    match put(app, wish).await? {
        Ok(saved) if saved.conflicts.is_empty() => Ok(Answer::Go(sent.to)),
        Ok(saved) => {
            let clashes = saved
                .conflicts
                .iter()
                .filter_map(|conflict| clash(visit, conflict));
            let carried = |name: &str| name != TOKEN && name != "_version";
            let view = ConflictView {
                place: &visit.place,
                clashes: clashes.collect(),
                action: sent.action,
                version: saved.sequence,
                pairs: sent
                    .form
                    .fields()
                    .iter()
                    .filter(|(name, _)| carried(name))
                    .collect(),
                multipart: sent.action.ends_with("/sheet"),
            };
            let piece = Piece::new("ほかの人も同じところを直しました", &view)?;
            Ok(Answer::Piece(Box::new(piece.with(StatusCode::CONFLICT))))
        }
        Err(refusal) => refused(&visit.place, &refusal),
    }
}

fn refused(place: &Place, refusal: &Refusal) -> Result<Answer, PageError> {
    let view = RefusedView {
        place,
        sentence: refusal.sentence.clone(),
    };
    let piece = Piece::new("保存できませんでした", &view)?;
    Ok(Answer::Piece(Box::new(piece.with(StatusCode::CONFLICT))))
}

fn clash(visit: &Visit, conflict: &Conflict) -> Option<Clash> {
    let question = library().question(&conflict.question)?;
    let mut lines = match (&conflict.theirs, &conflict.mine) {
        (Some(Value::Rows(_)), _) | (_, Some(Value::Rows(_))) => tables(visit, question, conflict),
        (theirs, mine) => vec![(
            String::new(),
            shown(question, theirs.as_ref()),
            shown(question, mine.as_ref()),
        )],
    };
    let more = lines.len().saturating_sub(MOST_SHOWN);
    lines.truncate(MOST_SHOWN);
    Some(Clash {
        label: &question.label,
        who: match conflict.by.as_str() {
            "company" => "会社の方",
            _ => "事務局・専門家",
        },
        at: moment(conflict.at),
        lines,
        more,
    })
}

fn shown(question: &Question, value: Option<&Value>) -> String {
    match value {
        None => "（空）".to_owned(),
        Some(Value::YesNo(yes)) => if *yes { "はい" } else { "いいえ" }.to_owned(),
        Some(Value::Choice(value)) => question.choice(value).to_owned(),
        Some(Value::Choices(values)) => {
            let labels: Vec<&str> = values.iter().map(|value| question.choice(value)).collect();
            labels.join("、")
        }
        Some(other) => written(other).join("、"),
    }
}

/// Every cell in which the two tables differ.
fn tables(
    visit: &Visit,
    question: &Question,
    conflict: &Conflict,
) -> Vec<(String, String, String)> {
    fn rows(value: &Option<Value>) -> &[AnswerRow] {
        match value {
            Some(Value::Rows(rows)) => rows,
            _ => &[],
        }
    }
    let names = Names::of(library(), &visit.held.answers);
    let title = question.title.as_deref().unwrap_or_default();
    let mut lines = Vec::new();
    for (at, mine) in rows(&conflict.mine).iter().enumerate() {
        let Some(theirs) = rows(&conflict.theirs).iter().find(|row| row.id == mine.id) else {
            continue;
        };
        for column in &question.columns {
            let (one, other) = (
                read_aloud(&names, column, theirs),
                read_aloud(&names, column, mine),
            );
            if one != other {
                lines.push((
                    format!("{}の「{}」", called(mine, title, at), column.label),
                    one,
                    other,
                ));
            }
        }
    }
    let gone = |one: &[AnswerRow], other: &[AnswerRow]| -> Vec<String> {
        let missing = one
            .iter()
            .enumerate()
            .filter(|(_, row)| !other.iter().any(|other| other.id == row.id));
        missing.map(|(at, row)| called(row, title, at)).collect()
    };
    let (mine, theirs) = (rows(&conflict.mine), rows(&conflict.theirs));
    lines.extend(
        gone(theirs, mine)
            .into_iter()
            .map(|name| (name, "ある".to_owned(), "ない".to_owned())),
    );
    lines.extend(
        gone(mine, theirs)
            .into_iter()
            .map(|name| (name, "ない".to_owned(), "ある".to_owned())),
    );
    lines
}
