//! Mails that come into the folder of `--inbox`: matched to their case, stored once, never answered.

use std::path::{Path, PathBuf};

use jiff::SignedDuration;
use sonae::app::App;
use sonae::jobs::{Stop, read_inbox};
use sonae::mail::reading;
use sonae_store::inbox::Message;
use sonae_store::outbox::Kept;
use sonae_store::{application, inbox, outbox};
use tokio::sync::watch;

use crate::office::{OPEN_R6, Office, R6, complete};

struct Inbox {
    office: Office,
    folder: PathBuf,
    application_id: String,
    /// The auto-reply to the application, already sent.
    sent: Kept,
}

impl Drop for Inbox {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// An office with one application whose auto-reply has left, and an empty folder.
async fn open() -> Inbox {
    let name = format!(
        "sonae-inbox-{:032x}",
        u128::from_be_bytes(sonae::chance::bytes())
    );
    let folder = std::env::temp_dir().join(name);
    let path = folder.display().to_string();
    let flags = [
        "--inbox",
        &path,
        "--inbound-address",
        "office@sonae.example.jp",
    ];
    let office = Office::open_with(OPEN_R6, &flags);
    let reply = office.apply(R6, "k", complete(R6).to_string()).await;
    let number = reply.json()["receipt_number"]
        .as_str()
        .expect("a number")
        .to_owned();
    let now = office.app.clock.now();
    let (application_id, sent) = (office.app.db)
        .write(|tx| {
            for leased in outbox::lease(tx, now, SignedDuration::from_mins(1), 9)? {
                outbox::mark_sent(tx, &leased.mail.id, now)?;
            }
            let found = application::by_receipt(tx, &number)?.expect("received");
            let sent = outbox::of_application(tx, &found.id)?.remove(0);
            Ok::<_, sonae_store::StoreError>((found.id, sent))
        })
        .expect("sent");
    Inbox {
        office,
        folder,
        application_id,
        sent,
    }
}

impl Inbox {
    fn deliver(&self, name: &str, content: &str) {
        let content = content.replace('\n', "\r\n");
        std::fs::write(self.folder.join("new").join(name), content).expect("writable");
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.join(folder)).expect("readable");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("readable")
                    .file_name()
                    .into_string()
                    .expect("UTF-8")
            })
            .collect();
        names.sort();
        names
    }

    fn of_case(&self) -> Vec<Message> {
        let id = &self.application_id;
        (self.office.app.db)
            .read(|tx| inbox::of_application(tx, id))
            .expect("readable")
    }

    fn unplaced(&self) -> Vec<Message> {
        (self.office.app.db)
            .read(|tx| inbox::in_state(tx, "open", 10))
            .expect("readable")
    }
}

async fn round(app: &App) {
    let (_going, stop): (_, Stop) = watch::channel(false);
    read_inbox::run(app.clone(), stop).await;
}

#[tokio::test]
async fn what_comes_in_finds_its_case() {
    let inbox = open().await;
    let ours = &inbox.sent.mail.message_id;
    let reply_to = reading::read(&inbox.sent.mail.content)
        .header("Reply-To")
        .to_owned();
    assert!(reply_to.starts_with("office+kt-333-"), "{reply_to}");
    inbox.deliver(
        "1.reply",
        &format!("From: a@example.jp\nMessage-ID: <1@example.jp>\nIn-Reply-To: {ours}\n\nはい"),
    );
    inbox.deliver(
        "2.new",
        &format!("From: a@example.jp\nTo: {reply_to}\nMessage-ID: <2@example.jp>\n\n質問です"),
    );
    inbox.deliver(
        "3.away",
        &format!("From: a@example.jp\nTo: {reply_to}\nAuto-Submitted: auto-replied\n\n不在です"),
    );
    inbox.deliver(
        "4.stranger",
        "From: b@example.jp\nTo: office+kt-333-36h.0000000000@sonae.example.jp\n\n広告",
    );
    inbox.deliver("5.noise", "\u{1}\u{2}");
    std::os::unix::fs::symlink("/etc/hostname", inbox.folder.join("new/6.link")).expect("a link");
    std::fs::create_dir(inbox.folder.join("new/7.folder")).expect("a folder");
    round(&inbox.office.app).await;
    let of_case = inbox.of_case();
    let mut kinds: Vec<_> = of_case
        .iter()
        .map(|mail| (mail.text.as_str(), mail.kind.as_str()))
        .collect();
    kinds.sort();
    assert_eq!(
        kinds,
        [
            ("はい", "reply"),
            ("不在です", "auto_reply"),
            ("質問です", "reply")
        ]
    );
    assert_eq!(
        inbox.unplaced().len(),
        2,
        "a stranger's and an unreadable one wait for a person"
    );
    assert_eq!(inbox.files("new"), ["6.link", "7.folder"]);
    let read = [
        "1.reply:2,S",
        "2.new:2,S",
        "3.away:2,S",
        "4.stranger:2,S",
        "5.noise:2,S",
    ];
    assert_eq!(inbox.files("cur"), read);
    // No machine answers: the outbox holds what it held.
    let counts = inbox.office.app.db.read(outbox::counts).expect("readable");
    assert_eq!(counts, [("sent".to_owned(), 1)]);
}

