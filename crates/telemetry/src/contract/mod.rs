//! The contract suite of the detections' database: what every engine must do, one case for each subject. A case panics when the engine breaks it.

mod copying;
mod delivered;
mod erasing;
mod figures;
mod plans;
mod questions;
pub(crate) mod sample;
mod storing;
mod tampering;
mod whatever;

use sonae_db::{Db, DbError, Tx};

use crate::TelemetryError;
use crate::detections::Detections;

/// Opens empty detections of the engine under test; a second call of the same case opens the same again, as another node does.
pub type Fresh<'a> = dyn Fn() -> Detections + 'a;
/// The same for what only databases can.
pub type FreshDatabase<'a> = dyn Fn() -> Db + 'a;

/// A case by name.
pub type Case = (&'static str, fn(&Fresh<'_>));
pub type DatabaseCase = (&'static str, fn(&FreshDatabase<'_>));

/// What every engine must do, a cluster too. Each case gets empty detections of its own.
pub const CASES: &[Case] = &[
    ("a batch is stored once", storing::once),
    (
        "a file is read on from where it was read to",
        storing::files,
    ),
    ("two nodes store side by side", storing::two_nodes),
    ("blocks hold what lines said", storing::entries),
    ("a month's figures", figures::month),
    ("a day's findings", questions::findings),
    ("what was not stopped is named", figures::named),
    ("what many companies have in common", figures::cohort),
    ("search finds and pages", questions::search),
    ("search keeps to its time", questions::budget),
    ("one address over everything", questions::needle),
    ("what sources delivered", delivered::sources),
    (
        "unread lines are counted and shown",
        delivered::unread_lines,
    ),
    ("words that no table knows are named", delivered::words),
    ("what is forgotten is gone", erasing::forgotten),
    ("old lines go first, then old months", erasing::by_age),
    ("too much is removed from its old end", erasing::by_size),
    ("what is needed stays, however old", erasing::needed),
    ("what is exported comes back", erasing::exported),
];

/// What databases must do, which keep all in transactions.
pub const DATABASE_CASES: &[DatabaseCase] = &[
    ("what fails leaves nothing", storing::failures),
    ("one bad batch harms no other", storing::one_bad),
    ("small blocks become large ones", storing::gathered),
    ("what moves to another database is the same", copying::moved),
    ("a change in any table is found", tampering::found),
    ("questions go by their indexes", plans::by_index),
    (
        "figures equal a recount whatever happens",
        whatever::happens,
    ),
];

/// Makes an empty schema on the PostgreSQL server at `base` and gives the URL of a database that is only this schema.
///
/// # Errors
/// The server cannot be reached, or the schema exists.
pub fn empty_schema(base: &str, name: &str) -> Result<String, DbError> {
    let db = Db::open(base)?;
    db.write(|tx| tx.execute(&format!("CREATE SCHEMA {name}"), &[]))?;
    let separator = if base.contains('?') { '&' } else { '?' };
    Ok(format!("{base}{separator}options=-csearch_path%3D{name}"))
}

fn open(fresh: &FreshDatabase<'_>) -> Db {
    let db = fresh();
    db.migrate(crate::MIGRATIONS)
        .expect("migrations run on an empty database");
    db
}

fn read<T>(db: &Db, work: impl FnMut(&mut Tx) -> Result<T, TelemetryError>) -> T {
    db.read(work).expect("the database answers")
}

/// Everything fits together, on any engine.
fn whole(detections: &Detections) -> crate::verify::Report {
    let report = detections.verify().expect("the engine answers");
    report.unwrap_or_else(|broken| panic!("{broken:?}"))
}

/// Everything fits together.
fn sound(db: &Db) -> crate::verify::Report {
    let report = read(db, crate::verify::verify);
    report.unwrap_or_else(|broken| panic!("{broken:?}"))
}

fn count(db: &Db, table: &str) -> i64 {
    read(db, |tx| {
        Ok(tx
            .query_one(&format!("SELECT COUNT(*) FROM {table}"), &[])?
            .int(0))
    })
}
