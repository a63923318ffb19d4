//! The receivers, and the form for another one. Its secret is shown once, right after it was added.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use sonae_store::webhook::{self, Webhook};

use super::{EVENTS, words};
use crate::app::App;
use crate::chance;
use crate::pages::office::Page;
use crate::pages::office::door::Staff;
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::field::{Choice, Choices, Control, Mistake, Text, mistakes};
use crate::pages::public::show as page;
use crate::webhook::{sign, target};

/// The longest note, in characters.
const LONGEST_NOTE: usize = 100;

#[derive(Template)]
#[template(path = "office/integrations/list.html")]
struct ListPage {
    frame: OfficeFrame,
    webhooks: Vec<Line>,
    full: bool,
    /// The id that the added one gets, so that a form that is sent twice adds one.
    id: String,
    controls: Vec<Control>,
    mistakes: Vec<Mistake>,
}

struct Line {
    id: String,
    url: String,
    note: String,
    events: String,
    active: bool,
}

#[derive(Template)]
#[template(path = "office/integrations/secret.html")]
struct SecretPage {
    frame: OfficeFrame,
    id: String,
    url: String,
    secret: String,
}

pub(super) async fn show(State(app): State<App>, staff: Staff) -> Page {
    let controls = controls(&Form::default());
    answer(&app, &staff, new_id(&app), controls).await
}

fn new_id(app: &App) -> String {
    chance::id(app.clock.now())
}

async fn answer(app: &App, staff: &Staff, id: String, controls: Vec<Control>) -> Page {
    let webhooks = app.read(webhook::all).await?;
    let wrong = mistakes(&controls);
    let status = match wrong.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let list = ListPage {
        frame: OfficeFrame::new(app, staff, Section::Integrations, "連携")
            .with_error(!wrong.is_empty()),
        full: webhooks.len() >= webhook::MOST as usize,
        webhooks: webhooks.into_iter().map(line).collect(),
        id,
        controls,
        mistakes: wrong,
    };
    page(status, &list)
}

fn line(webhook: Webhook) -> Line {
    Line {
        events: words(&webhook.events),
        id: webhook.id,
        url: webhook.url,
        note: webhook.note,
        active: webhook.active,
    }
}

fn controls(form: &Form) -> Vec<Control> {
    let mut url = Text::new("url", "送り先のURL");
    url.part.required = true;
    url.part.hint = Some("例: https://example.jp/sonae".into());
    url.kind = "url";
    url.value = form.first("url").to_owned();
    let choice = |(name, label): (&str, &str)| Choice {
        value: name.to_owned(),
        label: label.to_owned(),
        hint: None,
        chosen: form.all("events").any(|chosen| chosen == name),
    };
    let mut events = Choices::many(
        "events",
        "知らせること",
        EVENTS.into_iter().map(choice).collect(),
    );
    events.part.required = true;
    let mut note = Text::new("note", "覚え書き");
    note.part.hint = Some("何のための送り先かを書きます。送り先には伝わりません。".into());
    note.value = form.first("note").to_owned();
    vec![
        Control::Text(url),
        Control::Choices(events),
        Control::Text(note),
    ]
}

pub(super) async fn add(State(app): State<App>, staff: Staff, form: Form) -> Page {
    let mut controls = controls(&form);
    let events = chosen(&form);
    let url = target::read(form.first("url"), app.webhooks.is_local());
    let note = form.first("note").trim().to_owned();
    controls[0].part_mut().error = url.clone().err().map(str::to_owned);
    if events.is_empty() {
        controls[1].part_mut().error = Some("知らせることを一つ以上選んでください。".into());
    }
    if note.chars().count() > LONGEST_NOTE {
        let sentence = format!("覚え書きは{LONGEST_NOTE}文字以内にしてください。");
        controls[2].part_mut().error = Some(sentence);
    }
    let id = match uuid::Uuid::parse_str(form.first("id")) {
        Ok(id) => id.to_string(),
        Err(_) => new_id(&app),
    };
    let (Ok(url), true) = (url, mistakes(&controls).is_empty()) else {
        return answer(&app, &staff, id, controls).await;
    };
    let new = Webhook {
        id,
        url,
        secret: chance::bytes::<32>().to_vec(),
        events,
        active: true,
        note,
        created_at: app.clock.now(),
        created_by: staff.actor(),
    };
    store(&app, &staff, new).await
}

/// The chosen events in the order of the list.
fn chosen(form: &Form) -> Vec<String> {
    let is_chosen = |name: &&str| form.all("events").any(|chosen| chosen == *name);
    let names = EVENTS.into_iter().map(|(name, _)| name);
    names.filter(is_chosen).map(str::to_owned).collect()
}

async fn store(app: &App, staff: &Staff, new: Webhook) -> Page {
    let adding = new.clone();
    let write = app.write(move |tx| {
        if webhook::find(tx, &adding.id)?.is_some() {
            return Ok(None);
        }
        webhook::add(tx, &adding).map(Some)
    });
    let here = format!("/office/integrations/webhooks/{}", new.id);
    match write.await? {
        // The page with the secret was loaded again; the secret is not to be had a second time.
        None => Ok(Flash::warning(
            "この送り先は登録してあります。鍵は一度しか表示しません。控えていないときは、削除して登録し直してください。",
        )
        .go(app, staff, &here)),
        Some(false) => Ok(Flash::warning(
            "送り先の数が上限に達しているため、登録していません。使っていないものを削除してください。",
        )
        .go(app, staff, "/office/integrations")),
        Some(true) => {
            let frame = OfficeFrame::new(app, staff, Section::Integrations, "送り先の鍵")
                .crumb("連携", "/office/integrations");
            let secret = SecretPage {
                frame,
                id: new.id,
                url: new.url,
                secret: sign::written(&new.secret),
            };
            page(StatusCode::OK, &secret)
        }
    }
}
