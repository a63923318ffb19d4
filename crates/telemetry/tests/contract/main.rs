//! The contract suite on both engines. PostgreSQL comes from `SONAE_TEST_POSTGRES` (set by `cargo xtask test`); without it the tests
//! fail, they do not pass silently.

mod engines;
mod erased;
mod parity;
mod truth;

use engines::Engine;
use sonae_telemetry::contract::CASES;

fn run(engine: Engine) {
    let mut failed = Vec::new();
    for (name, case) in CASES {
        let database = engine.empty_database(name);
        let outcome =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| case(&|| database.open())));
        if outcome.is_err() {
            failed.push(*name);
        }
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
