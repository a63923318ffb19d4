//! The ledger: which attempts count, and what must be found on the servers. Every function is one step of a serializable transaction.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use sonae_db::{Db, DbError, Kind, Row, Tx};

use super::rows::Parts;
use super::servers::shard_of;
use crate::TelemetryError;
use crate::batch::{Counts, Origin, Prepared};
use crate::day::Month;
use crate::ingest::Answer;

/// A batch's way through the ledger.
pub(super) enum Step {
    /// It must not be stored, and this is said of it.
    Known(Answer),
    /// The same, if an earlier batch of the group is stored.
    After(usize, Answer),
    Begun(Begun),
}

/// An attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    pub(super) attempt: i64,
    pub(super) company: i64,
    pub(super) shard: usize,
    /// The number of its first line.
    pub(super) number: i64,
}

/// What counts at one moment.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) epoch: i64,
    pub(super) next_attempt: i64,
    /// Attempts below it that do not count.
    pub(super) not: Vec<i64>,
    pub(super) months_gone: Vec<i64>,
}

/// What must be found of some months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) attempts: i64,
    pub(super) figures: i64,
    pub(super) blocks: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Company {
    pub(super) company: i64,
    pub(super) office_id: String,
    pub(super) shard: usize,
}

/// The ledger's id, made the first time. Also refuses a URL that names fewer shards than companies lie on.
pub(super) fn identity(ledger: &Db, shards: usize) -> Result<String, DbError> {
    // Only to be told apart from other ledgers; nobody gains anything by guessing it.
    let random = || RandomState::new().build_hasher().finish();
    let fresh = format!("{:016x}{:016x}", random(), random());
    ledger.write(|tx| {
        let used = tx.query_one("SELECT COALESCE(MAX(shard), -1) + 1 FROM company", &[])?;
        if used.int(0) > shards as i64 {
            return Err(DbError::new(Kind::Url, format!("companies lie on {} shards, but {shards} are named", used.int(0))));
        }
        if let Some(row) = tx.query_opt("SELECT ledger_id FROM ledger", &[])? {
            return Ok(row.text(0).to_owned());
        }
        tx.execute(
            "INSERT INTO ledger (ledger_id, next_attempt, next_company, epoch) VALUES ($1, 1, 1, 1)",
            &[(&fresh).into()],
        )?;
        Ok(fresh.clone())
    })
}

pub(super) fn snapshot(tx: &mut Tx) -> Result<Snapshot, TelemetryError> {
    let state = tx.query_one("SELECT epoch, next_attempt FROM ledger", &[])?;
    let numbers = |rows: Vec<Row>| rows.iter().map(|row| row.int(0)).collect();
    let not = tx.query(
        "SELECT attempt FROM attempt UNION ALL SELECT attempt FROM given_up ORDER BY 1",
        &[],
    )?;
    let months = tx.query("SELECT month FROM removed_month ORDER BY month", &[])?;
    Ok(Snapshot {
        epoch: state.int(0),
        next_attempt: state.int(1),
        not: numbers(not),
        months_gone: numbers(months),
    })
}

pub(super) fn epoch(tx: &mut Tx) -> Result<i64, TelemetryError> {
    Ok(tx.query_one("SELECT epoch FROM ledger", &[])?.int(0))
}

pub(super) fn next_epoch(tx: &mut Tx) -> Result<(), TelemetryError> {
    tx.execute("UPDATE ledger SET epoch = epoch + 1", &[])?;
    Ok(())
}

pub(super) fn company(tx: &mut Tx, office_id: &str) -> Result<Option<Company>, TelemetryError> {
    let row = tx.query_opt(
        "SELECT company, office_id, shard FROM company WHERE office_id = $1",
        &[office_id.into()],
    )?;
    Ok(row.as_ref().map(told))
}

pub(super) fn companies(tx: &mut Tx) -> Result<Vec<Company>, TelemetryError> {
    let rows = tx.query(
        "SELECT company, office_id, shard FROM company ORDER BY company",
        &[],
    )?;
    Ok(rows.iter().map(told).collect())
}

