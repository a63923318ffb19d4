//! Another sending of a kept mail: the same text word for word, as a mail of its own.
//!
//! Its id, its Message-ID and its date are new, because receiving servers drop a second mail under the same Message-ID. `Resent-`
//! fields (RFC 5322 section 3.6.6) are for people who pass on somebody else's mail and are not used.

use jiff::Timestamp;
use lettre::message::header::{Date, Headers};
use sonae_store::outbox::Mail;

use super::message::{Letter, WriteError, address, id_of, system_time};

/// The name under which the copy's id is made, so that it differs from the first mail's.
const COPY: &str = "copy";

/// Writes the copy of `first` to `recipient`.
///
/// # Errors
/// The recipient's address cannot be used.
pub(super) fn copy(first: &Mail, recipient: &str, at: Timestamp) -> Result<Mail, WriteError> {
    address(recipient).ok_or(WriteError::Recipient)?;
    let letter = Letter {
        mail: COPY,
        about: &first.id,
        recipient,
        at,
        reply_to: None,
    };
    let id = id_of(&letter);
    let domain = first.message_id.trim_end_matches('>').rsplit('@').next();
    let message_id = format!("<{id}@{}>", domain.unwrap_or_default());
    let mut date = Headers::new();
    date.set(Date::new(system_time(at)));
    let new = [
        ("message-id", format!("Message-ID: {message_id}\r\n")),
        ("date", date.to_string()),
        ("to", format!("To: {recipient}\r\n")),
    ];
    Ok(Mail {
        id,
        mail: first.mail.clone(),
        recipient: recipient.to_owned(),
        message_id,
        content: with_headers(&first.content, &new),
    })
}

/// Puts new lines in the place of the headers of these lower-case names. A line that begins with white space goes on with the header
/// before it (RFC 5322 section 2.2.3).
fn with_headers(content: &[u8], new: &[(&str, String)]) -> Vec<u8> {
    let blank = content.windows(4).position(|four| four == b"\r\n\r\n");
    let (head, body) = content.split_at(blank.map_or(content.len(), |at| at + 2));
    let mut written = Vec::with_capacity(content.len() + 128);
    let mut replaced = false;
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            let change =
                (new.iter()).find(|(known, _)| name.eq_ignore_ascii_case(known.as_bytes()));
            replaced = change.is_some();
            if let Some((_, line)) = change {
                written.extend_from_slice(line.as_bytes());
            }
        }
        if !replaced {
            written.extend_from_slice(line);
        }
    }
    written.extend_from_slice(body);
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::reading::read;

    #[test]
    fn a_copy_says_the_same_under_a_name_of_its_own() {
        let at: Timestamp = "2024-06-03T10:00:00+09:00".parse().expect("an instant");
        let first = Mail {
            id: "a".into(),
            mail: "declined".into(),
            recipient: "old@example.jp".into(),
            message_id: "<a@office.example.jp>".into(),
            content: b"From: o@office.example.jp\r\nTo: old@example.jp\r\nSubject: =?utf-8?b?44GC?=\r\n =?utf-8?b?44GE?=\r\n\
                Message-ID:\r\n <a@office.example.jp>\r\nDate: Thu, 30 May 2024 00:00:00 +0000\r\n\r\nTo: x\r\nRGF0ZTo=\r\n"
                .to_vec(),
        };
        let copy = copy(&first, "new@example.jp", at).expect("written");
        let text = String::from_utf8(copy.content.clone()).expect("ASCII");
        assert!(
            text.ends_with("\r\n\r\nTo: x\r\nRGF0ZTo=\r\n"),
            "the body stays: {text}"
        );
        let readable = read(&copy.content);
        let headers: Vec<_> = (readable.headers.iter())
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            headers,
            [
                ("From", "o@office.example.jp"),
                ("To", "new@example.jp"),
                ("Subject", "あい"),
                ("Message-ID", copy.message_id.as_str()),
                ("Date", "Mon, 03 Jun 2024 01:00:00 +0000"),
            ]
        );
        assert!(copy.message_id.ends_with("@office.example.jp>"));
        assert_ne!(copy.message_id, first.message_id);
        assert!(super::copy(&first, "a@example.jp\r\nBcc: b@example.jp", at).is_err());
    }
}
