//! `notices.toml`: 留意事項, Q&A, purposes of personal data, retention.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Clause, Id};

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticesFile {
    pub notice: Vec<Notice>,
    #[serde(default)]
    pub qa: Vec<Qa>,
    pub purpose: Vec<Purpose>,
    pub retention: Vec<Retention>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    pub id: Id,
    pub clause: Clause,
    pub topic: NoticeTopic,
    pub text: String,
    /// Shown again on the confirmation screen before sending.
    #[serde(default)]
    pub before_sending: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeTopic {
    /// 申込みにおける注意事項
    Application,
    /// 運営、実施について
    Operation,
    /// 個人情報の取り扱い
    PersonalData,
    /// トラブル対応について
    Trouble,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Qa {
    pub clause: Clause,
    pub question: String,
    pub answer: String,
}

/// 利用目的 (個人情報の保護に関する法律 第17条, 第61条).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    pub id: Id,
    pub clause: Clause,
    pub text: String,
}

/// How long a kind of data is kept after the fiscal year ends.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    pub id: Id,
    pub clause: Clause,
    pub data: String,
    pub years_after_fiscal_year: u32,
    /// Why so long, where the guidelines do not say.
    pub note: Option<String>,
}
