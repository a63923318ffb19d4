//! What the documents say must be there.

use crate::none;
use crate::repository::{at, files_ending, read};
use crate::rust_source::all;

/// Documents of the repository; `CHANGELOG.md` speaks of the past and may name what is gone.
fn documents() -> Vec<String> {
    let mut documents = files_ending(".", ".md");
    documents.retain(|path| path != "CHANGELOG.md");
    documents
}

/// Links of Markdown, `[text](target)`, without those of the web.
fn links(text: &str) -> Vec<&str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target.split('#').next().unwrap_or_default())
        .filter(|target| {
            !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
        })
        .collect()
}

/// Paths of the repository in `code marks`, such as `crates/core/src/capacity.rs`.
fn paths(text: &str) -> Vec<&str> {
    const FOLDERS: &[&str] = &[
        "crates/",
        "xtask/",
        "docs/",
        "programs/",
        "calendars/",
        ".ci/",
    ];
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| FOLDERS.iter().any(|folder| code.starts_with(folder)))
        // A pattern stands for many files.
        .filter(|code| !code.contains(['<', '*', '{', ' ', '…', '\n']))
        .map(|code| code.split("::").next().unwrap_or(code))
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut findings = Vec::new();
    for document in documents() {
        let text = read(&document);
        let folder = document.rsplit_once('/').map_or(".", |(folder, _)| folder);
        for target in links(&text) {
            if !at(folder).join(target).exists() {
                findings.push(format!("{document} links to {target}"));
            }
        }
    }
    none("A link of a document leads nowhere.", &findings);
}

#[test]
fn paths_in_the_guides_exist() {
    let mut findings = Vec::new();
    for document in [
        "README.md",
        "README.ja.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "NOTICE",
    ] {
        for path in paths(&read(document)) {
            if !at(path).exists() {
                findings.push(format!("{document} names {path}"));
            }
        }
    }
    none("A document names a path that does not exist.", &findings);
}

/// An invariant is only as good as what enforces it, so the page names the tests, and they must be there.
#[test]
fn invariants_name_tests_that_exist() {
    let page = read("ARCHITECTURE.md");
    let code: String = (all().iter()).map(|source| source.code.as_str()).collect();
    let named: Vec<&str> = page
        .split('`')
        .skip(1)
        .step_by(2)
        .filter_map(|code| code.strip_prefix("test "))
        .collect();
    assert!(
        named.len() >= 10,
        "ARCHITECTURE.md names its tests as `test name`"
    );
    let missing: Vec<String> = (named.iter())
        .filter(|name| !code.contains(&format!("fn {name}(")))
        .map(|name| (*name).to_owned())
        .collect();
    none(
        "ARCHITECTURE.md names a test that does not exist.",
        &missing,
    );
}

/// A decision that is not in the list is not found, and one that does not say what was decided is none.
#[test]
fn decisions_are_listed_and_decide() {
    const LIST: &str = "docs/decisions/README.md";
    let list = read(LIST);
    let mut findings = Vec::new();
    for path in files_ending("docs/decisions", ".md") {
        let name = path.rsplit('/').next().unwrap_or_default();
        if path != LIST && !list.contains(name) {
            findings.push(format!("{path} is not listed in {LIST}"));
        }
        if path != LIST && !read(&path).contains("\n## Decision\n") {
            findings.push(format!("{path} has no section Decision"));
        }
    }
    none("A decision is not listed or decides nothing.", &findings);
}
