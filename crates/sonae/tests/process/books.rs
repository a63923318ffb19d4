//! An office's books as a test reads them: the receipts in the order of the log, and the mails each caused.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use sonae_core::audit::{Entry, ReceivedData, hex};
use sonae_db::Db;
use sonae_store::StoreError;
use sonae_store::{application, audit, outbox};

use crate::http::Answer;
use crate::office::{Engine, Office, pause, sonae};

/// What a receipt says, without the private link, which holds the server's address.
pub(crate) type Receipt = Value;

/// The receipt in an answer.
pub(crate) fn receipt(answer: &Answer) -> Receipt {
    let mut receipt = answer.json();
    let fields = receipt.as_object_mut();
    fields.expect("a receipt is an object").remove("status_url");
    receipt
}

pub(crate) fn number(receipt: &Receipt) -> &str {
    receipt["receipt_number"].as_str().expect("it has a number")
}

/// One application as the books hold it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) receipt: Receipt,
    pub(crate) sequence: i64,
    pub(crate) mails: usize,
}

/// All receipts in the order of the log.
pub(crate) fn lines(url: &str) -> Vec<Line> {
    let db = Db::open(url).expect("the database opens");
    let lines = db.read(|tx| {
        let mut lines = Vec::new();
        for index in 0..audit::tail(tx)?.next_index {
            let bound = audit::entry(tx, index)?.expect("the log has no gaps");
            let Ok(entry) = serde_json::from_str::<Entry<ReceivedData>>(&bound.line) else {
                continue;
            };
            let application = application::by_receipt(tx, &entry.data.receipt_number)?;
            let application = application.expect("a receipt has its application");
            lines.push(Line {
                sequence: application.sequence,
                mails: outbox::of_application(tx, &application.id)?.len(),
                receipt: json!({
                    "receipt_number": entry.data.receipt_number,
                    "program": entry.data.program,
                    "received_at": entry.at,
                    "places": entry.data.places,
                    "log_index": index,
                    "log_hash": hex(&bound.hash),
                }),
            });
        }
        Ok::<_, StoreError>(lines)
    });
    lines.expect("the books can be read")
}

/// The books of `office` verify; every acknowledged receipt stands in them as it was given; numbers and positions have no gaps; and
/// each application caused exactly one mail. Gives the lines.
pub(crate) fn balanced(office: &Office, acknowledged: &[Receipt]) -> Vec<Line> {
    let lines = settled(office);
    let by_number: BTreeMap<&str, &Line> = lines
        .iter()
        .map(|line| (number(&line.receipt), line))
        .collect();
    assert_eq!(by_number.len(), lines.len(), "a number was given twice");
    for receipt in acknowledged {
        let stored = by_number.get(number(receipt));
        let stored = stored.unwrap_or_else(|| panic!("lost: {receipt}"));
        assert_eq!(&stored.receipt, receipt);
    }
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    for line in &lines {
        assert_eq!(line.mails, 1, "{line:?}");
        let program = line.receipt["program"].as_str().expect("a programme");
        let mut follows = |book: String, number: i64| {
            let before = last.insert(book.clone(), number).unwrap_or_default();
            assert_eq!(number, before + 1, "{book}");
        };
        follows(program.to_owned(), line.sequence);
        for place in line.receipt["places"].as_array().expect("places") {
            let position = place["position"].as_i64().expect("a position");
            follows(format!("{program} {}", place["course"]), position);
        }
    }
    lines
}

/// The lines as soon as `verify` counts as many: a server still ends what a killed program had asked it to commit.
fn settled(office: &Office) -> Vec<Line> {
    let mut counted = String::new();
    for _ in 0..50 {
        let lines = lines(&office.url());
        counted = office.command("verify", &[]).well().out;
        if counted.contains(&format!("受付 {}件", lines.len())) {
            return lines;
        }
        pause(Duration::from_millis(100));
    }
    panic!("the books never agree with `verify`: {counted}");
}

/// Both engines are verified by the same command.
#[test]
fn verify_refuses_what_is_no_office() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let office = Office::new(engine);
        let ended = office.command("verify", &[]);
        assert_eq!(ended.code, Some(1), "{engine:?}: {ended:?}");
        assert!(!office.data().exists(), "{engine:?}");
    }
    assert_eq!(sonae(&["verify", "--nonsense"]).code, Some(2));
}
