//! The daily check through the interface: everything described happens, and who sees what.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sonae_core::access::StaffRole;

use super::everything::{Trial, Walk};
use super::{Asked, System, of_command};
use crate::checks::removed::{OLD, removed};
use crate::checks::{Checks, DAY};
use crate::office::{Office, polled};

const LIST: &str = "/api/v1/checks";
const ONE: &str = "/api/v1/checks/{day}/{receipt_number}";
const STATE: &str = "/api/v1/checks/{day}/{receipt_number}/state";
const JUDGE: &str = "/api/v1/checks/{day}/{receipt_number}/judge";
const ESCALATE: &str = "/api/v1/checks/{day}/{receipt_number}/escalate";
const SIGN: &str = "/api/v1/checks/{day}/sign";

/// An office whose company had a grave detection on the day.
async fn stand() -> Checks {
    let checks = Checks::new().await;
    checks.detected(DAY, "allowed", 7);
    checks
}

/// A technician's system to which the company is assigned, as the manual says it.
async fn technician(office: &Office, number: &str) -> System {
    let technician = System::new(office, StaffRole::Technician, &[]).await;
    let told = technician.get(office, "/api/v1/token").await.json();
    assert_eq!(
        (&told["id"], &told["role"]),
        (&json!(technician.id), &json!("technician"))
    );
    let secretariat = System::new(office, StaffRole::Secretariat, &[]).await;
    let assigned = json!({ "event": "assigned", "to": told["id"] });
    let act = Asked::post(&format!("/api/v1/cases/{number}/actions"), assigned).key("assigned");
    assert_eq!(secretariat.send(office, &act).await.status, 200);
    technician
}

/// The keys of a check's groups by their rules.
fn keys(check: &Value) -> BTreeMap<String, String> {
    let groups = check["groups"].as_array().expect("groups").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    groups
        .map(|group| (text(&group["rule"]), text(&group["key"])))
        .collect()
}

fn states(list: &Value) -> Vec<String> {
    let checks = list["checks"].as_array().expect("checks").iter();
    let told = checks.map(|one| format!("{} {}", one["day"], one["state"]).replace('"', ""));
    told.collect()
}

#[tokio::test]
async fn everything_described_of_checks_happens() {
    let checks = stand().await;
    checks.detected(DAY, "allowed", 8);
    let number = checks.desk.number.clone();
    let technician = technician(&checks.desk.office, &number).await;
    let mut walk = Walk::new(checks.desk.office).await;
    let one = format!("{LIST}/{DAY}/{number}");
    let check = technician.get(&walk.office, &one).await.json();
    for trial in of_acts(&number, &keys(&check)) {
        walk.send_as(&technician, trial).await;
    }
    for trial in [
        (LIST, Asked::get(LIST), 200),
        (
            LIST,
            Asked::get(&format!(
                "{LIST}?from=2024-06-01&to=2024-06-03&state=missed&receipt_number={number}&limit=9"
            )),
            200,
        ),
        (
            LIST,
            Asked::get(&format!(
                "{LIST}?from=x&to=2024-6-1&state=x&receipt_number=1&cursor=x&limit=0&y=1"
            )),
            422,
        ),
        (
            LIST,
            Asked::get(&format!("{LIST}?from=2024-06-01&to=2024-07-02")),
            422,
        ),
        (
            LIST,
            Asked::get(&format!("{LIST}?from=2024-06-02&to=2024-06-01")),
            422,
        ),
        (ONE, Asked::get(&one), 200),
        (ONE, Asked::get(&format!("{LIST}/2024-05-31/{number}")), 404),
        (ONE, Asked::get(&format!("{LIST}/x/{number}")), 404),
        (ONE, Asked::get(&format!("{LIST}/{DAY}/R6-222-222")), 404),
    ] {
        walk.send(trial).await;
    }
    walk.finish(|path| path.contains("/checks"));
}

