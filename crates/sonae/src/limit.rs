//! How much one address may ask of the program. See `docs/decisions/0003-rate-limits.md` for the numbers and why.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::problem::{Kind, Problem};
use crate::app::App;

/// The most addresses whose use is remembered for one kind of request: about five megabytes.
const MOST_ADDRESSES: usize = 100_000;

/// The address of a client: an IPv4 address, or the /64 an IPv6 address lies in, which one customer has to himself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Origin {
    V4(u32),
    V6(u64),
}

impl Origin {
    fn of(address: IpAddr) -> Origin {
        match address.to_canonical() {
            IpAddr::V4(v4) => Origin::V4(v4.to_bits()),
            IpAddr::V6(v6) => Origin::V6((v6.to_bits() >> 64) as u64),
        }
    }
}

/// A limit that lets a burst through at once and a steady rate for ever (the generic cell rate algorithm: for each address only the
/// moment at which its burst is whole again).
struct Limit {
    every: Duration,
    burst: Duration,
    whole_at: Mutex<HashMap<Origin, Instant>>,
}

impl Limit {
    fn new(burst: u32, a_minute: u32) -> Limit {
        let every = Duration::from_secs(60) / a_minute;
        Limit {
            every,
            burst: every * burst,
            whole_at: Mutex::default(),
        }
    }

    /// Takes one request of `origin`.
    ///
    /// # Errors
    /// How long to wait; nothing is taken then.
    fn take(&self, origin: Origin, now: Instant) -> Result<(), Duration> {
        let mut whole_at = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let before = whole_at.get(&origin).copied().unwrap_or(now).max(now);
        let after = before + self.every;
        if let Some(wait) = (after - now)
            .checked_sub(self.burst)
            .filter(|wait| !wait.is_zero())
        {
            return Err(wait);
        }
        if whole_at.len() >= MOST_ADDRESSES {
            whole_at.retain(|_, whole| *whole > now);
            if whole_at.len() >= MOST_ADDRESSES {
                // Nobody has so many neighbours: memory stays bounded, and counting starts again.
                whole_at.clear();
            }
        }
        whole_at.insert(origin, after);
        Ok(())
    }

    /// How long `origin` must wait for its next request; none when it may come now. Takes nothing.
    fn wait(&self, origin: Origin, now: Instant) -> Option<Duration> {
        let whole_at = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let used = whole_at.get(&origin)?.checked_duration_since(now)? + self.every;
        used.checked_sub(self.burst).filter(|wait| !wait.is_zero())
    }
}

/// The limits of this node.
pub struct Limits {
    submissions: Limit,
    /// Everything else that is sent: saved screens, eligibility checks.
    writes: Limit,
    reads: Limit,
    /// Mail addresses and codes of staff who sign in; a whole office may share one address.
    sign_ins: Limit,
    /// Private links that are asked for by mail.
    links: Limit,
    /// Private links and receipt numbers that do not exist.
    misses: Limit,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            submissions: Limit::new(1_000, 1_200),
            writes: Limit::new(4_000, 12_000),
            reads: Limit::new(6_000, 30_000),
            sign_ins: Limit::new(60, 30),
            links: Limit::new(30, 10),
            misses: Limit::new(60, 30),
        }
    }
}

/// Refuses what is too much for one address.
pub async fn limit(
    State((app, limits)): State<(App, Arc<Limits>)>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().map_or("", MatchedPath::as_str);
    if app.config.no_rate_limit || is_for_operators(path) {
        return next.run(request).await;
    }
    let origin = Origin::of(client(&request, app.config.behind_proxy));
    let for_programs = request.uri().path().starts_with("/api/");
    let limit = match *request.method() {
        Method::GET | Method::HEAD | Method::OPTIONS => &limits.reads,
        _ if is_submission(path) => &limits.submissions,
        _ if path.starts_with("/sign-in") => &limits.sign_ins,
        _ if path == "/status" => &limits.links,
        _ => &limits.writes,
    };
    let secret = is_secret(path);
    let refused = limit
        .take(origin, Instant::now())
        .err()
        .or_else(|| secret.then(|| limits.misses.wait(origin, Instant::now()))?);
    if let Some(wait) = refused {
        return too_many(wait, for_programs);
    }
    let response = next.run(request).await;
    if secret && response.status() == StatusCode::NOT_FOUND {
        // The next one waits; this answer is as good as any.
        let _ = limits.misses.take(origin, Instant::now());
    }
    response
}

