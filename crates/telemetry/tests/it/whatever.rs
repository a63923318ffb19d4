//! Whatever stands in a line, reading it ends with an answer within its bounds.

use proptest::prelude::*;
use sonae_telemetry::detection::Record;
use sonae_telemetry::formats::{self, Format};
use sonae_telemetry::lines::{self, Lines};
use sonae_telemetry::time::Receipt;

/// What lines of devices are made of.
const WORDS: &[&str] = &[
    "<134>",
    "1 ",
    "Jun  1 09:00:00 ",
    "2026-06-01T09:00:00Z ",
    "host ",
    "a[1]: ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ":",
    ",",
    "=",
    "|",
    "CEF:0|",
    "LEEF:2.0|",
    "^|",
    "logid=1 type=utm subtype=ips ",
    "id=firewall sn=1 ",
    "log_type=\"IDP\" log_component=\"x\" ",
    "msg_id=\"3000-0150\" Deny ",
    "[action:\"x\"; product:\"y\"; ",
    "security_event ",
    "1780272000.1 ",
    "1,,,THREAT,url,,,",
    "\"event_type\":\"alert\",\"alert\":",
    "\"rule\":{\"level\":9},\"agent\":",
    " FOUND",
    "[1:2:3]",
    "} 1 -> 2",
    "あ",
    "\u{0}",
];

/// Such pieces in any order.
fn pieces() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(WORDS).prop_map(str::to_owned),
        ".{0,6}"
    ];
    prop::collection::vec(word, 0..20).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn any_line_is_answered_within_bounds(line in pieces(), hint in 0..Format::ALL.len()) {
        let receipt = Receipt::in_japan(1_780_358_400_000_000);
        let reading = formats::read(&line, Some(Format::ALL[hint]), receipt);
        if let Record::Detection(found) = &reading.record {
            prop_assert!(found.count > 0 && found.title.len() <= 400);
        }
        prop_assert_eq!(formats::read(&line, None, receipt).format.is_some(), reading.format.is_some());
    }

    #[test]
    fn any_bytes_are_cut_to_their_end(bytes in prop::collection::vec(any::<u8>(), 0..300), start in prop::sample::select(vec!["", "[{", "{\n", "{\"value\":[{"])) {
        let bytes = [start.as_bytes(), &bytes[..]].concat();
        let mut input = Lines::new(&bytes[..]);
        while let Some(piece) = input.next().expect("memory can be read") {
            drop(lines::text(&piece));
        }
        prop_assert_eq!(input.position(), bytes.len() as u64);
    }
}
