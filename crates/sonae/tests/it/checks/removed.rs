//! Days whose detections are no longer kept: they say so, and what comes later is noticed.

use sonae::jobs::remove_detections::remove;
use sonae::telemetry::needed::{Holds, needed};

use super::{Checks, check};
use crate::telemetry::kept::{MONTH, signed};

/// A day of long ago that was watched and signed.
pub(crate) const OLD: &str = "2024-03-15";

/// An office whose company's old day was signed with a line, and then the line was removed.
pub(crate) async fn removed() -> Checks {
    let checks = Checks::new().await;
    checks.detected(OLD, "blocked", 1);
    signed(&checks, OLD.parse().expect("a day"));
    let removed = remove(&checks.desk.office.app, &MONTH).await;
    assert_eq!(removed.expect("removed").months, 1);
    // Only now the register says that the device was watched, as no report of the month stands in the way.
    checks.watch(("2", OLD, "2024-03-16"));
    checks
}

fn path(checks: &Checks, below: &str) -> String {
    format!("/office/checks/{OLD}/{}{below}", checks.desk.number)
}

const STATE: [(&str, &str); 4] = [
    ("state", "review"),
    ("version", "1"),
    ("lines", "1"),
    ("note", "遅れて届いた"),
];

#[tokio::test]
async fn a_removed_day_says_so_and_is_not_corrected() {
    let checks = removed().await;
    let sheet = checks.page(&format!("/office/checks?day={OLD}")).await;
    let not = ["chip-error", "受信なし", ">直す<"];
    check(&sheet, &["保存期間を過ぎた検知", "署名済み"], &not);
    let page = checks.page(&path(&checks, "")).await;
    let told = [
        "保存期間を過ぎたため消しました",
        "確認の記録は残っています",
        "もう残っていません",
        "検知1行",
    ];
    let not = [
        "何も届いていません",
        "あとから届いた検知が",
        "この日の検知はありません",
        "/state\"",
    ];
    check(&page, &told, &not);
    let state = path(&checks, "/state");
    checks
        .refuses(&state, &STATE, "検知を見直せないので、状態は直せません")
        .await;
    let judge = [
        ("group", "0123456789abcdef0123456789abcdef"),
        ("version", "0"),
        ("verdict", "benign"),
        ("reason", "業者の点検"),
    ];
    let judged = path(&checks, "/judge");
    checks
        .refuses(
            &judged,
            &judge,
            "保存期間を過ぎて消えた検知は、判断を直せません",
        )
        .await;
    // A device that is registered later for the same day makes nobody look at what is gone.
    let sign = format!("/office/checks/{OLD}/sign");
    checks.does(&sign, &[]).await;
    assert_eq!(checks.compare(), 0);
}

#[tokio::test]
async fn what_comes_late_to_a_removed_day_is_noticed_and_stays() {
    let checks = removed().await;
    checks.detected(OLD, "blocked", 2);
    assert_eq!(checks.compare(), 1);
    let sheet = checks.page(&format!("/office/checks?day={OLD}")).await;
    check(&sheet, &["あとから届いた検知 1行"], &["受信なし"]);
    let app = &checks.desk.office.app;
    let now = app.clock.now();
    let held = app.db.read(|tx| needed(tx, now)).expect("readable");
    // Its report was never made either, which compares with February.
    let report = Holds::Report {
        receipt_number: checks.desk.number.clone(),
        month: "2024-03".to_owned().try_into().expect("a month"),
    };
    assert_eq!(held.held_by, Some(report));
    let page = checks.page(&path(&checks, "")).await;
    let told = [
        "確認したときに見た検知は、保存期間を過ぎたため消しました",
        "あとから届いた検知が1行あります",
    ];
    check(&page, &told, &[]);
    checks.does(&path(&checks, "/state"), &STATE).await;
    assert_eq!(checks.compare(), 0);
    let sheet = checks.page(&format!("/office/checks?day={OLD}")).await;
    check(&sheet, &["署名済み"], &["chip-error"]);
}
