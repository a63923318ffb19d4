//! `/office/checks`: the sheet of a day: every company whose devices are watched, with what was detected and what was said of it.

mod company;
mod doing;
mod missed;
mod quiet;
mod row;
mod sheet;
mod suppressions;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use sonae_core::access::Action;
use sonae_core::calendar::tokyo_date;
use sonae_core::detection_check::State as Said;

use super::Page;
use super::door::{Door, Staff};
use super::flash::Flash;
use super::form::Form;
use crate::app::App;
use crate::office::checks::{CompanyDay, UNKNOWN, Who, day, said, sign};
use crate::pages::public::error::PageError;
pub(super) use company::{action_kind, severity_kind};
use sheet::{Asked, shown};

const HERE: &str = "/office/checks";
/// Parts of a row's button.
const PARTS: usize = 4;

pub(super) fn routes(door: Door) -> Door {
    let check = Action::CheckDetections;
    let door = door
        .get(HERE, Action::ReadChecks, list)
        .post("/office/checks/{day}/said", check, say)
        .post("/office/checks/{day}/sign", check, put_name);
    let door = quiet::routes(door);
    let door = missed::routes(door);
    let door = company::routes(door);
    let door = doing::routes(door);
    suppressions::routes(door)
}

async fn list(State(app): State<App>, staff: Staff, RawQuery(query): RawQuery) -> Page {
    let today = tokyo_date(app.clock.now());
    let asked = Asked::of_query(&query.unwrap_or_default(), today);
    shown(&app, &staff, asked, (StatusCode::OK, None)).await
}

/// One button of a row: `number@version@lines@state`.
async fn say(State(app): State<App>, Path(day): Path<String>, staff: Staff, form: Form) -> Page {
    let day = read_day(&day)?;
    let asked = Asked::of_form(&form, day);
    let Some(say) = one(form.first("one"), (day, app.clock.now()), &staff) else {
        let sentence = "どの会社の状態を入れるかを、行のボタンで選んでください。".to_owned();
        return shown(
            &app,
            &staff,
            asked,
            (StatusCode::UNPROCESSABLE_ENTITY, Some(sentence)),
        )
        .await;
    };
    match said::say(&app, say).await? {
        Ok(_) => Ok(axum::response::IntoResponse::into_response(
            axum::response::Redirect::to(&asked.href()),
        )),
        Err(refusal) if refusal.code == UNKNOWN => Err(PageError::NotFound),
        Err(refusal) => {
            let wrong = (StatusCode::UNPROCESSABLE_ENTITY, Some(refusal.sentence));
            shown(&app, &staff, asked, wrong).await
        }
    }
}

fn one(button: &str, (day, at): (Date, Timestamp), staff: &Staff) -> Option<said::Say> {
    let parts: Vec<&str> = button.splitn(PARTS, '@').collect();
    let [number, version, lines, state] = parts[..] else {
        return None;
    };
    Some(said::Say {
        company_day: CompanyDay {
            receipt_number: number.to_owned(),
            day,
            who: who(staff),
            at,
        },
        state: Said::parse(state)?,
        note: String::new(),
        version: version.parse().ok()?,
        lines: Some(lines.parse().ok()?),
    })
}

async fn put_name(
    State(app): State<App>,
    Path(day): Path<String>,
    staff: Staff,
    form: Form,
) -> Page {
    let day = read_day(&day)?;
    let asked = Asked::of_form(&form, day);
    match sign::sign(&app, who(&staff), (day, app.clock.now())).await? {
        Ok(0) => Ok(Flash::success("この日は、すでに署名されています。").go(
            &app,
            &staff,
            &asked.href(),
        )),
        Ok(signed) => {
            let said = format!("{signed}社の確認に署名しました。");
            Ok(Flash::success(said).go(&app, &staff, &asked.href()))
        }
        Err(refusal) => {
            let wrong = (StatusCode::UNPROCESSABLE_ENTITY, Some(refusal.sentence));
            shown(&app, &staff, asked, wrong).await
        }
    }
}

pub(super) fn who(staff: &Staff) -> Who {
    Who {
        id: staff.id.clone(),
        role: staff.role,
    }
}

/// A day of an address.
///
/// # Errors
/// `NotFound` for what is none.
fn read_day(text: &str) -> Result<Date, PageError> {
    day(text).ok_or(PageError::NotFound)
}

/// The day before.
fn before(day: Date) -> Date {
    day.saturating_sub(1.day())
}
