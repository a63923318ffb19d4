//! Acting on a case: shown first, then done by the version that was seen. Used by every form of a case.
//!
//! A form is sent up to twice: `step=preview` shows what would happen, `step=act` does it. Between the two everything typed travels in
//! hidden fields, so that a conflict or a refusal loses nothing.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sonae_core::calendar::japanese::moment;
use sonae_core::flow::{Event, Refusal};
use sonae_store::case_event::{self, Recorded};
use sonae_store::outbox::Mail;

use super::open::Opened;
use super::sentence::told;
use super::way::Way;
use crate::app::App;
use crate::mail::reading;
use crate::office::act::{self, Done, Outcome, Preview, Request, SECOND_THOUGHTS};
use crate::office::foreseen;
use crate::pages::office::flash::Flash;
use crate::pages::office::form::{self, Form};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

/// The field that says what the button wants: `preview`, `edit` or `act`.
pub const STEP: &str = "step";
/// The field with the version of the case that the person saw.
pub const VERSION: &str = "version";

/// An event that somebody is about to cause.
pub struct Sending<'a> {
    pub way: &'static Way,
    pub event: Event,
    pub sent: &'a Form,
    /// Acts at the first sending when nothing outside of the record changes.
    pub quiet: bool,
}

#[derive(Template)]
#[template(path = "office/case/preview.html")]
struct PreviewPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    action: String,
    label: &'a str,
    sentences: Vec<String>,
    mails: Vec<MailShown>,
    leaves_at: String,
    typed: Vec<(String, String)>,
    version: i64,
}

/// A mail as the person sees it before she acts.
pub struct MailShown {
    pub to: String,
    pub subject: String,
    pub body: String,
}

#[derive(Template)]
#[template(path = "office/case/conflict.html")]
struct ConflictPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    action: String,
    label: &'a str,
    since: Vec<Since>,
    typed: Vec<(String, String)>,
    version: i64,
}

struct Since {
    at: String,
    who: String,
    what: String,
    said: String,
}

/// Shows what would happen, or does it, as the form's button wants.
///
/// # Errors
/// The inner error is a refusal, for the page that asked to show beside what was typed.
pub async fn send(
    app: &App,
    opened: &Opened,
    sending: Sending<'_>,
) -> Result<Result<Response, Refusal>, PageError> {
    let seen = seen(opened, Some(sending.sent));
    let request = Request {
        receipt_number: opened.stored.receipt_number.clone(),
        version: Some(seen),
        event: sending.event.clone(),
        actor: opened.actor(),
    };
    if sending.sent.first(STEP) != "act" {
        match act::preview(app, request.clone()).await? {
            Preview::Unknown => return Err(PageError::NotFound),
            Preview::Refused(refusal) => return Ok(Err(refusal)),
            Preview::Allowed {
                before,
                after,
                mails,
                ..
            } => {
                let program = opened.program();
                let sentences = foreseen::sentences(program, &before.case, &after.case, opened.now);
                if !(sending.quiet && sentences.is_empty() && mails.is_empty()) {
                    return preview(app, opened, &sending, (sentences, &mails)).map(Ok);
                }
            }
        }
    }
    let (outcome, twice) = once(app, request, seen).await?;
    if twice {
        return Ok(Ok(Redirect::to(&opened.href()).into_response()));
    }
    match outcome {
        Outcome::Unknown => Err(PageError::NotFound),
        Outcome::Refused(refusal) => Ok(Err(refusal)),
        Outcome::Conflict(since) => conflict(app, opened, &sending, &since).map(Ok),
        Outcome::Done(done) => Ok(Ok(said(app, opened, (sending.way, &sending.event), &done))),
    }
}

/// The version the person saw when she opened the form.
pub fn seen(opened: &Opened, sent: Option<&Form>) -> i64 {
    let current = opened.stored.case.version;
    let named = sent.and_then(|sent| sent.first(VERSION).parse().ok());
    // A version from the future was made up by hand.
    named.unwrap_or(current).min(current)
}

/// Acts, unless the same person did the very same since she opened the form: two clicks are one.
async fn once(app: &App, request: Request, seen: i64) -> Result<(Outcome, bool), PageError> {
    let inner = app.clone();
    let now = app.clock.now();
    let done = app
        .write(move |tx| {
            if clicked_before(tx, &request, seen)? {
                return Ok((Outcome::Conflict(Vec::new()), true));
            }
            Ok((act::act_in(&inner, tx, &request, now)?, false))
        })
        .await?;
    Ok(done)
}

