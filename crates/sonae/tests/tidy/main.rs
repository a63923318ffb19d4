//! The rules of the house, as tests. `ARCHITECTURE.md` says why each of them stands.
//!
//! A rule reads the files of the repository and names every place that breaks it. An exception stands in the rule, with its reason.

mod dependencies;
mod documents;
mod layers;
mod repository;
mod rust_source;
mod sizes;
mod sql;
mod templates;
mod words;

/// Fails with one line for each finding.
fn none(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}\n  {}\n", findings.join("\n  "));
}
