//! Arrivals: the one place where an application is received.
//!
//! Everything an arrival causes (the application, its places, its audit line, its clocks, its mail, its key) is written in one
//! transaction, and many arrivals share one (group commit). Arrivals of a batch are taken strictly in its order.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use sonae_core::audit::{self, PlaceData, ReceivedData};
use sonae_core::capacity::{self, Tally};
use sonae_core::flow::Case;
use sonae_core::program::Program;
use sonae_core::program::window::WindowState;
use sonae_core::receipt_number;
use sonae_db::{Tx, Value};

use crate::audit::{Act, Bound, Tail, bind};
use crate::case::{self, Stored};
use crate::figures::Changes;
use crate::outbox::Mail;
use crate::webhook::{self, Subject};
use crate::{StoreError, application, clock, ms, outbox, tally};

/// A complete, judged application at the door. Everything that needs chance or time to make comes with it.
#[derive(Clone, Debug)]
pub struct Submission {
    /// UUID version 7.
    pub application_id: String,
    pub program: Arc<Program>,
    /// Courses in the order of the programme, at least one.
    pub courses: Vec<String>,
    /// JSON of the normalised answers.
    pub answers: String,
    /// JSON of the verdict.
    pub verdict: String,
    /// `eligible` or `needs_judgement` or `ineligible`.
    pub outcome: String,
    pub salt: [u8; 16],
    /// The `Idempotency-Key`, or `draft:<id>` for a form.
    pub key: String,
    /// SHA-256 of what was sent, to tell a repeated request from another one under the same key.
    pub body_hash: [u8; 32],
    /// The draft this was made from.
    pub draft_id: Option<String>,
    /// The moment it stood at the door; decides about the window.
    pub arrived_at: Timestamp,
}

/// A received application as its receipt shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    pub application_id: String,
    pub program_id: String,
    pub sequence: i64,
    pub receipt_number: String,
    pub received_at: Timestamp,
    pub places: Vec<PlaceData>,
    pub log_index: i64,
    pub log_hash: audit::Hash,
}

/// What one submission came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Received(Arrival),
    /// The same key was received before: the same receipt, nothing changed.
    Again(Arrival),
    Refused(Refusal),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Outside the window of this course.
    Outside { course: String, window: WindowState },
    /// The course is full and keeps no waiting list, or the list is full.
    Full { course: String },
    /// The key was used for something else.
    KeyUsed,
    /// The programme has no receipt numbers left.
    NumbersUsedUp,
}

/// What an arrival causes besides its own rows, decided by the caller's rules.
#[derive(Clone, Debug)]
pub struct Effects {
    pub mail: Vec<Mail>,
    /// The case as it begins, with the clocks that start with the receipt.
    pub case: Case,
}

/// Receives a batch in its order; the answers stand in the same order.
///
/// `effects` is asked once for every arrival that is received; it must not have effects of its own, as the transaction may run again.
pub fn receive(
    tx: &mut Tx,
    batch: &[Submission],
    effects: &dyn Fn(&Submission, &Arrival) -> Effects,
) -> Result<Vec<Answer>, StoreError> {
    let mut desk = Desk::open(tx, batch)?;
    let mut answers = Vec::with_capacity(batch.len());
    for submission in batch {
        answers.push(desk.take(tx, submission, effects)?);
    }
    desk.close(tx)?;
    Ok(answers)
}

/// The state of the books while one batch is taken: read once, written once.
struct Desk {
    tail: Tail,
    tallies: BTreeMap<(String, String), Tally>,
    sequences: BTreeMap<String, i64>,
    last_at: BTreeMap<String, i64>,
    /// Keys used before or earlier in this batch: hash of the body and the arrival.
    keys: HashMap<(String, String), ([u8; 32], KeyHolder)>,
    entries: Vec<Bound>,
    rows: Rows,
}

#[derive(Clone)]
enum KeyHolder {
    Stored(String),
    Here(Box<Arrival>),
}

#[derive(Default)]
struct Rows {
    application: Vec<Vec<Value>>,
    place: Vec<Vec<Value>>,
    key: Vec<Vec<Value>>,
    clock: Vec<Vec<Value>>,
    file: Vec<Vec<Value>>,
    record: Vec<Vec<Value>>,
    mail: Vec<(String, Mail, Timestamp)>,
    drafts: Vec<(String, String)>,
    /// What is counted, and what webhooks are told about.
    told: Vec<(Arc<Program>, Stored)>,
}

