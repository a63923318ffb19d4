//! `/office/mails`: every mail that was sent or came in, word for word, and what a person does about it.

mod came;
mod list;
mod missing;
mod sent;

use jiff::Timestamp;
use sonae_core::access::Action;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::doubt::End;
use sonae_store::outbox::Kept;

use super::door::Door;
use crate::office::people::People;

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 500;

pub(super) fn routes(door: Door) -> Door {
    door.get("/office/mails", Action::ReadMails, list::show)
        .get("/office/mails/missing", Action::ReadMails, missing::show)
        .post(
            "/office/mails/missing/send",
            Action::SendMails,
            missing::send,
        )
        .get("/office/mails/out/{id}", Action::ReadMails, sent::show)
        .post(
            "/office/mails/out/{id}/resend",
            Action::SendMails,
            sent::resend,
        )
        .post(
            "/office/mails/out/{id}/cancel",
            Action::SendMails,
            sent::cancel,
        )
        .get("/office/mails/in/{id}", Action::ReadMails, came::show)
        .get("/office/mails/in/{id}/raw", Action::ReadMails, came::raw)
        .post(
            "/office/mails/in/{id}/assign",
            Action::SendMails,
            came::assign,
        )
        .post(
            "/office/mails/in/{id}/set-aside",
            Action::SendMails,
            came::set_aside,
        )
}

/// A state in words, with the class of its chip.
#[derive(Clone, Debug)]
struct Standing {
    label: &'static str,
    chip: &'static str,
}

impl Standing {
    /// Of a mail that we write.
    fn of_sent(kept: &Kept, now: Timestamp) -> Standing {
        let (label, chip) = match (kept.state.as_str(), kept.attempts) {
            _ if kept.is_in_doubt(now) => ("届いたか確かめています", "warning"),
            ("queued", 0) => ("送信待ち", "info"),
            ("queued", _) => ("やり直し待ち", "warning"),
            ("sending", _) => ("送信中", "info"),
            ("sent", _) if kept.doubt.is_some_and(|end| end != End::Copy) => {
                ("送信済み(二度かもしれません)", "warning")
            }
            ("sent", _) => ("送信済み", "success"),
            ("failed", _) => ("送れませんでした", "error"),
            ("bounced", _) => ("戻ってきました", "error"),
            _ => ("取消し", "neutral"),
        };
        Standing { label, chip }
    }

    /// Of a mail that came in.
    fn of_came(kind: &str, state: &str) -> Standing {
        let (label, chip) = match (kind, state) {
            (_, "set_aside") => ("対象外", "neutral"),
            ("bounce", "open") => ("不達の通知(案件が不明)", "warning"),
            ("auto_reply", "open") => ("自動応答(案件が不明)", "warning"),
            (_, "open") => ("案件が不明", "warning"),
            ("bounce", _) => ("不達の通知", "error"),
            ("auto_reply", _) => ("自動応答", "neutral"),
            _ => ("返信", "success"),
        };
        Standing { label, chip }
    }
}

/// The name of whoever the records call `role:id`; the record's own word for one who is no person.
fn name_of(tx: &mut Tx, actor: &str) -> Result<String, StoreError> {
    let id = actor.split_once(':').map_or(actor, |(_, id)| id);
    let staff = sonae_store::staff::by_id(tx, id)?;
    match staff {
        Some(staff) => Ok(staff.name),
        None => {
            let people = People::read(tx)?;
            Ok(people.find(id).unwrap_or(actor).to_owned())
        }
    }
}

/// A reason as it was typed.
///
/// # Errors
/// The sentence that says what to correct.
fn reason(typed: &str, noun: &str) -> Result<String, String> {
    let typed = typed.trim();
    match typed.chars().count() {
        0 => Err(format!("{noun}を入力してください。")),
        count if count > LONGEST_REASON => {
            Err(format!("{noun}は{LONGEST_REASON}文字以内にしてください。"))
        }
        _ => Ok(typed.to_owned()),
    }
}
