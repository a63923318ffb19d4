//! Signatures as Standard Webhooks 1.0 describes them (<https://www.standardwebhooks.com/>): HMAC-SHA256 over id, time and body, so
//! that a receiver knows who told it, that nothing was changed, and that it is not old.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How a secret begins in writing.
const PREFIX: &str = "whsec_";

/// The value of `webhook-signature`: `v1,` and the signature in base64. `timestamp` counts seconds since 1970.
pub fn signature(secret: &[u8], id: &str, timestamp: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// A secret as it is given to the receiver.
pub fn written(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with Python's hmac module: `base64(hmac_sha256(key, b"KT-333-34A.7.1748826000.{}"))`.
    #[test]
    fn a_signature_is_what_others_compute() {
        let found = signature(&[7; 32], "KT-333-34A.7", 1_748_826_000, "{}");
        assert_eq!(found, "v1,WvFykYDdASW3hjK7Ge2lFxCU7tKkyUgsAlwIZ5yGjdU=");
        assert_eq!(written(&[0; 3]), "whsec_AAAA");
    }
}
