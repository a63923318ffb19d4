//! The part of the description that needs a token.

mod approvals;
mod checks;
mod devices;
mod findings;
mod papers;
mod programs;
mod reports;

use axum::http::Method;
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::super::action::{Action, AppliedView, PreviewView};
use super::super::case::CaseView;
use super::super::cases::{CaseList, CaseQuery};
use super::super::earlier_support::{HandingIn, ImportList, ImportView, TakingBack};
use super::super::papers::command::NothingMore;
use super::super::problem::Kind;
use super::super::staff::endpoints;
use super::super::timeline::{MailList, Timeline};
use super::super::token::TokenView;
use super::super::undo::{Undoing, UndoneView};
use super::{ALWAYS, Operation, Paper, responses};
use crate::submit::LONGEST_KEY;

/// The name of the token's scheme in the description.
pub(super) const SCHEME: &str = "token";

/// What an operation says of itself; the address, the method and the scope come from the list of addresses.
struct Said {
    id: &'static str,
    tag: &'static str,
    summary: &'static str,
    description: &'static str,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: Vec<(&'static str, Value)>,
    problems: Vec<Kind>,
}

/// Every operation behind the door.
pub(super) fn operations(paper: &mut Paper) -> Vec<Operation> {
    let described = endpoints().into_iter().filter_map(|endpoint| {
        let said = say(paper, &endpoint.method, endpoint.path)?;
        let scope = endpoint.action;
        let mut problems = vec![Kind::Unauthorized, Kind::Forbidden];
        problems.extend(&said.problems);
        problems.extend(ALWAYS);
        let mut operation = json!({
            "operationId": said.id, "tags": [said.tag],
            "summary": said.summary,
            "description": format!("範囲 `{}`({})が要ります。{}", scope.as_str(), scope.label(), said.description),
            "security": [{ SCHEME: [] }],
            "responses": responses(&said.answers, &problems),
        });
        if !said.parameters.is_empty() {
            operation["parameters"] = Value::Array(said.parameters);
        }
        if let Some(body) = said.body {
            operation["requestBody"] = body;
        }
        let method = match endpoint.method {
            Method::POST => "post",
            Method::PUT => "put",
            _ => "get",
        };
        Some((endpoint.path, method, operation))
    });
    described.collect()
}

/// What is sent to be read as JSON can be all of this.
const BODY: [Kind; 4] = [
    Kind::Malformed,
    Kind::TooLarge,
    Kind::UnsupportedMediaType,
    Kind::InvalidRequest,
];

fn say(paper: &mut Paper, method: &Method, path: &str) -> Option<Said> {
    match path.split('/').nth(3)? {
        "cases" if path.contains("/papers") => papers::say(paper, method, path),
        "cases" if path.contains("/devices") => devices::say(paper, method, path),
        "cases" => case(paper, path),
        "checks" => checks::say(paper, path),
        "findings" => findings::say(paper, path),
        "reports" => reports::say(paper, path),
        "token" => Some(token(paper)),
        "programs" => programs::say(paper, method, path),
        "approvals" | "approval-lists" => approvals::say(paper, path),
        "mails" => approvals::missing_mails(paper, path),
        "earlier-support" => earlier_support(paper, method, path),
        _ => None,
    }
}

fn token(paper: &mut Paper) -> Said {
    Said {
        id: "getToken",
        tag: "cases",
        summary: "このトークンの役割、範囲、期限",
        description: "id は、案件の担当(操作 assigned の to)にするときに使います。",
        parameters: Vec::new(),
        body: None,
        answers: vec![("200", paper.answer::<TokenView>("トークン"))],
        problems: Vec::new(),
    }
}

