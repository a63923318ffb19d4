//! Bad input: every case of `data/bad-input.json` is an error with its field and code, and nothing ever panics.
//!
//! The same cases run over HTTP against the program. A case changes the `base` of its programme: `set` puts values, `remove`
//! takes keys away, `long` puts a text of one repeated character; or it gives the whole `body` as JSON, as `raw` text, or as
//! `nested_arrays` of that depth. Those that the body's reader refuses (400, 413) have no field; here they only must not be JSON
//! answers.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use sonae_core::application::answers::{Answers, PastSupport};
use sonae_core::application::read::{FieldError, MAX_ERRORS, Mode, read};
use sonae_core::application::show::show_all;
use sonae_core::eligibility::judge;
use sonae_core::program::Program;
use sonae_core::program::program::SupportKind;

use crate::sample;

const R6: &str = "tokyo-r6-basic-measures";
const R7: &str = "tokyo-r7-incident-response";

fn program(id: &str) -> Program {
    sample::program(if id == R6 { "r6" } else { "r7" })
}

fn table() -> Value {
    serde_json::from_str(include_str!("../data/bad-input.json")).expect("the table is JSON")
}

/// The text that is sent for a case.
fn sent(table: &Value, case: &Value) -> String {
    if let Some(raw) = case["raw"].as_str() {
        return raw.to_owned();
    }
    if let Some(depth) = case["nested_arrays"].as_u64() {
        let depth = usize::try_from(depth).expect("a small number");
        return "[".repeat(depth) + &"]".repeat(depth);
    }
    if let Some(body) = case.get("body") {
        return body.to_string();
    }
    let id = case["program"].as_str().expect("a programme");
    let mut body = table["bases"][id].clone();
    for key in case["remove"].as_array().into_iter().flatten() {
        body.as_object_mut()
            .expect("an object")
            .remove(key.as_str().expect("a key"));
    }
    for (key, value) in case["set"].as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    if let Some(field) = case["long"]["field"].as_str() {
        let length = case["long"]["length"].as_u64().expect("a length");
        let character = case["long"]["character"].as_str().expect("a character");
        body[field] = json!(character.repeat(usize::try_from(length).expect("a small number")));
    }
    body.to_string()
}

