//! The daily check of detections.

use serde_json::{Value, json};

use super::super::super::checks::act::{
    HandedOnAnswer, HandingOn, JudgedAnswer, Judging, SaidAnswer, Saying, SignedAnswer,
};
use super::super::super::checks::list::{CheckList, CheckQuery};
use super::super::super::checks::one::CheckView;
use super::super::super::problem::Kind;
use super::{Paper, Said, in_path, nothing, once, receipt_number};

pub(super) fn say(paper: &mut Paper, path: &str) -> Option<Said> {
    Some(match path.trim_start_matches("/api/v1/checks") {
        "" => Said {
            description: "条件はすべて合わせて効きます。日の指定がないときは、前の日(日本時間)です。",
            parameters: paper.parameters::<CheckQuery>(&[]),
            answers: vec![(
                "200",
                paper.answer::<CheckList>("日と受付番号の順の1ページ"),
            )],
            problems: vec![Kind::InvalidRequest],
            ..about("listChecks", "毎日の検知の確認の一覧")
        },
        "/{day}/{receipt_number}" => Said {
            description: "検知は、機器、規則、題名、分類、重さ、機器がしたことが同じものをまとめたものです。key は、判断などの操作に使います。",
            answers: vec![("200", paper.answer::<CheckView>("企業の1日"))],
            ..about("getCheck", "企業の1日の検知と判断")
        },
        step => return act(paper, step),
    })
}

fn act(paper: &mut Paper, step: &str) -> Option<Said> {
    let group = "0123456789abcdef0123456789abcdef";
    Some(match step {
        "/{day}/{receipt_number}/state" => {
            let example =
                json!({ "state": "quiet", "note": "遮断済み", "version": 0, "lines": 12 });
            let body = paper.example::<Saying>("状態", example);
            Said {
                description: "画面と同じ規則で断ります(遮断されていない重い検知を判断していないときなど)。読み取った後に増えた検知があるとき、ほかの人が先に状態を入れたときも断ります。",
                answers: vec![("200", paper.answer::<SaidAnswer>("記録しました"))],
                ..once(body, about("sayCheck", "企業の1日の状態を入れる"))
            }
        }
        "/{day}/{receipt_number}/judge" => {
            let example = json!({ "group": group, "verdict": "benign", "reason": "業者の点検", "version": 0 });
            let body = paper.example::<Judging>("判断", example);
            Said {
                description: "「異常なし」の日の、止められていない検知を「本物の攻撃や感染」「疑わしい」「情報が足りない」と判断すると、その日は「要確認」に戻ります。署名した日の判断は、訂正として記録し、署名は判断した人のものになります。どちらも `said.version` が進みます。",
                answers: vec![("200", paper.answer::<JudgedAnswer>("記録しました"))],
                ..once(body, about("judgeDetections", "検知の判断"))
            }
        }
        "/{day}/{receipt_number}/escalate" => {
            let example = json!({ "group": group, "verdict": "suspicious", "words": "端末を確かめてください。", "version": 0 });
            let body = paper.example::<HandingOn>("所見", example);
            Said {
                description: "証拠を保存し、この日の状態を「対応」にして、サポートセンターにメールで知らせます。同じ検知は一度だけ渡ります。",
                answers: vec![("200", paper.answer::<HandedOnAnswer>("渡しました"))],
                ..once(
                    body,
                    about("escalateDetections", "検知をサポートセンターに渡す"),
                )
            }
        }
        "/{day}/sign" => {
            let body = nothing(paper);
            let said = Said {
                parameters: vec![day()],
                ..about("signDay", "1日の確認に署名する")
            };
            Said {
                description: "このトークンが担当するすべての企業の確認に署名します。状態のない企業があるとき、あとから検知が届いたとき、日が終わっていないときは断ります。",
                answers: vec![("200", paper.answer::<SignedAnswer>("署名しました"))],
                ..once(body, said)
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
        parameters: vec![day(), receipt_number()],
        body: None,
        answers: Vec::new(),
        problems: vec![Kind::NotFound],
    }
}

fn day() -> Value {
    let mut day = in_path("day", "日(日本時間)");
    day["example"] = json!("2026-06-01");
    day
}
