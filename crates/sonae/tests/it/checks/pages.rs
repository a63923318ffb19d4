//! Suppressions, several companies and days together, and who may see what.

use sonae_core::access::StaffRole;

use super::{Checks, DAY, check, key};

const SHEET: &str = "/office/checks";

#[tokio::test]
async fn a_suppression_has_an_owner_a_reason_and_an_end_and_counts_what_it_hid() {
    let checks = Checks::new().await;
    checks.detected(DAY, "allowed", 7);
    check(
        &checks.page("/office/suppressions").await,
        &["抑止はありません"],
        &[],
    );
    let group = key(&checks.page(&checks.path("")).await);
    let suppress = checks.path("/suppress");
    for (reason, until, sentence) in [
        ("", "2024-07-01", "理由を書いてください"),
        ("点検", "", "期限の日を入れてください"),
        ("点検", "2024-06-02", "今日より後の日"),
        ("点検", "2025-06-04", "1年以内"),
    ] {
        let fields = [
            ("group", &*group),
            ("reason", reason),
            ("until", until),
            ("any_device", "1"),
        ];
        let page = checks.refuses(&suppress, &fields, sentence).await;
        check(
            &page,
            &[
                &format!("value=\"{until}\""),
                "name=\"any_device\" value=\"1\" checked",
            ],
            &[],
        );
    }
    let fields = [
        ("group", &*group),
        ("reason", "<b>月次点検</b>"),
        ("until", "2024-06-10"),
    ];
    let page = checks.does(&suppress, &fields).await;
    check(
        &page,
        &["抑止中", "令和6年6月10日(月)まで", "&#60;b&#62;月次点検"],
        &["判断が必要"],
    );
    checks
        .refuses(&suppress, &fields, "すでに抑止されています")
        .await;
    let quiet = checks.button(0, 1, "quiet");
    checks
        .does(&format!("{SHEET}/{DAY}/said"), &[("one", &quiet)])
        .await;
    let list = checks.page("/office/suppressions").await;
    check(
        &list,
        &[
            "&#60;b&#62;月次点検",
            "期限が近い",
            "最後は令和6年6月2日(日)",
            "1:7、Attempted Administrator Privilege Gain、高、検知のみ",
        ],
        &["<b>月次点検"],
    );
    let at = list.find("/office/suppressions/").expect("a form");
    let end = list[at..].split('"').next().expect("a path").to_owned();
    check(
        &checks.does(&end, &[]).await,
        &["抑止を終えました", "終了"],
        &[],
    );
    check(&checks.does(&end, &[]).await, &["もう終わっています"], &[]);
}

#[tokio::test]
async fn quiet_companies_and_days_are_done_together_after_a_look() {
    let checks = Checks::new().await;
    checks.alive("2024-06-01");
    // The second of June is silent until its bulk was looked at.
    let bulk = format!("{SHEET}/{DAY}/quiet");
    let page = checks.post(&checks.technician, &bulk, &[]).await.text;
    check(
        &page,
        &[
            "まとめて異常なしにできる会社はありません",
            "機器から何も届いていません",
        ],
        &[],
    );
    let sheet = checks.page(SHEET).await;
    check(&sheet, &["受信なし", "まだ終わっていない日が2日"], &[]);
    let said = format!("{SHEET}/{DAY}/said");
    let quiet = checks.button(0, 0, "quiet");
    checks
        .refuses(&said, &[("one", &quiet)], "機器から何も届いていません")
        .await;
    let missed = "/office/checks/missed";
    check(&checks.page(missed).await, &["2024-06-01", DAY], &[]);
    checks.refuses(missed, &[], "日に印を付けてください").await;
    let days = [("day", "2024-06-01"), ("day", DAY)];
    let page = checks.post(&checks.technician, missed, &days).await.text;
    check(
        &page,
        &[
            "異常なしにして、署名します",
            "残りを確認するまで",
            "このとおりに行う",
        ],
        &[],
    );
    let confirmed = [("day", "2024-06-01"), ("day", DAY), ("confirmed", "1")];
    let page = checks
        .post(&checks.technician, missed, &confirmed)
        .await
        .text;
    check(
        &page,
        &[
            "1社を異常なしにして、署名しました",
            "まだ確認していない会社が1社",
        ],
        &["このとおりに行う"],
    );
    checks.alive(DAY);
    let page = checks.post(&checks.technician, &bulk, &[]).await.text;
    check(
        &page,
        &["1社を異常なしにする", &checks.desk.number],
        &["結果です"],
    );
    let fields = [("confirmed", "1"), ("case", &*checks.desk.number)];
    let page = checks.post(&checks.technician, &bulk, &fields).await.text;
    check(&page, &["異常なしにしました"], &[]);
    let page = checks.post(&checks.technician, &bulk, &fields).await.text;
    check(&page, &["状態が入っています"], &["異常なしにしました"]);
    checks.does(&format!("{SHEET}/{DAY}/sign"), &[]).await;
    check(
        &checks.page(missed).await,
        &["あとから届いた検知もありません"],
        &[],
    );
}

