//! What was typed into the form, kept as it was typed.
//!
//! The shape is that of the interface's answers, so that one reading serves form and API. Two things a form needs besides stand under
//! `_form`, which no answer is called: whether 「受けたことはない」 was chosen, and whether a pledge cannot be given.

use serde_json::{Map, Value, json};
use sonae_core::application::labels::{self, Input};
use sonae_core::application::read::FieldError;
use sonae_core::program::Program;
use sonae_core::program::form::Screen;

use super::posted::Posted;

/// Where the form keeps what is not an answer.
const FORM: &str = "_form";
/// The most rows of earlier support the form offers; the interface takes more.
pub(in crate::pages) const MOST_ROWS: usize = 20;
/// The most entries of a list that are kept; no programme has as many courses or pledges.
const MOST_ENTRIES: usize = 50;

/// What was typed so far.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::pages) struct Typed(Map<String, Value>);

/// One row of earlier support, either part possibly blank.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::pages) struct Row {
    pub kind: String,
    pub year: String,
}

impl Typed {
    /// Anything but an object holds nothing.
    pub(in crate::pages) fn new(value: Value) -> Typed {
        match value {
            Value::Object(map) => Typed(map),
            _ => Typed(Map::new()),
        }
    }

    pub(in crate::pages) fn value(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// The text of an answer by its dotted name; numbers, as an API sends them, as their digits; empty when there is none.
    pub(in crate::pages) fn text(&self, name: &str) -> String {
        match self.at(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(true)) => "yes".to_owned(),
            Some(Value::Bool(false)) => "no".to_owned(),
            _ => String::new(),
        }
    }

    /// The texts of a list.
    pub(in crate::pages) fn list(&self, name: &str) -> Vec<&str> {
        let entries = self.at(name).and_then(Value::as_array);
        let texts = entries.into_iter().flatten().filter_map(Value::as_str);
        texts.take(MOST_ENTRIES).collect()
    }

    /// The rows of earlier support, at least one to write into.
    pub(in crate::pages) fn rows(&self) -> Vec<Row> {
        let entries = self.at("past_support").and_then(Value::as_array);
        let mut rows: Vec<Row> = entries
            .into_iter()
            .flatten()
            .take(MOST_ROWS)
            .map(|entry| {
                let part = Typed::new(entry.clone());
                Row {
                    kind: part.text("kind"),
                    year: part.text("year"),
                }
            })
            .collect();
        if rows.is_empty() {
            rows.push(Row::default());
        }
        rows
    }

    /// `none`, `some` or empty.
    pub(in crate::pages) fn past_support_choice(&self) -> String {
        self.text("_form.past_support")
    }

    /// Whether it was said that some pledge cannot be given.
    pub(in crate::pages) fn pledges_open(&self) -> bool {
        self.text("_form.pledges_open") == "yes"
    }

    fn at(&self, name: &str) -> Option<&Value> {
        match name.split_once('.') {
            None => self.0.get(name),
            Some((outer, inner)) => self.0.get(outer)?.get(inner),
        }
    }

    pub(in crate::pages) fn set(&mut self, name: &str, value: Value) {
        match name.split_once('.') {
            None => {
                self.0.insert(name.to_owned(), value);
            }
            Some((outer, inner)) => {
                let entry = self.0.entry(outer).or_insert_with(|| json!({}));
                if !entry.is_object() {
                    *entry = json!({});
                }
                entry[inner] = value;
            }
        }
    }

    /// Adds an empty row, up to the limit.
    pub(in crate::pages) fn add_row(&mut self) {
        let mut rows = self.rows();
        if rows.len() < MOST_ROWS {
            rows.push(Row::default());
        }
        self.set_rows(&rows);
    }

    /// Takes a row away; a number without a row does nothing.
    pub(in crate::pages) fn remove_row(&mut self, index: usize) {
        let mut rows = self.rows();
        if index < rows.len() {
            rows.remove(index);
        }
        self.set_rows(&rows);
    }

    fn set_rows(&mut self, rows: &[Row]) {
        let rows = rows
            .iter()
            .map(|row| json!({ "kind": row.kind, "year": row.year }));
        self.set("past_support", rows.collect());
    }

