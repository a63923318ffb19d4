//! What technicians said of what was not stopped.

use jiff::civil::Date;
use sonae::office::checks::facts::facts;
use sonae::office::reports::gather;
use sonae_core::access::StaffRole;
use sonae_core::detection_check::State;
use sonae_core::detection_check::group::Group;
use sonae_core::detection_check::verdict::Verdict;
use sonae_core::report::figures::{Figures, Judged};
use sonae_store::finding_judgement::{self, Judgement};
use sonae_store::{check_day, desk_finding};

use super::{MAY, check, may, watch};
use crate::checks::Checks;
use crate::staff::signed_in::SignedIn;

const BY: &str = "staff:a";

fn day(of_may: i8) -> Date {
    Date::constant(2024, 5, of_may)
}

async fn judged(checks: &Checks) -> Option<Judged> {
    computed(checks).await.judged
}

/// What came of each rule: harmless events, and attacks.
async fn by_rule(checks: &Checks) -> Vec<(String, i64, i64)> {
    let mut rules = computed(checks).await.rules;
    rules.sort_by(|a, b| a.rule.cmp(&b.rule));
    let told = rules.into_iter();
    told.map(|one| (one.rule, one.harmless, one.attack))
        .collect()
}

pub(super) async fn computed(checks: &Checks) -> Figures {
    let app = &checks.desk.office.app;
    let (company, now) = (checks.company(), app.clock.now());
    let known = app.db.read(|tx| gather::known(tx, &company, may()));
    let known = known.expect("readable");
    let figures =
        app.detections(move |detections| gather::figures(detections, &company, may(), &known, now));
    figures.await.expect("computed")
}

/// A detection that needs no judgement before 異常なし is said.
fn medium(checks: &Checks, day: &str, signature: u32) {
    checks.heard(&[format!(
        r#"{{"timestamp":"{day}T09:00:00.000000+0900","flow_id":1,"event_type":"alert","src_ip":"203.0.113.66","src_port":50443,"dest_ip":"192.0.2.10","dest_port":80,"proto":"TCP","alert":{{"action":"allowed","gid":1,"signature_id":{signature},"rev":1,"signature":"EXAMPLE {signature}","category":"Web Application Attack","severity":2}}}}"#
    )]);
}

/// The findings of a day by their rule's number.
async fn group(checks: &Checks, day: Date, signature: u32) -> Group {
    let app = &checks.desk.office.app;
    let facts = facts(app, &checks.company(), day).await.expect("readable");
    let rule = format!("1:{signature}");
    let mut groups = facts.findings.into_iter().map(|(group, _)| group);
    groups.find(|group| group.rule == rule).expect("a finding")
}

async fn judge(checks: &Checks, day: Date, signature: u32, verdict: Verdict) {
    let app = &checks.desk.office.app;
    let company = checks.company();
    let group = group(checks, day, signature).await;
    let before = (app.db).read(|tx| finding_judgement::of_day(tx, &company, day));
    let before = before.expect("readable");
    let judgement = Judgement {
        day,
        version: (before.get(&group.key())).map_or(1, |last| last.version + 1),
        group,
        verdict,
        reason: "見本".to_owned(),
        by: BY.to_owned(),
        at: app.clock.now(),
    };
    let added = (app.db).write(|tx| finding_judgement::add(tx, &company, &judgement, 0));
    added.expect("judged");
}

async fn hand_on(checks: &Checks, day: Date, signature: u32) {
    let app = &checks.desk.office.app;
    let (company, group) = (checks.company(), group(checks, day, signature).await);
    let new = desk_finding::New {
        application_id: &company,
        day,
        group: &group,
        verdict: Verdict::Suspicious,
        words: "見本",
        evidence: ("{}", "hash"),
        by: BY,
        at: app.clock.now(),
    };
    let added = app.db.write(|tx| desk_finding::add(tx, 1, &new, 0));
    added.expect("handed on");
}

async fn say(checks: &Checks, day: Date, state: State) {
    let app = &checks.desk.office.app;
    let company = checks.company();
    let facts = facts(app, &company, day).await.expect("readable");
    let new = check_day::New {
        application_id: &company,
        day,
        state,
        note: "",
        by: BY,
        at: app.clock.now(),
        seen: &facts.seen(),
        log_index: 0,
    };
    let saved = app.db.write(|tx| check_day::save(tx, &new, None));
    saved.expect("said");
}

fn sign(checks: &Checks, day: Date) {
    let app = &checks.desk.office.app;
    let company = [checks.company()];
    let signed = (app.db).write(|tx| check_day::sign(tx, day, &company, BY, app.clock.now()));
    assert_eq!(signed.expect("signed"), 1);
}

