//! Bad input over HTTP: every case of the table is a problem with its status, field and code, and never a 500.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};

use crate::office::{OPEN_R6, Office, R6, R7, Reply, complete, table};

const OPEN_R7: &str = "2025-06-02T10:00:00+09:00";

/// The text that is sent for a case of the table; see `crates/core/tests/data/README.md`.
fn sent(case: &Value) -> String {
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
    let mut body = complete(case["program"].as_str().expect("a programme"));
    for key in case["remove"].as_array().into_iter().flatten() {
        let key = key.as_str().expect("a key");
        body.as_object_mut().expect("an object").remove(key);
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

/// Whether a reply is a whole problem with a Japanese title and sentence.
fn is_problem(reply: &Reply) -> bool {
    let problem = reply.json();
    let japanese = |key: &str| {
        let text = problem[key].as_str().unwrap_or_default();
        text.chars().any(|c| ('ぁ'..='ん').contains(&c))
    };
    reply.header("content-type") == "application/problem+json"
        && problem["status"] == reply.status.as_u16()
        && problem["type"]
            .as_str()
            .is_some_and(|urn| urn.starts_with("urn:sonae:problem:"))
        && japanese("title")
        && japanese("detail")
}

#[tokio::test]
async fn every_case_of_the_table_is_refused_with_its_field_and_code() {
    let offices = [Office::open(OPEN_R6), Office::open(OPEN_R7)];
    let table = table();
    let cases = table["cases"].as_array().expect("cases");
    assert!(cases.len() >= 60);
    let mut failures = String::new();
    for (index, case) in cases.iter().enumerate() {
        let program = case["program"].as_str().expect("a programme");
        let office = &offices[usize::from(program == R7)];
        let reply = office
            .apply(program, &format!("k{index}"), sent(case))
            .await;
        let errors = reply.json()["errors"].clone();
        let named = case["code"].is_null()
            || (errors.as_array().into_iter().flatten()).any(|error| {
                error["field"] == case["field"]
                    && error["code"] == case["code"]
                    && error["message"]
                        .as_str()
                        .is_some_and(|text| !text.is_empty())
            });
        if case["status"] != reply.status.as_u16() || !is_problem(&reply) || !named {
            failures += &format!("{}: {} {}\n", case["name"], reply.status, reply.text);
        }
    }
    assert!(failures.is_empty(), "{failures}");
    for (office, program) in offices.iter().zip([R6, R7]) {
        let program = office
            .get(&format!("/api/v1/programs/{program}"))
            .await
            .json();
        for course in program["courses"].as_array().expect("courses") {
            assert_eq!(
                (&course["places"]["taken"], &course["places"]["waiting"]),
                (&json!(0), &json!(0))
            );
        }
    }
}

/// Bodies as they arrive, beyond what a table of JSON can hold: name, content type, status, what the answer says.
const BYTES: &str = "
    BOM                  | application/json                  | 201 |
    charset              | application/json; charset=utf-8   | 201 |
    another +json        | application/ld+json               | 201 |
    64 KiB               | application/json                  | 201 |
    beyond 64 KiB        | application/json                  | 413 | 64キロバイト
    empty                | application/json                  | 400 | 本文が空です
    Shift_JIS            | application/json                  | 400 | UTF-8
    UTF-16               | application/json                  | 400 | 読めません
    gzip                 | application/json                  | 400 | UTF-8
    two values           | application/json                  | 400 | 余分な文字
    cut off              | application/json                  | 400 | 途中で終わっています
    trailing comma       | application/json                  | 400 | 読めません
    comment              | application/json                  | 400 | 1行目
    NUL                  | application/json                  | 400 | 余分な文字
    deep object          | application/json                  | 400 | 入れ子
    huge number          | application/json                  | 400 | 数が大きすぎます
    many digits          | application/json                  | 400 | 数が大きすぎます
    form                 | application/x-www-form-urlencoded | 415 | application/json
    text                 | text/plain                        | 415 | application/json
    repeated key         | application/json                  | 422 | employees
    repeated key inside  | application/json                  | 422 | duplicate_key
";

fn bytes(name: &str, good: &str) -> Vec<u8> {
    let padded = |length: usize| good.to_owned() + &" ".repeat(length - good.len());
    let text = match name {
        "BOM" => format!("\u{feff}{good}"),
        "charset" | "another +json" | "text" => good.to_owned(),
        "64 KiB" => padded(64 * 1024),
        "beyond 64 KiB" => padded(64 * 1024 + 1),
        "empty" => String::new(),
        "Shift_JIS" => return b"{\"name\": \"\x8a\x94\"}".to_vec(),
        "UTF-16" => return good.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "gzip" => return vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0],
        "two values" => format!("{good}{good}"),
        "cut off" => return good.as_bytes()[..200].to_vec(),
        "trailing comma" => good.replace("true}", "true,}"),
        "comment" => format!("// x\n{good}"),
        "NUL" => format!("{good}\0"),
        "deep object" => "{\"a\":".repeat(5_000) + "1" + &"}".repeat(5_000),
        "huge number" => "{\"employees\": 1e400}".to_owned(),
        "many digits" => format!("{{\"employees\": {}}}", "9".repeat(60_000)),
        "form" => "name=a".to_owned(),
        "repeated key" => good.replacen('{', "{\"employees\": 1,", 1),
        "repeated key inside" => "{\"measures\": {\"x\": 1, \"x\": 1}}".to_owned(),
        unknown => panic!("no such case: {unknown}"),
    };
    text.into_bytes()
}

#[tokio::test]
async fn bytes_that_are_no_good_json_get_a_clear_answer() {
    let office = Office::open(OPEN_R6);
    let good = complete(R6).to_string();
    for line in BYTES.lines().filter(|line| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [name, kind, status, says] = cells[..] else {
            panic!("four cells: {line}");
        };
        let request = Request::post(format!("/api/v1/programs/{R6}/applications"))
            .header(header::CONTENT_TYPE, kind)
            .header("Idempotency-Key", name.replace(' ', "-"))
            .body(Body::from(bytes(name, &good)));
        let reply = office.send(request.expect("a request")).await;
        assert_eq!(reply.status.as_str(), status, "{name}: {}", reply.text);
        assert!(reply.text.contains(says), "{name}: {}", reply.text);
        let fine = reply.status == 201 || is_problem(&reply);
        assert!(fine, "{name}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_partial_body_is_judged_and_a_wrong_one_refused() {
    let office = Office::open(OPEN_R6);
    let address = format!("/api/v1/programs/{R6}/eligibility");
    for (body, status, found) in [
        (json!({}), 200, "needs_judgement"),
        (complete(R6), 200, "eligible"),
        (json!({ "prefecture": "14" }), 200, "ineligible"),
        (json!({ "nmae": "x" }), 422, "unknown_field"),
        (json!([]), 422, "not_an_object"),
    ] {
        let reply = office.post(&address, body.to_string()).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
        let answer = reply.json();
        let word = if status == 200 {
            &answer["verdict"]
        } else {
            &answer["errors"][0]["code"]
        };
        assert_eq!(word, found, "{body}");
    }
    let reply = office.post("/api/v1/programs/none/eligibility", "{}").await;
    assert!(reply.status == 404 && is_problem(&reply));
}
