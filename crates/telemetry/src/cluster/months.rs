//! Months whose removal began, in the ledger: nothing of them counts, and nothing begins for them, until no server has rows of them any more.

use sonae_db::Tx;

use super::ledger;
use crate::TelemetryError;
use crate::day::Month;

/// From now on nothing of the months before `first` counts; how many months of companies these were.
pub(super) fn let_go(tx: &mut Tx, first: Month) -> Result<i64, TelemetryError> {
    tx.execute(
        "INSERT INTO removed_month (month) SELECT DISTINCT month FROM part WHERE month < $1
         ON CONFLICT (month) DO NOTHING",
        &[first.0.into()],
    )?;
    let months = tx.execute("DELETE FROM part WHERE month < $1", &[first.0.into()])?;
    if months > 0 {
        // An attempt that began before may hold such a month. If it ended later, its rows would be expected and not be found, so it is begun again
        // by whoever sends it; the ledger does not know of which months an attempt is.
        tx.execute(
            "INSERT INTO given_up (attempt, company) SELECT attempt, company FROM attempt",
            &[],
        )?;
        tx.execute("DELETE FROM attempt", &[])?;
    }
    ledger::next_epoch(tx)?;
    Ok(months as i64)
}

/// Months that were let go and may still have rows on servers.
pub(super) fn let_go_of(tx: &mut Tx) -> Result<Vec<Month>, TelemetryError> {
    let rows = tx.query("SELECT month FROM removed_month ORDER BY month", &[])?;
    Ok(rows.iter().map(|row| Month(row.int(0))).collect())
}

/// No server has rows of these months any more. Others that were let go meanwhile stay noted.
pub(super) fn are_gone(tx: &mut Tx, months: &[Month]) -> Result<(), TelemetryError> {
    for month in months {
        tx.execute(
            "DELETE FROM removed_month WHERE month = $1",
            &[month.0.into()],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use sonae_db::{Db, Kind};

    use super::super::LEDGER;
    use super::super::ledger::{Begun, Step, begin, finish, identity, snapshot};
    use super::*;
    use crate::batch::Prepared;
    use crate::contract::sample::{NOON, detection, sent};
    use crate::day::Day;

    /// An empty ledger on SQLite, in a folder of its own.
    fn ledger(name: &str) -> (Db, std::path::PathBuf) {
        let folder = std::env::temp_dir().join(format!("sonae-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let db = Db::open(&format!(
            "sqlite:{}",
            folder.join("ledger.sqlite").display()
        ))
        .expect("a ledger");
        db.migrate(LEDGER).expect("migrated");
        identity(&db, 1).expect("an id");
        (db, folder)
    }

    fn began(db: &Db, batch: &Prepared) -> Result<Begun, TelemetryError> {
        let steps = db.write(|tx| begin(tx, std::slice::from_ref(batch), 1))?;
        match steps.as_slice() {
            [Step::Begun(begun)] => Ok(*begun),
            _ => panic!("it is known already"),
        }
    }

    fn ended(db: &Db, batch: &Prepared, begun: &Begun) -> bool {
        db.write(|tx| finish(tx, batch, begun)).expect("ended")
    }

    /// A batch of one line, so many days before noon of the tenth of March 2026.
    fn days_ago(id: &str, days: i64) -> Prepared {
        sent("a", id, &[detection(NOON - days * 86_400_000_000, 0, 1)])
    }

    #[test]
    fn what_began_before_a_month_was_let_go_never_counts() {
        let (db, folder) = ledger("began-before");
        let (first, second) = (days_ago("1", 60), days_ago("2", 61));
        let begun = began(&db, &first).expect("begun");
        assert!(ended(&db, &first, &begun));
        let late = began(&db, &second).expect("begun");
        let march = Day::of(NOON).month();
        assert_eq!(db.write(|tx| let_go(tx, march)).expect("let go"), 1);
        assert!(!ended(&db, &second, &late), "its rows may be gone");
        let refused = began(&db, &second).expect_err("the month is being removed");
        assert!(matches!(refused, TelemetryError::Db(error) if error.kind == Kind::Busy));
        let months = db.read(let_go_of).expect("readable");
        db.write(|tx| are_gone(tx, &months)).expect("gone");
        // What the late one still writes is never believed; the same batch comes again.
        let again = began(&db, &second).expect("begun again");
        assert!(ended(&db, &second, &again));
        let counts = db.read(snapshot).expect("readable");
        assert_eq!(counts.not, [late.attempt]);
        // Where nothing is let go, nobody has to begin again.
        let third = days_ago("3", 0);
        let begun = began(&db, &third).expect("begun");
        assert_eq!(db.write(|tx| let_go(tx, Month(0))).expect("nothing"), 0);
        assert!(ended(&db, &third, &begun));
        drop(db);
        std::fs::remove_dir_all(folder).expect("removed");
    }

    #[test]
    fn a_month_that_another_node_lets_go_meanwhile_stays_noted() {
        let (db, folder) = ledger("meanwhile");
        for (id, days) in [("1", 60), ("2", 30)] {
            let batch = days_ago(id, days);
            let begun = began(&db, &batch).expect("begun");
            assert!(ended(&db, &batch, &begun));
        }
        let march = Day::of(NOON).month();
        let february = Month(march.0 - 1);
        db.write(|tx| let_go(tx, february)).expect("let go");
        let mine = db.read(let_go_of).expect("readable");
        db.write(|tx| let_go(tx, march)).expect("let go by another");
        db.write(|tx| are_gone(tx, &mine)).expect("gone");
        assert_eq!(db.read(let_go_of).expect("readable"), [february]);
        drop(db);
        std::fs::remove_dir_all(folder).expect("removed");
    }
}
