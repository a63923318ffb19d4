//! What is wrong with the answers, field by field.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::application::labels;
use crate::program::Program;
use crate::text::Mistake;

/// The most errors one reading reports. More would help nobody, and a hostile body could ask for millions.
pub const MAX_ERRORS: usize = 60;

/// The longest name of an unknown key that is repeated to the sender, in characters.
const MAX_SHOWN_KEY: usize = 60;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FieldError {
    /// Dotted, as in the interface: `name`, `measures.two_star_level_policy`, `past_support[0].year`; empty for the whole body.
    pub field: String,
    /// Stable word for programs.
    pub code: &'static str,
    /// Japanese: what is wrong, and what to do.
    pub message: String,
}

pub(super) struct Errors<'a> {
    program: &'a Program,
    list: Vec<FieldError>,
}

impl<'a> Errors<'a> {
    pub(super) fn new(program: &'a Program) -> Self {
        Self {
            program,
            list: Vec::new(),
        }
    }

    /// What a field is called in a message.
    pub(super) fn noun(&self, field: &str) -> String {
        let entry = field
            .strip_prefix("past_support[")
            .and_then(|rest| rest.split_once("]."));
        match entry {
            Some((index, part)) => {
                let number = index.parse::<usize>().map_or(1, |index| index + 1);
                let part = if part == "year" { "年度" } else { "内容" };
                format!("「これまでに受けた支援」の{number}件目の{part}")
            }
            None => format!("「{}」", labels::label_in(self.program, field)),
        }
    }

    pub(super) fn add(
        &mut self,
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) {
        if self.list.len() < MAX_ERRORS {
            self.list.push(FieldError {
                field: field.into(),
                code,
                message: message.into(),
            });
        }
    }

    pub(super) fn mistake(&mut self, field: &str, mistake: Mistake) {
        self.add(field, mistake.code, mistake.sentence);
    }

    /// Names every key of an object that is not in the list of known ones.
    pub(super) fn unknown_keys(&mut self, inside: &str, body: &Map<String, Value>, known: &[&str]) {
        for key in body.keys().filter(|key| !known.contains(&key.as_str())) {
            let field = path(inside, &printable(key));
            let message = format!(
                "「{field}」という項目はありません。項目名を確かめるか、この項目を除いて送ってください。"
            );
            self.add(field, "unknown_field", message);
        }
    }

    /// Whether this field, or a part of it, is already known to be wrong.
    pub(super) fn has(&self, field: &str) -> bool {
        self.list.iter().any(|error| {
            let rest = error.field.strip_prefix(field);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    /// Whether the field as a whole is wrong, not only a part of it.
    pub(super) fn is_wrong_itself(&self, field: &str) -> bool {
        self.list.iter().any(|error| error.field == field)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn into_list(self) -> Vec<FieldError> {
        self.list
    }
}

/// The dotted name of a key inside a field; at the top the key itself.
pub(super) fn path(inside: &str, key: &str) -> String {
    if inside.is_empty() {
        key.to_owned()
    } else {
        format!("{inside}.{key}")
    }
}

/// Text of the sender, short and without anything invisible, so that it can be shown again.
pub(super) fn printable(text: &str) -> String {
    let mut shown: String = crate::text::invisible::strip(text)
        .chars()
        .take(MAX_SHOWN_KEY)
        .collect();
    if text.chars().count() > MAX_SHOWN_KEY {
        shown.push('…');
    }
    shown
}
