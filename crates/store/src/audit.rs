//! The audit log: appended in the transaction of the change it records. See `sonae_core::audit` for the hash.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sonae_core::audit::{Entry, GENESIS, Hash, chain};
use sonae_db::{Tx, Value};

use crate::StoreError;

/// The end of the log: the index the next entry gets and the hash it is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail {
    pub next_index: i64,
    pub hash: Hash,
}

/// An entry bound to its place in the log, ready to be stored.
#[derive(Clone, Debug)]
pub struct Bound {
    pub index: i64,
    pub line: String,
    pub previous: Hash,
    pub hash: Hash,
}

/// Who did what to which thing.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    pub at: Timestamp,
    pub actor: &'a str,
    pub action: &'a str,
    pub subject: &'a str,
}

pub fn tail(tx: &mut Tx) -> Result<Tail, StoreError> {
    let row = tx.query_opt(
        "SELECT log_index, hash FROM audit_entry ORDER BY log_index DESC LIMIT 1",
        &[],
    )?;
    Ok(match row {
        None => Tail {
            next_index: 0,
            hash: GENESIS,
        },
        Some(row) => Tail {
            next_index: row.int(0) + 1,
            hash: hash_of(row.bytes(1))?,
        },
    })
}

/// Binds one more entry to the tail and moves the tail on.
pub fn bind<D: Serialize>(tail: &mut Tail, act: Act<'_>, data: D) -> Bound {
    let entry = Entry {
        index: tail.next_index,
        at: sonae_core::audit::at_text(act.at),
        actor: act.actor.to_owned(),
        action: act.action.to_owned(),
        subject: act.subject.to_owned(),
        data,
    };
    let line = entry.line();
    let bound = Bound {
        index: entry.index,
        previous: tail.hash,
        hash: chain(&tail.hash, &line),
        line,
    };
    *tail = Tail {
        next_index: entry.index + 1,
        hash: bound.hash,
    };
    bound
}

/// Stores bound entries, in their order.
pub fn store(tx: &mut Tx, entries: &[Bound]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = entries
        .iter()
        .map(|entry| {
            vec![
                entry.index.into(),
                Value::from(&entry.line),
                Value::from(entry.hash),
            ]
        })
        .collect();
    Ok(tx.insert_many("audit_entry", &["log_index", "line", "hash"], &rows)?)
}

/// Appends one entry.
pub fn append<D: Serialize>(tx: &mut Tx, act: Act<'_>, data: D) -> Result<Bound, StoreError> {
    let mut tail = tail(tx)?;
    let bound = bind(&mut tail, act, data);
    store(tx, std::slice::from_ref(&bound))?;
    Ok(bound)
}

/// The entry at an index with the hash it is bound to.
pub fn entry(tx: &mut Tx, index: i64) -> Result<Option<Bound>, StoreError> {
    let rows = tx.query(
        "SELECT log_index, line, hash FROM audit_entry WHERE log_index IN ($1, $2) ORDER BY log_index",
        &[(index - 1).into(), index.into()],
    )?;
    let Some(row) = rows.iter().find(|row| row.int(0) == index) else {
        return Ok(None);
    };
    let previous = match rows.iter().find(|row| row.int(0) == index - 1) {
        Some(row) => hash_of(row.bytes(2))?,
        None => GENESIS,
    };
    Ok(Some(Bound {
        index,
        line: row.text(1).to_owned(),
        previous,
        hash: hash_of(row.bytes(2))?,
    }))
}

/// An entry as it is read back, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    pub index: i64,
    pub line: String,
    /// Whether its hash follows from its line and from the entry before it, which is there.
    pub fits: bool,
}

/// The entries before an index, the newest first, each checked against the one before it.
pub fn before(tx: &mut Tx, index: i64, most: u32) -> Result<Vec<Logged>, StoreError> {
    let rows = tx.query(
        "SELECT log_index, line, hash FROM audit_entry WHERE log_index < $1 ORDER BY log_index DESC LIMIT $2",
        &[index.into(), (i64::from(most) + 1).into()],
    )?;
    let mut entries = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate().take(most as usize) {
        let (index, line) = (row.int(0), row.text(1).to_owned());
        let previous = match rows.get(at + 1) {
            Some(older) if older.int(0) + 1 == index => Some(hash_of(older.bytes(2))?),
            None if index == 0 => Some(GENESIS),
            _ => None,
        };
        let hash = hash_of(row.bytes(2))?;
        let fits = previous.is_some_and(|previous| chain(&previous, &line) == hash);
        entries.push(Logged { index, line, fits });
    }
    Ok(entries)
}

/// The index of the first entry at or after an instant; that of the next entry when there is none. Found by halving, since instants
/// grow with the index; nodes whose clocks differ may put neighbours apart by as much.
pub fn first_since(tx: &mut Tx, at: Timestamp) -> Result<i64, StoreError> {
    let (mut low, mut high) = (0, tail(tx)?.next_index);
    while low < high {
        let middle = low + (high - low) / 2;
        let found = entry(tx, middle)?;
        let found = found.ok_or_else(|| StoreError::Damaged("a gap in the log".into()))?;
        let head: At = serde_json::from_str(&found.line)?;
        match head.at < at {
            true => low = middle + 1,
            false => high = middle,
        }
    }
    Ok(low)
}

/// What is read of a line to find its instant.
#[derive(Deserialize)]
struct At {
    at: Timestamp,
}

pub(crate) fn hash_of(bytes: &[u8]) -> Result<Hash, StoreError> {
    bytes
        .try_into()
        .map_err(|_| StoreError::Damaged("a hash that is not 32 bytes".into()))
}
