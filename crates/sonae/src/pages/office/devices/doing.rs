//! Ends a device, or gives it another token.

use axum::extract::{Path, State};
use sonae_core::access::Action;
use sonae_store::telemetry_source::{self, Source};

use super::{here, token};
use crate::app::App;
use crate::office::devices::{self, By};
use crate::pages::office::Page;
use crate::pages::office::case::open::{Opened, open_with};
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::public::error::PageError;

pub(super) fn routes(door: Door) -> Door {
    let may = Action::ManageSources;
    door.post("/office/cases/{receipt_number}/devices/{id}/end", may, end)
        .post(
            "/office/cases/{receipt_number}/devices/{id}/token",
            may,
            renew,
        )
}

type Named = Path<(String, String)>;

async fn end(State(app): State<App>, Path((number, id)): Named, staff: Staff) -> Page {
    let (opened, source) = device(&app, &staff, &number, id).await?;
    let ended = change(&app, &opened, move |tx, by| {
        devices::end(tx, &source.id, by)
    })
    .await?;
    let said = match ended {
        true => Flash::success(
            "機器を終わらせました。この機器からは、もう受け取りません。届いた分は残っています。",
        ),
        false => Flash::warning("この機器は、すでに終わっています。"),
    };
    Ok(said.go(&app, &staff, &here(&opened)))
}

async fn renew(State(app): State<App>, Path((number, id)): Named, staff: Staff) -> Page {
    let (opened, source) = device(&app, &staff, &number, id).await?;
    let fresh = devices::fresh(opened.now).token;
    let (id, secret) = (source.id.clone(), fresh.clone());
    let renewed = change(&app, &opened, move |tx, by| {
        devices::renew(tx, &id, &secret, by)
    });
    match renewed.await? {
        true => token::page(&app, &opened, &source, fresh),
        false => {
            let said = Flash::warning("この機器は終わっているため、トークンを新しくできません。");
            Ok(said.go(&app, &staff, &here(&opened)))
        }
    }
}

/// The case, and a device of its company.
async fn device(
    app: &App,
    staff: &Staff,
    number: &str,
    id: String,
) -> Result<(Opened, Source), PageError> {
    let read = move |tx: &mut sonae_db::Tx, opened: &Opened| {
        let found = telemetry_source::by_id(tx, &id)?;
        Ok(found.filter(|source| source.application_id == opened.stored.application_id))
    };
    let (opened, found) = open_with(app, staff, number, Action::ManageSources, read).await?;
    Ok((opened, found.ok_or(PageError::NotFound)?))
}

async fn change(
    app: &App,
    opened: &Opened,
    what: impl Fn(&mut sonae_db::Tx, By<'_>) -> Result<bool, sonae_store::StoreError> + Send + 'static,
) -> Result<bool, PageError> {
    let (actor, id, at) = (opened.staff.actor(), opened.staff.id.clone(), opened.now);
    let receipt_number = opened.stored.receipt_number.clone();
    let write = app.write(move |tx| {
        let by = By {
            actor: &actor,
            id: &id,
            receipt_number: Some(&receipt_number),
            at,
        };
        what(tx, by)
    });
    Ok(write.await?)
}
