//! Which mails a case must have been sent by where it stands: what the reconciliation compares with the outbox.

use super::advance::is_delivery;
use super::case::Status;
use crate::program::{Id, Milestone, Program};

/// Where a case stands that was to be told something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Every case: its receipt.
    Received,
    /// Open, at this step.
    At(Id),
    Ended(Status),
    /// A correction is asked for.
    Correcting,
    /// A place is offered.
    Offered,
}

/// A mail that every case of a standing must have been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMail {
    pub standing: Standing,
    pub mail: Id,
}

/// All due mails of a programme, in the order of the flow.
#[must_use]
pub fn of_program(program: &Program) -> Vec<DueMail> {
    let mut due = vec![DueMail {
        standing: Standing::Received,
        mail: "received".to_owned(),
    }];
    let mut add = |standing: Standing, mail: &str| {
        due.push(DueMail {
            standing,
            mail: mail.to_owned(),
        });
    };
    let steps = program.definition.flow.step.iter();
    for step in steps.filter(|step| !is_delivery(step.kind)) {
        for mail in &step.mail {
            add(Standing::At(step.id.clone()), mail);
        }
        if step.reaches == Some(Milestone::Confirmed) {
            for mail in &step.mail_when_done {
                add(Standing::Ended(Status::Confirmed), mail);
            }
        }
    }
    add(Standing::Correcting, "correction_request");
    add(Standing::Offered, "place_offered");
    add(Standing::Ended(Status::Withdrawn), "withdrawn");
    add(Standing::Ended(Status::Declined), "declined");
    add(Standing::Ended(Status::Excluded), "declined");
    due
}
