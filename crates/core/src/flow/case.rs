//! Where one application stands.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::application::answers::ExtraAnswer;
use crate::capacity::PlaceState;
use crate::clock::{Clock, Phase};
use crate::eligibility::Outcome;
use crate::program::flow::{Step, StepKind};
use crate::program::{Id, Milestone, Program, Role};

/// Whether a case is still being worked on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Open,
    /// 参加確定
    Confirmed,
    /// 取下げ
    Withdrawn,
    /// お断り
    Declined,
    /// 除外: false statements, or unfit by the guidelines.
    Excluded,
    /// The offer of a place ran out, or was declined, and no other course is left.
    Lapsed,
}

impl Status {
    pub const ALL: [Status; 6] = [
        Status::Open,
        Status::Confirmed,
        Status::Withdrawn,
        Status::Declined,
        Status::Excluded,
        Status::Lapsed,
    ];

    /// The word in the database and the interface.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::Confirmed => "confirmed",
            Status::Withdrawn => "withdrawn",
            Status::Declined => "declined",
            Status::Excluded => "excluded",
            Status::Lapsed => "lapsed",
        }
    }

    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL
            .into_iter()
            .find(|status| status.as_str() == word)
    }

    /// The word the office reads.
    pub fn label(self) -> &'static str {
        match self {
            Status::Open => "手続き中",
            Status::Confirmed => "参加確定",
            Status::Withdrawn => "取下げ",
            Status::Declined => "お断り",
            Status::Excluded => "除外",
            Status::Lapsed => "案内の期限切れ",
        }
    }

    /// Neither worked on nor taking part.
    pub fn is_closed(self) -> bool {
        !matches!(self, Status::Open | Status::Confirmed)
    }
}

/// One step that was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    pub opened_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_at: Option<Timestamp>,
}

/// 訂正のお願い: the company has to answer before the work goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub asked_at: Timestamp,
    pub message: String,
    /// Names of answers that the company is asked to look at; empty for any.
    pub fields: Vec<String>,
    /// Clocks that stand still meanwhile.
    pub paused: Vec<String>,
}

/// 承認: proposed by the secretariat, decided by the sponsor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Counts the proposals of this case, from 1.
    pub number: u32,
    pub proposed_by: String,
    pub proposed_at: Timestamp,
    pub note: String,
    pub state: ApprovalState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    Proposed,
    SentBack,
    Approved,
    /// What was proposed or approved changed afterwards; the record stays.
    Invalid,
}

/// 人の判断 on one rule that the program could not decide (「同水準にある企業と判断した場合」).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Met or not met.
    pub outcome: Outcome,
    pub reason: String,
    pub by: String,
    pub at: Timestamp,
}

/// A person's word on whether something else is of the same company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    pub same: bool,
    pub reason: String,
    pub by: String,
    pub at: Timestamp,
}

/// A case. `places` and `clocks` are rows of their own in the store and are not part of the stored form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub status: Status,
    /// Counts the events applied; 0 at the receipt.
    pub version: i64,
    /// Staff id of whoever works on it in the secretariat.
    pub assignee: Option<String>,
    /// Staff id of the expert.
    pub expert: Option<String>,
    pub steps: BTreeMap<Id, StepRecord>,
    pub milestones: BTreeMap<Milestone, Timestamp>,
    /// The courses the case is about now, in the programme's order: those applied for, later those decided on.
    pub courses: Vec<Id>,
    #[serde(default)]
    pub correction: Option<Correction>,
    #[serde(default)]
    pub approval: Option<Approval>,
    #[serde(default)]
    pub judgements: BTreeMap<Id, Judgement>,
    /// By receipt number of another application, or `record:<id>` of a record of earlier support.
    #[serde(default)]
    pub compared: BTreeMap<String, Compared>,
    /// 環境の記録 (R6), by item of `support.diagnosis`.
    #[serde(default)]
    pub diagnosis: BTreeMap<Id, ExtraAnswer>,
    /// The expert's proposal: courses and reason.
    #[serde(default)]
    pub course_proposal: Option<(Vec<Id>, String)>,
    /// 事前問診 (R7), by item of `support.questionnaire`.
    #[serde(default)]
    pub questionnaire: BTreeMap<Id, ExtraAnswer>,
    /// Clocks whose running out was acted on, with the start of that run, so that a job acts once.
    #[serde(default)]
    pub ran_out: BTreeMap<String, Timestamp>,
    /// Counts renewals of the private link; the old link stops working.
    #[serde(default)]
    pub link_version: u32,
    #[serde(skip)]
    pub places: BTreeMap<Id, PlaceState>,
    /// By id: a clock of the programme, or `target.<step>`, `correction`, `offer.<course>`, `remind.<clock>`, `phone.<clock>`.
    #[serde(skip)]
    pub clocks: BTreeMap<String, Clock>,
}

