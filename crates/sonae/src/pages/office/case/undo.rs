//! `…/undo/{version}`: takes back what this person just did.

use axum::extract::{Path, State};
use sonae_core::access::Action;

use super::open;
use crate::app::App;
use crate::office::undo::{self, Outcome, Request};
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::public::error::PageError;

pub(super) fn routes(door: Door) -> Door {
    door.post(
        "/office/cases/{receipt_number}/undo/{version}",
        // Whoever may see a case; the record says whether it was her own doing.
        Action::ReadCase,
        take_back,
    )
}

async fn take_back(
    State(app): State<App>,
    Path((number, version)): Path<(String, String)>,
    staff: Staff,
) -> Page {
    let opened = open::open(&app, &staff, &number, Action::ReadCase).await?;
    let number = &opened.stored.receipt_number;
    let request = Request {
        receipt_number: number.clone(),
        version: version.parse().map_err(|_| PageError::NotFound)?,
        actor: opened.actor().name(),
    };
    let flash = match undo::undo(&app, request).await? {
        Outcome::Unknown => return Err(PageError::NotFound),
        Outcome::Refused(refusal) => Flash::warning(format!("{number}：{}", refusal.sentence)),
        Outcome::Done { mails: 0, .. } => {
            Flash::success(format!("{number}：操作を取り消し、元に戻しました。"))
        }
        Outcome::Done { mails, .. } => Flash::success(format!(
            "{number}：操作を取り消し、元に戻しました。メール{mails}通は送りません。"
        )),
    };
    Ok(flash.go(&app, &staff, &opened.href()))
}
