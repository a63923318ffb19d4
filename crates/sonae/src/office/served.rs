//! Which revision of each programme is served. The folder's is, until somebody publishes another in the office; a folder whose content
//! is new at a start comes first again.

use std::sync::Arc;

use jiff::Timestamp;
use sonae_core::program::{Program, SourceFile, load};
use sonae_db::Tx;
use sonae_store::serving::{self, NewServing};
use sonae_store::{StoreError, revision};

use crate::app::{Programs, Running};

/// Serves the revision of a folder that was never served before. `log_index` is the entry that says it was published just now.
///
/// # Errors
/// The database could not be written.
pub fn from_folder(
    tx: &mut Tx,
    program: &Program,
    at: Timestamp,
    log_index: Option<i64>,
) -> Result<(), StoreError> {
    if serving::was_served(tx, program.id(), &program.revision)? {
        return Ok(());
    }
    let new = NewServing {
        program_id: program.id(),
        revision: &program.revision,
        by: "system",
        at,
        reason: "",
        log_index,
    };
    serving::serve(tx, new)?;
    Ok(())
}

/// Takes up what the database says is served; a revision that no longer loads is logged and left.
///
/// # Errors
/// The database could not be read.
pub fn take_up(tx: &mut Tx, programs: &Programs) -> Result<(), StoreError> {
    let served: Vec<&Arc<Running>> = programs.iter().collect();
    for running in served {
        let program = &running.program;
        let Some(latest) = serving::latest(tx, program.id())? else {
            continue;
        };
        if latest.revision == program.revision {
            continue;
        }
        let files = revision::files(tx, &latest.revision)?.unwrap_or_default();
        let files: Vec<SourceFile> = files
            .into_iter()
            .map(|(name, text)| SourceFile {
                path: name.clone(),
                name,
                text,
            })
            .collect();
        match load(&files) {
            Ok(program) => programs.serve(Arc::new(Running::new(program))),
            Err(_) => {
                tracing::error!(
                    program = program.id(),
                    "the published revision no longer loads; the folder's is served"
                );
            }
        }
    }
    Ok(())
}