impl Case {
    /// The step the case waits at: the first open one in the programme's order. None once it is confirmed or when it closed.
    pub fn current<'a>(&self, program: &'a Program) -> Option<&'a Step> {
        let open = |step: &&Step| !self.status.is_closed() && self.is_open(&step.id);
        program.definition.flow.step.iter().find(open)
    }

    /// Whether a step was reached and is not done.
    pub fn is_open(&self, step: &str) -> bool {
        let record = self.steps.get(step);
        record.is_some_and(|record| record.done_at.is_none())
    }

    pub fn is_done(&self, step: &str) -> bool {
        let record = self.steps.get(step);
        record.is_some_and(|record| record.done_at.is_some())
    }

    /// The one who has to act now; none when nobody has to.
    pub fn owner(&self, program: &Program) -> Option<Role> {
        if self.status != Status::Open {
            return None;
        }
        let call = |(id, clock): (&String, &Clock)| id.starts_with("phone.") && is_running(clock);
        if self.clocks.iter().any(call) {
            return Some(Role::Secretariat);
        }
        if self.correction.is_some() {
            return Some(Role::Company);
        }
        let step = self.current(program)?;
        if step.kind == StepKind::Approval {
            return Some(match &self.approval {
                Some(approval) if approval.state == ApprovalState::Proposed => Role::Sponsor,
                _ => Role::Secretariat,
            });
        }
        Some(step.owner)
    }

    /// The running clock that is due first: its id and the clock. The case's one due date.
    ///
    /// A clock that ran out and was followed by a reminder or a call waits no longer by its own date but by the reminder's or the call's.
    pub fn due(&self) -> Option<(&str, &Clock)> {
        first_due(self.clocks.iter().map(|(id, clock)| (id.as_str(), clock)))
    }

    /// Courses in which a place is held or offered or waited for.
    pub fn live_courses(&self) -> Vec<Id> {
        let live = |course: &&Id| {
            let state = self.places.get(course.as_str());
            state.is_none_or(|state| *state != PlaceState::Returned)
        };
        self.courses.iter().filter(live).cloned().collect()
    }

    pub fn holds_a_place(&self) -> bool {
        let held = |course: &Id| self.places.get(course) == Some(&PlaceState::Held);
        self.courses.iter().any(held)
    }
}

/// The clock by which a case with these clocks waits; see [`Case::due`].
///
/// A reminder or a call that stands still, because a correction is waited for, is still what follows.
pub fn first_due<'a>(
    clocks: impl Iterator<Item = (&'a str, &'a Clock)> + Clone,
) -> Option<(&'a str, &'a Clock)> {
    let unstopped = clocks.filter(|(_, clock)| !matches!(clock.phase, Phase::Stopped { .. }));
    let goes_on = |wanted: &str| unstopped.clone().any(|(id, _)| id == wanted);
    let followed = |id: &str| goes_on(&format!("remind.{id}")) || goes_on(&format!("phone.{id}"));
    (unstopped.clone())
        .filter(|(id, clock)| is_running(clock) && !followed(id))
        .min_by_key(|(id, clock)| (clock.due_at, *id))
}

pub(super) fn is_running(clock: &Clock) -> bool {
    clock.phase == Phase::Running
}
