//! After a company was forgotten none of its texts stands in any file of the database, neither plain nor in a block that unpacks.

use std::path::Path;

use sonae_telemetry::batch::{Batch, Origin, Source};
use sonae_telemetry::block::Packer;
use sonae_telemetry::detection::{Detection, Endpoint, Record};
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::{Dictionary, MIGRATIONS, forget, ingest};

use crate::engines::Engine;

const NOON: i64 = 1_773_111_600_000_000;

fn store(db: &sonae_db::Db, dictionary: &mut Dictionary, company: &str, number: usize) {
    let source = Source {
        id: format!("source-{company}"),
        company: company.to_owned(),
        device: format!("serial-{company}"),
    };
    let origin = Origin::Sent {
        batch_id: format!("batch-{company}-{number}"),
        hash: [0; 32],
    };
    let arrival = Arrival {
        received_us: NOON,
        live: true,
    };
    let mut packer = Packer::new();
    let mut batch = Batch::begin(source, origin, arrival, &mut packer);
    for line in 0..40 {
        let found = Detection {
            title: format!("title-{company}-{line}").into(),
            rule: format!("rule-{company}").into(),
            source: Endpoint {
                address: Some(format!("host-{company}-{line}").into()),
                port: None,
            },
            ..Detection::default()
        };
        batch.add(
            &Record::Detection(Box::new(found)),
            format!("raw-{company}-{line}").as_bytes(),
        );
    }
    ingest::store(db, dictionary, &[batch.prepare()]).unwrap();
}

/// How often a text stands in the files of a folder.
fn found(folder: &Path, text: &str) -> usize {
    let files = std::fs::read_dir(folder).unwrap();
    let bytes = files.flat_map(|file| std::fs::read(file.unwrap().path()).unwrap());
    let bytes: Vec<u8> = bytes.collect();
    bytes
        .windows(text.len())
        .filter(|window| *window == text.as_bytes())
        .count()
}

/// The first bytes of blocks, which are the same for the same company: compressed text is not searched for words.
fn block(db: &sonae_db::Db) -> Vec<u8> {
    let row = db.read(|tx| {
        tx.query_one(
            "SELECT b.content FROM block b JOIN company c ON c.company = b.company WHERE c.office_id = 'goner' LIMIT 1",
            &[],
        )
    });
    row.unwrap().bytes(0).to_vec()
}

#[test]
fn no_byte_of_a_forgotten_company_stays() {
    let database = Engine::Sqlite.empty_database("erased");
    let folder = database.folder.clone().unwrap();
    let db = database.open();
    db.migrate(MIGRATIONS).unwrap();
    let mut dictionary = Dictionary::default();
    for number in 0..30 {
        store(&db, &mut dictionary, "goner", number);
        store(&db, &mut dictionary, "stayer", number);
    }
    let content = block(&db);
    let packed = || {
        let files = std::fs::read_dir(&folder).unwrap();
        let bytes: Vec<u8> = files
            .flat_map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .collect();
        bytes
            .windows(content.len())
            .filter(|window| *window == content)
            .count()
    };
    assert!(
        found(&folder, "title-goner-") > 30 && packed() > 0,
        "it stands there before"
    );
    forget::forget(&db, "goner").unwrap();
    assert_eq!((found(&folder, "goner"), packed()), (0, 0));
    assert!(
        found(&folder, "title-stayer-") > 30,
        "what stays is still found"
    );
}
