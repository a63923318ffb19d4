//! Approvals as the secretariat and the sponsor see them: propose as a list, compare, decide singly or together, answer, print.

use serde_json::Value;
use sonae::app::App;
use sonae::office::act::{Outcome, Request, act};
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};

use crate::office::{Office, R7, complete};
use crate::staff::signed_in::SignedIn;

/// An instant inside the second programme's window.
const OPEN_R7: &str = "2025-06-02T10:00:00+09:00";

/// Applies and gives the receipt number.
pub(crate) async fn apply(office: &Office, program: &str, key: &str, name: &str) -> String {
    apply_as(office, program, key, (name, "corporation")).await
}

/// The same as a company or as `other`, on which a person has to judge.
async fn apply_as(office: &Office, program: &str, key: &str, (name, kind): (&str, &str)) -> String {
    let mut body = complete(program);
    body["name"] = Value::from(name);
    body["entity_kind"] = Value::from(kind);
    let reply = office.apply(program, key, body.to_string()).await;
    assert!(reply.status.is_success(), "{}", reply.text);
    let number = reply.json()["receipt_number"].as_str().map(str::to_owned);
    number.expect("a receipt")
}

/// Causes an event in the name of a signed-in person.
pub(crate) async fn cause(app: &App, who: &SignedIn, role: StaffRole, number: &str, event: Event) {
    let request = Request {
        receipt_number: number.to_owned(),
        version: None,
        event,
        actor: Actor::Staff {
            id: who.id.clone(),
            role,
        },
    };
    let outcome = act(app, request).await.expect("answered");
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
}

/// Judges what is open and screens, so that the case can be proposed.
pub(crate) async fn screen(office: &Office, who: &SignedIn, number: &str) {
    let read = number.to_owned();
    let stored = (office.app)
        .read(move |tx| sonae_store::case::by_receipt(tx, &read))
        .await;
    let stored = stored.expect("readable").expect("a case");
    let (_, open) = sonae_core::flow::transition::judged(&stored.verdict, &stored.case);
    for rule in open {
        let event = Event::Judged {
            rule,
            met: true,
            reason: "<b>書面</b>で確かめた".into(),
        };
        cause(&office.app, who, StaffRole::Secretariat, number, event).await;
    }
    let event = Event::Screened {
        note: String::new(),
    };
    cause(&office.app, who, StaffRole::Secretariat, number, event).await;
}

/// The mark of a case in a page: its number and the version shown.
fn mark(page: &str, number: &str) -> String {
    let at = page
        .find(&format!("value=\"{number}@"))
        .expect("the case is offered to be marked");
    let rest = &page[at + 7..];
    rest[..rest.find('"').expect("a quoted value")].to_owned()
}

/// The address of the newest list.
fn list_of(page: &str) -> String {
    let at = page.find("/office/approvals/").and_then(|first| {
        page[first..]
            .find("\">渡した一覧を見る")
            .map(|end| page[first..first + end].to_owned())
    });
    let path = at.expect("a way to the list");
    let last = path.rfind("/office/approvals/").expect("an address");
    path[last..].to_owned()
}

#[tokio::test]
async fn a_list_goes_to_the_sponsor_and_comes_back() {
    let office = Office::open_with(OPEN_R7, &["--no-rate-limit"]);
    let secretary = office.sign_in(StaffRole::Secretariat).await;
    let sponsor = office.sign_in(StaffRole::Sponsor).await;
    let mut numbers = Vec::new();
    for (key, name) in [
        ("a", "青嵐<i>精密</i>株式会社"),
        ("b", "若竹商事株式会社"),
        ("c", "水鏡書店株式会社"),
    ] {
        let number = apply_as(&office, R7, key, (name, "other")).await;
        screen(&office, &secretary, &number).await;
        numbers.push(number);
    }
    let page = secretary.get(&office, "/office/approvals").await;
    assert_eq!(page.status, 200);
    let marks: Vec<String> = numbers
        .iter()
        .map(|number| mark(&page.text, number))
        .collect();
    let mut fields = vec![("program", R7), ("note", "6月の<em>分</em>です")];
    fields.extend(marks.iter().map(|mark| ("case", mark.as_str())));
    let preview = secretary
        .post(&office, "/office/approvals/propose", &fields)
        .await;
    assert_eq!(preview.status, 200);
    assert!(
        preview.text.contains("一覧にして東京都に依頼する(3件)"),
        "{}",
        preview.text
    );
    fields.push(("confirmed", "1"));
    let done = secretary
        .post(&office, "/office/approvals/propose", &fields)
        .await;
    assert!(
        done.text.contains("3件の承認を依頼しました。"),
        "{}",
        done.text
    );
    let list = list_of(&done.text);
    // Sent twice, nothing happens twice.
    let again = secretary
        .post(&office, "/office/approvals/propose", &fields)
        .await;
    assert!(
        again.text.contains("0件の承認を依頼しました。"),
        "{}",
        again.text
    );

    let shown = sponsor.get(&office, &list).await;
    assert_eq!(shown.status, 200);
    for text in ["若竹商事株式会社", "判断待ち 3件", "受付順", "判断の理由"] {
        assert!(shown.text.contains(text), "{text}");
    }
    assert!(
        !shown.text.contains("<i>精密")
            && !shown.text.contains("<em>分")
            && !shown.text.contains("<b>書面")
    );
    decide_singly(&office, &sponsor, &list, &numbers).await;
    answer_and_finish(&office, &secretary, &sponsor, &list, &numbers).await;
}

