//! kill -9 in the middle of importing a document, which is then pulled again, newer, and imported again: each alert counts once.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use super::load::{command, start};
use crate::office::{Chance, Engine, Office, R7, application, pause};

const KILLS: usize = 5;
/// Alerts of the first document; each later one begins with as many new ones as [`MORE`].
const ALERTS: usize = 2_000;
const MORE: usize = 100;

#[test]
fn killed_on_sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn killed_on_postgres() {
    check(Engine::Postgres);
}

fn check(engine: Engine) {
    let mut chance = Chance::new(&format!("documents and kill on {engine:?}"));
    let mut office = Office::new(engine);
    start(&mut office);
    let answer = office.submit(R7, "company-0", &application(R7, 0));
    let answer = answer.expect("the office runs").json();
    let company = answer["receipt_number"]
        .as_str()
        .expect("a number")
        .to_owned();
    office.kill();
    let path = office.folder.0.join("alerts.json").display().to_string();
    let (mut kills, mut alerts) = (0, ALERTS);
    // However slow the machine is, something was stored at last when it was killed.
    while kills < KILLS || stored(&office, &company) == 0 {
        fs::write(&path, document(alerts, kills)).expect("a document");
        let mut import = Command::new(env!("CARGO_BIN_EXE_sonae"))
            .args(["telemetry", "import"])
            .args(office.place())
            .args(["--company", &company, "--source", "edr", &path])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let longest = 400 * (kills as u64 + 1);
        pause(Duration::from_millis(20 + chance.below(longest)));
        drop(import.kill());
        import.wait().expect("a child can be waited for");
        kills += 1;
        alerts += MORE;
    }
    // What was killed last may still end on the server; whoever comes then waits or finds its records known.
    fs::write(&path, document(alerts, kills)).expect("a document");
    let words = ["--company", &company, "--source", "edr", &path];
    let import = |_| -> Value {
        serde_json::from_str(&command(&office, &["import"], &words)).expect("JSON")
    };
    let [first, again] = [0, 1].map(import);
    let of = |told: &Value, key: &str| told[key].as_u64().expect("a number");
    assert_eq!(
        of(&first, "known_records") + of(&first, "lines"),
        alerts as u64
    );
    assert_eq!(
        (of(&again, "known_records"), of(&again, "lines")),
        (alerts as u64, 0)
    );
    let counted = stored(&office, &company);
    assert_eq!(counted, alerts as u64, "each alert once");
    let proved = command(&office, &["verify"], &[]);
    assert!(proved.starts_with("問題はありません。"), "{proved}");
    println!(
        "{engine:?}: {} of {alerts} were stored before the last",
        of(&first, "known_records")
    );
}

/// Detections in the report.
fn stored(office: &Office, company: &str) -> u64 {
    let words = ["--company", company, "--month", "2025-05"];
    let report: Value = serde_json::from_str(&command(office, &["report"], &words)).expect("JSON");
    report["detections"].as_u64().expect("a number")
}

/// The newest first; the older ones changed with each pull.
fn document(alerts: usize, pull: usize) -> String {
    let one = |number: usize| {
        json!({
            "id": format!("da{number}"), "status": format!("pull {pull}"), "severity": "high", "title": "T",
            "serviceSource": "microsoftDefenderForEndpoint", "createdDateTime": "2025-05-30T09:00:00Z",
        })
    };
    json!({"value": (0..alerts).rev().map(one).collect::<Vec<_>>()}).to_string()
}
