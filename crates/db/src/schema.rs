//! What a database holds, told in the same words for both engines, so that a test can compare them.

use std::collections::BTreeSet;

use crate::{Db, DbError};

/// One line for each column and each index of a schema: `column case.name text not null`, `index case(name) unique`.
pub type Schema = BTreeSet<String>;

/// The tables, columns, nullability and indexes of the database, or of the PostgreSQL schema that is current.
///
/// # Errors
/// The database cannot be read.
pub fn schema(db: &Db) -> Result<Schema, DbError> {
    match db {
        Db::Sqlite(_) => of_sqlite(db),
        Db::Postgres(_) => of_postgres(db),
    }
}

fn of_sqlite(db: &Db) -> Result<Schema, DbError> {
    db.read(|tx| {
        let mut lines = Schema::new();
        let tables = tx.query(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            &[],
        )?;
        for table in &tables {
            let table = table.text(0);
            let columns = tx.query(
                "SELECT name, lower(type), \"notnull\" FROM pragma_table_info($1)",
                &[table.into()],
            )?;
            lines.extend(
                columns
                    .iter()
                    .map(|row| column(table, row.text(0), row.text(1), row.int(2) == 1)),
            );
            let indexes = tx.query(
                "SELECT name, \"unique\", origin FROM pragma_index_list($1)",
                &[table.into()],
            )?;
            for index in &indexes {
                let columns = tx.query(
                    "SELECT name FROM pragma_index_info($1) ORDER BY seqno",
                    &[index.text(0).into()],
                )?;
                let columns: Vec<&str> = columns.iter().map(|row| row.text(0)).collect();
                lines.insert(self::index(table, &columns, index.int(1) == 1));
            }
            // An INTEGER PRIMARY KEY is the row id and has no index of its own.
            let key = tx.query(
                "SELECT name, lower(type) FROM pragma_table_info($1) WHERE pk > 0",
                &[table.into()],
            )?;
            if key.len() == 1 && key[0].text(1) == "integer" {
                lines.insert(self::index(table, &[key[0].text(0)], true));
            }
        }
        Ok(lines)
    })
}

fn of_postgres(db: &Db) -> Result<Schema, DbError> {
    db.read(|tx| {
        let columns = tx.query(
            "SELECT c.table_name::text, c.column_name::text, c.data_type::text, c.is_nullable::text
             FROM information_schema.columns c WHERE c.table_schema = current_schema()",
            &[],
        )?;
        let mut lines: Schema = columns
            .iter()
            .map(|row| {
                let kind = match row.text(2) {
                    "bigint" => "integer",
                    "bytea" => "blob",
                    other => other,
                };
                column(row.text(0), row.text(1), kind, row.text(3) == "NO")
            })
            .collect();
        let indexes = tx.query(
            "SELECT t.relname::text, i.indisunique,
                    (SELECT string_agg(a.attname::text, ',' ORDER BY k.n) FROM unnest(i.indkey) WITH ORDINALITY k(attnum, n)
                     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum)
             FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace
             WHERE s.nspname = current_schema()",
            &[],
        )?;
        for row in &indexes {
            lines.insert(index(
                row.text(0),
                &row.text(2).split(',').collect::<Vec<_>>(),
                row.int(1) == 1,
            ));
        }
        Ok(lines)
    })
}

fn column(table: &str, name: &str, kind: &str, not_null: bool) -> String {
    format!(
        "column {table}.{name} {kind} {}",
        if not_null { "not null" } else { "null" }
    )
}

fn index(table: &str, columns: &[&str], unique: bool) -> String {
    format!(
        "index {table}({}) {}",
        columns.join(","),
        if unique { "unique" } else { "plain" }
    )
}