fn clicked_before(
    tx: &mut sonae_db::Tx,
    request: &Request,
    seen: i64,
) -> Result<bool, sonae_store::StoreError> {
    let Some(stored) = sonae_store::case::by_receipt(tx, &request.receipt_number)? else {
        return Ok(false);
    };
    if stored.case.version <= seen {
        return Ok(false);
    }
    let data = serde_json::to_string(&request.event)?;
    let actor = request.actor.name();
    let same = |event: &Recorded| {
        event.version > seen
            && event.actor == actor
            && event.data == data
            && event.undone_at.is_none()
    };
    let events = case_event::of_application(tx, &stored.application_id)?;
    Ok(events.iter().any(same))
}

fn preview(
    app: &App,
    opened: &Opened,
    sending: &Sending<'_>,
    (sentences, mails): (Vec<String>, &[Mail]),
) -> Result<Response, PageError> {
    let leaves_at = opened.now + SECOND_THOUGHTS;
    let page = PreviewPage {
        frame: frame(app, opened, &format!("確認：{}", sending.way.label)),
        opened,
        action: sending.way.href(&opened.stored.receipt_number),
        label: sending.way.label,
        sentences,
        mails: mails.iter().map(shown).collect(),
        leaves_at: moment(leaves_at),
        typed: typed(sending.sent),
        version: seen(opened, Some(sending.sent)),
    };
    show(StatusCode::OK, &page)
}

fn conflict(
    app: &App,
    opened: &Opened,
    sending: &Sending<'_>,
    since: &[Recorded],
) -> Result<Response, PageError> {
    let line = |event: &Recorded| {
        let parsed = serde_json::from_str::<Event>(&event.data).ok();
        let told = parsed.map(|parsed| told(&opened.words(), &parsed, &event.actor));
        let (what, said) = told.map_or_else(
            || ("記録があります。".to_owned(), String::new()),
            |told| (told.what, told.said),
        );
        Since {
            at: moment(event.at),
            who: opened.who(&event.actor),
            what: match event.undone_at {
                Some(_) => format!("{what}(その後、取り消されました)"),
                None => what,
            },
            said,
        }
    };
    let version = since.iter().map(|event| event.version).max();
    let page = ConflictPage {
        frame: frame(app, opened, "ほかの方の操作がありました").with_error(true),
        opened,
        action: sending.way.href(&opened.stored.receipt_number),
        label: sending.way.label,
        since: since.iter().map(line).collect(),
        typed: typed(sending.sent),
        version: version.unwrap_or(0).max(opened.stored.case.version),
    };
    show(StatusCode::CONFLICT, &page)
}

/// Goes back to the case, saying what was done and until when it can be undone.
fn said(app: &App, opened: &Opened, (way, event): (&Way, &Event), done: &Done) -> Response {
    let number = &opened.stored.receipt_number;
    let mut sentence = format!("{number}：「{}」を行いました。", way.label);
    if !done.mails.is_empty() {
        sentence.push_str(&format!(
            "メール{}通は、{}に送ります。",
            done.mails.len(),
            moment(done.mails_leave_at)
        ));
    }
    let mut flash = Flash::success(sentence);
    if sonae_store::act::can_be_undone(event) {
        let path = format!("{}/undo/{}", opened.href(), done.after.case.version);
        flash = flash.with_action("取り消す", &path);
    }
    flash.go(app, &opened.staff, &opened.href())
}

/// Mails as a person reads them.
pub fn shown(mail: &Mail) -> MailShown {
    let read = reading::read(&mail.content);
    MailShown {
        to: mail.recipient.clone(),
        subject: read.header("Subject").to_owned(),
        body: read.body,
    }
}

/// What was typed, without what each page brings itself.
fn typed(sent: &Form) -> Vec<(String, String)> {
    let own =
        |(name, _): &&(String, String)| ![form::TOKEN, STEP, VERSION].contains(&name.as_str());
    sent.fields().iter().filter(own).cloned().collect()
}

/// The frame of a page about one case.
pub fn frame(app: &App, opened: &Opened, title: &str) -> OfficeFrame {
    OfficeFrame::new(app, &opened.staff, Section::Cases, title)
        .crumb("案件", "/office/cases")
        .crumb(
            &format!("{} {}", opened.stored.receipt_number, opened.name()),
            &opened.href(),
        )
}
