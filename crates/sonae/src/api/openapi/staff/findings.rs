//! What technicians handed to the desk.

use serde_json::{Value, json};

use super::super::super::findings::act::{Closing, StandingView};
use super::super::super::findings::{FindingList, FindingQuery, FindingView};
use super::super::super::problem::Kind;
use super::{Paper, Said, frozen, in_path, nothing, once};
use crate::office::checks::evidence::Evidence;

pub(super) fn say(paper: &mut Paper, path: &str) -> Option<Said> {
    Some(match path.trim_start_matches("/api/v1/findings") {
        "" => Said {
            description: "条件はすべて合わせて効きます。",
            parameters: paper.parameters::<FindingQuery>(&[]),
            answers: vec![(
                "200",
                paper.answer::<FindingList>("新しい順の所見の1ページ"),
            )],
            problems: vec![Kind::InvalidRequest],
            ..about("listFindings", "サポートセンターへの所見の一覧")
        },
        "/{number}" => Said {
            answers: vec![("200", paper.answer::<FindingView>("所見"))],
            ..about("getFinding", "所見1つ")
        },
        "/{number}/evidence" => {
            let evidence = paper.answer::<Evidence>("証拠。保存したときのままの内容です");
            Said {
                description: "渡したときの検知と、元の行です。アドレスや利用者の名前を含みます。",
                answers: vec![("200", frozen(evidence))],
                ..about("getFindingEvidence", "所見の証拠")
            }
        }
        "/{number}/take" => {
            let body = nothing(paper);
            Said {
                answers: vec![("200", paper.answer::<StandingView>("引き受けました"))],
                ..once(body, about("takeFinding", "所見を引き受ける"))
            }
        }
        "/{number}/close" => {
            let example = json!({ "closing": "端末を初期化し、会社に説明しました。" });
            let body = paper.example::<Closing>("どのように終わったか", example);
            Said {
                description: "先に引き受けます。",
                answers: vec![("200", paper.answer::<StandingView>("終わりにしました"))],
                ..once(body, about("closeFinding", "所見を終わりにする"))
            }
        }
        _ => return None,
    })
}

fn about(id: &'static str, summary: &'static str) -> Said {
    Said {
        id,
        tag: "checks",
        summary,
        description: "",
        parameters: vec![number()],
        body: None,
        answers: Vec::new(),
        problems: vec![Kind::NotFound],
    }
}

fn number() -> Value {
    let mut number = in_path("number", "所見の番号");
    number["example"] = json!("1");
    number
}
