//! `events.toml`: seminars, surveys, hearings, newsletter.

use jiff::civil::{Date, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::program::Cited;
use super::{Clause, Id, Milestone};

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventsFile {
    /// General words on the seminars: who should come, how to sign up.
    pub seminars: Option<Seminars>,
    #[serde(default)]
    pub seminar: Vec<Seminar>,
    #[serde(default)]
    pub survey: Vec<Survey>,
    #[serde(default)]
    pub hearing: Vec<Hearing>,
    pub newsletter: Option<Newsletter>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seminars {
    pub clause: Clause,
    pub intro: String,
    /// Not required for an application.
    pub optional: bool,
    /// Sign-up closes this many days before the event, at the end of that day.
    pub sign_up_until_days_before: u32,
    pub venue_places: u32,
    pub online_places: u32,
    pub fee: String,
}

/// 説明会
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seminar {
    pub id: Id,
    pub clause: Clause,
    pub title: String,
    pub date: Date,
    pub starts: Time,
    pub ends: Time,
    pub venue: String,
    /// The parts in their order.
    pub part: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    pub id: Id,
    pub clause: Clause,
    pub title: String,
    pub text: String,
    /// The fiscal year in which it is asked.
    pub fiscal_year: i16,
    /// It is asked of those who reached this.
    pub after: Milestone,
    pub anonymous_publication: bool,
}

/// ヒアリング調査
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hearing {
    pub id: Id,
    pub clause: Clause,
    pub text: String,
    /// 「5社程度」
    pub companies: u32,
}

/// メールマガジン
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Newsletter {
    pub clause: Clause,
    pub title: String,
    /// What is taken as consent, word for word as shown to the company.
    pub consent: String,
    /// The event at which consent is given.
    pub consent_at: Milestone,
    /// The longest time the guidelines allow until a stop takes effect, in days. Sonae stops at once.
    pub stop_within_days: u32,
    pub stop: Cited,
    /// Why this reading was chosen where the guidelines leave it open.
    pub note: Option<String>,
}
