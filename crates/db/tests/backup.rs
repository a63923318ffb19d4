//! An SQLite database is copied whole while it is in use.

use sonae_db::{Db, DbError};

const ROWS: i64 = 5_000;

fn count(db: &Db) -> i64 {
    db.read(|tx| {
        let row = tx.query_opt("SELECT COUNT(*) FROM t", &[])?;
        Ok::<i64, DbError>(row.expect("a count is one row").int(0))
    })
    .expect("the table can be read")
}

#[test]
fn a_backup_is_whole_and_the_source_goes_on() {
    let folder = std::env::temp_dir().join(format!("sonae-db-backup-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let path = |name: &str| folder.join(name);
    let db = Db::open(&path("source.db").display().to_string()).expect("a new file");
    db.write(|tx| {
        tx.execute(
            "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, text TEXT NOT NULL)",
            &[],
        )?;
        for id in 0..ROWS {
            // Many pages, so that the copy takes more than one step if it can.
            tx.execute(
                "INSERT INTO t (id, text) VALUES ($1, $2)",
                &[id.into(), "備え".repeat(40).into()],
            )?;
        }
        Ok::<(), DbError>(())
    })
    .expect("rows can be written");
    let Db::Sqlite(source) = &db else {
        panic!("a path opens SQLite")
    };

    source
        .backup_to(&path("copy.db"))
        .expect("the copy is made");
    db.write(|tx| {
        tx.execute(
            "INSERT INTO t (id, text) VALUES ($1, 'later')",
            &[ROWS.into()],
        )
        .map(drop)
    })
    .map_err(|error: DbError| error)
    .expect("the source goes on");

    let copy = Db::open(&path("copy.db").display().to_string()).expect("the copy opens");
    assert_eq!((count(&copy), count(&db)), (ROWS, ROWS + 1));
    drop((copy, db));
    std::fs::remove_dir_all(&folder).expect("the folder was ours");
}
