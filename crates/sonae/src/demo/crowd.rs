//! The crowd of the first days: read, judged and received like everybody else's applications, at instants of the past.

use std::fmt::Debug;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sonae_core::application::read::{Mode, read};
use sonae_core::earlier_support::History;
use sonae_store::intake::{Answer, receive};

use super::company;
use crate::app::App;
use crate::error::CommandError;
use crate::submit::{self, Key};

const R7: &str = "tokyo-r7-incident-response";
const R6: &str = super::editions::MOVED;

/// The demo's clock starts on the Monday after the Thursday on which both programmes opened.
pub const STARTS_AT: &str = "2025-06-02T10:00:00+09:00";
const OPENED_AT: &str = "2025-05-29T00:00:00+09:00";
/// Applications of each programme. Of R6, 46 want one of the 50 UTM places; of R7, 33 want one of about 30 CSIRT places.
const OF_R6: usize = 80;
const OF_R7: usize = 55;
/// How many are received in one transaction.
const GROUP: usize = 64;

/// Brings the crowd in. Who is in already stays as he is, so an interrupted start is simply repeated.
///
/// # Errors
/// The database cannot be written, or an invented company is refused, which is a defect of the demo.
pub fn bring_in(app: &App) -> Result<(), CommandError> {
    let opened: Timestamp = OPENED_AT.parse().expect("an instant of ours");
    for (program, count) in [(R6, OF_R6), (R7, OF_R7)] {
        let Some(running) = app.programs.get(program) else {
            continue;
        };
        let mut waiting = Vec::new();
        for number in 0..count {
            let body = application(program, number);
            let what = |wrong: &dyn Debug| defect(format!("{program} {number}: {wrong:?}"));
            let answers =
                read(&running.program, &body, Mode::Complete).map_err(|errors| what(&errors))?;
            let judged = (answers, &History::default());
            let mut submission = submit::prepare(app, running, &body, judged, Key::of_demo(number))
                .map_err(|verdict| what(&verdict))?;
            submission.arrived_at = opened + arrival(number, count);
            submission.application_id = crate::chance::id(submission.arrived_at);
            waiting.push(submission);
        }
        for group in waiting.chunks(GROUP) {
            let effects = |submission: &_, arrival: &_| app.mailer.received(submission, arrival);
            let answers = app.db.write(|tx| receive(tx, group, &effects))?;
            if let Some(Answer::Refused(refusal)) = answers
                .iter()
                .find(|answer| matches!(answer, Answer::Refused(_)))
            {
                return Err(defect(format!("{program}: {refusal:?}")));
            }
        }
    }
    Ok(())
}

/// Half of them come in the first two hours after nine o'clock, the others during the days after.
fn arrival(number: usize, count: usize) -> SignedDuration {
    let share = i64::try_from(number * 1000 / count).unwrap_or(0);
    let (from, length, share) = if share < 500 {
        (9 * 3600, 2 * 3600, share * 2)
    } else {
        (11 * 3600, 86 * 3600, share * 2 - 1000)
    };
    SignedDuration::from_secs(from + length * share / 1000)
}

fn application(program: &str, number: usize) -> Value {
    let mut body = if program == R6 {
        company::answers(number)
    } else {
        company::answers(number + 500)
    };
    body["courses"] = if program == R6 {
        courses_of_r6(number)
    } else {
        json!([if number * 3 % 5 < 3 {
            "csirt"
        } else {
            "it_bcp"
        }])
    };
    body
}

fn courses_of_r6(number: usize) -> Value {
    // 46 of 80, spread evenly.
    let utm = number * 46 / OF_R6 != (number + 1) * 46 / OF_R6;
    let edr = number % 5 < 2;
    let guidance = number.is_multiple_of(2) || !(utm || edr);
    let wanted = [("utm", utm), ("edr", edr), ("guidance", guidance)];
    wanted
        .into_iter()
        .filter(|(_, wants)| *wants)
        .map(|(course, _)| course)
        .collect()
}

fn defect(detail: String) -> CommandError {
    CommandError::new(
        "デモの申込みを用意できませんでした。",
        format!("--data で空のフォルダーを指定してください。 [{detail}]"),
    )
}
