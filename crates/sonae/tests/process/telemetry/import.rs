//! kill -9 in the middle of importing files, which are then imported again from where they were read to.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::load::{Load, start};
use crate::office::{Chance, Engine, Office, pause};

const KILLS: usize = 8;

#[test]
fn killed_on_sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn killed_on_postgres() {
    check(Engine::Postgres);
}

fn check(engine: Engine) {
    let mut chance = Chance::new(&format!("import and kill on {engine:?}"));
    let mut office = Office::new(engine);
    start(&mut office);
    let load = Load::new(&office, 2, "12000");
    office.kill();
    let mut kills = 0;
    for (company, source, path) in load.files() {
        loop {
            let mut import = Command::new(env!("CARGO_BIN_EXE_sonae"))
                .args(["telemetry", "import"])
                .args(office.place())
                .args(["--company", &load.companies[&company]])
                .args(["--source", &source, &path])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the program starts");
            if kills < KILLS {
                pause(Duration::from_millis(20 + chance.below(400)));
                drop(import.kill());
            }
            let ended = import.wait().expect("a child can be waited for");
            match ended.code() {
                Some(0) => break,
                None => kills += 1,
                // Another import of the same file still ends on the server.
                Some(_) => pause(Duration::from_millis(100)),
            }
        }
    }
    assert!(kills > 0, "nothing was killed");
    load.figures_hold(&office);
    println!("{engine:?}: {kills} kills");
}
