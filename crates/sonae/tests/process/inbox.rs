//! kill -9 while the inbox is read: every mail is stored once and none is lost.

use std::fs;
use std::time::{Duration, Instant};

use sonae_db::Db;

use crate::office::{Chance, Engine, OPEN_R7, Office, pause};

const MAILS: usize = 400;
const KILLS: usize = 6;
/// How long the last run may take for what is left.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn postgres() {
    check(Engine::Postgres);
}

fn check(engine: Engine) {
    let mut chance = Chance::new(&format!("inbox on {engine:?}"));
    let mut office = Office::new(engine);
    let inbox = office.folder.0.join("inbox");
    let new = inbox.join("new");
    fs::create_dir_all(&new).expect("writable");
    for number in 0..MAILS {
        let mail =
            format!("From: a@example.jp\r\nMessage-ID: <{number}@example.jp>\r\n\r\n{number}");
        fs::write(new.join(format!("{number:04}")), mail).expect("writable");
    }
    let path = inbox.display().to_string();
    let flags = ["--inbox", path.as_str()];
    let left = || fs::read_dir(&new).expect("readable").count();
    let mut in_the_middle = 0;
    for _ in 0..KILLS {
        office.start_with(OPEN_R7, &flags);
        pause(Duration::from_millis(5 + chance.below(60)));
        office.kill();
        in_the_middle += usize::from((1..MAILS).contains(&left()));
    }
    office.start_with(OPEN_R7, &flags);
    let since = Instant::now();
    while left() > 0 {
        assert!(since.elapsed() < PATIENCE, "{} mails are left", left());
        pause(Duration::from_millis(20));
    }
    office.kill();
    assert_eq!(
        fs::read_dir(inbox.join("cur")).expect("readable").count(),
        MAILS
    );
    let db = Db::open(&office.url()).expect("it opens");
    let stored = db.read(sonae_store::inbox::open_count).expect("readable");
    assert_eq!(stored, MAILS as i64);
    println!("{engine:?}: {KILLS} kills, {in_the_middle} in the middle, {stored} mails");
}
