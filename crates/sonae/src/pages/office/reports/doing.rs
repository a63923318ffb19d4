//! What the office does to one report: `…/make`, `…/check`, `…/approve`, `…/return`.

use axum::extract::{Path, State};
use sonae_core::access::Action;

use super::one::{Named, Opened, Wrong, open, shown};
use crate::app::App;
use crate::office::reports::{Outcome, Request, decide, make};
use crate::pages::office::Page;
use crate::pages::office::case::open::actor;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;

pub(super) fn routes(door: Door) -> Door {
    let (make_it, approve_it) = (Action::MakeReports, Action::ApproveReports);
    door.post(
        "/office/reports/{receipt_number}/{month}/make",
        make_it,
        make_one,
    )
    .post(
        "/office/reports/{receipt_number}/{month}/check",
        make_it,
        check,
    )
    .post(
        "/office/reports/{receipt_number}/{month}/approve",
        approve_it,
        approve,
    )
    .post(
        "/office/reports/{receipt_number}/{month}/return",
        approve_it,
        give_back,
    )
}

async fn make_one(State(app): State<App>, Path(named): Named, staff: Staff, form: Form) -> Page {
    let opened = open(&app, &named).await?;
    // A second click finds the revision that the first one made.
    let seen = Some(revision(&form));
    let done = make::make(&app, request(&app, &opened, &staff), seen).await;
    let said = |made: make::Made| {
        format!(
            "第{}版を作りました。内容を点検してください。",
            made.revision
        )
    };
    answer(
        (&app, &staff),
        (opened, &named),
        done,
        said,
        Wrong::default(),
    )
    .await
}

async fn check(State(app): State<App>, Path(named): Named, staff: Staff, form: Form) -> Page {
    let opened = open(&app, &named).await?;
    let word = form.first("word").to_owned();
    let request = request(&app, &opened, &staff);
    let done = decide::check(&app, request, revision(&form), word.clone()).await;
    let said = |_| "点検済みにしました。事務局の承認を待ちます。".to_owned();
    let wrong = Wrong {
        word,
        ..Wrong::default()
    };
    answer((&app, &staff), (opened, &named), done, said, wrong).await
}

async fn approve(State(app): State<App>, Path(named): Named, staff: Staff, form: Form) -> Page {
    let opened = open(&app, &named).await?;
    let (request, seen) = (request(&app, &opened, &staff), revision(&form));
    let done = decide::approve(&app, request, seen).await;
    let said =
        |_| "承認しました。5分後に、会社へメールを送ります。それまでは、差し戻せます。".to_owned();
    answer(
        (&app, &staff),
        (opened, &named),
        done,
        said,
        Wrong::default(),
    )
    .await
}

async fn give_back(State(app): State<App>, Path(named): Named, staff: Staff, form: Form) -> Page {
    let opened = open(&app, &named).await?;
    let (request, seen) = (request(&app, &opened, &staff), revision(&form));
    let why = form.first("why").to_owned();
    let wrong = Wrong {
        why: why.clone(),
        ..Wrong::default()
    };
    let done = app
        .write(move |tx| decide::give_back_in(tx, &request, seen, &why))
        .await;
    let said = |_| "差し戻しました。点検からやり直します。".to_owned();
    answer((&app, &staff), (opened, &named), done, said, wrong).await
}

fn request(app: &App, opened: &Opened, staff: &Staff) -> Request {
    Request {
        receipt_number: opened.stored.receipt_number.clone(),
        month: opened.month,
        actor: actor(staff),
        at: app.clock.now(),
    }
}

/// The revision that was seen.
fn revision(form: &Form) -> u32 {
    form.first("revision").parse().unwrap_or(0)
}

/// Leads back to the report with what was done, or shows it with why it was not.
async fn answer<T>(
    (app, staff): (&App, &Staff),
    (opened, named): (Opened, &(String, String)),
    done: Outcome<T>,
    said: impl Fn(T) -> String,
    wrong: Wrong,
) -> Page {
    match done? {
        Ok(done) => Ok(Flash::success(said(done)).go(app, staff, &opened.href())),
        Err(refusal) => {
            let wrong = Wrong {
                sentence: Some(refusal.sentence),
                ..wrong
            };
            shown(app, staff, open(app, named).await?, None, wrong)
        }
    }
}
