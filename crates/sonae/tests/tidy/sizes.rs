//! Budgets of size: what is small is read.

use crate::none;
use crate::rust_source::{Source, all, end_of_item, line_of};

/// No file is longer.
const LONGEST_FILE: usize = 500;
/// Files may be longer than this only rarely …
const LONG_FILE: usize = 300;
/// … at most one in so many.
const ONE_LONG_IN: usize = 12;
/// No function is longer, from its first line to its closing brace.
const LONGEST_FUNCTION: usize = 70;

/// Functions beyond the bound, with the reason.
const LONG_FUNCTIONS: &[(&str, &str)] = &[
    (
        "crates/core/src/program/broken.rs::shape",
        "one table of messages",
    ),
    (
        "crates/core/src/program/check/events.rs::check",
        "one list of checks, each alone",
    ),
    (
        "crates/core/src/program/check/references.rs::courses",
        "one list of places that name a course",
    ),
    (
        "crates/core/tests/program_check/window.rs::windows_open_and_close_at_their_instants",
        "one table of cases",
    ),
    (
        "crates/store/src/contract/records.rs::outbox",
        "one mail followed from its queueing to its end",
    ),
];

#[test]
fn files_are_short() {
    let sources = all();
    let lines = |source: &Source| source.text.lines().count();
    let findings: Vec<String> = (sources.iter())
        .filter(|source| lines(source) > LONGEST_FILE)
        .map(|source| format!("{} has {} lines", source.path, lines(source)))
        .collect();
    none(
        &format!("A file has more than {LONGEST_FILE} lines."),
        &findings,
    );
    let long: Vec<String> = (sources.iter())
        .filter(|source| lines(source) > LONG_FILE)
        .map(|source| format!("{} has {} lines", source.path, lines(source)))
        .collect();
    assert!(
        long.len() * ONE_LONG_IN <= sources.len(),
        "{} of {} files have more than {LONG_FILE} lines, which is too many:\n  {}",
        long.len(),
        sources.len(),
        long.join("\n  ")
    );
}

#[test]
fn functions_are_short() {
    let mut findings = Vec::new();
    for source in all() {
        for (name, line, length) in functions(&source.code) {
            let excused = LONG_FUNCTIONS
                .iter()
                .any(|(known, _)| *known == format!("{}::{name}", source.path));
            if length > LONGEST_FUNCTION && !excused {
                findings.push(format!("{}:{line} {name} has {length} lines", source.path));
            }
        }
    }
    none(
        &format!("A function has more than {LONGEST_FUNCTION} lines."),
        &findings,
    );
}

/// Name, first line and number of lines of every function with a body.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let before = code[..at].chars().next_back();
        let name: String = (code[at + 3..].chars())
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        if name.is_empty() || before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let first = line_of(code, at);
        let last = line_of(code, end_of_item(code, at));
        found.push((name, first, last - first + 1));
    }
    found
}

#[test]
fn functions_are_counted_to_their_closing_brace() {
    let code =
        "impl A {\n    pub fn one(&self) {\n        if a {\n        }\n    }\n    fn two();\n}\n";
    let expected = [("one".to_owned(), 2, 4), ("two".to_owned(), 6, 1)];
    assert_eq!(functions(code), expected);
}

/// An exception that is no longer needed must go, or the list would only ever grow.
#[test]
fn long_functions_are_still_long() {
    let sources = all();
    let stale: Vec<String> = (LONG_FUNCTIONS.iter())
        .filter(|(known, _)| {
            let (path, name) = known.rsplit_once("::").unwrap_or((known, ""));
            let source = sources.iter().find(|source| source.path == path);
            source.is_none_or(|source| {
                !functions(&source.code)
                    .iter()
                    .any(|(found, _, length)| found == name && *length > LONGEST_FUNCTION)
            })
        })
        .map(|(known, why)| format!("{known} ({why})"))
        .collect();
    none("An exception is no longer needed.", &stale);
}
