//! The edge: what every answer passes on its way out. Safety headers, error pages, one line in the log for every failure.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use sonae_core::audit::hex;

use crate::api::problem::Problem;
use crate::app::App;
use crate::chance;
use crate::pages::public::error::{self, PageError};

/// Nothing but our own files; no frame around us, no form that leads away.
const SAFE_CONTENT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Paths below this are for programs and answer with problem+json instead of pages.
const API: &str = "/api/";

/// Headers of every answer. The referrer is never sent since private links are addresses.
const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_SECURITY_POLICY, SAFE_CONTENT),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
];

/// The outermost layer of the whole program.
pub async fn edge(State(app): State<App>, request: Request, next: Next) -> Response {
    let for_people = !request.uri().path().starts_with(API);
    // The route's pattern, never the path itself: a path may hold a private link.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response =
        if for_people && is_foreign(&app.base_url, request.method(), request.headers()) {
            PageError::Foreign.into_response()
        } else {
            caught(request, next).await
        };
    if is_bare_error(&response) {
        let reference = reference();
        log(&response, &reference, route.as_ref());
        if for_people {
            response = error_page(&app, &response, &reference);
        } else if response.status().is_server_error() {
            response = Problem::failed(&reference).into_response();
        }
    }
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    // Private unless a handler says that it may be kept.
    response
        .headers_mut()
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Whether a form was sent from somebody else's page.
///
/// Every browser of today says so with `Sec-Fetch-Site`; the older ones with `Origin`. The public site keeps no cookie, so another page
/// has no sign-in to abuse: where both headers are missing (a program, a very old browser) the form is let in.
fn is_foreign(base_url: &str, method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return false;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    let host = headers.get("host").and_then(|host| host.to_str().ok());
    match headers.get("origin").map(HeaderValue::to_str) {
        None => false,
        // Our own address as it was set, or as the visitor's browser named it. Behind a proxy the scheme of the latter is unknown.
        Some(Ok(origin)) => {
            let origin_host = origin.split_once("://").map(|(_, host)| host);
            origin != base_url && (origin_host.is_none() || origin_host != host)
        }
        Some(Err(_)) => true,
    }
}

/// Answers the request; a panic becomes an error instead of a closed connection.
async fn caught(request: Request, next: Next) -> Response {
    let mut answer = pin!(next.run(request));
    poll_fn(|context| {
        let polled = catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context)));
        polled.unwrap_or_else(|_| {
            // The panic hook has written where it was.
            Poll::Ready(PageError::Internal("a handler panicked".into()).into_response())
        })
    })
    .await
}

/// An error that no handler has turned into a page or a document: ours, or the framework's plain text.
fn is_bare_error(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE);
    let plain = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    (status.is_client_error() || status.is_server_error())
        && (plain || response.extensions().get::<PageError>().is_some())
}

/// Eight hexadecimal digits that the visitor can tell the office.
fn reference() -> String {
    hex(&chance::bytes::<4>()).to_uppercase()
}

fn log(response: &Response, reference: &str, route: Option<&MatchedPath>) {
    let status = response.status();
    let reason = match response.extensions().get::<PageError>() {
        Some(PageError::Internal(reason) | PageError::Busy(reason)) => reason,
        _ => "",
    };
    let (status, route) = (status.as_u16(), route.map_or("-", MatchedPath::as_str));
    if status >= 500 {
        tracing::error!(reference, status, route, reason, "a request failed");
    } else {
        tracing::debug!(reference, status, route, "a request was refused");
    }
}

/// The page instead of the bare error, with the headers that belong to the status.
fn error_page(app: &App, bare: &Response, reference: &str) -> Response {
    let status = match bare.status() {
        // What a browser's form cannot cause by itself is one matter to a person.
        StatusCode::UNSUPPORTED_MEDIA_TYPE => StatusCode::BAD_REQUEST,
        status => status,
    };
    let mut response = (status, Html(error::page(app, status, reference))).into_response();
    for name in [ALLOW, RETRY_AFTER] {
        if let Some(value) = bare.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_other_pages_are_foreign() {
        let check = |method: Method, given: &[(&'static str, &'static str)], foreign: bool| {
            let headers = given.iter().map(|(name, value)| {
                let name = HeaderName::from_static(name);
                (name, HeaderValue::from_static(value))
            });
            let found = is_foreign("https://sonae.example.jp", &method, &headers.collect());
            assert_eq!(found, foreign, "{method} {given:?}");
        };
        let (host, evil) = (("host", "inner:8080"), "https://evil.example.jp");
        check(Method::GET, &[("sec-fetch-site", "cross-site")], false);
        check(Method::POST, &[], false);
        check(Method::POST, &[("sec-fetch-site", "same-origin")], false);
        check(Method::POST, &[("sec-fetch-site", "none")], false);
        check(Method::POST, &[("sec-fetch-site", "same-site")], true);
        check(Method::POST, &[("sec-fetch-site", "cross-site")], true);
        check(
            Method::POST,
            &[host, ("origin", "http://inner:8080")],
            false,
        );
        check(
            Method::POST,
            &[host, ("origin", "https://sonae.example.jp")],
            false,
        );
        check(Method::POST, &[host, ("origin", evil)], true);
        check(Method::POST, &[host, ("origin", "null")], true);
        check(Method::POST, &[("origin", "null")], true);
        let both = [host, ("origin", evil), ("sec-fetch-site", "same-origin")];
        check(Method::POST, &both, false);
    }
}
