//! The manual's chapter 「募集要項から事業をつくる」: its example passes, its tables name every key, and each mistake it
//! lists gives the message it prints.

use std::collections::BTreeSet;

use serde_json::Value;
use sonae_core::program::load::load;
use sonae_core::program::mail::PLACEHOLDERS;
use sonae_core::program::schema::schemas;

use super::{files, program, read};

const CHAPTER: &str = "docs/manual/programme-from-guidelines.md";
const EXAMPLE: &str = "docs/manual/example-programme/aozora-r8-first-step";

#[test]
fn the_example_is_sound() {
    assert_eq!(program(EXAMPLE).id(), "aozora-r8-first-step");
}

fn properties(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::Object(properties)) = fields.get("properties") {
                found.extend(properties.keys().cloned());
            }
            fields.values().for_each(|value| properties(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| properties(value, found)),
        _ => {}
    }
}

#[test]
fn the_chapter_names_every_key_and_placeholder() {
    let mut keys = BTreeSet::new();
    for schema in schemas() {
        properties(&serde_json::from_str(&schema.text).unwrap(), &mut keys);
    }
    assert!(keys.len() > 100, "{keys:?}");
    keys.extend(PLACEHOLDERS.map(|placeholder| placeholder.name.to_owned()));
    let chapter = read(CHAPTER);
    let words: BTreeSet<&str> = chapter
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .collect();
    keys.retain(|key| !words.contains(key.as_str()));
    assert!(keys.is_empty(), "not in the chapter: {keys:?}");
}

/// One change to the example gives a message that the chapter prints.
fn check(file: &str, from: &str, to: &str) {
    let mut files = files(EXAMPLE);
    let changed = files.iter_mut().find(|other| other.name == file).unwrap();
    assert!(changed.text.contains(from), "{file} has no {from}");
    changed.text = changed.text.replacen(from, to, 1);
    let said: Vec<String> = (load(&files).err().unwrap_or_default().iter())
        .map(|message| format!("{}{}", message.what, message.hint))
        .collect();
    let chapter = read(CHAPTER);
    assert!(
        said.iter().any(|said| chapter.contains(said)),
        "not in the chapter: {from} → {to}\n{}",
        said.join("\n")
    );
}

#[test]
fn common_mistakes_are_told_as_printed() {
    let place = r#"{ place = { prefectures = ["20"] } },"#;
    let both = format!("{place} {}", place.replace("20", "13"));
    for (file, from, to) in [
        ("program.toml", "short_title = \"は", "shorttitle = \"は"),
        (
            "program.toml",
            "receipt_prefix = \"AH\"",
            "receipt_prefix = \"AZ\"",
        ),
        ("program.toml", "fiscal_year = 2026", "fiscal_year = 2025"),
        (
            "program.toml",
            "closes = \"2026-07-31\"",
            "closes = 2026-07-31",
        ),
        (
            "program.toml",
            "closes = \"2026-07-31\"",
            "closes = \"2026-05-31\"",
        ),
        (
            "program.toml",
            "courses = [\"visit\"]",
            "courses = [\"visits\"]",
        ),
        ("eligibility.toml", "clause = \"第2(1)\"", "clause = \"\""),
        ("eligibility.toml", "extra.in_city", "extra.in_town"),
        ("eligibility.toml", place, &both),
        (
            "form.toml",
            "name = \"past_support\"",
            "name = \"survey_agreed\"",
        ),
        (
            "flow.toml",
            "after = [\"approval\"]",
            "after = [\"visits\"]",
        ),
        ("flow.toml", "reaches = \"confirmed\"\n", ""),
        (
            "flow.toml",
            "owner = \"sponsor\"",
            "owner = \"secretariat\"",
        ),
        ("flow.toml", "mail_when_done = [\"confirmed\"]\n", ""),
        ("mail.toml", "{{ applicant_name }}", "{{ company_name }}"),
        ("support.toml", "number = 2", "number = 3"),
    ] {
        check(file, from, to);
    }
}
