//! `POST /api/v1/programs/{id}/applications`: an application, received once.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use sonae_core::application::read::FieldError;
use sonae_core::calendar::tokyo;
use sonae_core::eligibility::{Outcome as Finding, Verdict};
use sonae_core::program::{Program, WindowState};

use super::address::Id;
use super::body::JsonBody;
use super::problem::{Kind, Problem};
use super::programs::running;
use crate::app::App;
use crate::submit::{Key, LONGEST_KEY, Outcome, Receipt, submit};

pub async fn create(
    State(app): State<App>,
    Id(id): Id,
    headers: HeaderMap,
    JsonBody(body): JsonBody,
) -> Result<Response, Problem> {
    let running = running(&app, &id)?;
    let key = key(&headers)?;
    let outcome = submit(&app, running, &body, key)
        .await
        .map_err(|error| Problem::internal(&error))?;
    match outcome {
        Outcome::Received(receipt) => Ok(answer(StatusCode::CREATED, receipt)),
        Outcome::Again(receipt) => Ok(answer(StatusCode::OK, receipt)),
        Outcome::Invalid(errors) => Err(Problem::invalid(errors)),
        Outcome::Ineligible(verdict) => Err(ineligible(verdict)),
        Outcome::Closed { course, window } => Err(closed(&running.program, &course, window)),
        Outcome::Full { course } => Err(full(&running.program, &course)),
        Outcome::KeyUsed => Err(key_used()),
        Outcome::Busy => Err(Problem::busy()),
    }
}

fn key(headers: &HeaderMap) -> Result<Key, Problem> {
    Key::of_api(key_header(headers)?).ok_or_else(unfit_key)
}

/// The header `Idempotency-Key`, once and in its form.
///
/// # Errors
/// `idempotency-key`.
pub fn key_header(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut given = headers.get_all("idempotency-key").iter();
    let (Some(value), None) = (given.next(), given.next()) else {
        return Err(Problem::new(
            Kind::IdempotencyKey,
            "同じものが二重に行われるのを防ぐため、Idempotency-Key ヘッダーに申込や操作ごとに異なる値(UUIDなど)を1つ付けて送ってください。",
        ));
    };
    let fits = |text: &&str| Key::of_api(text).is_some();
    value.to_str().ok().filter(fits).ok_or_else(unfit_key)
}

fn unfit_key() -> Problem {
    Problem::new(
        Kind::IdempotencyKey,
        format!(
            "Idempotency-Key は、空白を含まない半角の英数字と記号で、1文字から{LONGEST_KEY}文字までにしてください。"
        ),
    )
}

/// The receipt; it holds a private link, so nothing on the way may keep it.
fn answer(status: StatusCode, receipt: Receipt) -> Response {
    let location = HeaderValue::try_from(&receipt.status_url).ok();
    let mut response = (status, Json(receipt)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(location) = location {
        headers.insert(header::LOCATION, location);
    }
    response
}

fn ineligible(verdict: Verdict) -> Problem {
    let not_met = |finding: &&sonae_core::eligibility::Finding| finding.outcome == Finding::NotMet;
    let errors = (verdict.findings.iter().filter(not_met))
        .map(|finding| FieldError {
            field: (finding.facts.first()).map_or_else(String::new, |fact| fact.field.clone()),
            code: "not_met",
            message: format!("{}(募集要項 {})", finding.sentence, finding.clause),
        })
        .collect();
    Problem {
        errors,
        verdict: Some(Box::new(verdict)),
        ..Problem::new(
            Kind::Ineligible,
            "errors に示した条件を満たしていないため、申込を受け付けられません。回答が違うときは、直してもう一度送ってください。",
        )
    }
}

fn key_used() -> Problem {
    let message = "この Idempotency-Key は、内容の異なる申込に使われています。新しい申込には新しい値を付けてください。";
    Problem {
        errors: vec![FieldError {
            field: "Idempotency-Key".to_owned(),
            code: "idempotency_key_reused",
            message: message.to_owned(),
        }],
        ..Problem::new(Kind::IdempotencyKeyReused, message)
    }
}

/// The title says which course and since when.
fn closed(program: &Program, course: &str, window: WindowState) -> Problem {
    let course = course_title(program, course);
    let (title, detail) = match window {
        WindowState::NotYet { opens_at } => (
            format!("「{course}」の申込受付は{}に始まります", moment(opens_at)),
            "申込受付期間の前です。始まってからもう一度送ってください。",
        ),
        WindowState::Closed { closed_at } => (
            format!(
                "「{course}」の申込受付は{}に終わりました",
                moment(closed_at)
            ),
            "申込受付期間が終わっています。ほかの事業は GET /api/v1/programs で確かめられます。",
        ),
        // The door never refuses an open window; the sentence stays true if it ever did.
        WindowState::Open { .. } => (
            format!("「{course}」の申込を受け付けられません"),
            "もう一度送ってください。",
        ),
    };
    Problem {
        title,
        ..Problem::new(Kind::ProgramClosed, detail)
    }
}

fn full(program: &Program, course: &str) -> Problem {
    Problem {
        title: format!(
            "「{}」は定員に達したため、申込受付を終了しています",
            course_title(program, course)
        ),
        ..Problem::new(
            Kind::ProgramClosed,
            "空きの状況は GET /api/v1/programs/{id} で確かめられます。空きが出たときは、もう一度申し込めます。",
        )
    }
}

fn course_title<'a>(program: &'a Program, course: &'a str) -> &'a str {
    program
        .course(course)
        .map_or(course, |course| course.short_title.as_str())
}

/// An instant in Tokyo as Japanese text writes it.
fn moment(at: Timestamp) -> String {
    at.to_zoned(tokyo())
        .strftime("%Y年%-m月%-d日%-H時%M分")
        .to_string()
}
