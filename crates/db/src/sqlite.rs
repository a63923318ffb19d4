//! SQLite: one writing connection, a few reading ones, WAL, every commit on disk before it is answered.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::backup::StepResult;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};

use crate::{DbError, Isolation, Kind, Row, Tx, Value};

/// How long to wait for another process that holds the file.
const BUSY: Duration = Duration::from_secs(10);
/// Page cache of a connection in KiB: enough for the hot pages, small enough for four of them.
const CACHE_KIB: u32 = 4096;
const STATEMENTS: usize = 128;
/// Pages in the write-ahead log before they are moved into the file: 16 MiB, so that a page that changes with every arrival is moved
/// once for many.
const LOG_PAGES: u32 = 4096;
const IDLE_READERS: usize = 4;

pub struct Sqlite {
    path: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    isolation: Isolation,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, isolation: Isolation) -> Result<Sqlite, DbError> {
        let writer = connect(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )?;
        // The file remembers it, so it is set once.
        writer.pragma_update(None, "journal_mode", "WAL")?;
        Ok(Sqlite::with(writer, path, isolation))
    }

    /// Opens a file that must exist, and changes nothing in it, so that a backup stays as it is.
    pub(crate) fn open_existing(path: &Path) -> Result<Sqlite, DbError> {
        let writer = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Ok(Sqlite::with(writer, path, Isolation::Strict))
    }

    fn with(writer: Connection, path: &Path, isolation: Isolation) -> Sqlite {
        Sqlite {
            path: path.to_owned(),
            writer: Mutex::new(writer),
            readers: Mutex::default(),
            isolation,
        }
    }

    pub(crate) fn write<T, E: From<DbError>>(
        &self,
        mut work: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        if self.isolation == Isolation::Unsafe {
            // The negative control: a connection of its own and no transaction, so that what was read may be stale when it is used.
            let connection = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
            return work(&mut Tx::Sqlite(SqliteTx {
                connection: &connection,
            }));
        }
        let connection = lock(&self.writer);
        transaction(&connection, "BEGIN IMMEDIATE", "COMMIT", &mut work)
    }

    pub(crate) fn read<T, E: From<DbError>>(
        &self,
        mut work: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        let idle = lock(&self.readers).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
                connection
                    .pragma_update(None, "query_only", true)
                    .map_err(DbError::from)?;
                connection
            }
        };
        let result = transaction(&connection, "BEGIN DEFERRED", "ROLLBACK", &mut work);
        let mut readers = lock(&self.readers);
        if readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        result
    }

    /// Copies the whole database to `target` while others go on writing (SQLite's online backup: one consistent snapshot).
    ///
    /// # Errors
    /// `Kind::Full` or `Kind::Unreachable` of the target; the source is never changed.
    pub fn backup_to(&self, target: &Path) -> Result<(), DbError> {
        let source = connect(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let mut copy = Connection::open(target)?;
        // All pages in one step: the snapshot is taken once, so writers cannot make the backup start again and again. A held lock is
        // waited for as long as any other.
        let step = rusqlite::backup::Backup::new(&source, &mut copy)?.step(-1)?;
        if step != StepResult::Done {
            return Err(DbError::new(Kind::Busy, format!("backup: {step:?}")));
        }
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        intact(&copy)
    }

    pub(crate) fn erase_deleted(&self) -> Result<(), DbError> {
        let writer = lock(&self.writer);
        writer.execute_batch("VACUUM")?;
        // The log still holds the pages as they were.
        let busy: i64 =
            writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        match busy {
            0 => Ok(()),
            _ => Err(DbError::new(
                Kind::Busy,
                "the write-ahead log is being read",
            )),
        }
    }

    /// Reads every page and index of the file.
    ///
    /// # Errors
    /// `Kind::Corrupt` names the first thing that does not fit.
    pub fn check_pages(&self) -> Result<(), DbError> {
        intact(&lock(&self.writer))
    }
}

fn intact(connection: &Connection) -> Result<(), DbError> {
    let answer: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if answer == "ok" {
        Ok(())
    } else {
        Err(DbError::new(Kind::Corrupt, answer))
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, DbError> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -i64::from(CACHE_KIB))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

/// A panic inside a closure has already rolled its transaction back, so the connection behind a poisoned lock is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ends the transaction even when the closure panics.
struct Open<'a>(&'a Connection);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            // Nothing can be done about a failed rollback: SQLite has then rolled back by itself.
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}

fn transaction<T, E: From<DbError>>(
    connection: &Connection,
    begin: &str,
    end: &str,
    work: &mut impl FnMut(&mut Tx) -> Result<T, E>,
) -> Result<T, E> {
    connection.execute_batch(begin).map_err(DbError::from)?;
    let open = Open(connection);
    let value = work(&mut Tx::Sqlite(SqliteTx { connection }))?;
    connection.execute_batch(end).map_err(DbError::from)?;
    drop(open);
    Ok(value)
}

#[doc(hidden)]
pub struct SqliteTx<'a> {
    connection: &'a Connection,
}

impl SqliteTx<'_> {
    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        let mut statement = self.connection.prepare_cached(&numbered(sql))?;
        Ok(statement.execute(rusqlite::params_from_iter(params))? as u64)
    }

    /// Runs one statement for every `width` values.
    pub(crate) fn execute_each(
        &mut self,
        sql: &str,
        width: usize,
        values: &[Value],
    ) -> Result<(), DbError> {
        let mut statement = self.connection.prepare_cached(&numbered(sql))?;
        for row in values.chunks_exact(width) {
            statement.execute(rusqlite::params_from_iter(row))?;
        }
        Ok(())
    }

    pub(crate) fn for_each<E: From<DbError>>(
        &mut self,
        sql: &str,
        params: &[Value],
        mut each: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self
            .connection
            .prepare_cached(&numbered(sql))
            .map_err(DbError::from)?;
        let width = statement.column_count();
        let mut rows = statement
            .query(rusqlite::params_from_iter(params))
            .map_err(DbError::from)?;
        while let Some(row) = rows.next().map_err(DbError::from)? {
            let values: Result<Vec<Value>, DbError> = (0..width)
                .map(|column| value_of(row.get_ref(column).map_err(DbError::from)?))
                .collect();
            each(Row(values?))?;
        }
        Ok(())
    }
}

/// SQLite numbers `$1` by first appearance but `?1` by its number, which is what PostgreSQL means by `$1`.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn value_of(value: ValueRef<'_>) -> Result<Value, DbError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Text(value) => Value::Text(
            String::from_utf8(value.to_vec())
                .map_err(|_| DbError::new(Kind::Corrupt, "text that is not UTF-8"))?,
        ),
        ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
        ValueRef::Real(_) => {
            return Err(DbError::new(
                Kind::Other,
                "a floating-point column; use integers",
            ));
        }
    })
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(value) => ValueRef::Integer(*value),
            Value::Text(value) => ValueRef::Text(value.as_bytes()),
            Value::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}
