//! `sonae verify`: proves that the audit chain is unbroken and that receipts, order and places agree with it.
//!
//! Everything is read once in one snapshot, in the order of the log, so a million entries take seconds and bounded memory.

use std::collections::BTreeMap;

use sonae_core::audit::{Entry, GENESIS, Hash, ReceivedData, chain, commit, hex};
use sonae_core::flow::Status;
use sonae_db::{Row, Tx};

use crate::audit::hash_of;
use crate::{StoreError, figures};

/// What was proved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub entries: i64,
    pub receipts: i64,
    pub places: i64,
    /// Hash of the last entry in hex; all zeros for an empty log.
    pub head: String,
}

/// The first row that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// For example `audit_entry 17`.
    pub row: String,
    /// What is wrong with it, a Japanese sentence.
    pub what: String,
}

/// Verifies the whole office.
pub fn verify(tx: &mut Tx) -> Result<Result<Report, Broken>, StoreError> {
    let mut walk = Walk {
        previous: GENESIS,
        ..Walk::default()
    };
    match walk
        .log(tx)
        .and_then(|()| walk.places(tx))
        .and_then(|()| walk.tallies(tx))
        .and_then(|()| counts(tx))
    {
        Ok(()) => {
            walk.report.head = hex(&walk.previous);
            Ok(Ok(walk.report))
        }
        Err(Stop::Broken(broken)) => Ok(Err(broken)),
        Err(Stop::Store(error)) => Err(error),
    }
}

enum Stop {
    Broken(Broken),
    Store(StoreError),
}

impl<E: Into<StoreError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Store(error.into())
    }
}

fn broken<T>(row: impl Into<String>, what: &str) -> Result<T, Stop> {
    Err(Stop::Broken(Broken {
        row: row.into(),
        what: what.to_owned(),
    }))
}

#[derive(Default)]
struct Walk {
    report: Report,
    previous: Hash,
    /// The last sequence of each programme, to prove that receipts are consecutive.
    sequences: BTreeMap<String, i64>,
    /// By programme and course: the log index that handed out each position, position 1 first.
    positions: BTreeMap<(String, String), Vec<i64>>,
}

