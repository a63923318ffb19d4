//! Private links: what lets a company see its own draft or application without an account.
//!
//! A draft's link carries 128 random bits; the database keeps only their SHA-256. An application's link is an HMAC of its id under the
//! installation's secret, so that a repeated submission is answered with the same link although nothing readable is stored. Renewing the link raises a version
//! that is signed with it: the old link stops working, and a repeated submission does not learn the new one.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;

/// How many renewed links are still recognised as old ones.
const MOST_OLD: u32 = 100;

/// What a token does at the door of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    Fits,
    /// It fitted until the link was renewed.
    Old,
    Wrong,
}

/// The installation's secret, 32 random bytes made at the first start.
#[derive(Clone)]
pub struct LinkSecret([u8; 32]);

impl LinkSecret {
    pub fn new(bytes: [u8; 32]) -> LinkSecret {
        LinkSecret(bytes)
    }

    /// The token in the private link of an application, 32 hex digits. `version` counts how often the link was renewed; each version
    /// has a token of its own, and that of version 0 is the one that the receipt's mail carries.
    pub fn status_token(&self, application_id: &str, version: u32) -> String {
        let about = match version {
            0 => application_id.to_owned(),
            _ => format!("{application_id}#{version}"),
        };
        hex(&self.sign("application status link", &about)[..16])
    }

    /// The path of an application's private pages.
    pub fn status_path(&self, receipt_number: &str, application_id: &str, version: u32) -> String {
        let token = self.status_token(application_id, version);
        format!("/applications/{receipt_number}/{token}")
    }

    /// What a token opens. Takes the same time for every wrong token.
    pub fn open(&self, token: &str, application_id: &str, version: u32) -> Key {
        let given = Sha256::digest(token);
        // Comparing hashes of both hides where they differ.
        let fits = |version| Sha256::digest(self.status_token(application_id, version)) == given;
        let oldest = version.saturating_sub(MOST_OLD);
        let was = (oldest..version).filter(|old| fits(*old)).count() > 0;
        match (fits(version), was) {
            (true, _) => Key::Fits,
            (false, true) => Key::Old,
            (false, false) => Key::Wrong,
        }
    }

    /// What proves that an address with this receipt number is one that we gave out, 10 hex digits: a guess costs the guesser a
    /// mail, and a right one only puts a mail into a case.
    pub fn address_tag(&self, receipt_number: &str) -> String {
        hex(&self.sign("application mail address", receipt_number)[..5])
    }

    /// Signs something short for one purpose; a signature for one purpose is none for another.
    pub fn sign(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(b"\n");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// A new draft link: the token for the company and the id under which the draft is stored.
pub fn new_draft() -> (String, String) {
    let token = hex(&crate::chance::bytes::<16>());
    let id = draft_id(&token);
    (token, id)
}

/// The path of the unfinished form that a draft's token opens.
pub fn draft_path(token: &str) -> String {
    format!("/apply/{token}")
}

/// The id of the draft that a token opens.
pub fn draft_id(token: &str) -> String {
    hex(&Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renewed_link_opens_and_the_old_one_is_known() {
        let links = LinkSecret::new([7; 32]);
        let token = |version| links.status_token("a", version);
        for (token, version, expected) in [
            (token(0), 0, Key::Fits),
            (token(0), 1, Key::Old),
            (token(1), 1, Key::Fits),
            (token(2), 1, Key::Wrong),
            (token(0), 300, Key::Wrong),
            (token(299), 300, Key::Old),
            (links.status_token("a#1", 0), 0, Key::Wrong),
            (links.status_token("b", 0), 0, Key::Wrong),
            (String::new(), 3, Key::Wrong),
        ] {
            assert_eq!(links.open(&token, "a", version), expected, "{version}");
        }
    }
}