fn told(row: &Row) -> Company {
    Company {
        company: row.int(0),
        office_id: row.text(1).to_owned(),
        shard: row.int(2) as usize,
    }
}

const SUMS: &str = "SELECT CAST(COALESCE(SUM(p.attempts), 0) AS BIGINT), CAST(COALESCE(SUM(p.figures), 0) AS BIGINT),
     CAST(COALESCE(SUM(p.blocks), 0) AS BIGINT)";

pub(super) fn expected(
    tx: &mut Tx,
    company: i64,
    months: (Month, Month),
) -> Result<Expected, TelemetryError> {
    let sql = format!("{SUMS} FROM part p WHERE p.company = $1 AND p.month BETWEEN $2 AND $3");
    let row = tx.query_one(
        &sql,
        &[company.into(), months.0.0.into(), months.1.0.into()],
    )?;
    Ok(expectation(&row))
}

pub(super) fn expected_of_shard(
    tx: &mut Tx,
    shard: usize,
    months: (Month, Month),
) -> Result<Expected, TelemetryError> {
    let sql = format!(
        "{SUMS} FROM company c JOIN part p ON p.company = c.company WHERE c.shard = $1 AND p.month BETWEEN $2 AND $3"
    );
    let row = tx.query_one(
        &sql,
        &[(shard as i64).into(), months.0.0.into(), months.1.0.into()],
    )?;
    Ok(expectation(&row))
}

fn expectation(row: &Row) -> Expected {
    Expected {
        attempts: row.int(0),
        figures: row.int(1),
        blocks: row.int(2),
    }
}

/// Begins an attempt for each batch of a group that must be stored. An attempt of somebody else for the same batch is given up: whoever ends first counts.
pub(super) fn begin(
    tx: &mut Tx,
    group: &[Prepared],
    shards: usize,
) -> Result<Vec<Step>, TelemetryError> {
    let gone = snapshot(tx)?.months_gone;
    let mut next = tx.query_one("SELECT next_attempt FROM ledger", &[])?.int(0);
    let mut sent: HashMap<(&str, &str), usize> = HashMap::new();
    let mut read: HashMap<(&str, &str), (usize, u64)> = HashMap::new();
    let mut steps = Vec::with_capacity(group.len());
    for (at, batch) in group.iter().enumerate() {
        let source = batch.source.id.as_str();
        let earlier = match &batch.origin {
            Origin::Sent { batch_id, hash } => match sent.get(&(source, batch_id.as_str())) {
                Some(first) => {
                    let same = matches!(&group[*first].origin, Origin::Sent { hash: other, .. } if other == hash);
                    let before = Answer::Before(group[*first].counts());
                    Some(Step::After(
                        *first,
                        if same { before } else { Answer::Conflict },
                    ))
                }
                None => known_batch(tx, source, batch_id, hash)?.map(Step::Known),
            },
            Origin::Read { file, from, .. } => match read.get(&(source, file.as_str())) {
                Some((first, to)) => {
                    (to != from).then_some(Step::After(*first, Answer::ReadTo(*to)))
                }
                None => {
                    let to = read_to(tx, source, file)?;
                    (to != *from).then_some(Step::Known(Answer::ReadTo(to)))
                }
            },
        };
        if let Some(step) = earlier {
            steps.push(step);
            continue;
        }
        if Parts::months(batch)
            .iter()
            .any(|month| gone.contains(&month.0))
        {
            return Err(DbError::new(Kind::Busy, "a month of the batch is being removed").into());
        }
        steps.push(Step::Begun(attempt(tx, batch, next, shards)?));
        next += 1;
        match &batch.origin {
            Origin::Sent { batch_id, .. } => drop(sent.insert((source, batch_id), at)),
            Origin::Read { file, to, .. } => drop(read.insert((source, file), (at, *to))),
        }
    }
    tx.execute("UPDATE ledger SET next_attempt = $1", &[next.into()])?;
    Ok(steps)
}

