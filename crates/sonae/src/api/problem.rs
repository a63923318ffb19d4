//! Errors of the interface: `application/problem+json` (RFC 9457).

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
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
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    ProgramClosed,
    Refused,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    InvalidRequest,
    Ineligible,
    IdempotencyKeyReused,
    /// A batch of devices' lines without its id.
    BatchId,
    BatchIdReused,
    UnsupportedEncoding,
    TooManyRequests,
    Internal,
    Busy,
    /// The disk is full.
    StorageFull,
}

impl Kind {
    /// Every kind, for the interface's description.
    pub const ALL: &[Kind] = &[
        Kind::Malformed,
        Kind::IdempotencyKey,
        Kind::Unauthorized,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::MethodNotAllowed,
        Kind::ProgramClosed,
        Kind::Refused,
        Kind::Conflict,
        Kind::TooLarge,
        Kind::UnsupportedMediaType,
        Kind::Invalid,
        Kind::InvalidRequest,
        Kind::Ineligible,
        Kind::IdempotencyKeyReused,
        Kind::BatchId,
        Kind::BatchIdReused,
        Kind::UnsupportedEncoding,
        Kind::TooManyRequests,
        Kind::Internal,
        Kind::Busy,
        Kind::StorageFull,
    ];

    pub fn status(self) -> StatusCode {
        match self {
            Kind::Malformed | Kind::IdempotencyKey | Kind::BatchId => StatusCode::BAD_REQUEST,
            Kind::Unauthorized => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::Refused | Kind::Conflict | Kind::ProgramClosed | Kind::BatchIdReused => {
                StatusCode::CONFLICT
            }
            Kind::InvalidRequest
            | Kind::Invalid
            | Kind::Ineligible
            | Kind::IdempotencyKeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::UnsupportedMediaType | Kind::UnsupportedEncoding => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Kind::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Kind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Kind::StorageFull => StatusCode::INSUFFICIENT_STORAGE,
        }
    }

    /// The stable `type`, a URN.
    pub fn urn(self) -> &'static str {
        match self {
            Kind::Malformed => "urn:sonae:problem:malformed",
            Kind::IdempotencyKey => "urn:sonae:problem:idempotency-key",
            Kind::Unauthorized => "urn:sonae:problem:unauthorized",
            Kind::Forbidden => "urn:sonae:problem:forbidden",
            Kind::Refused => "urn:sonae:problem:refused",
            Kind::Conflict => "urn:sonae:problem:conflict",
            Kind::InvalidRequest => "urn:sonae:problem:invalid",
            Kind::NotFound => "urn:sonae:problem:not-found",
            Kind::MethodNotAllowed => "urn:sonae:problem:method-not-allowed",
            Kind::ProgramClosed => "urn:sonae:problem:program-closed",
            Kind::TooLarge => "urn:sonae:problem:too-large",
            Kind::UnsupportedMediaType => "urn:sonae:problem:not-json",
            Kind::Invalid => "urn:sonae:problem:invalid-answers",
            Kind::Ineligible => "urn:sonae:problem:ineligible",
            Kind::IdempotencyKeyReused => "urn:sonae:problem:idempotency-key-reused",
            Kind::TooManyRequests => "urn:sonae:problem:too-many-requests",
            Kind::Internal => "urn:sonae:problem:internal",
            Kind::Busy => "urn:sonae:problem:busy",
            Kind::BatchId => "urn:sonae:problem:batch-id",
            Kind::BatchIdReused => "urn:sonae:problem:batch-id-reused",
            Kind::UnsupportedEncoding => "urn:sonae:problem:unsupported-encoding",
            Kind::StorageFull => "urn:sonae:problem:storage-full",
        }
    }

    /// Japanese, the same for every error of this kind.
    pub fn title(self) -> &'static str {
        match self {
            Kind::Malformed => "送られた内容を読めません",
            Kind::IdempotencyKey => "Idempotency-Key が必要です",
            Kind::Unauthorized => "トークンが必要です",
            Kind::Forbidden => "このトークンではできません",
            Kind::Refused => "今の状態ではできません",
            Kind::Conflict => "内容がその後に変わっています",
            Kind::InvalidRequest => "送られた内容に直すところがあります",
            Kind::NotFound => "見つかりません",
            Kind::MethodNotAllowed => "この方法では利用できません",
            Kind::ProgramClosed => "申込を受け付けていません",
            Kind::TooLarge => "送られた内容が大きすぎます",
            Kind::UnsupportedMediaType => "JSONで送ってください",
            Kind::Invalid => "回答に直すところがあります",
            Kind::Ineligible => "申込の条件を満たしていません",
            Kind::IdempotencyKeyReused => "Idempotency-Key がほかの申込に使われています",
            Kind::TooManyRequests => "短い時間に送られた数が多すぎます",
            Kind::Internal => "処理できませんでした",
            Kind::Busy => "ただいま混み合っています",
            Kind::BatchId => "Batch-Id が必要です",
            Kind::BatchIdReused => "Batch-Id がほかの内容に使われています",
            Kind::UnsupportedEncoding => "この圧縮の形式は読めません",
            Kind::StorageFull => "保存する場所がありません",
        }
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
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub why: Option<Box<Why>>,
    /// Sent as the header `Retry-After`, in seconds.
    #[serde(skip)]
    pub retry_after: Option<u32>,
}

