//! PostgreSQL: a small pool, SERIALIZABLE with bounded re-run, and one lock that queues the writers of all nodes.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{Format, IsNull, ToSql, Type, accepts, private::BytesMut, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};

use crate::{DbError, Isolation, Kind, Row, Tx, Value};

/// Connections of one node; a node's writers queue, so a few are enough.
const CONNECTIONS: usize = 8;
/// How often a transaction is run again after a serialization failure.
const ATTEMPTS: u32 = 10;
/// How long to wait for a server that does not take the connection, unless the URL says otherwise.
const CONNECT: Duration = Duration::from_secs(10);
const STATEMENTS: usize = 256;
/// After so long without use a connection is checked before it is lent.
const RESTED: Duration = Duration::from_secs(1);
/// The writers' advisory lock: "sona" in ASCII, and beside it the schema, so that the office never waits for detections. It saves re-runs; what
/// keeps the data right is SERIALIZABLE.
const WRITERS: &str = "1936682593, hashtext(current_schema())";

/// A writing transaction finds its rows by index. Plans are kept for the life of a connection, and one that was made while a table was
/// empty (also those behind REFERENCES) would read the whole table for ever.
const STRICT: &str = "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL enable_seqscan = off";

pub struct Postgres {
    config: Config,
    isolation: Isolation,
    pool: Mutex<Pool>,
    freed: Condvar,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Connection>,
    open: usize,
}

struct Connection {
    client: Client,
    statements: HashMap<String, Statement>,
    used: Instant,
}

impl Postgres {
    pub(crate) fn open(url: &str, isolation: Isolation) -> Result<Postgres, DbError> {
        let mut config: Config = url
            .parse()
            .map_err(|error: postgres::Error| DbError::new(Kind::Url, error.to_string()))?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        let db = Postgres {
            config,
            isolation,
            pool: Mutex::default(),
            freed: Condvar::new(),
        };
        // Fail now, not at the first visitor.
        db.with(|_| Ok::<(), DbError>(()))?;
        Ok(db)
    }

    pub(crate) fn write<T, E: From<DbError>>(
        &self,
        mut work: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.with(|connection| {
            let (before, begin, end) = match self.isolation {
                Isolation::Strict => (
                    format!("SELECT pg_advisory_lock({WRITERS})"),
                    STRICT,
                    format!("COMMIT; SELECT pg_advisory_unlock({WRITERS})"),
                ),
                Isolation::Unsafe => (
                    String::new(),
                    "BEGIN ISOLATION LEVEL READ COMMITTED",
                    "COMMIT".to_owned(),
                ),
            };
            for attempt in 1.. {
                connection.batch(&before)?;
                let (result, serialization) = connection.transaction(begin, &end, &mut work);
                if result.is_err() {
                    connection.batch("ROLLBACK; SELECT pg_advisory_unlock_all()")?;
                }
                if !serialization || attempt == ATTEMPTS {
                    return result;
                }
                tracing::debug!(
                    attempt,
                    "transaction runs again after a serialization failure"
                );
            }
            unreachable!("the loop returns at the last attempt")
        })
    }

    pub(crate) fn read<T, E: From<DbError>>(
        &self,
        mut work: impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.with(|connection| {
            // A read-only snapshot: REPEATABLE READ is enough, it sees one moment and never has to run again.
            let (result, _) = connection.transaction(
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                "COMMIT",
                &mut work,
            );
            if result.is_err() {
                connection.batch("ROLLBACK")?;
            }
            result
        })
    }

    pub(crate) fn erase_deleted(&self, tables: &[&str]) -> Result<(), DbError> {
        self.with(|connection| {
            for table in tables {
                connection.batch(&format!("VACUUM FULL {table}"))?;
            }
            Ok(())
        })
    }

    /// Lends a connection to `work`.
    fn with<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut lent = Lent {
            owner: self,
            connection: self.take_idle(),
        };
        if lent
            .connection
            .as_mut()
            .is_some_and(|connection| !connection.alive())
        {
            // Its server went away, and those of its age with it; the next one is opened anew.
            lent.connection = None;
        }
        if lent.connection.is_none() {
            let client = self.config.connect(NoTls).map_err(DbError::from)?;
            lent.connection = Some(Connection {
                client,
                statements: HashMap::new(),
                used: Instant::now(),
            });
        }
        let connection = lent.connection.as_mut().expect("filled just above");
        let result = work(connection);
        connection.used = Instant::now();
        result
    }

    /// An idle connection, or leave to open a new one; waits while all are lent.
    fn take_idle(&self) -> Option<Connection> {
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = pool.idle.pop() {
                return Some(connection);
            }
            if pool.open < CONNECTIONS {
                pool.open += 1;
                return None;
            }
            pool = self
                .freed
                .wait(pool)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Gives the connection back when the work ends, also by a panic (then it is closed, and the server rolls back).
struct Lent<'a> {
    owner: &'a Postgres,
    connection: Option<Connection>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut pool = self
            .owner
            .pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match self.connection.take() {
            Some(connection) if !std::thread::panicking() && !connection.client.is_closed() => {
                pool.idle.push(connection)
            }
            _ => pool.open -= 1,
        }
        self.owner.freed.notify_one();
    }
}

