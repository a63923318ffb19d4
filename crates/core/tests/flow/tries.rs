//! What a try of the random test means: an event and who causes it, from two numbers.

use sonae_core::access::StaffRole;
use sonae_core::eligibility::Outcome;
use sonae_core::flow::transition::judged;
use sonae_core::flow::{Actor, Channel, ContactOutcome, Event};

use crate::office::{Office, filled, staff};

/// How many kinds of tries there are.
pub(crate) const KINDS: usize = 34;

const OUTCOMES: [ContactOutcome; 3] = [
    ContactOutcome::Reached,
    ContactOutcome::LeftMessage,
    ContactOutcome::NoAnswer,
];

/// The event of a try and who causes it. A correction changes what the rules say about the case beforehand.
pub(crate) fn event(office: &mut Office, n: usize, kind: usize, detail: usize) -> (Actor, Event) {
    match kind {
        0..=11 => work(office, n, kind, detail),
        12..=26 => decision(office, n, kind, detail),
        _ => course_of_things(office, n, kind, detail),
    }
}

fn secretariat(detail: usize) -> Actor {
    staff(StaffRole::Secretariat, ["a", "b"][detail % 2])
}

fn expert() -> Actor {
    staff(StaffRole::Expert, "e")
}

/// Now and then the one who proposed tries to approve as well.
fn sponsor(detail: usize) -> Actor {
    staff(StaffRole::Sponsor, ["t", "t", "t", "a"][detail % 4])
}

fn text() -> String {
    "記録".to_owned()
}

fn maybe(detail: usize) -> String {
    ["", "記録"][detail % 2].to_owned()
}

fn contacted(channel: Channel, detail: usize) -> Event {
    Event::Contacted {
        channel,
        outcome: OUTCOMES[detail % 3],
        note: maybe(detail),
    }
}

/// The everyday work.
fn work(office: &mut Office, n: usize, kind: usize, detail: usize) -> (Actor, Event) {
    let of_office = secretariat(detail);
    match kind {
        0 | 1 => (of_office, contacted(Channel::Phone, detail)),
        2 => (expert(), contacted(Channel::Mail, detail)),
        3 => (
            of_office,
            Event::Assigned {
                to: Some("a".into()),
            },
        ),
        4 => (
            of_office,
            Event::ExpertAssigned {
                to: Some("e".into()),
            },
        ),
        5 => (
            of_office,
            Event::Noted {
                text: maybe(detail),
            },
        ),
        6 => (
            Actor::Company,
            Event::Messaged {
                subject: maybe(detail),
                text: text(),
            },
        ),
        7 => (
            of_office,
            Event::CorrectionRequested {
                message: text(),
                fields: Vec::new(),
            },
        ),
        8 => (
            of_office,
            Event::CorrectionCancelled {
                reason: maybe(detail),
            },
        ),
        9 => {
            let outcome = [Outcome::Met, Outcome::NeedsJudgement, Outcome::NotMet][detail % 3];
            office.change_verdict(n, detail, outcome);
            let answers = Box::new(office.answers.clone());
            let by = [Actor::Company, of_office][detail % 2].clone();
            (
                by,
                Event::Corrected {
                    answers,
                    reason: text(),
                },
            )
        }
        _ => (
            Actor::Company,
            Event::Agreed {
                note: String::new(),
            },
        ),
    }
}

/// What people decide.
fn decision(office: &Office, n: usize, kind: usize, detail: usize) -> (Actor, Event) {
    let support = &office.program.definition.support;
    let wanted = office.cases[n].places.keys().enumerate();
    let courses = wanted
        .filter(|(k, _)| (detail >> k).is_multiple_of(2))
        .map(|(_, id)| id.clone())
        .collect();
    let reason = text();
    let done = !detail.is_multiple_of(4);
    match kind {
        12 => {
            let (_, open) = judged(&office.verdicts[n], &office.cases[n]);
            let rule = open.first().cloned().unwrap_or_else(|| "none".to_owned());
            (
                secretariat(detail),
                Event::Judged {
                    rule,
                    met: done,
                    reason,
                },
            )
        }
        13 | 14 => (
            secretariat(detail),
            Event::Screened {
                note: String::new(),
            },
        ),
        15 | 16 => (
            expert(),
            Event::Diagnosed {
                record: filled(&support.diagnosis),
                done,
            },
        ),
        17 => (
            expert(),
            Event::CoursesProposed {
                courses,
                reason: maybe(detail),
            },
        ),
        18 | 19 => (
            secretariat(detail),
            Event::CoursesDecided { courses, reason },
        ),
        20 | 21 => (secretariat(detail), Event::Proposed { note: reason }),
        22 | 23 => (sponsor(detail), Event::Approved {}),
        24 => (
            sponsor(detail),
            Event::SentBack {
                question: maybe(detail),
            },
        ),
        _ => {
            let answers = filled(&support.questionnaire);
            (Actor::Company, Event::QuestionnaireAnswered { answers })
        }
    }
}

/// Endings, places, clocks and the like.
fn course_of_things(office: &Office, n: usize, kind: usize, detail: usize) -> (Actor, Event) {
    let case = &office.cases[n];
    let ids: Vec<&String> = case.places.keys().collect();
    let course = ids[detail % ids.len()].clone();
    let clocks: Vec<&String> = case.clocks.keys().collect();
    let clock = match clocks.is_empty() {
        true => "contact".to_owned(),
        false => clocks[detail % clocks.len()].clone(),
    };
    let of_office = secretariat(detail);
    let (reason, clause) = (text(), "3".to_owned());
    match (kind, detail % 3) {
        (27, 0) => (of_office, Event::Declined { reason, clause }),
        (27, 1) => (of_office, Event::Excluded { reason, clause }),
        (27, _) => (
            Actor::Company,
            Event::Withdrawn {
                reason: String::new(),
            },
        ),
        (28, _) => (
            Actor::System,
            Event::Offered {
                course,
                reason: String::new(),
            },
        ),
        (29, _) => (
            of_office,
            Event::Offered {
                course,
                reason: maybe(detail),
            },
        ),
        (30, 0) => (Actor::Company, Event::OfferAccepted { course }),
        (30, _) => (Actor::Company, Event::OfferDeclined { course }),
        (31, 1) => (of_office, Event::CourseWithdrawn { course, reason }),
        (31, _) => (Actor::System, Event::OfferLapsed { course }),
        (32, _) => (Actor::System, Event::ClockRanOut { clock }),
        (_, 0) => (
            of_office,
            Event::Moved {
                revision: "0".into(),
                reason,
            },
        ),
        (_, 1) => (of_office, Event::Reopened { reason }),
        _ => (of_office, Event::LinkRenewed { reason }),
    }
}
