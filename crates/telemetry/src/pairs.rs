//! `key=value` lines: quoted or not, with blanks between them or joined by mistake.

use std::borrow::Cow;

use memchr::{memchr, memchr2};

/// Walks over the pairs of a line. What is no pair is stepped over.
#[derive(Clone, Debug)]
pub(crate) struct Pairs<'a> {
    rest: &'a str,
}

/// The pairs of `text`. A value ends at its closing quote (`"` or `'`) or at the next blank; SonicWall joins the next key to a quote without one.
pub(crate) fn pairs(text: &str) -> Pairs<'_> {
    Pairs { rest: text }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        loop {
            let equals = memchr(b'=', self.rest.as_bytes())?;
            let before = &self.rest.as_bytes()[..equals];
            let start = (before.iter())
                .rposition(|byte| !is_key(*byte))
                .map_or(0, |at| at + 1);
            let key = self.rest.get(start..equals)?;
            let after = self.rest.get(equals + 1..)?;
            let (value, rest) = value(after);
            self.rest = rest;
            if !key.is_empty() {
                return Some((key, value));
            }
        }
    }
}

const fn is_key(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/')
}

/// A value and what follows it. A quote that is never closed reaches to the end of the line.
fn value(text: &str) -> (&str, &str) {
    let quote = match text.as_bytes().first() {
        Some(quote @ (b'"' | b'\'')) => *quote,
        _ => {
            let end = memchr2(b' ', b'\t', text.as_bytes()).unwrap_or(text.len());
            return text.split_at(end);
        }
    };
    let mut at = 1;
    loop {
        match text
            .as_bytes()
            .get(at..)
            .and_then(|rest| memchr2(quote, b'\\', rest))
        {
            None => return (&text[1..], ""),
            Some(found) if text.as_bytes()[at + found] == quote => {
                let end = at + found;
                return (&text[1..end], &text[end + 1..]);
            }
            // A backslash hides a quote only; Windows paths that end with one are left alone by the vendors.
            Some(found) => at += found + 2,
        }
    }
}

/// A value that stands for something; vendors write `N/A`, `-` or nothing when there is nothing to tell.
pub(crate) fn told(value: &str) -> Option<&str> {
    let value = value.trim();
    (!matches!(
        value,
        "" | "-" | "N/A" | "n/a" | "NA" | "null" | "none" | "unknown"
    ))
    .then_some(value)
}

/// The value without the backslashes before quotes.
pub(crate) fn unquoted(value: &str) -> Cow<'_, str> {
    match value.contains("\\\"") {
        true => Cow::Owned(value.replace("\\\"", "\"")),
        false => Cow::Borrowed(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_read_however_they_are_joined() {
        let read = |text: &'static str| pairs(text).collect::<Vec<_>>();
        assert_eq!(
            read(r#"<134>date=2026-06-01 msg="a \"b\" c=d" n=1"#),
            [
                ("date", "2026-06-01"),
                ("msg", r#"a \"b\" c=d"#),
                ("n", "1")
            ]
        );
        assert_eq!(
            read(r#"msg="Connection Closed"n=3 user='' "#),
            [("msg", "Connection Closed"), ("n", "3"), ("user", "")]
        );
        assert_eq!(
            read(r#"a= b="never closed"#),
            [("a", ""), ("b", "never closed")]
        );
        assert_eq!(read(r#"a="\"#), [("a", "\\")]);
        assert_eq!(read("no pairs here"), []);
        assert_eq!(read("あ=い x=う"), [("x", "う")]);
    }
}
