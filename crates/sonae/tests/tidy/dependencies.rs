//! Dependencies: permissive licences and the common registry only, as `deny.toml` lists them.

use std::process::Command;

use serde_json::Value;

use crate::repository::{at, read};

/// The licences that `deny.toml` allows.
fn allowed() -> Vec<String> {
    let text = read("deny.toml");
    let list = text.split("allow = [").nth(1).expect("the list");
    let list = list.split(']').next().expect("its end");
    let quoted = list.split('"').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

/// Whether one of the licences to choose from is allowed; `AND` binds closer than `OR`, as SPDX says, and parentheses stand around whole
/// parts only.
fn may_be_used(expression: &str, allowed: &[String]) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    let is_allowed = |one: &str| allowed.iter().any(|licence| licence == one.trim());
    // `A AND (B OR C)` read without its parentheses must be strict, so each part of an `AND` is asked by itself.
    match expression.contains('(') && plain.contains(" AND ") {
        true => plain
            .split(" AND ")
            .all(|part| part.split(" OR ").any(is_allowed)),
        false => plain
            .split(" OR ")
            .any(|part| part.split(" AND ").all(is_allowed)),
    }
}

#[test]
fn every_dependency_may_be_used() {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let asked = Command::new(cargo)
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .current_dir(at("."))
        .output();
    let metadata = asked.expect("cargo runs");
    assert!(
        metadata.status.success(),
        "{}",
        String::from_utf8_lossy(&metadata.stderr)
    );
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let allowed = allowed();
    let mut refused = Vec::new();
    for package in packages {
        let name = package["id"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        if !may_be_used(licence, &allowed) {
            refused.push(format!("{name}: licence {licence}"));
        }
        let source = package["source"].as_str();
        if source.is_some_and(|source| {
            !source.starts_with("registry+https://github.com/rust-lang/crates.io-index")
        }) {
            refused.push(format!("{name}: from elsewhere"));
        }
    }
    assert!(packages.len() > 100, "the rule sees the dependencies");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn licences_are_read_as_spdx_says() {
    let allowed = ["MIT".to_owned(), "Apache-2.0".to_owned()];
    for (expression, expected) in [
        ("MIT", true),
        ("MIT OR GPL-3.0", true),
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND Apache-2.0", true),
        ("(MIT OR GPL-3.0) AND GPL-2.0", false),
        ("GPL-3.0", false),
        ("", false),
    ] {
        assert_eq!(may_be_used(expression, &allowed), expected, "{expression}");
    }
}
