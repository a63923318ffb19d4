//! Deadlines: every case of the table is due when the table says, and on every day of two years the list of late cases is what the table
//! makes late.
//!
//! Each programme year is played in one office, event by event in the order of time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, DateTime, date};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sonae_core::access::StaffRole;
use sonae_core::application::answers::ExtraAnswer;
use sonae_core::calendar::{Calendar, Closings, tokyo, tokyo_midnight};
use sonae_core::capacity::PlaceState;
use sonae_core::flow::{Actor, Event, received};
use sonae_core::program::Program;
use sonae_core::program::program::AfterHours;
use sonae_core::program::support::Asked;
use sonae_db::{Db, Isolation};
use sonae_store::act::{Command, act};
use sonae_store::case::{self, Stored};
use sonae_store::intake::{Answer, Arrival, Effects, Submission, receive};
use sonae_store::queue::{Asker, Scope, Sort, View, Wanted, page};
use sonae_store::{MIGRATIONS, StoreError, revision};

use crate::engines::{self, Engine};

const TABLE: &str = include_str!("../../../core/tests/data/clock-cases.txt");
/// More than the table has cases.
const MOST: u32 = 100;

/// A case of the table.
struct Written {
    name: &'static str,
    program: &'static str,
    rows: Vec<Row>,
}

/// What happens to a case, and what is due then: the clock and its last day.
#[derive(Clone, Copy)]
struct Row {
    at: Timestamp,
    what: &'static str,
    due: Option<(&'static str, Date)>,
}

fn table() -> Vec<Written> {
    let mut cases: Vec<Written> = Vec::new();
    for line in TABLE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let cells: Vec<&str> = line.trim_start_matches("= ").split(" | ").collect();
        if line.starts_with('=') {
            let (name, program) = (cells[0], cells[1]);
            cases.push(Written {
                name,
                program,
                rows: Vec::new(),
            });
            continue;
        }
        let at: DateTime = cells[0].replace(' ', "T").parse().expect("day and hour");
        let due = cells[2].split_once(' ');
        let row = Row {
            at: at.to_zoned(tokyo()).expect("an instant").timestamp(),
            what: cells[1],
            due: due.map(|(clock, day)| (clock, day.parse().expect("a day"))),
        };
        cases.last_mut().expect("a name comes first").rows.push(row);
    }
    cases
}

/// The programmes of the table: the two of Tokyo, and the second with another reading of receipts after hours.
fn programs() -> BTreeMap<&'static str, Arc<Program>> {
    let (r6, r7) = (engines::of("tokyo-r6-basic-measures"), engines::program());
    let mut next = (*r7).clone();
    next.revision = "1".repeat(64);
    let head = &mut next.definition.program;
    head.id = "r7-next".to_owned();
    head.receipt_prefix = "NX".to_owned();
    head.office.after_hours = AfterHours::NextBusinessDay;
    BTreeMap::from([("r6", r6), ("r7", r7), ("r7-next", Arc::new(next))])
}

struct Year {
    db: Db,
    programs: BTreeMap<&'static str, Arc<Program>>,
    calendar: Calendar,
    /// Receipt numbers of the table's cases.
    numbers: BTreeMap<&'static str, String>,
}

impl Year {
    fn receive(&mut self, n: usize, case: &Written, at: Timestamp) {
        let program = self.programs[case.program].clone();
        let submission = Submission {
            application_id: format!("00000000-0000-7000-8000-{n:012}"),
            courses: vec![program.courses()[n % 2].id.clone()],
            program,
            answers: json!({"name": case.name, "contact_email": "a@example.jp"}).to_string(),
            verdict: r#"{"verdict":"eligible","revision":"","findings":[]}"#.into(),
            outcome: "eligible".into(),
            salt: [1; 16],
            key: format!("api:{n}"),
            body_hash: [1; 32],
            draft_id: None,
            arrived_at: at,
        };
        let begun = |submission: &Submission, arrival: &Arrival| {
            let places = arrival.places.iter().map(|place| {
                let state = PlaceState::parse(&place.state).expect("a state");
                (place.course.clone(), state)
            });
            let places = places.collect();
            Effects {
                mail: Vec::new(),
                case: received(
                    &submission.program,
                    &self.calendar,
                    &places,
                    arrival.received_at,
                )
                .case,
            }
        };
        let answers = self
            .db
            .write(|tx| receive(tx, std::slice::from_ref(&submission), &begun));
        let Ok([Answer::Received(arrival)]) = answers.as_deref() else {
            panic!("{}: {answers:?}", case.name);
        };
        self.numbers
            .insert(case.name, arrival.receipt_number.clone());
    }