#[tokio::test]
async fn a_bounce_marks_the_mail() {
    let inbox = open().await;
    let ours = &inbox.sent.mail.message_id;
    inbox.deliver(
        "1",
        &format!(
            "From: MAILER-DAEMON@mx.example.jp\nContent-Type: multipart/report; boundary=b\n\n--b\n\
             Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nAction: failed\nStatus: 5.1.1\n\n--b\n\
             Content-Type: message/rfc822\n\nMessage-ID: {ours}\n\nx\n--b--\n"
        ),
    );
    round(&inbox.office.app).await;
    let id = &inbox.sent.mail.id;
    let kept = (inbox.office.app.db)
        .read(|tx| outbox::find(tx, id))
        .expect("readable")
        .expect("kept");
    assert_eq!(
        (kept.state.as_str(), kept.last_error.as_deref()),
        ("bounced", Some("5.1.1"))
    );
    assert_eq!(inbox.of_case()[0].kind, "bounce");
    let status = (inbox.office.get("/metrics")).await.text;
    assert!(status.contains("state=\"bounced\"} 1"), "{status}");
}

/// Everything that can be left over by a death between two steps.
#[tokio::test]
async fn a_file_is_stored_once_however_often_it_is_read() {
    let inbox = open().await;
    let mail = "From: a@example.jp\nMessage-ID: <1@example.jp>\n\n本文";
    inbox.deliver("1", mail);
    round(&inbox.office.app).await;
    // Stored, and dead before the move: the file is still there.
    inbox.deliver("1", mail);
    round(&inbox.office.app).await;
    // The server delivers it a second time under another name and with another way.
    inbox.deliver("2", &format!("Received: by mx\n{mail}"));
    round(&inbox.office.app).await;
    assert_eq!(inbox.unplaced().len(), 1);
    assert_eq!(inbox.files("cur"), ["1:2,S", "2:2,S"]);
    assert!(inbox.files("new").is_empty());
}

#[tokio::test]
async fn two_readers_of_one_folder_store_each_mail_once() {
    let inbox = open().await;
    let other = Office::open_with(OPEN_R6, &["--inbox", &inbox.folder.display().to_string()]);
    // A reader on a database of its own takes files away; one on the same database races for each.
    drop(other);
    for number in 0..40 {
        inbox.deliver(
            &format!("{number}"),
            &format!("Message-ID: <{number}@example.jp>\n\n{number}"),
        );
    }
    let app = &inbox.office.app;
    tokio::join!(round(app), round(app), round(app));
    let open = app.db.read(inbox::open_count).expect("readable");
    assert_eq!(
        (open, inbox.files("new").len(), inbox.files("cur").len()),
        (40, 0, 40)
    );
}

#[tokio::test]
async fn a_giant_is_cut_and_a_missing_folder_stops_nothing() {
    let inbox = open().await;
    let giant = format!("Subject: big\n\n{}", "x".repeat(11 << 20));
    inbox.deliver("1", &giant);
    round(&inbox.office.app).await;
    let open = inbox.unplaced();
    assert!(open[0].raw_is_cut && open[0].subject == "big");
    std::fs::remove_dir_all(Path::new(&inbox.folder)).expect("removed");
    round(&inbox.office.app).await;
}
