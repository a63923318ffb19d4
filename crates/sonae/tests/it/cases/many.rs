//! What is done with a whole list: kept, exported, acted on.

use sonae_core::access::StaffRole;
use sonae_core::flow::Event;
use sonae_store::{audit, case, case_event};

use super::{A, B, C, C_SHOWN, apply, check, happen, shows};
use crate::office::{OPEN_R6, Office};

/// The words of the events of a case, in their order.
async fn events(office: &Office, receipt_number: &str) -> Vec<String> {
    let number = receipt_number.to_owned();
    let read = office.app.read(move |tx| {
        let stored = case::by_receipt(tx, &number)?.expect("a case");
        case_event::of_application(tx, &stored.application_id)
    });
    let events = read.await.expect("read");
    events.into_iter().map(|event| event.event).collect()
}

#[tokio::test]
async fn an_action_on_many_cases_is_shown_first_and_done_once() {
    let office = Office::open(OPEN_R6);
    let numbers = apply(&office, &[A, B, C]).await;
    let person = office.sign_in(StaffRole::Secretariat).await;
    let reason = "x".to_owned();
    happen(&office, &numbers[2], Event::Withdrawn { reason }).await;
    let list = check(&office, &person, "/office/cases?view=all", &[C_SHOWN, B, A]).await;
    let marks: Vec<String> = numbers.iter().map(|number| format!("{number}:0")).collect();
    assert!(
        list.contains(&format!("value=\"{}\"", marks[0])),
        "{}",
        marks[0]
    );

    let mut fields = vec![("action", "message"), ("case", "x:0")];
    fields.extend(marks.iter().map(|mark| ("case", mark.as_str())));
    let reply = person.post(&office, "/office/cases/bulk", &fields).await;
    assert!(reply.status == 200 && reply.text.contains("4件の案件：メッセージを送る"));
    let chosen = format!("<li>{} ", numbers[0]);
    assert!(reply.text.contains(&chosen), "whom it is about is shown");
    fields.extend([
        ("step", "preview"),
        ("subject", ""),
        ("text", "ご確認ください。"),
    ]);
    let reply = person.post(&office, "/office/cases/bulk", &fields).await;
    assert!(reply.status == 422 && reply.text.contains("ご確認ください。"));
    fields.retain(|(name, _)| *name != "subject");
    fields.push(("subject", "お知らせ"));
    let reply = person.post(&office, "/office/cases/bulk", &fields).await;
    assert_eq!(reply.status, 200);
    for words in ["この受付番号の案件はありません", "まだ何も変更していません"]
    {
        assert!(reply.text.contains(words), "{words}");
    }
    assert!(
        events(&office, &numbers[0]).await.is_empty(),
        "a preview writes nothing"
    );

    let run = "name=\"run\" value=\"";
    let id = reply.text.split(run).nth(1).expect("a run");
    let id = id[..36].to_owned();
    fields.push(("run", &id));
    for _ in 0..2 {
        let reply = person
            .post(&office, "/office/cases/bulk/run", &fields)
            .await;
        assert_eq!(reply.header("location"), format!("/office/cases/bulk/{id}"));
    }
    assert_eq!(events(&office, &numbers[0]).await, ["messaged"]);
    assert_eq!(events(&office, &numbers[1]).await, ["messaged"]);
    let result = person
        .get(&office, &format!("/office/cases/bulk/{id}"))
        .await;
    assert!(result.text.contains("できませんでした") && result.text.contains("行いました"));
    let done = result.text.matches(">行いました<").count();
    assert!(
        result
            .text
            .contains(&format!("4件のうち{done}件で行いました。"))
    );
    // Another person cannot go on with it, and nobody with another action.
    let other = office.sign_in(StaffRole::Secretariat).await;
    let reply = other.post(&office, "/office/cases/bulk/run", &fields).await;
    assert_eq!(reply.status, 422);
    let unknown = person.get(&office, "/office/cases/bulk/0000").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn an_action_needs_cases_and_a_name() {
    let office = Office::open(OPEN_R6);
    let person = office.sign_in(StaffRole::Secretariat).await;
    for (fields, sentence) in [
        (&[("action", "note")][..], "案件が選ばれていません"),
        (
            &[("case", "x:0"), ("action", "erase")],
            "操作が選ばれていません",
        ),
    ] {
        let reply = person.post(&office, "/office/cases/bulk", fields).await;
        assert_eq!(reply.status, 422);
        assert!(reply.text.contains(sentence), "{sentence}");
    }
}

/// Who saw an older version is told so, and the others go on.
#[tokio::test]
async fn what_changed_meanwhile_is_left_and_can_be_listed() {
    let office = Office::open(OPEN_R6);
    let numbers = apply(&office, &[A, B]).await;
    let person = office.sign_in(StaffRole::Secretariat).await;
    let to = Some(person.id.clone());
    happen(&office, &numbers[1], Event::Assigned { to }).await;
    let marks: Vec<String> = numbers.iter().map(|number| format!("{number}:0")).collect();
    let id = "01970000-0000-7000-8000-000000000001";
    let fields = [
        ("action", "assign"),
        ("person", "nobody"),
        ("case", marks[0].as_str()),
        ("case", marks[1].as_str()),
        ("run", id),
    ];
    let reply = person
        .post(&office, "/office/cases/bulk/run", &fields)
        .await;
    assert_eq!(reply.status, 303);
    let result = person
        .get(&office, &format!("/office/cases/bulk/{id}"))
        .await;
    assert!(result.text.contains("ほかの人がこの案件を変更しました"));
    let left = format!("/office/cases?view=all&left_by={id}");
    assert!(result.text.contains(&left.replace('&', "&#38;")));
    check(&office, &person, &left, &[B]).await;
}

#[tokio::test]
async fn a_list_goes_out_as_a_file_and_into_the_log() {
    let office = Office::open(OPEN_R6);
    apply(&office, &[A, "=1+1商会"]).await;
    let person = office.sign_in(StaffRole::Secretariat).await;
    let fields = [
        ("view", "all"),
        ("sort", "oldest"),
        ("q", "03"),
        ("format", "csv"),
    ];
    let reply = person.post(&office, "/office/cases/export", &fields).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"cases-20240603-1000.csv\""
    );
    let rows: Vec<&str> = reply.text.trim_end().split("\r\n").collect();
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(rows[0].starts_with("\u{feff}受付番号,会社名,法人番号,"));
    assert!(rows[1].contains(A) && rows[1].contains("残り3営業日"));
    assert!(rows[2].contains(",'=1+1商会,"), "{}", rows[2]);
    let last = (office.app).read(|tx| {
        let index = audit::tail(tx)?.next_index - 1;
        Ok(audit::entry(tx, index)?.expect("an entry").line)
    });
    let last = last.await.expect("read");
    for part in [
        "cases.exported",
        "\"rows\":2",
        "\"searched\":true",
        "view=all&sort=oldest",
    ] {
        assert!(last.contains(part), "{part} in {last}");
    }
    assert!(!last.contains("q="), "{last}");
    for role in [StaffRole::Sponsor, StaffRole::Expert] {
        let person = office.sign_in(role).await;
        let reply = person.post(&office, "/office/cases/export", &fields).await;
        assert_eq!(reply.status, 403, "{role:?}");
        let list = person.get(&office, "/office/cases?view=all").await;
        let acts =
            list.text.contains("/office/cases/bulk") || list.text.contains("/office/cases/export");
        assert!(!acts, "{role:?} only reads");
    }
}