fn case(paper: &mut Paper, path: &str) -> Option<Said> {
    let about = |id, summary| Said {
        id,
        tag: "cases",
        summary,
        description: "",
        parameters: vec![receipt_number()],
        body: None,
        answers: Vec::new(),
        problems: vec![Kind::NotFound],
    };
    Some(match path.trim_start_matches("/api/v1/cases") {
        "" => Said {
            description: "条件はすべて合わせて効きます。名前などで探すときは、言葉がアドレスに残らないように /api/v1/cases/search を使ってください。",
            parameters: paper.parameters::<CaseQuery>(&["q"]),
            answers: vec![("200", paper.answer::<CaseList>("案件の1ページ"))],
            problems: vec![Kind::InvalidRequest],
            ..about("listCases", "案件の一覧")
        },
        "/search" => Said {
            description: "条件を本文で送ります。q があるときは、view にかかわらずすべての案件から探します。",
            parameters: Vec::new(),
            body: Some(paper.body::<CaseQuery>("条件")),
            answers: vec![("200", paper.answer::<CaseList>("案件の1ページ"))],
            problems: BODY.to_vec(),
            ..about("searchCases", "案件の検索")
        },
        "/{receipt_number}" => Said {
            description: "読んだことは記録に残ります。",
            answers: vec![("200", paper.answer::<CaseView>("案件"))],
            ..about("getCase", "案件1つ")
        },
        "/{receipt_number}/timeline" => Said {
            answers: vec![("200", paper.answer::<Timeline>("古い順の出来事"))],
            ..about("getTimeline", "案件の経過")
        },
        "/{receipt_number}/mails" => Said {
            description: "範囲 `read_case` も要ります。",
            answers: vec![("200", paper.answer::<MailList>("古い順のメール"))],
            ..about("getMails", "案件のメール")
        },
        "/{receipt_number}/actions" | "/{receipt_number}/preview" => action(paper, path, about),
        "/{receipt_number}/undo" => Said {
            description: "このトークンがした最後の操作を、メールが出る前(5分以内)に取り消します。その後に別の操作があったときは取り消せません。",
            parameters: vec![receipt_number(), idempotency_key()],
            body: Some(paper.body::<Undoing>("取り消す操作")),
            answers: vec![("200", paper.answer::<UndoneView>("取り消した後の案件"))],
            problems: [
                &[Kind::NotFound, Kind::IdempotencyKey, Kind::Refused][..],
                &BODY[..],
                &[Kind::IdempotencyKeyReused][..],
            ]
            .concat(),
            ..about("undoAction", "操作の取り消し")
        },
        _ => return None,
    })
}

fn action(
    paper: &mut Paper,
    path: &str,
    about: impl Fn(&'static str, &'static str) -> Said,
) -> Said {
    match path.ends_with("/actions") {
        true => Said {
            description: "操作に応じた範囲も要ります(例えば screened には work_case、approved には decide_approval)。同じ Idempotency-Key と同じ内容で送り直すと、操作は1回だけ行われ、同じ応答が返ります(30日のあいだ)。断られた操作では、何も変わりません。",
            parameters: vec![receipt_number(), idempotency_key()],
            body: Some(paper.body::<Action>("操作")),
            answers: vec![("200", paper.answer::<AppliedView>("操作の後の案件"))],
            problems: [
                &[
                    Kind::NotFound,
                    Kind::IdempotencyKey,
                    Kind::Refused,
                    Kind::Conflict,
                ][..],
                &BODY[..],
                &[Kind::IdempotencyKeyReused][..],
            ]
            .concat(),
            ..about("actOnCase", "案件の操作")
        },
        false => Said {
            description: "何も変えずに、操作の後の状態と、送られるメールを返します。操作に応じた範囲も要ります。",
            body: Some(paper.body::<Action>("操作")),
            answers: vec![(
                "200",
                paper.answer::<PreviewView>("操作をしたときの案件とメール"),
            )],
            problems: [&[Kind::NotFound][..], &BODY[..]].concat(),
            ..about("previewAction", "案件の操作の下見")
        },
    }
}

