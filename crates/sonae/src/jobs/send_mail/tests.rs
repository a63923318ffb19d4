//! The outbox against a server that takes, puts off, refuses, is dead, and dies at the wrong moment.

mod doubts;
mod fake_server;

use std::net::SocketAddr;
use std::path::Path;

use tokio::sync::watch;

use super::*;
use crate::config::{DataArgs, ServeArgs};
use crate::mail::{DraftLink, folder, reading};
use crate::serve;
use crate::telemetry::kept::KeptArgs;
use crate::telemetry::ways_in::WaysInArgs;
use fake_server::{Answer, FakeServer};

const R6: &str = "tokyo-r6-basic-measures";

/// The program on the data in `home`, `minutes` after ten o'clock. Starting it again at another time is a restart.
fn app(home: &Path, smtp: Option<String>, minutes: i64) -> App {
    app_with(home, smtp, minutes, None)
}

/// The same with an address for copies, which come into the folder `inbox`.
fn app_with(home: &Path, smtp: Option<String>, minutes: i64, proof: Option<&str>) -> App {
    let ten: Timestamp = "2024-06-03T10:00:00+09:00".parse().expect("an instant");
    serve::start(ServeArgs {
        data: DataArgs {
            data: home.to_owned(),
            database: None,
            detections: None,
        },
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        programs: None,
        clock: Some(ten + SignedDuration::from_mins(minutes)),
        smtp,
        mail_from: None,
        mail_proof_address: proof.map(str::to_owned),
        inbound_address: None,
        inbox: proof.map(|_| home.join("inbox")),
        base_url: None,
        behind_proxy: false,
        webhook_local: false,
        no_rate_limit: false,
        ways_in: WaysInArgs::default(),
        kept: KeptArgs::default(),
        is_demo: false,
    })
    .expect("it starts")
}

/// Queues a mail to each of these recipients at example.jp.
fn queue(app: &App, recipients: &[&str]) {
    let at = app.clock.now();
    let program = &app.programs.get(R6).expect("it is built in").program;
    for recipient in recipients {
        let recipient = format!("{recipient}@example.jp");
        let draft = DraftLink {
            recipient: &recipient,
            token: &recipient,
            expires_at: at,
            applicant_name: "",
            contact_name: "",
        };
        let mail = app.mailer.draft_link(program, &draft, at).expect("a mail");
        app.db
            .write(|tx| outbox::put(tx, None, &mail, at, at))
            .expect("queued");
    }
}

fn going() -> (watch::Sender<bool>, Stop) {
    watch::channel(false)
}

fn one_round(app: &App) -> Duration {
    let (_going, stop) = going();
    round(app, &stop).expect("the database answers")
}

/// Checks how many mails stand in each state, as `queued 1, sent 2`.
fn check(app: &App, expect: &str) {
    let counts = app.db.read(outbox::counts).expect("readable");
    let counts: Vec<_> = counts
        .iter()
        .map(|(state, count)| format!("{state} {count}"))
        .collect();
    assert_eq!(counts.join(", "), expect);
}

#[test]
fn waits_grow_and_end_after_about_five_days() {
    let start = Timestamp::UNIX_EPOCH;
    let (mut now, mut attempts) = (start, 0);
    let mut waits = Vec::new();
    while let (_, Some(again)) = verdict(&Failure::Later(String::new()), attempts, now) {
        waits.push(again.duration_since(now).as_mins());
        (now, attempts) = (again, attempts + 1);
    }
    assert_eq!(waits[..6], [1, 5, 30, 120, 360, 360]);
    let hours = now.duration_since(start).as_hours();
    assert!((114..=126).contains(&hours), "{hours} hours");
    assert_eq!(
        verdict(&Failure::Never("SMTP 550".into()), 0, now),
        ("SMTP 550", None)
    );
}

#[test]
fn each_mail_is_sent_once_and_word_for_word() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|_| Answer::Take);
    let app = app(home.path(), Some(server.url()), 0);
    queue(&app, &["a", "b", "c"]);
    one_round(&app);
    one_round(&app);
    check(&app, "sent 3");
    let mut taken = server.taken();
    // Within one millisecond the outbox has no order.
    taken.sort_by(|a, b| a.recipient.cmp(&b.recipient));
    let recipients: Vec<_> = taken.iter().map(|mail| mail.recipient.as_str()).collect();
    assert_eq!(recipients, ["a@example.jp", "b@example.jp", "c@example.jp"]);
    for mail in &taken {
        assert_eq!(mail.sender, "noreply@office.example.jp");
        let readable = reading::read(&mail.content);
        assert!(
            readable
                .body
                .contains(&crate::links::draft_path(&mail.recipient))
        );
        assert!(
            readable
                .body
                .ends_with("メール jimukyoku@r6.office.example.jp\n")
        );
    }
}

