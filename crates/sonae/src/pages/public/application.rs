//! 受付票: `/applications/{receipt_number}/{token}`. What was received, what happens next and by when, and what can be done about it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use sonae_core::application::answers::Answers;
use sonae_core::application::show::show_all;
use sonae_core::audit::hex;
use sonae_core::calendar::japanese;
use sonae_core::clock::Phase;
use sonae_core::program::flow::Step;
use sonae_core::program::{Milestone, Program};
use sonae_core::receipt_number;
use sonae_store::application::Application;
use sonae_store::outbox::Kept;

use super::calm::{self, Page};
use super::field::Row;
use super::frame::Frame;
use crate::app::App;
use crate::mail::reading;

#[derive(Template)]
#[template(path = "public/application.html")]
struct ApplicationPage<'a> {
    frame: Frame,
    program: &'a Program,
    number: &'a str,
    received_at: String,
    withdrawn_at: Option<String>,
    next: Option<Next<'a>>,
    courses: Vec<Course>,
    log_index: i64,
    log_hash: String,
    proof: String,
    /// Hex; with it and the stored answers the applicant checks the commitment in the log.
    salt: String,
    stored: &'a str,
    answers: Vec<Row>,
    mails: Vec<MailLine>,
    withdraw: String,
}

/// The step that comes now.
struct Next<'a> {
    title: &'a str,
    text: &'a str,
    clause: &'a str,
    /// By when; none where the guidelines set no date.
    due: Option<String>,
}

struct Course {
    title: String,
    position: i64,
    state: &'static str,
}

struct MailLine {
    at: String,
    subject: String,
    state: &'static str,
}

/// An application that was opened by its private link.
pub(super) struct Opened {
    pub application: Application,
    pub log_hash: String,
    pub mails: Vec<Kept>,
}

/// Opens an application by its number and token.
///
/// # Errors
/// The page to show instead; a wrong token and an unknown number cannot be told apart.
pub(super) async fn open(app: &App, number: &str, token: &str) -> Result<Opened, Response> {
    let number = receipt_number::read(number).ok_or_else(|| calm::no_application(app))?;
    let links = app.links.clone();
    let token = token.to_owned();
    let found = app
        .read(move |tx| {
            let found = sonae_store::application::by_receipt(tx, &number)?;
            let Some(application) = found.filter(|found| links.opens(&token, &found.id)) else {
                return Ok(None);
            };
            let entry = sonae_store::audit::entry(tx, application.log_index)?;
            let mails = sonae_store::outbox::of_application(tx, &application.id)?;
            Ok(Some(Opened {
                application,
                log_hash: entry.map_or_else(String::new, |entry| hex(&entry.hash)),
                mails,
            }))
        })
        .await;
    match found {
        Ok(Some(opened)) => Ok(opened),
        Ok(None) => Err(calm::no_application(app)),
        Err(error) => Err(calm::failed(error)),
    }
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = open(&app, &number, &token).await?;
    let application = &opened.application;
    let running = app.programs.get(&application.program_id);
    let program = &running.ok_or_else(|| calm::no_application(&app))?.program;
    // Our own JSON; were it damaged, the rest of the receipt is still worth showing.
    let answers: Answers = serde_json::from_str(&application.answers).unwrap_or_default();
    let withdrawn_at = application.withdrawn_at.map(japanese::moment);
    let page = ApplicationPage {
        frame: Frame::of_program(&app, program, "お申込みの状況").private(),
        program,
        number: &application.receipt_number,
        received_at: japanese::moment(application.received_at),
        next: match withdrawn_at {
            None => next(program, application),
            Some(_) => None,
        },
        withdrawn_at,
        courses: courses(program, application),
        log_index: application.log_index,
        log_hash: opened.log_hash,
        proof: format!("/applications/{}/proof", application.receipt_number),
        salt: hex(&application.salt),
        stored: &application.answers,
        answers: rows(program, &answers),
        mails: mail_lines(&opened.mails, app.clock.now()),
        withdraw: format!(
            "{}/withdraw",
            app.links
                .status_path(&application.receipt_number, &application.id)
        ),
    };
    Ok(calm::html(StatusCode::OK, &page))
}

/// The first step after the receipt that this application goes through, with the date of its clock.
fn next<'a>(program: &'a Program, application: &Application) -> Option<Next<'a>> {
    let courses: Vec<String> = application
        .places
        .iter()
        .map(|place| place.course.clone())
        .collect();
    let steps = &program.definition.flow.step;
    let concerned =
        |step: &&Step| step.applies_to(&courses) && step.reaches != Some(Milestone::Received);
    let step = steps.iter().find(concerned)?;
    let clock = application.clocks.iter().find(|(id, clock)| {
        step.clock.as_deref() == Some(id.as_str()) && matches!(clock.phase, Phase::Running)
    });
    Some(Next {
        title: &step.title,
        text: &step.text,
        clause: &step.clause,
        due: clock.map(|(_, clock)| japanese::date_with_weekday(clock.due_date())),
    })
}

fn courses(program: &Program, application: &Application) -> Vec<Course> {
    let in_order = program.courses().iter();
    in_order
        .filter_map(|course| {
            let place = application
                .places
                .iter()
                .find(|place| place.course == course.id)?;
            Some(Course {
                title: course.title.clone(),
                position: place.position,
                state: state_text(&place.state),
            })
        })
        .collect()
}

fn state_text(state: &str) -> &'static str {
    match state {
        "held" => "定員の枠に入っています",
        "offered" => "枠が空いたことをご案内しています",
        "waiting" => "枠が空くのをお待ちいただいています。空いたときに、受付の順にご案内します",
        _ => "枠をお返しいただきました",
    }
}

fn rows(program: &Program, answers: &Answers) -> Vec<Row> {
    let given = show_all(program, answers).into_iter();
    given
        .filter(|shown| !shown.value.is_empty())
        .map(|shown| Row {
            label: shown.label,
            value: shown.value,
            change: None,
        })
        .collect()
}

/// What was undone before it left, or still may be, is not the applicant's to see.
fn mail_lines(mails: &[Kept], now: Timestamp) -> Vec<MailLine> {
    let left = |kept: &&Kept| kept.state != "cancelled" && !kept.is_held_back(now);
    mails.iter().filter(left).map(mail_line).collect()
}

fn mail_line(kept: &Kept) -> MailLine {
    MailLine {
        at: japanese::moment(kept.sent_at.unwrap_or(kept.created_at)),
        subject: reading::read(&kept.mail.content)
            .header("Subject")
            .to_owned(),
        state: match kept.state.as_str() {
            "sent" => "送信済み",
            "failed" | "bounced" => "届けられませんでした",
            _ => "送信の手続き中",
        },
    }
}