impl Walk {
    /// The chain, and every received application against its entry.
    fn log(&mut self, tx: &mut Tx) -> Result<(), Stop> {
        tx.for_each(
            "SELECT e.log_index, e.line, e.hash, a.id, a.program_id, a.receipt_number, a.sequence, a.answers, a.salt,
                    a.revision
             FROM audit_entry e LEFT JOIN application a ON a.log_index = e.log_index
             ORDER BY e.log_index",
            &[],
            |row| self.entry(&row),
        )?;
        let strays = tx.query(
            "SELECT a.receipt_number FROM application a
             WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.log_index = a.log_index) LIMIT 1",
            &[],
        )?;
        match strays.first() {
            Some(row) => broken(
                format!("application {}", row.text(0)),
                "記録(audit_entry)にない申込みです。",
            ),
            None => Ok(()),
        }
    }

    fn entry(&mut self, row: &Row) -> Result<(), Stop> {
        let index = row.int(0);
        let name = || format!("audit_entry {index}");
        if index != self.report.entries {
            return broken(
                name(),
                "記録の番号が続いていません。前の記録が抜けています。",
            );
        }
        let line = row.text(1);
        let hash = hash_of(row.bytes(2))?;
        if chain(&self.previous, line) != hash {
            return broken(
                name(),
                "記録の内容とハッシュ値が一致しません。書き換えられています。",
            );
        }
        self.previous = hash;
        self.report.entries += 1;
        let head: Head = match serde_json::from_str(line) {
            Ok(head) => head,
            Err(_) => return broken(name(), "記録の形が正しくありません。"),
        };
        if head.index != index {
            return broken(name(), "記録の中の番号が位置と一致しません。");
        }
        match (head.action == "application.received", row.opt_text(3)) {
            (true, Some(_)) => self.receipt(row, line),
            (true, None) => broken(name(), "受付の記録に対応する申込みがありません。"),
            (false, Some(_)) => broken(name(), "申込みが受付でない記録を指しています。"),
            (false, None) => Ok(()),
        }
    }

    fn receipt(&mut self, row: &Row, line: &str) -> Result<(), Stop> {
        let name = || format!("application {}", row.text(5));
        let Ok(entry) = serde_json::from_str::<Entry<ReceivedData>>(line) else {
            return broken(
                format!("audit_entry {}", row.int(0)),
                "受付の記録の形が正しくありません。",
            );
        };
        let data = entry.data;
        let same = entry.subject == row.text(3)
            && data.program == row.text(4)
            && data.receipt_number == row.text(5)
            && data.sequence == row.int(6)
            && data.revision == row.text(9);
        if !same {
            return broken(name(), "申込みが受付の記録と一致しません。");
        }
        if hex(&commit(row.bytes(8), row.text(7))) != data.answers_sha256 {
            return broken(name(), "回答の内容が受付のときと一致しません。");
        }
        let last = self.sequences.entry(data.program.clone()).or_default();
        if data.sequence != *last + 1 {
            return broken(name(), "受付の順番が続いていません。");
        }
        *last = data.sequence;
        for place in data.places {
            let handed_out = self
                .positions
                .entry((data.program.clone(), place.course))
                .or_default();
            if place.position != handed_out.len() as i64 + 1 {
                return broken(name(), "コースの受付順が続いていません。");
            }
            handed_out.push(row.int(0));
        }
        self.report.receipts += 1;
        Ok(())
    }

    /// Every position that was handed out has its row, with the application it was handed to, and no other row exists.
    fn places(&mut self, tx: &mut Tx) -> Result<(), Stop> {
        let positions = &self.positions;
        let mut seen: BTreeMap<(String, String), i64> = BTreeMap::new();
        tx.for_each(
            "SELECT p.program_id, p.course, p.position, a.log_index, f.status, p.state
             FROM place p JOIN application a ON a.id = p.application_id
             JOIN case_file f ON f.application_id = p.application_id
             ORDER BY p.program_id, p.course, p.position",
            &[],
            |row| -> Result<(), Stop> {
                let key = (row.text(0).to_owned(), row.text(1).to_owned());
                let position = row.int(2);
                let name = || format!("place {} {} {position}", key.0, key.1);
                let handed_out = positions
                    .get(&key)
                    .and_then(|list| list.get(usize::try_from(position - 1).ok()?));
                if handed_out != Some(&row.int(3)) {
                    return broken(name(), "受付の記録と違う申込みの順番です。");
                }
                let closed = Status::parse(row.text(4)).is_none_or(Status::is_closed);
                if closed && row.text(5) != "returned" {
                    return broken(name(), "終わった申込みの枠が返されていません。");
                }
                *seen.entry(key).or_default() += 1;
                Ok(())
            },
        )?;
        for ((program, course), handed_out) in positions {
            let rows = seen
                .get(&(program.clone(), course.clone()))
                .copied()
                .unwrap_or_default();
            if rows != handed_out.len() as i64 {
                return broken(
                    format!("place {program} {course}"),
                    "受付の記録にある順番が抜けています。",
                );
            }
            self.report.places += rows;
        }
        Ok(())
    }

    /// The tallies equal the places they count.
    fn tallies(&mut self, tx: &mut Tx) -> Result<(), Stop> {
        let rows = tx.query(
            "SELECT t.program_id, t.course, t.last_position, t.held, t.waiting,
                    (SELECT COUNT(*) FROM place p WHERE p.program_id = t.program_id AND p.course = t.course
                        AND p.state IN ('held', 'offered')),
                    (SELECT COUNT(*) FROM place p WHERE p.program_id = t.program_id AND p.course = t.course
                        AND p.state = 'waiting')
             FROM course_tally t ORDER BY t.program_id, t.course",
            &[],
        )?;
        for row in &rows {
            let key = (row.text(0).to_owned(), row.text(1).to_owned());
            let handed_out = self
                .positions
                .remove(&key)
                .map_or(0, |list| list.len() as i64);
            let counted =
                row.int(2) == handed_out && row.int(3) == row.int(5) && row.int(4) == row.int(6);
            if !counted {
                return broken(
                    format!("course_tally {} {}", key.0, key.1),
                    "枠の数が実際の枠と一致しません。",
                );
            }
        }
        match self.positions.keys().next() {
            Some((program, course)) => broken(
                format!("course_tally {program} {course}"),
                "枠の数の記録がありません。",
            ),
            None => Ok(()),
        }
    }
}

/// The counts equal the cases they count.
fn counts(tx: &mut Tx) -> Result<(), Stop> {
    match figures::differing(tx)? {
        Some(name) => broken(
            format!("case_count {name}"),
            "数字のための件数が実際の案件と一致しません。",
        ),
        None => Ok(()),
    }
}

/// The part of an entry that every kind has.
#[derive(serde::Deserialize)]
struct Head<'a> {
    index: i64,
    #[serde(borrow)]
    action: std::borrow::Cow<'a, str>,
}