#[tokio::test]
async fn who_may_read_and_who_may_check() {
    let checks = Checks::new().await;
    checks.detected(DAY, "allowed", 7);
    let office = &checks.desk.office;
    let company = checks.path("");
    let said = format!("{SHEET}/{DAY}/said");
    let one = checks.button(0, 1, "review");
    for (role, read, list, write) in [
        (StaffRole::Secretariat, 200, 200, 403),
        (StaffRole::Sponsor, 403, 403, 403),
        (StaffRole::Expert, 403, 403, 403),
        // Another technician's companies are none.
        (StaffRole::Technician, 404, 200, 404),
        (StaffRole::Desk, 403, 403, 403),
        (StaffRole::Admin, 403, 403, 403),
    ] {
        let person = office.sign_in(role).await;
        let got = [
            checks.get(&person, &company).await.status.as_u16(),
            checks.get(&person, SHEET).await.status.as_u16(),
            checks
                .post(&person, &said, &[("one", &one)])
                .await
                .status
                .as_u16(),
        ];
        assert_eq!(got, [read, list, write], "{role:?}");
        let sheet = checks.get(&person, SHEET).await.text;
        assert_eq!(
            sheet.contains("SN-1"),
            role == StaffRole::Secretariat,
            "{role:?}"
        );
    }
    let secretary = office.sign_in(StaffRole::Secretariat).await;
    let page = checks.get(&secretary, &company).await.text;
    check(&page, &["EXAMPLE"], &["/judge", "/state"]);
}

#[tokio::test]
async fn what_is_no_day_and_a_day_that_is_not_over() {
    let checks = Checks::new().await;
    for path in [
        "/office/checks/2024-6-2/x",
        "/office/checks/x/R6-333-34A",
        "/office/findings/0",
        "/office/findings/9",
    ] {
        assert_eq!(
            checks.get(&checks.technician, path).await.status,
            404,
            "{path}"
        );
    }
    // Days without a device, and what is no day, are pages all the same.
    for query in [
        "day=2020-01-01",
        "day=x",
        "state=x&person=nobody",
        "day=2024-06-03",
    ] {
        assert_eq!(
            checks
                .get(&checks.technician, &format!("{SHEET}?{query}"))
                .await
                .status,
            200,
            "{query}"
        );
    }
    let future = "/office/checks/2024-06-20/said";
    let reply = checks
        .post(
            &checks.technician,
            future,
            &[("one", &checks.button(0, 0, "review"))],
        )
        .await;
    assert_eq!(reply.status, 422);
    check(&reply.text, &["まだ始まっていません"], &[]);
    let today = "/office/checks/2024-06-03/sign";
    let reply = checks.post(&checks.technician, today, &[]).await;
    check(&reply.text, &["まだ終わっていません"], &[]);
}

#[tokio::test]
async fn a_day_that_nobody_signed_is_told_once() {
    let checks = Checks::new().await;
    checks.alive("2024-06-01");
    // Saturday's next business day is Monday the third, which is not over yet.
    let remind = |office: &crate::office::Office| {
        sonae::jobs::remind_checks::remind(&office.app, office.app.clock.now()).expect("reminded")
    };
    assert_eq!(remind(&checks.desk.office), 0);
    let (technician, other) = (checks.technician.id.clone(), checks.other.id.clone());
    assert_ne!(technician, other);
    let later = checks.desk.office.reopen("2024-06-04T09:00:00+09:00");
    // Both technicians, for the first and the second of June.
    assert_eq!(remind(&later), 4);
    assert_eq!(remind(&later), 0);
}
