//! A new revision of a programme: checked and kept first, served on purpose afterwards. The page and the interface call the same.

use std::sync::Arc;

use jiff::Timestamp;
use sonae_core::program::load::LARGEST_FILE;
use sonae_core::program::{Message, Program, SourceFile, load};
use sonae_store::StoreError;
use sonae_store::audit::{self, Act};
use sonae_store::revision::{self, Published};
use sonae_store::serving::{self, NewServing};

use super::revisions;
use crate::app::{App, Running};

/// The programme in files, given as name and content.
///
/// # Errors
/// One sentence for each thing to be corrected.
pub fn read<'a>(
    app: &App,
    id: &str,
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Result<Program, Vec<String>> {
    let mut sources = Vec::new();
    for (name, content) in files {
        // Only the last part of the name counts: some browsers send the folder with it.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        if content.len() > LARGEST_FILE {
            return Err(vec![format!("{name}：ファイルが大きすぎます。")]);
        }
        let Ok(text) = std::str::from_utf8(content) else {
            return Err(vec![format!(
                "{name}：文字コードがUTF-8ではありません。UTF-8で保存し直してください。"
            )]);
        };
        sources.push(SourceFile {
            path: name.to_owned(),
            text: text.to_owned(),
            name: name.to_owned(),
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
    is_of_the_office(app, id, &program).map_err(|sentence| vec![sentence])?;
    Ok(program)
}

/// Refuses what would be another programme, or take the receipt numbers of another.
fn is_of_the_office(app: &App, id: &str, program: &Program) -> Result<(), String> {
    if program.id() != id {
        return Err(format!(
            "program.toml の id が「{}」です。この事業の版にするには「{id}」にしてください。",
            program.id()
        ));
    }
    let prefix = &program.definition.program.receipt_prefix;
    let mut others = app.programs.iter().filter(|other| other.program.id() != id);
    match others.any(|other| other.program.definition.program.receipt_prefix == *prefix) {
        true => Err(format!(
            "受付番号の頭文字「{prefix}」を、ほかの事業が使っています。別の receipt_prefix にしてください。"
        )),
        false => Ok(()),
    }
}

/// Keeps a revision that is not served yet; `by` is who the log says did it. Gives whether it is new.
///
/// # Errors
/// The database could not be written; nothing has changed.
pub async fn keep(app: &App, program: Program, by: String) -> Result<bool, StoreError> {
    let at = app.clock.now();
    app.write(move |tx| {
        let is_new = revision::publish(tx, &program, at)?;
        if is_new {
            let act = Act {
                at,
                actor: &by,
                action: "program.uploaded",
                subject: program.id(),
            };
            let data = serde_json::json!({ "revision": program.revision });
            audit::append(tx, act, data)?;
        }
        Ok(is_new)
    })
    .await
}

/// A revision that is to be served.
#[derive(Clone, Debug)]
pub struct Serving {
    pub program_id: String,
    pub revision: String,
    /// `staff:<id>`
    pub by: String,
    pub reason: String,
}

/// Serves a kept revision from now on; none when it was never kept.
///
/// # Errors
/// The database could not be written; nothing has changed.
pub async fn serve(app: &App, wanted: Serving) -> Result<Option<Arc<Running>>, StoreError> {
    let (inner, at) = (app.clone(), app.clock.now());
    let served = app
        .write(move |tx| {
            let known = revision::of_program(tx, &wanted.program_id)?;
            if !known.iter().any(|known| known.revision == wanted.revision) {
                return Ok(None);
            }
            let running = revisions::of(&inner, tx, &wanted.revision)?;
            serving::serve(tx, new(&wanted, at))?;
            Ok(Some(running))
        })
        .await?;
    if let Some(running) = &served {
        app.programs.serve(running.clone());
    }
    Ok(served)
}

fn new(wanted: &Serving, at: Timestamp) -> NewServing<'_> {
    NewServing {
        program_id: &wanted.program_id,
        revision: &wanted.revision,
        by: &wanted.by,
        at,
        reason: &wanted.reason,
        log_index: None,
    }
}

/// A kept revision of a programme, in itself and as the list of revisions has it; none when it was never kept.
///
/// # Errors
/// The database could not be read.
pub async fn find(
    app: &App,
    program_id: &str,
    wanted: &str,
) -> Result<Option<(Published, Arc<Running>)>, StoreError> {
    let (inner, program_id, wanted) = (app.clone(), program_id.to_owned(), wanted.to_owned());
    app.read(move |tx| {
        let known = revision::of_program(tx, &program_id)?;
        match known.into_iter().find(|known| known.revision == wanted) {
            Some(known) => {
                let running = revisions::of(&inner, tx, &known.revision)?;
                Ok(Some((known, running)))
            }
            None => Ok(None),
        }
    })
    .await
}
