//! JSON text, read where it stands: nothing is copied, and what nobody asks for is only stepped over.
//!
//! A line of a sensor has a hundred values of which ten are wanted, and a device that writes a number where a text was expected must not cost the line.
//! So an object is a list of its fields with their text; a value is looked into when it is asked. What is stepped over is checked for its brackets and
//! strings (a line that breaks off is seen), not for every comma.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// Deeper nesting is no log line.
const DEEPEST: u32 = 64;
/// How many fields an object is expected to have.
const FIELDS: usize = 24;

/// The text of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Value<'a>(&'a str);

/// The fields of one object in their order; a key that is written with escapes stays as it is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Object<'a> {
    pub(crate) fields: Vec<(&'a str, Value<'a>)>,
}

/// The object that the whole text is; none when it breaks off, or more follows.
pub(crate) fn object(text: &str) -> Option<Object<'_>> {
    let (object, end) = fields(text, blank(text.as_bytes(), 0))?;
    (blank(text.as_bytes(), end) == text.len()).then_some(object)
}

impl<'a> Object<'a> {
    pub(crate) fn get(&self, key: &str) -> Option<Value<'a>> {
        (self.fields.iter())
            .find(|(name, _)| *name == key)
            .map(|(_, value)| *value)
    }

    /// A text or number by its key; none when it is missing, null or empty.
    pub(crate) fn text(&self, key: &str) -> Option<Cow<'a, str>> {
        self.get(key)?.text()
    }

    /// The first of the keys that has a text.
    pub(crate) fn first(&self, keys: &[&str]) -> Option<Cow<'a, str>> {
        keys.iter().find_map(|key| self.text(key))
    }

    pub(crate) fn object(&self, key: &str) -> Option<Object<'a>> {
        self.get(key)?.object()
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }
}

impl<'a> Value<'a> {
    /// A string without its escapes, or a number or truth value as it is written; none for nothing, for `null` and for what has parts.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        match self.0.as_bytes().first()? {
            b'"' => {
                let inner = self.0.get(1..self.0.len() - 1)?;
                let text = match memchr(b'\\', inner.as_bytes()) {
                    None => Cow::Borrowed(inner),
                    Some(_) => Cow::Owned(unescaped(inner)),
                };
                (!text.is_empty()).then_some(text)
            }
            b'{' | b'[' | b'n' => None,
            _ => Some(Cow::Borrowed(self.0)),
        }
    }

    /// A whole number, written as one or as a string.
    pub(crate) fn integer<T: std::str::FromStr>(self) -> Option<T> {
        self.0.trim_matches('"').parse().ok()
    }

    pub(crate) fn object(self) -> Option<Object<'a>> {
        fields(self.0, 0).map(|(object, _)| object)
    }

    /// The elements of an array; nothing when it is none.
    pub(crate) fn items(self) -> impl Iterator<Item = Value<'a>> {
        let mut at = self.0.starts_with('[').then_some(1);
        std::iter::from_fn(move || {
            let start = blank(self.0.as_bytes(), at?);
            let end = value_end(self.0.as_bytes(), start)?;
            let value = self.0.get(start..end)?;
            let after = blank(self.0.as_bytes(), end);
            at = (self.0.as_bytes().get(after) == Some(&b',')).then_some(after + 1);
            Some(Value(value))
        })
    }
}

/// The fields of the object that begins at `at`, and where it ends.
fn fields(text: &str, at: usize) -> Option<(Object<'_>, usize)> {
    let bytes = text.as_bytes();
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    let mut fields = Vec::with_capacity(FIELDS);
    let mut at = blank(bytes, at + 1);
    if bytes.get(at) == Some(&b'}') {
        return Some((Object { fields }, at + 1));
    }
    loop {
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let quote = string_end(bytes, at + 1)?;
        let key = text.get(at + 1..quote)?;
        let colon = blank(bytes, quote + 1);
        if bytes.get(colon) != Some(&b':') {
            return None;
        }
        let start = blank(bytes, colon + 1);
        let end = value_end(bytes, start)?;
        fields.push((key, Value(text.get(start..end)?)));
        at = blank(bytes, end);
        match bytes.get(at)? {
            b',' => at = blank(bytes, at + 1),
            b'}' => return Some((Object { fields }, at + 1)),
            _ => return None,
        }
    }
}

fn blank(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Where the closing quote of a string stands whose text begins at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let found = at + memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[found] == b'"' {
            return Some(found);
        }
        at = found + 2;
    }
}

fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => Some(string_end(bytes, at + 1)? + 1),
        b'{' | b'[' => container_end(bytes, at),
        _ => {
            let length = (bytes[at..].iter())
                .take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.'))
                .count();
            (length > 0).then_some(at + length)
        }
    }
}

/// Brackets are told apart by a bit each: 1 for `{`.
fn container_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let (mut open, mut depth) = (0_u64, 0_u32);
    loop {
        match *bytes.get(at)? {
            b'"' => at = string_end(bytes, at + 1)?,
            bracket @ (b'{' | b'[') => {
                depth += 1;
                if depth > DEEPEST {
                    return None;
                }
                open = open << 1 | u64::from(bracket == b'{');
            }
            bracket @ (b'}' | b']') => {
                if (open & 1 == 1) != (bracket == b'}') {
                    return None;
                }
                open >>= 1;
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// RFC 8259, 7. An escape that is none stays as it is written.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at + 1).copied();
        let mut length = 2;
        match escape {
            Some(b'n') => out.push('\n'),
            Some(b't') => out.push('\t'),
            Some(b'r') => out.push('\r'),
            Some(b'b') => out.push('\u{8}'),
            Some(b'f') => out.push('\u{c}'),
            Some(sign @ (b'"' | b'\\' | b'/')) => out.push(char::from(sign)),
            Some(b'u') => match code(&rest[at..]) {
                Some((character, taken)) => {
                    out.push(character);
                    length = taken;
                }
                None => out.push_str("\\u"),
            },
            _ => {
                out.push('\\');
                length = 1;
            }
        }
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}

/// The character of `\u0041` or of a pair of surrogates, and how long it is written; half a pair is shown as one that cannot be shown.
fn code(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        (digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let first = unit(0)?;
    if let (0xD800..0xDC00, Some(second @ 0xDC00..0xE000)) = (first, unit(6)) {
        let joined = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return Some((char::from_u32(joined)?, 12));
    }
    Some((char::from_u32(first).unwrap_or('\u{FFFD}'), 6))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn fields_are_found_and_what_breaks_off_is_seen() {
        let text = r#" {"a":1 , "b" : {"c":["x",{"d":"}"}]},"e":"\u3042\ud83d\ude00\"","n":null,"l":[ "p" , 2 ],"z":""} "#;
        let found = object(text).expect("it is an object");
        assert_eq!(found.get("a").and_then(Value::integer::<u8>), Some(1));
        assert_eq!(found.text("e").as_deref(), Some("あ😀\""));
        assert_eq!((found.text("n"), found.text("z")), (None, None));
        let list: Vec<_> = found
            .get("l")
            .into_iter()
            .flat_map(Value::items)
            .filter_map(Value::text)
            .collect();
        assert_eq!(list, ["p", "2"]);
        for end in 2..text.trim_end().len() {
            let Some(cut) = text.get(..end) else { continue };
            assert!(object(cut).is_none(), "{cut}");
        }
        for broken in [
            "{}x",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":[}]}",
            "[]",
            "",
            "{\"a\":1,}",
            "{a:1}",
        ] {
            assert!(object(broken).is_none(), "{broken}");
        }
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(65), "]".repeat(65));
        assert!(object(&deep).is_none());
    }

    proptest! {
        #[test]
        fn it_reads_what_serde_json_writes(keys in prop::collection::vec(".{0,8}", 0..6), texts in prop::collection::vec(".{0,20}", 6)) {
            let map: serde_json::Map<String, serde_json::Value> = keys.into_iter().zip(texts).map(|(key, text)| {
                let inner = serde_json::json!({"t": text, "l": [text, {"x": text}]});
                (key, inner)
            }).collect();
            let written = serde_json::Value::Object(map.clone()).to_string();
            let found = object(&written).expect("it is an object");
            prop_assert_eq!(found.fields.len(), map.len());
            for (value, expect) in found.fields.iter().map(|(_, value)| value).zip(map.values()) {
                let inner = value.object().expect("an object");
                prop_assert_eq!(inner.text("t").unwrap_or_default(), expect["t"].as_str().unwrap_or_default());
                let first = inner.get("l").and_then(|list| list.items().next()).and_then(Value::text);
                prop_assert_eq!(first.unwrap_or_default(), expect["t"].as_str().unwrap_or_default());
            }
        }

        #[test]
        fn nothing_panics(text in ".{0,80}", quoted in r#"[{}\[\]",:\\u0-9a-f ]{0,60}"#) {
            for text in [text, quoted] {
                if let Some(found) = object(&text) {
                    for (_, value) in &found.fields {
                        drop((value.text(), value.object(), value.items().count(), value.integer::<i64>()));
                    }
                }
            }
        }
    }
}
