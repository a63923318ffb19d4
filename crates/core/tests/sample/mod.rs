//! The two small programmes that tests judge under, and answers built from text.

use serde_json::{Map, Value};
use sonae_core::application::answers::Answers;
use sonae_core::application::read::{Mode, read};
use sonae_core::program::Program;

/// `r6` or `r7`.
pub(crate) fn program(name: &str) -> Program {
    let text = match name {
        "r6" => include_str!("../data/sample-r6.toml"),
        "r7" => include_str!("../data/sample-r7.toml"),
        _ => panic!("no sample programme {name}"),
    };
    Program {
        revision: "0".repeat(64),
        files: Vec::new(),
        definition: toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}")),
    }
}

/// An application that meets every rule of the sample programme.
pub(crate) fn complete(name: &str) -> Map<String, Value> {
    let text = match name {
        "r6" => {
            r#"{ "entity_kind": "corporation", "name": "株式会社サンプル", "industry": "service", "capital_yen": 10000000,
                "employees": 45, "prefecture": "13", "contact_phone": "0300000000", "contact_email": "a@sample.example.jp",
                "courses": ["utm", "guidance"], "past_support": [], "equivalent_subsidy": false, "pledges": ["a", "b"],
                "survey_agreed": true }"#
        }
        _ => {
            r#"{ "entity_kind": "corporation", "name": "株式会社サンプル", "industry": "service", "capital_yen": 10000000,
                "employees": 45, "prefecture": "13", "contact_phone": "0300000000", "contact_email": "a@sample.example.jp",
                "courses": ["csirt"], "past_support": [], "equivalent_subsidy": false, "pledges": ["a", "b"],
                "measures": { "utm_or_edr_installed": true, "two_star_level_policy": true }, "continuing_measures": true,
                "survey_agreed": true, "extra": { "deemed_large": false, "devices": 12, "vpn": false, "contact_by": "mail" } }"#
        }
    };
    serde_json::from_str(text).expect("the sample is JSON")
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
