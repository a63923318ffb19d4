//! Screening, duplicates, 環境の記録 and courses, as the office and the expert see and use them.

use serde_json::{Value, json};
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};

use crate::case::Desk;
use crate::office::{OPEN_R6, Office, R6, R7, Reply, complete};
use crate::staff::signed_in::SignedIn;

const SCRIPT: &str = "<script>alert(1)</script>\"'>";
const ESCAPED: &str = "&#60;script&#62;alert(1)";

async fn desk(program: &str, differing: Value) -> Desk {
    let instant = if program == R6 {
        OPEN_R6
    } else {
        "2025-06-02T10:00:00+09:00"
    };
    let office = Office::open_with(instant, &["--no-rate-limit"]);
    let number = apply(&office, program, "key-0001", differing).await;
    let person = office.sign_in(StaffRole::Secretariat).await;
    Desk {
        office,
        number,
        person,
    }
}

async fn apply(office: &Office, program: &str, key: &str, differing: Value) -> String {
    let mut answers = complete(program);
    for (name, answer) in differing.as_object().expect("an object") {
        answers[name] = answer.clone();
    }
    let reply = office.apply(program, key, answers.to_string()).await;
    reply.json()["receipt_number"]
        .as_str()
        .expect("a number")
        .to_owned()
}

/// Sends a form with the version the case has now.
async fn sent(desk: &Desk, person: &SignedIn, below: &str, typed: &[(&str, &str)]) -> Reply {
    let version = desk.stored().await.case.version.to_string();
    let fields = [&[("version", version.as_str())], typed].concat();
    person.post(&desk.office, &desk.path(below), &fields).await
}

async fn shown(desk: &Desk, below: &str) -> String {
    let reply = desk.person.get(&desk.office, &desk.path(below)).await;
    assert_eq!(reply.status, 200, "{below}: {}", reply.text);
    assert!(!reply.text.contains("<script>alert"), "{below} is escaped");
    reply.text
}

fn check(page: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(page.contains(piece), "{piece} is missing in {page}");
    }
}

async fn act(desk: &Desk, event: Value) {
    let event: Event = serde_json::from_value(event).expect("an event");
    let office = Actor::Staff {
        id: "jimu".to_owned(),
        role: StaffRole::Secretariat,
    };
    desk.act(event, office).await;
}

fn on_the_edge() -> Value {
    json!({"measures": {"utm_or_edr_installed": true, "two_star_level_policy": false}})
}

#[tokio::test]
async fn a_condition_is_judged_with_a_reason_and_the_screening_ends() {
    let desk = desk(R7, on_the_edge()).await;
    let page = shown(&desk, "/screening").await;
    check(
        &page,
        &[
            "人の判断が必要な要件が、あと1つあります。",
            "要項 2(2)・2(4)・2(5)",
            "受付のとき",
            "name=\"rule\" value=\"measures\"",
        ],
    );
    assert!(!page.contains("/screened"), "not before the judgement");
    let typed = [
        ("rule", "measures"),
        ("outcome", "met"),
        ("reason", SCRIPT),
        ("step", "preview"),
    ];
    let preview = sent(&desk, &desk.person, "/judge", &typed).await;
    assert_eq!(preview.status, 200, "{}", preview.text);
    check(&preview.text, &["まだ行っていません", ESCAPED]);
    let missing = [
        ("rule", "measures"),
        ("outcome", "met"),
        ("reason", " "),
        ("step", "preview"),
    ];
    let missing = sent(&desk, &desk.person, "/judge", &missing).await;
    assert_eq!(missing.status, 422);
    check(&missing.text, &["「理由」を入力してください。"]);
    let made_up = [
        ("rule", "sme"),
        ("outcome", "met"),
        ("reason", "x"),
        ("step", "act"),
    ];
    assert_eq!(
        sent(&desk, &desk.person, "/judge", &made_up).await.status,
        422
    );
    let act = [&typed[..3], &[("step", "act")]].concat();
    assert_eq!(sent(&desk, &desk.person, "/judge", &act).await.status, 303);
    let page = shown(&desk, "/screening").await;
    check(
        &page,
        &[
            "人の判断を待つ要件はありません。",
            "要件をすべて満たす",
            ESCAPED,
            "判断を変える",
            "/screened",
        ],
    );
    let ended = sent(
        &desk,
        &desk.person,
        "/screened",
        &[("note", ""), ("step", "act")],
    )
    .await;
    assert_eq!(ended.status, 303, "{}", ended.text);
    let case = desk.stored().await.case;
    assert!(case.is_done("screening") && case.is_open("approval"));
}

