//! `/office/programs/{program}/upload` and `…/revisions/{revision}/publish`: a new revision is checked and kept, and served once its
//! difference and its effect were seen.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use sonae_core::access::Action;
use sonae_core::program::load::LARGEST_FILE;
use sonae_core::program::{Message, Program, SourceFile, load};
use sonae_store::audit::{self, Act};
use sonae_store::revision;
use sonae_store::serving::{self, NewServing};

use super::revisions::shown;
use super::short;
use crate::app::{App, Running};
use crate::office::revisions;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::form::{File, Form};
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
    let program = match read(&app, &id, form.files("files")) {
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
    let (by, at) = (staff.actor(), app.clock.now());
    let kept = app.write(move |tx| {
        if revision::publish(tx, &program, at)? {
            let act = Act {
                at,
                actor: &by,
                action: "program.uploaded",
                subject: program.id(),
            };
            let data = serde_json::json!({ "revision": program.revision });
            audit::append(tx, act, data)?;
        }
        Ok(())
    });
    kept.await?;
    Ok(Redirect::to(&path).into_response())
}

/// The programme in the files.
///
/// # Errors
/// One sentence for each thing to be corrected.
fn read<'a>(
    app: &App,
    id: &str,
    files: impl Iterator<Item = &'a File>,
) -> Result<Program, Vec<String>> {
    let mut sources = Vec::new();
    for file in files {
        // Only the last part of the name counts: some browsers send the folder with it.
        let name = file
            .name
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or_default()
            .to_owned();
        if file.content.len() > LARGEST_FILE {
            return Err(vec![format!("{name}：ファイルが大きすぎます。")]);
        }
        let Ok(text) = std::str::from_utf8(&file.content) else {
            return Err(vec![format!(
                "{name}：文字コードがUTF-8ではありません。UTF-8で保存し直してください。"
            )]);
        };
        sources.push(SourceFile {
            path: name.clone(),
            text: text.to_owned(),
            name,
        });
    }
    if sources.is_empty() {
        return Err(vec![
            "事業のファイル(8つの .toml)を選んでください。".to_owned(),
        ]);
    }
    let told =
        |messages: Vec<Message>| messages.iter().map(ToString::to_string).collect::<Vec<_>>();
    let program = load(&sources).map_err(told)?;
    if program.id() != id {
        return Err(vec![format!(
            "program.toml の id が「{}」です。この事業の版にするには「{id}」にしてください。",
            program.id()
        )]);
    }
    let prefix = &program.definition.program.receipt_prefix;
    let mut others = app.programs.iter().filter(|other| other.program.id() != id);
    if others.any(|other| other.program.definition.program.receipt_prefix == *prefix) {
        return Err(vec![format!(
            "受付番号の頭文字「{prefix}」を、ほかの事業が使っています。別の receipt_prefix にしてください。"
        )]);
    }
    Ok(program)
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
    let inner = app.clone();
    let (by, at, program_id) = (format!("staff:{}", staff.id), app.clock.now(), id.clone());
    let served: Option<Arc<Running>> = app
        .write(move |tx| {
            let known = revision::of_program(tx, &program_id)?;
            if !known.iter().any(|known| known.revision == wanted) {
                return Ok(None);
            }
            let running = revisions::of(&inner, tx, &wanted)?;
            let new = NewServing {
                program_id: &program_id,
                revision: &wanted,
                by: &by,
                at,
                reason: &reason,
                log_index: None,
            };
            serving::serve(tx, new)?;
            Ok(Some(running))
        })
        .await?;
    let running = served.ok_or(PageError::NotFound)?;
    let said = format!(
        "版 {} を公開しました。これからの申込みは、この版で受け付けます。",
        short(&running.program.revision)
    );
    app.programs.serve(running);
    Ok(Flash::success(said).go(&app, &staff, &format!("/office/programs/{id}")))
}