fn attempt(
    tx: &mut Tx,
    batch: &Prepared,
    attempt: i64,
    shards: usize,
) -> Result<Begun, TelemetryError> {
    let office_id = &batch.source.company;
    let company = match company(tx, office_id)? {
        Some(company) => company,
        None => new_company(tx, office_id, shards)?,
    };
    let entries: i64 = batch
        .blocks
        .iter()
        .map(|(_, _, block)| block.entries as i64)
        .sum();
    let row = tx.query_one(
        "UPDATE company SET next_number = next_number + $2 WHERE company = $1 RETURNING next_number",
        &[company.company.into(), entries.into()],
    )?;
    let (kind, name) = key(&batch.origin);
    let theirs = tx.query_opt(
        "DELETE FROM attempt WHERE source = $1 AND kind = $2 AND name = $3 RETURNING attempt, company",
        &[(&batch.source.id).into(), kind.into(), (&name).into()],
    )?;
    if let Some(theirs) = theirs {
        given_up(tx, theirs.int(0), theirs.int(1))?;
    }
    tx.execute(
        "INSERT INTO attempt (attempt, company, source, kind, name) VALUES ($1, $2, $3, $4, $5)",
        &[
            attempt.into(),
            company.company.into(),
            (&batch.source.id).into(),
            kind.into(),
            name.into(),
        ],
    )?;
    Ok(Begun {
        attempt,
        company: company.company,
        shard: company.shard,
        number: row.int(0) - entries,
    })
}

fn new_company(tx: &mut Tx, office_id: &str, shards: usize) -> Result<Company, TelemetryError> {
    let row = tx.query_one(
        "UPDATE ledger SET next_company = next_company + 1 RETURNING next_company",
        &[],
    )?;
    let company = Company {
        company: row.int(0) - 1,
        office_id: office_id.to_owned(),
        shard: shard_of(office_id, shards),
    };
    tx.execute(
        "INSERT INTO company (company, office_id, shard, next_number) VALUES ($1, $2, $3, 1)",
        &[
            company.company.into(),
            office_id.into(),
            (company.shard as i64).into(),
        ],
    )?;
    Ok(company)
}

/// By what another attempt for the same batch is known.
fn key(origin: &Origin) -> (i64, String) {
    match origin {
        Origin::Sent { batch_id, .. } => (0, batch_id.clone()),
        Origin::Read { file, from, .. } => (1, format!("{from} {file}")),
    }
}

fn given_up(tx: &mut Tx, attempt: i64, company: i64) -> Result<(), TelemetryError> {
    tx.execute(
        "INSERT INTO given_up (attempt, company) VALUES ($1, $2)",
        &[attempt.into(), company.into()],
    )?;
    Ok(())
}

/// Gives an attempt up; `certain` when nothing of it can have been written, so that nothing has to be remembered.
pub(super) fn give_up(tx: &mut Tx, begun: &Begun, certain: bool) -> Result<(), TelemetryError> {
    let gone = tx.execute(
        "DELETE FROM attempt WHERE attempt = $1",
        &[begun.attempt.into()],
    )?;
    match gone > 0 && !certain {
        true => given_up(tx, begun.attempt, begun.company),
        false => Ok(()),
    }
}

