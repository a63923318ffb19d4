//! Errors of the interface: `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::application::read::FieldError;
use sonae_core::eligibility::Verdict;
use sonae_store::StoreError;

use crate::error::is_passing;
use crate::intake::IntakeError;

/// How long a client should wait when the door is crowded, in seconds.
const BUSY_SECONDS: u32 = 2;

/// What kind of thing went wrong; each has its own stable `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Malformed,
    IdempotencyKey,
    NotFound,
    MethodNotAllowed,
    ProgramClosed,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    Ineligible,
    IdempotencyKeyReused,
    TooManyRequests,
    Internal,
    Busy,
}

impl Kind {
    /// Every kind, for the interface's description.
    pub const ALL: &[Kind] = &[
        Kind::Malformed,
        Kind::IdempotencyKey,
        Kind::NotFound,
        Kind::MethodNotAllowed,
        Kind::ProgramClosed,
        Kind::TooLarge,
        Kind::UnsupportedMediaType,
        Kind::Invalid,
        Kind::Ineligible,
        Kind::IdempotencyKeyReused,
        Kind::TooManyRequests,
        Kind::Internal,
        Kind::Busy,
    ];

    /// Status, the last part of the `type`, and the Japanese title.
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Kind::Malformed => (
                StatusCode::BAD_REQUEST,
                "urn:sonae:problem:malformed",
                "送られた内容を読めません",
            ),
            Kind::IdempotencyKey => (
                StatusCode::BAD_REQUEST,
                "urn:sonae:problem:idempotency-key",
                "Idempotency-Key が必要です",
            ),
            Kind::NotFound => (
                StatusCode::NOT_FOUND,
                "urn:sonae:problem:not-found",
                "見つかりません",
            ),
            Kind::MethodNotAllowed => (
                StatusCode::METHOD_NOT_ALLOWED,
                "urn:sonae:problem:method-not-allowed",
                "この方法では利用できません",
            ),
            Kind::ProgramClosed => (
                StatusCode::CONFLICT,
                "urn:sonae:problem:program-closed",
                "申込を受け付けていません",
            ),
            Kind::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "urn:sonae:problem:too-large",
                "送られた内容が大きすぎます",
            ),
            Kind::UnsupportedMediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "urn:sonae:problem:not-json",
                "JSONで送ってください",
            ),
            Kind::Invalid => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:sonae:problem:invalid-answers",
                "回答に直すところがあります",
            ),
            Kind::Ineligible => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:sonae:problem:ineligible",
                "申込の条件を満たしていません",
            ),
            Kind::IdempotencyKeyReused => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:sonae:problem:idempotency-key-reused",
                "Idempotency-Key がほかの申込に使われています",
            ),
            Kind::TooManyRequests => (
                StatusCode::TOO_MANY_REQUESTS,
                "urn:sonae:problem:too-many-requests",
                "短い時間に送られた数が多すぎます",
            ),
            Kind::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "urn:sonae:problem:internal",
                "処理できませんでした",
            ),
            Kind::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                "urn:sonae:problem:busy",
                "ただいま混み合っています",
            ),
        }
    }

    pub fn status(self) -> StatusCode {
        self.parts().0
    }

    pub fn title(self) -> &'static str {
        self.parts().2
    }

    /// The stable `type`, a URN.
    pub fn urn(self) -> &'static str {
        self.parts().1
    }
}

/// An error as it is sent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// A stable URN that names the kind of error.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Japanese, the same for every error of this type.
    pub title: String,
    pub status: u16,
    /// Japanese: what happened here and what to do next.
    pub detail: String,
    /// With status 422: what is wrong, field by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// With `ineligible`: the whole judgement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Box<Verdict>>,
    /// Sent as the header `Retry-After`, in seconds.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        let (status, urn, title) = kind.parts();
        Problem {
            kind: urn,
            title: title.to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            verdict: None,
            retry_after: None,
        }
    }

    /// Answers that need correction, field by field.
    pub fn invalid(errors: Vec<FieldError>) -> Problem {
        Problem {
            errors,
            ..Problem::new(
                Kind::Invalid,
                "errors に示した項目を直して、もう一度送ってください。",
            )
        }
    }

    /// Nothing is wrong with the request; it may be sent again.
    pub fn busy() -> Problem {
        Problem::new(
            Kind::Busy,
            "少し待ってから、同じ内容をもう一度送ってください。同じ Idempotency-Key なら、二重に申し込まれることはありません。",
        )
        .after(BUSY_SECONDS)
    }

    /// A defect: logged here, once, and told without details.
    pub fn internal(error: &dyn std::error::Error) -> Problem {
        let reference = sonae_core::audit::hex(&crate::chance::bytes::<4>());
        tracing::error!(%error, reference, "a request of the interface failed");
        Problem::failed(&reference)
    }

    /// A defect that is in the log under `reference`.
    pub fn failed(reference: &str) -> Problem {
        Problem::new(
            Kind::Internal,
            format!(
                "少し待ってから、もう一度お試しください。続くときは、参照番号 {reference} を添えて事務局にお知らせください。"
            ),
        )
    }

    /// The store failed: passing trouble may be tried again, anything else is a defect.
    pub fn of_store(error: StoreError) -> Problem {
        match IntakeError::from(error) {
            error if is_passing(&error) => {
                tracing::warn!(%error, "the database does not answer");
                Problem::busy()
            }
            error => Problem::internal(&error),
        }
    }

    /// The same error, with the seconds after which the client may try again.
    pub fn after(self, seconds: u32) -> Problem {
        Problem {
            retry_after: Some(seconds),
            ..self
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after;
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
