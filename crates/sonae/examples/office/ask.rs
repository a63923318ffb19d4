//! Requests of one kind, one after the other: how long the server took, and how much memory the program had.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;

/// Requests before the measured ones.
const WARM_UP: usize = 10;
/// The most bytes of one answer: a file of all cases.
const LARGEST: usize = 256 << 20;

/// Who asks.
pub(crate) enum Asking {
    Person {
        cookie: String,
        csrf: String,
    },
    /// Another system with its token.
    System {
        token: String,
    },
}

/// What is asked for: a page, or a form that is sent there.
#[derive(Clone)]
pub(crate) struct Ask {
    pub(crate) path: String,
    /// The fields of a form; none to read a page.
    pub(crate) form: Option<String>,
}

/// Asks for these pages in turn and prints what it took.
pub(crate) async fn row(
    router: &Router,
    asking: &Asking,
    what: &str,
    paths: &[String],
    requests: usize,
) -> Result<(), String> {
    let page = |path: &String| Ask {
        path: path.clone(),
        form: None,
    };
    let asks: Vec<Ask> = paths.iter().map(page).collect();
    measured(router, asking, what, &asks, (WARM_UP, requests)).await
}

/// The same for forms as well, with so many requests before the measured ones.
pub(crate) async fn measured(
    router: &Router,
    asking: &Asking,
    what: &str,
    asks: &[Ask],
    (warm_up, requests): (usize, usize),
) -> Result<(), String> {
    let mut took = Vec::with_capacity(requests);
    forget_memory();
    for (n, ask) in asks.iter().cycle().take(warm_up + requests).enumerate() {
        let (status, time) = send(router, asking, ask).await?;
        if status == StatusCode::NOT_FOUND {
            println!("{what} | this page is not there yet");
            return Ok(());
        }
        if status != StatusCode::OK {
            return Err(format!("{}: {status}", ask.path));
        }
        if n >= warm_up {
            took.push(time);
        }
    }
    took.sort();
    let at =
        |share: usize| took[(took.len() * share / 100).min(took.len() - 1)].as_secs_f64() * 1e3;
    println!(
        "{what} | {requests} | {:.1} | {:.1} | {:.1} | {}",
        at(50),
        at(95),
        at(99),
        memory().map_or_else(|| "?".to_owned(), |mib| mib.to_string())
    );
    Ok(())
}

async fn send(
    router: &Router,
    asking: &Asking,
    ask: &Ask,
) -> Result<(StatusCode, Duration), String> {
    let mut request = Request::get(&ask.path);
    request = match asking {
        Asking::Person { cookie, .. } => request.header(header::COOKIE, cookie),
        Asking::System { token } => {
            request.header(header::AUTHORIZATION, format!("Bearer {token}"))
        }
    };
    let body = match (&ask.form, asking) {
        (Some(form), Asking::Person { csrf, .. }) => {
            request = request
                .method("POST")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            Body::from(format!("csrf={csrf}&{form}"))
        }
        _ => Body::empty(),
    };
    let request = request.body(body).map_err(|error| error.to_string())?;
    let began = Instant::now();
    let Ok(response) = router.clone().oneshot(request).await;
    let status = response.status();
    let body = to_bytes(response.into_body(), LARGEST).await;
    body.map_err(|error| error.to_string())?;
    Ok((status, began.elapsed()))
}

/// Lets the most memory be counted from here on, where Linux allows it.
fn forget_memory() {
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}

/// The most memory since then, in MiB.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024)
}
