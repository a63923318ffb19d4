//! `/office/approvals/{list}/decide`: the sponsor approves or sends back, singly or the whole list: first shown, then done case by case.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::flow::Event;

use super::{actor, list};
use crate::app::App;
use crate::office::batch::{self, Item, Line, marked};
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    door.post(
        "/office/approvals/{list}/decide",
        Action::DecideApproval,
        decide,
    )
}

#[derive(Template)]
#[template(path = "office/approvals/batch.html")]
pub(super) struct Batch {
    pub frame: OfficeFrame,
    /// Where it is sent, and whether it was done already.
    pub action: String,
    pub done: bool,
    pub lead: String,
    /// What goes with it to the other side: its heading and the words, when there are any.
    pub said: Option<(&'static str, String)>,
    pub lines: Vec<Line>,
    /// Hidden fields of the form that does it.
    pub fields: Vec<(String, String)>,
    pub button: &'static str,
    /// Label and address of the way back.
    pub back: (String, String),
}

impl Batch {
    fn good(&self) -> usize {
        self.lines.iter().filter(|line| line.good).count()
    }
}

async fn decide(State(app): State<App>, staff: Staff, Path(id): Path<String>, form: Form) -> Page {
    let wish = form.first("do");
    let question = form.first("question").trim();
    let mistake = |sentence: &'static str| {
        let (app, staff, id, question) =
            (app.clone(), staff.clone(), id.clone(), question.to_owned());
        async move {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            list::shown(&app, &staff, &id, status, Some(sentence), &question).await
        }
    };
    let event = match wish {
        "approve" | "approve_all" => Event::Approved {},
        "send_back" if question.is_empty() => {
            return mistake("差し戻すときは、確かめたいことを質問の欄にご記入ください。").await;
        }
        "send_back" => Event::SentBack {
            question: question.to_owned(),
        },
        _ => return mistake("「承認する」か「質問を付けて差し戻す」を選んでください。").await,
    };
    let marks: Vec<(String, i64)> = match wish {
        "approve_all" => {
            let opened = list::open(&app, &staff, &id).await?;
            let waiting = opened.rows.iter().filter(|row| row.waits);
            waiting.filter_map(|row| marked(&row.mark)).collect()
        }
        _ => form.all("case").filter_map(marked).collect(),
    };
    if marks.is_empty() {
        return mistake("案件が選ばれていません。判断する案件に印を付けてください。").await;
    }
    let items: Vec<Item> = (marks.into_iter().take(batch::MOST))
        .map(|(receipt_number, version)| Item {
            receipt_number,
            version,
            event: event.clone(),
        })
        .collect();
    let confirmed = form.first("confirmed") == "1";
    let approves = event == Event::Approved {};
    let wish = if approves { "approve" } else { "send_back" };
    let fields = hidden([("do", wish), ("question", question)], &items);
    let lines = match confirmed {
        true => batch::run(&app, &actor(&staff), items, done_sentence(approves)).await?,
        false => batch::preview(&app, &actor(&staff), items).await?,
    };
    let mut page = page(&app, &staff, &id, (approves, confirmed), lines, fields);
    page.said = (!approves).then(|| ("質問", question.to_owned()));
    show(StatusCode::OK, &page)
}

fn done_sentence(approves: bool) -> &'static str {
    match approves {
        true => "承認しました。",
        false => "質問を付けて差し戻しました。",
    }
}

/// What the form that does it carries: what was said, and each case as it was seen.
pub(super) fn hidden(said: [(&str, &str); 2], items: &[Item]) -> Vec<(String, String)> {
    let said = said.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let marks = items.iter().map(|item| {
        let mark = format!("{}@{}", item.receipt_number, item.version);
        ("case".to_owned(), mark)
    });
    said.into_iter().chain(marks).collect()
}

fn page(
    app: &App,
    staff: &Staff,
    id: &str,
    (approves, done): (bool, bool),
    lines: Vec<Line>,
    fields: Vec<(String, String)>,
) -> Batch {
    let (title, button) = match approves {
        true => ("承認の確認", "承認する"),
        false => ("差戻しの確認", "質問を付けて差し戻す"),
    };
    let good = lines.iter().filter(|line| line.good).count();
    let lead = match (done, approves) {
        (false, true) => format!("次の{good}件を承認します。内容を確かめて、承認してください。"),
        (false, false) => format!("次の{good}件に質問を付けて、運営事務局に差し戻します。"),
        (true, true) => format!("{good}件を承認しました。"),
        (true, false) => {
            format!("{good}件を差し戻しました。運営事務局が回答して、改めて依頼します。")
        }
    };
    let title = if done { "判断の結果" } else { title };
    Batch {
        frame: OfficeFrame::new(app, staff, Section::Approvals, title)
            .crumb("承認", "/office/approvals"),
        action: format!("/office/approvals/{id}/decide"),
        done,
        lead,
        said: None,
        lines,
        fields,
        button,
        back: ("一覧に戻る".to_owned(), format!("/office/approvals/{id}")),
    }
}