#[tokio::test]
async fn what_came_of_what_was_not_stopped_is_told() {
    let checks = Checks::new().await;
    let app = checks.desk.office.app.clone();
    watch(&app, &checks.company());
    for signature in [1, 2, 3, 4, 5] {
        checks.detected("2024-05-20", "allowed", signature);
    }
    checks.detected("2024-05-20", "blocked", 6);
    medium(&checks, "2024-05-21", 7);
    checks.detected("2024-05-21", "allowed", 9);
    checks.detected("2024-05-22", "allowed", 8);
    // Where nobody checks, nothing is said of it.
    assert_eq!(judged(&checks).await, None);
    judge(&checks, day(20), 1, Verdict::FalsePositive).await;
    judge(&checks, day(20), 2, Verdict::TruePositive).await;
    judge(&checks, day(20), 3, Verdict::Suspicious).await;
    judge(&checks, day(20), 4, Verdict::InsufficientData).await;
    hand_on(&checks, day(20), 3).await;
    say(&checks, day(20), State::Handling).await;
    say(&checks, day(21), State::Quiet).await;
    // A day is checked when somebody signed it.
    sign(&checks, day(20));
    let expected = Judged {
        checked_days: 1,
        of_days: 31,
        harmless: 2,
        attack: 2,
        escalated: 1,
        open: 4,
    };
    assert_eq!(judged(&checks).await, Some(expected.clone()));
    let outcomes = [
        (1, 1, 0),
        (2, 0, 1),
        (3, 0, 1),
        (4, 0, 0),
        (5, 0, 0),
        (6, 0, 0),
        (7, 1, 0),
        (8, 0, 0),
        // 異常なし was said of its day without a judgement that it needs.
        (9, 0, 0),
    ];
    let outcomes = outcomes.map(|(rule, harmless, attack)| (format!("1:{rule}"), harmless, attack));
    assert_eq!(by_rule(&checks).await, outcomes);
    // What came after 異常なし was said nobody looked at.
    let company = checks.company();
    let late = (app.db).write(|tx| check_day::compare(tx, &company, day(21), 9));
    assert!(late.expect("written"));
    let expected = Judged {
        harmless: 1,
        open: 5,
        ..expected
    };
    assert_eq!(judged(&checks).await, Some(expected));
    told(&checks).await;
}

/// The report says it.
async fn told(checks: &Checks) {
    let office = &checks.desk.office;
    let technician = office.sign_in(StaffRole::Technician).await;
    let path = format!("/office/reports/{}/{MAY}", checks.desk.number);
    let made = technician.post(office, &format!("{path}/make"), &[]).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let page = technician.get(office, &path).await;
    check(
        &page.text,
        &[
            "この月の31日のうち1日分",
            "誤りと分かったもの1件",
            "疑わしいと見たもの2件",
            "うちサポートセンターに対応を渡したもの1件",
            "まだ連絡がないときは、サポートセンターへお電話ください",
            "まだ判断していないもの5件",
        ],
        &["<b>1", "していただくことはありません"],
    );
    // A judgement that comes after the report is named as what differs, and the report stays.
    judge(checks, day(22), 8, Verdict::Benign).await;
    let compared = technician.get(office, &format!("{path}/compare")).await;
    check(
        &compared.text,
        &[
            "違う数字がありました",
            "毎日の確認の結果",
            "まだ判断していないもの5件",
        ],
        &["同じ数字でした"],
    );
    outdated(checks, &path, &technician).await;
}

/// Nobody checks or approves a report whose figures would come out differently now, one by one or many at once.
async fn outdated(checks: &Checks, path: &str, technician: &SignedIn) {
    let office = &checks.desk.office;
    let secretary = office.sign_in(StaffRole::Secretariat).await;
    let sentence = "毎日の確認の結果が変わりました";
    let post = async |who: &SignedIn, word: &str, revision: &str, status: u16| {
        let way = format!("{path}/{word}");
        let fields = [("revision", revision), ("word", "ひとこと")];
        let reply = who.post(office, &way, &fields).await;
        assert_eq!(reply.status, status, "{word}: {}", reply.text);
        reply.text
    };
    let page = post(technician, "check", "1", 422).await;
    check(&page, &[sentence, "ひとこと"], &[]);
    post(technician, "make", "1", 303).await;
    post(technician, "check", "2", 303).await;
    judge(checks, day(22), 8, Verdict::TruePositive).await;
    let page = post(&secretary, "approve", "2", 422).await;
    check(&page, &[sentence, "承認待ち"], &[]);
    let marked = format!("{}:2", checks.desk.number);
    let run = "00000000-0000-7000-8000-00000000000a";
    let many = [
        ("month", MAY),
        ("case", &*marked),
        ("step", "run"),
        ("run", run),
    ];
    let done = (secretary.post(office, "/office/reports/approve", &many)).await;
    let done = secretary.follow(office, &done).await;
    check(&done.text, &[sentence, "1件のうち0件"], &[]);
    post(technician, "make", "2", 303).await;
    post(technician, "check", "3", 303).await;
    post(&secretary, "approve", "3", 303).await;
}
