//! The crowd: who applies, when, and for what.

use std::collections::BTreeMap;
use std::fmt::Debug;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sonae_core::application::read::{Mode, read};
use sonae_core::calendar::tokyo_midnight;
use sonae_store::earlier_support::history;
use sonae_store::intake::{Answer, receive};

use super::company;
use super::editions::{R6, R7};
use crate::app::App;
use crate::error::CommandError;
use crate::submit::{self, Key};

/// The demo's clock starts on a Monday in March, both programmes having opened on a Thursday in April of the year before.
pub const STARTS_AT: &str = "2026-03-23T10:00:00+09:00";
pub(super) const OPENED_ON: Date = date(2025, 4, 3);
/// Applications of each programme.
pub(super) const OF_R6: usize = 260;
pub(super) const OF_R7: usize = 80;
/// Days from the opening to the last one that is over.
const DAYS: usize = 354;
/// The last days, in which more come again, because the end of the window is near.
const LAST_DAYS: usize = 35;
/// How many of a hundred come in the first two hours, and how many in the last days.
const RUSH: usize = 20;
const LATE: usize = 25;
/// The company with which R7's begin.
pub(super) const R7_FIRST: usize = 500;
/// An application of a company that applied before.
const AGAIN: usize = 247;

/// An application on its way in.
pub(super) struct Arriving {
    pub(super) program: &'static str,
    /// Counts the applications of its programme, from 0.
    pub(super) number: usize,
    pub(super) at: Timestamp,
}

/// Everybody, in the order of arrival.
pub(super) fn everybody() -> Vec<Arriving> {
    let of = |program, count| {
        (0..count).map(move |number| Arriving {
            program,
            number,
            at: arrival(number, count),
        })
    };
    let mut all: Vec<Arriving> = of(R6, OF_R6).chain(of(R7, OF_R7)).collect();
    all.sort_by_key(|arriving| (arriving.at, arriving.program, arriving.number));
    all
}

/// Some come in the first two hours after nine o'clock, some in the last days, the others during the year between, by day and by night.
fn arrival(number: usize, count: usize) -> Timestamp {
    // Parts of ten thousand.
    let share = number * 10_000 / count;
    let (rush, late) = (RUSH * 100, LATE * 100);
    let minutes = 7 * 60 + number * 97 % (16 * 60);
    let (day, minutes) = if share < rush {
        (0, 9 * 60 + share * 120 / rush)
    } else if share < 10_000 - late {
        let days = DAYS - 1 - LAST_DAYS;
        (1 + (share - rush) * days / (10_000 - rush - late), minutes)
    } else {
        let day = (share + late - 10_000) * LAST_DAYS / late;
        (DAYS - LAST_DAYS + day, minutes)
    };
    let whole = |number: usize| i64::try_from(number).expect("a small number");
    let midnight = tokyo_midnight(OPENED_ON).expect("a date of ours");
    midnight
        + SignedDuration::from_mins(whole(day * 24 * 60 + minutes))
        + SignedDuration::from_secs(whole(number * 13 % 60))
}

/// Receives a group like everybody else's applications, at instants of the past; gives the receipt numbers in their order.
///
/// # Errors
/// The database cannot be written, or an invented company is refused, which is a defect of the demo.
pub(super) fn receive_all(app: &App, group: &[&Arriving]) -> Result<Vec<String>, CommandError> {
    let mut submissions = Vec::new();
    for arriving in group {
        let (program, number) = (arriving.program, arriving.number);
        let what = |wrong: &dyn Debug| defect(format!("{program} {number}: {wrong:?}"));
        let running = app
            .programs
            .get(program)
            .ok_or_else(|| what(&"not served"))?;
        let body = application(program, number);
        let answers = read(&running.program, &body, Mode::Complete);
        let answers = answers.map_err(|errors| what(&errors))?;
        let history = app
            .db
            .read(|tx| history(tx, program, "", &answers, &BTreeMap::new()))?;
        let judged = (answers, &history);
        let submission = submit::prepare(app, running, &body, judged, Key::of_demo(number));
        let mut submission = submission.map_err(|verdict| what(&verdict))?;
        submission.arrived_at = arriving.at;
        submission.application_id = crate::chance::id(arriving.at);
        submissions.push(submission);
    }
    let effects = |submission: &_, arrival: &_| app.mailer.received(submission, arrival);
    let answers = app.db.write(|tx| receive(tx, &submissions, &effects))?;
    let number = |answer| match answer {
        Answer::Received(arrival) => Ok(arrival.receipt_number),
        other => Err(defect(format!("{other:?}"))),
    };
    answers.into_iter().map(number).collect()
}

/// Among the last of the first programme is company 40 once more, under another contact.
fn application(program: &str, number: usize) -> Value {
    let mut body = match (program, number) {
        (R6, AGAIN) => company::answers(40),
        (R6, _) => company::answers(number),
        _ => company::answers(number + R7_FIRST),
    };
    if (program, number) == (R6, AGAIN) {
        body["contact_name"] = json!("若葉 桜");
        body["contact_kana"] = json!("ワカバ サクラ");
        body["contact_email"] = json!("soumu@kaisha-040.example.jp");
    }
    match program {
        // What a person has to judge.
        R6 => body["survey_agreed"] = json!(number % 17 != 3),
        _ => body["measures"]["two_star_level_policy"] = json!(number % 6 != 1),
    }
    body["courses"] = match program {
        R6 => courses_of_r6(number),
        _ if number % 9 < 5 => json!(["csirt"]),
        _ => json!(["it_bcp"]),
    };
    body
}

/// Somewhat more than there are places: 50 of each kind of equipment, 100 of the guidance.
fn courses_of_r6(number: usize) -> Value {
    let utm = number % 4 == 1;
    let edr = number % 13 % 4 == 2;
    let eighth = number.is_multiple_of(8);
    let guidance = !(utm || edr || eighth) || number.is_multiple_of(9);
    let wanted = [
        ("utm", utm || eighth && !edr),
        ("edr", edr),
        ("guidance", guidance),
    ];
    wanted
        .into_iter()
        .filter(|(_, wants)| *wants)
        .map(|(course, _)| course)
        .collect()
}

pub(super) fn defect(detail: String) -> CommandError {
    CommandError::new(
        "デモの申込みを用意できませんでした。",
        format!("--data で空のフォルダーを指定してください。 [{detail}]"),
    )
}
