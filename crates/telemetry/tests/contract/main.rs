//! The contract suite on both engines. PostgreSQL comes from `SONAE_TEST_POSTGRES` (set by `cargo xtask test`); without it the tests
//! fail, they do not pass silently.

mod engines;
mod erased;
mod parity;
mod truth;

use engines::Engine;
use sonae_telemetry::contract::{CASES, DATABASE_CASES};

fn run(engine: Engine) {
    let mut failed = Vec::new();
    let mut run = |name: &'static str, case: &dyn Fn()| {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(case));
        if outcome.is_err() {
            failed.push(name);
        }
    };
    for (name, case) in CASES {
        let database = engine.empty_database(name);
        run(name, &|| case(&|| database.detections()));
    }
    for (name, case) in DATABASE_CASES {
        let database = engine.empty_database(name);
        run(name, &|| case(&|| database.open()));
    }
    assert!(
        failed.is_empty(),
        "{engine:?} breaks the contract: {failed:?}"
    );
}

#[test]
fn sqlite_keeps_the_contract() {
    run(Engine::Sqlite);
}

#[test]
fn postgres_keeps_the_contract() {
    run(Engine::Postgres);
}
