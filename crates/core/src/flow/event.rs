//! What can happen to a case, and who causes it. The same words are the body of the interface's commands.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::StaffRole;
use crate::application::answers::{Answers, ExtraAnswer};
use crate::program::Id;

/// Who causes an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Staff {
        id: String,
        role: StaffRole,
    },
    /// Whoever holds the application's private link.
    Company,
    /// A job.
    System,
}

impl Actor {
    /// How the records name the actor: `staff:<id>`, `company`, `system`.
    pub fn name(&self) -> String {
        match self {
            Actor::Staff { id, .. } => format!("staff:{id}"),
            Actor::Company => "company".to_owned(),
            Actor::System => "system".to_owned(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Phone,
    Mail,
    InPerson,
    Online,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContactOutcome {
    /// Spoken with, or written to.
    Reached,
    LeftMessage,
    NoAnswer,
}

/// One event. Texts are what people typed, bounded by the caller's form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// An attempt to reach the company. When it succeeded it ends the step that waits for it.
    Contacted {
        channel: Channel,
        outcome: ContactOutcome,
        #[serde(default)]
        note: String,
    },
    /// Who works on it in the secretariat; none for nobody.
    Assigned {
        to: Option<String>,
    },
    /// The expert in charge; none for nobody.
    ExpertAssigned {
        to: Option<String>,
    },
    /// 内部メモ; never shown to the company.
    Noted {
        text: String,
    },
    /// A message between office and company, in either direction; from the office it goes out by mail.
    Messaged {
        subject: String,
        text: String,
    },
    CorrectionRequested {
        message: String,
        #[serde(default)]
        fields: Vec<String>,
    },
    CorrectionCancelled {
        reason: String,
    },
    /// The answers as they are now; by the company on request, or by the office with a reason.
    Corrected {
        answers: Box<Answers>,
        #[serde(default)]
        reason: String,
    },
    /// ご了承: by the company, or noted by the office after a call.
    Agreed {
        #[serde(default)]
        note: String,
    },
    /// A person decides on a rule that needs judgement.
    Judged {
        rule: Id,
        met: bool,
        reason: String,
    },
    /// Whether another application or a record of earlier support is of the same company; `with` is a receipt number or `record:<id>`.
    CompaniesCompared {
        with: String,
        same: bool,
        reason: String,
    },
    /// The conditions are checked.
    Screened {
        #[serde(default)]
        note: String,
    },
    /// 環境の記録, whole or in part; an empty text takes an answer back, and `done` ends the step.
    Diagnosed {
        record: BTreeMap<Id, ExtraAnswer>,
        #[serde(default)]
        done: bool,
    },
    CoursesProposed {
        courses: Vec<Id>,
        reason: String,
    },
    CoursesDecided {
        courses: Vec<Id>,
        reason: String,
    },
    /// Put before the sponsor, first or again after a question; `note` answers the question then.
    Proposed {
        #[serde(default)]
        note: String,
    },
    Approved {},
    SentBack {
        question: String,
    },
    QuestionnaireAnswered {
        answers: BTreeMap<Id, ExtraAnswer>,
    },
    Declined {
        reason: String,
        clause: String,
    },
    Excluded {
        reason: String,
        clause: String,
    },
    Withdrawn {
        #[serde(default)]
        reason: String,
    },
    /// One of several courses is given up at the company's wish; the others stand.
    CourseWithdrawn {
        course: Id,
        reason: String,
    },
    /// A place is offered. Out of order or beyond a target only with a reason.
    Offered {
        course: Id,
        #[serde(default)]
        reason: String,
    },
    OfferAccepted {
        course: Id,
    },
    OfferDeclined {
        course: Id,
    },
    /// The offer's clock ran out.
    OfferLapsed {
        course: Id,
    },
    /// Taken up again after it closed; stands behind those who wait now.
    Reopened {
        reason: String,
    },
    /// A clock ran out: reminder, then a call.
    ClockRanOut {
        clock: String,
    },
    /// Moved to another revision on purpose.
    Moved {
        revision: String,
        reason: String,
    },
    /// The conditions are evaluated again on the same answers, because what the office knows beside them has changed.
    Rechecked {
        reason: String,
    },
    /// A new private link; the old one stops working.
    LinkRenewed {
        reason: String,
    },
}

impl Event {
    /// The event's word, as in the interface: `contacted` and so on.
    pub fn word(&self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(map)) => match map.get("event") {
                Some(serde_json::Value::String(word)) => word.clone(),
                _ => unreachable!("every event carries its word"),
            },
            _ => unreachable!("an event is written as an object"),
        }
    }
}
