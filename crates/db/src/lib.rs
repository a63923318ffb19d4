//! One small face over SQLite and PostgreSQL, and beside it a client of ClickHouse, which has no transactions: `Db` opens and runs transactions, `Tx` runs SQL written once for both.
//!
//! Architecture invariants: no other crate names a database driver. The database makes no time, id or random value. Every
//! transaction is serializable on both engines; closures are synchronous and may run again, so they must not have effects outside.

pub mod clickhouse;
pub mod copy;
mod error;
mod migrate;
mod postgres;
mod schema;
mod sqlite;
mod tx;
mod value;

use std::path::Path;

pub use error::{DbError, Kind, Server};
pub use migrate::Migration;
pub use postgres::Postgres;
pub use schema::{Schema, schema};
pub use sqlite::Sqlite;
pub use tx::Tx;
pub use value::{Row, Value};

/// How strictly writers are kept apart. Anything but the default exists only for the negative control of the race test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// Serializable, with one writer at a time across all nodes.
    Strict,
    /// PostgreSQL: READ COMMITTED without the writers' lock. SQLite: no transaction at all. Oversells places; never use.
    Unsafe,
}

/// An open database.
pub enum Db {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Db {
    /// Opens `url`: `postgres://…` / `postgresql://…`, or `sqlite:PATH`, or a plain path of an SQLite file (created when missing).
    ///
    /// # Errors
    /// `Kind::Url` for another scheme, `Kind::Unreachable` when the file or server cannot be opened, `Kind::NotADatabase` for a file
    /// that is something else.
    pub fn open(url: &str) -> Result<Db, DbError> {
        Db::open_with(url, Isolation::Strict)
    }

    /// Like `open`, with the isolation chosen; see `Isolation::Unsafe`.
    pub fn open_with(url: &str, isolation: Isolation) -> Result<Db, DbError> {
        match sqlite_path(url)? {
            None => Ok(Db::Postgres(Postgres::open(url, isolation)?)),
            Some(path) => Ok(Db::Sqlite(Sqlite::open(path, isolation)?)),
        }
    }

    /// Like `open`, but an SQLite file must exist already, and opening it changes nothing.
    pub fn open_existing(url: &str) -> Result<Db, DbError> {
        match sqlite_path(url)? {
            None => Db::open(url),
            Some(path) => Ok(Db::Sqlite(Sqlite::open_existing(path)?)),
        }
    }

    /// The engine's name for people and logs.
    pub fn engine(&self) -> &'static str {
        match self {
            Db::Sqlite(_) => "SQLite",
            Db::Postgres(_) => "PostgreSQL",
        }
    }

    /// Runs `work` in one serializable transaction and commits it durably. When `work` fails nothing remains of it.
    ///
    /// `work` may run several times (serialization failures are tried again up to ten times); its last result counts.
    pub fn write<T, E: From<DbError>>(
        &self,
        work: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        match self {
            Db::Sqlite(db) => db.write(work),
            Db::Postgres(db) => db.write(work),
        }
    }

    /// Runs `work` on one consistent snapshot. Writing in it is an error.
    pub fn read<T, E: From<DbError>>(
        &self,
        work: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        match self {
            Db::Sqlite(db) => db.read(work),
            Db::Postgres(db) => db.read(work),
        }
    }

    /// Rewrites tables so that nothing that was deleted stays in the database's files. Takes the time and the room of a copy; SQLite rewrites
    /// the whole file. Table names are our own code, never input.
    ///
    /// # Errors
    /// `Kind::Full` when there is no room for the copy, `Kind::Busy` when somebody reads all the while; nothing is lost then.
    pub fn erase_deleted(&self, tables: &[&str]) -> Result<(), DbError> {
        match self {
            Db::Sqlite(db) => db.erase_deleted(),
            Db::Postgres(db) => db.erase_deleted(tables),
        }
    }

    /// Applies the migrations that are missing, each in its own transaction.
    ///
    /// # Errors
    /// `Kind::Newer` when the database holds a migration this program does not know, `Kind::Changed` when an applied one differs.
    pub fn migrate(&self, migrations: &[Migration]) -> Result<(), DbError> {
        migrate::run(self, migrations)
    }

    /// Checks that exactly these migrations were applied, without changing anything.
    ///
    /// # Errors
    /// `Kind::Newer` or `Kind::Changed` as `migrate`; `Kind::Other` when some are missing or the database is not an office.
    pub fn check(&self, migrations: &[Migration]) -> Result<(), DbError> {
        migrate::check(self, migrations)
    }
}

/// The file that a URL means; none when it means a PostgreSQL server.
fn sqlite_path(url: &str) -> Result<Option<&Path>, DbError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(None);
    }
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    match path.split_once("://") {
        Some((scheme, _)) => Err(DbError::new(Kind::Url, format!("unknown scheme {scheme}"))),
        None => Ok(Some(path.as_ref())),
    }
}
