//! What is kept with its hash, byte for byte: the header `ETag` holds the SHA-256, in hex.

use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;

/// JSON as it was frozen.
pub fn json(text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (ETAG, etag(text.as_bytes())),
    ];
    (headers, text).into_response()
}

/// A PDF under a name without anything to be quoted.
pub fn pdf(name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CACHE_CONTROL, "no-store".to_owned()),
        (ETAG, etag(&bytes)),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.pdf\""),
        ),
    ];
    (headers, bytes).into_response()
}

fn etag(bytes: &[u8]) -> String {
    format!("\"{}\"", hex(&Sha256::digest(bytes)))
}
