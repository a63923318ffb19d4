//! 確認画面: `/apply/{token}/confirm`. What will be sent, what the rules say about it, and the button that sends it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sonae_core::application::read::{FieldError, Mode, read};
use sonae_core::application::show;
use sonae_core::eligibility::{Eligibility, Verdict, judge};
use sonae_core::program::eligibility::WhenIneligible;
use sonae_core::program::notices::Notice;
use sonae_core::program::{Program, WindowState};

use super::apply::closed_window;
use super::calm::{self, Page};
use super::draft::{self, Open};
use super::error::PageError;
use super::field::{Mistake, Row, id_of};
use super::finding::{self, Shown};
use super::frame::Frame;
use super::screen::{steps, wrong};
use super::typed::{belongs, names};
use crate::app::App;
use crate::submit::{Key, Outcome, Receipt, submit};

#[derive(Template)]
#[template(path = "public/confirm.html")]
struct ConfirmPage<'a> {
    frame: Frame,
    /// Their targets are addresses of screens, not controls of this page.
    mistakes: Vec<Mistake>,
    groups: Vec<Group<'a>>,
    findings: Vec<Shown>,
    overall: &'static str,
    notices: Vec<&'a Notice>,
    changed: bool,
    closed: bool,
    action: String,
    save: String,
}

/// The answers of one screen.
struct Group<'a> {
    title: &'a str,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "public/ineligible.html")]
struct IneligiblePage<'a> {
    frame: Frame,
    program: &'a Program,
    not_met: Vec<Shown>,
    others: Vec<Shown>,
    changes: Vec<Row>,
}

pub(super) async fn show(State(app): State<App>, Path(token): Path<String>) -> Page {
    let open = draft::open(&app, &token).await?;
    Ok(page(&app, &open, StatusCode::OK))
}

pub(super) async fn send(State(app): State<App>, Path(token): Path<String>) -> Page {
    let open = draft::open(&app, &token).await?;
    if !wrong(&open).is_empty() {
        return Ok(page(&app, &open, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let running = app.programs.get(open.program.id());
    let running = running.ok_or_else(|| calm::no_draft(&app))?;
    let key = Key::of_draft(&open.id);
    let confirm = format!("{}/confirm", open.path());
    let outcome = submit(&app, running, &open.typed.answers(), key)
        .await
        .map_err(|error| PageError::from(error).into_response())?;
    Ok(match outcome {
        Outcome::Received(receipt) | Outcome::Again(receipt) => to_receipt(&app, &receipt),
        // The page itself says what stands in the way, by the same reading.
        Outcome::Invalid(_) => page(&app, &open, StatusCode::UNPROCESSABLE_ENTITY),
        Outcome::Ineligible(_) => calm::see_other(&confirm),
        Outcome::Closed { window, .. } => calm::closed(&app, &open.program, window, Some(&confirm)),
        Outcome::Full { course } => calm::full(&app, &open.program, &course, &open.path()),
        // Sent from two windows with different answers: the first one counts, and its receipt is shown.
        Outcome::KeyUsed => match draft::open(&app, &token).await {
            Ok(_) => calm::busy(&app, &confirm),
            Err(page) => page,
        },
        Outcome::Busy => calm::busy(&app, &confirm),
    })
}

fn to_receipt(app: &App, receipt: &Receipt) -> Response {
    // The browser stays at the address it came to, whatever the links in mails begin with.
    let path = receipt.status_url.strip_prefix(&app.base_url);
    calm::see_other(path.unwrap_or(&receipt.status_url))
}

fn page(app: &App, open: &Open, status: StatusCode) -> Response {
    let errors = wrong(open);
    let program = &open.program;
    let answers = read(program, &open.typed.answers(), Mode::Complete);
    let (groups, verdict) = match answers {
        Ok(answers) if errors.is_empty() => {
            let groups = open.screens().iter().map(|screen| Group {
                title: &screen.title,
                rows: names(screen)
                    .map(|name| {
                        let shown = show::show(program, &answers, name);
                        Row {
                            value: if shown.value.is_empty() {
                                "(未入力)".to_owned()
                            } else {
                                shown.value
                            },
                            label: shown.label,
                            change: Some(change(open, &screen.id, name)),
                        }
                    })
                    .collect(),
            });
            (groups.collect(), Some(judge(program, &answers)))
        }
        _ => (Vec::new(), None),
    };
    let stops = program.definition.eligibility.when_ineligible == WhenIneligible::Stop;
    match verdict {
        Some(verdict) if stops && verdict.verdict == Eligibility::Ineligible => {
            ineligible(app, open, &verdict)
        }
        verdict => confirm(app, open, &errors, groups, verdict.as_ref(), status),
    }
}

fn confirm(
    app: &App,
    open: &Open,
    errors: &[FieldError],
    groups: Vec<Group<'_>>,
    verdict: Option<&Verdict>,
    status: StatusCode,
) -> Response {
    let program = &open.program;
    let notices = program.definition.notices.notice.iter();
    let page = ConfirmPage {
        frame: Frame::of_program(app, program, "内容の確認と送信")
            .private()
            .with_error(!errors.is_empty())
            .with_steps(steps(open, open.screens().len())),
        mistakes: mistakes(open, errors),
        groups,
        findings: verdict
            .map(|verdict| finding::open(program, verdict))
            .unwrap_or_default(),
        overall: verdict.map_or("", |verdict| finding::before_sending(verdict.verdict)),
        notices: notices.filter(|notice| notice.before_sending).collect(),
        changed: open.changed,
        closed: matches!(
            closed_window(app, program),
            Some(WindowState::NotYet { .. } | WindowState::Closed { .. })
        ),
        action: format!("{}/confirm", open.path()),
        save: format!("{}/saved", open.path()),
    };
    calm::html(status, &page)
}

/// A company that does not qualify is told why, what else is open, and whom to ask. Its answers stay.
fn ineligible(app: &App, open: &Open, verdict: &Verdict) -> Response {
    let program = &open.program;
    let not_met = finding::not_met(program, verdict);
    let changes = open.screens().iter().map(|screen| Row {
        label: screen.title.clone(),
        value: String::new(),
        change: Some(format!("{}?from=confirm", open.screen_path(screen))),
    });
    let page = IneligiblePage {
        frame: Frame::of_program(app, program, "ご参加の要件について").private(),
        program,
        not_met,
        others: finding::open(program, verdict),
        changes: changes.collect(),
    };
    calm::html(StatusCode::OK, &page)
}

/// What is wrong, each with the way to the screen where it is corrected.
fn mistakes(open: &Open, errors: &[FieldError]) -> Vec<Mistake> {
    let of = |error: &FieldError| {
        let screens = open.screens().iter();
        let mut fields = screens.flat_map(|screen| names(screen).map(move |name| (screen, name)));
        let target = fields.find(|(_, name)| belongs(error, name)).map_or_else(
            || open.path(),
            |(screen, name)| change(open, &screen.id, name),
        );
        Mistake {
            target,
            message: error.message.clone(),
        }
    };
    errors.iter().map(of).collect()
}

fn change(open: &Open, screen: &str, name: &str) -> String {
    format!("{}/{screen}?from=confirm#{}", open.path(), id_of(name))
}