    /// Takes over what was posted for these answers. A control that was not sent was left empty.
    pub(in crate::pages) fn take<'a>(
        &mut self,
        program: &Program,
        names: impl Iterator<Item = &'a str>,
        posted: &Posted,
    ) {
        for name in names {
            match labels::common(name).map(|field| field.input) {
                Some(Input::Courses) => self.set(name, list(posted, name)),
                Some(Input::Pledges) => {
                    self.set(name, list(posted, name));
                    self.set("_form.pledges_open", posted.first("pledges_open").into());
                }
                Some(Input::PastSupport) => self.take_past_support(posted),
                Some(_) => self.set(name, posted.first(name).into()),
                None if labels::question(program, name).is_some() => {
                    self.set(name, posted.first(name).into());
                }
                None => {}
            }
        }
    }

    fn take_past_support(&mut self, posted: &Posted) {
        let choice = match posted.first("past_support") {
            choice @ ("none" | "some") => choice,
            _ => "",
        };
        self.set("_form.past_support", choice.into());
        let kinds: Vec<&str> = posted.all("past_support_kind").take(MOST_ROWS).collect();
        let years: Vec<&str> = posted.all("past_support_year").take(MOST_ROWS).collect();
        let part =
            |parts: &[&str], index: usize| parts.get(index).copied().unwrap_or("").to_owned();
        let rows: Vec<Row> = (0..kinds.len().max(years.len()))
            .map(|index| Row {
                kind: part(&kinds, index),
                year: part(&years, index),
            })
            .collect();
        self.set_rows(&rows);
    }

    /// The answers as they are read: without what only the form needs and without rows left blank.
    pub(in crate::pages) fn answers(&self) -> Value {
        let mut answers = self.0.clone();
        answers.remove(FORM);
        if self.at("past_support").is_some() {
            let rows: Vec<Value> = self
                .rows()
                .iter()
                .filter(|row| **row != Row::default())
                .map(|row| json!({ "kind": row.kind, "year": row.year }))
                .collect();
            let chosen = self.past_support_choice();
            if rows.is_empty() && self.0.contains_key(FORM) && chosen != "none" {
                // Nothing chosen and nothing written is no answer; to have had no support is one.
                answers.remove("past_support");
            } else {
                answers.insert("past_support".to_owned(), rows.into());
            }
        }
        let nothing_given = self.list("pledges").is_empty() && !self.pledges_open();
        if self.at("_form.pledges_open").is_some() && nothing_given {
            // Boxes that nobody has touched yet are no answer.
            answers.remove("pledges");
        }
        Value::Object(answers)
    }

    /// What the form itself finds wrong: answers that contradict each other and boxes that may have been overlooked.
    pub(in crate::pages) fn own_errors(&self, program: &Program) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let written = self.rows().iter().any(|row| *row != Row::default());
        match self.past_support_choice().as_str() {
            "none" if written => errors.push(error(
                "past_support",
                "contradiction",
                "「受けたことはない」を選ぶ場合は、下の行を空にしてください。受けたことがある場合は「受けたことがある」を選んでください。"
                    .to_owned(),
            )),
            "some" if !written => errors.push(error(
                "past_support",
                "required",
                "受けたことがある支援の内容と年度を選んでください。".to_owned(),
            )),
            _ => {}
        }
        errors.extend(self.overlooked_pledges(program));
        errors
    }

    fn overlooked_pledges(&self, program: &Program) -> Option<FieldError> {
        let given = self.list("pledges");
        // Pledges that came from elsewhere than the form, or that were not asked yet, are not judged here.
        self.at("_form.pledges_open")?;
        let missing: Vec<String> = program
            .definition
            .eligibility
            .pledge
            .iter()
            .filter(|pledge| !given.contains(&pledge.id.as_str()))
            .map(|pledge| labels::pledge_letter(program, &pledge.id))
            .collect();
        // Where no box is ticked at all, nothing was overlooked: it was not answered.
        (!given.is_empty() && !missing.is_empty() && !self.pledges_open()).then(|| {
            let letters = missing.join("、");
            error(
                "pledges",
                "overlooked",
                format!(
                    "誓約事項の{letters}にチェックがありません。当てはまることを確かめてチェックするか、下の「当てはまらない項目がある」を選んでください。"
                ),
            )
        })
    }
}

fn error(field: &str, code: &'static str, message: String) -> FieldError {
    FieldError {
        field: field.to_owned(),
        code,
        message,
    }
}

fn list(posted: &Posted, name: &str) -> Value {
    posted.all(name).take(MOST_ENTRIES).collect()
}

/// The answers a screen asks for.
pub(in crate::pages) fn names(screen: &Screen) -> impl Iterator<Item = &str> {
    screen.field.iter().map(|field| field.name.as_str())
}

/// Whether an error belongs to a field: `past_support[0].year` belongs to `past_support`.
pub(in crate::pages) fn belongs(error: &FieldError, name: &str) -> bool {
    let rest = error.field.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}