#[tokio::test]
async fn what_cannot_be_judged_yet_is_asked_of_the_company() {
    let desk = desk(R7, on_the_edge()).await;
    let typed = [
        ("rule", "measures"),
        ("outcome", "ask"),
        ("reason", "方針の写しをお送りください。"),
        ("step", "preview"),
    ];
    let preview = sent(&desk, &desk.person, "/judge", &typed).await;
    check(
        &preview.text,
        &[
            "申込内容の確認をお願いします",
            "方針の写しをお送りください。",
            "次に動くのは、申込企業です。",
        ],
    );
    let act = [&typed[..3], &[("step", "act")]].concat();
    assert_eq!(sent(&desk, &desk.person, "/judge", &act).await.status, 303);
    let asked = desk.stored().await.case.correction.expect("asked");
    assert!(
        asked
            .fields
            .contains(&"measures.two_star_level_policy".to_owned()),
        "{asked:?}"
    );
}

#[tokio::test]
async fn facts_stand_as_they_were_and_as_they_are() {
    let desk = desk(R7, json!({})).await;
    assert!(!shown(&desk, "/screening").await.contains("変わりました"));
    let mut answers = json!(desk.stored().await.answers);
    answers["employees"] = json!(80);
    act(
        &desk,
        json!({"event": "corrected", "answers": answers, "reason": "お電話で"}),
    )
    .await;
    let page = shown(&desk, "/screening").await;
    check(&page, &["変わりました", "45人", "80人"]);
}

#[tokio::test]
async fn one_company_twice_is_shown_side_by_side_and_judged() {
    let desk = desk(R6, json!({})).await;
    assert!(
        !shown(&desk, "/screening")
            .await
            .contains("同じ企業かもしれない")
    );
    check(
        &shown(&desk, "/duplicates").await,
        &["見つかりませんでした"],
    );
    let other = apply(
        &desk.office,
        R6,
        "key-0002",
        json!({"name": SCRIPT, "name_kana": "ベツノカイシャ"}),
    )
    .await;
    check(
        &shown(&desk, "/screening").await,
        &["1件あります", "/duplicates"],
    );
    let page = shown(&desk, "/duplicates").await;
    check(
        &page,
        &[
            &other,
            ESCAPED,
            "住所と電話番号が一致、名称とフリガナは異なる。",
            "可能性あり",
        ],
    );
    let typed = [
        ("with", other.as_str()),
        ("same", "no"),
        ("reason", "同じ建物の別の会社"),
        ("step", "preview"),
    ];
    let judged = sent(&desk, &desk.person, "/duplicates/judge", &typed).await;
    assert_eq!(judged.status, 303, "{}", judged.text);
    check(
        &shown(&desk, "/duplicates").await,
        &["別の企業。同じ建物の別の会社", "判断を変える"],
    );
    check(&shown(&desk, "").await, &["とは別の企業だと判断しました。"]);
    let nobody = [
        ("with", "../x"),
        ("same", "no"),
        ("reason", "x"),
        ("step", "act"),
    ];
    let nobody = sent(&desk, &desk.person, "/duplicates/judge", &nobody).await;
    assert_eq!(nobody.status, 422);
    check(&nobody.text, &["比べる相手がわかりません。"]);
}

/// At the diagnosis, with an expert in charge.
async fn at_diagnosis() -> (Desk, SignedIn) {
    let desk = desk(R6, json!({})).await;
    let expert = desk.office.sign_in(StaffRole::Expert).await;
    act(
        &desk,
        json!({"event": "contacted", "channel": "phone", "outcome": "reached"}),
    )
    .await;
    act(&desk, json!({"event": "agreed"})).await;
    act(&desk, json!({"event": "expert_assigned", "to": expert.id})).await;
    let actor = Actor::Staff {
        id: expert.id.clone(),
        role: StaffRole::Expert,
    };
    let called = json!({"event": "contacted", "channel": "phone", "outcome": "reached"});
    desk.act(serde_json::from_value(called).expect("an event"), actor)
        .await;
    (desk, expert)
}

