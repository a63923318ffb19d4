//! `/office/approvals/propose`: the secretariat chooses cases, sees what would happen, and hands them to the sponsor as a list.

use axum::extract::State;
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::flow::Event;
use sonae_store::approval_list::{self, MOST_ON_A_LIST, NewList};

use super::decide::{Batch, hidden};
use super::{actor, list};
use crate::app::App;
use crate::chance;
use crate::office::batch::{self, Item, Line, marked};
use crate::pages::office::Page;
use crate::pages::office::calm::Calm;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    door.post(
        "/office/approvals/propose",
        Action::ProposeApproval,
        propose,
    )
}

async fn propose(State(app): State<App>, staff: Staff, form: Form) -> Page {
    let program = form.first("program").to_owned();
    if app.programs.get(&program).is_none() {
        return Err(PageError::NotFound);
    }
    let note = form.first("note").trim().to_owned();
    let marks = form.all("case").filter_map(marked).take(MOST_ON_A_LIST);
    let items: Vec<Item> = marks
        .map(|(receipt_number, version)| Item {
            receipt_number,
            version,
            event: Event::Proposed { note: note.clone() },
        })
        .collect();
    if items.is_empty() {
        let page = Calm::new(&app, &staff, Section::Approvals, "案件が選ばれていません")
            .say("承認を依頼する案件に印を付けてから、もう一度お送りください。何も依頼していません。")
            .link("承認のページへ戻る", "/office/approvals");
        return Ok(page.respond(StatusCode::UNPROCESSABLE_ENTITY));
    }
    if form.first("confirmed") != "1" {
        let fields = hidden([("program", &program), ("note", &note)], &items);
        let lines = batch::preview(&app, &actor(&staff), items).await?;
        let good = lines.iter().filter(|line| line.good).count();
        let lead = format!("次の{good}件を1つの一覧にして、東京都に承認を依頼します。");
        let mut page = page(&app, &staff, false, lead, (lines, fields));
        page.said = (!note.is_empty()).then_some(("東京都へのひとこと", note));
        return show(StatusCode::OK, &page);
    }
    let done = "承認を依頼しました。";
    let lines = batch::run(&app, &actor(&staff), items, done).await?;
    let list = hand_over(&app, &staff, program, note, &lines).await?;
    let good = lines.iter().filter(|line| line.good).count();
    let lead = format!("{good}件の承認を依頼しました。");
    let mut page = page(&app, &staff, true, lead, (lines, Vec::new()));
    if let Some(list) = list {
        page.back = (
            "渡した一覧を見る".to_owned(),
            format!("/office/approvals/{list}"),
        );
    }
    show(StatusCode::OK, &page)
}

/// Makes a list of what was proposed; none when nothing was.
async fn hand_over(
    app: &App,
    staff: &Staff,
    program_id: String,
    note: String,
    lines: &[Line],
) -> Result<Option<String>, PageError> {
    let at = app.clock.now();
    let id = chance::id(at);
    let by = format!("staff:{}", staff.id);
    let numbers: Vec<String> = (lines.iter().filter(|line| line.good))
        .map(|line| line.receipt_number.clone())
        .collect();
    let written = app.write(move |tx| {
        let mut applications = Vec::new();
        for number in &numbers {
            applications.extend(list::application_of(tx, number)?);
        }
        let new = NewList {
            id: &id,
            program_id: &program_id,
            note: &note,
            by: &by,
            at,
            applications: &applications,
        };
        let on_it = approval_list::hand_over(tx, &new)?;
        Ok((on_it > 0).then(|| id.clone()))
    });
    Ok(written.await?)
}

fn page(
    app: &App,
    staff: &Staff,
    done: bool,
    lead: String,
    (lines, fields): (Vec<Line>, Vec<(String, String)>),
) -> Batch {
    let title = match done {
        true => "依頼の結果",
        false => "承認の依頼の確認",
    };
    Batch {
        frame: OfficeFrame::new(app, staff, Section::Approvals, title)
            .crumb("承認", "/office/approvals"),
        action: "/office/approvals/propose".to_owned(),
        done,
        lead,
        said: None,
        lines,
        fields,
        button: "一覧にして東京都に依頼する",
        back: (
            "承認のページへ戻る".to_owned(),
            "/office/approvals".to_owned(),
        ),
    }
}
