//! The list: both ways in one order, by view, page by page.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use sonae_core::calendar::japanese::moment;
use sonae_core::receipt_number;
use sonae_store::mailbox::{self, Counts, Entry, Mark, View};
use sonae_store::{StoreError, application, missing_mail};

use super::Standing;
use crate::app::App;
use crate::mail::reading;
use crate::pages::office::Page;
use crate::pages::office::door::Staff;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show as page;

/// Mails of one page.
const LISTED: u32 = 50;

/// What the address asks for; what is not understood is passed over.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    /// Where the page before ended: `milliseconds.id`.
    after: String,
    /// A receipt number: the mails of this case only.
    case: String,
}

#[derive(Template)]
#[template(path = "office/mails/list.html")]
struct ListPage {
    frame: OfficeFrame,
    tabs: Vec<Tab>,
    /// The receipt number of the case whose mails these are.
    case: Option<String>,
    /// What this view shows, and what to do with it.
    about: &'static str,
    lines: Vec<Line>,
    /// Mails that were to be sent and were not.
    missing: i64,
    is_first: bool,
    /// The address of the older ones.
    older: Option<String>,
}

struct Tab {
    view: &'static str,
    label: &'static str,
    current: bool,
    /// Shown where something waits for a person.
    count: Option<i64>,
}

struct Line {
    href: String,
    came: bool,
    at: String,
    /// Who wrote it, or whom it goes to.
    who: String,
    subject: String,
    case: Option<String>,
    standing: Standing,
}

/// View, its word in the address, its label, and what it shows.
const VIEWS: [(View, &str, &str, &str); 6] = [
    (
        View::All,
        "all",
        "すべて",
        "送ったメールと届いたメールを、新しい順に並べています。",
    ),
    (
        View::Unmatched,
        "unmatched",
        "案件が不明",
        "どの案件のものかわからない、届いたメールです。開いて、案件を選ぶか、対象外にしてください。",
    ),
    (
        View::Failed,
        "failed",
        "送れなかった",
        "くり返しても送れなかったメールです。宛先を確かめ、送り直すか、電話でご連絡ください。",
    ),
    (
        View::Bounced,
        "bounced",
        "戻ってきた",
        "相手のサーバーから戻ってきたメールです。宛先を確かめ、送り直すか、電話でご連絡ください。",
    ),
    (
        View::Waiting,
        "waiting",
        "送信待ち",
        "まだ送っていないメールです。送るまでは取り消せます。",
    ),
    (
        View::Incoming,
        "incoming",
        "届いた",
        "届いたメールを、新しい順に並べています。",
    ),
];

pub(super) async fn show(State(app): State<App>, staff: Staff, Query(asked): Query<Asked>) -> Page {
    let (view, word, _, about) = VIEWS
        .into_iter()
        .find(|(_, word, ..)| *word == asked.view)
        .unwrap_or(VIEWS[0]);
    let mark = mark_of(&asked.after);
    let case = receipt_number::read(&asked.case);
    let is_first = mark.is_none();
    let of_case = case.clone();
    let read = app.read(move |tx| {
        let entries = match &of_case {
            Some(number) => of_one(tx, number)?,
            None => Some(mailbox::page(tx, view, mark.as_ref(), LISTED + 1)?),
        };
        Ok((entries, mailbox::counts(tx)?, missing_mail::count(tx)?))
    });
    let (entries, counts, missing) = read.await?;
    let mut entries = entries.ok_or(PageError::NotFound)?;
    let more = case.is_none() && entries.len() > LISTED as usize;
    if more {
        entries.truncate(LISTED as usize);
    }
    let last = entries.last().filter(|_| more).map(|last| last.mark(view));
    let older =
        last.map(|mark| format!("/office/mails?view={word}&after={}.{}", mark.at_ms, mark.id));
    let frame = OfficeFrame::new(&app, &staff, Section::Mails, "メール");
    let frame = frame.with_count(Section::Mails, "案件の決まらないもの", counts.unmatched);
    let now = app.clock.now();
    let list = ListPage {
        frame,
        tabs: tabs(view, case.is_some(), counts),
        about: match case {
            Some(_) => "この案件のメールを、新しい順に並べています。",
            None => about,
        },
        case,
        lines: entries.iter().map(|entry| line(entry, now)).collect(),
        missing,
        is_first,
        older,
    };
    page(StatusCode::OK, &list)
}

fn of_one(tx: &mut sonae_db::Tx, number: &str) -> Result<Option<Vec<Entry>>, StoreError> {
    let Some(found) = application::by_receipt(tx, number)? else {
        return Ok(None);
    };
    let mut entries = mailbox::of_application(tx, &found.id)?;
    entries.reverse();
    Ok(Some(entries))
}

fn mark_of(text: &str) -> Option<Mark> {
    let (at_ms, id) = text.split_once('.')?;
    Some(Mark {
        at_ms: at_ms.parse().ok()?,
        id: id.to_owned(),
    })
}

fn tabs(current: View, of_case: bool, counts: Counts) -> Vec<Tab> {
    let tab = |(view, word, label, _): (View, &'static str, &'static str, &'static str)| Tab {
        view: word,
        label,
        current: view == current && !of_case,
        count: match view {
            View::Unmatched => Some(counts.unmatched),
            View::Failed => Some(counts.failed),
            View::Bounced => Some(counts.bounced),
            View::Waiting => Some(counts.waiting),
            View::All | View::Incoming => None,
        },
    };
    VIEWS.into_iter().map(tab).collect()
}

fn line(entry: &Entry, now: Timestamp) -> Line {
    match entry {
        Entry::Out(kept) => Line {
            href: format!("/office/mails/out/{}", kept.mail.id),
            came: false,
            at: moment(kept.created_at),
            who: kept.mail.recipient.clone(),
            subject: subject(reading::read(&kept.mail.content).header("Subject")),
            case: kept.receipt_number.clone(),
            standing: Standing::of_sent(kept, now),
        },
        Entry::In(message) => Line {
            href: format!("/office/mails/in/{}", message.id),
            came: true,
            at: moment(message.received_at),
            who: message.sender.clone(),
            subject: subject(&message.subject),
            case: message.receipt_number.clone(),
            standing: Standing::of_came(&message.kind, &message.state),
        },
    }
}

/// A subject as a link's text.
fn subject(text: &str) -> String {
    match text.trim() {
        "" => "(件名なし)".to_owned(),
        text => text.to_owned(),
    }
}
