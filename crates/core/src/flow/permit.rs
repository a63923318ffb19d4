//! Who may cause which event. Deny by default: what is not listed is refused.

use super::event::{Actor, Event};
use super::refusal::Refusal;
use crate::access::{Action, StaffRole};

/// What of the access table covers an event; any one of them does. Narrows tokens, whose scopes are such actions.
pub fn actions(event: &Event) -> &'static [Action] {
    match event {
        Event::Contacted { .. } | Event::Messaged { .. } | Event::Noted { .. } => {
            &[Action::WorkCase, Action::Diagnose]
        }
        Event::Diagnosed { .. } | Event::CoursesProposed { .. } => &[Action::Diagnose],
        Event::CoursesDecided { .. } => &[Action::DecideCourses],
        Event::Proposed { .. } => &[Action::ProposeApproval],
        Event::Approved {} | Event::SentBack { .. } => &[Action::DecideApproval],
        // A reason is only needed, and only given, where somebody is passed over or a target is exceeded.
        Event::Offered { reason, .. } if !reason.is_empty() => &[Action::OverrideOrder],
        Event::Offered { .. }
        | Event::OfferAccepted { .. }
        | Event::OfferDeclined { .. }
        | Event::OfferLapsed { .. } => &[Action::ManageWaitingList],
        Event::Moved { .. } => &[Action::MoveCases],
        Event::Assigned { .. }
        | Event::ExpertAssigned { .. }
        | Event::CorrectionRequested { .. }
        | Event::CorrectionCancelled { .. }
        | Event::Corrected { .. }
        | Event::Agreed { .. }
        | Event::Judged { .. }
        | Event::CompaniesCompared { .. }
        | Event::Screened { .. }
        | Event::QuestionnaireAnswered { .. }
        | Event::Declined { .. }
        | Event::Excluded { .. }
        | Event::Withdrawn { .. }
        | Event::CourseWithdrawn { .. }
        | Event::Reopened { .. }
        | Event::ClockRanOut { .. }
        | Event::Rechecked { .. }
        | Event::LinkRenewed { .. } => &[Action::WorkCase],
    }
}

/// Whether this actor may cause this event at all; what the case allows is asked afterwards.
///
/// # Errors
/// A refusal with the code `forbidden`.
pub fn permit(actor: &Actor, event: &Event) -> Result<(), Refusal> {
    let allowed = match actor {
        Actor::Company => company(event),
        Actor::System => system(event),
        Actor::Staff { role, .. } => staff(*role, event),
    };
    if allowed {
        return Ok(());
    }
    Err(Refusal::new(
        "forbidden",
        "この操作は、ご担当の役割ではできません。担当の方へお願いしてください。",
    ))
}

fn company(event: &Event) -> bool {
    matches!(
        event,
        Event::Messaged { .. }
            | Event::Corrected { .. }
            | Event::Agreed { .. }
            | Event::QuestionnaireAnswered { .. }
            | Event::Withdrawn { .. }
            | Event::OfferAccepted { .. }
            | Event::OfferDeclined { .. }
    )
}

fn system(event: &Event) -> bool {
    matches!(
        event,
        Event::Offered { .. }
            | Event::OfferLapsed { .. }
            | Event::ClockRanOut { .. }
            | Event::Rechecked { .. }
    )
}

fn staff(role: StaffRole, event: &Event) -> bool {
    match role {
        StaffRole::Secretariat => !matches!(
            event,
            Event::Approved {}
                | Event::SentBack { .. }
                | Event::OfferLapsed { .. }
                | Event::ClockRanOut { .. }
        ),
        StaffRole::Sponsor => matches!(event, Event::Approved {} | Event::SentBack { .. }),
        StaffRole::Expert => matches!(
            event,
            Event::Contacted { .. }
                | Event::Noted { .. }
                | Event::Messaged { .. }
                | Event::Diagnosed { .. }
                | Event::CoursesProposed { .. }
        ),
        StaffRole::Technician | StaffRole::Desk => matches!(event, Event::Noted { .. }),
        StaffRole::Admin => matches!(event, Event::Moved { .. }),
    }
}
