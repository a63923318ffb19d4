//! The programmes that tests judge under, and answers built from text.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};
use sonae_core::application::answers::Answers;
use sonae_core::application::read::{Mode, read};
use sonae_core::program::Program;
use sonae_core::program::load::{FILES, SourceFile, load};

/// The names of the programmes: the two of Tokyo, and one with everything that they leave off.
pub(crate) const NAMES: [&str; 3] = ["r6", "r7", "switches"];

/// One of [`NAMES`]. The revision is made even, so that snapshots do not change with every edit of a text.
pub(crate) fn program(name: &str) -> Program {
    let definition = match name {
        "r6" => load_tokyo("tokyo-r6-basic-measures").definition,
        "r7" => load_tokyo("tokyo-r7-incident-response").definition,
        _ => toml::from_str(include_str!("../data/sample-switches.toml"))
            .unwrap_or_else(|error| panic!("{name}: {error}")),
    };
    Program {
        revision: "0".repeat(64),
        definition,
        files: Vec::new(),
    }
}

fn load_tokyo(id: &str) -> Program {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../programs");
    let files = FILES.map(|name| SourceFile {
        path: name.to_owned(),
        name: name.to_owned(),
        text: fs::read_to_string(folder.join(id).join(name)).expect("the programme is there"),
    });
    load(&files).unwrap_or_else(|messages| panic!("{messages:?}"))
}

/// An application that meets every rule of the programme: the base that the table of bad input starts from.
pub(crate) fn complete(name: &str) -> Map<String, Value> {
    let table: Value = serde_json::from_str(include_str!("../data/bad-input.json")).expect("JSON");
    let id = match name {
        "r6" => "tokyo-r6-basic-measures",
        _ => "tokyo-r7-incident-response",
    };
    let Value::Object(mut body) = table["bases"][id].clone() else {
        panic!("no base for {id}");
    };
    if name == "switches" {
        let extra =
            r#"{ "deemed_large": false, "devices": 12, "vpn": false, "contact_by": "mail" }"#;
        set(&mut body, "extra", serde_json::from_str(extra).ok());
        set(
            &mut body,
            "pledges",
            serde_json::from_str(r#"["a", "b"]"#).ok(),
        );
    }
    body
}

/// Answers that must be readable.
pub(crate) fn answers(program: &Program, body: Map<String, Value>) -> Answers {
    let body = Value::Object(body);
    read(program, &body, Mode::Partial).unwrap_or_else(|errors| panic!("{body}: {errors:#?}"))
}

/// Sets a dotted name to a value, or removes it when there is none.
pub(crate) fn set(body: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some((outer, inner)) = name.split_once('.') {
        let outer = body
            .entry(outer)
            .or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(outer) = outer else {
            panic!("{name} is not inside an object");
        };
        return set(outer, inner, value);
    }
    match value {
        Some(value) => body.insert(name.to_owned(), value),
        None => body.remove(name),
    };
}
