//! Batches into tables: several in one transaction, each once. Rows, figures and the batch's id or the file's position are committed together.

mod write;

use sonae_db::{Db, Kind, Row, Tx};

use crate::TelemetryError;
use crate::batch::{Counts, Origin, Prepared};
use crate::dictionary::{Dictionary, Learning};

use write::Group;

/// Batches that are stored in one transaction, at most; a caller bounds their bytes as well.
pub const MOST_BATCHES: usize = 256;

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Its lines are durable.
    Stored(Counts),
    /// It was stored before and was not touched now; the counts are those of then.
    Before(Counts),
    /// Another content was stored under its id.
    Conflict,
    /// The file was read to another place, from which to go on; nothing was stored.
    ReadTo(u64),
}

/// Stores batches in one transaction.
///
/// # Errors
/// Those of the database; then nothing of any batch is stored, and the same group can be given again.
pub fn store(
    db: &Db,
    dictionary: &mut Dictionary,
    group: &[Prepared],
) -> Result<Vec<Answer>, TelemetryError> {
    let (answers, news) = db.write(|tx| {
        let mut learning = Learning::begin(dictionary, tx)?;
        let answers = within(tx, &mut learning, group)?;
        Ok::<_, TelemetryError>((answers, learning.news))
    })?;
    dictionary.learn(news);
    Ok(answers)
}

/// Like `store`, but a batch that cannot be stored harms no other: when a group fails, each of its batches is tried alone.
pub fn store_each(
    db: &Db,
    dictionary: &mut Dictionary,
    group: &[Prepared],
) -> Vec<Result<Answer, TelemetryError>> {
    match store(db, dictionary, group) {
        Ok(answers) => answers.into_iter().map(Ok).collect(),
        Err(error) if group.len() == 1 || !may_be_one(&error) => {
            group.iter().map(|_| Err(again(&error))).collect()
        }
        Err(_) => group
            .iter()
            .map(|one| {
                let answers = store(db, dictionary, std::slice::from_ref(one))?;
                Ok(answers
                    .into_iter()
                    .next()
                    .expect("one answer for one batch"))
            })
            .collect(),
    }
}

/// Whether one batch may be at fault, not the database as a whole.
pub(crate) fn may_be_one(error: &TelemetryError) -> bool {
    match error {
        TelemetryError::Db(error) => !matches!(
            error.kind,
            Kind::Full | Kind::Unreachable | Kind::Unanswered | Kind::ReadOnly | Kind::Busy
        ),
        TelemetryError::Damaged(_) => true,
    }
}

pub(crate) fn again(error: &TelemetryError) -> TelemetryError {
    match error {
        TelemetryError::Db(error) => TelemetryError::Db(error.clone()),
        TelemetryError::Damaged(what) => TelemetryError::Damaged(what.clone()),
    }
}

pub(crate) fn within(
    tx: &mut Tx,
    learning: &mut Learning<'_>,
    group: &[Prepared],
) -> Result<Vec<Answer>, TelemetryError> {
    let mut sums = Group::begin(tx)?;
    let mut answers = Vec::with_capacity(group.len());
    for batch in group {
        let answer = match known(tx, batch)? {
            Some(answer) => answer,
            None => {
                sums.add(tx, learning, batch)?;
                note(tx, batch)?;
                Answer::Stored(batch.counts())
            }
        };
        answers.push(answer);
    }
    sums.write(tx)?;
    Ok(answers)
}

/// What is said about a batch that must not be stored.
fn known(tx: &mut Tx, batch: &Prepared) -> Result<Option<Answer>, TelemetryError> {
    match &batch.origin {
        Origin::Sent { batch_id, hash } => {
            let row = tx.query_opt(
                "SELECT hash, lines, detections, activities, unknown FROM batch WHERE source = $1 AND batch_id = $2",
                &[(&batch.source.id).into(), batch_id.into()],
            )?;
            Ok(row.map(|row| match row.bytes(0) == hash {
                true => Answer::Before(counts(&row, 1)),
                false => Answer::Conflict,
            }))
        }
        Origin::Read { file, from, .. } => {
            let read_to = read_to(tx, &batch.source.id, file)?;
            Ok((read_to != *from).then_some(Answer::ReadTo(read_to)))
        }
    }
}

/// How far a file was read; 0 for one that was never heard of.
pub fn read_to(tx: &mut Tx, source: &str, file: &str) -> Result<u64, TelemetryError> {
    let row = tx.query_opt(
        "SELECT read_to FROM file_position WHERE source = $1 AND file = $2",
        &[source.into(), file.into()],
    )?;
    Ok(row.map_or(0, |row| row.int(0) as u64))
}

fn counts(row: &Row, from: usize) -> Counts {
    Counts {
        lines: row.int(from),
        detections: row.int(from + 1),
        activities: row.int(from + 2),
        unknown: row.int(from + 3),
    }
}

/// Notes that a batch is stored, in the transaction that stores it.
fn note(tx: &mut Tx, batch: &Prepared) -> Result<(), TelemetryError> {
    let Counts {
        lines,
        detections,
        activities,
        unknown,
    } = batch.counts();
    match &batch.origin {
        Origin::Sent { batch_id, hash } => tx.execute(
            "INSERT INTO batch (source, batch_id, hash, received_us, lines, detections, activities, unknown)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            &[
                (&batch.source.id).into(),
                batch_id.into(),
                (*hash).into(),
                batch.received_us.into(),
                lines.into(),
                detections.into(),
                activities.into(),
                unknown.into(),
            ],
        )?,
        Origin::Read { file, to, .. } => tx.execute(
            "INSERT INTO file_position (source, file, read_to, received_us) VALUES ($1, $2, $3, $4)
             ON CONFLICT (source, file) DO UPDATE SET read_to = excluded.read_to, received_us = excluded.received_us",
            &[
                (&batch.source.id).into(),
                file.into(),
                (*to as i64).into(),
                batch.received_us.into(),
            ],
        )?,
    };
    Ok(())
}
