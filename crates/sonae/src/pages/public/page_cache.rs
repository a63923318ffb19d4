//! Pages that are the same for everybody, rendered at most once a second and answered from memory in between.
//!
//! Several nodes share one database, so nobody can tell this node that a place was taken elsewhere: a page is simply never older than
//! [`KEPT_FOR`]. Whoever comes first after that renders it; the others wait for the result instead of rendering too.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;

use super::error::PageError;

/// How old a page may be when it is answered.
const KEPT_FOR: Duration = Duration::from_secs(1);

/// zlib's middle level: a page of 100 kB in about two milliseconds to a seventh of its size.
const COMPRESSION: u8 = 6;

/// One entry for the list and one for each programme; the caller only asks for programmes that exist.
#[derive(Clone, Default)]
pub(super) struct PageCache(Arc<Mutex<BTreeMap<String, Arc<Slot>>>>);

#[derive(Default)]
struct Slot {
    kept: RwLock<Option<Arc<Kept>>>,
    /// Held by the one who renders.
    rendering: tokio::sync::Mutex<()>,
}

/// A rendered page.
struct Kept {
    since: Instant,
    etag: HeaderValue,
    plain: Bytes,
    /// In zlib's format, which HTTP calls `deflate` (RFC 9110, 8.4.1.2).
    deflated: Bytes,
}

impl PageCache {
    /// Answers the page of `key`, rendering it when the kept one is too old.
    ///
    /// # Errors
    /// Those of `render`; nothing is kept then.
    pub(super) async fn answer(
        &self,
        key: &str,
        headers: &HeaderMap,
        render: impl Future<Output = Result<String, PageError>>,
    ) -> Result<Response, PageError> {
        let slot = self.slot(key);
        let kept = match slot.fresh() {
            Some(kept) => kept,
            None => slot.refresh(render).await?,
        };
        Ok(kept.answer(headers))
    }

    fn slot(&self, key: &str) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(key) {
            return slot.clone();
        }
        slots.entry(key.to_owned()).or_default().clone()
    }
}

impl Slot {
    fn fresh(&self) -> Option<Arc<Kept>> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref()
            .filter(|kept| kept.since.elapsed() < KEPT_FOR)
            .cloned()
    }

    async fn refresh(
        &self,
        render: impl Future<Output = Result<String, PageError>>,
    ) -> Result<Arc<Kept>, PageError> {
        let _turn = self.rendering.lock().await;
        if let Some(kept) = self.fresh() {
            return Ok(kept);
        }
        // The age counts from before the database was read.
        let since = Instant::now();
        let kept = Arc::new(Kept::new(render.await?, since));
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept.clone());
        Ok(kept)
    }
}

impl Kept {
    fn new(page: String, since: Instant) -> Kept {
        // Weak, since the compressed and the plain form share it.
        let etag = format!("W/\"{}\"", hex(&Sha256::digest(&page)[..8]));
        let deflated = miniz_oxide::deflate::compress_to_vec_zlib(page.as_bytes(), COMPRESSION);
        Kept {
            since,
            etag: HeaderValue::try_from(etag).expect("hexadecimal digits are visible ASCII"),
            plain: page.into(),
            deflated: deflated.into(),
        }
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let always = [
            (ETAG, self.etag.clone()),
            (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (VARY, HeaderValue::from_static("Accept-Encoding")),
        ];
        let known = headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .any(|tags| contains(tags.as_bytes(), self.etag.as_bytes()));
        if known {
            return (StatusCode::NOT_MODIFIED, always).into_response();
        }
        let html = [(
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        )];
        if takes_deflate(headers) {
            let encoding = [(CONTENT_ENCODING, HeaderValue::from_static("deflate"))];
            (always, html, encoding, self.deflated.clone()).into_response()
        } else {
            (always, html, self.plain.clone()).into_response()
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Whether `Accept-Encoding` lists `deflate` without a weight of zero.
fn takes_deflate(headers: &HeaderMap) -> bool {
    headers
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offer| {
            let (name, weight) = offer.split_once(';').unwrap_or((offer, "q=1"));
            let weight = weight.trim().trim_start_matches("q=").parse();
            name.trim().eq_ignore_ascii_case("deflate") && weight.unwrap_or(1.0_f32) > 0.0
        })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn headers(name: axum::http::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn weights_of_encodings() {
        let check = |value: &str, expected: bool| {
            let found = takes_deflate(&headers(ACCEPT_ENCODING, value));
            assert_eq!(found, expected, "{value}");
        };
        check("gzip, deflate, br", true);
        check("gzip, Deflate;q=0.5", true);
        check("gzip, deflate;q=0", false);
        check("gzip", false);
        check("", false);
    }

    #[tokio::test]
    async fn many_visitors_render_once_and_a_known_page_is_not_sent_again() {
        let (cache, rendered) = (PageCache::default(), AtomicUsize::new(0));
        let visit = |headers: HeaderMap| {
            let (cache, rendered) = (&cache, &rendered);
            async move {
                let render = async {
                    rendered.fetch_add(1, Ordering::SeqCst);
                    tokio::task::yield_now().await;
                    Ok("ページ".repeat(100))
                };
                cache.answer("/", &headers, render).await.unwrap()
            }
        };
        let (first, second) = tokio::join!(visit(HeaderMap::new()), visit(HeaderMap::new()));
        assert_eq!(rendered.load(Ordering::SeqCst), 1);
        assert_eq!(first.headers()[ETAG], second.headers()[ETAG]);
        let etag = first.headers()[ETAG].to_str().unwrap().to_owned();
        let again = visit(headers(IF_NONE_MATCH, &etag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let other = visit(headers(IF_NONE_MATCH, "W/\"0000000000000000\"")).await;
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let cache = PageCache::default();
        let failing = async { Err(PageError::NotFound) };
        let found = cache.answer("/", &HeaderMap::new(), failing).await;
        assert_eq!(found.unwrap_err(), PageError::NotFound);
        let working = async { Ok(String::new()) };
        assert!(cache.answer("/", &HeaderMap::new(), working).await.is_ok());
    }
}
