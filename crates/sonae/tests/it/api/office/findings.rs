//! Findings for the desk through the interface: everything described happens.

use serde_json::{Value, json};
use sonae::office::checks::escalate::{Escalate, escalate};
use sonae::office::checks::facts::facts;
use sonae::office::checks::{CompanyDay, Who};
use sonae_core::access::StaffRole;
use sonae_core::detection_check::verdict::Verdict;

use super::everything::{Trial, Walk};
use super::{Asked, System, of_command};
use crate::checks::{Checks, DAY};
use crate::office::polled;

const LIST: &str = "/api/v1/findings";
const ONE: &str = "/api/v1/findings/{number}";
const TAKE: &str = "/api/v1/findings/{number}/take";
const CLOSE: &str = "/api/v1/findings/{number}/close";
const EVIDENCE: &str = "/api/v1/findings/{number}/evidence";

/// An office whose technician handed so many findings to the desk.
async fn stand(findings: u32) -> Checks {
    let checks = Checks::new().await;
    for signature in 1..=findings {
        checks.detected(DAY, "allowed", signature);
        hand_on(&checks).await;
    }
    checks
}

/// Hands on what the desk does not have yet.
async fn hand_on(checks: &Checks) {
    let app = &checks.desk.office.app;
    let day = DAY.parse().expect("a day");
    let facts = facts(app, &checks.company(), day).await.expect("readable");
    for (version, (group, _)) in facts.findings.iter().enumerate() {
        let wish = Escalate {
            company_day: CompanyDay {
                receipt_number: checks.desk.number.clone(),
                day,
                who: Who {
                    id: checks.technician.id.clone(),
                    role: StaffRole::Technician,
                },
                at: app.clock.now(),
            },
            key: group.key(),
            verdict: Verdict::Suspicious,
            words: "端末を確かめてください".to_owned(),
            version: version as i64,
        };
        // One that was handed on before is found again, whatever the version.
        let done = escalate(app, wish).await.expect("answered");
        assert!(done.is_ok(), "{done:?}");
    }
}

fn numbers(list: &Value) -> Vec<i64> {
    let findings = list["findings"].as_array().expect("findings").iter();
    findings.filter_map(|one| one["number"].as_i64()).collect()
}

#[tokio::test]
async fn everything_described_of_findings_happens() {
    let checks = stand(1).await;
    let number = checks.desk.number.clone();
    let mut walk = Walk::new(checks.desk.office).await;
    let wrong = format!("{LIST}?state=x&receipt_number=1&cursor=0&limit=201&y=1");
    for trial in [
        (LIST, Asked::get(LIST), 200),
        (
            LIST,
            Asked::get(&format!(
                "{LIST}?state=open&receipt_number={number}&cursor=9&limit=1"
            )),
            200,
        ),
        (LIST, Asked::get(&wrong), 422),
        (ONE, Asked::get(&format!("{LIST}/1")), 200),
        (ONE, Asked::get(&format!("{LIST}/2")), 404),
        (ONE, Asked::get(&format!("{LIST}/x")), 404),
        (EVIDENCE, Asked::get(&format!("{LIST}/1/evidence")), 200),
        (EVIDENCE, Asked::get(&format!("{LIST}/2/evidence")), 404),
    ] {
        walk.send(trial).await;
    }
    let desk = System::new(&walk.office, StaffRole::Desk, &[]).await;
    for trial in of_acts() {
        walk.send_as(&desk, trial).await;
    }
    walk.finish(|path| path.contains("/findings"));
}

