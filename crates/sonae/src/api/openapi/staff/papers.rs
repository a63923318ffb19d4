//! The papers of a case: answers, drafts, versions, comments.

use axum::http::Method;
use serde_json::{Value, json};

use super::super::super::papers::answers::{AnswersView, SavedView, Saving};
use super::super::super::papers::command::{Sending, SentView, StandingView};
use super::super::super::papers::comments::{CommentList, CommentedView, Commenting};
use super::super::super::papers::versions::{DOCX, FileQuery, VersionList};
use super::super::super::papers::{PaperList, PaperView};
use super::super::super::problem::Kind;
use super::{BODY, Paper, Said, in_path, nothing, once, receipt_number};

pub(super) fn say(paper: &mut Paper, method: &Method, path: &str) -> Option<Said> {
    match path.trim_start_matches("/api/v1/cases/{receipt_number}/papers") {
        "" => Some(Said {
            description: "文書は、参加が確定したあとで、コースに応じて作ります。範囲 `read_case` も要ります。読んだことは記録に残ります。",
            parameters: vec![receipt_number()],
            answers: vec![("200", paper.answer::<PaperList>("種類の順の文書"))],
            ..about("listPapers", "案件の文書の一覧")
        }),
        "/answers" => Some(answers(paper, method)),
        "/{kind}" => Some(Said {
            description: "今の答えから作った本文です。答えのないところは空欄になります。",
            answers: vec![("200", paper.answer::<PaperView>("文書"))],
            ..about("getPaper", "文書1つ")
        }),
        "/{kind}/versions" => Some(Said {
            answers: vec![("200", paper.answer::<VersionList>("新しい順の版"))],
            ..about("listPaperVersions", "会社に送った版")
        }),
        "/{kind}/versions/{version}/file" => Some(file(paper)),
        "/{kind}/comments" => Some(comments(paper, method)),
        step => command(paper, step),
    }
}

fn about(id: &'static str, summary: &'static str) -> Said {
    Said {
        id,
        tag: "papers",
        summary,
        description: "",
        parameters: vec![receipt_number(), kind()],
        body: None,
        answers: Vec::new(),
        problems: vec![Kind::NotFound],
    }
}

fn answers(paper: &mut Paper, method: &Method) -> Said {
    if *method == Method::GET {
        return Said {
            description: "答えは、案件のすべての文書に使われます。sequence は、保存するときに seen として送ります。",
            parameters: vec![receipt_number()],
            answers: vec![("200", paper.answer::<AnswersView>("答え"))],
            ..about("getPaperAnswers", "文書の答え")
        };
    }
    let mut body = paper.body::<Saving>("答え(一部の質問だけでも可)");
    body["content"]["application/json"]["example"] = json!({
        "seen": 0,
        "answers": {
            "business": "食品の卸売",
            "telework": true,
            "people": [{ "id": "r1", "name": "見本 花子", "post": "総務部" }],
        },
    });
    Said {
        description: "送った質問だけを保存します。読み取った後にほかの人が同じ質問に別の答えを保存していたときは、何も保存せず、両方の答えを conflicts に示します。表は行ごとに合わせます。同じ内容を送り直しても、何も変わりません。",
        parameters: vec![receipt_number()],
        body: Some(body),
        answers: vec![("200", paper.answer::<SavedView>("保存しました"))],
        problems: [
            &[Kind::NotFound, Kind::Refused, Kind::Conflict][..],
            &BODY[..],
        ]
        .concat(),
        ..about("savePaperAnswers", "文書の答えの保存")
    }
}

fn comments(paper: &mut Paper, method: &Method) -> Said {
    if *method == Method::GET {
        return Said {
            answers: vec![("200", paper.answer::<CommentList>("古い順のコメント"))],
            ..about("listPaperComments", "文書へのコメント")
        };
    }
    let mut body = paper.body::<Commenting>("コメント");
    body["content"]["application/json"]["example"] =
        json!({ "text": "責任者の役職をご確認ください。" });
    Said {
        description: "会社のページにも表示されます。",
        answers: vec![("200", paper.answer::<CommentedView>("書きました"))],
        ..once(body, about("commentOnPaper", "文書へのコメントを書く"))
    }
}

fn command(paper: &mut Paper, step: &str) -> Option<Said> {
    Some(match step {
        "/{kind}/send-for-review" => {
            let mut body = paper.body::<Sending>("会社へのひとこと");
            body["content"]["application/json"]["example"] =
                json!({ "note": "第2条をご確認ください。" });
            Said {
                description: "今の本文を版として残し、PDFを作り、会社にメールで知らせます。メールは5分後に出ます。それまでに取り下げると、出ません。",
                answers: vec![("200", paper.answer::<SentView>("確認をお願いしました"))],
                ..once(
                    body,
                    about("sendPaperForReview", "会社に文書の確認をお願いする"),
                )
            }
        }
        "/{kind}/take-back" => {
            let body = nothing(paper);
            Said {
                answers: vec![("200", paper.answer::<StandingView>("取り下げました"))],
                ..once(body, about("takePaperBack", "確認の依頼の取り下げ"))
            }
        }
        "/{kind}/start-revision" => {
            let body = nothing(paper);
            Said {
                description: "承認された版は、そのまま残ります。",
                answers: vec![("200", paper.answer::<StandingView>("次の版を始めました"))],
                ..once(body, about("startPaperRevision", "承認された文書の改訂"))
            }
        }
        _ => return None,
    })
}

fn file(paper: &mut Paper) -> Said {
    let mut parameters = vec![receipt_number(), kind(), version()];
    parameters.extend(paper.parameters::<FileQuery>(&[]));
    let bytes = json!({ "schema": {} });
    let file = json!({
        "description": "ファイル",
        "content": { "application/pdf": bytes, DOCX: bytes },
    });
    Said {
        parameters,
        answers: vec![("200", file)],
        problems: vec![Kind::NotFound, Kind::InvalidRequest],
        ..about("getPaperFile", "版のファイル(PDF、Word)")
    }
}

fn kind() -> Value {
    let mut kind = in_path("kind", "文書の種類");
    kind["example"] = json!("basic-policy");
    kind
}

fn version() -> Value {
    let mut version = in_path("version", "版の番号(1から)");
    version["example"] = json!("1");
    version
}
