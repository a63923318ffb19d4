//! `/openapi.json` is true: it names every route and method, and real answers have exactly the fields it says.

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};
use sonae::api::paths;

use crate::office::{OPEN_R6, Office, R6, Reply, complete};

/// Says what of `value` does not fit `schema`. Knows the words that schemars writes; an unknown one is a failure, not a pass.
pub(crate) fn misfit(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let words = schema.as_object()?;
    for (word, wanted) in words {
        let fits = match word.as_str() {
            "$ref" => {
                let pointer = wanted.as_str()?.trim_start_matches('#');
                let target = document.pointer(pointer).expect("a schema of the document");
                match misfit(document, target, value, at) {
                    Some(misfit) => return Some(misfit),
                    None => true,
                }
            }
            "type" => types(wanted).iter().any(|kind| is(kind, value)),
            "enum" => wanted.as_array()?.contains(value),
            "const" => wanted == value,
            "anyOf" | "oneOf" => {
                (wanted.as_array()?.iter()).any(|one| misfit(document, one, value, at).is_none())
            }
            "required" => (wanted.as_array()?.iter())
                .all(|key| value.get(key.as_str().unwrap_or_default()).is_some()),
            "properties" => {
                for (key, part) in value.as_object().into_iter().flatten() {
                    let at = format!("{at}.{key}");
                    let Some(schema) = wanted.get(key) else {
                        return Some(format!("{at} is not described"));
                    };
                    if let Some(misfit) = misfit(document, schema, part, &at) {
                        return Some(misfit);
                    }
                }
                true
            }
            "items" => (value.as_array().into_iter().flatten())
                .all(|item| misfit(document, wanted, item, at).is_none()),
            "pattern" => wanted == "^[0-9a-f]{64}$" && value.as_str()?.len() == 64,
            "minimum" => value.as_f64()? >= wanted.as_f64()?,
            "maximum" => value.as_f64()? <= wanted.as_f64()?,
            "description"
            | "title"
            | "format"
            | "examples"
            | "default"
            | "additionalProperties" => true,
            unknown => return Some(format!("the test does not know the word {unknown}")),
        };
        if !fits {
            return Some(format!("{at}: {value} is not {word} {wanted}"));
        }
    }
    None
}

fn types(wanted: &Value) -> Vec<&str> {
    match wanted {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

#[tokio::test]
async fn every_route_and_method_is_described_and_nothing_else() {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let document = office.get("/openapi.json").await.json();
    let described = document["paths"].as_object().expect("paths");
    let routes = paths();
    let unknown: Vec<_> = described
        .keys()
        .filter(|path| !routes.contains(&path.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    for path in routes {
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ] {
            let real = path.replace("{id}", R6).replace("{receipt_number}", "x");
            let request = Request::builder()
                .method(&method)
                .uri(real)
                .body(Body::empty());
            let reply = office.send(request.expect("a request")).await;
            let word = method.as_str().to_lowercase();
            let is_described = described
                .get(path)
                .is_some_and(|entry| entry.get(&word).is_some());
            assert_eq!(is_described, reply.status != 405, "{method} {path}");
        }
    }
}

/// Compares an answer with what the document says of its status and content type.
pub(crate) fn check(document: &Value, path: &str, method: &str, reply: &Reply) {
    let answer = &document["paths"][path][method]["responses"][reply.status.as_str()];
    let kind = reply
        .header("content-type")
        .split(';')
        .next()
        .unwrap_or_default();
    let schema = &answer["content"][kind]["schema"];
    let name = format!("{method} {path} {} {kind}", reply.status);
    assert!(
        schema.is_object(),
        "{name} is not described: {}",
        reply.text
    );
    if kind.ends_with("json") {
        assert_eq!(misfit(document, schema, &reply.json(), ""), None, "{name}");
    }
}

const APPLY: &str = "/api/v1/programs/{id}/applications";
const JUDGE: &str = "/api/v1/programs/{id}/eligibility";

fn elsewhere() -> String {
    let mut body = complete(R6);
    body["prefecture"] = json!("14");
    body.to_string()
}

#[tokio::test]
async fn answers_to_what_is_sent_are_as_described() {
    let office = Office::open(OPEN_R6);
    let document = office.get("/openapi.json").await.json();
    let deep = "[".repeat(70_000);
    for (program, key, body, status) in [
        (R6, "k1", complete(R6).to_string(), 201),
        (R6, "k1", complete(R6).to_string(), 200),
        (R6, "k1", elsewhere(), 422),
        (R6, "k2", "{}".to_owned(), 422),
        (R6, "", "{}".to_owned(), 400),
        ("none", "k3", "{}".to_owned(), 404),
        (R6, "k4", deep, 413),
    ] {
        let reply = office.apply(program, key, body).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
        check(&document, APPLY, "post", &reply);
    }
    let judge = JUDGE.replace("{id}", R6);
    for (body, status) in [("{}", 200), (&*elsewhere(), 200), ("", 400), ("[]", 422)] {
        let reply = office.post(&judge, body.to_owned()).await;
        assert_eq!(reply.status.as_u16(), status, "{}", reply.text);
        check(&document, JUDGE, "post", &reply);
    }
    let closed = office.reopen("2025-01-06T09:00:00+09:00");
    let reply = closed.apply(R6, "k5", complete(R6).to_string()).await;
    assert_eq!(reply.status, 409);
    check(&document, APPLY, "post", &reply);
}

#[tokio::test]
async fn answers_to_reading_are_as_described() {
    let office = Office::open(OPEN_R6);
    let document = office.get("/openapi.json").await.json();
    let receipt = office
        .apply(R6, "k1", complete(R6).to_string())
        .await
        .json();
    let number = receipt["receipt_number"].as_str().expect("a number");
    for path in paths() {
        let operation = &document["paths"][path]["get"];
        // What needs a token is walked in `api/office.rs`.
        if operation.is_null() || operation.get("security").is_some() {
            continue;
        }
        let real = path.replace("{id}", R6).replace("{receipt_number}", number);
        let reply = office.get(&real).await;
        assert_eq!(reply.status, 200, "{path} {}", reply.text);
        check(&document, path, "get", &reply);
        let wrong = path
            .replace("{id}", "none")
            .replace("{receipt_number}", "x");
        if wrong != path {
            let reply = office.get(&wrong).await;
            assert_eq!(reply.status, 404, "{path}");
            check(&document, path, "get", &reply);
        }
    }
}

#[tokio::test]
async fn the_example_is_a_good_application_and_the_check_can_fail() {
    let office = Office::open(OPEN_R6);
    let document = office.get("/openapi.json").await.json();
    let receipt = json!({ "$ref": "#/components/schemas/Receipt" });
    assert!(misfit(&document, &receipt, &json!({ "receipt_number": "x" }), "").is_some());
    let body = &document["paths"][APPLY]["post"]["requestBody"]["content"]["application/json"];
    let (schema, example) = (&body["schema"], &body["example"]);
    assert_eq!(misfit(&document, schema, example, ""), None);
    let reply = office.apply(R6, "example", example.to_string()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
}