#[test]
fn a_mail_that_was_put_off_is_tried_again_later() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|earlier| {
        if earlier == 0 {
            Answer::Say("451 4.7.1 greylisted")
        } else {
            Answer::Take
        }
    });
    let first = app(home.path(), Some(server.url()), 0);
    queue(&first, &["a"]);
    one_round(&first);
    one_round(&first);
    check(&first, "queued 1");
    assert_eq!(server.taken().len(), 0);
    one_round(&app(home.path(), Some(server.url()), 2));
    check(&first, "sent 1");
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn a_mail_that_was_refused_for_good_is_given_up_and_the_next_is_sent() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|earlier| {
        if earlier == 0 {
            Answer::Say("550 5.1.1 <a@example.jp> unknown")
        } else {
            Answer::Take
        }
    });
    let app = app(home.path(), Some(server.url()), 0);
    queue(&app, &["a", "b"]);
    one_round(&app);
    check(&app, "failed 1, sent 1");
    assert_eq!(server.taken().len(), 1);
}

#[test]
fn mails_wait_for_a_dead_server() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|_| Answer::Take);
    let dead = app(home.path(), Some(FakeServer::nobody()), 0);
    queue(&dead, &["a", "b"]);
    assert_eq!(one_round(&dead), CLOSED, "it does not hammer");
    check(&dead, "queued 2");
    one_round(&app(home.path(), Some(server.url()), 2));
    check(&dead, "sent 2");
}

#[test]
fn a_wrong_password_and_a_missing_protection_give_nothing_up() {
    for (answer, query) in [(Answer::SignInFails, ""), (Answer::Take, "?tls=required")] {
        let home = tempfile::tempdir().expect("a folder");
        let server = FakeServer::start(move |_| answer);
        let url = format!("{}{query}", server.url().replace("smtp://", "smtp://u:p@"));
        let app = app(home.path(), Some(url), 0);
        queue(&app, &["a"]);
        assert_eq!(one_round(&app), CLOSED);
        check(&app, "queued 1");
        assert_eq!(server.taken().len(), 0);
    }
}

#[test]
fn after_a_crash_between_sending_and_marking_the_copy_has_the_same_message_id() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|_| Answer::Take);
    let crashing = app(home.path(), Some(server.url()), 0);
    queue(&crashing, &["a"]);
    let at = crashing.clock.now();
    let leased = crashing
        .db
        .write(|tx| outbox::lease(tx, at, LEASE, 1))
        .expect("leased");
    crashing.transport.send(&leased[0]).expect("sent");
    // Here it dies. While the lease holds nobody sends; afterwards the same bytes go out.
    one_round(&app(home.path(), Some(server.url()), 9));
    assert_eq!(server.taken().len(), 1);
    one_round(&app(home.path(), Some(server.url()), 11));
    let taken = server.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].content, taken[1].content);
    assert!(
        !reading::read(&taken[0].content)
            .header("Message-ID")
            .is_empty()
    );
    check(&crashing, "sent 1");
}

#[test]
fn two_nodes_send_each_mail_once() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|_| Answer::Take);
    let nodes = [0, 0].map(|minutes| app(home.path(), Some(server.url()), minutes));
    let names: Vec<String> = (0..60).map(|number| format!("n{number}")).collect();
    queue(
        &nodes[0],
        &names.iter().map(String::as_str).collect::<Vec<_>>(),
    );
    std::thread::scope(|scope| {
        for node in &nodes {
            scope.spawn(|| (0..5).map(|_| one_round(node)).max());
        }
    });
    check(&nodes[0], "sent 60");
    let mut recipients: Vec<_> = server
        .taken()
        .into_iter()
        .map(|mail| mail.recipient)
        .collect();
    recipients.sort();
    recipients.dedup();
    assert_eq!((server.taken().len(), recipients.len()), (60, 60));
}

#[test]
fn a_stop_puts_back_what_was_not_tried() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|_| Answer::Take);
    let app = app(home.path(), Some(server.url()), 0);
    queue(&app, &["a", "b", "c"]);
    let (_stopping, stop) = watch::channel(true);
    round(&app, &stop).expect("the database answers");
    check(&app, "queued 2, sent 1");
    one_round(&app);
    check(&app, "sent 3");
}

#[test]
fn without_a_server_mails_become_files() {
    let home = tempfile::tempdir().expect("a folder");
    let crashing = app(home.path(), None, 0);
    queue(&crashing, &["a", "b"]);
    let at = crashing.clock.now();
    let leased = crashing
        .db
        .write(|tx| outbox::lease(tx, at, LEASE, 1))
        .expect("leased");
    crashing.transport.ready().expect("the folder is made");
    crashing.transport.send(&leased[0]).expect("written");
    // Here it dies, before the row is marked.
    let next = app(home.path(), None, 11);
    one_round(&next);
    check(&next, "sent 2");
    let dir = home.path().join("mail");
    assert_eq!(folder::numbers(&dir).expect("readable"), [1, 2]);
    let second = folder::read(&dir, 2).expect("readable").expect("there");
    assert_eq!(reading::read(&second).header("To"), "b@example.jp");
}
