//! One mail that came in: its text as a person reads it, the bytes as they came, and which case it belongs to.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use serde::Deserialize;
use sonae_core::calendar::japanese::moment;
use sonae_core::receipt_number;
use sonae_store::application;
use sonae_store::inbox::{self, Message};

use super::{Standing, name_of, reason};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::Staff;
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::field::{Control, Mistake, Text, Width, mistakes};
use crate::pages::public::show as page;

const NUMBER: &str = "受付番号";
const WHY: &str = "対象外にする理由";

#[derive(Template)]
#[template(path = "office/mails/came.html")]
struct CamePage {
    frame: OfficeFrame,
    standing: Standing,
    mail: Message,
    at: String,
    attachments: Vec<Attachment>,
    /// Our mail that it answers or returns.
    answers: Option<String>,
    /// Who decided about it and when.
    decided: Option<String>,
    /// The forms for one that has no case: to give it to one, to set it aside.
    assign: Option<Control>,
    aside: Option<Control>,
    mistakes: Vec<Mistake>,
}

#[derive(Deserialize)]
struct Attachment {
    name: String,
    bytes: u64,
}

/// A message with the name of whoever decided about it.
type Found = (Message, Option<String>);

pub(super) async fn show(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let found = find(&app, id).await?;
    answer(&app, &staff, found, &Form::default(), None)
}

async fn find(app: &App, id: String) -> Result<Found, PageError> {
    let read = app.read(move |tx| {
        let Some(mail) = inbox::find(tx, &id)? else {
            return Ok(None);
        };
        let by = mail.decided_by.as_deref();
        let by = by.map(|actor| name_of(tx, actor)).transpose()?;
        Ok(Some((mail, by)))
    });
    read.await?.ok_or(PageError::NotFound)
}

/// `wrong` is a control's name and what to correct in it.
fn answer(
    app: &App,
    staff: &Staff,
    (mail, by): Found,
    form: &Form,
    wrong: Option<(&str, String)>,
) -> Page {
    let open = mail.state == "open";
    let control = |name: &'static str, label: &str, hint: &str, width| {
        let mut text = Text::new(name, label);
        text.part.required = true;
        text.part.hint = Some(hint.to_owned());
        text.width = width;
        text.value = form.first(name).to_owned();
        if let Some((_, error)) = wrong.as_ref().filter(|(known, _)| *known == name) {
            text.part.error = Some(error.clone());
        }
        Control::Text(text)
    };
    let assign = control(
        "receipt_number",
        NUMBER,
        "例: KT-333-34A。全角でも、ハイフンがなくても構いません。",
        Width::Medium,
    );
    let aside = control("reason", WHY, "例: 広告のため", Width::Full);
    let frame = OfficeFrame::new(app, staff, Section::Mails, "届いたメール")
        .crumb("メール", "/office/mails")
        .with_error(wrong.is_some());
    let decided = mail.decided_at.map(|at| match (mail.state.as_str(), &by) {
        ("set_aside", Some(by)) => format!("{by}が{}に対象外にしました。", moment(at)),
        (_, Some(by)) => format!("{by}が{}に案件を決めました。", moment(at)),
        (_, None) => moment(at),
    });
    let came = CamePage {
        frame,
        standing: Standing::of_came(&mail.kind, &mail.state),
        at: moment(mail.received_at),
        attachments: serde_json::from_str(&mail.attachments).unwrap_or_default(),
        answers: mail.outbox_id.clone(),
        decided,
        mistakes: mistakes(&[assign.clone(), aside.clone()]),
        assign: open.then_some(assign),
        aside: open.then_some(aside),
        mail,
    };
    let status = match wrong {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &came)
}

/// The bytes as they came, to be opened by a mail program.
pub(super) async fn raw(State(app): State<App>, Path(id): Path<String>) -> Page {
    let name = id.clone();
    let raw = app.read(move |tx| inbox::raw(tx, &id)).await?;
    let raw = raw.ok_or(PageError::NotFound)?;
    // The id is one of ours, since a mail was found by it.
    let disposition = format!("attachment; filename=\"mail-{name}.eml\"");
    let headers = [
        (CONTENT_TYPE, "message/rfc822".to_owned()),
        (CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, raw).into_response())
}

pub(super) async fn assign(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Page {
    let typed = form.first("receipt_number");
    let Some(number) = receipt_number::read(typed) else {
        let sentence = match typed.trim() {
            "" => "受付番号を入力してください。",
            _ => "受付番号が正しくありません。書き間違いがないか、確かめてください。",
        };
        let found = find(&app, id).await?;
        let wrong = Some(("receipt_number", sentence.to_owned()));
        return answer(&app, &staff, found, &form, wrong);
    };
    let (now, actor) = (app.clock.now(), staff.actor());
    let (mail, of) = (id.clone(), number.clone());
    let write = app.write(move |tx| {
        let Some(found) = application::by_receipt(tx, &of)? else {
            return Ok(None);
        };
        inbox::assign(tx, &mail, &found.id, &actor, now).map(Some)
    });
    match write.await? {
        None => {
            let sentence = format!("受付番号 {number} の申込みはありません。");
            let found = find(&app, id).await?;
            let wrong = Some(("receipt_number", sentence));
            answer(&app, &staff, found, &form, wrong)
        }
        Some(true) => {
            let said = format!("案件 {number} のメールにしました。");
            Ok(Flash::success(said).go(&app, &staff, &format!("/office/mails/in/{id}")))
        }
        Some(false) => decided_before(&app, &staff, id).await,
    }
}

pub(super) async fn set_aside(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Page {
    let why = match reason(form.first("reason"), WHY) {
        Ok(why) => why,
        Err(sentence) => {
            let found = find(&app, id).await?;
            return answer(&app, &staff, found, &form, Some(("reason", sentence)));
        }
    };
    let (now, actor, mail) = (app.clock.now(), staff.actor(), id.clone());
    let write = app.write(move |tx| inbox::set_aside(tx, &mail, &why, &actor, now));
    match write.await? {
        true => {
            let said = Flash::success("メールを対象外にしました。");
            Ok(said.go(&app, &staff, "/office/mails?view=unmatched"))
        }
        false => decided_before(&app, &staff, id).await,
    }
}

/// Somebody was quicker, or there is no such mail.
async fn decided_before(app: &App, staff: &Staff, id: String) -> Page {
    find(app, id.clone()).await?;
    let said = Flash::warning("ほかの人が先に決めたため、何も変えていません。");
    Ok(said.go(app, staff, &format!("/office/mails/in/{id}")))
}
