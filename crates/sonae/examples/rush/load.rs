//! Applications stored beforehand, through the same function that receives every application.

use std::sync::Arc;

use sonae_core::calendar::Calendar;
use sonae_core::capacity::PlaceState;
use sonae_core::flow::{self, Case};
use sonae_core::program::Program;
use sonae_store::intake::{Arrival, Effects, Submission, receive};
use sonae_store::outbox::Mail;

use crate::{CLOCK, PROGRAM, client};

/// Applications in one transaction of the load.
const BATCH: usize = 1000;

/// Stores `count` applications to the programme's other course.
pub(crate) fn applications(url: &str, count: usize) -> Result<(), String> {
    let program = sonae::programs::load_all(None)
        .map_err(|error| error.to_string())?
        .into_iter()
        .find(|program| program.id() == PROGRAM)
        .ok_or("the programme is missing")?;
    let program = Arc::new(program);
    let db = sonae_store::open(url).map_err(|error| error.to_string())?;
    let at = CLOCK.parse().expect("a fixed instant");
    db.write(|tx| sonae_store::revision::publish(tx, &program, at))
        .map_err(|error| error.to_string())?;
    let calendar = program.calendar();
    for begin in (0..count).step_by(BATCH) {
        let batch: Vec<Submission> = (begin..count.min(begin + BATCH))
            .map(|n| submission(&program, at, n))
            .collect();
        db.write(|tx| {
            receive(tx, &batch, &|submission, arrival| Effects {
                mail: vec![mail(submission)],
                case: begun(submission, arrival, &calendar),
            })
        })
        .map_err(|error| error.to_string())?;
    }
    drop(db);
    // What the load left in the system's memory must not be written while the rush is measured.
    let synced = std::process::Command::new("sync").status();
    synced.map(|_| ()).map_err(|error| format!("sync: {error}"))
}

fn begun(submission: &Submission, arrival: &Arrival, calendar: &Calendar) -> Case {
    let places = arrival.places.iter().filter_map(|place| {
        let state = PlaceState::parse(&place.state)?;
        Some((place.course.clone(), state))
    });
    let at = arrival.received_at;
    flow::received(&submission.program, calendar, &places.collect(), at).case
}

fn submission(program: &Arc<Program>, at: jiff::Timestamp, n: usize) -> Submission {
    Submission {
        // In the order of time, as UUIDs of version 7 are.
        application_id: format!("01970000-{:04x}-7000-8000-{n:012}", n >> 16),
        program: program.clone(),
        courses: vec!["it_bcp".to_owned()],
        answers: client::answers("it_bcp", &n.to_string()).to_string(),
        verdict: r#"{"verdict":"eligible","revision":"","findings":[]}"#.to_owned(),
        outcome: "eligible".to_owned(),
        salt: [7; 16],
        key: format!("api:load-{n}"),
        body_hash: [7; 32],
        draft_id: None,
        arrived_at: at,
    }
}

/// A mail that was sent long ago, of the usual size.
fn mail(submission: &Submission) -> Mail {
    Mail {
        id: submission.application_id.clone(),
        mail: "received".to_owned(),
        recipient: "load@example.jp".to_owned(),
        message_id: format!("<{}@office.example.jp>", submission.application_id),
        content: vec![b'x'; 1500],
    }
}
