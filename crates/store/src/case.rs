//! Cases: where each application stands in its flow.
//!
//! A case is read with everything a transition looks at, and saved with everything it changed: the narrow row that lists read, the
//! wide record, its clocks, its places and the tallies of their courses.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sonae_core::application::answers::Answers;
use sonae_core::application::keys::keys;
use sonae_core::audit::PlaceData;
use sonae_core::capacity::{self, PlaceState, Tally};
use sonae_core::clock::Clock;
use sonae_core::eligibility::Verdict;
use sonae_core::flow::{Case, transition::judged};
use sonae_core::program::{Program, Role};
use sonae_db::{Tx, Value};

use crate::{StoreError, clock, figures, instant, ms, tally, word};

/// A case as it stands, with its application.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub application_id: String,
    pub program_id: String,
    /// The revision it is judged by now.
    pub revision: String,
    pub receipt_number: String,
    pub sequence: i64,
    pub received_at: Timestamp,
    /// As they are now; those of the receipt stay in the application.
    pub answers: Answers,
    /// On these answers, without people's judgements.
    pub verdict: Verdict,
    pub case: Case,
}

impl Stored {
    /// What people said about who is the same company, for `earlier_support::history`.
    pub fn compared(&self) -> BTreeMap<String, bool> {
        let compared = self.case.compared.iter();
        compared
            .map(|(with, word)| (with.clone(), word.same))
            .collect()
    }
}

/// What a transition looks at in the books of the courses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Books {
    pub tallies: BTreeMap<String, Tally>,
    /// Courses in which this case is the next to be offered a place.
    pub first_waiting: BTreeSet<String>,
}

/// The case of a receipt number in its written form.
pub fn by_receipt(tx: &mut Tx, receipt_number: &str) -> Result<Option<Stored>, StoreError> {
    stored(tx, "f.receipt_number = $1", receipt_number)
}

/// The case of an application.
pub fn by_id(tx: &mut Tx, application_id: &str) -> Result<Option<Stored>, StoreError> {
    stored(tx, "f.application_id = $1", application_id)
}

fn stored(tx: &mut Tx, which: &str, value: &str) -> Result<Option<Stored>, StoreError> {
    let sql = format!(
        "SELECT f.application_id, f.program_id, f.revision, f.receipt_number, f.sequence, f.received_at_ms,
                r.answers, r.verdict, r.state
         FROM case_file f JOIN case_record r ON r.application_id = f.application_id
         WHERE {which}"
    );
    let row = tx.query_opt(&sql, &[value.into()])?;
    let Some(row) = row else { return Ok(None) };
    let id = row.text(0);
    let mut case: Case = serde_json::from_str(row.text(8))?;
    case.clocks = clock::of_application(tx, id)?.into_iter().collect();
    case.places = places(tx, id)?;
    Ok(Some(Stored {
        application_id: id.to_owned(),
        program_id: row.text(1).to_owned(),
        revision: row.text(2).to_owned(),
        receipt_number: row.text(3).to_owned(),
        sequence: row.int(4),
        received_at: instant(row.int(5))?,
        answers: serde_json::from_str(row.text(6))?,
        verdict: serde_json::from_str(row.text(7))?,
        case,
    }))
}

/// The company's name in the case of a receipt number; empty when there is none.
pub fn name(tx: &mut Tx, receipt_number: &str) -> Result<String, StoreError> {
    let row = tx.query_opt(
        "SELECT name FROM case_file WHERE receipt_number = $1",
        &[receipt_number.into()],
    )?;
    Ok(row.map_or_else(String::new, |row| row.text(0).to_owned()))
}

/// Receipt numbers of open cases in the order of their ids, after the one of `after`; empty to begin. With their ids.
pub fn open_after(
    tx: &mut Tx,
    after: &str,
    limit: u32,
) -> Result<Vec<(String, String)>, StoreError> {
    // The status as an expression: it must not lead, or each round would sort all that are open.
    let sql = format!(
        "SELECT application_id, receipt_number FROM case_file WHERE status || '' = 'open' AND application_id > $1
         ORDER BY application_id LIMIT {limit}"
    );
    let rows = tx.query(&sql, &[after.into()])?;
    let pair = |row: &sonae_db::Row| (row.text(0).to_owned(), row.text(1).to_owned());
    Ok(rows.iter().map(pair).collect())
}