fn earlier_support(paper: &mut Paper, method: &Method, path: &str) -> Option<Said> {
    let about = |id, summary| Said {
        id,
        tag: "earlier-support",
        summary,
        description: "",
        parameters: vec![in_path("id", "名簿のID")],
        body: None,
        answers: Vec::new(),
        problems: vec![Kind::NotFound],
    };
    Some(
        match path.trim_start_matches("/api/v1/earlier-support/imports") {
            "" if *method == Method::GET => Said {
                parameters: Vec::new(),
                answers: vec![("200", paper.answer::<ImportList>("新しい順の名簿"))],
                problems: Vec::new(),
                ..about("listImports", "取り込んだ名簿の一覧")
            },
            "" => Said {
                description: "本文はCSVかExcel(.xlsx)のファイルそのものです。dry_run=true のときは、読み取った内容を返すだけで取り込みません。直すところが一つでもあると、取り込まずに errors にセルごとに示します。",
                parameters: paper.parameters::<HandingIn>(&[]),
                body: Some(file()),
                answers: vec![
                    ("200", paper.answer::<ImportView>("読み取った内容(dry_run)")),
                    ("201", paper.answer::<ImportView>("取り込みました")),
                ],
                problems: vec![Kind::Refused, Kind::TooLarge, Kind::InvalidRequest],
                ..about("importEarlierSupport", "過去の支援の名簿の取り込み")
            },
            "/{id}" => Said {
                answers: vec![("200", paper.answer::<ImportView>("名簿"))],
                ..about("getImport", "名簿1つ")
            },
            "/{id}/take-back" => Said {
                body: Some(paper.body::<TakingBack>("理由")),
                answers: vec![("200", paper.answer::<ImportView>("取り消しました"))],
                problems: [&[Kind::NotFound, Kind::Refused][..], &BODY[..]].concat(),
                ..about("takeBackImport", "名簿の取り消し")
            },
            _ => return None,
        },
    )
}

impl Paper {
    /// A JSON body.
    fn body<T: JsonSchema>(&mut self, description: &str) -> Value {
        let schema = self.schema::<T>();
        json!({
            "required": true, "description": description,
            "content": { "application/json": { "schema": schema } },
        })
    }

    /// The same with an example.
    fn example<T: JsonSchema>(&mut self, description: &str, example: Value) -> Value {
        let mut body = self.body::<T>(description);
        body["content"]["application/json"]["example"] = example;
        body
    }

    /// The fields of a type as parameters of an address, but for those of `without`.
    fn parameters<T: JsonSchema>(&mut self, without: &[&str]) -> Vec<Value> {
        let schema = T::json_schema(&mut self.0).to_value();
        let empty = Map::new();
        let fields = schema["properties"].as_object().unwrap_or(&empty);
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let wanted = fields
            .iter()
            .filter(|(name, _)| !without.contains(&name.as_str()));
        let parameters = wanted.map(|(name, field)| {
            let mut field = field.clone();
            let description = field["description"].take();
            if let Value::Object(map) = &mut field {
                map.retain(|key, _| key != "description" && key != "default");
                present(map);
            }
            json!({
                "name": name, "in": "query", "required": required.contains(&json!(name)),
                "description": description, "schema": field,
            })
        });
        parameters.collect()
    }
}

/// What may be missing in JSON as null is simply not sent in an address.
fn present(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get("type") {
        let known = types.iter().find(|word| **word != "null").cloned();
        schema.insert("type".to_owned(), known.unwrap_or(Value::Null));
    }
}

fn in_path(name: &str, description: &str) -> Value {
    json!({
        "name": name, "in": "path", "required": true, "description": description,
        "schema": { "type": "string", "minLength": 1 },
    })
}

fn receipt_number() -> Value {
    json!({
        "name": "receipt_number", "in": "path", "required": true,
        "description": "受付番号。小文字、全角、ハイフンの有無は問いません。",
        "schema": { "type": "string", "minLength": 1 }, "example": "R6-334-A7X",
    })
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": true,
        "description": "操作ごとに異なる値。UUIDを勧めます。",
        "schema": { "type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$" },
    })
}

/// A command that is done once for each key.
fn once(body: Value, said: Said) -> Said {
    let mut parameters = said.parameters;
    parameters.push(idempotency_key());
    Said {
        parameters,
        body: Some(body),
        problems: [
            &[Kind::NotFound, Kind::IdempotencyKey, Kind::Refused][..],
            &BODY[..],
            &[Kind::IdempotencyKeyReused][..],
        ]
        .concat(),
        ..said
    }
}

fn nothing(paper: &mut Paper) -> Value {
    paper.example::<NothingMore>("空のオブジェクト", json!({}))
}

fn file() -> Value {
    let bytes = json!({ "schema": {} });
    json!({
        "required": true, "description": "名簿のファイル",
        "content": {
            "text/csv": bytes,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": bytes,
            "application/octet-stream": bytes,
        },
    })
}

/// An answer that is told byte for byte, with its hash.
fn frozen(mut answer: Value) -> Value {
    answer["headers"] = json!({
        "ETag": { "description": "内容のSHA-256(16進)を引用符で囲んだもの", "schema": { "type": "string" } },
    });
    answer
}