#[test]
fn every_case_is_an_error_with_its_field_and_code() {
    let table = table();
    let programs = [program(R6), program(R7)];
    let cases = table["cases"].as_array().expect("cases");
    assert!(cases.len() >= 60);
    let mut failures = String::new();
    for case in cases {
        let program = &programs[usize::from(case["program"] == R7)];
        let text = sent(&table, case);
        let parsed: Result<Value, _> = serde_json::from_str(&text);
        let failure = match (case["status"].as_u64(), parsed) {
            (Some(400), Err(_)) => None,
            (Some(413), _) => (text.len() < 2 << 20).then(|| "is not large".to_owned()),
            (Some(422), Ok(body)) => wrong(program, &body, case),
            (status, parsed) => Some(format!("{status:?} but {parsed:?}")),
        };
        if let Some(failure) = failure {
            failures.push_str(&format!("{}: {failure}\n", case["name"]));
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn wrong(program: &Program, body: &Value, case: &Value) -> Option<String> {
    let errors = match read(program, body, Mode::Complete) {
        Ok(answers) => return Some(format!("taken as {answers:?}")),
        Err(errors) => errors,
    };
    let expected = |error: &FieldError| case["field"] == error.field && case["code"] == error.code;
    let alone = errors.len() == 1 || case.get("body").is_some();
    let sentences = (errors.iter())
        .all(|error| error.message.ends_with(['。', '」']) || error.message.contains('例'));
    let found = errors.iter().any(expected);
    (!(found && alone && sentences)).then(|| format!("{errors:?}"))
}

#[test]
fn the_bases_are_complete_and_judged_eligible() {
    let table = table();
    for id in [R6, R7] {
        let program = program(id);
        let answers = read(&program, &table["bases"][id], Mode::Complete).expect("complete");
        let verdict = judge(&program, &answers);
        assert_eq!(json!(verdict.verdict), "eligible", "{verdict:#?}");
        assert!(
            show_all(&program, &answers)
                .iter()
                .any(|shown| shown.value == "1,000万円")
        );
    }
}

/// What a form sends, or a person who types as people do, is the same as the interface's own types.
#[test]
fn forgiving_input_is_the_same_as_strict_input() {
    let program = program(R6);
    let table = table();
    let strict = read(&program, &table["bases"][R6], Mode::Complete).expect("complete");
    let mut body = table["bases"][R6].clone();
    for (field, value) in [
        ("name", json!(" 株式会社サンプル\u{200B} ")),
        ("name_kana", json!("さんぷる")),
        ("capital_yen", json!("１，０００万円")),
        ("employees", json!("４５人")),
        ("postcode", json!("〒１６３－８００１")),
        ("prefecture", json!("東京都")),
        ("contact_kana", json!("みほん　はなこ")),
        ("contact_phone", json!("０３−００００−００００")),
        ("contact_email", json!("ｈａｎａｋｏ＠sample.example.jp")),
        ("courses", json!(["guidance", "utm"])),
        ("equivalent_subsidy", json!("いいえ")),
        ("pledges", json!(["g", "f", "e", "d", "c", "b", "a", "a"])),
        ("survey_agreed", json!("yes")),
        ("corporate_number", json!("")),
        ("address_line2", json!(null)),
        ("extra", json!({ "contact_by": "" })),
        ("measures", json!(null)),
    ] {
        body[field] = value;
    }
    let forgiving = read(&program, &body, Mode::Complete).unwrap_or_else(|e| panic!("{e:#?}"));
    assert_eq!(forgiving, strict);
}

#[test]
fn years_are_taken_as_people_write_them() {
    let program = program(R6);
    for (typed, year) in [
        (json!(2023), 2023),
        (json!(2023.0), 2023),
        (json!("2023"), 2023),
        (json!("２０２３年度"), 2023),
        (json!("令和5年度"), 2023),
        (json!("R5"), 2023),
        (json!("令和元年度"), 2019),
        (json!("平成３０年度"), 2018),
    ] {
        let body = json!({ "past_support": [{ "kind": "edr", "year": typed }] });
        let answers = read(&program, &body, Mode::Partial).unwrap_or_else(|e| panic!("{e:#?}"));
        let expected = PastSupport {
            kind: SupportKind::Edr,
            year,
        };
        assert_eq!(answers.past_support, Some(vec![expected]), "{body}");
    }
}

/// Whom a rule does not concern is not asked: capital and 法人番号 of a person, and disagreement is no error.
#[test]
fn what_is_not_asked_is_not_required() {
    let table = table();
    for (id, changes) in [
        (
            R6,
            json!({ "entity_kind": "sole_proprietor", "capital_yen": null }),
        ),
        (R6, json!({ "entity_kind": "other", "capital_yen": null })),
        (
            R6,
            json!({ "pledges": [], "survey_agreed": false, "equivalent_subsidy": true }),
        ),
        (R6, json!({ "prefecture": "14" })),
        (
            R7,
            json!({ "continuing_measures": false, "measures": { "utm_or_edr_installed": false, "two_star_level_policy": false } }),
        ),
    ] {
        let mut body = table["bases"][id].clone();
        for (key, value) in changes.as_object().expect("an object") {
            body[key] = value.clone();
        }
        read(&program(id), &body, Mode::Complete).unwrap_or_else(|e| panic!("{changes}: {e:#?}"));
    }
}

/// The sample's form requires the capital; only a company has one.
#[test]
fn capital_is_required_of_companies_only() {
    let program = sample::program("switches");
    for (entity, required) in [
        ("corporation", true),
        ("sole_proprietor", false),
        ("other", false),
    ] {
        let mut body = sample::complete("switches");
        sample::set(&mut body, "entity_kind", Some(json!(entity)));
        sample::set(&mut body, "capital_yen", None);
        let found = read(&program, &Value::Object(body), Mode::Complete);
        let fields = found.map_or_else(|errors| errors, |_| Vec::new());
        let fields: Vec<&str> = fields.iter().map(|error| error.field.as_str()).collect();
        let expected = if required {
            vec!["capital_yen"]
        } else {
            vec![]
        };
        assert_eq!(fields, expected, "{entity}");
    }
}

#[test]
fn nothing_is_an_answer_to_a_partial_reading() {
    let program = program(R7);
    assert_eq!(
        read(&program, &json!({}), Mode::Partial),
        Ok(Answers::default())
    );
    let one = json!({ "courses": ["csirt"] });
    assert!(read(&program, &one, Mode::Partial).is_ok());
    let both = json!({ "courses": ["csirt", "it_bcp"] });
    assert!(read(&program, &both, Mode::Partial).is_err());
}

#[test]
fn a_hostile_body_gets_a_bounded_answer() {
    let mut body = Map::new();
    for number in 0..10_000 {
        body.insert(format!("key{number}"), json!(number));
    }
    body.insert(
        "\u{202E}\u{0}".repeat(5_000) + &"長".repeat(5_000),
        json!(1),
    );
    let errors = read(&program(R6), &Value::Object(body), Mode::Complete).expect_err("wrong");
    assert_eq!(errors.len(), MAX_ERRORS);
    assert!(
        errors
            .iter()
            .all(|error| error.message.chars().count() < 300)
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        "[0-9０-９,.億万円人年度令和RH\\-−〒@ ]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("kind|year|devices|contact_by|[a-z]{1,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever arrives is answers or errors; and what was read is read again to the same answers.
    #[test]
    fn nothing_panics_and_reading_is_idempotent(
        changes in prop::collection::vec((0_usize..24, any_json()), 0..5),
        r7 in any::<bool>(),
        complete in any::<bool>(),
        whole in any_json(),
    ) {
        static PROGRAMS: std::sync::LazyLock<[Program; 2]> = std::sync::LazyLock::new(|| [program(R6), program(R7)]);
        static TABLE: std::sync::LazyLock<Value> = std::sync::LazyLock::new(table);
        let program = &PROGRAMS[usize::from(r7)];
        let mode = if complete { Mode::Complete } else { Mode::Partial };
        let _ = read(program, &whole, mode);
        let mut body = TABLE["bases"][program.id()].clone();
        let mut keys: Vec<String> = body.as_object().expect("an object").keys().cloned().collect();
        keys.extend(["measures", "extra", "corporate_number", "address_line2", "zzz", "continuing_measures"].map(str::to_owned));
        for (index, value) in changes {
            body[&keys[index % keys.len()]] = value;
        }
        match read(program, &body, mode) {
            Ok(answers) => {
                let again = serde_json::to_value(&answers).expect("answers are JSON");
                prop_assert_eq!(read(program, &again, mode), Ok(answers.clone()));
                let _ = judge(program, &answers);
                let _ = show_all(program, &answers);
            }
            Err(errors) => prop_assert!(!errors.is_empty() && errors.len() <= MAX_ERRORS),
        }
    }
}
