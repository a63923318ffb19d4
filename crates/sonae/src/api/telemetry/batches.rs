//! `POST /api/v1/telemetry/batches`: lines of a device, answered when they are durable, each batch once.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::calendar::tokyo_date;
use sonae_db::Kind as DbKind;
use sonae_store::telemetry_source::{self, Source};
use sonae_telemetry::TelemetryError;
use sonae_telemetry::batch::{self, Counts, MOST_LINES};
use sonae_telemetry::ingest::Answer;

use super::super::problem::{Kind, Problem};
use crate::app::App;
use crate::staff::session;
use crate::telemetry::ledger::Why;
use crate::telemetry::receiving::NotTaken;
use crate::telemetry::sent::{LARGEST_PLAIN, LARGEST_SENT, Sent, Unfit};
use crate::telemetry::writer::NotStored;

/// The longest id of a batch, in characters of printable ASCII.
pub const LONGEST_ID: usize = 200;
/// When to come back while others send too much, in seconds.
const CROWDED_SECONDS: u32 = 2;
/// When to come back while the disk is full: somebody must make room first.
const FULL_SECONDS: u32 = 60;

/// What was stored of a batch.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stored {
    /// As it was sent.
    pub batch_id: String,
    /// All lines; each is one of the following three.
    pub lines: i64,
    pub detections: i64,
    /// Traffic, statistics, states of the device: counted, not kept singly.
    pub activities: i64,
    /// Lines that no format could read; they are kept as they came.
    pub unknown: i64,
}

pub async fn create(State(app): State<App>, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let source = sender(&app, &parts.headers).await?;
    let batch_id = batch_id(&parts.headers)?.to_owned();
    let told_gzip = is_gzip(&parts.headers)?;
    let (body, room) = app.receiving.take(body).await.map_err(not_taken)?;
    let source_id = source.id.clone();
    let sent = Sent {
        source: batch::Source {
            id: source.id,
            company: source.application_id,
            device: source.serial,
        },
        batch_id: batch_id.clone(),
        // No line of any format begins with these bytes, so a sender that forgot the header is understood.
        is_gzip: told_gzip || body.starts_with(&[0x1f, 0x8b]),
        body,
        received_us: app.clock.now().as_microsecond(),
    };
    let prepared = app.receiving.prepare(sent, room).await;
    let prepared = prepared.map_err(|error| Problem::internal(&error))?;
    let answer = app.writer.offer(prepared.map_err(unfit)?).await;
    let answer = answer.map_err(not_stored)?;
    app.ledger.heard(&source_id, app.clock.now());
    match answer {
        Answer::Stored(counts) => Ok(stored(StatusCode::CREATED, batch_id, counts)),
        Answer::Before(counts) => Ok(stored(StatusCode::OK, batch_id, counts)),
        Answer::Conflict | Answer::ReadTo(_) => Err(Problem::new(
            Kind::BatchIdReused,
            "この Batch-Id は、内容の異なるまとまりに使われています。今回の内容は保存していません。新しいまとまりには新しい Batch-Id を付けてください。",
        )),
    }
}

fn stored(status: StatusCode, batch_id: String, counts: Counts) -> Response {
    let stored = Stored {
        batch_id,
        lines: counts.lines,
        detections: counts.detections,
        activities: counts.activities,
        unknown: counts.unknown,
    };
    (status, Json(stored)).into_response()
}

/// The device that the request's token belongs to, if lines are taken of it now.
async fn sender(app: &App, headers: &HeaderMap) -> Result<Source, Problem> {
    let unknown = || {
        Problem::new(
            Kind::Unauthorized,
            "Authorization: Bearer に続けて、機器のトークンを付けて送ってください。トークンは、機器を登録したときに一度だけ示されます。わからないときは、機器の画面で新しくしてください。",
        )
    };
    let given = headers.get(header::AUTHORIZATION);
    let given = given.and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.split_once(' '));
    let token = given
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| session::id_of(token.trim()))
        .ok_or_else(unknown)?;
    let found = app.read(move |tx| telemetry_source::by_token(tx, &token));
    let source = found.await.map_err(Problem::of_store)?;
    let source = source.ok_or_else(unknown)?;
    let now = app.clock.now();
    match refused(&source, now) {
        Some(sentence) => {
            app.ledger.refused(&source.id, Why::Period, 1, now, None);
            Err(Problem::new(Kind::Forbidden, sentence))
        }
        None => Ok(source),
    }
}

