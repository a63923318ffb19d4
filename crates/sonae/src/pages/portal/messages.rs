//! メッセージ: `/applications/{receipt_number}/{token}/messages`. What company and office wrote to each other, and the mails that went out.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use sonae_core::calendar::japanese::moment;
use sonae_core::flow::Event;
use sonae_core::text::lines::lines;
use sonae_store::case_event::{self, Recorded};
use sonae_store::outbox::{self, Kept};

use super::super::public::calm::{self, Page};
use super::super::public::field::{Area, Control, Mistake, mistakes};
use super::super::public::frame::Frame;
use super::super::public::posted::Posted;
use super::door::{self, Opened, Top, verdict};
use crate::app::App;
use crate::mail::reading;
use crate::office::act::{Outcome, act_in};

/// The longest message, in characters.
const LONGEST: usize = 2_000;
/// The most messages that a company can send in 24 hours, so that a timeline stays readable.
const MOST_A_DAY: usize = 20;
/// The same words again within so many minutes are the second of two clicks.
const SAME_MESSAGE: SignedDuration = SignedDuration::from_mins(10);
/// The most messages that are shown; older ones the office still has.
const MOST_SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "portal/messages.html")]
struct MessagesPage {
    frame: Frame,
    top: Top,
    sent: bool,
    thread: Vec<Said>,
    mails: Vec<MailLine>,
    mistakes: Vec<Mistake>,
    control: Control,
    action: String,
}

/// One message of the thread.
struct Said {
    by_company: bool,
    at: String,
    subject: String,
    text: String,
}

struct MailLine {
    at: String,
    subject: String,
    state: &'static str,
}

/// What became of a message.
enum Sent {
    Yes(Box<Outcome>),
    /// The same words were sent a moment ago.
    Again,
    TooMany,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    let query = Posted::parse(query.unwrap_or_default().as_bytes());
    let said = match query.has("sent") {
        true => Remark::Sent,
        false => Remark::Nothing,
    };
    page(&app, &opened, "", said).await
}

pub(super) async fn send(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let opened = door::open(&app, &number, &token).await?;
    let typed = posted.first("text");
    let text = match lines(typed, "メッセージ", LONGEST) {
        Ok(text) => text,
        Err(mistake) => {
            let wrong = Remark::Wrong(mistake.sentence.into_owned());
            return page(&app, &opened, typed, wrong).await;
        }
    };
    match put(&app, &opened, text).await? {
        Sent::Yes(outcome) => {
            if let Err(refusal) = verdict(*outcome) {
                return Ok(opened.refused(&app, &refusal));
            }
        }
        Sent::Again => {}
        Sent::TooMany => {
            let wrong = Remark::Wrong(
                "今日は、たくさんのメッセージをいただきました。お急ぎのときは、下の窓口へお電話ください。"
                    .to_owned(),
            );
            return page(&app, &opened, typed, wrong).await;
        }
    }
    let path = opened.page("messages");
    Ok(calm::see_other(&format!("{path}?sent=1")))
}

async fn put(app: &App, opened: &Opened, text: String) -> Result<Sent, Response> {
    let (inner, now) = (app.clone(), app.clock.now());
    let id = opened.stored.application_id.clone();
    let request = opened.request(Event::Messaged {
        subject: String::new(),
        text: text.clone(),
    });
    let put = app.write(move |tx| {
        let events = case_event::of_application(tx, &id)?;
        let within = |event: &Recorded, span| now.duration_since(event.at) < span;
        let own: Vec<(&Recorded, String)> = (events.iter())
            .filter(|event| event.actor == "company")
            .filter_map(|event| Some((event, message(event)?.1)))
            .collect();
        let same =
            |(event, before): &(&Recorded, String)| *before == text && within(event, SAME_MESSAGE);
        if own.iter().any(same) {
            return Ok(Sent::Again);
        }
        let today = own
            .iter()
            .filter(|(event, _)| within(event, SignedDuration::from_hours(24)));
        if today.count() >= MOST_A_DAY {
            return Ok(Sent::TooMany);
        }
        let outcome = act_in(&inner, tx, &request, now)?;
        Ok(Sent::Yes(Box::new(outcome)))
    });
    put.await.map_err(calm::failed)
}

/// Subject and text of a message event.
fn message(event: &Recorded) -> Option<(String, String)> {
    if event.event != "messaged" {
        return None;
    }
    match serde_json::from_str(&event.data) {
        Ok(Event::Messaged { subject, text }) => Some((subject, text)),
        _ => None,
    }
}

/// What the page says besides the thread.
enum Remark {
    Nothing,
    Sent,
    Wrong(String),
}

async fn page(app: &App, opened: &Opened, typed: &str, remark: Remark) -> Page {
    let id = opened.stored.application_id.clone();
    let read = app.read(move |tx| {
        let events = case_event::of_application(tx, &id)?;
        Ok((events, outbox::of_application(tx, &id)?))
    });
    let (events, mails) = read.await.map_err(calm::failed)?;
    let mut area = Area {
        value: typed.to_owned(),
        ..Area::new("text", "メッセージ")
    };
    area.part.required = true;
    area.part.hint = Some(format!(
        "{LONGEST}文字まで。パスワードなどの秘密の情報は、書かないでください。"
    ));
    let (sent, wrong) = match remark {
        Remark::Nothing => (false, None),
        Remark::Sent => (true, None),
        Remark::Wrong(sentence) => (false, Some(sentence)),
    };
    let status = match wrong {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    area.part.error = wrong;
    let controls = [Control::Area(area)];
    let mistakes = mistakes(&controls);
    let [control] = controls;
    let now = app.clock.now();
    let page = MessagesPage {
        frame: opened
            .frame(app, "メッセージとメール")
            .with_error(!mistakes.is_empty()),
        top: opened.top(),
        sent,
        thread: thread(&events, &mails, now),
        mails: mail_lines(&mails, now),
        mistakes,
        control,
        action: opened.page("messages"),
    };
    Ok(calm::html(status, &page))
}

/// The messages of both sides, the latest first. Of the office's those whose mail has left; what may still be undone is not told.
fn thread(events: &[Recorded], mails: &[Kept], now: Timestamp) -> Vec<Said> {
    let left = |event: &Recorded| {
        let mut mails = mails.iter();
        let own = mails.find(|kept| kept.mail.mail == "message" && kept.created_at == event.at);
        own.is_none_or(|kept| has_left(kept, now))
    };
    let said = events.iter().rev().filter_map(|event| {
        let (subject, text) = message(event)?;
        let by_company = event.actor == "company";
        (by_company || left(event)).then(|| Said {
            by_company,
            at: moment(event.at),
            subject,
            text,
        })
    });
    said.take(MOST_SHOWN).collect()
}

fn has_left(kept: &Kept, now: Timestamp) -> bool {
    kept.state != "cancelled" && !kept.is_held_back(now)
}

/// What was undone before it left, or still may be, is not the applicant's to see.
fn mail_lines(mails: &[Kept], now: Timestamp) -> Vec<MailLine> {
    let left = mails.iter().rev().filter(|kept| has_left(kept, now));
    left.take(MOST_SHOWN).map(mail_line).collect()
}

fn mail_line(kept: &Kept) -> MailLine {
    MailLine {
        at: moment(kept.sent_at.unwrap_or(kept.created_at)),
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
