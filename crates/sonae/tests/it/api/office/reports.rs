//! Monthly reports through the interface: everything described happens.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sonae::office::reports::{Request, decide, make};
use sonae_core::access::StaffRole;
use sonae_core::audit::hex;
use sonae_core::flow::Actor;
use sonae_core::report::month::Month;

use super::everything::{Trial, Walk};
use super::{Asked, System, of_command};
use crate::checks::Checks;
use crate::office::polled;

/// The month before the office's clock.
const MAY: &str = "2024-05";
/// With a digit for the device of then.
const MAY_ITSELF: (&str, &str, &str) = ("5", "2024-05-01", "2024-06-01");
const LIST: &str = "/api/v1/reports";
const ONE: &str = "/api/v1/reports/{receipt_number}/{month}";
const MAKE: &str = "/api/v1/reports/{receipt_number}/{month}/make";
const CHECK: &str = "/api/v1/reports/{receipt_number}/{month}/check";
const APPROVE: &str = "/api/v1/reports/{receipt_number}/{month}/approve";
const RETURN: &str = "/api/v1/reports/{receipt_number}/{month}/return";
const FIGURES: &str = "/api/v1/reports/{receipt_number}/{month}/figures";
const PDF: &str = "/api/v1/reports/{receipt_number}/{month}/pdf";

fn may() -> Month {
    Month::parse(MAY).expect("a month")
}

/// An office whose company was watched in May, with a detection then.
async fn stand() -> Checks {
    let checks = Checks::new().await;
    checks.watch(MAY_ITSELF);
    checks.detected("2024-05-20", "allowed", 7);
    checks
}

async fn made(checks: &Checks) {
    let request = Request {
        receipt_number: checks.desk.number.clone(),
        month: may(),
        actor: Actor::System,
        at: checks.desk.office.app.clock.now(),
    };
    let made = make::make(&checks.desk.office.app, request, None).await;
    assert!(made.expect("answered").is_ok());
}

#[tokio::test]
async fn everything_described_of_reports_happens() {
    let checks = stand().await;
    made(&checks).await;
    let number = checks.desk.number.clone();
    let mut walk = Walk::new(checks.desk.office).await;
    let one = format!("{LIST}/{number}/{MAY}");
    let wrong = format!("{LIST}?from=x&to=2024-13&receipt_number=1&state=x&cursor=x&limit=0&y=1");
    for trial in [
        (LIST, Asked::get(LIST), 200),
        (
            LIST,
            Asked::get(&format!(
                "{LIST}?from=2024-05&to=2025-04&receipt_number={number}&state=made&program=x&limit=9"
            )),
            200,
        ),
        (LIST, Asked::get(&wrong), 422),
        (
            LIST,
            Asked::get(&format!("{LIST}?from=2024-05&to=2025-05")),
            422,
        ),
        (ONE, Asked::get(&one), 200),
        (ONE, Asked::get(&format!("{LIST}/{number}/2024-06")), 200),
        (ONE, Asked::get(&format!("{LIST}/{number}/2024-04")), 404),
        (ONE, Asked::get(&format!("{LIST}/{number}/x")), 404),
        (ONE, Asked::get(&format!("{LIST}/R6-222-222/{MAY}")), 404),
        (FIGURES, Asked::get(&format!("{one}/figures")), 200),
        (
            FIGURES,
            Asked::get(&format!("{one}/figures?revision=2")),
            404,
        ),
        (
            FIGURES,
            Asked::get(&format!("{one}/figures?revision=0&x=1")),
            422,
        ),
        (PDF, Asked::get(&format!("{one}/pdf?revision=1")), 200),
        (
            PDF,
            Asked::get(&format!("{LIST}/{number}/2024-06/pdf")),
            404,
        ),
        (PDF, Asked::get(&format!("{one}/pdf?revision=x")), 422),
    ] {
        walk.send(trial).await;
    }
    let technician = System::new(&walk.office, StaffRole::Technician, &[]).await;
    for trial in of_acts(&number) {
        match trial.0 {
            MAKE | CHECK => walk.send_as(&technician, trial).await,
            _ => walk.send(trial).await,
        };
    }
    walk.finish(|path| path.contains("/reports"));
}

/// A report goes its way, beginning with its second revision.
fn of_acts(number: &str) -> Vec<Trial> {
    let one = format!("{LIST}/{number}/{MAY}");
    let to = |word: &str, body: Value| Asked::post(&format!("{one}/{word}"), body);
    let make = |seen: u32| to("make", json!({ "revision": seen }));
    let check = |word: &str| to("check", json!({ "revision": 2, "word": word }));
    let approve = || to("approve", json!({ "revision": 2 }));
    let give_back = |why: &str| to("return", json!({ "revision": 2, "why": why }));
    let mut trials = vec![
        (MAKE, make(0).key("m1"), 409),
        (MAKE, make(1).key("m2"), 200),
        (MAKE, make(1).key("m2"), 200),
        (MAKE, make(2).key("m2"), 422),
        (APPROVE, approve().key("a1"), 409),
        (CHECK, check("電源を").key("c1"), 200),
        (CHECK, check("電源を").key("c1"), 200),
        (CHECK, check("").key("c2"), 409),
        (RETURN, give_back(" ").key("r1"), 409),
        (RETURN, give_back("台数").key("r2"), 200),
        (RETURN, give_back("台数").key("r2"), 200),
        (CHECK, check("").key("c3"), 200),
        (APPROVE, approve().key("a1"), 200),
        (APPROVE, approve().key("a1"), 200),
    ];
    let nowhere = format!("{LIST}/{number}/2024-04");
    for (path, word) in [
        (MAKE, "make"),
        (CHECK, "check"),
        (APPROVE, "approve"),
        (RETURN, "return"),
    ] {
        let (here, nowhere) = (format!("{one}/{word}"), format!("{nowhere}/{word}"));
        trials.extend(of_command(path, &here, &nowhere));
    }
    trials
}