/// Why nothing is taken of a device at an instant.
fn refused(source: &Source, at: Timestamp) -> Option<String> {
    let day = |at: Timestamp| tokyo_date(at).strftime("%Y年%-m月%-d日").to_string();
    if source.is_open(at) {
        return None;
    }
    Some(match source.ended_at {
        Some(ended) if ended <= at => format!(
            "この機器の登録は{}に終わりました。続けて送るときは、機器を登録し直してください。",
            day(ended)
        ),
        _ if at < source.from => format!(
            "この機器のログは{}から受け取ります。それまで待って送ってください。",
            day(source.from)
        ),
        _ => format!(
            "この機器のログを受け取る期間は{}に終わりました。続けて送るときは、機器を登録し直してください。",
            day(source.until - jiff::SignedDuration::from_secs(1))
        ),
    })
}

fn batch_id(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut given = headers.get_all("batch-id").iter();
    let (Some(value), None) = (given.next(), given.next()) else {
        return Err(Problem::new(
            Kind::BatchId,
            "同じログが二重に数えられるのを防ぐため、Batch-Id ヘッダーにまとまりごとに異なる値(UUIDなど)を1つ付けて送ってください。",
        ));
    };
    let fits = |text: &&str| {
        (1..=LONGEST_ID).contains(&text.len())
            && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
    };
    value.to_str().ok().filter(fits).ok_or_else(|| {
        Problem::new(
            Kind::BatchId,
            format!(
                "Batch-Id は、半角の英数字と記号で、1文字から{LONGEST_ID}文字までにしてください。"
            ),
        )
    })
}

fn is_gzip(headers: &HeaderMap) -> Result<bool, Problem> {
    let mut given = headers.get_all(header::CONTENT_ENCODING).iter();
    let word = given.next().map(|value| value.to_str().unwrap_or("?"));
    let word = word.map(|word| word.trim().to_ascii_lowercase());
    match (word.as_deref(), given.next()) {
        (None | Some("" | "identity"), None) => Ok(false),
        (Some("gzip" | "x-gzip"), None) => Ok(true),
        _ => Err(Problem::new(
            Kind::UnsupportedEncoding,
            "Content-Encoding は gzip だけを読めます。gzipで圧縮するか、圧縮せずに送ってください。",
        )),
    }
}

fn not_taken(why: NotTaken) -> Problem {
    match why {
        NotTaken::TooLarge => too_large(),
        NotTaken::Crowded => crowded(),
        NotTaken::Incomplete => Problem::new(
            Kind::Malformed,
            "本文を最後まで受け取れませんでした。何も保存していません。同じ Batch-Id で、もう一度送ってください。",
        ),
    }
}

fn unfit(why: Unfit) -> Problem {
    match why {
        Unfit::TooLarge | Unfit::TooManyLines => too_large(),
        Unfit::Empty => Problem::new(
            Kind::Malformed,
            "本文に行がありません。送る行があるときだけ送ってください。",
        ),
        Unfit::Broken => Problem::new(
            Kind::Malformed,
            "gzipとして最後まで読めません。何も保存していません。圧縮し直して、もう一度送ってください。",
        ),
    }
}

fn too_large() -> Problem {
    Problem::new(
        Kind::TooLarge,
        format!(
            "1回に送れるのは{MOST_LINES}行、{}メガバイト(圧縮を解いて{}メガバイト)までです。何も保存していません。小さく分けて、それぞれに別の Batch-Id を付けて送ってください。",
            LARGEST_SENT >> 20,
            LARGEST_PLAIN >> 20
        ),
    )
}

fn crowded() -> Problem {
    Problem::new(
        Kind::TooManyRequests,
        format!(
            "いま、たくさんのログが届いています。何も保存していません。{CROWDED_SECONDS}秒待ってから、同じ Batch-Id でもう一度送ってください。"
        ),
    )
    .after(CROWDED_SECONDS)
}

fn not_stored(why: NotStored) -> Problem {
    let later = || {
        Problem::new(
            Kind::Busy,
            "何も保存していません。少し待ってから、同じ Batch-Id でもう一度送ってください。二重に数えられることはありません。",
        )
        .after(CROWDED_SECONDS)
    };
    match why {
        NotStored::Full => crowded(),
        NotStored::Closing => later(),
        NotStored::Failed(TelemetryError::Db(error)) => match error.kind {
            DbKind::Full => Problem::new(
                Kind::StorageFull,
                "ログを保存する場所がありません。何も保存していません。管理者が空きを作るまで待ち、同じ Batch-Id でもう一度送ってください。",
            )
            .after(FULL_SECONDS),
            DbKind::Busy
            | DbKind::Serialization
            | DbKind::Unreachable
            | DbKind::Unanswered
            | DbKind::ReadOnly => later(),
            _ => Problem::internal(&error),
        },
        NotStored::Failed(error @ TelemetryError::Damaged(_)) => Problem::internal(&error),
        NotStored::Panicked => Problem::internal(&NotStored::Panicked),
    }
}