/// What watches over the process must always see it.
fn is_for_operators(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

fn is_submission(path: &str) -> bool {
    matches!(
        path,
        "/api/v1/programs/{id}/applications" | "/apply/{token}/confirm"
    )
}

/// Whether the address holds something that could be guessed.
fn is_secret(path: &str) -> bool {
    path.contains("{token}") || path.contains("{receipt_number}")
}

/// The client's address: the peer, or what the proxy before us says it saw.
fn client(request: &Request, behind_proxy: bool) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(peer)| peer.ip());
    let forwarded = behind_proxy.then(|| forwarded(request.headers())).flatten();
    forwarded.unwrap_or(peer)
}

/// The last entry of X-Forwarded-For: the only one that the proxy itself wrote; those before it anybody can claim.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    let entry = last.to_str().ok()?.rsplit(',').next()?.trim();
    let bare = entry.trim_start_matches('[').trim_end_matches(']');
    let with_port = || entry.parse::<SocketAddr>().map(|address| address.ip());
    bare.parse().or_else(|_| with_port()).ok()
}

fn too_many(wait: Duration, for_programs: bool) -> Response {
    let seconds = u32::try_from(wait.as_secs())
        .unwrap_or(u32::MAX)
        .saturating_add(1);
    if for_programs {
        let detail = format!(
            "同じアドレスから短い時間に多くの要求が届いています。{seconds}秒待ってから、もう一度送ってください。"
        );
        return Problem::new(Kind::TooManyRequests, detail)
            .after(seconds)
            .into_response();
    }
    // The edge puts the page around it.
    let retry = [(header::RETRY_AFTER, seconds.to_string())];
    (StatusCode::TOO_MANY_REQUESTS, retry).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::of(text.parse().expect("an address"))
    }

    #[test]
    fn a_burst_passes_then_the_steady_rate() {
        let limit = Limit::new(1_000, 1_200);
        let start = Instant::now();
        let one = origin("192.0.2.1");
        let passed = |now| (0..5_000).filter(|_| limit.take(one, now).is_ok()).count();
        assert_eq!(passed(start), 1_000);
        assert!(limit.wait(one, start).is_some());
        assert!(limit.take(origin("192.0.2.2"), start).is_ok());
        // 1,200 a minute are 20 a second.
        assert_eq!(passed(start + Duration::from_secs(1)), 20);
        let later = start + Duration::from_secs(61);
        assert_eq!(limit.wait(one, later), None);
        assert_eq!(passed(later), 1_000);
    }

    #[test]
    fn waiting_as_told_is_enough() {
        let limit = Limit::new(3, 30);
        let (one, mut now) = (origin("192.0.2.1"), Instant::now());
        for _ in 0..20 {
            if let Err(wait) = limit.take(one, now) {
                assert_eq!(limit.wait(one, now), Some(wait));
                now += wait;
                assert_eq!(limit.take(one, now), Ok(()));
            }
        }
    }

    #[test]
    fn addresses_are_told_apart_as_customers_are() {
        assert_eq!(origin("2001:db8:1:2::1"), origin("2001:db8:1:2:ffff::9"));
        assert_ne!(origin("2001:db8:1:2::1"), origin("2001:db8:1:3::1"));
        assert_eq!(origin("::ffff:192.0.2.1"), origin("192.0.2.1"));
    }

    #[test]
    fn memory_is_bounded_whoever_comes() {
        let limit = Limit::new(10, 60);
        let now = Instant::now();
        for number in 0..250_000 {
            limit
                .take(Origin::V6(number), now)
                .expect("the first of its address");
        }
        assert!(limit.whole_at.lock().unwrap().len() <= MOST_ADDRESSES);
    }

    #[test]
    fn only_the_proxys_own_entry_counts() {
        for (header, expected) in [
            ("203.0.113.9, 192.0.2.7", Some("192.0.2.7")),
            ("192.0.2.7:4711", Some("192.0.2.7")),
            ("[2001:db8::1]:443", Some("2001:db8::1")),
            ("2001:db8::1", Some("2001:db8::1")),
            ("192.0.2.7, unknown", None),
            ("", None),
        ] {
            let headers = HeaderMap::from_iter([(
                header::HeaderName::from_static("x-forwarded-for"),
                header.parse().expect("a header"),
            )]);
            let expected = expected.map(|text| text.parse::<IpAddr>().expect("an address"));
            assert_eq!(forwarded(&headers), expected, "{header}");
        }
    }
}
