//! `GET /openapi.json`: the interface described for programs (OpenAPI 3.1). Schemas come from the types that are sent; a test walks every
//! route and compares real answers with it.

mod staff;
mod telemetry;

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};
use sonae_core::application::answers::Answers;
use sonae_core::audit::Proof;
use sonae_core::eligibility::Verdict;

use super::health::Health;
use super::log::LogHead;
use super::problem::{Kind, Problem};
use super::programs::{ProgramList, ProgramView};
use crate::submit::{LONGEST_KEY, Receipt};

const ABOUT: &str = "支援事業の一覧、参加条件の確認、申込、受付票の検証のため、また、トークンを持つほかのシステムが事務局の仕事をするためのAPIです。\n\n文字コードはUTF-8、日時はRFC 3339(日本時間)です。エラーは application/problem+json(RFC 9457)で、type は変わりません。エラーの種類は、これから増えることがあります。answers の項目は、数を文字列で送るなど、人が書くとおりの書き方も受け付けますが、プログラムからはこの文書の型で送ってください。知らない項目を送ると、その名前を示すエラーになります。";

static TEXT: LazyLock<String> = LazyLock::new(|| document().to_string());

pub async fn show() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "application/json");
    let keep = (header::CACHE_CONTROL, "public, max-age=300");
    ([kind, keep], TEXT.as_str())
}

/// The whole document.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut paper = Paper(settings.into_generator());
    let mut paths = Map::new();
    for (path, method, operation) in operations(&mut paper) {
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        entry[method] = operation;
    }
    let problem = paper.schema::<Problem>();
    debug_assert_eq!(problem["$ref"], PROBLEM);
    let mut schemas = paper.0.take_definitions(true);
    let types: Vec<&str> = Kind::ALL.iter().map(|kind| kind.urn()).collect();
    schemas["Problem"]["properties"]["type"]["examples"] = json!(types);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Sonae API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": [
            { "name": "programs", "description": "支援事業と申込" },
            { "name": "proofs", "description": "受付票の検証" },
            { "name": "cases", "description": "案件(トークンが要ります)" },
            { "name": "papers", "description": "会社の文書(トークンが要ります)" },
            { "name": "approvals", "description": "承認の依頼と判断(トークンが要ります)" },
            { "name": "earlier-support", "description": "過去の支援の名簿(トークンが要ります)" },
            { "name": "checks", "description": "毎日の検知の確認と、サポートセンターへの所見(トークンが要ります)" },
            { "name": "reports", "description": "月次レポート(トークンが要ります)" },
            { "name": "telemetry", "description": "機器のログ(機器のトークンが要ります)" },
            { "name": "operation", "description": "稼働の監視" },
        ],
        "security": [],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                staff::SCHEME: {
                    "type": "http", "scheme": "bearer",
                    "description": "管理者が「連携」の画面か sonae token create で作るトークン。役割と範囲のぶんだけのことができます。",
                },
                telemetry::SCHEME: {
                    "type": "http", "scheme": "bearer",
                    "description": "機器を登録したときに一度だけ示されるトークン。その機器の期間のあいだ、その機器のログを送ることだけができます。",
                },
            },
        },
    })
}

const PROBLEM: &str = "#/components/schemas/Problem";

/// What can go wrong with every request of the interface.
const ALWAYS: [Kind; 3] = [Kind::TooManyRequests, Kind::Internal, Kind::Busy];

struct Paper(SchemaGenerator);

impl Paper {
    fn schema<T: JsonSchema>(&mut self) -> Value {
        let schema: Schema = self.0.subschema_for::<T>();
        schema.to_value()
    }

    /// A JSON answer.
    fn answer<T: JsonSchema>(&mut self, description: &str) -> Value {
        json!({ "description": description, "content": { "application/json": { "schema": self.schema::<T>() } } })
    }

    fn answers_body(&mut self, description: &str) -> Value {
        json!({
            "required": true,
            "description": description,
            "content": { "application/json": { "schema": self.schema::<Answers>(), "example": example() } },
        })
    }
}

