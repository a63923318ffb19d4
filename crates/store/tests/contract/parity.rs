//! Both engines end up with the same schema: tables, columns, nullability and indexes.

use sonae_db::{Isolation, schema};
use sonae_store::MIGRATIONS;

use crate::engines::Engine;

#[test]
fn both_engines_have_the_same_schema() {
    let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(|engine| {
        let database = engine.empty_database("parity");
        let db = database.open(Isolation::Strict);
        db.migrate(MIGRATIONS).unwrap();
        schema(&db).unwrap()
    });
    assert!(
        sqlite
            .iter()
            .any(|line| line.starts_with("column application.answers text not null")),
        "{sqlite:#?}"
    );
    assert_eq!(sqlite, postgres);
}
