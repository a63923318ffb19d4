//! `/office/mails/missing`: what was due and not sent is found by the job, shown, and sent once.

use sonae::jobs::find_missing_mails;
use sonae_core::access::StaffRole;
use sonae_store::{application, outbox};

use super::signed_in::SignedIn;
use crate::office::{OPEN_R6, Office, R6, complete};

const PAGE: &str = "/office/mails/missing";

/// An office in which the auto-reply of one application was given up, and its receipt number.
async fn open() -> (Office, SignedIn, String) {
    let office = Office::open(OPEN_R6);
    let reply = office.apply(R6, "k", complete(R6).to_string()).await;
    let receipt = reply.json();
    let number = receipt["receipt_number"].as_str().expect("a number");
    let given_up = (office.app.db).write(|tx| {
        let found = application::by_receipt(tx, number)?.expect("received");
        let id = outbox::of_application(tx, &found.id)?.remove(0).mail.id;
        outbox::mark_failed(tx, &id, "no such server", None)
    });
    given_up.expect("given up");
    let person = office.sign_in(StaffRole::Secretariat).await;
    (office, person, number.to_owned())
}

fn find(office: &Office) -> u64 {
    let now = office.app.clock.now();
    find_missing_mails::round(&office.app, now).expect("compared")
}

#[tokio::test]
async fn a_mail_that_was_given_up_is_found_and_sent_once() {
    let (office, person, number) = open().await;
    let empty = person.get(&office, PAGE).await.text;
    assert!(
        empty.contains("送り忘れているメールはありません"),
        "{empty}"
    );
    assert_eq!(find(&office), 1);
    let list = person.get(&office, "/office/mails").await.text;
    assert!(list.contains(PAGE), "{list}");
    let page = person.get(&office, PAGE).await.text;
    assert!(
        page.contains(&number) && page.contains("value=\"received\""),
        "{page}"
    );

    let fields = [("case", number.as_str()), ("mail", "received")];
    let send = format!("{PAGE}/send");
    for said in ["まもなく送ります", "二重には送りません"] {
        let reply = person.post(&office, &send, &fields).await;
        assert_eq!(
            (reply.status.as_u16(), reply.header("location")),
            (303, PAGE)
        );
        let after = person.follow(&office, &reply).await.text;
        assert!(after.contains(said), "{after}");
    }
    assert_eq!(find(&office), 0, "it is on its way");
    let kept = (office.app.db).read(|tx| {
        let found = application::by_receipt(tx, &number)?.expect("received");
        outbox::of_application(tx, &found.id)
    });
    let states: Vec<String> = kept
        .expect("readable")
        .into_iter()
        .map(|kept| kept.state)
        .collect();
    assert_eq!(states.len(), 2, "one copy: {states:?}");
}

#[tokio::test]
async fn nothing_that_is_not_missing_is_sent() {
    let (office, person, number) = open().await;
    let send = format!("{PAGE}/send");
    for (case, mail, status) in [
        (number.as_str(), "confirmed", 303),
        (number.as_str(), "<script>", 303),
        ("KT-333-36H", "received", 303),
        ("何か", "received", 404),
    ] {
        let fields = [("case", case), ("mail", mail)];
        let reply = person.post(&office, &send, &fields).await;
        assert_eq!(reply.status.as_u16(), status, "{case} {mail}");
    }
}
