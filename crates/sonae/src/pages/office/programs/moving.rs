//! `/office/programs/{program}/revisions/{revision}/move`: open cases are moved to the served revision, some or all: first shown, then
//! done case by case.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::flow::{Actor, Event};
use sonae_store::serving;

use super::revision::{both, shown};
use super::short;
use crate::app::App;
use crate::office::batch::{self, Item, Line, marked};
use crate::office::moving::MOST_TRIED;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    door.post(
        "/office/programs/{program}/revisions/{revision}/move",
        Action::MoveCases,
        move_cases,
    )
}

#[derive(Template)]
#[template(path = "office/approvals/batch.html")]
struct Batch {
    frame: OfficeFrame,
    action: String,
    done: bool,
    lead: String,
    /// Why they are moved, with its heading.
    said: Option<(&'static str, String)>,
    lines: Vec<Line>,
    fields: Vec<(String, String)>,
    button: &'static str,
    back: (String, String),
}

impl Batch {
    fn good(&self) -> usize {
        self.lines.iter().filter(|line| line.good).count()
    }
}

async fn move_cases(
    State(app): State<App>,
    staff: Staff,
    Path((id, revision)): Path<(String, String)>,
    form: Form,
) -> Page {
    let (this, served) = both(&app, &id, &revision).await?;
    let reason = form.first("reason").trim().to_owned();
    let mut marks: Vec<(String, i64)> = form.all("case").filter_map(marked).collect();
    if form.first("do") == "all" {
        let (program, from) = (id.clone(), revision.clone());
        let open = app.read(move |tx| serving::open_cases(tx, &program, &from, MOST_TRIED));
        marks = open.await?;
    }
    let mistake = match (reason.is_empty(), marks.is_empty()) {
        (true, _) => Some("移す理由を書いてください。理由は記録に残ります。"),
        (_, true) => Some("案件が選ばれていません。移す案件に印を付けてください。"),
        _ if this.program.revision == served.program.revision => {
            Some("この版は今公開している版です。移す必要はありません。")
        }
        _ => None,
    };
    if let Some(sentence) = mistake {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let place = (id.as_str(), revision.as_str());
        return shown(
            &app,
            &staff,
            place,
            status,
            Some(sentence.to_owned()),
            &reason,
        )
        .await;
    }
    let to = served.program.revision.clone();
    let items: Vec<Item> = (marks.into_iter().take(batch::MOST))
        .map(|(receipt_number, version)| Item {
            receipt_number,
            version,
            event: Event::Moved {
                revision: to.clone(),
                reason: reason.clone(),
            },
        })
        .collect();
    let mut fields = vec![("reason".to_owned(), reason)];
    fields.extend(items.iter().map(|item| {
        let mark = format!("{}@{}", item.receipt_number, item.version);
        ("case".to_owned(), mark)
    }));
    let done = form.first("confirmed") == "1";
    let lines = match done {
        true => batch::run(&app, &actor(&staff), items, "新しい版に移しました。").await?,
        false => batch::preview(&app, &actor(&staff), items).await?,
    };
    let page = page(&app, &staff, (&id, &revision), &to, (done, lines, fields));
    show(StatusCode::OK, &page)
}

fn actor(staff: &Staff) -> Actor {
    Actor::Staff {
        id: staff.id.clone(),
        role: staff.role,
    }
}

fn page(
    app: &App,
    staff: &Staff,
    (id, revision): (&str, &str),
    to: &str,
    (done, lines, fields): (bool, Vec<Line>, Vec<(String, String)>),
) -> Batch {
    let good = lines.iter().filter(|line| line.good).count();
    let path = format!("/office/programs/{id}/revisions/{revision}");
    let (title, lead) = match done {
        true => (
            "移した結果",
            format!("{good}件を版 {} に移しました。", short(to)),
        ),
        false => (
            "版を移す確認",
            format!(
                "次の{good}件を版 {} に移します。進んでいる段階と期限が変わることがあります。",
                short(to)
            ),
        ),
    };
    Batch {
        frame: OfficeFrame::new(app, staff, Section::Programs, title)
            .crumb("事業", "/office/programs"),
        action: format!("{path}/move"),
        done,
        lead,
        said: (fields.first()).map(|(_, reason)| ("移す理由", reason.clone())),
        lines,
        fields,
        button: "新しい版に移す",
        back: ("版のページへ戻る".to_owned(), path),
    }
}
