//! Commands of other systems are done once.

use std::sync::Arc;

use jiff::SignedDuration;
use sonae_core::program::Program;

use super::{Fresh, count, now, office};
use crate::api_answer::{self, Command, Known};

pub(super) fn answers(fresh: &Fresh<'_>, program: &Arc<Program>) {
    let (db, _) = office(fresh, program);
    let command = |token_id: &str, once: &str, hash: &str| Command {
        token_id: token_id.to_owned(),
        once: once.to_owned(),
        request_hash: hash.to_owned(),
    };
    let find = |command: &Command| {
        db.read(|tx| api_answer::find(tx, command))
            .expect("readable")
    };
    let first = command("t1", "k", "a");
    assert_eq!(find(&first), Known::New);
    db.write(|tx| api_answer::keep(tx, &first, "{}", now()))
        .expect("kept");
    assert_eq!(find(&first), Known::Done("{}".to_owned()));
    assert_eq!(find(&command("t1", "k", "b")), Known::KeyUsed);
    assert_eq!(find(&command("t2", "k", "a")), Known::New);
    let delete = |at| {
        db.write(|tx| api_answer::delete_before(tx, at))
            .expect("deleted")
    };
    assert_eq!(delete(now()), 0);
    assert_eq!(delete(now() + SignedDuration::from_secs(1)), 1);
    assert_eq!(count(&db, "api_answer"), 0);
}
