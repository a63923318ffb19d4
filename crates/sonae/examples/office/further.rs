//! The pages that look over many cases besides the list: places and waiting lists, approvals, figures, files, and the interface's list.

use axum::Router;
use jiff::SignedDuration;
use sonae::app::App;
use sonae::staff::token::{self, Order};
use sonae_core::access::StaffRole;
use sonae_store::approval_list;

use crate::ask::{Ask, Asking, measured, row};

/// Files are large and rare: so many requests at most, after one.
const FILES: usize = 10;

pub(crate) async fn all(
    app: &App,
    router: &Router,
    secretary: &Asking,
    requests: usize,
) -> Result<(), String> {
    let programs: Vec<&str> = (app.programs.iter())
        .map(|running| running.program.id())
        .collect();
    let courses: Vec<String> = (app.programs.iter())
        .flat_map(|running| {
            let courses = running.program.courses().iter();
            courses.map(|course| format!("/office/waiting/{}/{}", running.program.id(), course.id))
        })
        .collect();
    let below = |page: &str, end: &str| -> Vec<String> {
        let of = |program: &&str| format!("/office/{page}/{program}{end}");
        programs.iter().map(of).collect()
    };
    for (what, paths) in [
        ("places of all courses", vec!["/office/waiting".to_owned()]),
        ("places of a course", courses),
        ("approvals", vec!["/office/approvals".to_owned()]),
        (
            "list of approvals",
            tokio::task::block_in_place(|| lists(app))?,
        ),
        (
            "figures of all programmes",
            vec!["/office/figures".to_owned()],
        ),
        ("figures of a programme", below("figures", "")),
        ("figures as CSV", below("figures", "/csv")),
        ("list by course", by_course(app)),
    ] {
        row(router, secretary, what, &paths, requests).await?;
    }
    for (format, filter) in [
        ("csv", "view=overdue"),
        ("xlsx", "view=overdue"),
        ("csv", "view=all"),
        ("xlsx", "view=all"),
    ] {
        let file = Ask {
            path: "/office/cases/export".to_owned(),
            form: Some(format!("{filter}&format={format}")),
        };
        let what = format!("file {format}, {filter}");
        measured(router, secretary, &what, &[file], (1, requests.min(FILES))).await?;
    }
    interface(app, router, requests).await
}

/// The newest lists before the sponsor.
fn lists(app: &App) -> Result<Vec<String>, String> {
    let read = app.db.read(|tx| {
        let mut lists = approval_list::open(tx)?;
        lists.extend(approval_list::past(tx, None, 20)?);
        Ok::<_, sonae_store::StoreError>(lists)
    });
    let lists = read.map_err(|error| error.to_string())?;
    let path = |list: &approval_list::List| format!("/office/approvals/{}", list.id);
    let paths: Vec<String> = lists.iter().map(path).collect();
    Ok(match paths.is_empty() {
        true => vec!["/office/approvals/alone".to_owned()],
        false => paths,
    })
}

/// The list of every course, in several views.
fn by_course(app: &App) -> Vec<String> {
    let courses = app
        .programs
        .iter()
        .flat_map(|running| running.program.courses());
    let views = ["all", "overdue", "unassigned", "confirmed", "closed"];
    courses
        .flat_map(|course| {
            views.map(|view| format!("/office/cases?view={view}&course={}", course.id))
        })
        .collect()
}

async fn interface(app: &App, router: &Router, requests: usize) -> Result<(), String> {
    let order = Order {
        name: "bench".to_owned(),
        role: StaffRole::Secretariat,
        scopes: Vec::new(),
        created_by: "command".to_owned(),
        expires_at: app.clock.now() + SignedDuration::from_hours(24),
    };
    let token = token::make(app, "command".to_owned(), order).await;
    let system = Asking::System {
        token: token.map_err(|error| error.to_string())?,
    };
    let paths = [
        "",
        "?view=overdue",
        "?status=confirmed",
        "?course=csirt&limit=200",
    ];
    let paths = paths.map(|query| format!("/api/v1/cases{query}"));
    row(router, &system, "list of the interface", &paths, requests).await
}
