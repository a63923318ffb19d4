//! Figures are kept beside the cases: whatever happens to cases, they equal what a plain recount of all of them gives.

mod recount;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sonae_core::access::StaffRole;
use sonae_core::application::answers::ExtraAnswer;
use sonae_core::capacity::PlaceState;
use sonae_core::figures::Figures;
use sonae_core::flow::{Actor, Channel, ContactOutcome, Event};
use sonae_core::program::flow::StepKind;
use sonae_core::program::form::QuestionKind;
use sonae_core::program::support::Asked;
use sonae_core::program::{Milestone, Program};
use sonae_db::Db;

use super::{Fresh, act, act_at, now, office, receive, submission};
use crate::case::{self, Stored};
use crate::intake::Answer;
use crate::{figures, undo};

/// How often something is tried with a case.
const TRIES: u64 = 240;
/// The figures are compared after so many tries.
const ROUND: u64 = 24;

pub(super) fn every_case_is_counted(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    assert_eq!(
        kept(&db, &program),
        recounted(&db, &program),
        "an empty office"
    );
    let numbers = arrivals(&db, &program);
    assert_eq!(kept(&db, &program).received, 5);
    let declined = |clause: &str| Event::Declined {
        reason: "理由".into(),
        clause: clause.into(),
    };
    let reopened = Event::Reopened {
        reason: "理由".into(),
    };
    let who = staff("s", StaffRole::Secretariat);
    for event in [declined("3"), reopened, declined("4")] {
        act(&db, &program, &numbers[0], &event, &who).expect("accepted");
    }
    let counted = kept(&db, &program);
    assert_eq!(counted, recounted(&db, &program));
    assert_eq!(
        (counted.by_status["open"], counted.by_status["declined"]),
        (4, 1)
    );
    let clauses = db.read(|tx| figures::closed_by_clause(tx, program.id()));
    let expected = [(("declined".to_owned(), "4".to_owned()), 1)];
    let clauses = clauses.expect("readable");
    assert_eq!(clauses.into_iter().collect::<Vec<_>>(), expected);
}

/// Anything is tried with cases and sometimes taken back; the figures never differ from a recount.
pub(super) fn whatever_happens(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, program) = office(fresh, program);
    let numbers = arrivals(&db, &program);
    let mut chance: u64 = 20_250_602;
    let mut seen = BTreeSet::new();
    for n in 0..TRIES {
        chance = (chance.wrapping_mul(6_364_136_223_846_793_005))
            .wrapping_add(1_442_695_040_888_963_407);
        let number = &numbers[(chance >> 33) as usize % numbers.len()];
        let at = now() + SignedDuration::from_hours(9 * n as i64);
        let (event, actor) = some(&program, &stored(&db, number), chance >> 40);
        if let Ok(acted) = act_at(&db, &program, number, (&event, &actor), at) {
            let case = acted.after.case;
            seen.insert(case.status.as_str());
            seen.extend(case.milestones.into_keys().map(Milestone::as_str));
            if (chance >> 37).is_multiple_of(4) {
                take_back(&db, &program, number, (&actor.name(), at));
            }
        }
        if n % ROUND == ROUND - 1 {
            let recounted = recounted(&db, &program);
            assert_eq!(kept(&db, &program), recounted, "after {n} tries");
        }
    }
    for word in ["open", "declined", "withdrawn", "approved", "confirmed"] {
        assert!(seen.contains(word), "{word} never happened: {seen:?}");
    }
    // An office that is older than its counts counts once.
    let before = kept(&db, &program);
    db.write(|tx| tx.execute("DELETE FROM case_count", &[]))
        .expect("deleted");
    figures::begin(&db).expect("counted");
    figures::begin(&db).expect("not counted twice");
    assert_eq!(kept(&db, &program), before);
    db.read(crate::verify::verify)
        .expect("readable")
        .expect("sound");
}

fn kept(db: &Db, program: &Program) -> Figures {
    let counts = db.read(|tx| figures::counts(tx, program.id()));
    Figures::of(program, &program.calendar(), &counts.expect("readable"))
}

fn recounted(db: &Db, program: &Program) -> Figures {
    recount::figures(db, program, &program.calendar())
}

