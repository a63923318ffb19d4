//! The JSON interface, and what machines ask of the program: one file per resource.

pub mod action;
pub mod address;
pub mod applications;
pub mod approval_lists;
pub mod approvals;
pub mod body;
pub mod case;
pub mod cases;
pub mod checks;
pub mod done;
pub mod door;
pub mod earlier_support;
pub mod eligibility;
pub mod event;
pub mod figures;
pub mod findings;
pub mod health;
pub mod kept;
pub mod log;
pub mod metrics;
pub mod missing_mails;
pub mod once;
pub mod openapi;
pub mod page;
pub mod papers;
pub mod parameters;
pub mod places;
pub mod problem;
pub mod programs;
pub mod publishing;
pub mod receipts;
pub mod reports;
pub mod revisions;
pub mod staff;
pub mod telemetry;
pub mod timeline;
pub mod token;
pub mod typed;
pub mod undo;

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{MethodRouter, any, get, post};

use crate::app::App;
use problem::{Kind, Problem};

/// Every address of the interface that is open to all; those of the office are in [`staff::endpoints`]. The router is made from both
/// lists, and `/openapi.json` is tested against them.
pub fn endpoints() -> Vec<(&'static str, MethodRouter<App>)> {
    vec![
        ("/healthz", get(health::healthz)),
        ("/readyz", get(health::readyz)),
        ("/metrics", get(metrics::show)),
        ("/openapi.json", get(openapi::show)),
        ("/api/v1/programs", get(programs::list)),
        ("/api/v1/programs/{id}", get(programs::one)),
        (
            "/api/v1/programs/{id}/eligibility",
            post(eligibility::judge),
        ),
        (
            "/api/v1/programs/{id}/applications",
            post(applications::create),
        ),
        (
            "/api/v1/receipts/{receipt_number}/proof",
            get(receipts::proof),
        ),
        ("/api/v1/log/head", get(log::head)),
        (
            "/api/v1/telemetry/batches",
            post(telemetry::batches::create),
        ),
    ]
}

/// Every address, each once.
pub fn paths() -> BTreeSet<&'static str> {
    let open = endpoints().into_iter().map(|(path, _)| path);
    let staff = staff::endpoints().into_iter().map(|endpoint| endpoint.path);
    open.chain(staff).collect()
}

pub fn routes(app: &App) -> Router<App> {
    let mut all: BTreeMap<&str, MethodRouter<App>> = endpoints().into_iter().collect();
    for endpoint in staff::endpoints() {
        let path = endpoint.path;
        let before = all.remove(path).unwrap_or_default();
        all.insert(path, before.merge(endpoint.guarded(app)));
    }
    let mut router = Router::new();
    for (path, methods) in all {
        router = router.route(path, methods.fallback(method_not_allowed));
    }
    for unknown in ["/api", "/api/", "/api/{*rest}"] {
        router = router.route(unknown, any(not_found));
    }
    router.layer(DefaultBodyLimit::max(body::LARGEST_BODY))
}

async fn not_found() -> Problem {
    Problem::new(
        Kind::NotFound,
        "そのアドレスはありません。使えるアドレスは /openapi.json で確かめられます。",
    )
}

async fn method_not_allowed() -> Problem {
    Problem::new(
        Kind::MethodNotAllowed,
        "このアドレスは、その方法(メソッド)では使えません。使える方法は Allow ヘッダーに示しています。",
    )
}
