//! One receiver: what it was told last, a test, pause and end.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use sonae_core::calendar::japanese::moment;
use sonae_store::webhook::{self, Delivery};

use super::words;
use crate::app::App;
use crate::chance;
use crate::pages::office::Page;
use crate::pages::office::door::Staff;
use crate::pages::office::flash::Flash;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show as page;

/// Deliveries that are shown.
const LISTED: u32 = 100;

#[derive(Template)]
#[template(path = "office/integrations/webhook.html")]
struct WebhookPage {
    frame: OfficeFrame,
    id: String,
    url: String,
    events: String,
    note: String,
    active: bool,
    since: String,
    deliveries: Vec<Line>,
}

struct Line {
    at: String,
    event: String,
    event_id: String,
    state: &'static str,
    chip: &'static str,
    attempts: i64,
    result: String,
}

pub(super) async fn show(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let read = app.read(move |tx| {
        let Some(found) = webhook::find(tx, &id)? else {
            return Ok(None);
        };
        let deliveries = webhook::deliveries(tx, &id, LISTED)?;
        Ok(Some((found, deliveries)))
    });
    let (found, deliveries) = read.await?.ok_or(PageError::NotFound)?;
    let shown = WebhookPage {
        frame: OfficeFrame::new(&app, &staff, Section::Integrations, "送り先")
            .crumb("連携", "/office/integrations"),
        events: words(&found.events),
        since: moment(found.created_at),
        id: found.id,
        url: found.url,
        note: found.note,
        active: found.active,
        deliveries: deliveries.into_iter().map(line).collect(),
    };
    page(StatusCode::OK, &shown)
}

fn line(delivery: Delivery) -> Line {
    let (state, chip) = match (delivery.state.as_str(), delivery.attempts) {
        ("queued", 0) => ("送信待ち", "info"),
        ("queued", _) => ("やり直し待ち", "warning"),
        ("sending", _) => ("送信中", "info"),
        ("sent", _) => ("届きました", "success"),
        ("failed", _) => ("届きませんでした", "error"),
        _ => ("取消し", "neutral"),
    };
    Line {
        at: moment(delivery.created_at),
        event: delivery.event,
        event_id: delivery.event_id,
        state,
        chip,
        attempts: delivery.attempts,
        result: delivery.last_result.unwrap_or_default(),
    }
}

fn path(id: &str) -> String {
    format!("/office/integrations/webhooks/{id}")
}

/// Queues an event that says nothing.
pub(super) async fn test(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let now = app.clock.now();
    let event_id = format!("test.{}", chance::id(now));
    let here = path(&id);
    let write = app.write(move |tx| {
        let Some(found) = webhook::find(tx, &id)? else {
            return Ok(None);
        };
        if found.active {
            webhook::queue_test(tx, &event_id, &id, now)?;
        }
        Ok(Some(found.active))
    });
    let said = match write.await? {
        None => return Err(PageError::NotFound),
        Some(true) => Flash::success(
            "試しの知らせを送信待ちに入れました。数秒後にこのページを読み込み直すと、結果がわかります。",
        ),
        Some(false) => Flash::warning("止めている送り先には、試しの知らせも送りません。"),
    };
    Ok(said.go(&app, &staff, &here))
}

pub(super) async fn pause(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    set_active(&app, &staff, id, false).await
}

pub(super) async fn resume(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    set_active(&app, &staff, id, true).await
}

async fn set_active(
    app: &App,
    staff: &Staff,
    id: String,
    active: bool,
) -> Result<Response, PageError> {
    let (now, actor, here) = (app.clock.now(), staff.actor(), path(&id));
    let write = app.write(move |tx| webhook::set_active(tx, &id, active, &actor, now));
    let said = match (write.await?, active) {
        (false, _) => return Err(PageError::NotFound),
        (true, true) => {
            "お知らせを再開しました。止めていたあいだの出来事は、あとからは送りません。"
        }
        (true, false) => "お知らせを止めました。送信待ちだったものは取り消しました。",
    };
    Ok(Flash::success(said).go(app, staff, &here))
}

pub(super) async fn delete(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let (now, actor) = (app.clock.now(), staff.actor());
    let write = app.write(move |tx| webhook::delete(tx, &id, &actor, now));
    match write.await? {
        false => Err(PageError::NotFound),
        true => {
            let said = Flash::success("送り先を削除しました。これからは知らせません。");
            Ok(said.go(&app, &staff, "/office/integrations"))
        }
    }
}