type Operation = (&'static str, &'static str, Value);

fn operations(paper: &mut Paper) -> Vec<Operation> {
    let mut list = programs(paper);
    list.push(applications(paper));
    list.extend(proofs(paper));
    list.extend(operation(paper));
    list.push(telemetry::batches(paper));
    list.extend(staff::operations(paper));
    list
}

fn programs(paper: &mut Paper) -> Vec<Operation> {
    vec![
        (
            "/api/v1/programs",
            "get",
            json!({
                "operationId": "listPrograms", "tags": ["programs"],
                "summary": "支援事業の一覧(申込受付期間、コース、定員と空き)",
                "responses": responses(&[("200", paper.answer::<ProgramList>("支援事業の一覧"))], &ALWAYS),
            }),
        ),
        (
            "/api/v1/programs/{id}",
            "get",
            json!({
                "operationId": "getProgram", "tags": ["programs"],
                "summary": "支援事業1つ",
                "parameters": [program_id()],
                "responses": responses(&[("200", paper.answer::<ProgramView>("支援事業"))], &with(&[Kind::NotFound])),
            }),
        ),
        (
            "/api/v1/programs/{id}/eligibility",
            "post",
            json!({
                "operationId": "checkEligibility", "tags": ["programs"],
                "summary": "参加条件の確認(何も保存しません)",
                "description": "回答の一部だけでも送れます。足りない回答で決まらない条件は needs_judgement になります。",
                "parameters": [program_id()],
                "requestBody": paper.answers_body("回答(一部だけでも可)"),
                "responses": responses(&[("200", paper.answer::<Verdict>("判定と、条件ごとの理由"))], &with(BODY)),
            }),
        ),
    ]
}

fn applications(paper: &mut Paper) -> Operation {
    let mut received = paper.answer::<Receipt>("申込を受け付けました");
    let headers = json!({ "Location": { "description": "status_url と同じ", "schema": { "type": "string", "format": "uri" } } });
    received["headers"] = headers.clone();
    let mut again = paper.answer::<Receipt>("同じ申込は受付済みです。同じ受付票を返します");
    again["headers"] = headers;
    let mut problems = vec![
        Kind::IdempotencyKey,
        Kind::ProgramClosed,
        Kind::Ineligible,
        Kind::IdempotencyKeyReused,
    ];
    problems.extend(BODY);
    let operation = json!({
        "operationId": "createApplication", "tags": ["programs"],
        "summary": "申込",
        "description": "受付は申込が届いた順です。201と受付票を返したときには、申込は確実に保存されています。応答が届かなかったときは、同じ Idempotency-Key と同じ内容で送り直してください。申込は1件のままで、同じ受付票が返ります。",
        "parameters": [
            program_id(),
            {
                "name": "Idempotency-Key", "in": "header", "required": true,
                "description": "申込ごとに異なる値。UUIDを勧めます。",
                "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$" },
            },
        ],
        "requestBody": paper.answers_body("事業の申込フォームが求めるすべての回答"),
        "responses": responses(&[("201", received), ("200", again)], &with(&problems)),
    });
    ("/api/v1/programs/{id}/applications", "post", operation)
}

fn proofs(paper: &mut Paper) -> Vec<Operation> {
    vec![
        (
            "/api/v1/receipts/{receipt_number}/proof",
            "get",
            json!({
                "operationId": "getReceiptProof", "tags": ["proofs"],
                "summary": "受付票をオフラインで検証するための記録(個人情報を含みません)",
                "parameters": [{
                    "name": "receipt_number", "in": "path", "required": true,
                    "description": "受付番号。小文字、全角、ハイフンの有無は問いません。",
                    "schema": { "type": "string" }, "example": "R6-334-A7X",
                }],
                "responses": responses(&[("200", paper.answer::<Proof>("受付の記録"))], &with(&[Kind::NotFound])),
            }),
        ),
        (
            "/api/v1/log/head",
            "get",
            json!({
                "operationId": "getLogHead", "tags": ["proofs"],
                "summary": "監査記録の最新の位置とハッシュ値",
                "responses": responses(&[("200", paper.answer::<LogHead>("最新の記録"))], &ALWAYS),
            }),
        ),
    ]
}

