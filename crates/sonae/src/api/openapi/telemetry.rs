//! The description of what devices send.

use serde_json::json;
use sonae_telemetry::batch::MOST_LINES;

use super::{Operation, Paper, responses, with};
use crate::api::problem::Kind;
use crate::api::telemetry::batches::{LONGEST_ID, Stored};

/// The name of the security scheme.
pub(super) const SCHEME: &str = "source_token";

pub(super) fn batches(paper: &mut Paper) -> Operation {
    let stored = paper.answer::<Stored>("保存しました。どの行も失われません");
    let before = paper.answer::<Stored>("同じまとまりは保存済みです。そのときと同じ数を返します");
    let problems = [
        Kind::Malformed,
        Kind::BatchId,
        Kind::Unauthorized,
        Kind::Forbidden,
        Kind::BatchIdReused,
        Kind::TooLarge,
        Kind::UnsupportedEncoding,
        Kind::StorageFull,
    ];
    let operation = json!({
        "operationId": "sendTelemetryBatch", "tags": ["telemetry"],
        "summary": "機器のログを送る",
        "description": format!("1回に{MOST_LINES}行まで。201を返したときには、すべての行が確実に保存されています。応答が届かなかったときや、429、503、507のときは、同じ Batch-Id と同じ内容で送り直してください。行が二重に数えられることはありません。形式は1行ごとに見分けます(JSONの行、JSONの配列、syslogの行など)。読めない行も捨てず、unknown に数えます。"),
        "security": [{ SCHEME: [] }],
        "parameters": [
            {
                "name": "Batch-Id", "in": "header", "required": true,
                "description": "まとまりごとに異なる値。UUIDを勧めます。",
                "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST_ID, "pattern": "^[ -~]+$" },
            },
            {
                "name": "Content-Encoding", "in": "header", "required": false,
                "description": "gzipで圧縮したときに付けます。",
                "schema": { "type": "string", "enum": ["gzip", "identity"] },
            },
        ],
        "requestBody": {
            "required": true,
            "description": "ログの行。Content-Type は何でもかまいません(application/x-ndjson など)。",
            // The lines are known by what they say, whatever type is told.
            "content": {
                "text/plain": {
                    "schema": { "type": "string" },
                    "examples": {
                        "json": { "summary": "JSONの行", "value": "{\"timestamp\":\"2026-11-20T09:00:00.000000+0900\",\"event_type\":\"alert\",\"src_ip\":\"192.0.2.10\",\"dest_ip\":\"198.51.100.7\",\"alert\":{\"action\":\"blocked\",\"signature_id\":2000001,\"signature\":\"ET SCAN\",\"severity\":2}}\n" },
                        "syslog": { "summary": "syslogの行", "value": "<134>Nov 20 09:00:00 fw date=2026-11-20 time=09:00:00 type=\"utm\" subtype=\"virus\" action=\"blocked\"\n" },
                    },
                },
            },
        },
        "responses": responses(&[("201", stored), ("200", before)], &with(&problems)),
    });
    ("/api/v1/telemetry/batches", "post", operation)
}
