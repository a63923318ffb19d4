//! One way to apply, shared by the form and the interface: read, judge, queue at the door, give the receipt.

use std::collections::BTreeMap;
use std::time::Instant;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sonae_core::application::answers::Answers;
use sonae_core::application::read::{FieldError, Mode, read};
use sonae_core::audit::{at_text, hex};
use sonae_core::earlier_support::History;
use sonae_core::eligibility::{Eligibility, Verdict, judge_with_history};
use sonae_core::program::WindowState;
use sonae_core::program::eligibility::WhenIneligible;
use sonae_store::earlier_support;
use sonae_store::intake::{Answer, Arrival, Refusal, Submission};

use crate::app::{App, Running};
use crate::chance;
use crate::error::is_passing;
use crate::intake::IntakeError;

/// The longest Idempotency-Key that is taken, in characters.
pub const LONGEST_KEY: usize = 200;

/// What makes sending twice give one application. The kinds never collide: each has its own prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    stored: String,
    draft_id: Option<String>,
}

impl Key {
    /// The `Idempotency-Key` header of the interface: 1 to [`LONGEST_KEY`] visible ASCII characters, otherwise none.
    pub fn of_api(header: &str) -> Option<Key> {
        let visible = header.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = (1..=LONGEST_KEY).contains(&header.len());
        (visible && fits).then(|| Key {
            stored: format!("api:{header}"),
            draft_id: None,
        })
    }

    /// A company of the demo's crowd.
    pub(crate) fn of_demo(number: usize) -> Key {
        Key {
            stored: format!("demo:{number}"),
            draft_id: None,
        }
    }

    /// A form: its draft can be sent once.
    pub fn of_draft(draft_id: &str) -> Key {
        Key {
            stored: format!("draft:{draft_id}"),
            draft_id: Some(draft_id.to_owned()),
        }
    }
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Durably received now.
    Received(Receipt),
    /// The same was received before under this key: the same receipt.
    Again(Receipt),
    /// The answers need correction.
    Invalid(Vec<FieldError>),
    /// By its own answers the company does not meet the conditions, and the programme does not take such applications.
    Ineligible(Verdict),
    /// Outside the window of this course.
    Closed { course: String, window: WindowState },
    /// The course is full and its waiting list, if it has one, too.
    Full { course: String },
    /// The key was used for something else.
    KeyUsed,
    /// Nothing is wrong with the submission, but it could not be received now; it may be sent again with the same key.
    Busy,
}

/// 受付票: what an applicant keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// For example `R6-334-A7X`.
    pub receipt_number: String,
    /// The programme's id.
    pub program: String,
    /// RFC 3339 in Tokyo's time with milliseconds.
    #[schemars(extend("format" = "date-time"))]
    pub received_at: String,
    /// In the order of the programme's courses.
    pub places: Vec<ReceiptPlace>,
    /// The receipt's entry in the audit log, from 0.
    pub log_index: i64,
    /// SHA-256 that binds the entry to its place in the log, 64 lower-case hex digits.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$"))]
    pub log_hash: String,
    /// The applicant's private page; whoever has it can see and withdraw the application.
    #[schemars(extend("format" = "uri"))]
    pub status_url: String,
}

/// A position in one course as it was at the receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptPlace {
    pub course: String,
    /// Order of arrival in the course, from 1.
    #[schemars(range(min = 1))]
    pub position: i64,
    /// `held` takes one of the course's places, `waiting` stands behind them.
    #[schemars(extend("enum" = ["held", "waiting"]))]
    pub state: String,
}

impl Receipt {
    pub fn of(app: &App, arrival: Arrival) -> Receipt {
        let path = app
            .links
            .status_path(&arrival.receipt_number, &arrival.application_id, 0);
        Receipt {
            status_url: format!("{}{path}", app.base_url),
            receipt_number: arrival.receipt_number,
            program: arrival.program_id,
            received_at: at_text(arrival.received_at),
            places: (arrival.places.into_iter())
                .map(|place| ReceiptPlace {
                    course: place.course,
                    position: place.position,
                    state: place.state,
                })
                .collect(),
            log_index: arrival.log_index,
            log_hash: hex(&arrival.log_hash),
        }
    }
}

impl Outcome {
    /// The word under which it is counted.
    fn word(&self) -> &'static str {
        match self {
            Outcome::Received(_) => "received",
            Outcome::Again(_) => "again",
            Outcome::Invalid(_) => "invalid",
            Outcome::Ineligible(_) => "ineligible",
            Outcome::Closed { .. } => "closed",
            Outcome::Full { .. } => "full",
            Outcome::KeyUsed => "key_reused",
            Outcome::Busy => "busy",
        }
    }
}

/// Receives `body` (the interface's JSON, or the form's strings under the same names) as an application to a programme.
///
/// # Errors
/// A defect or damaged data; the log has the details. What passes by itself is `Outcome::Busy`.
pub async fn submit(
    app: &App,
    running: &Running,
    body: &Value,
    key: Key,
) -> Result<Outcome, IntakeError> {
    let outcome = receive(app, running, body, key).await;
    app.metrics
        .submission(outcome.as_ref().map_or("failed", Outcome::word));
    outcome
}

