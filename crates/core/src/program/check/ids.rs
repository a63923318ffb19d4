//! Ids: well formed, and each once in its list.

use serde_json::Value;

use super::Findings;
use super::walk::walk;
use crate::program::Definition;

/// Long enough for any name, short enough for an address and a column.
const LONGEST: usize = 40;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let program = &definition.program.id;
    if !program.starts_with(|c: char| c.is_ascii_lowercase()) || !of(program, '-') {
        found.add(
            "program.toml",
            "id",
            format!("id「{program}」に使えない文字があるか、長すぎます。"),
            format!("英小文字で始め、英小文字、数字、- だけで{LONGEST}文字までにします。"),
        );
    }
    walk(definition, |file, path, value| match value {
        Value::Array(list) => unique(file, path, list, found),
        Value::Object(map) if !path.is_empty() => {
            for key in ["id", "value"] {
                if let Some(id) = map.get(key).and_then(Value::as_str) {
                    well_formed(file, &format!("{path}.{key}"), id, found);
                }
            }
        }
        _ => {}
    });
}

fn well_formed(file: &'static str, at: &str, id: &str, found: &mut Findings) {
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !of(id, '_') {
        found.add(
            file,
            at,
            format!("id「{id}」に使えない文字があるか、長すぎます。"),
            format!("英小文字で始め、英小文字、数字、_ だけで{LONGEST}文字までにします。"),
        );
    }
}

fn of(id: &str, mark: char) -> bool {
    id.len() <= LONGEST
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == mark)
}

fn unique(file: &'static str, path: &str, list: &[Value], found: &mut Findings) {
    for key in ["id", "value"] {
        let ids: Vec<&str> = list
            .iter()
            .filter_map(|item| item.get(key).and_then(Value::as_str))
            .collect();
        for (index, id) in ids.iter().enumerate() {
            if ids[..index].contains(id) {
                found.add(
                    file,
                    format!("{path}.{index}.{key}"),
                    format!("「{id}」が同じ並びに2つあります。"),
                    "idは1つの並びの中で1度だけ使えます。どちらかを別の名前にしてください。",
                );
            }
        }
    }
    let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    for (index, word) in words.iter().enumerate() {
        if words[..index].contains(word) {
            found.add(
                file,
                format!("{path}.{index}"),
                format!(
                    "「{}」が2度書かれています。",
                    word.chars().take(40).collect::<String>()
                ),
                "1つにしてください。",
            );
        }
    }
}
