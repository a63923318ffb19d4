//! A posted form: names and values as a browser sends them.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;

/// The largest body a form may have. The longest screen, filled to its limits, needs about a quarter of it.
pub(in crate::pages) const LARGEST_BODY: usize = 64 * 1024;
/// The most controls that are looked at; the longest screen has about a hundred.
const MOST_CONTROLS: usize = 500;
/// What is kept of a single value, in characters. Twice the longest text that any answer takes, so that a text that is too long can
/// still be shown to whoever typed it.
const LONGEST_VALUE: usize = 4_000;

/// Names and values in the order of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::pages) struct Posted(Vec<(String, String)>);

impl Posted {
    /// Reads a body of `application/x-www-form-urlencoded`. Anything can be read as that; what has no meaning is passed over later.
    ///
    /// # Errors
    /// The status for a body that is too large or that broke off.
    pub(in crate::pages) fn read(
        body: Result<Bytes, BytesRejection>,
    ) -> Result<Posted, StatusCode> {
        Ok(Posted::parse(&body.map_err(|error| error.status())?))
    }

    /// What a form of the office sent, which its door has bounded.
    pub(in crate::pages) fn new(fields: &[(String, String)]) -> Posted {
        Posted(fields.to_vec())
    }

    /// The same for a query, which the server has already bounded.
    pub(in crate::pages) fn parse(bytes: &[u8]) -> Posted {
        let pairs = form_urlencoded::parse(bytes).take(MOST_CONTROLS);
        let cut = |value: std::borrow::Cow<'_, str>| value.chars().take(LONGEST_VALUE).collect();
        Posted(
            pairs
                .map(|(name, value)| (name.into_owned(), cut(value)))
                .collect(),
        )
    }

    /// The first value of a name; empty when it was not sent.
    pub(in crate::pages) fn first<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    /// Every value of a name, in the order of the page.
    pub(in crate::pages) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let pairs = self.0.iter().filter(move |(key, _)| key == name);
        pairs.map(|(_, value)| value.as_str())
    }

    pub(in crate::pages) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_can_be_read_and_are_bounded() {
        let posted = Posted::parse(b"a=1&a=%E5%82%99&b&%ff=%ff&&=");
        assert_eq!(posted.all("a").collect::<Vec<_>>(), ["1", "備"]);
        assert_eq!(posted.first("missing"), "");
        assert!(posted.has("b") && !posted.has("c"));
        let long = format!("a={}", "x".repeat(LONGEST_VALUE + 1));
        assert_eq!(
            Posted::parse(long.as_bytes()).first("a").len(),
            LONGEST_VALUE
        );
        let many = "a=1&".repeat(MOST_CONTROLS + 1);
        assert_eq!(
            Posted::parse(many.as_bytes()).all("a").count(),
            MOST_CONTROLS
        );
    }
}