fn places(tx: &mut Tx, application_id: &str) -> Result<BTreeMap<String, PlaceState>, StoreError> {
    let rows = tx.query(
        "SELECT course, state FROM place WHERE application_id = $1",
        &[application_id.into()],
    )?;
    rows.iter()
        .map(|row| Ok((row.text(0).to_owned(), place_state(row.text(1))?)))
        .collect()
}

fn place_state(word: &str) -> Result<PlaceState, StoreError> {
    PlaceState::parse(word).ok_or_else(|| StoreError::Damaged("a place in an unknown state".into()))
}

/// The books of the courses of a case.
pub fn books(tx: &mut Tx, stored: &Stored) -> Result<Books, StoreError> {
    let mut books = Books {
        tallies: tally::of_program(tx, &stored.program_id)?,
        first_waiting: BTreeSet::new(),
    };
    for (course, state) in &stored.case.places {
        if *state == PlaceState::Waiting
            && next_waiting(tx, &stored.program_id, course)?.as_deref()
                == Some(stored.application_id.as_str())
        {
            books.first_waiting.insert(course.clone());
        }
    }
    Ok(books)
}

/// The application that is next to be offered a place in a course: the first of those who wait whose case is open or confirmed.
pub fn next_waiting(
    tx: &mut Tx,
    program_id: &str,
    course: &str,
) -> Result<Option<String>, StoreError> {
    let row = tx.query_opt(
        "SELECT application_id FROM place WHERE program_id = $1 AND course = $2 AND state = 'waiting'
         ORDER BY turn, position LIMIT 1",
        &[program_id.into(), course.into()],
    )?;
    Ok(row.map(|row| row.text(0).to_owned()))
}

/// The first of those who wait in each course of a programme, with the course. A course in which a place changed hands at `settled` or
/// later is left out: what freed it may still be undone.
pub fn first_waiting(
    tx: &mut Tx,
    program_id: &str,
    settled: Timestamp,
) -> Result<Vec<(String, String)>, StoreError> {
    let rows = tx.query(
        "SELECT t.course FROM course_tally t WHERE t.program_id = $1 AND t.waiting > 0
           AND NOT EXISTS (SELECT 1 FROM place p WHERE p.program_id = t.program_id AND p.course = t.course
             AND p.moved = 1 AND p.changed_at_ms >= $2 AND p.state || '' = 'returned')
         ORDER BY t.course",
        &[program_id.into(), ms(settled).into()],
    )?;
    let mut first = Vec::new();
    for row in &rows {
        let next = tx.query_opt(
            "SELECT f.receipt_number FROM place p JOIN case_file f ON f.application_id = p.application_id
             WHERE p.program_id = $1 AND p.course = $2 AND p.state = 'waiting'
             ORDER BY p.turn, p.position LIMIT 1",
            &[program_id.into(), row.text(0).into()],
        )?;
        first.extend(next.map(|next| (row.text(0).to_owned(), next.text(0).to_owned())));
    }
    Ok(first)
}

/// How many wait in a course before this application; none when it does not wait.
pub fn waiting_ahead(
    tx: &mut Tx,
    application_id: &str,
    course: &str,
) -> Result<Option<i64>, StoreError> {
    let own = tx.query_opt(
        "SELECT program_id, turn, position FROM place
         WHERE application_id = $1 AND course = $2 AND state = 'waiting'",
        &[application_id.into(), course.into()],
    )?;
    let Some(own) = own else { return Ok(None) };
    let row = tx.query_one(
        "SELECT COUNT(*) FROM place WHERE program_id = $1 AND course = $2 AND state = 'waiting'
         AND (turn < $3 OR (turn = $3 AND position < $4))",
        &[
            own.text(0).into(),
            course.into(),
            own.int(1).into(),
            own.int(2).into(),
        ],
    )?;
    Ok(Some(row.int(0)))
}

