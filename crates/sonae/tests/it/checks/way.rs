//! What is said of a company's day, by one and by two, until it is signed and after.

use sonae_store::suppression;

use super::{Checks, DAY, check, key};
use crate::staff::signed_in::SignedIn;

const SHEET: &str = "/office/checks";

#[tokio::test]
async fn a_grave_detection_is_judged_before_the_day_is_quiet() {
    let checks = Checks::new().await;
    checks.detected(DAY, "allowed", 7);
    let sheet = checks.page(SHEET).await;
    check(
        &sheet,
        &[
            "令和6年6月2日(日)",
            "見本のUTM(SN-1)",
            "未確認",
            "1社のうち0社",
            "data-row-key=\"1\"",
        ],
        &["受信なし"],
    );
    let said = format!("{SHEET}/{DAY}/said");
    let quiet = checks.button(0, 1, "quiet");
    let page = checks
        .refuses(&said, &[("one", &quiet)], "まだ判断していません")
        .await;
    check(&page, &["EXAMPLE &#60;b&#62;7"], &["<b>7"]);
    checks
        .refuses(&said, &[("one", "x")], "行のボタンで選んでください")
        .await;
    let sign = format!("{SHEET}/{DAY}/sign");
    checks
        .refuses(&sign, &[], "まだ確認していない会社が1社")
        .await;
    judged(&checks).await;
    let sheet = checks
        .does(&said, &[("one", &quiet), ("state", "none")])
        .await;
    check(&sheet, &["当てはまる会社はありません", "1社のうち1社"], &[]);
    let sheet = checks.does(&sign, &[]).await;
    check(
        &sheet,
        &["1社の確認に署名しました", "署名済み", "署名 "],
        &["この日の確認に署名する"],
    );
    let log = checks.desk.log();
    check(
        &log,
        &[
            "check.judged",
            "check.said",
            "check.signed",
            "figures_sha256",
        ],
        &["業者の点検", "EXAMPLE"],
    );
}

async fn judged(checks: &Checks) {
    // The page of the company: its finding, its line, and a judgement.
    let page = checks.page(&checks.path("")).await;
    check(
        &page,
        &["判断が必要", "Attempted Administrator"],
        &["元の行</h3>"],
    );
    let group = key(&page);
    let page = checks.page(&checks.path(&format!("?group={group}"))).await;
    check(
        &page,
        &[
            "元の行",
            "203.0.113.66",
            "&#34;signature_id&#34;:7",
            "まだありません。",
        ],
        &[],
    );
    let judge = checks.path("/judge");
    let typed = [
        ("group", &*group),
        ("version", "0"),
        ("verdict", "benign"),
        ("reason", " "),
    ];
    checks.refuses(&judge, &typed, "理由を書いてください").await;
    let typed = [
        ("group", &*group),
        ("version", "0"),
        ("verdict", ""),
        ("reason", "<i>点検"),
    ];
    let page = checks.refuses(&judge, &typed, "何だったかを選んで").await;
    check(&page, &["&#60;i&#62;点検</textarea>"], &[]);
    let typed = [
        ("group", &*group),
        ("version", "0"),
        ("verdict", "benign"),
        ("reason", "業者の点検"),
    ];
    let page = checks.does(&judge, &typed).await;
    check(
        &page,
        &["判断を記録しました", "害のない動き", "業者の点検"],
        &["判断が必要"],
    );
    // Twice is once; another judgement from an old page is told.
    checks.does(&judge, &typed).await;
    let other = [
        ("group", &*group),
        ("version", "0"),
        ("verdict", "suspicious"),
        ("reason", "x"),
    ];
    checks.refuses(&judge, &other, "先に").await;
}

#[tokio::test]
async fn a_judgement_after_the_state_changes_it_and_corrects_a_signature() {
    let checks = Checks::new().await;
    checks.detected(DAY, "allowed", 7);
    let group = key(&checks.page(&checks.path("")).await);
    let judge = async |version: &str, verdict: &str, reason: &str| {
        let fields = [
            ("group", &*group),
            ("version", version),
            ("verdict", verdict),
            ("reason", reason),
        ];
        checks.does(&checks.path("/judge"), &fields).await
    };
    judge("0", "false_positive", "製品の誤り").await;
    let said = format!("{SHEET}/{DAY}/said");
    let quiet = checks.button(0, 1, "quiet");
    checks.does(&said, &[("one", &quiet)]).await;
    let page = judge("1", "true_positive", "感染していた").await;
    let reopened = "と判断したため、「異常なし」から「要確認」に戻しました。感染していた";
    check(&page, &[reopened], &["署名後の訂正"]);
    checks
        .refuses(
            &checks.path("/state"),
            &[("state", "quiet"), ("version", "2"), ("lines", "1")],
            "と判断されています",
        )
        .await;
    let sign = format!("{SHEET}/{DAY}/sign");
    checks.does(&sign, &[]).await;
    let page = judge("2", "benign", "業者の点検だった").await;
    check(
        &page,
        &[
            "署名後の訂正",
            "「害のない動き」と判断しました。業者の点検だった",
            "要確認",
        ],
        &[],
    );
    check(&checks.desk.log(), &["check.corrected"], &["業者の点検"]);
}

