//! The devices of a company.

use axum::http::Method;

use super::super::super::problem::Kind;
use super::super::super::telemetry::devices::{DeviceList, EndedView, Registering, TokenView};
use super::{BODY, Paper, Said, in_path, receipt_number};

pub(super) fn say(paper: &mut Paper, method: &Method, path: &str) -> Option<Said> {
    let about = |id, summary| Said {
        id,
        tag: "telemetry",
        summary,
        description: "",
        parameters: vec![receipt_number(), in_path("id", "機器のID")],
        body: None,
        answers: Vec::new(),
        problems: vec![Kind::NotFound, Kind::Refused],
    };
    Some(
        match path.trim_start_matches("/api/v1/cases/{receipt_number}/devices") {
            "" if *method == Method::GET => Said {
                parameters: vec![receipt_number()],
                answers: vec![("200", paper.answer::<DeviceList>("新しい順の機器"))],
                problems: vec![Kind::NotFound],
                ..about("listDevices", "ログを受け取る機器の一覧")
            },
            "" => Said {
                description: "トークンは、この応答で一度だけ返します。応答が届かなかったときは、一覧で確かめ、トークンを新しくしてください。",
                parameters: vec![receipt_number()],
                body: Some(paper.body::<Registering>("機器")),
                answers: vec![("201", paper.answer::<TokenView>("登録しました"))],
                problems: [&[Kind::NotFound][..], &BODY[..]].concat(),
                ..about("registerDevice", "機器の登録")
            },
            "/{id}/token" => Said {
                description: "前のトークンは、すぐに使えなくなります。新しいトークンは、この応答で一度だけ返します。",
                answers: vec![("200", paper.answer::<TokenView>("新しくしました"))],
                ..about("renewDeviceToken", "機器のトークンの更新")
            },
            "/{id}/end" => Said {
                description: "届いた分は残ります。終わらせた機器は、元に戻せません。",
                answers: vec![("200", paper.answer::<EndedView>("終わらせました"))],
                ..about("endDevice", "機器の終了")
            },
            _ => return None,
        },
    )
}