/// What is said of the day, until it is signed.
fn of_acts(number: &str, keys: &BTreeMap<String, String>) -> Vec<Trial> {
    let one = format!("{LIST}/{DAY}/{number}");
    let sign = |day: &str| format!("{LIST}/{day}/sign");
    let to = |word: &str, body: Value| Asked::post(&format!("{one}/{word}"), body);
    let say = |state: &str, version: u32, lines: u32| {
        to(
            "state",
            json!({ "state": state, "version": version, "lines": lines }),
        )
    };
    let judge = |verdict: &str, version: u32| {
        let body = json!({ "group": keys["1:7"], "verdict": verdict, "reason": "点検", "version": version });
        to("judge", body)
    };
    let hand_on = |verdict: &str| {
        let body = json!({ "group": keys["1:8"], "verdict": verdict, "words": "確かめてください", "version": 1 });
        to("escalate", body)
    };
    let nothing = |day: &str| Asked::post(&sign(day), json!({}));
    let mut trials = vec![
        (STATE, say("quiet", 0, 2).key("s1"), 409),
        (STATE, say("review", 0, 1).key("s2"), 409),
        (STATE, say("x", 0, 2).key("s3"), 422),
        (STATE, say("review", 0, 2).key("s4"), 200),
        (STATE, say("review", 0, 2).key("s4"), 200),
        (STATE, say("quiet", 0, 2).key("s4"), 422),
        (JUDGE, judge("x", 0).key("j1"), 422),
        (JUDGE, judge("benign", 0).key("j2"), 200),
        (JUDGE, judge("benign", 0).key("j2"), 200),
        (JUDGE, judge("suspicious", 0).key("j3"), 409),
        (ESCALATE, hand_on("benign").key("e1"), 409),
        (ESCALATE, hand_on("suspicious").key("e2"), 200),
        (ESCALATE, hand_on("suspicious").key("e3"), 200),
        (SIGN, nothing("2024-06-03").key("n1"), 409),
        (SIGN, nothing(DAY).key("n2"), 200),
        (SIGN, nothing(DAY).key("n2"), 200),
    ];
    let unknown = format!("{LIST}/{DAY}/R6-222-222");
    for (path, word) in [(STATE, "state"), (JUDGE, "judge"), (ESCALATE, "escalate")] {
        let (here, nowhere) = (format!("{one}/{word}"), format!("{unknown}/{word}"));
        trials.extend(of_command(path, &here, &nowhere));
    }
    trials.extend(of_command(SIGN, &sign(DAY), &sign("x")));
    trials
}

#[tokio::test]
async fn a_system_checks_a_day_as_a_technician_does_on_sqlite() {
    check_a_day(stand().await).await;
}

#[test]
fn a_system_checks_a_day_as_a_technician_does_on_postgres() {
    polled(async {
        let checks = Checks::on_postgres("api_checks").await;
        checks.detected(DAY, "allowed", 7);
        check_a_day(checks).await;
    });
}

