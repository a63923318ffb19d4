//! The everyday forms of a case: fields, and the event that they make. What is special about a form stands in its own file.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use sonae_core::flow::{Event, Refusal};

use super::command::{self, STEP, Sending};
use super::fields::{self, Ask, Values};
use super::open::{self, Opened};
use super::way::Way;
use crate::app::App;
use crate::office::act::{self, Preview, Request};
use crate::pages::office::Page;
use crate::pages::office::calm::Calm;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::field::{Control, Mistake};
use crate::pages::public::show;

/// A form of a case.
pub struct CaseForm {
    pub way: Way,
    /// What it is for, for whoever opens it the first time.
    pub about: &'static str,
    /// Acts at the first click when nothing but the record changes: no mail, no clock, no place.
    pub quiet: bool,
    pub fields: fn(&Opened) -> Vec<Ask>,
    pub event: fn(&Opened, &Values) -> Event,
}

#[derive(Template)]
#[template(path = "office/case/form.html")]
struct FormPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    action: String,
    about: &'a str,
    quiet: bool,
    controls: Vec<Control>,
    mistakes: Vec<Mistake>,
    refusal: Option<String>,
    version: i64,
}

/// Registers the two addresses of each form.
pub(super) fn routes(door: Door, forms: &[&'static CaseForm]) -> Door {
    forms.iter().fold(door, |door, form| {
        let form: &'static CaseForm = form;
        let get = move |State(app): State<App>, Path(number): Path<String>, staff: Staff| async move {
            show_form(&app, form, &number, &staff).await
        };
        let post = move |State(app): State<App>, Path(number): Path<String>, staff: Staff, sent: Form| async move {
            posted(&app, form, &number, (&staff, &sent)).await
        };
        door.get(form.way.path, form.way.action, get)
            .post(form.way.path, form.way.action, post)
    })
}

async fn show_form(app: &App, form: &'static CaseForm, number: &str, staff: &Staff) -> Page {
    let opened = open::open(app, staff, number, form.way.action).await?;
    if !opened.offers(&form.way) {
        return not_now(app, &opened, &form.way).await;
    }
    let asks = (form.fields)(&opened);
    page(app, form, &opened, (asks, None), None)
}

async fn posted(
    app: &App,
    form: &'static CaseForm,
    number: &str,
    (staff, sent): (&Staff, &Form),
) -> Page {
    let opened = open::open(app, staff, number, form.way.action).await?;
    let mut asks = (form.fields)(&opened);
    let read = fields::read(&mut asks, sent);
    if sent.first(STEP) == "edit" {
        for ask in &mut asks {
            ask.control.part_mut().error = None;
        }
        return page(app, form, &opened, (asks, None), Some(sent));
    }
    let Ok(values) = read else {
        return page(app, form, &opened, (asks, None), Some(sent));
    };
    let sending = Sending {
        way: &form.way,
        event: (form.event)(&opened, &values),
        sent,
        quiet: form.quiet,
    };
    match command::send(app, &opened, sending).await? {
        Ok(response) => Ok(response),
        Err(refusal) => page(app, form, &opened, (asks, Some(refusal)), Some(sent)),
    }
}

/// The form with what was typed; status 422 when something is wrong with it.
fn page(
    app: &App,
    form: &CaseForm,
    opened: &Opened,
    (asks, refusal): (Vec<Ask>, Option<Refusal>),
    sent: Option<&Form>,
) -> Page {
    let mistakes = fields::found(&asks);
    let wrong = refusal.is_some() || !mistakes.is_empty();
    let page = FormPage {
        frame: command::frame(app, opened, form.way.label).with_error(wrong),
        opened,
        action: form.way.href(&opened.stored.receipt_number),
        about: form.about,
        quiet: form.quiet,
        controls: asks.into_iter().map(|ask| ask.control).collect(),
        mistakes,
        refusal: refusal.map(|refusal| refusal.sentence),
        version: command::seen(opened, sent),
    };
    let status = match wrong {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    show(status, &page)
}

/// Says why a way is not open now, in the engine's words.
pub(super) async fn not_now(
    app: &App,
    opened: &Opened,
    way: &Way,
) -> Result<Response, crate::pages::public::error::PageError> {
    let mut sentence = "この操作は、今はできません。".to_owned();
    if let Some(event) = (way.trials)(opened).into_iter().next() {
        let request = Request {
            receipt_number: opened.stored.receipt_number.clone(),
            version: None,
            event,
            actor: opened.actor(),
        };
        if let Preview::Refused(refusal) = act::preview(app, request).await? {
            sentence = refusal.sentence;
        }
    }
    Ok(Calm::new(app, &opened.staff, Section::Cases, way.label)
        .say(&sentence)
        .link("案件に戻る", &opened.href())
        .respond(StatusCode::CONFLICT))
}
