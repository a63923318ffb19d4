//! An office for one test: the whole program on a database and a clock of its own, without a network.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use clap::Parser;
use serde_json::Value;
use sonae::app::App;
use sonae::clock::Clock;
use sonae::config::ServeArgs;
use sonae::{chance, router, serve};
use tower::ServiceExt;

pub(crate) const R6: &str = "tokyo-r6-basic-measures";
pub(crate) const R7: &str = "tokyo-r7-incident-response";
/// An instant inside the windows of the first programme.
pub(crate) const OPEN_R6: &str = "2024-06-03T10:00:00+09:00";

/// Runs a test on PostgreSQL. Its client refuses to wait on a thread that drives tokio, and tests ask the database where they stand: tokio's own
/// threads do what they are given, and this one only polls.
pub(crate) fn polled<F: Future>(test: F) -> F::Output {
    struct Unpark(Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let _entered = runtime.enter();
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut test = pin!(test);
    loop {
        match test.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

/// The program, opened in its own folder, which goes when the test ends.
pub(crate) struct Office {
    pub(crate) app: App,
    pub(crate) router: Router,
    folder: Arc<Folder>,
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    args: ServeArgs,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body as JSON; null when it is something else.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value.map_or("", |value| value.expect("visible ASCII"))
    }
}

impl Office {
    /// With the clock standing at `instant` and further flags.
    pub(crate) fn open_with(instant: &str, flags: &[&str]) -> Office {
        let name = format!("sonae-it-{:032x}", u128::from_be_bytes(chance::bytes()));
        let folder = Folder(std::env::temp_dir().join(name));
        Office::start(Arc::new(folder), instant, flags, false)
    }

    /// As `sonae demo` serves it, without its people and companies.
    pub(crate) fn open_demo(instant: &str) -> Office {
        let name = format!("sonae-it-{:032x}", u128::from_be_bytes(chance::bytes()));
        let folder = Folder(std::env::temp_dir().join(name));
        Office::start(Arc::new(folder), instant, &[], true)
    }

    pub(crate) fn open(instant: &str) -> Office {
        Office::open_with(instant, &[])
    }

    /// Closes and opens again on the same data at another instant.
    pub(crate) fn reopen(self, instant: &str) -> Office {
        self.app.intake.close();
        Office::start(self.folder.clone(), instant, &[], false)
    }

    fn start(folder: Arc<Folder>, instant: &str, flags: &[&str], is_demo: bool) -> Office {
        let path = folder.0.display().to_string();
        let given = ["sonae", "--data", path.as_str()].into_iter();
        let clock = Clock::stopped(instant.parse().expect("an instant"));
        let args = Cli::parse_from(given.chain(flags.iter().copied())).args;
        let app = serve::start_at(ServeArgs { is_demo, ..args }, clock).expect("the office opens");
        let router = router::router(app.clone());
        Office {
            app,
            router,
            folder,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let response =
            (self.router.clone().oneshot(request).await).expect("the router never fails");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.expect("a body");
        Reply {
            status: parts.status,
            headers: parts.headers,
            // Files that are handed out are no text; nothing is looked for in them by this.
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        let request = Request::get(path).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    /// Posts a JSON text.
    pub(crate) async fn post(&self, path: &str, body: impl Into<Body>) -> Reply {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(body.into()).expect("a request"))
            .await
    }

    /// Posts an application to a programme through the interface.
    pub(crate) async fn apply(&self, program: &str, key: &str, body: impl Into<Body>) -> Reply {
        let request = Request::post(format!("/api/v1/programs/{program}/applications"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", key);
        self.send(request.body(body.into()).expect("a request"))
            .await
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.app.intake.close();
    }
}

/// The table of bad input, which also holds a complete application to each programme.
pub(crate) fn table() -> Value {
    let table = include_str!("../../../core/tests/data/bad-input.json");
    serde_json::from_str(table).expect("the table is JSON")
}

/// A complete and eligible application.
pub(crate) fn complete(program: &str) -> Value {
    table()["bases"][program].clone()
}
