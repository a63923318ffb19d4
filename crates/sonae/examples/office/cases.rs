//! Believable cases in every state, stored as arrivals are: the case of each is led along its flow by the state machine beforehand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sonae::app::{App, Running};
use sonae::demo::company;
use sonae_core::access::StaffRole;
use sonae_core::application::answers::{Answers, ExtraAnswer};
use sonae_core::capacity::PlaceState;
use sonae_core::eligibility::{Verdict, judge};
use sonae_core::flow::{self, Actor, Case, Channel, ContactOutcome, Context, Event, transition};
use sonae_core::program::form::QuestionKind;
use sonae_core::program::support::Asked;
use sonae_core::program::{Id, Program};
use sonae_core::text::corporate_number;
use sonae_store::intake::{Arrival, Effects, Submission, receive};
use sonae_store::staff::{self, NewStaff};
use sonae_store::word;

/// Cases in one transaction.
const GROUP: usize = 500;
/// Cases of the programme whose places and waiting list are bounded.
const MOST_OF_R6: usize = 1_000;
/// People of the office: so many of each role that works on cases.
pub(crate) const PEOPLE: usize = 8;

/// The id of a person.
pub(crate) fn person(role: StaffRole, n: usize) -> String {
    format!("01980000-0000-7000-8000-{:08}{n:04}", role as usize)
}

/// Stores `count` cases and the people who work on them.
pub(crate) fn store(app: &App, count: usize) -> Result<(), String> {
    people(app)?;
    let of_r6 = (count * 3 / 10).min(MOST_OF_R6);
    let parts = [
        (
            "tokyo-r6-basic-measures",
            0,
            of_r6,
            "2024-05-30T09:00:00+09:00",
            180,
        ),
        (
            "tokyo-r7-incident-response",
            of_r6,
            count,
            "2025-05-29T09:00:00+09:00",
            185,
        ),
    ];
    for (program, from, until, opens, days) in parts {
        let running = app
            .programs
            .get(program)
            .ok_or("the programme is missing")?;
        let opens: Timestamp = opens.parse().expect("a fixed instant");
        let length = days * 24 * 3600;
        for begin in (from..until).step_by(GROUP) {
            let numbers = begin..until.min(begin + GROUP);
            let batch: Vec<Submission> = numbers
                .map(|n| {
                    let share = (n - from) as i64 * length / (until - from) as i64;
                    submission(running, n, opens + SignedDuration::from_secs(share))
                })
                .collect();
            let effects = |submission: &Submission, arrival: &Arrival| Effects {
                mail: Vec::new(),
                case: led(running, submission, arrival),
            };
            let answers = app.db.write(|tx| receive(tx, &batch, &effects));
            let answers = answers.map_err(|error| error.to_string())?;
            let refused = |answer: &&_| !matches!(answer, sonae_store::intake::Answer::Received(_));
            if let Some(answer) = answers.iter().find(refused) {
                return Err(format!("{program}: {answer:?}"));
            }
        }
    }
    while app
        .db
        .write(|tx| word::index(tx, 5_000))
        .map_err(|error| error.to_string())?
        > 0
    {}
    Ok(())
}

fn people(app: &App) -> Result<(), String> {
    let now = app.clock.now();
    for role in [
        StaffRole::Secretariat,
        StaffRole::Expert,
        StaffRole::Technician,
    ] {
        for n in 0..PEOPLE {
            let id = person(role, n);
            let new = NewStaff {
                id: &id,
                email: &format!("{id}@office.example.jp"),
                name: &format!("{}{n}", role.label()),
                role,
            };
            let added = app.db.write(|tx| staff::add(tx, &new, now));
            added.map_err(|error| error.to_string())?;
        }
    }
    Ok(())
}

fn submission(running: &Arc<Running>, n: usize, at: Timestamp) -> Submission {
    let program = &running.program;
    let mut body = company::answers(n);
    let courses = program.courses();
    let course = &courses[n % courses.len()].id;
    body["courses"] = json!([course]);
    body["name"] = json!(format!(
        "{}{}",
        body["name"].as_str().unwrap_or_default(),
        n % 997
    ));
    body["corporate_number"] = number(n);
    body["contact_phone"] = json!(format!("03{n:08}"));
    let answers: Answers = serde_json::from_value(body).expect("answers of an invented company");
    let verdict = judge(program, &answers);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let outcome = serde_json::to_value(verdict.verdict).expect("a word");
    Submission {
        application_id: format!("0197{:04x}-0000-7000-8000-{n:012}", n >> 16),
        program: program.clone(),
        courses: vec![course.clone()],
        answers: serde_json::to_string(&answers).expect("answers are JSON"),
        verdict: serde_json::to_string(&verdict).expect("a verdict is JSON"),
        outcome: text(&outcome),
        salt: [7; 16],
        key: format!("api:load-{n}"),
        body_hash: [7; 32],
        draft_id: None,
        arrived_at: at,
    }
}