#[tokio::test]
async fn two_systems_bring_a_report_on_its_way_on_sqlite() {
    two_systems(stand().await).await;
}

#[test]
fn two_systems_bring_a_report_on_its_way_on_postgres() {
    polled(async {
        let checks = Checks::on_postgres("api_reports").await;
        checks.watch(MAY_ITSELF);
        two_systems(checks).await;
    });
}

/// Whoever checks does not approve, and what is approved is sent by the job.
async fn two_systems(checks: Checks) {
    let office = &checks.desk.office;
    let path = format!("{LIST}/{}/{MAY}", checks.desk.number);
    let technician = System::new(office, StaffRole::Technician, &[]).await;
    let secretariat = System::new(office, StaffRole::Secretariat, &[]).await;
    let to = |word: &str, body: Value| Asked::post(&format!("{path}/{word}"), body).key(word);
    let make = to("make", json!({ "revision": 0 }));
    let approve = to("approve", json!({ "revision": 1 }));
    let back = to("return", json!({ "revision": 1, "why": "<i>台数" }));
    assert_eq!(secretariat.send(office, &make).await.status, 403);
    assert_eq!(technician.send(office, &approve).await.status, 403);
    let made = technician.send(office, &make).await.json();
    assert_eq!(
        (&made["state"], &made["revision"]),
        (&json!("made"), &json!(1))
    );
    // As if the system that approves had checked.
    let request = Request {
        receipt_number: checks.desk.number.clone(),
        month: may(),
        actor: Actor::Staff {
            id: secretariat.id.clone(),
            role: StaffRole::Technician,
        },
        at: office.app.clock.now(),
    };
    let checked = decide::check(&office.app, request, 1, String::new()).await;
    assert!(checked.expect("answered").is_ok());
    let refused = secretariat.send(office, &approve).await.json();
    assert_eq!(refused["code"], "same_person");
    assert_eq!(
        secretariat.send(office, &back).await.json()["state"],
        "made"
    );
    let one = secretariat.get(office, &path).await.json();
    assert_eq!(one["report"]["returned"]["why"], "<i>台数");
    let check = to("check", json!({ "revision": 1, "word": "電源を" }));
    let checked = technician.send(office, &check).await.json();
    assert_eq!(checked["state"], "checked");
    assert_eq!(checked["figures_sha256"], made["figures_sha256"]);
    assert_ne!(checked["pdf_sha256"], made["pdf_sha256"]);
    let approved = secretariat.send(office, &approve).await.json();
    assert_eq!(approved["state"], "approved");
    let one = secretariat.get(office, &path).await.json();
    let by = |act: &str| one["report"][act]["by"].clone();
    assert_eq!(by("checked"), json!(format!("staff:{}", technician.id)));
    assert_eq!(by("approved"), json!(format!("staff:{}", secretariat.id)));
}

#[tokio::test]
async fn figures_are_told_as_they_are_frozen() {
    let checks = stand().await;
    let office = &checks.desk.office;
    let system = System::new(office, StaffRole::Secretariat, &[]).await;
    let due = system.get(office, LIST).await.json();
    let told = |list: &Value| {
        let reports = list["reports"].as_array().expect("reports").iter();
        let told: Vec<_> = reports
            .map(|one| format!("{} {}", one["month"], one["state"]).replace('"', ""))
            .collect();
        told.join(", ")
    };
    assert_eq!(told(&due), format!("{MAY} due"));
    assert_eq!(due["reports"][0]["report"], json!(null));
    made(&checks).await;
    let (mut seen, mut query) = (Vec::new(), String::new());
    loop {
        let path = format!("{LIST}?from=2024-03&to=2024-08&limit=1{query}");
        let page = system.get(office, &path).await.json();
        seen.push(told(&page));
        match page["next"].as_str() {
            Some(next) => query = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ["2024-05 made", "2024-06 due"]);
    let path = format!("{LIST}/{}/{MAY}", checks.desk.number);
    let one = system.get(office, &path).await.json();
    assert_eq!(
        (&one["kinds"], &one["state"]),
        (&json!(["utm"]), &json!("made"))
    );
    assert_eq!(one["report"]["events"], json!(1));
    let figures = system.get(office, &format!("{path}/figures")).await;
    let hash = hex(&Sha256::digest(figures.text.as_bytes()));
    assert_eq!(json!(hash), one["report"]["figures_sha256"]);
    assert_eq!(figures.header("etag"), format!("\"{hash}\""));
    assert_eq!(figures.json()["total"]["events"], json!(1));
    assert_eq!(one["revisions"][0]["figures_sha256"], json!(hash));
    let pdf = system.get(office, &format!("{path}/pdf")).await;
    assert!(pdf.text.starts_with("%PDF"));
    assert_eq!(
        json!(pdf.header("etag").trim_matches('"')),
        one["report"]["pdf_sha256"]
    );
}
