//! The part of an address behind the question mark: every name known, every mistake told.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde_json::Value;
use sonae_core::application::read::FieldError;

use super::problem::Problem;

/// The most parameters that are looked at.
const MOST: usize = 50;

/// The longest of the words that an address may hold, in characters.
const LONGEST_WORD: usize = 200;

/// Names and values, decoded.
pub struct Parameters(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Parameters, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
        Ok(Parameters(pairs.take(MOST).collect()))
    }
}

impl Parameters {
    /// The same from a JSON object of texts, and numbers in the fields named so, for what belongs in no address.
    ///
    /// # Errors
    /// `invalid` for anything else.
    pub fn of_body(body: &Value, numbers: &[&str]) -> Result<Parameters, Problem> {
        let wrong = |field: &str, message: &str| {
            Problem::invalid_request(vec![FieldError {
                field: field.to_owned(),
                code: "invalid",
                message: message.to_owned(),
            }])
        };
        let Value::Object(body) = body else {
            return Err(wrong("", "JSONのオブジェクトで送ってください。"));
        };
        let mut pairs = Vec::new();
        for (name, value) in body.iter().take(MOST) {
            match value {
                Value::Null => {}
                Value::Number(number) if numbers.contains(&name.as_str()) => {
                    pairs.push((name.clone(), number.to_string()));
                }
                Value::String(text) if !numbers.contains(&name.as_str()) => {
                    pairs.push((name.clone(), text.clone()));
                }
                _ if numbers.contains(&name.as_str()) => {
                    return Err(wrong(name, "数で送ってください。"));
                }
                _ => return Err(wrong(name, "文字列で送ってください。")),
            }
        }
        Ok(Parameters(pairs))
    }

    pub fn reader(&self) -> Reader<'_> {
        Reader {
            pairs: &self.0,
            known: Vec::new(),
            errors: Vec::new(),
        }
    }
}

/// Reads parameters one by one and gathers what is wrong.
pub struct Reader<'a> {
    pairs: &'a [(String, String)],
    known: Vec<&'static str>,
    errors: Vec<FieldError>,
}

impl Reader<'_> {
    /// A text of at most so many characters; none when it is missing or empty.
    pub fn text(&mut self, name: &'static str, longest: usize) -> Option<String> {
        self.known.push(name);
        let mut values = self.pairs.iter().filter(|(known, _)| known == name);
        let (_, value) = values.next()?;
        if values.next().is_some() {
            self.wrong(name, "repeated", "この項目は1つだけ送ってください。");
            return None;
        }
        if value.contains('\0') {
            self.wrong(name, "unreadable", "使えない文字(NUL)が含まれています。");
            return None;
        }
        if value.chars().nth(longest).is_some() {
            self.wrong(
                name,
                "too_long",
                &format!("{longest}文字までにしてください。"),
            );
            return None;
        }
        (!value.is_empty()).then(|| value.clone())
    }

    /// One of these words.
    pub fn one_of(&mut self, name: &'static str, words: &[&str]) -> Option<String> {
        let message = format!("{}のどれかを送ってください。", words.join("、"));
        self.parsed(name, &message, |text| {
            words.contains(&text).then(|| text.to_owned())
        })
    }

    /// `true` or `false`.
    pub fn yes_no(&mut self, name: &'static str) -> Option<bool> {
        self.parsed(name, "true か false を送ってください。", |text| {
            text.parse().ok()
        })
    }

    /// Whatever `parse` makes of it.
    pub fn parsed<T>(
        &mut self,
        name: &'static str,
        message: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let is_sent = self.pairs.iter().any(|(known, _)| known == name);
        let before = self.errors.len();
        let text = match self.text(name, LONGEST_WORD) {
            Some(text) => text,
            None if is_sent && self.errors.len() == before => {
                self.wrong(name, "invalid", message);
                return None;
            }
            None => return None,
        };
        let parsed = parse(&text);
        if parsed.is_none() {
            self.wrong(name, "invalid", message);
        }
        parsed
    }

    /// Notes a mistake.
    pub fn wrong(&mut self, name: &str, code: &'static str, message: &str) {
        self.errors.push(FieldError {
            field: name.to_owned(),
            code,
            message: message.to_owned(),
        });
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// `invalid`, with every mistake and every unknown name.
    pub fn finish(mut self) -> Result<(), Problem> {
        let known = |name: &str| self.known.contains(&name);
        let unknown: Vec<FieldError> = (self.pairs.iter())
            .filter(|(name, _)| !known(name))
            .map(|(name, _)| FieldError {
                field: name.chars().take(60).collect(),
                code: "unknown",
                message: "この項目はありません。".to_owned(),
            })
            .collect();
        self.errors.extend(unknown);
        match self.errors.is_empty() {
            true => Ok(()),
            false => Err(Problem::invalid_request(self.errors)),
        }
    }
}
