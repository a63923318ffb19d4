//! `program.toml`: identity, parties, contact, windows, courses and capacity.

use jiff::civil::{Date, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Clause, Id, Milestone};

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramFile {
    /// The folder's name: ASCII lower case, digits and `-`.
    pub id: String,
    /// 事業名, for example 「令和6年度中小企業サイバーセキュリティ基本対策事業」.
    pub title: String,
    /// The name used in headings and mail subjects.
    pub short_title: String,
    /// The first year of the fiscal year (April to March), for example 2024 for 令和6年度.
    pub fiscal_year: i16,
    /// What receipt numbers begin with: one to four characters that cannot be mistaken for others.
    pub receipt_prefix: String,
    /// 事業の目的, paragraphs separated by an empty line.
    pub purpose: Cited,
    /// 参加費用
    pub fee: Cited,
    /// Where the guidelines can be read, for the page's reference.
    pub guidelines: Guidelines,
    pub party: Vec<Party>,
    pub contact: Contact,
    pub office: Office,
    pub window: Vec<Window>,
    pub course: Vec<Course>,
    pub combination: Combination,
}

/// A text together with the clause it comes from.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    pub clause: Clause,
    pub text: String,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Guidelines {
    /// The title on the cover of the 募集要項.
    pub title: String,
    /// The day the guidelines were published; must not lie after a window opens.
    pub published: Option<Date>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    pub role: PartyRole,
    pub name: String,
    pub clause: Clause,
    /// What this party does here, one sentence.
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// 委託元
    Sponsor,
    /// 運営事務局
    Secretariat,
    /// 受託事業者
    Contractor,
}

/// お問い合わせ先. Real numbers and addresses of an office are settings of its installation, never part of a programme in a
/// repository.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    pub clause: Clause,
    pub name: String,
    pub phone: Option<String>,
    pub email: String,
    /// 受付時間 as shown, for example 「平日9:00〜17:00(祝日を除く)」.
    pub hours_text: String,
}

/// The office's hours and closed days: what a business day is here.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Office {
    pub clause: Clause,
    pub opens: Time,
    pub closes: Time,
    /// What a receipt after hours or on a closed day counts as; the guidelines do not say, so it is a setting.
    pub after_hours: AfterHours,
    /// Why this reading was chosen where the guidelines leave it open.
    pub note: Option<String>,
    #[serde(default)]
    pub closing: Vec<Closing>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterHours {
    /// The day of receipt is the day of the event, whatever the hour.
    SameDay,
    /// A receipt after hours counts as received on the next business day.
    NextBusinessDay,
}

/// 事務局閉局日: each year from `from` to `to` (month and day, `12-29`), or single `dates`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    pub name: String,
    pub clause: Clause,
    /// `MM-DD`, first closed day of a yearly closing.
    pub from: Option<String>,
    /// `MM-DD`, last closed day of a yearly closing; may lie in the next year.
    pub to: Option<String>,
    #[serde(default)]
    pub dates: Vec<Date>,
}

/// 申込受付期間. Days are whole days in Tokyo: open from 00:00 of `opens`, closed at 24:00 of `closes`, unless times are given.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    pub clause: Clause,
    pub courses: Vec<Id>,
    pub opens: Option<Date>,
    pub opens_time: Option<Time>,
    pub closes: Option<Date>,
    /// The first instant at which it is closed; without it, midnight after `closes`.
    pub closes_time: Option<Time>,
    /// Why this reading was chosen where the guidelines leave it open.
    pub note: Option<String>,
}

/// 支援コース
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Course {
    pub id: Id,
    pub clause: Clause,
    /// For example 「支援① UTM機器設置コース」.
    pub title: String,
    pub short_title: String,
    /// The kind of support that counts as earlier support afterwards.
    pub kind: SupportKind,
    /// One or two sentences for the programme page.
    pub summary: String,
    /// 支援内容 in single points, each with its clause.
    #[serde(default)]
    pub detail: Vec<Cited>,
    pub capacity: Capacity,
}

/// Kinds of support, as earlier participation is recorded: company × kind × year.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum SupportKind {
    Utm,
    Edr,
    Guidance,
    Csirt,
    ItBcp,
    InhouseStructure,
    SpecialSupport,
}

/// 定員
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    pub clause: Clause,
    pub places: u32,
    pub kind: CapacityKind,
    /// Which dated event takes a place. Places are given in the order of receipt either way.
    pub taken_at: Milestone,
    pub waiting_list: WaitingList,
    /// 「残りわずか」 is shown when at most this many places are left.
    pub nearly_full: u32,
    /// Why this reading was chosen where the guidelines leave it open.
    pub note: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapacityKind {
    /// 「定員に達し次第締切」: never more than `places` held.
    Hard,
    /// 「30社程度」: the office may go beyond it; arrivals beyond it wait for a decision.
    Target,
}

/// What happens to an arrival when no place is left.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WaitingList {
    /// The course closes when full; it opens again when a place is given back.
    Closed,
    /// Arrivals wait in their order, at most `limit` of them (none means no limit); then the course closes.
    Open {
        limit: Option<u32>,
        /// How many business days an offered place stays open.
        offer_business_days: u32,
    },
}

/// Which courses may be chosen together.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Combination {
    pub clause: Clause,
    pub at_least: u32,
    pub at_most: u32,
    /// Pairs that exclude each other.
    #[serde(default, deserialize_with = "super::pair::each")]
    pub excludes: Vec<[Id; 2]>,
    /// The sentence shown beside the choice.
    pub note: String,
}
