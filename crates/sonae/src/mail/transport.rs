//! How mails leave: to a mail server, or into a folder when there is none.

use std::path::Path;

use sonae_store::outbox::Leased;

use super::folder::Folder;
use super::proof;
use super::sender::Sender;
use super::smtp::Smtp;
use crate::config::ServeArgs;
use crate::error::CommandError;

/// Where mails go. Sending blocks, so it is done on a thread that may.
pub enum Transport {
    Smtp(Smtp),
    Folder(Folder),
}

/// Why a mail did not leave. The reasons are kept and shown to the office, so they hold no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// This mail was put off (SMTP 4xx): try again.
    Later(String),
    /// This mail was refused for good (SMTP 5xx).
    Never(String),
    /// No mail can leave at the moment, and this one was not taken.
    Closed(String),
    /// The conversation broke off: nobody knows whether this mail was taken.
    Unsure(String),
}

impl Transport {
    /// The server of `--smtp`, or the folder `mail` beside the data.
    ///
    /// # Errors
    /// The sender's address, the address for copies or the server's URL cannot be used.
    pub fn of_config(config: &ServeArgs) -> Result<Transport, CommandError> {
        let sender = Sender::of_config(config)?;
        match &config.smtp {
            Some(url) => Ok(Transport::Smtp(Smtp::new(
                url,
                &sender,
                proof::address_of_config(config)?,
            )?)),
            None => Ok(Transport::Folder(Folder::new(folder_of(&config.data.data)))),
        }
    }

    /// Whether mails can leave at all; asked once before a batch.
    ///
    /// # Errors
    /// [`Failure::Closed`].
    pub fn ready(&self) -> Result<(), Failure> {
        match self {
            Transport::Smtp(smtp) => smtp.ready(),
            Transport::Folder(folder) => folder.ready(),
        }
    }

    /// Whether a copy of each mail comes back and proves that it left.
    pub fn has_proof(&self) -> bool {
        match self {
            Transport::Smtp(smtp) => smtp.has_proof(),
            Transport::Folder(_) => false,
        }
    }

    /// Hands one mail over.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn send(&self, leased: &Leased) -> Result<(), Failure> {
        match self {
            Transport::Smtp(smtp) => smtp.send(&leased.mail),
            Transport::Folder(folder) => folder.put(leased),
        }
    }
}

/// The folder of the mails of an installation without a server.
pub fn folder_of(data: &Path) -> std::path::PathBuf {
    data.join("mail")
}
