//! `form.toml`: the screens of the application form and the programme's own questions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Clause, Id};

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FormFile {
    pub clause: Clause,
    /// What the applicant should have at hand, shown before the first screen.
    #[serde(default)]
    pub prepare: Vec<String>,
    /// How many days an unfinished draft is kept after its last change.
    pub draft_days: u32,
    pub screen: Vec<Screen>,
    /// Questions of this programme beyond the common answers; their answers are `extra.<id>`.
    #[serde(default)]
    pub question: Vec<Question>,
}

/// One screen, one topic.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Screen {
    pub id: Id,
    pub title: String,
    pub intro: Option<String>,
    pub field: Vec<Field>,
}

/// A field on a screen: one of the common answers or a question of this programme.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// A common answer (`name`, `employees`, `measures.two_star_level_policy`, `courses`, `pledges` …) or `extra.<question>`.
    pub name: String,
    pub required: bool,
    /// The purpose for which this is asked (個人情報保護法: 利用目的), one of `notices.purpose`.
    pub purpose: Id,
    /// Replaces the common label.
    pub label: Option<String>,
    pub hint: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: Id,
    pub clause: Clause,
    pub label: String,
    pub kind: QuestionKind,
    /// For `choice`: value and label.
    #[serde(default)]
    pub option: Vec<Choice>,
    /// For `text`: longest answer in characters (at most 2000). For `number`: largest value.
    pub max: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    YesNo,
    Choice,
    Text,
    Number,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub value: Id,
    pub label: String,
}