/// Approves the first and sends the second back, with what goes wrong on the way.
async fn decide_singly(office: &Office, sponsor: &SignedIn, list: &str, numbers: &[String]) {
    let shown = sponsor.get(office, list).await.text;
    let path = format!("{list}/decide");
    let (first, second) = (mark(&shown, &numbers[0]), mark(&shown, &numbers[1]));
    for (fields, said) in [
        (vec![("do", "approve")], "案件が選ばれていません"),
        (
            vec![("do", "send_back"), ("case", second.as_str())],
            "質問の欄にご記入ください",
        ),
        (vec![("case", second.as_str())], "を選んでください"),
    ] {
        let reply = sponsor.post(office, &path, &fields).await;
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains(said), "{said}");
    }
    let mut fields = vec![("do", "approve"), ("case", first.as_str())];
    let preview = sponsor.post(office, &path, &fields).await;
    assert!(
        preview.text.contains("次の1件を承認します"),
        "{}",
        preview.text
    );
    assert!(
        preview.text.contains("事前問診"),
        "the mail is named before it is sent"
    );
    fields.push(("confirmed", "1"));
    let done = sponsor.post(office, &path, &fields).await;
    assert!(done.text.contains("1件を承認しました"), "{}", done.text);
    let again = sponsor.post(office, &path, &fields).await;
    assert!(again.text.contains("0件を承認しました"), "twice is once");
    let mut fields = vec![
        ("do", "send_back"),
        ("case", second.as_str()),
        ("question", "従業員の数は<script>"),
    ];
    let preview = sponsor.post(office, &path, &fields).await;
    for said in [
        "<dd>従業員の数は&#60;script&#62;",
        "次に動くのは、運営事務局です。",
    ] {
        assert!(preview.text.contains(said), "{said}: {}", preview.text);
    }
    fields.push(("confirmed", "1"));
    let done = sponsor.post(office, &path, &fields).await;
    assert!(done.text.contains("1件を差し戻しました"), "{}", done.text);
}

/// Answers the question, approves what is left as a whole, and prints the record.
async fn answer_and_finish(
    office: &Office,
    secretary: &SignedIn,
    sponsor: &SignedIn,
    list: &str,
    numbers: &[String],
) {
    let overview = secretary.get(office, "/office/approvals").await.text;
    assert!(
        overview.contains("従業員の数は&#60;script&#62;"),
        "{overview}"
    );
    let shown = secretary.get(office, list).await.text;
    let asked = mark(&shown, &numbers[1]);
    let path = format!("{list}/answer");
    let empty = secretary
        .post(office, &path, &[("case", &asked), ("answer", " ")])
        .await;
    assert_eq!(empty.status, 422);
    let answered = secretary
        .post(office, &path, &[("case", &asked), ("answer", "45人です")])
        .await;
    assert_eq!(answered.status, 303, "{}", answered.text);
    let shown = sponsor.get(office, list).await.text;
    assert!(
        shown.contains("45人です") && shown.contains("判断待ち 2件"),
        "{shown}"
    );
    let decide = format!("{list}/decide");
    let fields = [("do", "approve_all"), ("confirmed", "1")];
    let done = sponsor.post(office, &decide, &fields).await;
    assert!(done.text.contains("2件を承認しました"), "{}", done.text);
    let record = sponsor.get(office, &format!("{list}/record")).await;
    assert_eq!(record.status, 200);
    for text in [
        "従業員の数は&#60;script&#62;",
        "45人です",
        "依頼の記録",
        "判断の記録",
    ] {
        assert!(record.text.contains(text), "{text}");
    }
}

/// The one who proposed cannot decide, in whatever role he comes back.
#[tokio::test]
async fn nobody_decides_what_he_proposed() {
    let office = Office::open_with(OPEN_R7, &["--no-rate-limit"]);
    let person = office.sign_in(StaffRole::Secretariat).await;
    let number = apply(&office, R7, "a", "青嵐精密株式会社").await;
    screen(&office, &person, &number).await;
    let event = Event::Proposed {
        note: String::new(),
    };
    cause(&office.app, &person, StaffRole::Secretariat, &number, event).await;
    let id = person.id.clone();
    let other_role = office
        .app
        .write(move |tx| sonae_store::staff::set_role(tx, &id, StaffRole::Sponsor));
    other_role.await.expect("written");
    let sponsor = office.sign_in_again(&person).await;
    let shown = sponsor.get(&office, "/office/approvals/alone").await;
    assert!(shown.text.contains("ご自分の依頼"), "{}", shown.text);
    let read = number.clone();
    let stored = (office.app)
        .read(move |tx| sonae_store::case::by_receipt(tx, &read))
        .await;
    let version = stored.expect("readable").expect("a case").case.version;
    let mark = format!("{number}@{version}");
    let fields = [
        ("do", "approve"),
        ("case", mark.as_str()),
        ("confirmed", "1"),
    ];
    let reply = sponsor
        .post(&office, "/office/approvals/alone/decide", &fields)
        .await;
    assert!(
        reply
            .text
            .contains("ご自分が依頼した承認は、ご自分では判断できません"),
        "{}",
        reply.text
    );
}

#[tokio::test]
async fn lists_that_do_not_exist_are_not_found() {
    let office = Office::open(OPEN_R7);
    let sponsor = office.sign_in(StaffRole::Sponsor).await;
    for path in ["/office/approvals/none", "/office/approvals/none/record"] {
        assert_eq!(sponsor.get(&office, path).await.status, 404, "{path}");
    }
    assert_eq!(
        sponsor.get(&office, "/office/approvals/alone").await.status,
        200
    );
}
