//! Both engines end up with the same schema: tables, columns, nullability and indexes.

use sonae_db::schema;
use sonae_telemetry::MIGRATIONS;

use crate::engines::Engine;

#[test]
fn both_engines_have_the_same_schema() {
    let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(|engine| {
        let database = engine.empty_database("parity");
        let db = database.open();
        db.migrate(MIGRATIONS).unwrap();
        schema(&db).unwrap()
    });
    assert!(
        sqlite
            .iter()
            .any(|line| line.starts_with("column word.text text not null")),
        "{sqlite:#?}"
    );
    assert_eq!(sqlite, postgres);
}