#[tokio::test]
async fn what_is_quiet_is_looked_at_once_more_when_it_is_signed() {
    let checks = Checks::new().await;
    checks.detected(DAY, "allowed", 7);
    let group = key(&checks.page(&checks.path("")).await);
    let fields = [
        ("group", &*group),
        ("reason", "点検"),
        ("until", "2024-06-10"),
    ];
    checks.does(&checks.path("/suppress"), &fields).await;
    let quiet = checks.button(0, 1, "quiet");
    checks
        .does(&format!("{SHEET}/{DAY}/said"), &[("one", &quiet)])
        .await;
    // The suppression ends on a day that is 異常なし because of it.
    let app = &checks.desk.office.app;
    let day = DAY.parse().expect("a day");
    app.db
        .write(|tx| {
            let kept = suppression::since(tx, day)?.remove(0);
            suppression::end(tx, &kept.id, day, "staff:a", app.clock.now())
        })
        .expect("ended");
    let sign = format!("{SHEET}/{DAY}/sign");
    checks
        .refuses(&sign, &[], "判断が必要な検知のある会社が1社あります")
        .await;
}

#[tokio::test]
async fn what_comes_late_shows_the_day_again_and_a_correction_keeps_the_entry() {
    let checks = Checks::new().await;
    checks.alive("2024-06-01");
    checks.alive(DAY);
    let quiet = checks.button(0, 0, "quiet");
    checks
        .does(&format!("{SHEET}/{DAY}/said"), &[("one", &quiet)])
        .await;
    checks.does(&format!("{SHEET}/{DAY}/sign"), &[]).await;
    assert_eq!(checks.compare(), 0);
    checks.detected(DAY, "blocked", 9);
    assert_eq!(checks.compare(), 1);
    assert_eq!(checks.compare(), 0, "it is no news a second time");
    let sheet = checks.page(SHEET).await;
    check(
        &sheet,
        &[
            "あとから届いた検知 1行",
            "あとから届いた検知1社",
            "まだ終わっていない日が2日",
        ],
        &[],
    );
    let state = checks.path("/state");
    let fields = [
        ("state", "quiet"),
        ("version", "1"),
        ("lines", "1"),
        ("note", ""),
    ];
    checks
        .refuses(&state, &fields, "署名した日を直すときは")
        .await;
    let fields = [
        ("state", "quiet"),
        ("version", "1"),
        ("lines", "1"),
        ("note", "遅れて届いた"),
    ];
    let page = checks.does(&state, &fields).await;
    check(
        &page,
        &["署名後の訂正", "遅れて届いた", "検知0行", "検知1行"],
        &["あとから届いた検知が"],
    );
    let sheet = checks.page(SHEET).await;
    check(
        &sheet,
        &["署名済み", "まだ終わっていない日が1日"],
        &["あとから届いた検知 1行"],
    );
}

#[tokio::test]
async fn two_technicians_do_not_overwrite_each_other() {
    let checks = Checks::new().await;
    checks.alive(DAY);
    let said = format!("{SHEET}/{DAY}/said");
    let review = checks.button(0, 0, "review");
    let first = checks
        .post(&checks.technician, &said, &[("one", &review)])
        .await;
    let again = checks
        .post(&checks.technician, &said, &[("one", &review)])
        .await;
    assert_eq!(
        (first.status, again.status),
        (303.try_into().unwrap(), 303.try_into().unwrap())
    );
    let quiet = checks.button(0, 0, "quiet");
    let second = checks.post(&checks.other, &said, &[("one", &quiet)]).await;
    assert_eq!(second.status, 422);
    check(&second.text, &["先に", "「要確認」にしました"], &[]);
    // Detections that came since the page was opened are looked at first.
    checks.detected(DAY, "blocked", 3);
    let stale = checks.button(1, 0, "quiet");
    checks
        .refuses(&said, &[("one", &stale)], "検知が増えました")
        .await;
    let page = checks.page(&checks.path("")).await;
    check(&page, &["確認したあとで1行増えました"], &[]);
    let sign = format!("{SHEET}/{DAY}/sign");
    checks.refuses(&sign, &[], "検知が増えた会社が1社").await;
    let fresh = checks.button(1, 1, "quiet");
    checks.does(&said, &[("one", &fresh)]).await;
    checks.does(&sign, &[]).await;
    let log = checks.desk.log();
    assert_eq!(log.matches("check.said").count(), 2);
}

