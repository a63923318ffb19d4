//! Requests of each kind, one after the other, and how long the server took.

use axum::Router;
use sonae::app::App;
use sonae::pages::office::cases::asked::Asked;
use sonae::router;
use sonae::staff::session::{self, csrf_of, id_of};
use sonae_core::access::StaffRole;
use sonae_store::queue::{self, Asker, Scope, Sort, View, Wanted};
use sonae_store::session::{NewSession, Stage};

use crate::ask::{Asking, row};
use crate::cases::person;
use crate::{checks, further};

/// What people type, in its growth.
const TYPED: [&str; 5] = ["青嵐精密", "せいらん", "03-0001-23", "KT-333", "taka"];

/// Whoever asks in plans.
pub(crate) fn asker(app: &App) -> Asker {
    Asker {
        staff_id: person(StaffRole::Secretariat, 1),
        role: "secretariat".to_owned(),
        now: app.clock.now(),
        contact_steps: vec!["contact".to_owned(), "expert_contact".to_owned()],
        screening_steps: vec!["screening".to_owned()],
    }
}

/// Measures everything and prints a row for each.
pub(crate) async fn all(app: &App, requests: usize) -> Result<(), String> {
    let router = router::router(app.clone());
    let secretary = sign_in(app, StaffRole::Secretariat).await?;
    let expert = sign_in(app, StaffRole::Expert).await?;
    let engine = app.db.engine();
    println!("{engine}: what | requests | p50 | p95 | p99 (ms) | most memory (MiB)");
    for view in View::ALL {
        let path = format!("/office/cases?view={}", view.as_str());
        row(
            &router,
            &secretary,
            &format!("list {}", view.as_str()),
            &[path],
            requests,
        )
        .await?;
    }
    let programs = app.programs.iter().map(|running| running.program.id());
    let by_program: Vec<String> = programs
        .map(|id| format!("/office/cases?view=all&program={id}"))
        .collect();
    row(
        &router,
        &secretary,
        "list by programme",
        &by_program,
        requests,
    )
    .await?;
    let narrow =
        ["/office/cases?view=all&status=open&person=nobody&course=csirt&due=week".to_owned()];
    row(
        &router,
        &secretary,
        "list with four filters",
        &narrow,
        requests,
    )
    .await?;
    let sorts: Vec<String> = (Sort::ALL.iter())
        .map(|sort| format!("/office/cases?view=all&sort={}", sort.as_str()))
        .collect();
    row(&router, &secretary, "list in each order", &sorts, requests).await?;
    // The driver of PostgreSQL waits in a runtime of its own, which this thread must have left for that.
    let pages = tokio::task::block_in_place(|| deep(app))?;
    row(&router, &secretary, "deep pages", &pages, requests).await?;
    row(
        &router,
        &expert,
        "list of an expert",
        &["/office/cases?view=all".to_owned()],
        requests,
    )
    .await?;
    searches(&router, [&secretary, &expert], requests).await?;
    let pages = tokio::task::block_in_place(|| numbers(app, 200))?;
    let pages: Vec<String> = (pages.iter())
        .map(|number| format!("/office/cases/{number}"))
        .collect();
    row(&router, &secretary, "case page", &pages, requests).await?;
    further::all(app, &router, &secretary, requests).await?;
    let technician = sign_in(app, StaffRole::Technician).await?;
    checks::all(app, &router, &technician, requests).await
}

/// What was typed so far, by somebody who sees all cases and by an expert.
async fn searches(
    router: &Router,
    [secretary, expert]: [&Asking; 2],
    requests: usize,
) -> Result<(), String> {
    for length in 1..=6 {
        let paths = typed(length);
        let what = format!("search, {length} characters");
        row(router, secretary, &what, &paths, requests).await?;
        let what = format!("{what}, expert");
        row(router, expert, &what, &paths, requests).await?;
    }
    Ok(())
}

/// Everything that people type, as far as they have come.
fn typed(length: usize) -> Vec<String> {
    let address = |text: &&str| {
        let q: String = text.chars().take(length).collect();
        let asked = Asked {
            q,
            ..Asked::default()
        };
        asked.href()
    };
    TYPED.iter().map(address).collect()
}

/// Receipt numbers all over the office.
pub(crate) fn numbers(app: &App, count: usize) -> Result<Vec<String>, String> {
    let wanted = Wanted::of(Scope::All, View::All);
    let read = app
        .db
        .read(|tx| queue::export(tx, &wanted, &asker(app), Sort::Newest, 1_000_000));
    let all = read.map_err(|error| error.to_string())?;
    let step = (all.len() / count).max(1);
    let some = all.into_iter().step_by(step);
    Ok(some.map(|case| case.receipt_number).collect())
}

/// Pages far behind the first, in two orders.
fn deep(app: &App) -> Result<Vec<String>, String> {
    let mut paths = Vec::new();
    for sort in [Sort::Newest, Sort::Due] {
        let wanted = Wanted::of(Scope::All, View::All);
        let read = app
            .db
            .read(|tx| queue::export(tx, &wanted, &asker(app), sort, 1_000_000));
        let all = read.map_err(|error| error.to_string())?;
        for share in [2, 3, 4] {
            let case = &all[all.len() * (share - 1) / share];
            paths.push(format!(
                "/office/cases?view=all&sort={}&after={}:{}",
                sort.as_str(),
                case.key,
                case.receipt_number
            ));
        }
    }
    Ok(paths)
}

async fn sign_in(app: &App, role: StaffRole) -> Result<Asking, String> {
    let token = session::new_token();
    let (id, staff_id, now) = (id_of(&token), person(role, 1), app.clock.now());
    let opened = app.write(move |tx| {
        let new = NewSession {
            id: &id,
            staff_id: &staff_id,
            stage: Stage::Full,
            goes_to: "/office",
            browser: "bench",
            expires_at: now + session::LONGEST,
        };
        sonae_store::session::open(tx, &new, now)
    });
    opened.await.map_err(|error| error.to_string())?;
    Ok(Asking::Person {
        cookie: format!("{}={token}", session::cookie_name(app)),
        csrf: csrf_of(&token),
    })
}