    fn stored(&self, case: &Written) -> Stored {
        let stored = self
            .db
            .read(|tx| case::by_receipt(tx, &self.numbers[case.name]));
        stored.expect("readable").expect("a case")
    }

    fn happens(&mut self, n: usize, case: &Written, row: Row) {
        if row.what == "received" {
            self.receive(n, case, row.at);
        } else {
            let program = self.programs[case.program].clone();
            let before = self.stored(case);
            let (actor, event) = event(row.what, &before, &program);
            let command = Command {
                program: &program,
                calendar: &self.calendar,
                event: &event,
                actor: &actor,
                at: row.at,
            };
            let acted = self.db.write(|tx| act(tx, before.clone(), command));
            let acted = acted.expect("the database answers");
            assert!(
                acted.is_ok(),
                "{} {}: {:?}",
                case.name,
                row.what,
                acted.err()
            );
        }
        let stored = self.stored(case);
        let due = stored
            .case
            .due()
            .map(|(clock, due)| (clock, due.due_date()));
        assert_eq!(due, row.due, "{}: {} at {}", case.name, row.what, row.at);
    }

    /// Names of the cases that the office's list calls late.
    fn overdue(&self, now: Timestamp) -> BTreeSet<String> {
        let asker = Asker {
            staff_id: "a".into(),
            role: "secretariat".into(),
            now,
            contact_steps: Vec::new(),
            screening_steps: Vec::new(),
        };
        let wanted = Wanted::of(Scope::All, View::Overdue);
        let listed = self
            .db
            .read(|tx| page(tx, &wanted, &asker, Sort::Due, None, MOST));
        listed
            .expect("readable")
            .into_iter()
            .map(|case| case.name)
            .collect()
    }
}

fn staff(role: StaffRole) -> Actor {
    Actor::Staff {
        id: format!("{role:?}"),
        role,
    }
}

fn event(what: &str, before: &Stored, program: &Program) -> (Actor, Event) {
    let support = &program.definition.support;
    let (office, expert) = (staff(StaffRole::Secretariat), staff(StaffRole::Expert));
    let courses = before.case.courses.clone();
    match what {
        "answered_correction" => {
            let mut answers = before.answers.clone();
            answers.employees = Some(before.case.version);
            let (answers, reason) = (Box::new(answers), String::new());
            (Actor::Company, Event::Corrected { answers, reason })
        }
        // Heard by telephone and entered by the office.
        "told_contact" | "told_employees" => {
            let mut answers = before.answers.clone();
            match what {
                "told_contact" => {
                    answers.contact_name = Some(format!("担当{}", before.case.version))
                }
                _ => answers.employees = Some(before.case.version),
            }
            let (answers, reason) = (Box::new(answers), "お電話で".to_owned());
            (office, Event::Corrected { answers, reason })
        }
        "diagnosed" => {
            let record = filled(&support.diagnosis);
            (expert, Event::Diagnosed { record, done: true })
        }
        "answered" => {
            let answers = filled(&support.questionnaire);
            (Actor::Company, Event::QuestionnaireAnswered { answers })
        }
        "decided" => {
            let reason = "適切".to_owned();
            (office, Event::CoursesDecided { courses, reason })
        }
        _ => {
            let (actor, event) = written(what, before.case.version);
            (actor, serde_json::from_value(event).expect("an event"))
        }
    }
}

