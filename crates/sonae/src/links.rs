//! Private links: what lets a company see its own draft or application without an account.
//!
//! A draft's link carries 128 random bits; the database keeps only their SHA-256. An application's link is an HMAC of its id under the
//! installation's secret, so that a repeated submission is answered with the same link although nothing readable is stored.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;

/// The installation's secret, 32 random bytes made at the first start.
#[derive(Clone)]
pub struct LinkSecret([u8; 32]);

impl LinkSecret {
    pub fn new(bytes: [u8; 32]) -> LinkSecret {
        LinkSecret(bytes)
    }

    /// The token in the status link of an application, 32 hex digits.
    pub fn status_token(&self, application_id: &str) -> String {
        hex(&self.mac(application_id)[..16])
    }

    /// The path of an application's private status page.
    pub fn status_path(&self, receipt_number: &str, application_id: &str) -> String {
        format!(
            "/applications/{receipt_number}/{}",
            self.status_token(application_id)
        )
    }

    /// Whether `token` opens the application. Takes the same time for every wrong token.
    pub fn opens(&self, token: &str, application_id: &str) -> bool {
        // Comparing hashes of both hides where they differ.
        Sha256::digest(token) == Sha256::digest(self.status_token(application_id))
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

    fn mac(&self, application_id: &str) -> [u8; 32] {
        self.sign("application status link", application_id)
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
