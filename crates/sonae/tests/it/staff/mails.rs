//! `/office/mails`: every mail in one list, its exact text, another sending, cancelling, and where a reply belongs.

use jiff::SignedDuration;
use sonae_core::access::StaffRole;
use sonae_store::doubt::{self, End};
use sonae_store::inbox::{Arriving, Nature};
use sonae_store::{application, inbox, outbox};

use super::signed_in::SignedIn;
use crate::office::{OPEN_R6, Office, R6, Reply, complete};

/// An office with one application, its auto-reply and a stranger's mail, and somebody of the secretariat.
async fn open() -> (Office, SignedIn, String) {
    let office = Office::open(OPEN_R6);
    let reply = office.apply(R6, "k", complete(R6).to_string()).await;
    let number = reply.json()["receipt_number"]
        .as_str()
        .expect("a number")
        .to_owned();
    let mail = Arriving {
        id: "stranger".into(),
        nature: Nature::Ordinary,
        sender: "<b>差出人</b> <x@example.jp>".into(),
        subject: "質問".into(),
        text: "<script>alert(1)</script>".into(),
        attachments: r#"[{"name":"見積.pdf","bytes":3}]"#.into(),
        raw: b"Subject: raw\r\n\r\nraw".to_vec(),
        raw_is_cut: false,
        message_id: String::new(),
        once: "1".into(),
        answers: Vec::new(),
        receipt_numbers: Vec::new(),
        received_at: office.app.clock.now(),
    };
    (office.app.db)
        .write(|tx| inbox::receive(tx, &mail))
        .expect("stored");
    let person = office.sign_in(StaffRole::Secretariat).await;
    (office, person, number)
}

fn first_mail(office: &Office, number: &str) -> String {
    (office.app.db)
        .read(|tx| {
            let found = application::by_receipt(tx, number)?.expect("received");
            let mails = outbox::of_application(tx, &found.id)?;
            Ok::<_, sonae_store::StoreError>(mails[0].mail.id.clone())
        })
        .expect("readable")
}

fn all_sent(office: &Office) {
    let now = office.app.clock.now();
    (office.app.db)
        .write(|tx| {
            for leased in outbox::lease(tx, now, SignedDuration::from_mins(1), 9)? {
                outbox::mark_sent(tx, &leased.mail.id, now)?;
            }
            Ok::<_, sonae_store::StoreError>(())
        })
        .expect("sent");
}

fn check(reply: &Reply, status: u16, present: &[&str], absent: &[&str]) {
    assert_eq!(reply.status, status, "{}", reply.text);
    for piece in present {
        assert!(
            reply.text.contains(piece),
            "{piece} is missing in {}",
            reply.text
        );
    }
    for piece in absent {
        assert!(
            !reply.text.contains(piece),
            "{piece} stands in {}",
            reply.text
        );
    }
}

#[tokio::test]
async fn one_list_of_both_ways() {
    let (office, person, number) = open().await;
    let id = first_mail(&office, &number);
    let sent = format!("/office/mails/out/{id}");
    for (query, present, absent) in [
        (
            "",
            vec![sent.as_str(), "/office/mails/in/stranger", &number],
            vec![],
        ),
        (
            "?view=waiting",
            vec![&sent, "送信待ち"],
            vec!["in/stranger"],
        ),
        (
            "?view=unmatched",
            vec!["in/stranger", "案件が不明"],
            vec![&sent],
        ),
        (
            "?view=failed",
            vec!["ここにあたるメールはありません"],
            vec!["data-row>"],
        ),
        (
            "?view=bounced&after=0.x",
            vec!["これより古いメールはありません"],
            vec!["data-row>"],
        ),
        (
            "?view=nonsense&after=nonsense",
            vec![&sent, "in/stranger"],
            vec![],
        ),
        (&format!("?case={number}"), vec![&sent], vec!["in/stranger"]),
    ] {
        let reply = person.get(&office, &format!("/office/mails{query}")).await;
        check(&reply, 200, &present, &absent);
    }
    let unknown = person.get(&office, "/office/mails?case=KT-333-36H").await;
    check(&unknown, 404, &[], &[]);
    let page = person.get(&office, &sent).await;
    check(
        &page,
        200,
        &["送らずに取り消す", &number, "Message-ID"],
        &["送り直す理由"],
    );
    for missing in ["out/none", "in/none", "in/none/raw"] {
        let reply = person
            .get(&office, &format!("/office/mails/{missing}"))
            .await;
        check(&reply, 404, &[], &[]);
    }
}

/// Whoever dies while a mail is handed over leaves a doubt, which the office sees until it ends.
#[tokio::test]
async fn a_mail_in_doubt_says_so() {
    let (office, person, number) = open().await;
    let id = first_mail(&office, &number);
    let (page, now) = (format!("/office/mails/out/{id}"), office.app.clock.now());
    let begun = now - SignedDuration::from_hours(1);
    let lease = SignedDuration::from_mins(10);
    let db = &office.app.db;
    db.write(|tx| {
        outbox::mark_failed(tx, &id, "451", Some(begun))?;
        assert_eq!(outbox::lease(tx, begun, lease, 9)?.len(), 1);
        doubt::begin(tx, &id, begun)
    })
    .expect("begun");
    let list = person.get(&office, "/office/mails?view=waiting").await;
    check(&list, 200, &["届いたか確かめています"], &["送信中"]);
    let shown = person.get(&office, &page).await;
    check(&shown, 200, &["そのままお待ちください"], &["送り直す理由"]);
    db.write(|tx| {
        assert_eq!(doubt::hand_over_again(tx, now, now, End::Again)?, 1);
        outbox::mark_sent(tx, &id, now)
    })
    .expect("sent again");
    let shown = person.get(&office, &page).await;
    let said = "二度届いたかもしれません。";
    check(&shown, 200, &["送信済み(二度かもしれません)", said], &[]);
    let case = format!("/office/cases/{number}");
    let timeline = person.get(&office, &case).await;
    check(&timeline, 200, &[said], &[]);
}

