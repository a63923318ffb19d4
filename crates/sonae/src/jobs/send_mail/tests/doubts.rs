//! What nobody knows after a crash or a broken conversation, with and without copies that prove it.

use sonae_store::outbox::Kept;

use super::*;
use crate::jobs::read_inbox;
use crate::jobs::read_inbox::COPY_WAIT;

const PROOF: &str = "utsushi@office.example.jp";

/// The office `minutes` after it opened, which has its mails proved.
fn proved(home: &Path, server: &FakeServer, minutes: i64) -> App {
    app_with(home, Some(server.url()), minutes, Some(PROOF))
}

/// Queues a mail, hands it over, and dies before the end is noted.
fn hand_over_and_die(app: &App) -> Kept {
    queue(app, &["a"]);
    let at = app.clock.now();
    let leased = lease(app, at, 1).expect("leased");
    mark(app, &[], Some(&leased[0])).expect("noted");
    app.transport.send(&leased[0]).expect("sent");
    only_mail(app)
}

fn only_mail(app: &App) -> Kept {
    let found = app.db.read(|tx| {
        let states = ["queued", "sending", "sent", "failed"];
        let mut found = Vec::new();
        for state in states {
            found.extend(outbox::in_state(tx, state, 9)?);
        }
        Ok::<_, StoreError>(found)
    });
    found.expect("readable").pop().expect("a mail")
}

async fn read_the_inbox(app: &App) {
    let (_going, stop) = going();
    read_inbox::run(app.clone(), stop).await;
}

fn lay_down(home: &Path, mail: &[u8]) {
    let content = [b"Delivered-To: utsushi@office.example.jp\n", mail].concat();
    std::fs::write(home.join("inbox/new/1"), content).expect("writable");
}

fn files(home: &Path) -> usize {
    let folders = ["inbox/new", "inbox/cur"];
    let count = |folder| {
        std::fs::read_dir(home.join(folder))
            .expect("readable")
            .count()
    };
    folders.into_iter().map(count).sum()
}

#[test]
fn each_mail_goes_with_its_copy_in_one_transaction() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|_| Answer::Take);
    let app = proved(home.path(), &server, 0);
    queue(&app, &["a"]);
    one_round(&app);
    check(&app, "sent 1");
    let taken = server.taken();
    let others: Vec<_> = taken.iter().map(|mail| mail.others.clone()).collect();
    assert_eq!(others, [[PROOF]]);
    assert_eq!(only_mail(&app).doubt, None);
}

#[test]
fn a_server_that_refuses_copies_stops_no_mail() {
    for refusal in [
        "550 5.1.1 unknown",
        "451 4.7.1 later",
        "454 4.7.1 relay denied",
    ] {
        let home = tempfile::tempdir().expect("a folder");
        // Every second recipient of the first conversation is the copy's.
        let server = FakeServer::start(move |asked| match asked {
            1 => Answer::Say(refusal),
            _ => Answer::Take,
        });
        let app = proved(home.path(), &server, 0);
        queue(&app, &["a"]);
        one_round(&app);
        check(&app, "sent 1");
        let taken = server.taken();
        assert_eq!((taken.len(), taken[0].others.len()), (1, 0), "{refusal}");
        assert_eq!(taken[0].recipient, "a@example.jp");
    }
}

#[tokio::test]
async fn a_copy_in_the_inbox_proves_that_it_left() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|_| Answer::Take);
    let kept = hand_over_and_die(&proved(home.path(), &server, 0));
    // The lease has run out, but whoever sends leaves what is in doubt to whoever reads the inbox.
    let next = proved(home.path(), &server, 11);
    one_round(&next);
    check(&next, "sending 1");
    assert!(only_mail(&next).is_in_doubt(next.clock.now()));
    lay_down(home.path(), &kept.mail.content);
    read_the_inbox(&next).await;
    check(&next, "sent 1");
    assert_eq!(only_mail(&next).doubt, Some(End::Copy));
    one_round(&proved(home.path(), &server, 60 * 24));
    assert_eq!(server.taken().len(), 1);
    assert_eq!(files(home.path()), 0, "the copy is deleted");
    let came = next.db.read(sonae_store::inbox::open_count);
    assert_eq!(came.expect("readable"), 0, "and shown to nobody");
}

#[tokio::test]
async fn without_a_copy_it_is_handed_over_again_when_the_wait_is_over() {
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(|_| Answer::Take);
    let kept = hand_over_and_die(&proved(home.path(), &server, 0));
    // Somebody who knows the Message-ID proves nothing.
    let foreign = format!("Message-ID: {}\n\nYWJj\n", kept.mail.message_id);
    lay_down(home.path(), foreign.as_bytes());
    let wait = COPY_WAIT.as_mins();
    for (minutes, state) in [(wait - 1, "sending 1"), (wait + 1, "queued 1")] {
        let app = proved(home.path(), &server, minutes);
        read_the_inbox(&app).await;
        check(&app, state);
    }
    let app = proved(home.path(), &server, wait + 2);
    one_round(&app);
    check(&app, "sent 1");
    assert_eq!(
        (server.taken().len(), only_mail(&app).doubt),
        (2, Some(End::NoCopy))
    );
    assert_eq!(files(home.path()), 1, "what is no copy stays");
}

#[test]
fn a_broken_conversation_is_a_doubt() {
    let taking = |asked| match asked {
        0 => Answer::TakeAndGo,
        _ => Answer::Take,
    };
    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(taking);
    let first = app(home.path(), Some(server.url()), 0);
    queue(&first, &["a"]);
    assert_eq!(one_round(&first), CLOSED);
    check(&first, "queued 1");
    let next = app(home.path(), Some(server.url()), 2);
    one_round(&next);
    check(&next, "sent 1");
    assert_eq!(only_mail(&next).doubt, Some(End::Again), "it arrived twice");
    assert_eq!(server.taken().len(), 2);

    let home = tempfile::tempdir().expect("a folder");
    let server = FakeServer::start(taking);
    let first = proved(home.path(), &server, 0);
    queue(&first, &["a"]);
    assert_eq!(one_round(&first), CLOSED);
    one_round(&proved(home.path(), &server, 2));
    check(&first, "sending 1");
    assert_eq!(server.taken().len(), 1, "it waits for its copy");
}

#[test]
fn copies_need_an_inbox_and_an_address() {
    let home = tempfile::tempdir().expect("a folder");
    let mut config = proved(home.path(), &FakeServer::start(|_| Answer::Take), 0)
        .config
        .clone();
    let mut check = |address: &str, inbox: bool, part: &str| {
        config.mail_proof_address = Some(address.into());
        config.inbox = inbox.then(|| home.path().join("inbox"));
        let error = Transport::of_config(&config)
            .err()
            .expect("refused")
            .to_string();
        assert!(error.contains(part), "{error}");
    };
    check(PROOF, false, "--inbox");
    check("utsushi", true, "形で");
}