fn operation(paper: &mut Paper) -> Vec<Operation> {
    let text = |description: &str, kind: &str, schema: Value| json!({ "description": description, "content": { kind: { "schema": schema } } });
    let metrics = text(
        "Prometheusのテキスト形式",
        "text/plain",
        json!({ "type": "string" }),
    );
    let openapi = text(
        "OpenAPI 3.1",
        "application/json",
        json!({ "type": "object" }),
    );
    let up = paper.answer::<Health>("動いています");
    let ready = paper.answer::<Health>("申込を受け付けられます");
    [
        (
            "/healthz",
            "getHealth",
            "プロセスが動いているか",
            up,
            &[][..],
        ),
        (
            "/readyz",
            "getReadiness",
            "データベースが応答するか",
            ready,
            &[Kind::Busy],
        ),
        ("/metrics", "getMetrics", "計測値", metrics, &[]),
        ("/openapi.json", "getOpenapi", "この文書", openapi, &[]),
    ]
    .into_iter()
    .map(|(path, id, summary, answer, problems)| {
        let operation = json!({
            "operationId": id, "tags": ["operation"], "summary": summary,
            "responses": responses(&[("200", answer)], problems),
        });
        (path, "get", operation)
    })
    .collect()
}

/// What can be wrong with a body of answers.
const BODY: &[Kind] = &[
    Kind::NotFound,
    Kind::Malformed,
    Kind::TooLarge,
    Kind::UnsupportedMediaType,
    Kind::Invalid,
];

fn with(kinds: &[Kind]) -> Vec<Kind> {
    kinds.iter().chain(&ALWAYS).copied().collect()
}

/// Good answers and problems by status; problems that share a status share an entry.
fn responses(answers: &[(&str, Value)], problems: &[Kind]) -> Value {
    let mut all: Map<String, Value> = answers
        .iter()
        .map(|(status, answer)| ((*status).to_owned(), answer.clone()))
        .collect();
    for kind in problems {
        let status = kind.status();
        let sentence = format!("{}(`{}`)", kind.title(), kind.urn());
        let entry = all.entry(status.as_str()).or_insert_with(|| {
            let mut entry = json!({
                "description": "",
                "content": { "application/problem+json": { "schema": { "$ref": PROBLEM } } },
            });
            if matches!(
                kind,
                Kind::TooManyRequests | Kind::Busy | Kind::StorageFull
            ) {
                entry["headers"] = json!({
                    "Retry-After": { "description": "待つ秒数", "schema": { "type": "integer", "minimum": 1 } },
                });
            }
            entry
        });
        let before = entry["description"].as_str().unwrap_or_default();
        let between = if before.is_empty() { "" } else { "、" };
        entry["description"] = json!(format!("{before}{between}{sentence}"));
    }
    Value::Object(all)
}

fn program_id() -> Value {
    json!({
        "name": "id", "in": "path", "required": true, "description": "事業のID",
        "schema": { "type": "string" }, "example": "tokyo-r6-basic-measures",
    })
}

fn example() -> Value {
    json!({
        "entity_kind": "corporation", "name": "株式会社サンプル", "name_kana": "サンプル", "corporate_number": null,
        "industry": "service", "capital_yen": 10_000_000, "employees": 45,
        "postcode": "1638001", "prefecture": "13", "address_line1": "新宿区西新宿2-8-1", "address_line2": null,
        "contact_name": "見本 花子", "contact_kana": "ミホン ハナコ", "contact_phone": "0300000000",
        "contact_email": "hanako@sample.example.jp",
        "courses": ["utm", "guidance"],
        "past_support": [{ "kind": "edr", "year": 2022 }],
        "equivalent_subsidy": false,
        "measures": { "utm_or_edr_installed": true, "two_star_level_policy": true },
        "continuing_measures": true,
        "pledges": ["a", "b", "c", "d", "e", "f", "g"],
        "survey_agreed": true,
    })
}
