//! Who this office's mails come from.

use lettre::Address;
use lettre::message::Mailbox;

use crate::config::ServeArgs;
use crate::error::CommandError;

/// Without `--mail-from`: an address that belongs to nobody (RFC 6761 keeps `example` names free).
const DEFAULT_SENDER: &str = "noreply@office.example.jp";

/// The sender's address, with a name of its own when one was given.
#[derive(Clone, Debug)]
pub struct Sender(Mailbox);

impl Sender {
    /// The address of `--mail-from`.
    ///
    /// # Errors
    /// It is no address.
    pub fn of_config(config: &ServeArgs) -> Result<Sender, CommandError> {
        Sender::read(config.mail_from.as_deref().unwrap_or(DEFAULT_SENDER))
    }

    /// Reads `noreply@office.example.jp` or `事務局 <noreply@office.example.jp>`.
    ///
    /// # Errors
    /// It is no address.
    pub(super) fn read(text: &str) -> Result<Sender, CommandError> {
        let refuse = |reason: &str| {
            CommandError::new(
                format!("差出人のメールアドレス「{text}」が使えません。"),
                format!(
                    "--mail-from には noreply@office.example.jp の形で書いてください。 [{reason}]"
                ),
            )
        };
        if text.chars().any(char::is_control) {
            return Err(refuse("control character"));
        }
        let mailbox: Mailbox = text
            .trim()
            .parse()
            .map_err(|error: lettre::address::AddressError| refuse(&error.to_string()))?;
        if !AsRef::<str>::as_ref(&mailbox.email).is_ascii() {
            return Err(refuse("not ASCII"));
        }
        Ok(Sender(mailbox))
    }

    /// What the server is told as the sender; bounces come back there.
    pub fn address(&self) -> &Address {
        &self.0.email
    }

    /// As the header shows it: under its own name, or under the name of the programme's office.
    pub(super) fn named(&self, office: &str) -> Mailbox {
        let name = self.0.name.clone().unwrap_or_else(|| office.to_owned());
        Mailbox::new(Some(name), self.0.email.clone())
    }
}