/// Events that are the same for every case. Whoever is assigned is somebody new each time.
fn written(what: &str, version: i64) -> (Actor, Value) {
    let (office, tokyo) = (staff(StaffRole::Secretariat), staff(StaffRole::Sponsor));
    let reached =
        |channel, outcome| json!({"event": "contacted", "channel": channel, "outcome": outcome});
    let somebody = |event| json!({"event": event, "to": version.to_string()});
    match what {
        "called" => (office, reached("phone", "reached")),
        "missed" => (office, reached("phone", "no_answer")),
        "wrote" => (office, reached("mail", "left_message")),
        "expert_called" => (staff(StaffRole::Expert), reached("phone", "reached")),
        "assigned" => (office, somebody("assigned")),
        "expert" => (office, somebody("expert_assigned")),
        "asked" => (
            office,
            json!({"event": "correction_requested", "message": "お確かめください。"}),
        ),
        "cancelled" => (
            office,
            json!({"event": "correction_cancelled", "reason": "電話で足りた"}),
        ),
        "sent_back" => (tokyo, json!({"event": what, "question": "なぜですか。"})),
        "approved" => (tokyo, json!({"event": what})),
        "proposed" => (office, json!({"event": what, "note": "ご確認ください。"})),
        "noted" => (office, json!({"event": what, "text": "メモ"})),
        "declined" => (
            office,
            json!({"event": what, "reason": "対象外", "clause": "5"}),
        ),
        "withdrawn" | "agreed" => (Actor::Company, json!({"event": what})),
        "reopened" => (office, json!({"event": what, "reason": "取り下げは誤り"})),
        "screened" => (office, json!({"event": what})),
        _ => match what.split_once(' ') {
            Some(("ran_out", clock)) => (
                Actor::System,
                json!({"event": "clock_ran_out", "clock": clock}),
            ),
            _ => panic!("{what} is nothing that happens"),
        },
    }
}

/// Each question gets an answer that it takes.
fn filled(asked: &[Asked]) -> BTreeMap<String, ExtraAnswer> {
    let text = |text: &str| ExtraAnswer::Text(text.to_owned());
    let answer = |asked: &Asked| {
        let any = [text("あ"), ExtraAnswer::YesNo(true), ExtraAnswer::Number(1)];
        let choices = asked.option.iter().map(|choice| text(&choice.value));
        let taken = any
            .into_iter()
            .chain(choices)
            .find(|answer| asked.takes(answer));
        (asked.id.clone(), taken.expect("some answer is taken"))
    };
    asked.iter().map(answer).collect()
}

/// Names of the cases whose last row before `now` set a day that is over.
fn late_by_the_table(cases: &[Written], now: Timestamp) -> BTreeSet<String> {
    let late = |case: &&Written| {
        let last = case.rows.iter().rfind(|row| row.at <= now);
        let due = last.and_then(|row| row.due);
        due.is_some_and(|(_, day)| {
            tokyo_midnight(day.tomorrow().expect("a day")).expect("an instant") <= now
        })
    };
    cases
        .iter()
        .filter(late)
        .map(|case| case.name.to_owned())
        .collect()
}

fn check(engine: Engine) {
    let database = engine.empty_database("year");
    let db = database.open(Isolation::Strict);
    db.migrate(MIGRATIONS).expect("migrations run");
    let programs = programs();
    for program in programs.values() {
        let published = db.write(|tx| revision::publish(tx, program, Timestamp::UNIX_EPOCH));
        published
            .map_err(|error: StoreError| error.to_string())
            .expect("published");
    }
    let mut year = Year {
        db,
        programs,
        calendar: Calendar::published_default(Closings::year_end()),
        numbers: BTreeMap::new(),
    };
    let cases = table();
    assert!(cases.len() >= 40, "a table of at least 40 cases");
    let rows = cases.iter().enumerate();
    let mut rows: Vec<(usize, Row)> = rows
        .flat_map(|(n, case)| case.rows.iter().map(move |row| (n, *row)))
        .collect();
    rows.sort_by_key(|(n, row)| (row.at, *n));
    let mut rows = rows.into_iter().peekable();
    let (mut today, mut most) = (date(2024, 5, 30), 0);
    while today < date(2026, 5, 30) {
        let midnight = tokyo_midnight(today).expect("an instant");
        // At the first instant of a day, what was due the day before is late; at noon, what happened in the morning counts.
        for now in [midnight, midnight + SignedDuration::from_hours(12)] {
            while let Some((n, row)) = rows.next_if(|(_, row)| row.at <= now) {
                year.happens(n, &cases[n], row);
            }
            let late = late_by_the_table(&cases, now);
            assert_eq!(year.overdue(now), late, "{now}");
            most = most.max(late.len());
        }
        today = today.tomorrow().expect("a day");
    }
    assert!(
        rows.next().is_none() && most > 10,
        "everything happened, and much was late: {most}"
    );
}

#[test]
fn sqlite_calls_late_what_the_table_makes_late() {
    check(Engine::Sqlite);
}

#[test]
fn postgres_calls_late_what_the_table_makes_late() {
    check(Engine::Postgres);
}
