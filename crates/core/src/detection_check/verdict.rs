//! What a technician judges a finding to be, in the verdict words of OCSF (Incident Finding, `verdict_id`).

use serde::{Deserialize, Serialize};

use crate::flow::Refusal;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 1_000;

/// A judgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    TruePositive,
    Suspicious,
    FalsePositive,
    Benign,
    Test,
    InsufficientData,
}

impl Verdict {
    /// In the order in which forms offer them.
    pub const ALL: [Verdict; 6] = [
        Verdict::TruePositive,
        Verdict::Suspicious,
        Verdict::FalsePositive,
        Verdict::Benign,
        Verdict::Test,
        Verdict::InsufficientData,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Verdict::TruePositive => "true_positive",
            Verdict::Suspicious => "suspicious",
            Verdict::FalsePositive => "false_positive",
            Verdict::Benign => "benign",
            Verdict::Test => "test",
            Verdict::InsufficientData => "insufficient_data",
        }
    }

    pub fn parse(word: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Verdict::TruePositive => "本物の攻撃や感染",
            Verdict::Suspicious => "疑わしい",
            Verdict::FalsePositive => "誤検知",
            Verdict::Benign => "害のない動き",
            Verdict::Test => "試験や訓練",
            Verdict::InsufficientData => "情報が足りない",
        }
    }

    /// Whether nothing is left to do about what was judged so.
    pub const fn settles(self) -> bool {
        matches!(
            self,
            Verdict::FalsePositive | Verdict::Benign | Verdict::Test
        )
    }
}

/// A reason as it is kept.
///
/// # Errors
/// It is empty or too long.
pub fn reason(typed: &str) -> Result<String, Refusal> {
    let reason = typed.trim();
    if reason.is_empty() {
        return Err(Refusal::new(
            "no_reason",
            "理由を書いてください。あとで同じ検知を見る人が、判断のもとを読めるようにします。",
        ));
    }
    within(reason, LONGEST_REASON)
}

/// A text within its bound.
///
/// # Errors
/// It is too long.
pub fn within(typed: &str, longest: usize) -> Result<String, Refusal> {
    let text = typed.trim();
    match text.chars().count() > longest {
        true => Err(Refusal::new(
            "too_long",
            format!("{longest}字までで書いてください。"),
        )),
        false => Ok(text.to_owned()),
    }
}
