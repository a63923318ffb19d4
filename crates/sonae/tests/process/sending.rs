//! kill -9 at the worst moment: the mail server has taken a mail and has not said so yet (RFC 1047).
//!
//! With copies that prove what left, each mail arrives once. Without, the same mail arrives twice and the office is told; this is the
//! negative control, which shows that the kill hits the moment.

use std::time::{Duration, Instant};

use sonae_db::Db;
use sonae_store::doubt::End;
use sonae_store::outbox::{self, Kept};

use crate::letters::{Letters, PROOF};
use crate::office::{Engine, OPEN_R7, Office, R7, application, pause};

const KILLS: usize = 2;
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn sqlite_with_copies() {
    check(Engine::Sqlite, true);
}

#[test]
fn postgres_with_copies() {
    check(Engine::Postgres, true);
}

#[test]
fn sqlite_without_copies() {
    check(Engine::Sqlite, false);
}

#[test]
fn postgres_without_copies() {
    check(Engine::Postgres, false);
}

fn check(engine: Engine, with_copies: bool) {
    let mut office = Office::new(engine);
    let inbox = office.folder.0.join("inbox");
    let letters = Letters::open(&inbox);
    let (url, path) = (letters.url(), inbox.display().to_string());
    let mut flags = vec!["--smtp", &url, "--mail-from", "office@office.example.jp"];
    if with_copies {
        flags.extend(["--inbox", &path, "--mail-proof-address", PROOF]);
    }
    let opened: jiff::Timestamp = OPEN_R7.parse().expect("an instant");
    let mut hours = 0;
    let mut start = |office: &mut Office| {
        let at = opened + jiff::SignedDuration::from_hours(hours);
        office.start_with(&at.to_string(), &flags);
        hours += 1;
    };
    start(&mut office);
    for kill in 0..KILLS {
        letters.keep_silent(true);
        let before = letters.count();
        let answer = office.submit(R7, &format!("key-{kill}"), &application(R7, kill));
        assert_eq!(answer.expect("an answer").status, 201);
        wait(|| letters.count() > before, "nothing was handed over");
        office.kill();
        letters.keep_silent(false);
        // An hour later every lease has run out.
        start(&mut office);
        wait(
            || all_sent(&office.url(), kill + 1),
            "a mail stays in doubt",
        );
    }
    // Whatever would still be sent has had its time.
    pause(Duration::from_secs(3));
    office.kill();
    let times = if with_copies { 1 } else { 2 };
    let taken = letters.taken();
    assert_eq!(taken.len(), KILLS);
    for (id, copies) in &taken {
        assert_eq!(copies.len(), times, "{id}");
        assert!(copies.iter().all(|copy| *copy == copies[0]), "{id}");
    }
    let ended = if with_copies { End::Copy } else { End::Again };
    let mails = mails(&office.url());
    assert!(
        mails.iter().all(|mail| mail.doubt == Some(ended)),
        "{mails:?}"
    );
    assert_eq!(letters.copies(), if with_copies { KILLS } else { 0 });
    office.command("verify", &[]).well();
    println!("{engine:?}: {KILLS} kills before the answer, {KILLS} mails, each delivered {times}×");
}

fn mails(url: &str) -> Vec<Kept> {
    let db = Db::open(url).expect("it opens");
    db.read(|tx| outbox::in_state(tx, "sent", 99))
        .expect("readable")
}

fn all_sent(url: &str, count: usize) -> bool {
    mails(url).len() == count
}

fn wait(is_so: impl Fn() -> bool, otherwise: &str) {
    let asked = Instant::now();
    while !is_so() {
        assert!(asked.elapsed() < PATIENCE, "{otherwise}");
        pause(Duration::from_millis(10));
    }
}
