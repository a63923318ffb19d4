//! Migrations: one text for both engines, applied in order, never changed afterwards.

use sha2::{Digest, Sha256};

use crate::{Db, DbError, Kind, Tx, Value};

/// One step of the schema. Its text uses `INT64`, `BYTES`, `STRICT` and `WITHOUT ROWID`, which are translated for each engine;
/// everything else is SQL that both take as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    pub name: &'static str,
    pub sql: &'static str,
}

impl Migration {
    /// The SHA-256 of its text, in hexadecimal digits.
    pub fn checksum(&self) -> String {
        checksum(self.sql)
    }
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)";

pub(crate) fn run(db: &Db, migrations: &[Migration]) -> Result<(), DbError> {
    db.write(|tx| {
        tx.execute(TABLE, &[])?;
        let applied = applied(tx, migrations)?;
        for migration in migrations
            .iter()
            .filter(|migration| !applied.contains(&migration.name))
        {
            apply(tx, migration)?;
        }
        Ok(())
    })
}

pub(crate) fn check(db: &Db, migrations: &[Migration]) -> Result<(), DbError> {
    db.read(|tx| {
        let applied = applied(tx, migrations)?;
        match migrations
            .iter()
            .find(|migration| !applied.contains(&migration.name))
        {
            Some(missing) => Err(DbError::new(
                Kind::Other,
                format!("migration {} is missing", missing.name),
            )),
            None => Ok(()),
        }
    })
}

/// The names of the applied migrations, all of them known and unchanged.
fn applied(tx: &mut Tx, migrations: &[Migration]) -> Result<Vec<&'static str>, DbError> {
    let rows = tx.query(
        "SELECT name, checksum FROM schema_migration ORDER BY name",
        &[],
    )?;
    rows.iter()
        .map(|row| {
            let Some(migration) = migrations
                .iter()
                .find(|migration| migration.name == row.text(0))
            else {
                return Err(DbError::new(
                    Kind::Newer,
                    format!("migration {} is unknown here", row.text(0)),
                ));
            };
            if checksum(migration.sql) != row.text(1) {
                return Err(DbError::new(
                    Kind::Changed,
                    format!(
                        "migration {} was changed after it was applied",
                        migration.name
                    ),
                ));
            }
            Ok(migration.name)
        })
        .collect()
}

fn apply(tx: &mut Tx, migration: &Migration) -> Result<(), DbError> {
    let sql = match tx {
        Tx::Sqlite(_) => migration
            .sql
            .replace("INT64", "INTEGER")
            .replace("BYTES", "BLOB"),
        Tx::Postgres(_) => migration
            .sql
            .replace("INT64", "BIGINT")
            .replace("BYTES", "BYTEA")
            .replace(") STRICT;", ");")
            .replace(") STRICT, WITHOUT ROWID;", ");"),
    };
    let plain: String = sql
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .collect::<Vec<_>>()
        .join("\n");
    for statement in plain
        .split(';')
        .map(str::trim)
        .filter(|statement| !statement.is_empty())
    {
        tx.execute(statement, &[])?;
    }
    tx.execute(
        "INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)",
        &[
            Value::from(migration.name),
            Value::from(checksum(migration.sql)),
        ],
    )?;
    Ok(())
}

fn checksum(sql: &str) -> String {
    Sha256::digest(sql.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
