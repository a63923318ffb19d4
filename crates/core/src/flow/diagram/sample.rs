//! Typical applications and the events that are tried on them.

use std::collections::BTreeMap;

use super::{Instant, Places};
use crate::access::StaffRole;
use crate::application::answers::ExtraAnswer;
use crate::capacity::PlaceState;
use crate::flow::{Actor, Case, Channel, ContactOutcome, Event};
use crate::program::form::QuestionKind;
use crate::program::support::Asked;
use crate::program::{Id, Milestone, Program};

/// An event with who causes it and how the office calls it.
pub(super) struct Sample {
    pub label: &'static str,
    pub by: &'static str,
    pub actor: Actor,
    pub event: Event,
    /// Whether it happens after every clock ran out.
    pub late: bool,
}

/// A fixed instant; which one does not matter.
pub(super) fn now() -> Instant {
    "2025-06-02T10:00:00+09:00"
        .parse()
        .expect("a fixed instant")
}

/// Applications for each course alone and for all that may be combined, each with its places held and waiting.
pub(super) fn starts(program: &Program) -> Vec<Places> {
    let courses = program.courses();
    let combination = &program.definition.program.combination;
    let mut wishes: Vec<Vec<&Id>> = Vec::new();
    if combination.at_most as usize >= courses.len() && combination.excludes.is_empty() {
        wishes.push(courses.iter().map(|course| &course.id).collect());
    }
    wishes.extend(courses.iter().map(|course| vec![&course.id]));
    let mut starts: Vec<Places> = Vec::new();
    for state in [PlaceState::Held, PlaceState::Waiting] {
        for wish in &wishes {
            let places = wish.iter().map(|id| {
                let at_receipt = program
                    .course(id)
                    .is_some_and(|course| course.capacity.taken_at == Milestone::Received);
                let state = if at_receipt {
                    state
                } else {
                    PlaceState::Waiting
                };
                ((*id).clone(), state)
            });
            let places: Places = places.collect();
            if !starts.contains(&places) {
                starts.push(places);
            }
        }
    }
    starts
}

/// Every event that might lead on from a case.
pub(super) fn events(program: &Program, case: &Case) -> Vec<Sample> {
    let text = || "記録".to_owned();
    let support = &program.definition.support;
    let contacted = || Event::Contacted {
        channel: Channel::Phone,
        outcome: ContactOutcome::Reached,
        note: String::new(),
    };
    let agreed = || Event::Agreed {
        note: String::new(),
    };
    let held = case
        .places
        .iter()
        .filter(|(_, state)| **state == PlaceState::Held);
    let held: Vec<Id> = held.map(|(course, _)| course.clone()).collect();
    let mut events = vec![
        secretariat("連絡がつく", contacted()),
        expert("連絡がつく", contacted()),
        company("了承", agreed()),
        secretariat("了承", agreed()),
        secretariat("要件の確認を終える", Event::Screened { note: text() }),
        expert(
            "環境の記録を終える",
            Event::Diagnosed {
                record: filled(&support.diagnosis),
                done: true,
            },
        ),
        secretariat("承認を依頼", Event::Proposed { note: text() }),
        sponsor("承認", Event::Approved {}),
        sponsor("質問を付けて差戻し", Event::SentBack { question: text() }),
        secretariat(
            "コースを決定",
            Event::CoursesDecided {
                courses: held,
                reason: text(),
            },
        ),
        company(
            "事前問診に回答",
            Event::QuestionnaireAnswered {
                answers: filled(&support.questionnaire),
            },
        ),
    ];
    events.extend(endings());
    events.extend(case.places.keys().flat_map(|course| offers(course)));
    events
}

fn endings() -> Vec<Sample> {
    let text = || "記録".to_owned();
    vec![
        company("取下げ", Event::Withdrawn { reason: text() }),
        secretariat("取下げ", Event::Withdrawn { reason: text() }),
        secretariat(
            "お断り",
            Event::Declined {
                reason: text(),
                clause: text(),
            },
        ),
        secretariat(
            "除外",
            Event::Excluded {
                reason: text(),
                clause: text(),
            },
        ),
        secretariat("再開", Event::Reopened { reason: text() }),
    ]
}

fn offers(course: &str) -> Vec<Sample> {
    let course = || course.to_owned();
    let mut lapsed = sample(
        "案内の期限切れ",
        "自動",
        Actor::System,
        Event::OfferLapsed { course: course() },
    );
    lapsed.late = true;
    vec![
        secretariat(
            "枠を案内",
            Event::Offered {
                course: course(),
                reason: "記録".to_owned(),
            },
        ),
        company(
            "枠の案内を受ける",
            Event::OfferAccepted { course: course() },
        ),
        company("枠の案内を辞退", Event::OfferDeclined { course: course() }),
        lapsed,
    ]
}

fn sample(label: &'static str, by: &'static str, actor: Actor, event: Event) -> Sample {
    Sample {
        label,
        by,
        actor,
        event,
        late: false,
    }
}

fn staff(label: &'static str, role: StaffRole, event: Event) -> Sample {
    let actor = Actor::Staff {
        id: role.as_str().to_owned(),
        role,
    };
    sample(label, role.label(), actor, event)
}

fn secretariat(label: &'static str, event: Event) -> Sample {
    staff(label, StaffRole::Secretariat, event)
}

fn expert(label: &'static str, event: Event) -> Sample {
    staff(label, StaffRole::Expert, event)
}

fn sponsor(label: &'static str, event: Event) -> Sample {
    staff(label, StaffRole::Sponsor, event)
}

fn company(label: &'static str, event: Event) -> Sample {
    sample(label, "申込企業", Actor::Company, event)
}

/// An answer to each question.
fn filled(asked: &[Asked]) -> BTreeMap<Id, ExtraAnswer> {
    let answer = |question: &Asked| match question.kind {
        QuestionKind::YesNo => Some(ExtraAnswer::YesNo(true)),
        QuestionKind::Number => Some(ExtraAnswer::Number(0)),
        QuestionKind::Choice => {
            let first = question.option.first()?;
            Some(ExtraAnswer::Text(first.value.clone()))
        }
        QuestionKind::Text => Some(ExtraAnswer::Text("記".to_owned())),
    };
    let answers = asked.iter();
    answers
        .filter_map(|question| Some((question.id.clone(), answer(question)?)))
        .collect()
}