#[tokio::test]
async fn lists_are_kept_under_a_name() {
    let office = Office::open(OPEN_R6);
    apply(&office, &[A]).await;
    let person = office.sign_in(StaffRole::Secretariat).await;
    let fields = [
        ("view", "all"),
        ("status", "open"),
        ("q", "青嵐"),
        ("name", ""),
    ];
    let reply = person.post(&office, "/office/cases/views", &fields).await;
    assert!(reply.status == 422 && reply.text.contains("id=\"name-error\""));
    let fields = [("status", "open"), ("q", "青嵐"), ("name", "毎朝<見る>")];
    let reply = person.post(&office, "/office/cases/views", &fields).await;
    let address = reply.header("location").to_owned();
    assert_eq!(address, "/office/cases?view=all&status=open");
    let text = check(&office, &person, &address, &[A]).await;
    assert!(text.contains("毎朝&#60;見る&#62; <span class=\"badge\">1<"));
    let forget = text.split("/office/cases/views/").nth(1).expect("a form");
    let path = format!("/office/cases/views/{}/delete", &forget[..36]);
    let other = office.sign_in(StaffRole::Secretariat).await;
    let theirs = other.get(&office, &address).await;
    assert!(!theirs.text.contains("毎朝"));
    shows(&theirs.text, &address, &[A]);
    other.post(&office, &path, &[]).await;
    assert!(person.get(&office, &address).await.text.contains("毎朝"));
    person.post(&office, &path, &[]).await;
    assert!(!person.get(&office, &address).await.text.contains("毎朝"));
}
