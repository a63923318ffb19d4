//! The cookie that keeps somebody signed in, and the token that binds a form to it.
//!
//! The cookie holds 256 random bits; the database keeps their SHA-256. The forms' token is another hash of the same bits: it is bound to
//! the session, stands nowhere else, and does not lead back to the cookie.

use axum::http::HeaderValue;
use axum::http::header::{COOKIE, HeaderMap};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use sonae_core::audit::hex;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::session::Session;
use sonae_store::staff::Staff;

use crate::app::App;
use crate::chance;

/// A browser that is not used for so long has to sign in again.
pub const IDLE: SignedDuration = SignedDuration::from_hours(8);
/// However busy it is, a working day later too.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// The moment of last use is noted at most so often, so that looking at pages does not write.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// Somebody's request that carries a session.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub staff: Staff,
    pub session: Session,
    /// What the forms of this session carry.
    pub csrf: String,
}

/// A new cookie's content: 64 hex digits.
pub fn new_token() -> String {
    hex(&chance::bytes::<32>())
}

/// The id under which a session, a link or another secret is stored: a hash that does not lead back.
pub fn id_of(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// The token that forms carry.
pub fn csrf_of(token: &str) -> String {
    hex(&Sha256::digest(format!("form token\n{token}"))[..16])
}

/// The cookie's name. Over TLS the prefix makes browsers refuse it from another host, another path or without TLS (RFC 6265bis, 4.1.3).
pub fn cookie_name(app: &App) -> &'static str {
    match is_secure(app) {
        true => "__Host-sonae",
        false => "sonae",
    }
}

/// A header that gives the browser a cookie of ours; `max_age` in seconds, none until the browser is closed.
pub fn set_cookie(app: &App, name: &str, value: &str, max_age: Option<u32>) -> HeaderValue {
    let age = max_age.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    let secure = if is_secure(app) { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}");
    HeaderValue::from_str(&text).expect("names and values of our cookies are visible ASCII")
}

/// The header that takes the session's cookie away.
pub fn clear_cookie(app: &App) -> HeaderValue {
    set_cookie(app, cookie_name(app), "", Some(0))
}

fn is_secure(app: &App) -> bool {
    app.base_url.starts_with("https://")
}

/// The first cookie of this name.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(COOKIE).iter();
    all.filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Whose request this is, whatever stage the sign-in has reached.
///
/// # Errors
/// The database cannot answer.
pub async fn of_request(app: &App, headers: &HeaderMap) -> Result<Option<SignedIn>, StoreError> {
    let found = of_request_with(app, headers, |_, _| Ok(())).await?;
    Ok(found.map(|(signed_in, ())| signed_in))
}

/// The same, reading more for this person from the same snapshot of the database.
///
/// # Errors
/// As `of_request`.
pub async fn of_request_with<T: Send + 'static>(
    app: &App,
    headers: &HeaderMap,
    more: impl Fn(&mut Tx, &Staff) -> Result<T, StoreError> + Send + 'static,
) -> Result<Option<(SignedIn, T)>, StoreError> {
    let Some(token) = cookie(headers, cookie_name(app)) else {
        return Ok(None);
    };
    let (id, csrf, now) = (id_of(token), csrf_of(token), app.clock.now());
    let found = {
        let id = id.clone();
        let read = app.read(move |tx| {
            let Some((staff, session)) = sonae_store::session::find(tx, &id, now, IDLE)? else {
                return Ok(None);
            };
            let more = more(tx, &staff)?;
            Ok(Some((staff, session, more)))
        });
        read.await?
    };
    let Some((staff, session, more)) = found else {
        return Ok(None);
    };
    if now.duration_since(session.seen_at) >= NOTED_EVERY {
        app.write(move |tx| sonae_store::session::touch(tx, &id, now))
            .await?;
    }
    let signed_in = SignedIn {
        staff,
        session,
        csrf,
    };
    Ok(Some((signed_in, more)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_told_apart() {
        let headers =
            |text: &'static str| HeaderMap::from_iter([(COOKIE, HeaderValue::from_static(text))]);
        for (text, expected) in [
            ("sonae=a", Some("a")),
            ("x=1; sonae=a=b; sonae=c", Some("a=b")),
            ("xsonae=1", None),
            ("sonae", None),
            ("", None),
        ] {
            assert_eq!(cookie(&headers(text), "sonae"), expected, "{text}");
        }
    }

    #[test]
    fn secrets_derive_apart() {
        let token = new_token();
        assert_eq!(token.len(), 64);
        assert!(id_of(&token) != token && !id_of(&token).starts_with(&csrf_of(&token)));
        assert_ne!(csrf_of(&token), csrf_of(&new_token()));
    }
}
