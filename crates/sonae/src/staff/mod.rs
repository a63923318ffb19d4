//! Staff: signing in, and what a sign-in is kept by.
//!
//! A sign-in has three steps: a one-time link proves the mail address, a code of the second factor proves the device, and a session
//! remembers both for a working day. Each step makes a new secret, so nothing that was known before opens anything after it.

pub mod people;
pub mod recovery;
pub mod rehearsal;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod token;

use jiff::Timestamp;
use sonae_core::text::Mistake;
use sonae_core::text::email;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::audit::{self, Act};

/// Notes what was done to a person or a token. The log holds no names and no addresses; `subject` is an id.
///
/// # Errors
/// The database cannot answer.
pub fn note(
    tx: &mut Tx,
    at: Timestamp,
    actor: &str,
    action: &str,
    subject: &str,
) -> Result<(), StoreError> {
    let act = Act {
        at,
        actor,
        action,
        subject,
    };
    audit::append(tx, act, serde_json::json!({}))?;
    Ok(())
}

/// A mail address as staff are known by it: normalised, and in small letters throughout, so that one mailbox is one person.
///
/// # Errors
/// As `sonae_core::text::email::normalise`.
pub fn address(typed: &str) -> Result<String, Mistake> {
    Ok(email::normalise(typed)?.to_lowercase())
}
