//! The answers of a case: what was saved, what is known besides, and saving without overwriting anybody.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use sonae_core::flow::{Actor, Refusal};
use sonae_core::paper::answers::{Answers, Merged, Value, merge, read, written};
use sonae_core::paper::library::{Seeds, Source, application_facts, prefill, propose};
use sonae_db::Tx;
use sonae_store::case::Stored;
use sonae_store::paper_answer::{self, Changed, Current};
use sonae_store::{StoreError, paper_answer::Save as Row};

use super::logged::{PaperData, log};
use super::{Outcome, kept, open_case, seeds};
use crate::app::App;
use crate::papers::library;

/// The answers of a case for whoever shows them.
#[derive(Clone, Debug, Default)]
pub struct CaseAnswers {
    /// What somebody saved.
    pub saved: Answers,
    /// With what the case knows where nobody saved anything: it is proposed, and printed, until somebody saves another answer.
    pub shown: Answers,
    /// What the case knows, by the names of `known_from`.
    pub facts: BTreeMap<String, Json>,
    /// What the diagnosis and the questionnaire propose, saved or not.
    pub seeds: Seeds,
    /// Where that comes from which is shown and nobody saved, by question.
    pub sources: BTreeMap<String, Source>,
    /// The last save, for whoever saves over it; 0 before the first.
    pub sequence: i64,
    /// Who changed each question last.
    pub changed: BTreeMap<String, Changed>,
}

/// A form that is saved.
#[derive(Clone, Debug)]
pub struct Save {
    /// In its written form.
    pub receipt_number: String,
    /// [`CaseAnswers::sequence`] when the form was shown.
    pub seen: i64,
    /// The questions that the form asked and that could be read; those without an answer are emptied.
    pub asked: Vec<String>,
    pub answers: Answers,
    pub actor: Actor,
}

/// What a save did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saved {
    /// The last save now.
    pub sequence: i64,
    /// The questions that changed.
    pub changed: Vec<String>,
    /// What somebody else changed meanwhile to something else; nothing of it was overwritten.
    pub conflicts: Vec<Conflict>,
}

/// One question that two people answered differently at the same time.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    pub question: String,
    /// What was sent now.
    pub mine: Option<Value>,
    /// What stands.
    pub theirs: Option<Value>,
    /// Who saved it: `staff:<id>`, `company`.
    pub by: String,
    pub at: Timestamp,
}

/// The answers of a case.
///
/// # Errors
/// The database could not be read.
pub fn of_case(tx: &mut Tx, stored: &Stored) -> Result<CaseAnswers, StoreError> {
    let current = paper_answer::current(tx, &stored.application_id)?;
    let saved = typed(&current.values);
    let facts = application_facts(&stored.answers);
    let mut shown = prefill(library(), &saved, &facts);
    let mut sources: BTreeMap<String, Source> = (library().questions())
        .filter(|question| question.known_from.is_some())
        .filter(|question| saved.value(&question.id).is_none())
        .map(|question| (question.id.clone(), Source::Application))
        .collect();
    let seeds = seeds::of_case(tx, stored)?;
    let touched = |question: &str| current.changed.contains_key(question);
    sources.extend(propose(library(), &mut shown, &seeds, touched));
    // What somebody emptied on purpose is not proposed again; rows that are always there stay.
    shown.values.retain(|question, _| {
        let emptied = current.changed.contains_key(question) && saved.value(question).is_none();
        let fixed = library().question(question);
        !emptied || fixed.is_some_and(|question| !question.fixed.is_empty())
    });
    Ok(CaseAnswers {
        saved,
        shown,
        facts,
        seeds,
        sources,
        sequence: current.sequence,
        changed: current.changed,
    })
}

/// Saves a form.
///
/// # Errors
/// The database could not be written.
pub async fn save(app: &App, save: Save) -> Outcome<Saved> {
    let inner = app.clone();
    app.write(move |tx| save_in(tx, &save, inner.clock.now()))
        .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn save_in(tx: &mut Tx, save: &Save, at: Timestamp) -> Outcome<Saved> {
    merged_in(tx, save, at, false)
}

/// The same, but nothing is saved when one question conflicts.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn save_whole_in(tx: &mut Tx, save: &Save, at: Timestamp) -> Outcome<Saved> {
    merged_in(tx, save, at, true)
}

fn merged_in(tx: &mut Tx, save: &Save, at: Timestamp, whole: bool) -> Outcome<Saved> {
    let stored = match open_case(tx, &save.receipt_number)? {
        Ok(stored) => stored,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let current = paper_answer::current(tx, &stored.application_id)?;
    let now = typed(&current.values);
    let mut saved = Saved {
        sequence: current.sequence,
        ..Saved::default()
    };
    let mut values: Vec<(String, Option<Json>)> = Vec::new();
    for question in &save.asked {
        if library().question(question).is_none() {
            continue;
        }
        let (mine, theirs) = (save.answers.value(question), now.value(question));
        let base = base(tx, &stored, &current, (question, save.seen))?;
        match merge(base.as_ref(), mine, theirs) {
            Merged::Value(value) if value.as_ref() != theirs => {
                values.push((question.clone(), value.as_ref().map(written)));
            }
            Merged::Value(_) => {}
            Merged::Conflict => saved
                .conflicts
                .extend(conflict(&current, question, mine, theirs)),
        }
    }
    if values.is_empty() || (whole && !saved.conflicts.is_empty()) {
        return Ok(Ok(saved));
    }
    let by = save.actor.name();
    let row = Row {
        application_id: &stored.application_id,
        values: &values,
        by: &by,
        at: kept(at),
    };
    let Some(sequence) = paper_answer::save(tx, row)? else {
        return Ok(Err(Refusal::new(
            "too_many_saves",
            "この案件の答えは、保存できる回数の上限に達しました。事務局の管理者に相談してください。",
        )));
    };
    let data = PaperData {
        sequence: Some(sequence),
        questions: values
            .iter()
            .map(|(question, _)| question.as_str())
            .collect(),
        ..PaperData::default()
    };
    log(tx, &stored, ("paper.answered", &save.actor, at), data)?;
    saved.sequence = sequence;
    saved.changed = values.into_iter().map(|(question, _)| question).collect();
    Ok(Ok(saved))
}

/// The answer as it stood when the form was shown.
fn base(
    tx: &mut Tx,
    stored: &Stored,
    current: &Current,
    (question, seen): (&str, i64),
) -> Result<Option<Value>, StoreError> {
    let changed_since = current
        .changed
        .get(question)
        .is_some_and(|changed| changed.sequence > seen);
    let mut values = current.values.clone();
    if changed_since {
        let then = paper_answer::as_of(tx, &stored.application_id, question, seen)?;
        match then {
            Some(then) => values.insert(question.to_owned(), then),
            None => values.remove(question),
        };
    }
    Ok(typed(&values).values.remove(question))
}

fn conflict(
    current: &Current,
    question: &str,
    mine: Option<&Value>,
    theirs: Option<&Value>,
) -> Option<Conflict> {
    let changed = current.changed.get(question)?;
    Some(Conflict {
        question: question.to_owned(),
        mine: mine.cloned(),
        theirs: theirs.cloned(),
        by: changed.by.clone(),
        at: changed.at,
    })
}

/// Answers as the library reads them today; what an older edition asked and this one does not stays in the table.
pub(super) fn typed(values: &Map<String, Json>) -> Answers {
    read(library(), &Json::Object(values.clone())).answers
}
