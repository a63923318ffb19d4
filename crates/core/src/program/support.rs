//! `support.toml`: what a participant gets: session plans, equipment, monitoring, desk, deliverables.

use jiff::civil::Time;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::form::{Choice, QuestionKind};
use super::program::Cited;
use super::{Clause, Id, Role};
use crate::application::answers::ExtraAnswer;

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportFile {
    /// 環境の記録: what the diagnosis or the first contact asks (H1).
    #[serde(default)]
    pub diagnosis: Vec<Asked>,
    /// 事前問診: what the company answers before the support begins.
    #[serde(default)]
    pub questionnaire: Vec<Asked>,
    #[serde(default)]
    pub session_plan: Vec<SessionPlan>,
    #[serde(default)]
    pub equipment: Vec<Equipment>,
    #[serde(default)]
    pub monitoring: Vec<Monitoring>,
    #[serde(default)]
    pub desk: Vec<DeskService>,
    #[serde(default)]
    pub deliverable: Vec<Deliverable>,
}

/// One thing that is asked and recorded, with its clause.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub id: Id,
    pub clause: Clause,
    pub label: String,
    pub hint: Option<String>,
    /// A text when not said.
    #[serde(default = "text")]
    pub kind: QuestionKind,
    /// For `choice`: value and label.
    #[serde(default)]
    pub option: Vec<Choice>,
    /// For `text`: longest answer in characters (at most 2000, which is also the default). For `number`: largest value.
    pub max: Option<u32>,
    #[serde(default)]
    pub required: bool,
    /// Where the answer goes in the papers, so that nobody is asked twice.
    #[serde(default)]
    pub feeds: Vec<Feed>,
}

/// One place of the papers that an answer is proposed for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// A question of the library of papers; a table with `row` or `each`.
    pub question: Id,
    /// The id of the table's row that the answer belongs to; several answers may share it.
    pub row: Option<Id>,
    /// What that row is called.
    pub name: Option<String>,
    /// The column of the table.
    pub column: Option<Id>,
    /// Every name in a text becomes a row, called so in `column`.
    pub each: Option<Each>,
    /// For `choice`: the answers that count.
    #[serde(default)]
    pub when: Vec<Id>,
    /// What is put there instead of the answer; `{}` in a text stands for the answer.
    pub put: Option<ExtraAnswer>,
}

/// How a text is taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Each {
    /// By lines, and by 、 within them.
    Line,
}

/// Reads a `support.toml` that was checked when it was published; none when a later program cannot read it any more.
pub fn read(text: &str) -> Option<SupportFile> {
    toml::from_str(text).ok()
}

/// The longest text answer, in characters.
pub const LONGEST_TEXT: u32 = 2000;

fn text() -> QuestionKind {
    QuestionKind::Text
}

impl Asked {
    /// Whether an answer is of the kind that is asked for and within its bounds.
    pub fn takes(&self, answer: &ExtraAnswer) -> bool {
        match (self.kind, answer) {
            (QuestionKind::YesNo, ExtraAnswer::YesNo(_)) => true,
            (QuestionKind::Number, ExtraAnswer::Number(number)) => {
                *number >= 0 && self.max.is_none_or(|max| *number <= i64::from(max))
            }
            (QuestionKind::Choice, ExtraAnswer::Text(value)) => {
                self.option.iter().any(|choice| choice.value == *value)
            }
            (QuestionKind::Text, ExtraAnswer::Text(text)) => {
                let most = self.max.unwrap_or(LONGEST_TEXT).min(LONGEST_TEXT);
                text.chars().count() <= most as usize
            }
            _ => false,
        }
    }
}

/// 訪問支援: numbered sessions with fixed contents.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionPlan {
    pub course: Id,
    pub clause: Clause,
    /// Shortest and longest session in minutes; missing where the guidelines do not say.
    #[serde(default, deserialize_with = "super::pair::optional")]
    pub minutes: Option<[u32; 2]>,
    pub weekdays_only: bool,
    /// The company may ask for online sessions.
    pub online_possible: bool,
    /// Why this reading was chosen where the guidelines leave it open.
    pub note: Option<String>,
    pub session: Vec<Session>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// 1 for 1回目; consecutive.
    pub number: u32,
    pub clause: Clause,
    pub title: String,
    pub contents: String,
    #[serde(default)]
    pub preparation: Vec<String>,
    /// Deliverables that this session works on.
    #[serde(default)]
    pub deliverables: Vec<Id>,
    /// Where the guidelines fix only the number of sessions, the division is this office's plan.
    #[serde(default)]
    pub own_plan: bool,
}

/// 機器・ライセンスの貸出
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Equipment {
    pub course: Id,
    pub clause: Clause,
    pub title: String,
    pub months: u32,
    /// Devices (UTM) or users (EDR) per company.
    pub per_company: u32,
    pub unit: EquipmentUnit,
    pub devices_per_user: Option<u32>,
    /// Where it may be installed (JIS X 0401); empty means anywhere.
    #[serde(default)]
    pub prefectures: Vec<String>,
    pub site_survey: bool,
    /// Terms the company accepts before installation, each with its clause.
    #[serde(default)]
    pub term: Vec<Cited>,
    /// What happens at the end: continue by contract, or removal.
    pub at_end: Cited,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EquipmentUnit {
    Device,
    User,
}

/// 検知の確認とレポート
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Monitoring {
    pub course: Id,
    pub clause: Clause,
    pub text: String,
    pub daily_check: bool,
    pub monthly_report: bool,
    pub owner: Role,
}

/// サポートセンター・オンサイトサポート
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskService {
    pub id: Id,
    pub course: Id,
    pub clause: Clause,
    pub title: String,
    pub text: String,
    /// 24時間365日
    #[serde(default)]
    pub always: bool,
    pub weekdays_from: Option<Time>,
    pub weekdays_to: Option<Time>,
}

/// A paper or result that a course hands over.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deliverable {
    pub id: Id,
    pub clause: Clause,
    pub courses: Vec<Id>,
    pub title: String,
}