/// A mail to staff holds a link that opens the office.
#[tokio::test]
async fn mails_to_staff_are_nobody_elses_to_read() {
    let (office, person, _) = open().await;
    let now = office.app.clock.now();
    let mail = outbox::Mail {
        id: "secret".into(),
        mail: "staff_sign_in".into(),
        recipient: "a@office.example.jp".into(),
        message_id: "<secret@office.example.jp>".into(),
        content: b"Subject: x\r\n\r\nx".to_vec(),
    };
    (office.app.db)
        .write(|tx| outbox::put(tx, None, &mail, now, now))
        .expect("queued");
    let path = "/office/mails/out/secret";
    let list = person.get(&office, "/office/mails").await;
    check(&list, 200, &[], &[path]);
    let reply = person.get(&office, path).await;
    check(&reply, 404, &[], &[]);
    for action in ["cancel", "resend"] {
        let fields = [("reason", "x")];
        let reply = (person.post(&office, &format!("{path}/{action}"), &fields)).await;
        check(&reply, 404, &[], &[]);
    }
}

#[tokio::test]
async fn a_waiting_mail_is_cancelled_once() {
    let (office, person, number) = open().await;
    let id = first_mail(&office, &number);
    let path = format!("/office/mails/out/{id}");
    let cancel = format!("{path}/cancel");
    for (flash, state) in [
        ("取り消しました", "取消し"),
        ("何も変えていません", "取り消した人"),
    ] {
        let reply = person.post(&office, &cancel, &[]).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("location")),
            (303, path.as_str())
        );
        let said = person.follow(&office, &reply).await;
        check(&said, 200, &[flash, state], &["送り直す理由"]);
    }
    let resend = format!("{path}/resend");
    let reply = person.post(&office, &resend, &[("reason", "x")]).await;
    let said = person.follow(&office, &reply).await;
    check(&said, 200, &["取り消したメールは、送り直せません"], &[]);
    let none = person
        .post(&office, "/office/mails/out/none/cancel", &[])
        .await;
    check(&none, 404, &[], &[]);
}

#[tokio::test]
async fn a_mail_is_sent_again_as_a_linked_copy_with_a_reason() {
    let (office, person, number) = open().await;
    let first = first_mail(&office, &number);
    let path = format!("/office/mails/out/{first}");
    let resend = format!("{path}/resend");
    let early = person
        .post(&office, &resend, &[("reason", "届いていない")])
        .await;
    check(
        &person.follow(&office, &early).await,
        200,
        &["二重には送りません"],
        &[],
    );
    all_sent(&office);
    let wrong = person.post(&office, &resend, &[("reason", " ")]).await;
    check(
        &wrong,
        422,
        &["送り直す理由を入力してください。", "エラー："],
        &[],
    );
    let long = "あ".repeat(501);
    let wrong = person.post(&office, &resend, &[("reason", &long)]).await;
    check(&wrong, 422, &["500文字以内", &long], &[]);
    let done = person
        .post(
            &office,
            &resend,
            &[("reason", "届いていない"), ("to", "then")],
        )
        .await;
    let copy = done.header("location").to_owned();
    assert_ne!(copy, path);
    let said = person.follow(&office, &done).await;
    let link = format!("href=\"{path}\"");
    check(
        &said,
        200,
        &["届いていない", &link, "送信待ち", "送り直した人"],
        &[],
    );
    let first = person.get(&office, &path).await;
    check(&first, 200, &[&format!("href=\"{copy}\"")], &[]);
}

#[tokio::test]
async fn a_person_says_where_a_mail_belongs() {
    let (office, person, number) = open().await;
    let path = "/office/mails/in/stranger";
    let page = person.get(&office, path).await;
    let escaped = "&#60;script&#62;";
    check(
        &page,
        200,
        &[escaped, "見積.pdf", "案件を決める"],
        &["<script>alert", "<b>差出人"],
    );
    let raw = person.get(&office, &format!("{path}/raw")).await;
    assert_eq!(raw.header("content-type"), "message/rfc822");
    assert_eq!(raw.text, "Subject: raw\r\n\r\nraw");
    let assign = format!("{path}/assign");
    for (typed, sentence) in [
        ("", "受付番号を入力してください。"),
        ("KT-333-34B", "受付番号が正しくありません"),
        ("KT-333-36H", "の申込みはありません"),
    ] {
        let reply = person
            .post(&office, &assign, &[("receipt_number", typed)])
            .await;
        let kept = format!("value=\"{typed}\"");
        check(&reply, 422, &[sentence, &kept], &[]);
    }
    let plain = number.replace('-', "").to_lowercase();
    let reply = person
        .post(&office, &assign, &[("receipt_number", &plain)])
        .await;
    let said = person.follow(&office, &reply).await;
    check(
        &said,
        200,
        &[&number, "返信", "案件を決めました"],
        &["案件を決める"],
    );
    let late = person
        .post(&office, &format!("{path}/set-aside"), &[("reason", "広告")])
        .await;
    check(
        &person.follow(&office, &late).await,
        200,
        &["ほかの人が先に"],
        &[],
    );
    let of_case = person
        .get(&office, &format!("/office/mails?case={number}"))
        .await;
    check(&of_case, 200, &["in/stranger"], &[]);
    let wrong = person
        .post(&office, &format!("{path}/set-aside"), &[])
        .await;
    check(&wrong, 422, &["対象外にする理由を入力してください。"], &[]);
}
