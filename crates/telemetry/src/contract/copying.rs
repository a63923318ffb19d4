//! Detections that move to another database are the same there.

use std::collections::BTreeSet;

use sonae_db::{Kind, schema};

use super::sample::{NOON, detection, sent, stored_in};
use super::{FreshDatabase, count, open, sound};
use crate::copy::{TABLES, copy, is_empty};

pub(super) fn moved(fresh: &FreshDatabase<'_>) {
    let db = open(fresh);
    assert!(is_empty(&db).expect("an answer"));
    let lines: Vec<_> = (0..30).map(|n| detection(NOON, n, n)).collect();
    stored_in(&db, &[sent("a", "1", &lines), sent("b", "1", &lines[..7])]);
    assert!(!is_empty(&db).expect("an answer"));
    let folder = std::env::temp_dir().join(format!(
        "sonae-detections-copy-{}-{}",
        std::process::id(),
        db.engine()
    ));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let other = crate::open(&folder.join("copy.sqlite").display().to_string()).expect("new");
    let told = copy(&db, &other).expect("copied");
    for (table, _, _) in TABLES {
        assert_eq!(count(&db, table), count(&other, table), "{table}");
    }
    assert!(told.iter().any(|one| one.table == "block" && one.rows >= 2));
    assert_eq!(sound(&other), sound(&db));
    let again = copy(&db, &other).expect_err("copied over detections");
    assert_eq!(again.kind, Kind::Unique);
    // What is not named here would be left behind without a word.
    let mine: BTreeSet<String> = (schema(&db).expect("a schema").iter())
        .filter_map(|line| line.strip_prefix("column ")?.split_once('.'))
        .map(|(table, _)| table.to_owned())
        .filter(|table| table != "schema_migration")
        .collect();
    let named: BTreeSet<String> = TABLES.iter().map(|one| one.0.to_owned()).collect();
    assert_eq!(mine, named);
    drop(other);
    drop(std::fs::remove_dir_all(&folder));
}