impl Desk {
    fn open(tx: &mut Tx, batch: &[Submission]) -> Result<Desk, StoreError> {
        let mut desk = Desk {
            tail: crate::audit::tail(tx)?,
            tallies: BTreeMap::new(),
            sequences: BTreeMap::new(),
            last_at: BTreeMap::new(),
            keys: HashMap::new(),
            entries: Vec::with_capacity(batch.len()),
            rows: Rows::default(),
        };
        for submission in batch {
            let program_id = submission.program.id();
            if desk.sequences.contains_key(program_id) {
                continue;
            }
            let last = tx.query_opt(
                "SELECT sequence, received_at_ms FROM application WHERE program_id = $1 ORDER BY sequence DESC LIMIT 1",
                &[program_id.into()],
            )?;
            let (sequence, at) = last.map_or((0, i64::MIN), |row| (row.int(0), row.int(1)));
            desk.sequences.insert(program_id.to_owned(), sequence);
            desk.last_at.insert(program_id.to_owned(), at);
            for (course, tally) in tally::of_program(tx, program_id)? {
                desk.tallies.insert((program_id.to_owned(), course), tally);
            }
            let keys: Vec<&str> = batch
                .iter()
                .filter(|s| s.program.id() == program_id)
                .map(|s| s.key.as_str())
                .collect();
            desk.load_keys(tx, program_id, &keys)?;
        }
        Ok(desk)
    }

