//! Earlier support from the list that somebody hands in to the case that needs a person's judgement.

use serde_json::json;
use sonae::jobs::recheck_cases;
use sonae::office::act::{self, Outcome, Request};
use sonae_core::access::StaffRole;
use sonae_core::application::answers::Answers;
use sonae_core::eligibility::{Eligibility, Verdict};
use sonae_core::flow::{Actor, Event};
use sonae_store::case::{self, Stored};
use sonae_store::case_event;
use tokio::sync::watch;

use crate::office::{OPEN_R6, Office, R6, Reply, complete};
use crate::staff::signed_in::SignedIn;

/// A list of one company: the one that applies in these tests, under an older name.
const LIST: &str =
    "会社名,法人番号,支援の種類,年度\r\n旧みほん工業,7000012050002,UTM,令和5年度\r\n";

const BOUNDARY: &str = "0123456789abcdef";

impl SignedIn {
    async fn hand_in(&self, office: &Office, content: &str, fields: &[(&str, &str)]) -> Reply {
        let mut body = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n",
            self.csrf
        );
        for (name, value) in fields {
            body += &format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        if !content.is_empty() {
            body += &format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r5.csv\"\r\n\
                 Content-Type: text/csv\r\n\r\n{content}\r\n"
            );
        }
        body += &format!("--{BOUNDARY}--\r\n");
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.post_body(office, "/office/earlier-support", &kind, body)
            .await
    }

    /// Hands a list in and imports it; gives the address of its page.
    async fn import(&self, office: &Office) -> String {
        let tried_out = self.hand_in(office, LIST, &[]).await;
        let page = tried_out.header("location").to_owned();
        let imported = self.post(office, &format!("{page}/import"), &[]).await;
        assert_eq!(imported.header("location"), page);
        page
    }
}

