//! The heads of CEF and LEEF: fields between bars, in which `\|` is a bar.

use std::borrow::Cow;

/// The next field and what follows its bar; none when there is no bar left.
pub(super) fn field(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'|', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'|' {
            break;
        }
        at += 2;
    }
    let field = match text[..at].contains('\\') {
        true => Cow::Owned(text[..at].replace("\\|", "|").replace("\\\\", "\\")),
        false => Cow::Borrowed(&text[..at]),
    };
    Some((field, &text[at + 1..]))
}