#[tokio::test]
async fn the_line_of_a_finding_is_found_among_many_of_its_rule() {
    let checks = Checks::new().await;
    // Let through once, and then stopped more often than a page of a search holds.
    checks.detected(DAY, "allowed", 7);
    checks.stopped_afterwards(DAY, 7, 450);
    let page = checks.page(&checks.path("")).await;
    let at = page.find("検知のみ").expect("let through");
    let at = page[..at].rfind("?group=").expect("its name");
    let group = page[at + 7..at + 39].to_owned();
    let page = checks.page(&checks.path(&format!("?group={group}"))).await;
    check(
        &page,
        &["1件(1行)", "&#34;action&#34;:&#34;allowed&#34;"],
        &["元の行は残っていません", "見つけきれませんでした"],
    );
    let fields = [
        ("group", &*group),
        ("version", "0"),
        ("verdict", "suspicious"),
        ("words", "確かめてください"),
    ];
    checks.does(&checks.path("/escalate"), &fields).await;
    let app = &checks.desk.office.app;
    let found = app.db.read(|tx| sonae_store::desk_finding::find(tx, 1));
    let (_, evidence) = found.expect("readable").expect("made");
    let evidence: serde_json::Value = serde_json::from_str(&evidence).expect("JSON");
    let lines = evidence["lines"].as_array().expect("lines");
    assert_eq!((lines.len(), &evidence["lines_cut"]), (1, &false.into()));
    assert!(
        lines[0]["raw"]
            .as_str()
            .expect("a line")
            .contains("T09:00:00")
    );
}

#[tokio::test]
async fn a_finding_goes_to_the_desk_once_and_is_closed_with_a_word() {
    let checks = Checks::new().await;
    checks.detected(DAY, "allowed", 7);
    let person = checks
        .desk
        .office
        .sign_in(sonae_core::access::StaffRole::Desk)
        .await;
    let group = key(&checks.page(&checks.path("")).await);
    let escalate = checks.path("/escalate");
    let fields = |verdict: &'static str, words: &'static str| {
        [
            ("group", group.clone()),
            ("version", "0".to_owned()),
            ("verdict", verdict.to_owned()),
            ("words", words.to_owned()),
        ]
    };
    let send = async |fields: [(&str, String); 4]| {
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        checks.post(&checks.technician, &escalate, &fields).await
    };
    for (verdict, words, sentence) in [
        ("benign", "x", "どれかを選んでください"),
        ("", "見本の言葉", "何だったかを選んで"),
        ("true_positive", " ", "サポートセンターへの言葉を書いて"),
    ] {
        let reply = send(fields(verdict, words)).await;
        assert_eq!(reply.status, 422);
        check(&reply.text, &[sentence], &[]);
    }
    for _ in 0..2 {
        let reply = send(fields("true_positive", "感染を確かめてください。")).await;
        assert_eq!(reply.status, 303, "{}", reply.text);
    }
    let page = checks.page(&checks.path(&format!("?group={group}"))).await;
    check(
        &page,
        &["所見1", "対応", "本物の攻撃や感染"],
        &["所見2", "所見を作って渡す"],
    );
    let told = checks.desk.told();
    assert_eq!(
        told.iter().filter(|mail| *mail == "staff_finding").count(),
        1
    );
    let fields = [
        ("state", "quiet"),
        ("version", "1"),
        ("lines", "1"),
        ("note", ""),
    ];
    checks
        .refuses(&checks.path("/state"), &fields, "状態は「対応」のままです")
        .await;
    closed(&checks, &person).await;
}

async fn closed(checks: &Checks, person: &SignedIn) {
    // The desk reads the evidence, takes it and closes it.
    let list = checks.get(person, "/office/findings").await.text;
    check(&list, &["所見1", "引受け待ち", "EXAMPLE &#60;b&#62;7"], &[]);
    let page = checks.get(person, "/office/findings/1").await.text;
    check(
        &page,
        &[
            "感染を確かめてください。",
            "203.0.113.66",
            "SHA-256",
            "引き受ける",
        ],
        &["終わりにする</button>"],
    );
    let close = "/office/findings/1/close";
    let early = checks.post(person, close, &[("closing", "x")]).await;
    assert_eq!(early.status, 422);
    for _ in 0..2 {
        let taken = checks.post(person, "/office/findings/1/take", &[]).await;
        assert_eq!(taken.status, 303);
    }
    let colleague = checks
        .desk
        .office
        .sign_in(sonae_core::access::StaffRole::Desk)
        .await;
    let late = checks
        .post(&colleague, "/office/findings/1/take", &[])
        .await;
    check(&late.text, &["先にほかの人が引き受けました"], &[]);
    let empty = checks.post(person, close, &[("closing", " ")]).await;
    assert_eq!(empty.status, 422);
    let closed = checks
        .post(person, close, &[("closing", "端末を<b>初期化</b>")])
        .await;
    assert_eq!(closed.status, 303);
    let page = checks
        .get(&checks.technician, "/office/findings/1")
        .await
        .text;
    check(
        &page,
        &["終わり", "&#60;b&#62;初期化", "この日の確認を見る"],
        &["<b>初期化", "引き受ける</button>"],
    );
    check(
        &checks.desk.log(),
        &[
            "check.escalated",
            "finding.taken",
            "finding.closed",
            "evidence_sha256",
        ],
        &["初期化"],
    );
}