/// Ends an attempt whose rows are written: from now on it counts. False when somebody else took the batch over, its company was forgotten, or a month
/// was let go meanwhile; then it never counts.
pub(super) fn finish(tx: &mut Tx, batch: &Prepared, begun: &Begun) -> Result<bool, TelemetryError> {
    let ended = tx.execute(
        "DELETE FROM attempt WHERE attempt = $1",
        &[begun.attempt.into()],
    )?;
    if ended == 0 {
        return Ok(false);
    }
    let source = &batch.source.id;
    match &batch.origin {
        Origin::Sent { batch_id, hash } => {
            let Counts {
                lines,
                detections,
                activities,
                unknown,
            } = batch.counts();
            tx.execute(
                "INSERT INTO batch (source, batch_id, company, hash, received_us, lines, detections, activities, unknown)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                &[
                    source.into(),
                    batch_id.into(),
                    begun.company.into(),
                    (*hash).into(),
                    batch.received_us.into(),
                    lines.into(),
                    detections.into(),
                    activities.into(),
                    unknown.into(),
                ],
            )?;
        }
        Origin::Read { file, from, to } => {
            if read_to(tx, source, file)? != *from {
                given_up(tx, begun.attempt, begun.company)?;
                return Ok(false);
            }
            tx.execute(
                "INSERT INTO file_position (source, file, company, read_to, received_us) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (source, file) DO UPDATE SET read_to = excluded.read_to, received_us = excluded.received_us",
                &[source.into(), file.into(), begun.company.into(), (*to as i64).into(), batch.received_us.into()],
            )?;
        }
    }
    delivered(tx, batch, begun)?;
    for (month, part) in Parts::of(batch).0 {
        tx.execute(
            "INSERT INTO part (company, month, attempts, figures, blocks) VALUES ($1, $2, 1, $3, $4)
             ON CONFLICT (company, month) DO UPDATE SET attempts = part.attempts + 1, figures = part.figures + excluded.figures,
             blocks = part.blocks + excluded.blocks",
            &[begun.company.into(), month.0.into(), part.figures.into(), part.blocks.into()],
        )?;
    }
    Ok(true)
}

/// Adds a batch to what its source delivered.
fn delivered(tx: &mut Tx, batch: &Prepared, begun: &Begun) -> Result<(), TelemetryError> {
    let counts = batch.counts();
    tx.execute(
        "INSERT INTO source (source, company, lines, detections, activities, unknown, heard_us) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (source) DO UPDATE SET lines = source.lines + excluded.lines, detections = source.detections + excluded.detections,
         activities = source.activities + excluded.activities, unknown = source.unknown + excluded.unknown,
         heard_us = CASE WHEN excluded.heard_us > source.heard_us THEN excluded.heard_us ELSE source.heard_us END",
        &[
            (&batch.source.id).into(),
            begun.company.into(),
            counts.lines.into(),
            counts.detections.into(),
            counts.activities.into(),
            counts.unknown.into(),
            batch.received_us.into(),
        ],
    )?;
    Ok(())
}

fn known_batch(
    tx: &mut Tx,
    source: &str,
    batch_id: &str,
    hash: &[u8; 32],
) -> Result<Option<Answer>, TelemetryError> {
    let row = tx.query_opt(
        "SELECT hash, lines, detections, activities, unknown FROM batch WHERE source = $1 AND batch_id = $2",
        &[source.into(), batch_id.into()],
    )?;
    Ok(row.map(|row| match row.bytes(0) == hash {
        true => Answer::Before(Counts {
            lines: row.int(1),
            detections: row.int(2),
            activities: row.int(3),
            unknown: row.int(4),
        }),
        false => Answer::Conflict,
    }))
}

/// What is known of a batch by now.
pub(super) fn known(tx: &mut Tx, batch: &Prepared) -> Result<Option<Answer>, TelemetryError> {
    match &batch.origin {
        Origin::Sent { batch_id, hash } => known_batch(tx, &batch.source.id, batch_id, hash),
        Origin::Read { file, from, .. } => {
            let to = read_to(tx, &batch.source.id, file)?;
            Ok((to != *from).then_some(Answer::ReadTo(to)))
        }
    }
}

pub(super) fn read_to(tx: &mut Tx, source: &str, file: &str) -> Result<u64, TelemetryError> {
    let row = tx.query_opt(
        "SELECT read_to FROM file_position WHERE source = $1 AND file = $2",
        &[source.into(), file.into()],
    )?;
    Ok(row.map_or(0, |row| row.int(0) as u64))
}
