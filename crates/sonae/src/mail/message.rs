//! The bytes of a mail (RFC 5322): plain text in UTF-8, base64 so that no server on the way touches it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use lettre::Address;
use lettre::message::header::{
    ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0,
};
use lettre::message::{Body, Mailbox, Message};
use sha2::{Digest, Sha256};
use sonae_core::program::program::Contact;
use sonae_store::outbox::Mail;

use super::sender::Sender;
use super::texts::Text;

/// What a mail is about and whom it goes to.
pub(super) struct Letter<'a> {
    /// Its name in the programme.
    pub(super) mail: &'a str,
    /// The id of what it is about; with the name and the instant it makes the mail's own id.
    pub(super) about: &'a str,
    pub(super) recipient: &'a str,
    pub(super) at: Timestamp,
    /// Where a reply goes when not to the programme's office.
    pub(super) reply_to: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum WriteError {
    /// The address itself is personal data and not repeated.
    #[error("the recipient's address cannot be used")]
    Recipient,
    #[error("the office's address cannot be used")]
    Office,
    #[error(transparent)]
    Message(#[from] lettre::error::Error),
}

/// Writes a mail.
///
/// # Errors
/// An address that could break out of its header, or that no server would take.
pub(super) fn write(
    sender: &Sender,
    office: &Contact,
    letter: &Letter<'_>,
    text: &Text,
) -> Result<Mail, WriteError> {
    let recipient = address(letter.recipient).ok_or(WriteError::Recipient)?;
    let reply_to = letter.reply_to.as_deref().unwrap_or(&office.email);
    let reply_to = address(reply_to).ok_or(WriteError::Office)?;
    let id = id_of(letter);
    let message_id = format!("<{id}@{}>", sender.address().domain());
    let mut message = Message::builder()
        .date(system_time(letter.at))
        .from(sender.named(&office.name))
        .to(Mailbox::new(None, recipient))
        .reply_to(Mailbox::new(None, reply_to))
        .subject(text.subject.as_str())
        .message_id(Some(message_id.clone()))
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN);
    if text.auto_reply {
        message = message.raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-replied".to_owned(),
        ));
    }
    let body = Body::new_with_encoding(text.body.clone(), ContentTransferEncoding::Base64)
        .expect("base64 can carry any text");
    let content = message.body(body)?.formatted();
    Ok(Mail {
        id,
        mail: letter.mail.to_owned(),
        recipient: letter.recipient.to_owned(),
        message_id,
        content,
    })
}

/// An address as answers hold it: the dot-atom form of RFC 5321 and nothing else.
pub(super) fn address(text: &str) -> Option<Address> {
    let normalised = sonae_core::text::email::normalise(text).ok()?;
    let (local, domain) = normalised.split_once('@')?;
    // The core's reading is stricter than the header's syntax needs; lettre's own would refuse some that exist.
    (normalised == text).then(|| Address::new_dangerous(local, domain))
}

/// The instant as the mail library wants it.
pub(super) fn system_time(at: Timestamp) -> SystemTime {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    UNIX_EPOCH + Duration::from_millis(millis)
}

/// UUID version 7 out of the instant and what the mail is about, so that the same event gives the same mail.
pub(super) fn id_of(letter: &Letter<'_>) -> String {
    let digest = Sha256::digest(format!("{}\n{}", letter.mail, letter.about));
    let mut filling = [0; 10];
    filling.copy_from_slice(&digest[..10]);
    let millis = u64::try_from(letter.at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &filling)
        .into_uuid()
        .to_string()
}
