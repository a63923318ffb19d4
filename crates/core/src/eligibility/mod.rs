//! Who may apply: rules judged over answers, three outcomes, never a bool.

mod answer;
mod earlier_support;
pub mod judge;
mod logic;
mod place;
mod pledge;
pub mod print;
mod sentence;
pub mod sme;

pub use judge::{asked, judge, judge_with_history};
pub use print::print;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The judgement of one application under one revision. The stored form keeps the facts as they were then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    pub verdict: Eligibility,
    /// The revision of the programme that was applied.
    pub revision: String,
    pub findings: Vec<Finding>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Eligibility {
    Eligible,
    Ineligible,
    NeedsJudgement,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Met,
    NotMet,
    NeedsJudgement,
}

/// One rule's result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The rule's id; a pledge's is `pledge_<id>`.
    pub rule: String,
    pub clause: String,
    pub outcome: Outcome,
    /// The sentence shown to the company.
    pub sentence: String,
    /// The answers this rests on, as label and shown value, for example 従業員数 45人.
    pub facts: Vec<Fact>,
    /// What else is open to the company; only when not met.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Fact {
    pub field: String,
    pub label: String,
    /// Empty when the answer is missing.
    pub value: String,
}
