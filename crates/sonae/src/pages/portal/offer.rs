//! 枠のご案内: `/applications/{receipt_number}/{token}/offer/{course}`. The company takes a place that became free, or lets it go.

use askama::Template;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::capacity::PlaceState;
use sonae_core::flow::Event;
use sonae_core::program::program::Course;

use super::super::public::calm::{self, Page};
use super::super::public::field::{Choice, Choices, Control, Mistake, mistakes};
use super::super::public::frame::Frame;
use super::super::public::posted::Posted;
use super::door::{self, Opened, Top};
use super::home::running;
use crate::app::App;

#[derive(Template)]
#[template(path = "portal/offer.html")]
struct OfferPage<'a> {
    frame: Frame,
    top: Top,
    course: &'a Course,
    until: Option<String>,
    /// Whether letting it go ends the application.
    is_last: bool,
    mistakes: Vec<Mistake>,
    control: Control,
    action: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token, course)): Path<(String, String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    Ok(page(&app, &opened, &course, None))
}

pub(super) async fn reply(
    State(app): State<App>,
    Path((number, token, course)): Path<(String, String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Page {
    let posted = Posted::read(body).map_err(IntoResponse::into_response)?;
    let opened = door::open(&app, &number, &token).await?;
    if opened.case().places.get(&course) != Some(&PlaceState::Offered) {
        return Ok(page(&app, &opened, &course, None));
    }
    let (event, wanted) = match posted.first("answer") {
        "accept" => (
            Event::OfferAccepted {
                course: course.clone(),
            },
            PlaceState::Held,
        ),
        "decline" => (
            Event::OfferDeclined {
                course: course.clone(),
            },
            PlaceState::Returned,
        ),
        _ => {
            let sentence = "ご希望かどうかを選んでください。";
            return Ok(page(&app, &opened, &course, Some(sentence)));
        }
    };
    match opened.act(&app, event).await? {
        Ok(()) => Ok(calm::see_other(&opened.done("offer"))),
        // The other of two clicks was first, or the offer has just run out.
        Err(refusal) => {
            let now = door::open(&app, &number, &token).await?;
            match now.case().places.get(&course) == Some(&wanted) {
                true => Ok(calm::see_other(&opened.done("offer"))),
                false => Ok(opened.refused(&app, &refusal)),
            }
        }
    }
}

fn page(app: &App, opened: &Opened, course: &str, error: Option<&str>) -> Response {
    let place = opened.case().places.get(course);
    let known = opened.program().course(course).zip(place);
    let Some((course, place)) = known else {
        return calm::not_found();
    };
    let sentence = match place {
        PlaceState::Offered => return offered(app, opened, course, error),
        PlaceState::Held => "このコースの枠は、お取りしてあります。お返事は要りません。",
        PlaceState::Waiting => {
            "このコースの枠は、まだ空いていません。空いたときに、メールでご案内します。"
        }
        PlaceState::Returned => {
            "このコースの枠のご案内は、終わりました。お断りのお返事をいただいたか、期日が過ぎています。今も参加をご希望のときは、下の窓口へご連絡ください。"
        }
    };
    opened.not_now(app, StatusCode::OK, sentence)
}

fn offered(app: &App, opened: &Opened, course: &Course, error: Option<&str>) -> Response {
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: None,
        chosen: false,
    };
    let mut choices = Choices::one(
        "answer",
        "お返事",
        vec![
            choice("accept", "このコースへの参加を希望します"),
            choice("decline", "今回は見送ります"),
        ],
    );
    choices.part.required = true;
    choices.part.error = error.map(str::to_owned);
    let controls = [Control::Choices(choices)];
    let mistakes = mistakes(&controls);
    let [control] = controls;
    let status = match error {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let until = running(opened, &format!("offer.{}", course.id));
    let page = OfferPage {
        frame: opened.frame(app, "枠のご案内").with_error(error.is_some()),
        top: opened.top(),
        course,
        until: until.map(|clock| date_with_weekday(clock.due_date())),
        is_last: opened.case().live_courses().len() <= 1,
        mistakes,
        control,
        action: opened.page(&format!("offer/{}", course.id)),
    };
    calm::html(status, &page)
}
