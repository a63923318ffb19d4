//! Style sheet, icon and the office's script, built into the program and served under the hash of their content, so that they may be kept for ever.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;

use crate::app::App;

struct Asset {
    /// The file's name with the beginning of its content's hash, for example `sonae.0123456789abcdef.css`.
    name: String,
    href: String,
    content_type: HeaderValue,
    bytes: &'static [u8],
}

impl Asset {
    fn new(stem: &str, ending: &str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
        let hash = hex(&Sha256::digest(bytes)[..8]);
        let name = format!("{stem}.{hash}.{ending}");
        Asset {
            href: format!("/assets/{name}"),
            name,
            content_type: HeaderValue::from_static(content_type),
            bytes,
        }
    }
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../assets/sonae.css");
    Asset::new("sonae", "css", "text/css; charset=utf-8", bytes)
});

static ICON: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../assets/icon.svg");
    Asset::new("icon", "svg", "image/svg+xml", bytes)
});

static OFFICE_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("../assets/office.js");
    Asset::new("office", "js", "text/javascript; charset=utf-8", bytes)
});

/// Where the style sheet is.
pub fn style_href() -> &'static str {
    &STYLE.href
}

/// Where the site's icon is.
pub fn icon_href() -> &'static str {
    &ICON.href
}

/// Where the script of the office's pages is. Public pages carry none.
pub fn office_script_href() -> &'static str {
    &OFFICE_SCRIPT.href
}

pub fn routes() -> Router<App> {
    Router::new().route("/assets/{name}", get(asset))
}

async fn asset(Path(name): Path<String>) -> Response {
    let found = [&STYLE, &ICON, &OFFICE_SCRIPT]
        .into_iter()
        .find(|asset| asset.name == name);
    match found {
        Some(asset) => {
            let headers = [
                (CONTENT_TYPE, asset.content_type.clone()),
                (
                    CACHE_CONTROL,
                    HeaderValue::from_static("public, max-age=31536000, immutable"),
                ),
            ];
            (headers, asset.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