/// Saves a case after a transition: `before` is what was read in this transaction.
///
/// # Errors
/// [`StoreError`] of the database; a case that somebody changed in between cannot be, because the transaction would run again.
pub fn save(
    tx: &mut Tx,
    program: &Program,
    before: &Stored,
    after: &Stored,
    at: Timestamp,
) -> Result<(), StoreError> {
    write(tx, program, (before, after), at, Comeback::Behind)
}

/// Saves a case as it was before: places that come back stand where they stood.
pub(crate) fn restore(
    tx: &mut Tx,
    program: &Program,
    before: &Stored,
    after: &Stored,
    at: Timestamp,
) -> Result<(), StoreError> {
    write(tx, program, (before, after), at, Comeback::WhereItWas)
}

/// Where a place stands in the order when it was given back and is wanted again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comeback {
    /// Behind everybody who came before now, and before those who come later: with the turn of the next arrival and a lower position.
    Behind,
    WhereItWas,
}

fn write(
    tx: &mut Tx,
    program: &Program,
    (before, after): (&Stored, &Stored),
    at: Timestamp,
    comeback: Comeback,
) -> Result<(), StoreError> {
    let id = &after.application_id;
    let mut params = file_row(program, after, at);
    let key = params.remove(0);
    params.push(key);
    let columns = FILE[1..].iter().enumerate();
    let assignments: Vec<String> = columns
        .map(|(n, column)| format!("{column} = ${}", n + 1))
        .collect();
    tx.execute(
        &format!(
            "UPDATE case_file SET {} WHERE application_id = ${}",
            assignments.join(", "),
            FILE.len()
        ),
        &params,
    )?;
    tx.execute(
        "UPDATE case_record SET answers = $2, verdict = $3, state = $4 WHERE application_id = $1",
        &record_row(after)?,
    )?;
    word::save(tx, before, after)?;
    figures::save(tx, before, after)?;
    save_clocks(tx, id, &before.case, &after.case)?;
    save_places(tx, before, after, at, comeback)
}

fn save_clocks(tx: &mut Tx, id: &str, before: &Case, after: &Case) -> Result<(), StoreError> {
    let acted = |case: &Case, name: &String, clock: &Clock| {
        case.ran_out.get(name) == Some(&clock.started_at)
    };
    let gone = |name: &&String| !after.clocks.contains_key(*name);
    for gone in before.clocks.keys().filter(gone) {
        tx.execute(
            "DELETE FROM application_clock WHERE application_id = $1 AND clock = $2",
            &[id.into(), gone.into()],
        )?;
    }
    for (name, clock) in &after.clocks {
        let is_acted = acted(after, name, clock);
        if before.clocks.get(name) == Some(clock) && acted(before, name, clock) == is_acted {
            continue;
        }
        let mut row = clock::row(id, name, clock);
        row.push(i64::from(is_acted).into());
        tx.execute(
            "INSERT INTO application_clock (application_id, clock, owner, phase, due_at_ms, state, acted)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (application_id, clock) DO UPDATE SET owner = excluded.owner, phase = excluded.phase,
                due_at_ms = excluded.due_at_ms, state = excluded.state, acted = excluded.acted",
            &row,
        )?;
    }
    Ok(())
}

fn save_places(
    tx: &mut Tx,
    before: &Stored,
    after: &Stored,
    at: Timestamp,
    comeback: Comeback,
) -> Result<(), StoreError> {
    let mut tallies = tally::of_program(tx, &after.program_id)?;
    for (course, to) in &after.case.places {
        let from = before.case.places.get(course).copied();
        let from = from.ok_or_else(|| StoreError::Damaged("a place from nowhere".into()))?;
        if from == *to {
            continue;
        }
        let tally = tallies.get(course).copied().unwrap_or_default();
        tally::set(
            tx,
            &after.program_id,
            course,
            capacity::change(tally, from, *to),
        )?;
        let behind = from == PlaceState::Returned && comeback == Comeback::Behind;
        let turn = behind.then_some(tally.last_position + 1);
        tx.execute(
            "UPDATE place SET state = $3, changed_at_ms = $4, moved = 1, turn = COALESCE($5, turn)
             WHERE application_id = $1 AND course = $2",
            &[
                (&after.application_id).into(),
                course.into(),
                to.as_str().into(),
                ms(at).into(),
                turn.into(),
            ],
        )?;
        tallies.insert(course.clone(), capacity::change(tally, from, *to));
    }
    Ok(())
}

