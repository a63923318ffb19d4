//! `GET /api/v1/cases/{receipt_number}/timeline` and `…/mails`: what happened to a case, and what was written.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use sonae_core::access::Action;
use sonae_core::audit::at_text;
use sonae_core::flow::Event;
use sonae_store::case_event::{self, Recorded};
use sonae_store::mailbox::{self, Entry};

use super::address::Id;
use super::case::open;
use super::door::Caller;
use super::problem::Problem;
use crate::app::App;
use crate::mail::reading;
use crate::office::people::People;

/// The events of a case, the oldest first.
#[derive(Serialize, JsonSchema)]
pub struct Timeline {
    pub events: Vec<Happened>,
}

/// An event that was applied.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RecordedEvent")]
pub struct Happened {
    /// The version of the case after it.
    pub version: i64,
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    /// `staff:<id>`, `company` or `system`.
    pub actor: String,
    /// The name of the person, of the system by its token, or of whoever else it was.
    pub actor_name: String,
    /// As it was sent.
    #[schemars(with = "Event")]
    pub event: Value,
    /// Its entry in the audit log.
    pub log_index: i64,
    #[schemars(extend("format" = "date-time"))]
    pub undone_at: Option<String>,
}

pub async fn timeline(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
) -> Result<Json<Timeline>, Problem> {
    let opened = open(&app, &caller, &number, |tx, stored| {
        let events = case_event::of_application(tx, &stored.application_id)?;
        Ok((events, People::read(tx)?))
    });
    let (events, people) = opened.await?.more;
    let events = (events.into_iter()).map(|recorded| happened(recorded, &people));
    Ok(Json(Timeline {
        events: events.collect(),
    }))
}

fn happened(recorded: Recorded, people: &People) -> Happened {
    Happened {
        version: recorded.version,
        at: at_text(recorded.at),
        actor_name: people.name(&recorded.actor),
        actor: recorded.actor,
        event: serde_json::from_str(&recorded.data).unwrap_or(Value::Null),
        log_index: recorded.log_index,
        undone_at: recorded.undone_at.map(at_text),
    }
}

/// Mails of a case both ways, the oldest first.
#[derive(Serialize, JsonSchema)]
pub struct MailList {
    pub mails: Vec<MailView>,
}

/// A mail of either way.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Mail")]
pub struct MailView {
    pub id: String,
    /// `out` to the company, `in` from it.
    #[schemars(extend("enum" = ["out", "in"]))]
    pub direction: &'static str,
    /// The mail's name in the programme, such as `auto_reply`; of an incoming one `reply`, `bounce`, `auto_reply` or `unmatched`.
    pub kind: String,
    /// Of an outgoing one `queued`, `sending`, `sent`, `failed`, `bounced` or `cancelled`; of an incoming one `open`, `assigned` or
    /// `set_aside`.
    pub state: String,
    /// To whom, or from whom.
    pub address: String,
    pub subject: String,
    pub text: String,
    /// When it was written, or came in.
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
    #[schemars(extend("format" = "date-time"))]
    pub sent_at: Option<String>,
}

pub async fn mails(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
) -> Result<Json<MailList>, Problem> {
    let opened = open(&app, &caller, &number, |tx, stored| {
        mailbox::of_application(tx, &stored.application_id)
    });
    let opened = opened.await?;
    caller.may_do(&[Action::ReadMails], &opened.stored)?;
    let mails = opened.more.into_iter().map(mail);
    Ok(Json(MailList {
        mails: mails.collect(),
    }))
}

fn mail(entry: Entry) -> MailView {
    match entry {
        Entry::Out(kept) => {
            let readable = reading::read(&kept.mail.content);
            MailView {
                id: kept.mail.id,
                direction: "out",
                kind: kept.mail.mail,
                state: kept.state,
                address: kept.mail.recipient,
                subject: readable.header("Subject").to_owned(),
                text: readable.body,
                at: at_text(kept.created_at),
                sent_at: kept.sent_at.map(at_text),
            }
        }
        Entry::In(message) => MailView {
            id: message.id,
            direction: "in",
            kind: message.kind,
            state: message.state,
            address: message.sender,
            subject: message.subject,
            text: message.text,
            at: at_text(message.received_at),
            sent_at: None,
        },
    }
}
