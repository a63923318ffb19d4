//! A JSON body: bounded, strict, and with a clear sentence when it cannot be read.

use std::cell::RefCell;
use std::fmt;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use sonae_core::application::read::FieldError;

use super::problem::{Kind, Problem};

/// The largest body, in bytes. Complete answers take about two thousand.
pub const LARGEST_BODY: usize = 64 * 1024;

/// The largest body of an address that takes another size, in bytes. It is what the sender is told; the router's limit enforces it.
#[derive(Clone, Copy, Debug)]
pub struct LargestBody(pub usize);

/// The longest repeated key that is shown to the sender, in characters.
const SHOWN_KEY: usize = 60;

/// The body of a request as JSON.
pub struct JsonBody(pub Value);

impl<S: Send + Sync> FromRequest<S> for JsonBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<JsonBody, Problem> {
        if !is_json(&request) {
            return Err(Problem::new(
                Kind::UnsupportedMediaType,
                "Content-Type を application/json にして、JSON(UTF-8)で送ってください。",
            ));
        }
        let largest = request.extensions().get::<LargestBody>();
        let largest = largest.map_or(LARGEST_BODY, |largest| largest.0);
        // The router's limit stops longer bodies while they are read.
        let bytes =
            Bytes::from_request(request, state)
                .await
                .map_err(|rejection| match rejection.into_response().status() {
                    StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                        Kind::TooLarge,
                        format!(
                            "送れる大きさは{}キロバイトまでです。内容を減らして送ってください。",
                            largest / 1024
                        ),
                    ),
                    _ => Problem::new(
                        Kind::Malformed,
                        "本文を最後まで受け取れませんでした。もう一度送ってください。",
                    ),
                })?;
        parse(&bytes).map(JsonBody)
    }
}

fn is_json(request: &Request) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    content_type
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|essence| essence.trim().to_ascii_lowercase())
        .is_some_and(|essence| {
            essence == "application/json"
                || (essence.starts_with("application/") && essence.ends_with("+json"))
        })
}

/// Reads one JSON value (RFC 8259). A byte order mark before it is passed over, as the RFC allows.
fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let place = error.valid_up_to();
        Problem::new(
            Kind::Malformed,
            format!(
                "文字コードがUTF-8ではありません({place}バイト目の次)。UTF-8で送ってください。"
            ),
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let repeated = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict(&repeated)
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| malformed(&error, text))?;
    match repeated.into_inner() {
        None => Ok(value),
        Some(key) => Err(repeated_key(&key)),
    }
}

fn malformed(error: &serde_json::Error, text: &str) -> Problem {
    if text.trim().is_empty() {
        return Problem::new(
            Kind::Malformed,
            "本文が空です。回答をJSONのオブジェクトにして送ってください。",
        );
    }
    let (line, column) = (error.line(), error.column());
    let reason = error.to_string();
    let why = if reason.starts_with("recursion limit") {
        "入れ子が深すぎます。"
    } else if reason.starts_with("number out of range") {
        "数が大きすぎます。"
    } else if reason.starts_with("trailing characters") {
        "JSONの値の後ろに余分な文字があります。"
    } else if error.is_eof() {
        "JSONが途中で終わっています。"
    } else {
        "JSONとして読めません。"
    };
    Problem::new(
        Kind::Malformed,
        format!("{why}{line}行目の{column}バイト目のあたりを確かめてください。"),
    )
}

/// Which of two values counts is for the sender to say.
fn repeated_key(key: &str) -> Problem {
    let shown: String = (key.chars())
        .filter(|c| !c.is_control())
        .take(SHOWN_KEY)
        .collect();
    Problem::invalid(vec![FieldError {
        message: format!("「{shown}」という項目が2回あります。1回だけ送ってください。"),
        field: shown,
        code: "duplicate_key",
    }])
}

/// Reads any JSON and notes the first key that an object repeats, which the library alone would pass over.
#[derive(Clone, Copy)]
struct Strict<'a>(&'a RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element_seed(self)? {
            list.push(value);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(self)?;
            if map.contains_key(&key) {
                self.0.borrow_mut().get_or_insert(key);
            } else {
                map.insert(key, value);
            }
        }
        Ok(Value::Object(map))
    }
}