/// A number with a right check digit, for all but every eleventh company.
fn number(n: usize) -> Value {
    let digits = |check| format!("{check}{:012}", 9_900_000_000_usize + n);
    let right = |digits: &String| corporate_number::normalise(digits).is_ok();
    let found = (1..=9).map(digits).find(right);
    json!(found.filter(|_| !n.is_multiple_of(11)))
}

/// The case after what happened to it: the older, the more.
fn led(running: &Running, submission: &Submission, arrival: &Arrival) -> Case {
    let program = &running.program;
    let verdict: Verdict = serde_json::from_str(&submission.verdict).expect("our own verdict");
    let places = arrival.places.iter().filter_map(|place| {
        let state = PlaceState::parse(&place.state)?;
        Some((place.course.clone(), state))
    });
    let begun = arrival.received_at;
    let mut case = flow::received(program, &running.calendar, &places.collect(), begun).case;
    let n = arrival.sequence as usize;
    for (step, (event, actor)) in events(program, n, begun).into_iter().enumerate() {
        let ctx = Context {
            program,
            calendar: &running.calendar,
            now: begun + SignedDuration::from_hours(20 * (step as i64 + 1)),
            verdict: &verdict,
            tallies: &BTreeMap::new(),
            first_waiting: &BTreeSet::new(),
            changed: &[],
            changes: &[],
        };
        // What this case does not allow did not happen to it.
        if let Ok(moved) = transition(&ctx, &case, &event, &actor) {
            case = moved.case;
        }
    }
    case
}

fn events(program: &Program, n: usize, begun: Timestamp) -> Vec<(Event, Actor)> {
    let staff = |role| Actor::Staff {
        id: person(role, n % PEOPLE),
        role,
    };
    let secretary = || staff(StaffRole::Secretariat);
    let reached = || Event::Contacted {
        channel: Channel::Phone,
        outcome: ContactOutcome::Reached,
        note: String::new(),
    };
    let note = String::new;
    let all = vec![
        (
            Event::Assigned {
                to: Some(person(StaffRole::Secretariat, n % PEOPLE)),
            },
            secretary(),
        ),
        (reached(), secretary()),
        (Event::Agreed { note: note() }, Actor::Company),
        (
            Event::ExpertAssigned {
                to: Some(person(StaffRole::Expert, n % PEOPLE)),
            },
            secretary(),
        ),
        (reached(), staff(StaffRole::Expert)),
        (Event::Screened { note: note() }, secretary()),
        (Event::Proposed { note: note() }, secretary()),
        (Event::Approved {}, staff(StaffRole::Sponsor)),
        (
            Event::QuestionnaireAnswered {
                answers: answered(program),
            },
            Actor::Company,
        ),
    ];
    let now: Timestamp = crate::NOW.parse().expect("a fixed instant");
    let days = now.duration_since(begun).as_hours() / 24;
    // The work of the last weeks is under way; of what is older every seventh case is.
    let done = match days {
        0..=2 => n % 2,
        3..=20 => n % 8,
        _ if n.is_multiple_of(7) => n / 7 % 9,
        _ => 9,
    };
    let mut happened: Vec<_> = all.into_iter().take(done).collect();
    if n % 13 == 5 && days > 5 {
        happened.push((Event::Withdrawn { reason: note() }, Actor::Company));
    }
    happened
}

/// The questionnaire with an answer to every question.
fn answered(program: &Program) -> BTreeMap<Id, ExtraAnswer> {
    let asked = &program.definition.support.questionnaire;
    let answer = |asked: &Asked| match asked.kind {
        QuestionKind::YesNo => ExtraAnswer::YesNo(true),
        QuestionKind::Number => ExtraAnswer::Number(1),
        QuestionKind::Choice => ExtraAnswer::Text(asked.option[0].value.clone()),
        QuestionKind::Text => ExtraAnswer::Text("特にありません。".to_owned()),
    };
    (asked.iter())
        .map(|asked| (asked.id.clone(), answer(asked)))
        .collect()
}
