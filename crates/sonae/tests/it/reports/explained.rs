//! Every detection among the vendors' samples, and how the monthly report explains it to a company: a table that somebody reads when it changes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sonae_core::report::explain;
use sonae_telemetry::detection::Record;
use sonae_telemetry::formats::{self, Format};
use sonae_telemetry::lines::{self, Lines};
use sonae_telemetry::time::Receipt;

#[test]
fn samples_of_all_vendors_are_explained() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../telemetry/samples");
    let mut told = BTreeSet::new();
    for format in Format::ALL {
        let folder = fs::read_dir(samples.join(format.code())).expect("a folder of samples");
        for file in folder.flatten().map(|entry| entry.path()) {
            let other = [Some("expected".as_ref()), Some("md".as_ref())];
            if !other.contains(&file.extension()) {
                explained(&fs::read(&file).expect("a sample"), format, &mut told);
            }
        }
    }
    let told: Vec<String> = told.into_iter().collect();
    insta::assert_snapshot!(told.join("\n"));
}

fn explained(bytes: &[u8], format: Format, told: &mut BTreeSet<String>) {
    let mut lines = Lines::new(bytes);
    while let Some(piece) = lines.next().expect("memory can be read") {
        let Ok(text) = lines::text(&piece) else {
            continue;
        };
        let reading = formats::read(&text, Some(format), Receipt::in_japan(0));
        if let Record::Detection(found) = &reading.record {
            let kind = explain::of(&found.category, &found.title);
            let (category, title) = (&found.category, &found.title);
            told.insert(format!(
                "{}: {category} | {title} -> {}",
                format.code(),
                kind.id
            ));
        }
    }
}
