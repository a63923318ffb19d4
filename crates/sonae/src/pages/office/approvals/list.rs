//! `/office/approvals/{list}`: all cases of a list on one screen, to be compared and decided on, and its questions to be answered.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::{Action, Grant, allowed};
use sonae_core::calendar::japanese::moment;
use sonae_core::flow::Event;
use sonae_db::Tx;
use sonae_store::approval_list::{self, List};
use sonae_store::{StoreError, approval, case};

use super::compare::{self, Compared, Looks};
use super::{ALONE, MOST_QUESTIONS, actor, list_title};
use crate::app::App;
use crate::office::act::{Outcome, Request, act_in};
use crate::office::people::People;
use crate::office::readings;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    let door = door.get("/office/approvals/{list}", Action::ReadApprovals, page);
    door.post(
        "/office/approvals/{list}/answer",
        Action::ProposeApproval,
        answer,
    )
}

/// A list with its rows.
pub(super) struct Opened {
    /// None for what waits without a list.
    pub list: Option<List>,
    pub rows: Vec<Compared>,
    pub people: People,
}

/// Everything of one list; that the person read its cases is written down.
///
/// # Errors
/// `NotFound` for a list that does not exist.
pub(super) async fn open(app: &App, staff: &Staff, id: &str) -> Result<Opened, PageError> {
    let inner = app.clone();
    let (id, person, at) = (id.to_owned(), staff.clone(), app.clock.now());
    let opened = app.read(move |tx| {
        let staff = &person;
        read(&inner, tx, &id, &Looks { staff, at })
    });
    let mut opened = opened.await?.ok_or(PageError::NotFound)?;
    let read = opened.rows.iter_mut();
    readings::note(app, read.filter_map(|row| row.reading.take()).collect()).await;
    Ok(opened)
}

fn read(app: &App, tx: &mut Tx, id: &str, looks: &Looks<'_>) -> Result<Option<Opened>, StoreError> {
    let (list, proposals) = match id {
        ALONE => {
            let mut proposals = approval::waiting_alone(tx, MOST_QUESTIONS)?;
            let asked = approval::sent_back(tx, MOST_QUESTIONS)?;
            proposals.extend(asked.into_iter().filter(|row| row.list_id.is_none()));
            (None, proposals)
        }
        id => match approval_list::by_id(tx, id)? {
            None => return Ok(None),
            Some(list) => (Some(list), approval::of_list(tx, id)?),
        },
    };
    let people = People::read(tx)?;
    Ok(Some(Opened {
        rows: compare::rows(app, tx, &proposals, &people, looks)?,
        list,
        people,
    }))
}

#[derive(Template)]
#[template(path = "office/approvals/list.html")]
struct ListPage {
    frame: OfficeFrame,
    id: String,
    handed_over: Option<(String, String)>,
    note: String,
    rows: Vec<Compared>,
    waiting: usize,
    may_decide: bool,
    may_propose: bool,
    /// What is wrong with what was sent, and what was typed.
    error: Option<String>,
    question: String,
}

async fn page(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    shown(&app, &staff, &id, StatusCode::OK, None, "").await
}

/// The list, with a mistake in what was sent if there is one.
pub(super) async fn shown(
    app: &App,
    staff: &Staff,
    id: &str,
    status: StatusCode,
    error: Option<&str>,
    question: &str,
) -> Page {
    let opened = open(app, staff, id).await?;
    let title = match &opened.list {
        Some(list) => list_title(app, list),
        None => "一覧にない承認依頼".to_owned(),
    };
    let handed_over = opened.list.as_ref().map(|list| {
        let by = opened.people.name(&list.handed_over_by);
        (by, moment(list.handed_over_at))
    });
    let page = ListPage {
        frame: OfficeFrame::new(app, staff, Section::Approvals, &title)
            .crumb("承認", "/office/approvals")
            .with_error(error.is_some()),
        id: id.to_owned(),
        handed_over,
        note: opened.list.map(|list| list.note).unwrap_or_default(),
        waiting: opened.rows.iter().filter(|row| row.waits).count(),
        rows: opened.rows,
        may_decide: allowed(staff.role, Action::DecideApproval) != Grant::No,
        may_propose: allowed(staff.role, Action::ProposeApproval) != Grant::No,
        error: error.map(str::to_owned),
        question: question.to_owned(),
    };
    show(status, &page)
}

/// Answers a question: the case is proposed again and comes back to the list where it was asked.
async fn answer(State(app): State<App>, staff: Staff, Path(id): Path<String>, form: Form) -> Page {
    let Some((receipt_number, version)) = crate::office::batch::marked(form.first("case")) else {
        return Err(PageError::NotFound);
    };
    let request = Request {
        receipt_number: receipt_number.clone(),
        version: Some(version),
        event: Event::Proposed {
            note: form.first("answer").trim().to_owned(),
        },
        actor: actor(&staff),
    };
    let inner = app.clone();
    let outcome = app
        .write(move |tx| {
            let outcome = act_in(&inner, tx, &request, inner.clock.now())?;
            if let Outcome::Done(done) = &outcome {
                approval_list::put_back(tx, &done.after.application_id)?;
            }
            Ok(outcome)
        })
        .await?;
    match outcome {
        Outcome::Done(_) => {
            let said = format!("{receipt_number}の質問に回答し、改めて承認を依頼しました。");
            let path = format!("/office/approvals/{id}#case-{receipt_number}");
            Ok(Flash::success(said).go(&app, &staff, &path))
        }
        Outcome::Unknown => Err(PageError::NotFound),
        Outcome::Refused(refusal) => {
            let said = format!("{receipt_number}：{}", refusal.sentence);
            shown(
                &app,
                &staff,
                &id,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&said),
                "",
            )
            .await
        }
        Outcome::Conflict(_) => {
            let said = format!(
                "{receipt_number}は、表示した後に内容が変わりました。今の内容を確かめてから、もう一度お送りください。"
            );
            shown(
                &app,
                &staff,
                &id,
                StatusCode::UNPROCESSABLE_ENTITY,
                Some(&said),
                "",
            )
            .await
        }
    }
}

/// Whether a case of this number exists; a list is only made of such.
pub(super) fn application_of(tx: &mut Tx, number: &str) -> Result<Option<String>, StoreError> {
    Ok(case::by_receipt(tx, number)?.map(|stored| stored.application_id))
}
