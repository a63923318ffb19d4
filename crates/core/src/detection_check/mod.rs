//! The daily check of what devices detected: what a technician may say of a company's day, and when a day may be signed.
//!
//! A day is a civil day in Tokyo. What was detected is told by [`group::Group`]: five things and a title that agree, never a joined text.

pub mod group;
pub mod missed;
pub mod rules;
pub mod suppression;
pub mod verdict;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::audit::hex;
use group::Group;

/// What a technician says of one company's day. A day without a word of hers is not checked yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 異常なし
    Quiet,
    /// 要確認: something is still to be looked at.
    Review,
    /// 対応: the desk has a finding about it.
    Handling,
}

impl State {
    pub const ALL: [State; 3] = [State::Quiet, State::Review, State::Handling];

    /// The word in the database, in forms and in the interface.
    pub const fn as_str(self) -> &'static str {
        match self {
            State::Quiet => "quiet",
            State::Review => "review",
            State::Handling => "handling",
        }
    }

    pub fn parse(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            State::Quiet => "異常なし",
            State::Review => "要確認",
            State::Handling => "対応",
        }
    }
}

/// How often something was detected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EvidenceCounts")]
pub struct Counts {
    pub lines: i64,
    /// What the lines stand for; a line may stand for several.
    pub events: i64,
    /// Microseconds since 1970 UTC.
    pub first_us: i64,
    pub last_us: i64,
}

/// The figures that somebody saw when she said something: what grows afterwards came late.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Lines of detections of the company's day.
    pub lines: i64,
    /// Groups of the day, those that were not shown included.
    pub groups: i64,
    /// Of the groups with their counts, in hex.
    pub sha256: String,
}

impl Seen {
    /// Of the groups that were shown, in any order, and of how many there are in all.
    pub fn of(lines: i64, groups: i64, shown: &[(Group, Counts)]) -> Seen {
        let mut rows: Vec<(String, i64, i64)> = (shown.iter())
            .map(|(group, counts)| (group.key(), counts.lines, counts.events))
            .collect();
        rows.sort();
        let mut hasher = Sha256::new();
        hasher.update(lines.to_be_bytes());
        hasher.update(groups.to_be_bytes());
        for (key, lines, events) in rows {
            hasher.update(key.as_bytes());
            hasher.update(lines.to_be_bytes());
            hasher.update(events.to_be_bytes());
        }
        Seen {
            lines,
            groups,
            sha256: hex(&hasher.finalize()),
        }
    }
}

#[cfg(test)]
mod tests;
