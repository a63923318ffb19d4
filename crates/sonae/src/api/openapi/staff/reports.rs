//! The monthly reports.

use serde_json::{Value, json};

use super::super::super::problem::Kind;
use super::super::super::reports::act::{Checking, Returning, Seen, StandingView};
use super::super::super::reports::files::RevisionQuery;
use super::super::super::reports::list::{ReportList, ReportQuery};
use super::super::super::reports::one::ReportView;
use super::{Paper, Said, frozen, in_path, once, receipt_number};

pub(super) fn say(paper: &mut Paper, path: &str) -> Option<Said> {
    Some(match path.trim_start_matches("/api/v1/reports") {
        "" => Said {
            description: "条件はすべて合わせて効きます。月の指定がないときは、終わった最後の月(日本時間)です。",
            parameters: paper.parameters::<ReportQuery>(&[]),
            answers: vec![(
                "200",
                paper.answer::<ReportList>("月と受付番号の順の1ページ"),
            )],
            problems: vec![Kind::InvalidRequest],
            ..about("listReports", "月次レポートの一覧")
        },
        "/{receipt_number}/{month}" => Said {
            answers: vec![("200", paper.answer::<ReportView>("企業の1か月"))],
            ..about("getReport", "月次レポート1つ")
        },
        "/{receipt_number}/{month}/figures" => {
            let figures = json!({
                "description": "数字。保存したときのままの内容です",
                "content": { "application/json": { "schema": { "type": "object" } } },
            });
            Said {
                description: "format は、数字の書き方の版です。",
                answers: vec![("200", frozen(figures))],
                ..of_revision(paper, "getReportFigures", "月次レポートの数字")
            }
        }
        "/{receipt_number}/{month}/pdf" => {
            let pdf =
                json!({ "description": "PDF", "content": { "application/pdf": { "schema": {} } } });
            Said {
                answers: vec![("200", frozen(pdf))],
                ..of_revision(paper, "getReportPdf", "月次レポートのPDF")
            }
        }
        step => return act(paper, step),
    })
}

fn act(paper: &mut Paper, step: &str) -> Option<Said> {
    let (id, summary, description, done, body) = match step {
        "/{receipt_number}/{month}/make" => (
            "makeReport",
            "月次レポートを作る",
            "数字を計算して保存します。2回目からは、次の版になります。",
            "作りました",
            paper.example::<Seen>("ご覧になった版", json!({ "revision": 0 })),
        ),
        "/{receipt_number}/{month}/check" => (
            "checkReport",
            "月次レポートを点検済みにする",
            "",
            "点検済みにしました",
            paper.example::<Checking>(
                "ご覧になった版と、会社へのひとこと",
                json!({ "revision": 1, "word": "夜間も電源を入れたままにしてください。" }),
            ),
        ),
        "/{receipt_number}/{month}/approve" => (
            "approveReport",
            "月次レポートの承認",
            "点検した人やシステムは、承認できません。5分後に会社へ送られます。それまでは差し戻せます。",
            "承認しました",
            paper.example::<Seen>("ご覧になった版", json!({ "revision": 1 })),
        ),
        "/{receipt_number}/{month}/return" => (
            "returnReport",
            "月次レポートの差戻し",
            "",
            "差し戻しました",
            paper.example::<Returning>(
                "ご覧になった版と理由",
                json!({ "revision": 1, "why": "機器の台数が違います。" }),
            ),
        ),
        _ => return None,
    };
    Some(Said {
        description,
        answers: vec![("200", paper.answer::<StandingView>(done))],
        ..once(body, about(id, summary))
    })
}

fn about(id: &'static str, summary: &'static str) -> Said {
    Said {
        id,
        tag: "reports",
        summary,
        description: "",
        parameters: vec![receipt_number(), month()],
        body: None,
        answers: Vec::new(),
        problems: vec![Kind::NotFound],
    }
}

fn of_revision(paper: &mut Paper, id: &'static str, summary: &'static str) -> Said {
    let mut said = about(id, summary);
    said.parameters
        .extend(paper.parameters::<RevisionQuery>(&[]));
    said.problems.push(Kind::InvalidRequest);
    said
}

fn month() -> Value {
    let mut month = in_path("month", "月");
    month["example"] = json!("2026-05");
    month
}
