//! Cases that were not sent what they must have been sent, and sending it now.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use sonae_core::access::{self, Action, Grant};
use sonae_core::calendar::japanese::moment;
use sonae_core::receipt_number;
use sonae_db::Tx;
use sonae_store::missing_mail::{self, Missing};
use sonae_store::{StoreError, audit, case, outbox};

use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::Staff;
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show as page;

const HERE: &str = "/office/mails/missing";
/// The most that the page lists; what is sent makes room for the rest.
const LISTED: u32 = 200;

#[derive(Template)]
#[template(path = "office/mails/missing.html")]
struct MissingPage {
    frame: OfficeFrame,
    lines: Vec<Line>,
    may_send: bool,
}

struct Line {
    case: String,
    name: String,
    /// What the mail is about, as the programme's own subject says it.
    subject: String,
    mail: String,
    found_at: String,
}

pub(super) async fn show(State(app): State<App>, staff: Staff) -> Page {
    let missing = app.read(|tx| missing_mail::list(tx, LISTED)).await?;
    let may_send = access::allowed(staff.role, Action::SendMails) == Grant::Yes;
    let page_of_missing = MissingPage {
        may_send,
        frame: OfficeFrame::new(&app, &staff, Section::Mails, "届いていないメール")
            .crumb("メール", "/office/mails"),
        lines: missing
            .into_iter()
            .map(|missing| line(&app, missing))
            .collect(),
    };
    page(StatusCode::OK, &page_of_missing)
}

fn line(app: &App, missing: Missing) -> Line {
    let running = app.programs.get(&missing.program_id);
    let mut mails = running
        .iter()
        .flat_map(|running| &running.program.definition.mail.mail);
    let subject = mails
        .find(|known| known.id == missing.mail)
        .map(|known| without_gaps(&known.subject));
    Line {
        subject: subject.unwrap_or_else(|| missing.mail.clone()),
        case: missing.receipt_number,
        name: missing.name,
        mail: missing.mail,
        found_at: moment(missing.found_at),
    }
}

/// A subject without the parts in brackets that a case would fill: 【…】 and (…).
fn without_gaps(subject: &str) -> String {
    let mut text = subject.to_owned();
    for (open, close) in [('【', '】'), ('(', ')')] {
        while let Some(from) = text.find(open)
            && let Some(length) = text[from..].find(close)
        {
            text.replace_range(from..from + length + close.len_utf8(), "");
        }
    }
    text
}

pub(super) async fn send(State(app): State<App>, staff: Staff, form: Form) -> Page {
    let number = receipt_number::read(form.first("case")).ok_or(PageError::NotFound)?;
    let (mail, actor) = (form.first("mail").to_owned(), staff.actor());
    let inner = app.clone();
    let sent = app
        .write(move |tx| send_now(&inner, tx, &number, &mail, &actor))
        .await?;
    let said = match sent {
        Some(true) => Flash::success("メールを送信待ちに入れました。まもなく送ります。"),
        Some(false) => Flash::warning(
            "宛先のメールアドレスか文面に問題があり、送れませんでした。電話でご連絡ください。",
        ),
        None => Flash::warning("このメールは、すでに送ってあります。二重には送りません。"),
    };
    Ok(said.go(&app, &staff, HERE))
}

/// Queues a missing mail; none when it is not missing any more, false when it cannot be written.
fn send_now(
    app: &App,
    tx: &mut Tx,
    number: &str,
    mail: &str,
    actor: &str,
) -> Result<Option<bool>, StoreError> {
    let now = app.clock.now();
    let Some(stored) = case::by_receipt(tx, number)? else {
        return Ok(None);
    };
    let id = stored.application_id.clone();
    if !missing_mail::is_missing(tx, &id, mail)? {
        return Ok(None);
    }
    let places = case::place_data(tx, &id)?;
    let Some(letter) = app.mailer.of_standing(&stored, &places, mail, now) else {
        return Ok(Some(false));
    };
    outbox::put(tx, Some(&id), &letter, now, now)?;
    missing_mail::forget(tx, &id, mail)?;
    let act = audit::Act {
        at: now,
        actor,
        action: "mail.sent_late",
        subject: number,
    };
    audit::append(tx, act, serde_json::json!({ "mail": mail }))?;
    Ok(Some(true))
}
