//! Everything that happened to a case in one list, the newest first: events, mails out and in, and the receipt itself.

use jiff::Timestamp;
use sonae_core::access::{self, Action, Grant};
use sonae_core::application::answers::Answers;
use sonae_core::application::show::{Change, changes};
use sonae_core::calendar::japanese::moment;
use sonae_core::flow::Event;
use sonae_store::case_event::Recorded;
use sonae_store::inbox::Message;
use sonae_store::outbox::Kept;

use super::open::Opened;
use super::sentence::{Told, told};
use crate::mail::reading;

/// Mails stand after the event that caused them, which bears the same instant.
const AFTER_ITS_EVENT: i64 = i64::MAX;

/// What the timeline is made of, read in one snapshot.
pub struct Sources {
    /// Oldest first.
    pub events: Vec<Recorded>,
    pub mails: Vec<Kept>,
    pub incoming: Vec<Message>,
    /// The answers at the receipt.
    pub received: Answers,
}

/// One entry.
#[derive(Default)]
pub struct Entry {
    pub at: String,
    /// For machines, in `datetime`.
    pub instant: String,
    pub who: String,
    pub what: String,
    pub said: String,
    pub internal: bool,
    pub changes: Vec<Change>,
    /// When it was undone.
    pub undone: Option<String>,
    /// A mail's own page, where it can be sent again or stopped.
    pub href: Option<String>,
    /// A mail's text, folded away.
    pub mail: Option<String>,
    /// The event's version; for mails and the receipt none.
    pub version: Option<i64>,
    order: (Timestamp, i64),
}

/// All entries, the newest first.
pub fn entries(opened: &Opened, sources: &Sources) -> Vec<Entry> {
    let mut entries = vec![receipt(opened)];
    let mut answers = sources.received.clone();
    for event in &sources.events {
        entries.push(of_event(opened, event, &mut answers));
    }
    entries.extend(sources.mails.iter().map(|mail| of_mail(opened, mail)));
    entries.extend((sources.incoming.iter()).map(|message| of_incoming(opened, message)));
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.order));
    entries
}

fn at(at: Timestamp, order: i64) -> Entry {
    Entry {
        at: moment(at),
        instant: at.to_string(),
        order: (at, order),
        ..Entry::default()
    }
}

fn receipt(opened: &Opened) -> Entry {
    Entry {
        who: "申込企業".to_owned(),
        what: "お申込みを受け付けました。".to_owned(),
        ..at(opened.stored.received_at, 0)
    }
}

fn of_event(opened: &Opened, event: &Recorded, answers: &mut Answers) -> Entry {
    let parsed = serde_json::from_str::<Event>(&event.data);
    let told = match &parsed {
        Ok(parsed) => told(&opened.words(), parsed, &event.actor),
        // An event of a later version of this program.
        Err(_) => Told {
            what: "この画面では表示できない記録です。".to_owned(),
            ..Told::default()
        },
    };
    let changes = match parsed {
        Ok(Event::Corrected { answers: new, .. }) => {
            let new = Answers {
                courses: answers.courses.clone(),
                ..*new
            };
            let changes = changes(opened.program(), answers, &new);
            // What was taken back is told and changes nothing that came later.
            if event.undone_at.is_none() {
                *answers = new;
            }
            changes
        }
        _ => Vec::new(),
    };
    Entry {
        who: opened.who(&event.actor),
        what: told.what,
        said: told.said,
        internal: told.internal,
        changes,
        undone: event.undone_at.map(moment),
        version: Some(event.version),
        ..at(event.at, event.version)
    }
}

fn of_mail(opened: &Opened, kept: &Kept) -> Entry {
    let read = reading::read(&kept.mail.content);
    let subject = read.header("Subject");
    let copy = if kept.resend_of.is_some() {
        "もう一度"
    } else {
        ""
    };
    let what = match kept.state.as_str() {
        "sent" => format!("メールを{copy}送りました：{subject}"),
        "bounced" => format!("メールが届かずに戻りました：{subject}"),
        "failed" => format!("メールを送れませんでした：{subject}"),
        "cancelled" => format!("送る前にやめたメール：{subject}"),
        _ if kept.is_held_back(opened.now) => {
            format!("メールを{}に送ります：{subject}", moment(kept.due_at))
        }
        _ => format!("メールを{copy}送るところです：{subject}"),
    };
    let moved = kept.sent_at.unwrap_or(kept.created_at);
    Entry {
        who: "自動".to_owned(),
        what,
        said: said_of_mail(kept, opened.now),
        href: own_page(opened, "out", &kept.mail.id),
        mail: Some(format!("宛先 {}\n\n{}", kept.mail.recipient, read.body)),
        ..at(moved, AFTER_ITS_EVENT)
    }
}

/// Why it was not sent, or that it may have arrived twice.
fn said_of_mail(kept: &Kept, now: Timestamp) -> String {
    let error = kept.last_error.as_deref();
    let doubt = crate::mail::doubtful(kept, now);
    [error, doubt]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

fn own_page(opened: &Opened, way: &str, id: &str) -> Option<String> {
    let reads = access::allowed(opened.staff.role, Action::ReadMails) == Grant::Yes;
    reads.then(|| format!("/office/mails/{way}/{id}"))
}

fn of_incoming(opened: &Opened, message: &Message) -> Entry {
    let what = match message.kind.as_str() {
        "bounce" => format!("メールが戻ってきました：{}", message.subject),
        "auto_reply" => format!("自動の返信が届きました：{}", message.subject),
        _ => format!("企業からメールが届きました：{}", message.subject),
    };
    Entry {
        who: message.sender.clone(),
        what,
        said: message.text.clone(),
        href: own_page(opened, "in", &message.id),
        ..at(message.received_at, AFTER_ITS_EVENT)
    }
}
