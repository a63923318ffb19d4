//! `/office/approvals/{list}/record`: the printed record of a list: who proposed and decided what, when, and where the log says so.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::audit::hex;
use sonae_core::calendar::japanese::moment;
use sonae_store::audit;

use super::compare::Compared;
use super::{list, list_title};
use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/approvals/{list}/record",
        Action::ReadApprovals,
        page,
    )
}

#[derive(Template)]
#[template(path = "office/approvals/record.html")]
struct Record {
    frame: OfficeFrame,
    /// 一覧を渡した人、日時、記録の番号とハッシュ.
    handed_over: Option<String>,
    note: String,
    printed_at: String,
    rows: Vec<Compared>,
}

async fn page(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let opened = list::open(&app, &staff, &id).await?;
    let index = opened.list.as_ref().map(|list| list.log_index);
    let entry = app
        .read(move |tx| match index {
            Some(index) => audit::entry(tx, index),
            None => Ok(None),
        })
        .await?;
    let title = match &opened.list {
        Some(list) => format!("{} 記録", list_title(&app, list)),
        None => "一覧にない承認依頼 記録".to_owned(),
    };
    let handed_over = opened.list.as_ref().map(|list| {
        let hash = entry.map(|entry| hex(&entry.hash)).unwrap_or_default();
        format!(
            "{} {}(記録 {} {hash})",
            opened.people.name(&list.handed_over_by),
            moment(list.handed_over_at),
            list.log_index
        )
    });
    let page = Record {
        frame: OfficeFrame::new(&app, &staff, Section::Approvals, &title)
            .crumb("承認", "/office/approvals")
            .crumb("一覧", &format!("/office/approvals/{id}")),
        handed_over,
        note: opened.list.map(|list| list.note).unwrap_or_default(),
        printed_at: moment(app.clock.now()),
        rows: opened.rows,
    };
    show(StatusCode::OK, &page)
}
