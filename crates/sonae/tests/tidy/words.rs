//! Words that must not stand in the house.

use crate::none;
use crate::repository::{files, read};
use crate::rust_source::{all, shipped};

/// Modules named after a kind of item instead of a subject.
const KINDS: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "types", "traits", "misc",
];

/// Contact details of the two guidelines. They are real people's; the programmes in the repository carry invented ones.
const REAL_CONTACTS: &[&str] = &["east.ntt.co.jp", "jp.adecco.com", "050-4560-3824"];

/// Folders that are handed out and must not carry them.
const HANDED_OUT: &[&str] = &["crates", "programs", "papers", "calendars", "docs", "xtask"];

/// The file that names what it looks for.
const THIS: &str = "crates/sonae/tests/tidy/words.rs";

#[test]
fn nothing_panics_for_lack_of_a_word() {
    let findings: Vec<String> = (shipped().iter())
        .flat_map(|source| source.places(&[".unwrap()", ".unwrap_err()"]))
        .collect();
    none(
        "`unwrap()` stands outside tests; say with `expect` why it cannot fail.",
        &findings,
    );
}

#[test]
fn nothing_is_left_undone_or_switched_off() {
    let words = [
        "todo!(",
        "unimplemented!(",
        "dbg!(",
        "#[allow(",
        "#![allow(",
    ];
    let findings: Vec<String> = (all().iter())
        .flat_map(|source| source.places(&words))
        .collect();
    none(
        "Something is unfinished, or a lint is switched off without a reason (`#[expect(…, reason)]`).",
        &findings,
    );
}

#[test]
fn no_test_is_switched_off() {
    let findings: Vec<String> = (all().iter())
        .flat_map(|source| source.places(&["#[ignore"]))
        .filter(|place| !MEASUREMENTS.iter().any(|known| place.starts_with(known)))
        .collect();
    none("A test is switched off.", &findings);
}

/// Measurements that are run by hand and assert nothing.
const MEASUREMENTS: &[&str] = &["crates/sonae/src/mail/tests.rs:"];

#[test]
fn modules_are_named_after_subjects() {
    let findings: Vec<String> = (all().iter())
        .map(|source| source.path.clone())
        .filter(|path| {
            path.split('/')
                .any(|part| KINDS.contains(&part.trim_end_matches(".rs")))
        })
        .collect();
    none("A module is named after a kind of item.", &findings);
}

#[test]
fn every_module_says_what_it_is() {
    let findings: Vec<String> = (all().iter())
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| source.path.clone())
        .collect();
    none("A file does not begin with `//!`.", &findings);
}

/// Files that name a programme, with the reason.
const NAMES_A_PROGRAMME: &[(&str, &str)] = &[
    (
        "crates/sonae/src/api/openapi.rs",
        "examples of the description",
    ),
    (
        "crates/sonae/examples/rush/",
        "the benchmark sends its crowd to one of them",
    ),
    (
        "crates/sonae/examples/push/",
        "the benchmark's companies apply to one of them",
    ),
    (
        "crates/sonae/examples/office/",
        "the benchmark fills both of them",
    ),
    (
        "crates/sonae/src/demo/",
        "the demonstration opens these two",
    ),
];

/// Next year's programme is a new folder and no new code.
#[test]
fn no_code_names_a_programme() {
    let programs: Vec<String> = files("programs")
        .iter()
        .filter_map(|path| path.strip_prefix("programs/")?.split_once("/program.toml"))
        .map(|(id, _)| id.to_owned())
        .collect();
    assert!(
        programs.len() >= 2,
        "the rule no longer sees the programmes"
    );
    let mut findings = Vec::new();
    // What measures and tries the program may say with which programme.
    let program = shipped()
        .into_iter()
        .filter(|source| source.path.starts_with("crates/"));
    for source in program {
        let excused = |(path, _): &(&str, &str)| source.path.starts_with(path);
        for (line, text) in &source.strings {
            let names = programs.iter().any(|id| text.contains(id.as_str()));
            if names && !NAMES_A_PROGRAMME.iter().any(excused) {
                findings.push(format!("{}:{line} {text}", source.path));
            }
        }
    }
    none("Code names a programme.", &findings);
}

/// A snapshot waiting for review, or what a merge left behind, is a mistake of the one who committed it.
#[test]
fn nothing_is_left_lying_about() {
    let endings = [".snap.new", ".orig", ".rej", ".bak", "~"];
    let mut findings: Vec<String> = HANDED_OUT.iter().flat_map(|folder| files(folder)).collect();
    findings.retain(|path| endings.iter().any(|ending| path.ends_with(ending)));
    none("A leftover of work stands in the repository.", &findings);
}

#[test]
fn contact_details_of_real_people_stay_out() {
    let mut findings = Vec::new();
    for path in HANDED_OUT.iter().flat_map(|folder| files(folder)) {
        // What is not text cannot be searched for text.
        let Ok(text) = std::fs::read_to_string(crate::repository::at(&path)) else {
            continue;
        };
        for word in REAL_CONTACTS {
            if text.contains(word) && path != THIS {
                findings.push(format!("{path} names {word}"));
            }
        }
    }
    none(
        "Contact details of the guidelines stand in the repository.",
        &findings,
    );
}

/// The source reads the system's clock and chance at one place each. Clippy bans the calls; this sees that the exceptions stay few.
#[test]
fn a_ban_is_lifted_in_one_place_each() {
    let lifted: Vec<String> = (shipped().iter())
        .filter(|source| source.code.contains("clippy::disallowed_methods"))
        .map(|source| source.path.clone())
        .collect();
    assert_eq!(
        lifted,
        ["crates/sonae/src/chance.rs", "crates/sonae/src/clock.rs"]
    );
    assert!(read("crates/sonae/src/clock.rs").contains("reason ="));
}
