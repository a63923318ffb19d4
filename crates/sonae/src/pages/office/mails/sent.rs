//! One mail of ours: its exact text, what became of it, sending it again, cancelling it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use sonae_core::calendar::japanese::moment;
use sonae_db::Tx;
use sonae_store::outbox::{self, Again, Kept, NotResent};
use sonae_store::{StoreError, case};

use super::{Standing, name_of, reason};
use crate::app::App;
use crate::mail::{doubtful, reading};
use crate::pages::office::Page;
use crate::pages::office::door::Staff;
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::field::{Area, Choice, Choices, Control, Mistake, mistakes};
use crate::pages::public::show as page;

#[derive(Template)]
#[template(path = "office/mails/sent.html")]
struct SentPage {
    frame: OfficeFrame,
    id: String,
    standing: Standing,
    /// Headers and what is known about it, label and value.
    facts: Vec<(&'static str, String)>,
    case: Option<String>,
    /// The first mail, when this is a copy; then the other way round.
    first: Option<String>,
    copies: Vec<(String, String)>,
    body: String,
    can_cancel: bool,
    /// The form for another sending.
    again: Vec<Control>,
    mistakes: Vec<Mistake>,
}

/// What the page reads.
struct Found {
    kept: Kept,
    copies: Vec<Kept>,
    /// The address in the answers of the case as they are now.
    current: Option<String>,
    resent_by: Option<String>,
    cancelled_by: Option<String>,
}

pub(super) async fn show(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let found = find(&app, id).await?;
    answer(&app, &staff, &found, &Form::default(), StatusCode::OK)
}

async fn find(app: &App, id: String) -> Result<Found, PageError> {
    let read = app.read(move |tx| {
        let Some(kept) = outbox::find(tx, &id)?.filter(|kept| !kept.is_to_staff()) else {
            return Ok(None);
        };
        let current = match &kept.receipt_number {
            Some(number) => current_address(tx, number)?,
            None => None,
        };
        let name = |tx: &mut Tx, actor: &Option<String>| {
            actor.as_deref().map(|actor| name_of(tx, actor)).transpose()
        };
        Ok(Some(Found {
            copies: outbox::copies(tx, &id)?,
            current,
            resent_by: name(tx, &kept.resent_by)?,
            cancelled_by: name(tx, &kept.cancelled_by)?,
            kept,
        }))
    });
    read.await?.ok_or(PageError::NotFound)
}

fn current_address(tx: &mut Tx, receipt_number: &str) -> Result<Option<String>, StoreError> {
    let stored = case::by_receipt(tx, receipt_number)?;
    Ok(stored.and_then(|stored| stored.answers.contact_email))
}

fn answer(app: &App, staff: &Staff, found: &Found, form: &Form, status: StatusCode) -> Page {
    let kept = &found.kept;
    let readable = reading::read(&kept.mail.content);
    let again = again(found, form, status != StatusCode::OK);
    let frame = OfficeFrame::new(app, staff, Section::Mails, "送ったメール")
        .crumb("メール", "/office/mails")
        .with_error(status != StatusCode::OK);
    let sent = SentPage {
        frame,
        id: kept.mail.id.clone(),
        standing: Standing::of_sent(kept, app.clock.now()),
        facts: facts(found, &readable, app.clock.now()),
        case: kept.receipt_number.clone(),
        first: kept.resend_of.clone(),
        copies: (found.copies.iter())
            .map(|copy| (copy.mail.id.clone(), moment(copy.created_at)))
            .collect(),
        body: readable.body,
        can_cancel: kept.state == "queued",
        mistakes: mistakes(&again),
        again,
    };
    page(status, &sent)
}

fn facts(
    found: &Found,
    readable: &reading::Readable,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let kept = &found.kept;
    let mut facts = vec![
        ("件名", readable.header("Subject").to_owned()),
        ("宛先", kept.mail.recipient.clone()),
        ("差出人", readable.header("From").to_owned()),
    ];
    let reply_to = readable.header("Reply-To");
    if !reply_to.is_empty() {
        facts.push(("返信先", reply_to.to_owned()));
    }
    facts.push(("作成", moment(kept.created_at)));
    if kept.state == "queued" {
        facts.push(("送る予定", format!("{} 以降", moment(kept.due_at))));
    }
    if let Some(at) = kept.sent_at {
        facts.push(("送信", moment(at)));
    }
    if kept.attempts > 1 {
        facts.push(("試した回数", format!("{}回", kept.attempts)));
    }
    if let Some(error) = &kept.last_error {
        facts.push(("サーバーの答え", error.clone()));
    }
    if let Some(doubt) = doubtful(kept, now) {
        facts.push(("届いたか", doubt.to_owned()));
    }
    if let Some(at) = kept.ended_at {
        let label = match kept.state.as_str() {
            "bounced" => "戻った日時",
            _ => "取り消した日時",
        };
        facts.push((label, moment(at)));
    }
    for (label, value) in [
        ("取り消した人", &found.cancelled_by),
        ("送り直した人", &found.resent_by),
        ("送り直した理由", &kept.resend_reason),
    ] {
        facts.extend(value.clone().map(|value| (label, value)));
    }
    facts.push(("Message-ID", kept.mail.message_id.clone()));
    facts
}

/// The controls for another sending; none while it makes no sense.
fn again(found: &Found, form: &Form, wrong: bool) -> Vec<Control> {
    if matches!(
        found.kept.state.as_str(),
        "queued" | "sending" | "cancelled"
    ) {
        return Vec::new();
    }
    let recipients = recipients(found);
    let chosen = recipients
        .iter()
        .position(|(word, ..)| *word == form.first("to"))
        .unwrap_or(recipients.len() - 1);
    let choices = recipients.iter().enumerate();
    let choices = choices.map(|(index, (word, label, address))| Choice {
        value: (*word).to_owned(),
        label: format!("{label} {address}"),
        hint: None,
        chosen: index == chosen,
    });
    let mut to = Choices::one("to", "送り先", choices.collect());
    to.part.required = true;
    let mut why = Area::new("reason", "送り直す理由");
    why.rows = 2;
    why.part.required = true;
    why.part.hint = Some("企業には見えません。例: 届いていないと電話があったため".into());
    why.value = form.first("reason").to_owned();
    if wrong {
        why.part.error = reason(&why.value, "送り直す理由").err();
    }
    vec![Control::Choices(to), Control::Area(why)]
}

/// Word, label and address of whoever it may be sent to again: as then, or as the case says now.
fn recipients(found: &Found) -> Vec<(&'static str, &'static str, &str)> {
    let then = found.kept.mail.recipient.as_str();
    let mut recipients = vec![("then", "このメールの宛先", then)];
    if let Some(current) = found.current.as_deref()
        && current != then
    {
        recipients.push(("now", "いまの連絡先", current));
    }
    recipients
}

pub(super) async fn resend(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Page {
    let found = find(&app, id).await?;
    let Ok(why) = reason(form.first("reason"), "送り直す理由") else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return answer(&app, &staff, &found, &form, status);
    };
    let recipients = recipients(&found);
    let chosen = recipients
        .iter()
        .find(|(word, ..)| *word == form.first("to"));
    let recipient = chosen.unwrap_or(&recipients[0]).2;
    let now = app.clock.now();
    let here = format!("/office/mails/out/{}", found.kept.mail.id);
    let Some(copy) = app.mailer.again(&found.kept.mail, recipient, now) else {
        let said = "宛先のメールアドレスが使えないため、送り直していません。電話でご連絡ください。";
        return Ok(Flash::warning(said).go(&app, &staff, &here));
    };
    let (id, actor, copy_id) = (found.kept.mail.id.clone(), staff.actor(), copy.id.clone());
    let write = app.write(move |tx| {
        let again = Again {
            id: &id,
            copy: &copy,
            actor: &actor,
            reason: &why,
        };
        outbox::resend(tx, again, now)
    });
    let (said, path) = match write.await? {
        Ok(()) => (
            Flash::success("同じ文面のメールを、送信待ちに入れました。まもなく送ります。"),
            format!("/office/mails/out/{copy_id}"),
        ),
        Err(NotResent::StillWaiting) => (
            Flash::warning("このメールか、その送り直しが、まだ送信待ちです。二重には送りません。"),
            here,
        ),
        Err(NotResent::Cancelled) => (Flash::warning("取り消したメールは、送り直せません。"), here),
        Err(NotResent::Unknown) => return Err(PageError::NotFound),
    };
    Ok(said.go(&app, &staff, &path))
}

pub(super) async fn cancel(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let (now, actor) = (app.clock.now(), staff.actor());
    let here = format!("/office/mails/out/{id}");
    let write = app.write(move |tx| match outbox::find(tx, &id)? {
        Some(kept) if !kept.is_to_staff() => outbox::cancel_by_hand(tx, &id, &actor, now).map(Some),
        _ => Ok(None),
    });
    let said = match write.await? {
        Some(true) => Flash::success("メールを取り消しました。相手には届きません。"),
        Some(false) => {
            Flash::warning("すでに送っているか、取り消してあるため、何も変えていません。")
        }
        None => return Err(PageError::NotFound),
    };
    Ok(said.go(&app, &staff, &here))
}
