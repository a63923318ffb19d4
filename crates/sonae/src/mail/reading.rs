//! Reads back the mails that this program wrote, for the rehearsal's screen.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail as a person reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readable {
    /// Name and value of each header, decoded, in their order.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Readable {
    /// A header's value; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value)
    }
}

/// Reads a mail with a base64 body; what is not of our making is shown as it is.
pub fn read(content: &[u8]) -> Readable {
    let content = String::from_utf8_lossy(content);
    let (head, body) = content.split_once("\r\n\r\n").unwrap_or((&content, ""));
    let headers = head
        .replace("\r\n ", " ")
        .replace("\r\n\t", " ")
        .split("\r\n")
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), words(value)))
        .collect();
    let packed: String = body.split_ascii_whitespace().collect();
    let body = STANDARD
        .decode(packed)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .map_or_else(|| body.to_owned(), |text| text.replace("\r\n", "\n"));
    Readable { headers, body }
}

/// Decodes the encoded words of a header (RFC 2047); the space between two of them is not shown.
fn words(value: &str) -> String {
    let mut text = String::new();
    let mut after_word = false;
    for part in value.split(' ') {
        let decoded = word(part);
        let joined = after_word && decoded.is_some();
        if !text.is_empty() && !joined {
            text.push(' ');
        }
        after_word = decoded.is_some();
        text.push_str(decoded.as_deref().unwrap_or(part));
    }
    text
}

fn word(part: &str) -> Option<String> {
    let packed = part.strip_prefix("=?utf-8?b?")?.strip_suffix("?=")?;
    String::from_utf8(STANDARD.decode(packed).ok()?).ok()
}
