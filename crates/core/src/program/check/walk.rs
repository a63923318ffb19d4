//! Every value of a definition with its path, for checks that hold for all items alike.

use serde_json::Value;

use crate::program::Definition;
use crate::program::load::FILES;

/// Calls `visit` with file, path and value of everything in the definition, tables and lists before their contents.
pub(super) fn walk(definition: &Definition, mut visit: impl FnMut(&'static str, &str, &Value)) {
    let all = serde_json::to_value(definition)
        .expect("a definition has string keys only, so it has a JSON form");
    for file in FILES {
        let name = file.trim_end_matches(".toml");
        if let Some(value) = all.get(name) {
            below(file, "", value, &mut visit);
        }
    }
}

fn below(
    file: &'static str,
    path: &str,
    value: &Value,
    visit: &mut impl FnMut(&'static str, &str, &Value),
) {
    visit(file, path, value);
    let inner = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                below(file, &inner(key), value, visit);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                below(file, &inner(&index.to_string()), value, visit);
            }
        }
        _ => {}
    }
}