#[tokio::test]
async fn the_expert_in_charge_fills_in_the_record_and_ends_the_diagnosis() {
    let (desk, expert) = at_diagnosis().await;
    let form = expert.get(&desk.office, &desk.path("/diagnosis")).await;
    assert_eq!(form.status, 200, "{}", form.text);
    check(
        &form.text,
        &[
            "ネットワークの接続構成",
            "HUBの空きポートの有無",
            "inputmode=\"numeric\"",
            "未確認",
        ],
    );
    let draft = [
        ("item.network", SCRIPT),
        ("item.hub_ports", "true"),
        ("item.computers", "２５台"),
        ("then", "save"),
        ("step", "preview"),
    ];
    let saved = sent(&desk, &expert, "/diagnosis", &draft).await;
    assert_eq!(saved.status, 303, "kept at once: {}", saved.text);
    let kept = json!(desk.stored().await.case.diagnosis);
    assert_eq!(
        kept,
        json!({"network": SCRIPT, "hub_ports": true, "computers": 25})
    );
    let form = expert.get(&desk.office, &desk.path("/diagnosis")).await;
    check(&form.text, &[ESCAPED, "value=\"25\""]);
    // What was typed wrongly is said and kept; what is emptied is taken back.
    let wrong = [
        ("item.network", "ONU"),
        ("item.computers", "たくさん"),
        ("then", "done"),
        ("step", "preview"),
    ];
    let wrong = sent(&desk, &expert, "/diagnosis", &wrong).await;
    assert_eq!(wrong.status, 422);
    check(
        &wrong.text,
        &[
            "「PC台数」の答えが正しい形ではありません。",
            "たくさん",
            "ONU",
        ],
    );
    let done = [
        ("item.network", "ONU"),
        ("item.hub_ports", ""),
        ("item.computers", "25"),
        ("then", "done"),
        ("step", "preview"),
    ];
    let preview = sent(&desk, &expert, "/diagnosis", &done).await;
    check(&preview.text, &["段階が「東京都の承認」に進みます。"]);
    let act = [&done[..4], &[("step", "act")]].concat();
    assert_eq!(sent(&desk, &expert, "/diagnosis", &act).await.status, 303);
    let case = desk.stored().await.case;
    assert_eq!(
        json!(case.diagnosis),
        json!({"network": "ONU", "computers": 25})
    );
    assert!(case.is_open("approval"));
}

#[tokio::test]
async fn courses_are_proposed_by_the_expert_and_decided_by_the_office() {
    let (desk, expert) = at_diagnosis().await;
    let none = [("courses", "edr"), ("reason", "x"), ("step", "preview")];
    assert_eq!(
        sent(&desk, &expert, "/courses/propose", &none).await.status,
        422
    );
    let proposal = [
        ("courses", "utm"),
        ("reason", "規程は整備済み"),
        ("step", "preview"),
    ];
    let proposed = sent(&desk, &expert, "/courses/propose", &proposal).await;
    assert_eq!(proposed.status, 303, "{}", proposed.text);
    let page = shown(&desk, "/courses").await;
    check(
        &page,
        &[
            "専門家の案",
            "規程は整備済み",
            "50枠のうち1枠(残り49枠)",
            "場所は東京都に限ります",
            "1社1台まで",
        ],
    );
    let early = desk
        .person
        .get(&desk.office, &desk.path("/courses/decide"))
        .await;
    assert_eq!(early.status, 409, "{}", early.text);
    act(
        &desk,
        json!({"event": "diagnosed", "record": {}, "done": true}),
    )
    .await;
    act(&desk, json!({"event": "proposed"})).await;
    let tokyo = Actor::Staff {
        id: "tokyo".to_owned(),
        role: StaffRole::Sponsor,
    };
    desk.act(Event::Approved {}, tokyo).await;
    check(
        &shown(&desk, "/courses/decide").await,
        &["専門家の案の理由：規程は整備済み", "value=\"utm\" checked"],
    );
    let decision = [
        ("courses", "utm"),
        ("reason", "案のとおり"),
        ("step", "preview"),
    ];
    let preview = sent(&desk, &desk.person, "/courses/decide", &decision).await;
    check(
        &preview.text,
        &[
            "参加が確定しました",
            "「マネジメント指導」の枠が「枠あり」から「枠なし(返却)」に変わります。",
        ],
    );
    let act = [&decision[..2], &[("step", "act")]].concat();
    assert_eq!(
        sent(&desk, &desk.person, "/courses/decide", &act)
            .await
            .status,
        303
    );
    assert_eq!(
        desk.stored().await.case.status,
        sonae_core::flow::Status::Confirmed
    );
}

/// Who sees which page of one case: `200`, `403` not this role's, `404` not this person's.
#[tokio::test]
async fn each_page_for_whoever_may() {
    let (desk, expert) = at_diagnosis().await;
    let other = desk.office.sign_in(StaffRole::Expert).await;
    let tokyo = desk.office.sign_in(StaffRole::Sponsor).await;
    for (below, expected) in [
        ("/screening", [200, 200, 404, 200]),
        ("/duplicates", [200, 403, 403, 403]),
        ("/judge", [409, 403, 403, 403]),
        ("/diagnosis", [200, 200, 404, 403]),
        ("/courses", [200, 200, 404, 403]),
        ("/courses/propose", [200, 200, 404, 403]),
        ("/courses/decide", [409, 403, 403, 403]),
    ] {
        for (person, status) in [&desk.person, &expert, &other, &tokyo]
            .into_iter()
            .zip(expected)
        {
            let reply = person.get(&desk.office, &desk.path(below)).await;
            assert_eq!(reply.status, status, "{below}: {}", reply.text);
        }
    }
}
