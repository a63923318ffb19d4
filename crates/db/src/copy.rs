//! Moves tables from one database to another, engine to engine, and proves that nothing changed on the way.

use sha2::{Digest, Sha256};

use crate::{Db, DbError, Kind, Row, Tx, Value};

/// A table, its columns with commas between them, and its key.
pub type Table = (&'static str, &'static str, &'static str);

/// Rows inserted at once, unless their bytes are too many.
const BATCH: usize = 512;
/// Bytes of rows that are held at once, about.
const MOST_BYTES: usize = 4 << 20;

/// One table after the copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    pub table: &'static str,
    pub rows: u64,
    /// SHA-256 over all rows, added up so that their order does not matter, hex; the same on both sides.
    pub checksum: String,
}

/// Copies tables, in an order in which references are satisfied, from a snapshot of `from` into empty ones of `to`, in one transaction of `to`.
/// `which` gives for a table a `WHERE` that leaves rows out, or nothing.
///
/// # Errors
/// `Kind::Unique` when a table is not empty, `Kind::Corrupt` when a checksum differs; `to` is unchanged then.
pub fn tables(
    from: &Db,
    to: &Db,
    tables: &[Table],
    which: fn(&str) -> &'static str,
) -> Result<Vec<Copied>, DbError> {
    from.read(|source| {
        to.write(|target| {
            (tables.iter())
                .map(|table| copy_table(source, target, table, which))
                .collect()
        })
    })
}

fn copy_table(
    source: &mut Tx,
    target: &mut Tx,
    table: &Table,
    which: fn(&str) -> &'static str,
) -> Result<Copied, DbError> {
    let (name, columns, key) = *table;
    let anything = format!("SELECT 1 FROM {name} LIMIT 1");
    if target.query_opt(&anything, &[])?.is_some() {
        return Err(DbError::new(
            Kind::Unique,
            format!("the target is not empty: {name}"),
        ));
    }
    let names: Vec<&str> = columns.split(',').map(str::trim).collect();
    let mut batch: Vec<Vec<Value>> = Vec::with_capacity(BATCH);
    let (mut written, mut bytes) = (Checksum::default(), 0);
    let select = format!(
        "SELECT {columns} FROM {name} {} ORDER BY {key}",
        which(name)
    );
    source.for_each(&select, &[], |row| -> Result<(), DbError> {
        written.add(&row);
        bytes += size(&row);
        batch.push(row.0);
        if batch.len() == BATCH || bytes >= MOST_BYTES {
            target.insert_many(name, &names, &batch)?;
            batch.clear();
            bytes = 0;
        }
        Ok(())
    })?;
    target.insert_many(name, &names, &batch)?;
    let copied = Copied {
        table: name,
        rows: written.rows,
        checksum: written.total(),
    };
    if checksum(target, table, which)? != copied {
        return Err(DbError::new(
            Kind::Corrupt,
            format!("{name} differs after the copy"),
        ));
    }
    Ok(copied)
}

fn size(row: &Row) -> usize {
    let of = |value: &Value| match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::Null | Value::Int(_) => 8,
    };
    row.0.iter().map(of).sum()
}

/// Counts and hashes one table. The order of rows does not matter: text keys sort differently on the two engines.
///
/// # Errors
/// Those of the database.
pub fn checksum(
    tx: &mut Tx,
    table: &Table,
    which: fn(&str) -> &'static str,
) -> Result<Copied, DbError> {
    let (name, columns, _) = *table;
    let mut sum = Checksum::default();
    let select = format!("SELECT {columns} FROM {name} {}", which(name));
    tx.for_each(&select, &[], |row| -> Result<(), DbError> {
        sum.add(&row);
        Ok(())
    })?;
    Ok(Copied {
        table: name,
        rows: sum.rows,
        checksum: sum.total(),
    })
}

/// The sum of all rows' hashes modulo 2²⁵⁶: independent of their order, and a changed, lost or doubled row changes it.
#[derive(Default)]
struct Checksum {
    rows: u64,
    sum: [u8; 32],
}

impl Checksum {
    fn add(&mut self, row: &Row) {
        let mut hasher = Sha256::new();
        for value in &row.0 {
            let (tag, bytes): (u8, &[u8]) = match value {
                Value::Null => (0, &[]),
                Value::Int(value) => (1, &value.to_be_bytes()),
                Value::Text(value) => (2, value.as_bytes()),
                Value::Bytes(value) => (3, value),
            };
            hasher.update([tag]);
            hasher.update((bytes.len() as u64).to_be_bytes());
            hasher.update(bytes);
        }
        let mut carry = 0u16;
        for (sum, byte) in self.sum.iter_mut().zip(hasher.finalize()) {
            carry += u16::from(*sum) + u16::from(byte);
            *sum = (carry & 0xff) as u8;
            carry >>= 8;
        }
        self.rows += 1;
    }

    fn total(&self) -> String {
        self.sum.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