fn arrivals(db: &Db, program: &Arc<Program>) -> Vec<String> {
    let batch: Vec<_> = (1..=5).map(|n| submission(program, n)).collect();
    let answers = receive(db, &batch).expect("received");
    let number = |answer: &Answer| super::intake::received(answer).receipt_number.clone();
    answers.iter().map(number).collect()
}

fn stored(db: &Db, number: &str) -> Stored {
    let read = db.read(|tx| case::by_receipt(tx, number));
    read.expect("readable").expect("a case")
}

fn take_back(db: &Db, program: &Program, number: &str, (actor, at): (&str, Timestamp)) {
    let undone = db.write(|tx| {
        let before = case::by_receipt(tx, number)?.expect("a case");
        let command = undo::Command {
            program,
            version: before.case.version,
            actor,
            at,
            within: SignedDuration::from_hours(1),
        };
        undo::undo(tx, &before, command)
    });
    // Much cannot be taken back, which is no matter here.
    drop(undone.expect("the database answers"));
}

fn staff(id: &str, role: StaffRole) -> Actor {
    Actor::Staff {
        id: id.into(),
        role,
    }
}

/// What fits the step of the case and its place, or for every seventh something that ends it; what has ended is taken up again.
fn some(program: &Program, stored: &Stored, detail: u64) -> (Event, Actor) {
    let secretary = staff("s", StaffRole::Secretariat);
    let reason = || "理由".to_owned();
    let clause = || format!("{}", detail % 3);
    if stored.case.status.is_closed() {
        return (Event::Reopened { reason: reason() }, secretary);
    }
    if detail.is_multiple_of(7) {
        let event = match detail / 7 % 4 {
            0 => Event::Withdrawn { reason: reason() },
            1 => Event::Declined {
                reason: reason(),
                clause: clause(),
            },
            2 => Event::Excluded {
                reason: reason(),
                clause: clause(),
            },
            _ => Event::Noted { text: reason() },
        };
        return (event, secretary);
    }
    let course = || program.courses()[0].id.clone();
    let offered = Event::Offered {
        course: course(),
        reason: reason(),
    };
    match stored.case.places.get(&course()) {
        Some(PlaceState::Waiting) if detail.is_multiple_of(3) => (offered, secretary),
        Some(PlaceState::Offered) if detail.is_multiple_of(3) => {
            (Event::OfferAccepted { course: course() }, secretary)
        }
        _ => next(program, stored, detail),
    }
}

/// What fits the step of the case.
fn next(program: &Program, stored: &Stored, detail: u64) -> (Event, Actor) {
    let secretary = staff("s", StaffRole::Secretariat);
    let reached = Event::Contacted {
        channel: Channel::Phone,
        outcome: ContactOutcome::Reached,
        note: String::new(),
    };
    let note = String::new();
    match stored.case.current(program).map(|step| step.kind) {
        Some(StepKind::Agreement) => (Event::Agreed { note }, Actor::Company),
        Some(StepKind::ExpertContact) if stored.case.expert.is_none() => {
            let to = Some("e".to_owned());
            (Event::ExpertAssigned { to }, secretary)
        }
        Some(StepKind::ExpertContact) => (reached, staff("e", StaffRole::Expert)),
        Some(StepKind::Screening) => (Event::Screened { note }, secretary),
        Some(StepKind::Approval) if detail.is_multiple_of(2) => {
            (Event::Approved {}, staff("t", StaffRole::Sponsor))
        }
        Some(StepKind::Approval) => (Event::Proposed { note }, secretary),
        Some(StepKind::Questionnaire) => {
            let answers = &program.definition.support.questionnaire;
            let answers = answers
                .iter()
                .map(|asked| (asked.id.clone(), answer(asked)));
            let answers = answers.collect();
            (Event::QuestionnaireAnswered { answers }, Actor::Company)
        }
        _ => (reached, secretary),
    }
}

fn answer(asked: &Asked) -> ExtraAnswer {
    match asked.kind {
        QuestionKind::YesNo => ExtraAnswer::YesNo(true),
        QuestionKind::Number => ExtraAnswer::Number(1),
        QuestionKind::Choice => ExtraAnswer::Text(asked.option[0].value.clone()),
        QuestionKind::Text => ExtraAnswer::Text("なし".to_owned()),
    }
}