impl Connection {
    /// A connection that rested is asked first: a restarted server is not noticed otherwise until the next statement fails.
    fn alive(&mut self) -> bool {
        !self.client.is_closed()
            && (self.used.elapsed() < RESTED
                || self.client.is_valid(Duration::from_secs(2)).is_ok())
    }

    fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        if sql.is_empty() {
            Ok(())
        } else {
            Ok(self.client.batch_execute(sql)?)
        }
    }

    /// Runs one attempt; the flag says that a serialization failure happened anywhere in it, also when `work` hid it.
    fn transaction<T, E: From<DbError>>(
        &mut self,
        begin: &str,
        end: &str,
        work: &mut impl FnMut(&mut Tx) -> Result<T, E>,
    ) -> (Result<T, E>, bool) {
        if let Err(error) = self.batch(begin) {
            return (Err(error.into()), false);
        }
        let mut tx = Tx::Postgres(PostgresTx {
            connection: self,
            serialization: false,
        });
        let result = work(&mut tx);
        let Tx::Postgres(tx) = tx else {
            unreachable!("made just above")
        };
        let mut serialization = tx.serialization;
        let result = result.and_then(|value| match self.batch(end) {
            Ok(()) => Ok(value),
            Err(error) => {
                serialization |= error.kind == Kind::Serialization;
                Err(error.into())
            }
        });
        (result, serialization)
    }
}

#[doc(hidden)]
pub struct PostgresTx<'a> {
    connection: &'a mut Connection,
    serialization: bool,
}

impl PostgresTx<'_> {
    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        let statement = self.prepare(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
        let result = self.connection.client.execute(&statement, &params);
        self.watched(result)
    }

    pub(crate) fn for_each<E: From<DbError>>(
        &mut self,
        sql: &str,
        params: &[Value],
        mut each: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let statement = self.prepare(sql)?;
        let mut rows = self
            .connection
            .client
            .query_raw(&statement, params)
            .map_err(DbError::from)?;
        loop {
            match rows.next().map_err(DbError::from) {
                Ok(Some(row)) => each(read_row(&row)?)?,
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.serialization |= error.kind == Kind::Serialization;
                    return Err(error.into());
                }
            }
        }
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, DbError> {
        if let Some(statement) = self.connection.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.connection.statements.len() >= STATEMENTS {
            self.connection.statements.clear();
        }
        let result = self.connection.client.prepare(sql);
        let statement = self.watched(result)?;
        self.connection
            .statements
            .insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn watched<T>(&mut self, result: Result<T, postgres::Error>) -> Result<T, DbError> {
        result.map_err(|error| {
            let error = DbError::from(error);
            self.serialization |= error.kind == Kind::Serialization;
            error
        })
    }
}

fn read_row(row: &postgres::Row) -> Result<Row, DbError> {
    let values: Result<Vec<Value>, postgres::Error> = row
        .columns()
        .iter()
        .enumerate()
        .map(|(index, column)| {
            Ok(match *column.type_() {
                Type::INT8 => row.try_get::<_, Option<i64>>(index)?.into(),
                Type::INT4 => row.try_get::<_, Option<i32>>(index)?.map(i64::from).into(),
                Type::BOOL => row.try_get::<_, Option<bool>>(index)?.map(i64::from).into(),
                Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index)?.into(),
                _ => row.try_get::<_, Option<String>>(index)?.into(),
            })
        })
        .collect();
    Ok(Row(values?))
}

impl ToSql for Value {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            // A bare `$1` may be typed int4 by the server, for example in `LIMIT`-like arithmetic.
            Value::Int(value) if *ty == Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
            Value::Int(value) => value.to_sql(ty, out),
            Value::Text(value) => value.to_sql(ty, out),
            Value::Bytes(value) => value.as_slice().to_sql(ty, out),
        }
    }

    accepts!(INT8, INT4, TEXT, VARCHAR, NAME, BYTEA);

    fn encode_format(&self, _: &Type) -> Format {
        Format::Binary
    }

    to_sql_checked!();
}