    fn load_keys(
        &mut self,
        tx: &mut Tx,
        program_id: &str,
        keys: &[&str],
    ) -> Result<(), StoreError> {
        const AT_ONCE: usize = 32;
        let marks: Vec<String> = (2..AT_ONCE + 2).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT submission_key, body_hash, application_id FROM submission_key
             WHERE program_id = $1 AND submission_key IN ({})",
            marks.join(", ")
        );
        for chunk in keys.chunks(AT_ONCE) {
            let mut params: Vec<Value> = vec![program_id.into()];
            // The last key fills the statement up, so that one prepared statement serves every length.
            params.extend((0..AT_ONCE).map(|n| Value::from(chunk[n.min(chunk.len() - 1)])));
            for row in tx.query(&sql, &params)? {
                self.keys.insert(
                    (program_id.to_owned(), row.text(0).to_owned()),
                    (
                        crate::audit::hash_of(row.bytes(1))?,
                        KeyHolder::Stored(row.text(2).to_owned()),
                    ),
                );
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        tx: &mut Tx,
        submission: &Submission,
        effects: &dyn Fn(&Submission, &Arrival) -> Effects,
    ) -> Result<Answer, StoreError> {
        let program_id = submission.program.id().to_owned();
        let key = (program_id.clone(), submission.key.clone());
        if let Some((body_hash, holder)) = self.keys.get(&key).cloned() {
            if body_hash != submission.body_hash {
                return Ok(Answer::Refused(Refusal::KeyUsed));
            }
            let arrival = match holder {
                KeyHolder::Here(arrival) => *arrival,
                KeyHolder::Stored(id) => application::arrival(tx, &id)?
                    .ok_or_else(|| StoreError::Damaged("a key without its application".into()))?,
            };
            return Ok(Answer::Again(arrival));
        }
        let sequence = self.sequences[&program_id] + 1;
        if sequence > receipt_number::MAX {
            return Ok(Answer::Refused(Refusal::NumbersUsedUp));
        }
        let places = match self.places(submission) {
            Ok(places) => places,
            Err(refusal) => return Ok(Answer::Refused(refusal)),
        };
        // Order and time agree: nobody is recorded as earlier than who stands before him, whatever a node's clock says.
        let received_ms = ms(submission.arrived_at).max(self.last_at[&program_id]);
        let arrival = self.record(submission, sequence, received_ms, places)?;
        self.keys.insert(
            key,
            (
                submission.body_hash,
                KeyHolder::Here(Box::new(arrival.clone())),
            ),
        );
        self.push_rows(submission, &arrival, effects(submission, &arrival))?;
        Ok(Answer::Received(arrival))
    }

    /// A place in every course applied for, or none in any.
    fn places(&mut self, submission: &Submission) -> Result<Vec<PlaceData>, Refusal> {
        let program = &submission.program;
        let mut places = Vec::with_capacity(submission.courses.len());
        let mut after = Vec::with_capacity(submission.courses.len());
        for course_id in &submission.courses {
            let course = course_id.clone();
            let window = program.window_state(course_id, submission.arrived_at);
            let (Some(window), Some(definition)) = (window, program.course(course_id)) else {
                return Err(Refusal::Full { course });
            };
            if !matches!(window, WindowState::Open { .. }) {
                return Err(Refusal::Outside { course, window });
            }
            let key = (program.id().to_owned(), course.clone());
            let before = self.tallies.get(&key).copied().unwrap_or_default();
            let Ok((place, tally)) = capacity::arrive(&definition.capacity, before) else {
                return Err(Refusal::Full { course });
            };
            places.push(PlaceData {
                course,
                position: place.position,
                state: place.state.as_str().to_owned(),
            });
            after.push((key, tally));
        }
        self.tallies.extend(after);
        Ok(places)
    }

    fn record(
        &mut self,
        submission: &Submission,
        sequence: i64,
        received_ms: i64,
        places: Vec<PlaceData>,
    ) -> Result<Arrival, StoreError> {
        let program = &submission.program;
        let received_at = crate::instant(received_ms)?;
        let number = receipt_number::write(&program.definition.program.receipt_prefix, sequence);
        let data = ReceivedData {
            program: program.id().to_owned(),
            revision: program.revision.clone(),
            receipt_number: number.clone(),
            sequence,
            places: places.clone(),
            answers_sha256: audit::hex(&audit::commit(&submission.salt, &submission.answers)),
        };
        let act = Act {
            at: received_at,
            actor: "visitor",
            action: RECEIVED,
            subject: &submission.application_id,
        };
        let bound = bind(&mut self.tail, act, data);
        let arrival = Arrival {
            application_id: submission.application_id.clone(),
            program_id: program.id().to_owned(),
            sequence,
            receipt_number: number,
            received_at,
            places,
            log_index: bound.index,
            log_hash: bound.hash,
        };
        self.entries.push(bound);
        self.sequences.insert(program.id().to_owned(), sequence);
        self.last_at.insert(program.id().to_owned(), received_ms);
        Ok(arrival)
    }

    fn push_rows(
        &mut self,
        submission: &Submission,
        arrival: &Arrival,
        effects: Effects,
    ) -> Result<(), StoreError> {
        let id = &arrival.application_id;
        self.rows.application.push(vec![
            id.into(),
            Value::from(&arrival.program_id),
            Value::from(&submission.program.revision),
            arrival.sequence.into(),
            Value::from(&arrival.receipt_number),
            ms(arrival.received_at).into(),
            "received".into(),
            Value::from(&submission.answers),
            Value::from(submission.salt),
            Value::from(&submission.verdict),
            Value::from(&submission.outcome),
            arrival.log_index.into(),
        ]);
        for place in &arrival.places {
            self.rows.place.push(vec![
                Value::from(&arrival.program_id),
                Value::from(&place.course),
                place.position.into(),
                id.into(),
                Value::from(&place.state),
                ms(arrival.received_at).into(),
                place.position.into(),
            ]);
        }
        self.rows.key.push(vec![
            Value::from(&arrival.program_id),
            Value::from(&submission.key),
            Value::from(submission.body_hash),
            id.into(),
        ]);
        for (name, clock) in &effects.case.clocks {
            self.rows.clock.push(clock::row(id, name, clock));
        }
        let stored = Stored {
            application_id: id.clone(),
            program_id: arrival.program_id.clone(),
            revision: submission.program.revision.clone(),
            receipt_number: arrival.receipt_number.clone(),
            sequence: arrival.sequence,
            received_at: arrival.received_at,
            answers: serde_json::from_str(&submission.answers)?,
            verdict: serde_json::from_str(&submission.verdict)?,
            case: effects.case,
        };
        (self.rows.file).push(case::file_row(
            &submission.program,
            &stored,
            arrival.received_at,
        ));
        self.rows.record.push(case::record_row(&stored)?);
        self.rows.told.push((submission.program.clone(), stored));
        self.rows.mail.extend(
            effects
                .mail
                .into_iter()
                .map(|mail| (id.clone(), mail, arrival.received_at)),
        );
        if let Some(draft) = &submission.draft_id {
            self.rows.drafts.push((draft.clone(), id.clone()));
        }
        Ok(())
    }

    fn close(self, tx: &mut Tx) -> Result<(), StoreError> {
        crate::audit::store(tx, &self.entries)?;
        let rows = self.rows;
        tx.insert_many("application", APPLICATION, &rows.application)?;
        tx.insert_many("place", PLACE, &rows.place)?;
        tx.insert_many("submission_key", KEY, &rows.key)?;
        tx.insert_many("application_clock", clock::COLUMNS, &rows.clock)?;
        tx.insert_many("case_file", case::FILE, &rows.file)?;
        tx.insert_many("case_record", case::RECORD, &rows.record)?;
        Changes::of_arrivals(rows.told.iter().map(|(_, stored)| stored)).store(tx)?;
        outbox::put_many(tx, &rows.mail)?;
        let told = rows.told.iter();
        let told: Vec<_> = told
            .map(|(program, stored)| {
                let subject = Subject::of(program, stored);
                (RECEIVED, subject, stored.received_at)
            })
            .collect();
        webhook::queue(tx, &told)?;
        for (draft, application) in &rows.drafts {
            crate::draft::sent(tx, draft, application)?;
        }
        for ((program, course), tally) in &self.tallies {
            tally::set(tx, program, course, *tally)?;
        }
        Ok(())
    }
}

/// How webhooks and the log call an arrival.
const RECEIVED: &str = "application.received";

const APPLICATION: &[&str] = &[
    "id",
    "program_id",
    "revision",
    "sequence",
    "receipt_number",
    "received_at_ms",
    "state",
    "answers",
    "salt",
    "verdict",
    "outcome",
    "log_index",
];
const PLACE: &[&str] = &[
    "program_id",
    "course",
    "position",
    "application_id",
    "state",
    "changed_at_ms",
    "turn",
];
const KEY: &[&str] = &[
    "program_id",
    "submission_key",
    "body_hash",
    "application_id",
];
