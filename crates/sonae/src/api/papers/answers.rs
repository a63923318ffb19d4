//! `…/papers/answers`: the answers of a case, which belong to all its papers; saving them overwrites nobody's.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sonae_core::access::Action;
use sonae_core::application::read::FieldError;
use sonae_core::audit::at_text;
use sonae_core::paper::answers::{read_over, written};
use sonae_store::paper_answer::Changed;

use super::open_for;
use crate::api::address::Id;
use crate::api::body::JsonBody;
use crate::api::door::Caller;
use crate::api::once::refused;
use crate::api::problem::{PaperConflict, Problem};
use crate::api::typed::{self, wrong};
use crate::app::App;
use crate::office::papers::answers::{Conflict, Save, of_case, save_whole_in};
use crate::papers::library;

/// The largest body of answers, in bytes: several tables with all the rows that they can have.
pub const LARGEST_ANSWERS: usize = 2 << 20;

/// The answers of a case.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperAnswers")]
pub struct AnswersView {
    /// The last save, to be sent as `seen`; 0 before the first.
    pub sequence: i64,
    /// By the questions' ids: texts, numbers, `true` or `false`, dates as `2024-06-03`, lists of words, and tables as lists of rows with `id`.
    pub answers: BTreeMap<String, Value>,
    /// Those of them that nobody saved: the application says so, and papers print it until somebody saves another answer.
    pub proposed: Vec<String>,
    /// Who changed each question last.
    pub changed: BTreeMap<String, ChangedView>,
}

/// The last change of a question.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperAnswerChanged")]
pub struct ChangedView {
    pub sequence: i64,
    /// `staff:<id>` or `company`
    pub by: String,
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
}

/// Answers to be saved.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PaperAnswersToSave")]
pub struct Saving {
    /// `sequence` of the answers that were read. What somebody else changed since is not overwritten.
    #[schemars(range(min = 0))]
    pub seen: i64,
    /// The questions that are answered; all others stay as they are. Null empties an answer.
    pub answers: Map<String, Value>,
}

/// What was saved.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PaperAnswersSaved")]
pub struct SavedView {
    /// The last save now.
    pub sequence: i64,
    /// The questions that changed.
    pub changed: Vec<String>,
}

pub async fn show(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
) -> Result<Json<AnswersView>, Problem> {
    let opened = open_for(&app, &caller, &number, Action::ReadPapers, of_case).await?;
    let answers = opened.more;
    let proposed = |question: &&String| answers.saved.value(question).is_none();
    Ok(Json(AnswersView {
        sequence: answers.sequence,
        proposed: (answers.shown.values.keys().filter(proposed))
            .cloned()
            .collect(),
        answers: (answers.shown.values.iter())
            .map(|(question, value)| (question.clone(), written(value)))
            .collect(),
        changed: (answers.changed.into_iter())
            .map(|(question, changed)| (question, changed_view(changed)))
            .collect(),
    }))
}

fn changed_view(changed: Changed) -> ChangedView {
    ChangedView {
        sequence: changed.sequence,
        by: changed.by,
        at: at_text(changed.at),
    }
}

pub async fn save(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
    JsonBody(sent): JsonBody,
) -> Result<Json<SavedView>, Problem> {
    let opened = open_for(&app, &caller, &number, Action::WorkPapers, of_case).await?;
    let before = opened.more;
    // Texts and tables have bounds of their own, which their questions say.
    let saving: Saving = typed::read_any(sent)?;
    if !(0..=before.sequence).contains(&saving.seen) {
        return Err(wrong(
            "seen",
            "invalid",
            "読み取った answers にあった sequence を送ってください。",
        ));
    }
    let asked = saving.answers.keys().cloned().collect();
    let reading = read_over(library(), &before.shown, &Value::Object(saving.answers));
    if !reading.problems.is_empty() {
        let errors = reading.problems.into_iter();
        return Err(Problem::invalid_request(
            errors
                .map(|problem| error(&problem.field, problem.sentence))
                .collect(),
        ));
    }
    let save = Save {
        receipt_number: opened.stored.receipt_number,
        seen: saving.seen,
        asked,
        answers: reading.answers,
        actor: caller.actor(),
    };
    let now = app.clock.now();
    let saved = app
        .write(move |tx| save_whole_in(tx, &save, now))
        .await
        .map_err(Problem::of_store)?
        .map_err(refused)?;
    match saved.conflicts.is_empty() {
        true => Ok(Json(SavedView {
            sequence: saved.sequence,
            changed: saved.changed,
        })),
        false => {
            let conflicts = saved.conflicts.into_iter();
            let conflicts = conflicts.map(conflict).collect();
            Err(Problem::paper_conflicts(saved.sequence, conflicts))
        }
    }
}

fn error(field: &str, message: String) -> FieldError {
    FieldError {
        field: match field {
            "" => "answers".to_owned(),
            below => format!("answers.{below}"),
        },
        code: "invalid",
        message,
    }
}

fn conflict(conflict: Conflict) -> PaperConflict {
    PaperConflict {
        question: conflict.question,
        mine: conflict.mine.as_ref().map(written),
        theirs: conflict.theirs.as_ref().map(written),
        by: conflict.by,
        at: at_text(conflict.at),
    }
}
