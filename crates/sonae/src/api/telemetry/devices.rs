//! `/api/v1/cases/{receipt_number}/devices`: the devices whose lines are taken for a company: listed, registered, ended, given another token.

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::access::Action;
use sonae_core::application::read::FieldError;
use sonae_core::audit::at_text;
use sonae_db::Tx;
use sonae_store::telemetry_source::{self, Source};
use sonae_store::{StoreError, case::Stored};

use super::super::address::{Id, Parts};
use super::super::body::JsonBody;
use super::super::case::open;
use super::super::door::Caller;
use super::super::problem::{Kind, Problem};
use super::super::typed;
use crate::app::App;
use crate::office::devices::{self, By, Standing, Typed};

/// The devices of a company.
#[derive(Serialize, JsonSchema)]
pub struct DeviceList {
    /// The newest first; those that ended too.
    pub devices: Vec<DeviceView>,
}

/// A device whose lines are taken for a period.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Device")]
pub struct DeviceView {
    pub id: String,
    #[schemars(extend("enum" = ["utm", "edr"]))]
    pub kind: &'static str,
    pub product: String,
    pub serial: String,
    /// The first and the last day on which lines are taken.
    #[schemars(extend("format" = "date"))]
    pub from: String,
    #[schemars(extend("format" = "date"))]
    pub to: String,
    /// Whether lines are taken now: `open`; `early` before the period, `over` after it, `ended` when somebody ended it.
    #[schemars(extend("enum" = ["early", "open", "over", "ended"]))]
    pub state: &'static str,
    /// When lines of it last came; null before the first.
    #[schemars(extend("format" = "date-time"))]
    pub heard_at: Option<String>,
    /// All its lines since the beginning, and those of them that nothing could read.
    pub lines: i64,
    pub unknown: i64,
}

/// A device that is to be registered.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "DeviceOrder")]
pub struct Registering {
    #[schemars(extend("enum" = ["utm", "edr"]))]
    pub kind: String,
    #[schemars(length(min = 1, max = 100))]
    pub product: String,
    /// The device that is meant when a line names none.
    #[schemars(length(min = 1, max = 100))]
    pub serial: String,
    /// The first and the last day on which lines are taken.
    #[schemars(extend("format" = "date"))]
    pub from: String,
    #[schemars(extend("format" = "date"))]
    pub to: String,
}

/// A device with its token.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeviceToken")]
pub struct TokenView {
    pub id: String,
    /// Told this once.
    pub token: String,
}

/// A device that was ended.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DeviceEnded")]
pub struct EndedView {
    pub id: String,
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
) -> Result<Json<DeviceList>, Problem> {
    let read = |tx: &mut Tx, stored: &Stored| devices::of_company(tx, &stored.application_id);
    let opened = open(&app, &caller, &number, read).await?;
    caller.may_do(&[Action::ManageSources], &opened.stored)?;
    let company = opened.stored.application_id;
    let delivered = app.detections(move |detections| detections.delivered(&company));
    let delivered = delivered.await.map_err(Problem::of_store)?;
    let now = app.clock.now();
    let view = |(source, heard): (Source, Option<Timestamp>)| {
        let found = delivered.iter().find(|one| one.source == source.id);
        let stored = found.and_then(|one| Timestamp::from_microsecond(one.heard_us).ok());
        let counts = found.map(|one| one.counts).unwrap_or_default();
        let (from, to) = devices::days(&source);
        DeviceView {
            kind: source.kind.as_str(),
            from: from.to_string(),
            to: to.to_string(),
            state: Standing::of(&source, now).as_str(),
            heard_at: heard.max(stored).map(at_text),
            lines: counts.lines,
            unknown: counts.unknown,
            id: source.id,
            product: source.product,
            serial: source.serial,
        }
    };
    Ok(Json(DeviceList {
        devices: opened.more.into_iter().map(view).collect(),
    }))
}

pub async fn register(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
    JsonBody(sent): JsonBody,
) -> Result<Response, Problem> {
    let opened = open(&app, &caller, &number, |_, _| Ok(())).await?;
    caller.may_do(&[Action::ManageSources], &opened.stored)?;
    let sent: Registering = typed::read(sent)?;
    let typed = Typed {
        kind: sent.kind,
        product: sent.product,
        serial: sent.serial,
        from: sent.from,
        to: sent.to,
    };
    let order = devices::read(&typed).map_err(|wrong| {
        let error = |(field, message): (&'static str, String)| FieldError {
            field: field.to_owned(),
            code: "invalid",
            message,
        };
        Problem::invalid_request(wrong.into_iter().map(error).collect())
    })?;
    let at = app.clock.now();
    let fresh = devices::fresh(at);
    let shown = TokenView {
        id: fresh.id.clone(),
        token: fresh.token.clone(),
    };
    change(&app, &caller, opened.stored, move |tx, stored, by| {
        devices::add(tx, &order, &fresh, &stored.application_id, by)
    })
    .await?;
    Ok(told(StatusCode::CREATED, shown))
}

pub async fn renew(
    State(app): State<App>,
    caller: Caller,
    Parts((number, id)): Parts<(String, String)>,
) -> Result<Response, Problem> {
    let stored = device(&app, &caller, &number, &id).await?;
    let token = devices::fresh(app.clock.now()).token;
    let shown = TokenView {
        id: id.clone(),
        token: token.clone(),
    };
    let renewed = change(&app, &caller, stored, move |tx, _, by| {
        devices::renew(tx, &id, &token, by)
    });
    match renewed.await? {
        true => Ok(told(StatusCode::OK, shown)),
        false => Err(ended_before()),
    }
}

pub async fn end(
    State(app): State<App>,
    caller: Caller,
    Parts((number, id)): Parts<(String, String)>,
) -> Result<Json<EndedView>, Problem> {
    let stored = device(&app, &caller, &number, &id).await?;
    let shown = EndedView { id: id.clone() };
    let ended = change(&app, &caller, stored, move |tx, _, by| {
        devices::end(tx, &id, by)
    });
    match ended.await? {
        true => Ok(Json(shown)),
        false => Err(ended_before()),
    }
}

/// The case of a device of its company.
async fn device(app: &App, caller: &Caller, number: &str, id: &str) -> Result<Stored, Problem> {
    let id = id.to_owned();
    let read = move |tx: &mut Tx, stored: &Stored| {
        let found = telemetry_source::by_id(tx, &id)?;
        Ok(found.is_some_and(|source| source.application_id == stored.application_id))
    };
    let opened = open(app, caller, number, read).await?;
    caller.may_do(&[Action::ManageSources], &opened.stored)?;
    match opened.more {
        true => Ok(opened.stored),
        false => Err(Problem::new(
            Kind::NotFound,
            "この案件に、その機器はありません。機器は GET /api/v1/cases/{受付番号}/devices で確かめられます。",
        )),
    }
}

async fn change<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    stored: Stored,
    what: impl Fn(&mut Tx, &Stored, By<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Problem> {
    let (actor, id, at) = (caller.name(), caller.id().to_owned(), app.clock.now());
    let write = app.write(move |tx| {
        let by = By {
            actor: &actor,
            id: &id,
            receipt_number: Some(&stored.receipt_number),
            at,
        };
        what(tx, &stored, by)
    });
    write.await.map_err(Problem::of_store)
}

/// A token, which nothing on the way may keep.
fn told(status: StatusCode, shown: TokenView) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], Json(shown)).into_response()
}

fn ended_before() -> Problem {
    Problem::refused(
        "ended",
        "この機器は、すでに終わっています。続けるときは、機器を登録し直してください。",
    )
}