async fn receive(
    app: &App,
    running: &Running,
    body: &Value,
    key: Key,
) -> Result<Outcome, IntakeError> {
    let answers = match read(&running.program, body, Mode::Complete) {
        Ok(answers) => answers,
        Err(errors) => return Ok(closed(app, running).unwrap_or(Outcome::Invalid(errors))),
    };
    let looked_up = {
        let (program, answers) = (running.program.clone(), answers.clone());
        app.read(move |tx| {
            earlier_support::history(tx, program.id(), NOT_YET, &answers, &BTreeMap::new())
        })
        .await
    };
    let history = match looked_up {
        Ok(history) => history,
        Err(error) => return busy(running, error.into()),
    };
    match prepare(app, running, body, (answers, &history), key) {
        Ok(submission) => at_the_door(app, running, submission).await,
        Err(verdict) => Ok(closed(app, running).unwrap_or(Outcome::Ineligible(verdict))),
    }
}

/// The id of an application that has none yet.
pub(crate) const NOT_YET: &str = "";

/// What passes by itself is told to the applicant; anything else is an error.
fn busy(running: &Running, error: IntakeError) -> Result<Outcome, IntakeError> {
    if !is_passing(&error) {
        return Err(error);
    }
    tracing::warn!(%error, program = running.program.id(), "a submission could not be received now");
    Ok(Outcome::Busy)
}

async fn at_the_door(
    app: &App,
    running: &Running,
    submission: Submission,
) -> Result<Outcome, IntakeError> {
    let since = Instant::now();
    let answer = app.intake.submit(submission).await;
    app.metrics.intake(since.elapsed());
    match answer {
        Ok(Answer::Received(arrival)) => Ok(Outcome::Received(Receipt::of(app, arrival))),
        Ok(Answer::Again(arrival)) => Ok(Outcome::Again(Receipt::of(app, arrival))),
        Ok(Answer::Refused(refusal)) => Ok(refused(running, refusal)),
        Err(error) => busy(running, error),
    }
}

/// Judges the answers beside what is on record, and makes everything the door needs, so that its thread only writes.
///
/// # Errors
/// The verdict, when the programme does not take applications that do not meet its conditions.
pub(crate) fn prepare(
    app: &App,
    running: &Running,
    body: &Value,
    (answers, history): (Answers, &History),
    key: Key,
) -> Result<Submission, Verdict> {
    let program = &running.program;
    let verdict = judge_with_history(program, &answers, history);
    let stops = program.definition.eligibility.when_ineligible == WhenIneligible::Stop;
    if stops && verdict.verdict == Eligibility::Ineligible {
        return Err(verdict);
    }
    let now = app.clock.now();
    Ok(Submission {
        application_id: chance::id(now),
        program: program.clone(),
        answers: json(&answers),
        verdict: json(&verdict),
        outcome: outcome_word(verdict.verdict).to_owned(),
        salt: chance::bytes(),
        body_hash: body_hash(body),
        courses: courses(answers),
        key: key.stored,
        draft_id: key.draft_id,
        arrived_at: now,
    })
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("answers and verdicts are plain structs with string keys")
}

fn courses(answers: Answers) -> Vec<String> {
    answers.courses.unwrap_or_default()
}

fn outcome_word(verdict: Eligibility) -> &'static str {
    match verdict {
        Eligibility::Eligible => "eligible",
        Eligibility::Ineligible => "ineligible",
        Eligibility::NeedsJudgement => "needs_judgement",
    }
}

/// SHA-256 of the body with its keys in order and without white space, so that only a change of content is a change.
fn body_hash(body: &Value) -> [u8; 32] {
    Sha256::digest(json(body)).into()
}

/// Nobody should correct his answers for a programme that takes none now.
fn closed(app: &App, running: &Running) -> Option<Outcome> {
    let now = app.clock.now();
    let mut closed = None;
    for course in running.program.courses() {
        match running.program.window_state(&course.id, now)? {
            WindowState::Open { .. } => return None,
            window => {
                closed.get_or_insert(Outcome::Closed {
                    course: course.id.clone(),
                    window,
                });
            }
        }
    }
    closed
}

fn refused(running: &Running, refusal: Refusal) -> Outcome {
    match refusal {
        Refusal::Outside { course, window } => Outcome::Closed { course, window },
        Refusal::Full { course } => Outcome::Full { course },
        Refusal::KeyUsed => Outcome::KeyUsed,
        Refusal::NumbersUsedUp => {
            tracing::error!(
                program = running.program.id(),
                "no receipt numbers are left"
            );
            Outcome::Full {
                course: running.program.courses()[0].id.clone(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_are_bounded_and_kinds_do_not_collide() {
        for (header, taken) in [
            ("a", true),
            ("550e8400-e29b-41d4-a716-446655440000", true),
            (&"x".repeat(LONGEST_KEY), true),
            (&"x".repeat(LONGEST_KEY + 1), false),
            ("", false),
            ("a b", false),
            ("鍵", false),
            ("a\u{7f}", false),
        ] {
            assert_eq!(Key::of_api(header).is_some(), taken, "{header}");
        }
        let api = Key::of_api("draft:1").expect("a key");
        assert_ne!(api.stored, Key::of_draft("1").stored);
    }

    #[test]
    fn only_content_changes_the_hash_of_a_body() {
        let parse = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        let one = body_hash(&parse(r#"{"a": {"c": 1, "b": 2}}"#));
        assert_eq!(one, body_hash(&parse(r#"{"a":{"b":2,"c":1}}"#)));
        assert_ne!(one, body_hash(&json!({ "a": { "b": 2, "c": 3 } })));
    }
}
