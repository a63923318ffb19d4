//! What was detected on a day, told apart by device, rule, title, category, severity and action.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::audit::hex;
use crate::report::explain;

/// `severity_id` of OCSF from which a finding is grave: 4 high, 5 critical, 6 fatal.
pub const GRAVE: u8 = 4;
/// The action of what the device stopped.
pub const BLOCKED: u8 = 1;
/// Characters of a key.
const KEY: usize = 32;

/// Detections that mean the same.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[schemars(rename = "EvidenceGroup")]
pub struct Group {
    pub device: String,
    /// The vendor's id of the rule.
    pub rule: String,
    /// In the vendor's words.
    pub title: String,
    pub category: String,
    /// `severity_id` of OCSF: 0 unknown, 1 informational … 6 fatal.
    pub severity: u8,
    /// 0 unknown, 1 blocked, 2 allowed, 3 detected, 4 other.
    pub action: u8,
}

impl Group {
    /// Names it in addresses and forms: a hash of its parts, each with its length, so that no two groups share one.
    pub fn key(&self) -> String {
        let mut hasher = Sha256::new();
        for part in [&self.device, &self.rule, &self.title, &self.category] {
            hasher.update((part.len() as u64).to_be_bytes());
            hasher.update(part.as_bytes());
        }
        hasher.update([self.severity, self.action]);
        let mut key = hex(&hasher.finalize());
        key.truncate(KEY);
        key
    }

    /// High, critical or fatal.
    pub fn is_grave(&self) -> bool {
        self.severity >= GRAVE
    }

    /// Whether somebody must look at it before the day is quiet, unless the device stopped it: it is grave, or its product does not say how grave it is and
    /// it is of no calm kind.
    pub fn must_be_judged(&self) -> bool {
        let untold = || self.severity == 0 && !explain::of(&self.category, &self.title).calm;
        self.is_grave() || untold()
    }

    pub fn was_blocked(&self) -> bool {
        self.action == BLOCKED
    }
}

/// What people read for a severity.
pub fn severity_label(severity: u8) -> &'static str {
    match severity {
        1 => "情報",
        2 => "低",
        3 => "中",
        4 => "高",
        5 => "重大",
        6 => "最重大",
        _ => "不明",
    }
}

/// What people read for what the device did.
pub fn action_label(action: u8) -> &'static str {
    match action {
        1 => "遮断",
        2 => "許可",
        3 => "検知のみ",
        4 => "そのほか",
        _ => "不明",
    }
}