/// From a grave detection to the signature, every command once, with the sentences of the pages.
async fn check_a_day(checks: Checks) {
    let (office, number) = (&checks.desk.office, &checks.desk.number);
    let path = format!("{LIST}/{DAY}/{number}");
    let quiet = |key: &str| {
        let body = json!({ "state": "quiet", "version": 0, "lines": 1 });
        Asked::post(&format!("{path}/state"), body).key(key)
    };
    let sign = |key: &str| Asked::post(&format!("{LIST}/{DAY}/sign"), json!({})).key(key);
    // Neither the secretariat nor a technician whose company it is not.
    let secretariat = System::new(office, StaffRole::Secretariat, &[]).await;
    assert_eq!(secretariat.send(office, &quiet("q")).await.status, 403);
    let stranger = System::new(office, StaffRole::Technician, &[]).await;
    assert_eq!(stranger.send(office, &quiet("q")).await.status, 404);
    let refused = stranger.send(office, &sign("n")).await.json();
    assert_eq!(refused["code"], "nothing");
    let technician = technician(office, number).await;
    for (asked, code, piece) in [
        (quiet("q1"), "unjudged", "まだ判断していません"),
        (sign("n1"), "unchecked", "まだ確認していない会社が1社"),
    ] {
        let refused = technician.send(office, &asked).await.json();
        assert_eq!(refused["code"], code);
        assert!(
            refused["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(piece))
        );
    }
    let check = technician.get(office, &path).await.json();
    let body = json!({ "group": keys(&check)["1:7"], "verdict": "benign", "reason": "点検", "version": 0 });
    let judge = Asked::post(&format!("{path}/judge"), body).key("j");
    let judged = json!({ "group": keys(&check)["1:7"], "verdict": "benign", "version": 1 });
    // Sent again while the first is under way, as after a time-out.
    let send = || technician.send(office, &judge);
    let (one, other, third) = tokio::join!(send(), send(), send());
    for done in [one, other, third] {
        assert_eq!(done.status, 200, "{}", done.text);
        assert_eq!(done.json(), judged);
    }
    for (asked, expected) in [
        (judge.clone(), judged),
        // A key that was refused is free.
        (quiet("q1"), json!({ "state": "quiet", "version": 1 })),
        (sign("n1"), json!({ "day": DAY, "companies": 1 })),
        (sign("n1"), json!({ "day": DAY, "companies": 1 })),
        (sign("n2"), json!({ "day": DAY, "companies": 0 })),
    ] {
        let done = technician.send(office, &asked).await;
        assert_eq!(done.json(), expected, "{}", done.text);
    }
    let check = technician.get(office, &path).await.json();
    assert_eq!(check["state"], "signed");
    let by = json!(format!("staff:{}", technician.id));
    assert_eq!(check["said"]["signed"]["by"], by);
    assert_eq!(
        check["groups"][0]["judgement"]["judged"]["name"],
        "別のシステム(API)"
    );
    let log = checks.desk.log();
    for action in ["check.judged", "check.said", "check.signed"] {
        let logged = log.lines().filter(|line| line.contains(action));
        assert_eq!(logged.count(), 1, "{action}");
    }
    assert!(!log.contains("点検"));
}

#[tokio::test]
async fn days_follow_one_another_page_by_page() {
    let checks = stand().await;
    let office = &checks.desk.office;
    let system = System::new(office, StaffRole::Secretariat, &[]).await;
    let list = system.get(office, LIST).await.json();
    assert_eq!(states(&list), [format!("{DAY} missed")]);
    let (mut seen, mut query) = (Vec::new(), String::new());
    loop {
        let path = format!("{LIST}?from=2024-05-30&to=2024-06-05&limit=1{query}");
        let page = system.get(office, &path).await.json();
        seen.extend(states(&page));
        match page["next"].as_str() {
            Some(next) => query = format!("&cursor={next}"),
            None => break,
        }
    }
    // The device is watched from the first of June, and the third is today.
    let days = [
        "2024-06-01 missed",
        "2024-06-02 missed",
        "2024-06-03 open",
        "2024-06-04 open",
        "2024-06-05 open",
    ];
    assert_eq!(seen, days);
    for (query, found) in [("state=open", 0), ("state=missed", 1), ("state=signed", 0)] {
        let page = system.get(office, &format!("{LIST}?{query}")).await.json();
        assert_eq!(states(&page).len(), found, "{query}");
    }
}

#[tokio::test]
async fn one_day_says_what_was_detected_and_what_is_open() {
    let checks = stand().await;
    let office = &checks.desk.office;
    let system = System::new(office, StaffRole::Secretariat, &[]).await;
    let path = format!("{LIST}/{DAY}/{}", checks.desk.number);
    let one = system.get(office, &path).await.json();
    assert_eq!(one["state"], "missed");
    assert_eq!((&one["heard"], &one["lines"]), (&json!(true), &json!(1)));
    assert_eq!(
        one["devices"],
        json!([{ "product": "見本のUTM", "serial": "SN-1" }])
    );
    assert_eq!((&one["said"], &one["history"]), (&json!(null), &json!([])));
    let group = &one["groups"][0];
    assert_eq!(group["title"], "EXAMPLE <b>7</b>");
    assert_eq!(
        (&group["severity"], &group["action"]),
        (&json!("high"), &json!("detected"))
    );
    assert_eq!(
        (&group["open"], &group["judgement"]),
        (&json!(true), &json!(null))
    );
    assert_eq!(group["first_at"], "2024-06-02T09:00:00.000+09:00");
    // A technician's system sees what is assigned to it, and that is nothing.
    let technician = System::new(office, StaffRole::Technician, &[]).await;
    assert_eq!(technician.get(office, &path).await.status, 404);
    let list = technician.get(office, LIST).await.json();
    assert_eq!(list, json!({ "checks": [], "next": null }));
}

#[tokio::test]
async fn a_day_whose_detections_were_removed_says_so() {
    let checks = removed().await;
    let office = &checks.desk.office;
    let system = System::new(office, StaffRole::Secretariat, &[]).await;
    let path = format!("{LIST}/{OLD}/{}", checks.desk.number);
    let one = system.get(office, &path).await.json();
    let told = ["removed", "heard", "grown", "lines"].map(|name| one[name].clone());
    assert_eq!(told, [json!(true), json!(true), json!(false), json!(0)]);
    assert_eq!(
        (&one["state"], &one["said"]["lines"]),
        (&json!("signed"), &json!(1))
    );
    checks.detected(OLD, "blocked", 2);
    let one = system.get(office, &path).await.json();
    let told = ["removed", "heard", "grown", "lines"].map(|name| one[name].clone());
    assert_eq!(told, [json!(true), json!(true), json!(true), json!(1)]);
}
