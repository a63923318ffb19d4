//! What a kind of paper is: `papers/<kind>/paper.toml` and its text.

use serde::{Deserialize, Serialize};

use super::document::{Layout, Numbering};
use super::source::Node;

/// A kind of paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The name of its folder.
    pub id: String,
    pub title: String,
    /// The courses of which it is a deliverable.
    pub courses: Vec<String>,
    /// The edition of our text.
    pub edition: String,
    pub numbering: Numbering,
    #[serde(default)]
    pub layout: Layout,
    pub cover: bool,
    pub contents: bool,
    /// What the structure is based on.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
    #[serde(default, rename = "variant")]
    pub variants: Vec<Variant>,
    /// What is asked, in this order.
    #[serde(rename = "ask")]
    pub asks: Vec<Ask>,
    #[serde(skip)]
    pub text: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub name: String,
    pub edition: String,
    /// Whether the structure was read in the primary source.
    pub verified: bool,
    pub note: Option<String>,
}

/// What differs for some companies, for the expert who looks at a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// A condition.
    pub when: String,
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    pub heading: String,
    pub hint: Option<String>,
    pub questions: Vec<String>,
    /// What the text does not print: tables that others refer to, answers for the checks.
    #[serde(default)]
    pub also: Vec<String>,
}

impl Kind {
    /// The ids of all questions, in the order in which they are asked.
    pub fn asked(&self) -> impl Iterator<Item = &str> {
        self.asks
            .iter()
            .flat_map(|ask| ask.questions.iter().chain(&ask.also))
            .map(String::as_str)
    }

    /// What is printed in the foot: the edition of the text and the sources of its structure.
    pub fn edition_line(&self) -> String {
        let sources = self.sources.iter().map(|source| {
            let mark = if source.verified { "" } else { "、未確認" };
            format!("{}（{}{mark}）", source.name, source.edition)
        });
        let sources: Vec<String> = sources.collect();
        format!(
            "本文：Sonae {}　構成の参考：{}",
            self.edition,
            sources.join("、")
        )
    }
}
