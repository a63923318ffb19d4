//! A transaction in progress: SQL with `$n` placeholders and the four kinds of value.

use crate::{DbError, Row, Value, postgres, sqlite};

/// A running transaction of either engine.
pub enum Tx<'a> {
    #[doc(hidden)]
    Sqlite(sqlite::SqliteTx<'a>),
    #[doc(hidden)]
    Postgres(postgres::PostgresTx<'a>),
}

/// Rows of one statement of `merge_many` on PostgreSQL: few sizes, so that few statements are prepared.
const MERGED: [usize; 3] = [256, 16, 1];

impl Tx<'_> {
    /// Runs one statement and gives the number of rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64, DbError> {
        match self {
            Tx::Sqlite(tx) => tx.execute(sql, params),
            Tx::Postgres(tx) => tx.execute(sql, params),
        }
    }

    /// Runs a query and gives all its rows; the SQL bounds their number.
    pub fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>, DbError> {
        let mut rows = Vec::new();
        self.for_each(sql, params, |row| {
            rows.push(row);
            Ok::<(), DbError>(())
        })?;
        Ok(rows)
    }

    /// The first row of a query, if any.
    pub fn query_opt(&mut self, sql: &str, params: &[Value]) -> Result<Option<Row>, DbError> {
        Ok(self.query(sql, params)?.into_iter().next())
    }

    /// The only row of a query that always has one, such as a count.
    pub fn query_one(&mut self, sql: &str, params: &[Value]) -> Result<Row, DbError> {
        self.query_opt(sql, params)?
            .ok_or_else(|| DbError::new(crate::Kind::Other, "a row was expected and none came"))
    }

    /// Runs a query and hands its rows over one by one, in memory bounded by one fetch, so that a million rows can be walked.
    pub fn for_each<E: From<DbError>>(
        &mut self,
        sql: &str,
        params: &[Value],
        each: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Tx::Sqlite(tx) => tx.for_each(sql, params, each),
            Tx::Postgres(tx) => tx.for_each(sql, params, each),
        }
    }

    /// Inserts many rows into one table: one prepared statement per row on SQLite, multi-row statements on PostgreSQL, where every
    /// statement costs a round trip.
    ///
    /// `table` and `columns` are names from our own code, never input.
    pub fn insert_many(
        &mut self,
        table: &str,
        columns: &[&str],
        rows: &[Vec<Value>],
    ) -> Result<(), DbError> {
        let per_statement = match self {
            Tx::Sqlite(_) => 1,
            // PostgreSQL takes at most 65,535 parameters a statement; fixed sizes keep the number of prepared statements small.
            Tx::Postgres(_) => 64,
        };
        let mut chunks = rows.chunks_exact(per_statement);
        let many = insert_sql(table, columns, per_statement);
        for chunk in &mut chunks {
            self.execute(&many, &chunk.concat())?;
        }
        let mut rest = chunks.remainder();
        for size in [8, 1] {
            let sql = insert_sql(table, columns, size);
            while rest.len() >= size {
                self.execute(&sql, &rest[..size].concat())?;
                rest = &rest[size..];
            }
        }
        Ok(())
    }

    /// Inserts many rows that stand in `values` one after another, and says with `conflict` (`ON CONFLICT (…) DO …`, or nothing) what becomes
    /// of rows that exist. No two rows of one call may have the same key: PostgreSQL refuses to change a row twice in one statement.
    ///
    /// `table`, `columns` and `conflict` are our own code, never input.
    pub fn merge_many(
        &mut self,
        table: &str,
        columns: &[&str],
        values: &[Value],
        conflict: &str,
    ) -> Result<(), DbError> {
        let width = columns.len();
        let statement = |rows| format!("{} {conflict}", insert_sql(table, columns, rows));
        match self {
            Tx::Sqlite(tx) => tx.execute_each(&statement(1), width, values),
            Tx::Postgres(tx) => {
                let mut rest = values;
                for rows in MERGED {
                    let sql = statement(rows);
                    while rest.len() >= rows * width {
                        let (now, later) = rest.split_at(rows * width);
                        tx.execute(&sql, now)?;
                        rest = later;
                    }
                }
                Ok(())
            }
        }
    }

    /// Runs `work` inside a savepoint: when it fails, what it wrote is undone and the transaction goes on.
    pub fn savepoint<T, E: From<DbError>>(
        &mut self,
        work: impl FnOnce(&mut Tx) -> Result<T, E>,
    ) -> Result<T, E> {
        self.execute("SAVEPOINT inner_work", &[])?;
        match work(self) {
            Ok(value) => {
                self.execute("RELEASE SAVEPOINT inner_work", &[])?;
                Ok(value)
            }
            Err(error) => {
                self.execute("ROLLBACK TO SAVEPOINT inner_work", &[])?;
                self.execute("RELEASE SAVEPOINT inner_work", &[])?;
                Err(error)
            }
        }
    }
}

fn insert_sql(table: &str, columns: &[&str], rows: usize) -> String {
    let width = columns.len();
    let groups: Vec<String> = (0..rows)
        .map(|row| {
            let marks: Vec<String> = (1..=width)
                .map(|column| format!("${}", row * width + column))
                .collect();
            format!("({})", marks.join(", "))
        })
        .collect();
    format!(
        "INSERT INTO {table} ({}) VALUES {}",
        columns.join(", "),
        groups.join(", ")
    )
}