/// Applies for UTM and says that there was no earlier support.
async fn apply(office: &Office) -> String {
    let mut body = complete(R6);
    body["courses"] = json!(["utm"]);
    body["corporate_number"] = json!("7000012050002");
    body["past_support"] = json!([]);
    let reply = office.apply(R6, "k", body.to_string()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let number = reply.json()["receipt_number"].as_str().map(str::to_owned);
    number.expect("a number")
}

fn stored(office: &Office, receipt_number: &str) -> Stored {
    let stored = office
        .app
        .db
        .read(|tx| case::by_receipt(tx, receipt_number));
    stored.expect("readable").expect("a case")
}

/// The facts of the findings that name the list.
fn named(verdict: &Verdict) -> String {
    let facts = verdict.findings.iter().flat_map(|finding| &finding.facts);
    let facts = facts.map(|fact| fact.value.clone());
    facts
        .filter(|value| value.contains("r5.csv"))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn recheck(office: &Office) {
    let (_stop, stopping) = watch::channel(false);
    recheck_cases::run(office.app.clone(), stopping).await;
}

#[tokio::test]
async fn who_says_no_but_is_on_a_list_arrives_as_needing_judgement() {
    let office = Office::open(OPEN_R6);
    office
        .sign_in(StaffRole::Secretariat)
        .await
        .import(&office)
        .await;
    let number = apply(&office).await;
    let case = stored(&office, &number);
    assert_eq!(case.verdict.verdict, Eligibility::NeedsJudgement);
    assert_eq!(
        named(&case.verdict),
        "令和5年度 UTM機器設置(r5.csv 2行目、法人番号が一致、名称は異なる)"
    );
    // The check that anybody can make without applying tells nothing of the list.
    let mut body = complete(R6);
    body["past_support"] = json!([]);
    let check = office
        .post(
            &format!("/api/v1/programs/{R6}/eligibility"),
            body.to_string(),
        )
        .await;
    assert_eq!(check.json()["verdict"], "eligible");
    // A correction is weighed again: now the company says what the list says.
    let mut answers = serde_json::to_value(&case.answers).expect("JSON");
    answers["past_support"] = json!([{ "kind": "utm", "year": 2023 }]);
    let answers: Answers = serde_json::from_value(answers).expect("answers");
    let request = Request {
        receipt_number: number.clone(),
        version: Some(case.case.version),
        event: Event::Corrected {
            answers: Box::new(answers),
            reason: "電話で伺いました".to_owned(),
        },
        actor: Actor::Staff {
            id: "s1".to_owned(),
            role: StaffRole::Secretariat,
        },
    };
    let outcome = act::act(&office.app, request).await.expect("written");
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    let corrected = stored(&office, &number);
    assert_eq!(corrected.verdict.verdict, Eligibility::Ineligible);
}

#[tokio::test]
async fn open_cases_are_weighed_again_when_a_list_comes_or_goes() {
    let office = Office::open(OPEN_R6);
    let person = office.sign_in(StaffRole::Secretariat).await;
    let number = apply(&office).await;
    assert_eq!(
        stored(&office, &number).verdict.verdict,
        Eligibility::Eligible
    );
    let page = person.import(&office).await;
    let before = person.get(&office, &page).await;
    assert!(before.text.contains("見直しています"));
    recheck(&office).await;
    recheck(&office).await;
    let case = stored(&office, &number);
    assert_eq!(case.verdict.verdict, Eligibility::NeedsJudgement);
    assert_eq!(case.case.version, 1, "weighed once");
    let after = person.get(&office, &page).await;
    assert!(after.text.contains("判定の変わった案件は1件です"));
    let nothing = person
        .post(&office, &format!("{page}/take-back"), &[])
        .await;
    assert_eq!(nothing.status, 422);
    assert!(nothing.text.contains("取り消す理由を書いてください"));
    let taken_back = person
        .post(
            &office,
            &format!("{page}/take-back"),
            &[("reason", "年度が違っていました")],
        )
        .await;
    assert_eq!(taken_back.header("location"), "/office/earlier-support");
    recheck(&office).await;
    let case = stored(&office, &number);
    assert_eq!(case.verdict.verdict, Eligibility::Eligible);
    let events = (office.app.db)
        .read(|tx| case_event::of_application(tx, &case.application_id))
        .expect("readable");
    let words: Vec<&str> = events.iter().map(|event| event.event.as_str()).collect();
    assert_eq!(words, ["rechecked", "rechecked"]);
}

#[tokio::test]
async fn a_list_is_looked_at_before_it_counts() {
    let office = Office::open(OPEN_R6);
    let person = office.sign_in(StaffRole::Secretariat).await;
    let empty = person.get(&office, "/office/earlier-support").await;
    assert!(empty.text.contains("記録は0件です"));
    let tried_out = person.hand_in(&office, LIST, &[("complete", "1")]).await;
    assert_eq!(tried_out.status, 303, "{}", tried_out.text);
    let page = tried_out.header("location").to_owned();
    let draft = person.get(&office, &page).await;
    for words in [
        "まだ取り込んでいません",
        "旧みほん工業",
        "1件を取り込む",
        "令和5年度 UTM機器設置",
    ] {
        assert!(draft.text.contains(words), "{words}");
    }
    let overview = person.get(&office, "/office/earlier-support").await;
    assert!(overview.text.contains("記録は0件です"));
    person.post(&office, &format!("{page}/import"), &[]).await;
    let overview = person
        .get(&office, "/office/earlier-support?q=みほん&page=x")
        .await;
    for words in [
        "「みほん」に当てはまる記録は1件です",
        "r5.csv 2行目",
        "取込み済み",
    ] {
        assert!(overview.text.contains(words), "{words}");
    }
    // The same file cannot come twice, and a draft can be given up.
    let again = person.hand_in(&office, LIST, &[]).await;
    let page = again.header("location").to_owned();
    let draft = person.get(&office, &page).await;
    assert!(draft.text.contains("同じファイルが取り込まれています"));
    person.post(&office, &format!("{page}/discard"), &[]).await;
    assert_eq!(person.get(&office, &page).await.status, 404);
}

#[tokio::test]
async fn mistakes_in_a_list_are_told_by_cell() {
    let office = Office::open(OPEN_R6);
    let person = office.sign_in(StaffRole::Secretariat).await;
    let broken = "会社名,法人番号,支援の種類,年度,電話番号\r\n\
                  みほん工業,1234567890123,セミナー,令和5年度,03-0000-0000000\r\n";
    let tried_out = person.hand_in(&office, broken, &[]).await;
    let page = tried_out.header("location").to_owned();
    let draft = person.get(&office, &page).await;
    for words in [
        "直すところが2か所あります",
        ">B2<",
        ">C2<",
        "支援の種類がわかりません",
        "知っておいていただきたいところ",
        ">E2<",
    ] {
        assert!(draft.text.contains(words), "{words}: {}", draft.text);
    }
    assert!(!draft.text.contains("を取り込む</button>"));
    let refused = person.post(&office, &format!("{page}/import"), &[]).await;
    assert_eq!(refused.header("location"), "/office/earlier-support");
    // What is no list at all, and a form without a file or with a wrong year, come back with what was typed.
    for (content, fields, words) in [
        ("", vec![("kind", "utm")], "名簿のファイルを選んでください"),
        (
            "会社名\r\nみほん",
            vec![("kind", "utm"), ("year", "むかし")],
            "ファイルをもう一度選んでください",
        ),
        (
            "\0\0\0",
            vec![("kind", "utm"), ("year", "令和5")],
            "文字の種類がわかりません",
        ),
    ] {
        let reply = person.hand_in(&office, content, &fields).await;
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains(words), "{words}: {}", reply.text);
        assert!(reply.text.contains("<title>エラー："));
        assert!(reply.text.contains(r#"<option value="utm" selected>"#));
    }
    // A column that is missing can be given in the form.
    let reply = person
        .hand_in(
            &office,
            "会社名\r\nみほん",
            &[("kind", "utm"), ("year", "令和5年度")],
        )
        .await;
    let draft = person.get(&office, reply.header("location")).await;
    assert!(draft.text.contains("1件を取り込む"));
}
