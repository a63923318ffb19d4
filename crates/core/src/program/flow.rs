//! `flow.toml`: the steps from receipt to the end, and their clocks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Clause, Id, Milestone, Role};

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowFile {
    pub step: Vec<Step>,
    #[serde(default)]
    pub clock: Vec<Clock>,
}

/// One step of the flow. Steps are entered in the order of their `after` arrows; the first has none.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: Id,
    pub kind: StepKind,
    pub clause: Clause,
    pub title: String,
    /// What happens here, for the programme page.
    pub text: String,
    /// Who has to act.
    pub owner: Role,
    #[serde(default)]
    pub after: Vec<Id>,
    /// The dated event that happens when this step ends well.
    pub reaches: Option<Milestone>,
    /// The clock that runs while this step waits.
    pub clock: Option<Id>,
    /// Business days by which the step should move where the guidelines set no clock: the office's own target, shown to staff only.
    pub target_business_days: Option<u32>,
    /// Skipped when the application is for these courses and no others.
    #[serde(default)]
    pub skip_when_only: Vec<Id>,
    /// Only for applications that include one of these courses; empty means all.
    #[serde(default)]
    pub only_for: Vec<Id>,
    /// Mails sent when the step is entered.
    #[serde(default)]
    pub mail: Vec<Id>,
    /// Mails sent when the step ends well, for example the one that says 参加確定.
    #[serde(default)]
    pub mail_when_done: Vec<Id>,
    /// Why this reading was chosen where the guidelines leave it open.
    pub note: Option<String>,
}

/// Kinds of step that the code can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Application,
    Contact,
    Agreement,
    ExpertContact,
    Diagnosis,
    CourseDecision,
    Screening,
    Approval,
    Questionnaire,
    /// Preliminary survey of the site and installation or enrolment.
    Installation,
    Loan,
    Visits,
    LoanEnd,
    Survey,
    FollowUpSurvey,
    Hearing,
}

/// A deadline in business days. The day of the event is not counted; due at the end of day n.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub id: Id,
    pub clause: Clause,
    pub title: String,
    pub owner: Role,
    pub starts_at: Milestone,
    pub business_days: u32,
    /// Warn when at most this many business days are left.
    pub warn_business_days: u32,
    /// The clock stands still while the case waits for one of these.
    #[serde(default)]
    pub pauses_for: Vec<Role>,
    /// What happens when it runs out: reminder mail, then a phone task.
    #[serde(default)]
    pub when_due: Vec<WhenDue>,
    /// Why this reading was chosen where the guidelines leave it open.
    pub note: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WhenDue {
    /// Stands first on the owner's screen.
    Overdue,
    Remind {
        mail: Id,
    },
    PhoneTask {
        after_business_days: u32,
    },
}

impl Step {
    /// Whether an application to these courses goes through this step.
    pub fn applies_to(&self, courses: &[String]) -> bool {
        let skipped = !self.skip_when_only.is_empty()
            && courses
                .iter()
                .all(|course| self.skip_when_only.contains(course));
        let concerned =
            self.only_for.is_empty() || courses.iter().any(|course| self.only_for.contains(course));
        concerned && !skipped
    }
}
