//! Reads a mail that came in (RFC 5322, MIME): who wrote it, what a person reads, what it answers, and whether a machine sent it.
//!
//! Nothing in it is executed, opened or fetched: HTML becomes text, attachments become a list of names and sizes.

use mail_parser::{Address, Message, MessageParser, MimeHeaders};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_core::text::invisible;
use sonae_store::inbox::{MOST_ANSWERED, Nature};

use super::returned;

/// The most characters of text that are kept beside the raw mail.
const LONGEST_TEXT: usize = 20_000;
/// Of a subject, a sender, the name of a file.
const LONGEST_LINE: usize = 300;
/// Parts of text that are put together; attachments that are listed.
const MOST_TEXTS: usize = 5;
const MOST_ATTACHMENTS: usize = 50;

/// Headers that name the address to which it came.
const RECIPIENTS: [&str; 6] = [
    "To",
    "Cc",
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
];

/// A mail as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    pub nature: Nature,
    pub sender: String,
    pub subject: String,
    pub text: String,
    pub attachments: Vec<Attachment>,
    /// With angle brackets; empty when it has none.
    pub message_id: String,
    /// SHA-256 of Message-ID and body, in hex.
    pub once: String,
    /// Message-IDs it refers to, with angle brackets, the likeliest first.
    pub answers: Vec<String>,
    /// The headers that name whom it came to, as they stand.
    pub recipients: String,
}

/// A file that came along: listed, never opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    pub bytes: usize,
}

/// Reads a mail. What is none is still shown to a person, with its bytes as text. That a copy for `proof` came back says nothing about
/// the mail itself.
pub fn read(raw: &[u8], proof: Option<&str>) -> Incoming {
    match MessageParser::default().parse(raw) {
        Some(message) => of_message(&message, raw, proof),
        None => unreadable(raw),
    }
}

/// What cannot be read as a mail.
pub fn unreadable(raw: &[u8]) -> Incoming {
    Incoming {
        nature: Nature::Ordinary,
        sender: String::new(),
        subject: String::new(),
        text: lines(&String::from_utf8_lossy(
            &raw[..raw.len().min(LONGEST_TEXT)],
        )),
        attachments: Vec::new(),
        message_id: String::new(),
        once: hex(&Sha256::digest(raw)),
        answers: Vec::new(),
        recipients: String::new(),
    }
}

fn of_message(message: &Message<'_>, raw: &[u8], proof: Option<&str>) -> Incoming {
    let returned = returned::reason(message, proof);
    let mut answers = Vec::new();
    for name in ["In-Reply-To", "References"] {
        let mut ids = message_ids(message.header_raw(name).unwrap_or_default());
        // The last reference is what was answered (RFC 5322 section 3.6.4).
        ids.reverse();
        answers.append(&mut ids);
    }
    if returned.is_some() {
        // The returned mail, or its headers, stands somewhere inside.
        for part in &message.parts {
            answers.append(&mut message_ids(&String::from_utf8_lossy(part.contents())));
        }
    }
    answers.truncate(MOST_ANSWERED);
    let nature = match returned {
        Some(reason) => Nature::Returned { reason },
        None if is_automatic(message) => Nature::Automatic,
        None => Nature::Ordinary,
    };
    let message_id = message
        .message_id()
        .map_or(String::new(), |id| line(&format!("<{id}>")));
    let body_at = message.root_part().raw_body_offset() as usize;
    let mut once = Sha256::new();
    once.update(message_id.as_bytes());
    once.update(b"\n");
    once.update(raw.get(body_at..).unwrap_or_default());
    Incoming {
        nature,
        sender: sender(message),
        subject: line(message.subject().unwrap_or_default()),
        text: text(message),
        attachments: attachments(message),
        message_id,
        once: hex(&once.finalize()),
        answers,
        recipients: RECIPIENTS
            .iter()
            .filter_map(|name| message.header_raw(*name))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// A machine wrote it: RFC 3834 section 5, and what older machines say instead.
fn is_automatic(message: &Message<'_>) -> bool {
    let header = |name: &str| {
        let value = message.header_raw(name.to_owned()).unwrap_or_default();
        value.trim().to_ascii_lowercase()
    };
    let submitted = header("Auto-Submitted");
    let says_so = !submitted.is_empty() && !submitted.starts_with("no");
    let older = ["X-Autoreply", "X-Autorespond", "X-Auto-Response"];
    says_so
        || header("Precedence").starts_with("auto_reply")
        || older.iter().any(|name| !header(name).is_empty())
}

fn sender(message: &Message<'_>) -> String {
    let first = message.from().and_then(Address::first);
    let Some(first) = first else {
        return String::new();
    };
    let address = first.address.as_deref().unwrap_or_default();
    line(&match first.name.as_deref() {
        Some(name) if !name.is_empty() => format!("{name} <{address}>"),
        _ => address.to_owned(),
    })
}

fn text(message: &Message<'_>) -> String {
    let texts =
        (0..message.text_body_count().min(MOST_TEXTS)).filter_map(|at| message.body_text(at));
    lines(&texts.collect::<Vec<_>>().join("\n"))
}

fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    let parts = message.attachments().take(MOST_ATTACHMENTS);
    parts
        .map(|part| {
            let kind = part
                .content_type()
                .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()));
            let name = part.attachment_name().map(str::to_owned).or(kind);
            Attachment {
                name: line(&name.unwrap_or_default()),
                bytes: part.len(),
            }
        })
        .collect()
}

/// What stands in angle brackets and looks like a Message-ID, in the order of the text.
fn message_ids(text: &str) -> Vec<String> {
    let mut ids = Vec::new();
    for piece in text.split('<').skip(1) {
        let Some((id, _)) = piece.split_once('>') else {
            continue;
        };
        let fits = id.len() < LONGEST_LINE && id.contains('@');
        if fits && id.bytes().all(|byte| byte.is_ascii_graphic()) {
            ids.push(format!("<{id}>"));
        }
        if ids.len() == MOST_ANSWERED {
            break;
        }
    }
    ids
}

/// One line without what cannot be seen, bounded.
fn line(text: &str) -> String {
    invisible::strip(text)
        .trim()
        .chars()
        .take(LONGEST_LINE)
        .collect()
}

/// Lines without what cannot be seen, bounded.
fn lines(text: &str) -> String {
    let seen = text
        .chars()
        .filter(|c| *c == '\n' || *c == '\t' || !invisible::is_invisible(*c));
    seen.take(LONGEST_TEXT)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

#[cfg(test)]
mod tests;