fn of_acts() -> Vec<Trial> {
    let take = || Asked::post(&format!("{LIST}/1/take"), json!({}));
    let close = |word: &str| Asked::post(&format!("{LIST}/1/close"), json!({ "closing": word }));
    let mut trials = vec![
        (CLOSE, close("初期化した").key("c1"), 409),
        (TAKE, take().key("t1"), 200),
        (TAKE, take().key("t1"), 200),
        (CLOSE, close(" ").key("c2"), 409),
        (CLOSE, close("初期化した").key("c1"), 200),
        (CLOSE, close("初期化した").key("c1"), 200),
        (CLOSE, close("もう一度").key("c1"), 422),
        (CLOSE, close("もう一度").key("c3"), 409),
        (TAKE, take().key("t2"), 409),
    ];
    for (path, word) in [(TAKE, "take"), (CLOSE, "close")] {
        let (here, nowhere) = (format!("{LIST}/1/{word}"), format!("{LIST}/9/{word}"));
        trials.extend(of_command(path, &here, &nowhere));
    }
    trials
}

#[tokio::test]
async fn the_desk_takes_and_closes_on_sqlite() {
    take_and_close(stand(1).await).await;
}

#[test]
fn the_desk_takes_and_closes_on_postgres() {
    polled(async {
        let checks = Checks::on_postgres("api_findings").await;
        checks.detected(DAY, "allowed", 1);
        hand_on(&checks).await;
        take_and_close(checks).await;
    });
}

async fn take_and_close(checks: Checks) {
    let office = &checks.desk.office;
    let (one, other) = (
        System::new(office, StaffRole::Desk, &[]).await,
        System::new(office, StaffRole::Desk, &[]).await,
    );
    let take = Asked::post(&format!("{LIST}/1/take"), json!({})).key("t");
    let taken = one.send(office, &take).await.json();
    assert_eq!(taken, json!({ "number": 1, "state": "taken" }));
    let late = other.send(office, &take).await.json();
    assert_eq!(late["code"], "taken");
    let words = json!({ "closing": "<b>初期化</b>" });
    let close = Asked::post(&format!("{LIST}/1/close"), words).key("c");
    let closed = one.send(office, &close).await.json();
    assert_eq!(closed, json!({ "number": 1, "state": "closed" }));
    let finding = one.get(office, &format!("{LIST}/1")).await.json();
    assert_eq!(finding["closing"], "<b>初期化</b>");
    assert_eq!(finding["closed"]["by"], json!(format!("staff:{}", one.id)));
    for role in [StaffRole::Secretariat, StaffRole::Technician] {
        let system = System::new(office, role, &[]).await;
        assert_eq!(system.send(office, &take).await.status, 403, "{role:?}");
    }
}

#[tokio::test]
async fn findings_follow_one_another_with_their_evidence() {
    let checks = stand(3).await;
    let office = &checks.desk.office;
    let desk = System::new(office, StaffRole::Desk, &[]).await;
    let (mut seen, mut query) = (Vec::new(), String::new());
    loop {
        let page = desk.get(office, &format!("{LIST}?limit=2{query}")).await;
        let page = page.json();
        seen.extend(numbers(&page));
        match page["next"].as_str() {
            Some(next) => query = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, [3, 2, 1]);
    let one = desk.get(office, &format!("{LIST}/1")).await.json();
    let told = ["state", "verdict", "severity", "action", "day"].map(|field| &one[field]);
    assert_eq!(told, ["open", "suspicious", "high", "detected", DAY]);
    let evidence = desk.get(office, &format!("{LIST}/1/evidence")).await;
    assert_eq!(
        json!(evidence.header("etag").trim_matches('"')),
        one["evidence_sha256"]
    );
    let line = &evidence.json()["lines"][0];
    assert!(
        line["raw"]
            .as_str()
            .is_some_and(|raw| raw.contains("203.0.113.66"))
    );
    // A technician's system sees those of companies that are assigned to it, and that is none.
    let technician = System::new(office, StaffRole::Technician, &[]).await;
    let list = technician.get(office, LIST).await.json();
    assert_eq!(list, json!({ "findings": [], "next": null }));
    assert_eq!(
        technician.get(office, &format!("{LIST}/1")).await.status,
        404
    );
}