pub(crate) const FILE: &[&str] = &[
    "application_id",
    "program_id",
    "revision",
    "receipt_number",
    "sequence",
    "received_at_ms",
    "version",
    "status",
    "step",
    "owner",
    "assignee",
    "expert",
    "due_at_ms",
    "warn_at_ms",
    "correcting",
    "approval",
    "outcome",
    "courses",
    "name",
    "corporate_number",
    "name_key",
    "phone_key",
    "address_key",
    "search_text",
    "updated_at_ms",
    "waiting",
    "due_order",
];

pub(crate) const RECORD: &[&str] = &["application_id", "answers", "verdict", "state"];

/// The narrow row of a case, in the order of [`FILE`].
pub(crate) fn file_row(program: &Program, stored: &Stored, at: Timestamp) -> Vec<Value> {
    let case = &stored.case;
    let keys = keys(&stored.answers);
    let due = case.due();
    let courses: String = (case.places.iter())
        .filter(|(_, state)| **state != PlaceState::Returned || case.status.is_closed())
        .map(|(course, _)| format!("{course} "))
        .collect();
    let (outcome, _) = judged(&stored.verdict, case);
    let approval = case.approval.as_ref();
    vec![
        (&stored.application_id).into(),
        (&stored.program_id).into(),
        (&stored.revision).into(),
        (&stored.receipt_number).into(),
        stored.sequence.into(),
        ms(stored.received_at).into(),
        case.version.into(),
        case.status.as_str().into(),
        case.current(program)
            .map_or("", |step| step.id.as_str())
            .into(),
        case.owner(program).map(role).unwrap_or_default().into(),
        case.assignee.as_deref().into(),
        case.expert.as_deref().into(),
        due.map(|(_, clock)| ms(clock.due_at)).into(),
        due.map(|(_, clock)| ms(clock.warn_at)).into(),
        i64::from(case.correction.is_some()).into(),
        approval
            .map(|approval| word(&approval.state))
            .unwrap_or_default()
            .into(),
        word(&outcome).into(),
        courses.into(),
        stored.answers.name.clone().unwrap_or_default().into(),
        stored.answers.corporate_number.as_deref().into(),
        keys.name.into(),
        keys.phone.into(),
        keys.address.into(),
        word::text(stored).into(),
        ms(at).into(),
        i64::from(waits(case)).into(),
        due.map_or(i64::MAX, |(_, clock)| ms(clock.due_at)).into(),
    ]
}

/// Whether a place is waited for or offered in some course.
fn waits(case: &Case) -> bool {
    let waiting = |state: &PlaceState| matches!(state, PlaceState::Waiting | PlaceState::Offered);
    !case.status.is_closed() && case.places.values().any(waiting)
}

pub(crate) fn record_row(stored: &Stored) -> Result<Vec<Value>, StoreError> {
    Ok(vec![
        (&stored.application_id).into(),
        serde_json::to_string(&stored.answers)?.into(),
        serde_json::to_string(&stored.verdict)?.into(),
        serde_json::to_string(&stored.case)?.into(),
    ])
}

fn role(role: Role) -> String {
    word(&role)
}

/// The word by which an enum of plain names is written everywhere.
fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => unreachable!("only enums of plain names are written as words"),
    }
}

/// The places of an application with their positions, in the order of the courses' names.
pub fn place_data(tx: &mut Tx, application_id: &str) -> Result<Vec<PlaceData>, StoreError> {
    let rows = tx.query(
        "SELECT course, position, state FROM place WHERE application_id = $1 ORDER BY course",
        &[application_id.into()],
    )?;
    let places = rows.iter().map(|row| PlaceData {
        course: row.text(0).to_owned(),
        position: row.int(1),
        state: row.text(2).to_owned(),
    });
    Ok(places.collect())
}
