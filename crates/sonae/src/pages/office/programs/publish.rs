//! `/office/programs/{program}/upload` and `…/revisions/{revision}/publish`: a new revision is checked and kept, and served once its
//! difference and its effect were seen.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use sonae_core::access::Action;

use super::revisions::shown;
use super::short;
use crate::app::App;
use crate::office::publishing::{self, Serving};
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;
use crate::pages::public::error::PageError;

pub(super) fn routes(door: Door) -> Door {
    let door = door.upload(
        "/office/programs/{program}/upload",
        Action::PublishProgram,
        upload,
    );
    door.post(
        "/office/programs/{program}/revisions/{revision}/publish",
        Action::PublishProgram,
        publish,
    )
}

/// Checks the files and keeps them as a revision that is not served yet.
async fn upload(State(app): State<App>, staff: Staff, Path(id): Path<String>, form: Form) -> Page {
    if app.programs.get(&id).is_none() {
        return Err(PageError::NotFound);
    }
    let files = form
        .files("files")
        .map(|file| (&file.name[..], &file.content[..]));
    let program = match publishing::read(&app, &id, files) {
        Ok(program) => program,
        Err(mistakes) => {
            return shown(
                &app,
                &staff,
                &id,
                StatusCode::UNPROCESSABLE_ENTITY,
                mistakes,
            )
            .await;
        }
    };
    let path = format!("/office/programs/{id}/revisions/{}", program.revision);
    publishing::keep(&app, program, staff.actor()).await?;
    Ok(Redirect::to(&path).into_response())
}

/// Serves a kept revision from now on.
async fn publish(
    State(app): State<App>,
    staff: Staff,
    Path((id, wanted)): Path<(String, String)>,
    form: Form,
) -> Page {
    let reason = form.first("reason").trim().to_owned();
    let back = format!("/office/programs/{id}/revisions/{wanted}");
    if reason.is_empty() {
        let said = "公開する理由を書いてください。何も変更していません。";
        return Ok(Flash::warning(said).go(&app, &staff, &back));
    }
    let serving = Serving {
        program_id: id.clone(),
        revision: wanted,
        by: format!("staff:{}", staff.id),
        reason,
    };
    let running = publishing::serve(&app, serving).await?;
    let running = running.ok_or(PageError::NotFound)?;
    let said = format!(
        "版 {} を公開しました。これからの申込みは、この版で受け付けます。",
        short(&running.program.revision)
    );
    Ok(Flash::success(said).go(&app, &staff, &format!("/office/programs/{id}")))
}