/// Why something cannot be done with what stands now.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Why {
    /// With `refused`: a stable word, such as `not_open`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// With `conflict`: the version of the case now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// With `conflict` of a paper's answers: the last save now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<i64>,
    /// With `conflict` of a paper's answers: what was answered differently meanwhile.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<PaperConflict>,
}

/// One question that two answered differently at the same time. Nothing of it was saved.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PaperConflict {
    /// The question's id.
    pub question: String,
    /// What was sent; null for no answer.
    pub mine: Option<Value>,
    /// What stands; null for no answer.
    pub theirs: Option<Value>,
    /// Who saved it: `staff:<id>` or `company`.
    pub by: String,
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
}

impl Problem {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Problem {
        Problem {
            kind: kind.urn(),
            title: kind.title().to_owned(),
            status: kind.status().as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            verdict: None,
            why: None,
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

    /// Not as things stand: `code` is stable, the sentence says what to do first.
    pub fn refused(code: &'static str, detail: impl Into<String>) -> Problem {
        let why = Why {
            code: Some(code),
            ..Why::default()
        };
        Problem {
            why: Some(Box::new(why)),
            ..Problem::new(Kind::Refused, detail)
        }
    }

    /// Somebody else was quicker; the case is at this version now.
    pub fn conflict(version: i64) -> Problem {
        let why = Why {
            version: Some(version),
            ..Why::default()
        };
        Problem {
            why: Some(Box::new(why)),
            ..Problem::new(
                Kind::Conflict,
                "読み取った後に、ほかの人かシステムがこの案件を変えました。案件を読み直し、まだ必要なら、新しい version で送ってください。",
            )
        }
    }

    /// Somebody else answered the same questions of a paper; nothing was saved.
    pub fn paper_conflicts(sequence: i64, conflicts: Vec<PaperConflict>) -> Problem {
        let why = Why {
            sequence: Some(sequence),
            conflicts,
            ..Why::default()
        };
        Problem {
            why: Some(Box::new(why)),
            ..Problem::new(
                Kind::Conflict,
                "読み取った後に、ほかの人かシステムが同じ質問に別の答えを保存しました。何も保存していません。conflicts の両方の答えを見て、残す答えを新しい seen で送ってください。",
            )
        }
    }

    /// A request of another system that needs correction, field by field.
    pub fn invalid_request(errors: Vec<FieldError>) -> Problem {
        Problem {
            errors,
            ..Problem::new(
                Kind::InvalidRequest,
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
        if status == StatusCode::UNAUTHORIZED {
            // RFC 6750, section 3.
            let challenge = HeaderValue::from_static("Bearer realm=\"sonae\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
