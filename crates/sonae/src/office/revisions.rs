//! Programmes in the revisions that cases are judged by: the one that is served, and older ones read back from the database.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use sonae_core::program::{SourceFile, load};
use sonae_db::Tx;
use sonae_store::{StoreError, revision};

use crate::app::{App, Running};

/// Old revisions that were read once. An office has a handful; each is some 100 KiB.
#[derive(Default)]
pub struct Revisions(RwLock<HashMap<String, Arc<Running>>>);

/// The most old revisions kept in memory; beyond that they are read anew each time.
const MOST_KEPT: usize = 64;

/// A programme in a revision.
///
/// # Errors
/// The database holds no such revision, or one that no longer loads.
pub fn of(app: &App, tx: &mut Tx, revision: &str) -> Result<Arc<Running>, StoreError> {
    let served = app.programs.iter();
    if let Some(running) = served
        .into_iter()
        .find(|running| running.program.revision == revision)
    {
        return Ok(running.clone());
    }
    let kept = app
        .revisions
        .0
        .read()
        .map(|kept| kept.get(revision).cloned());
    if let Ok(Some(running)) = kept {
        return Ok(running);
    }
    let files = revision::files(tx, revision)?
        .ok_or_else(|| StoreError::Damaged("a revision that was never published".into()))?;
    let files: Vec<SourceFile> = files
        .into_iter()
        .map(|(name, text)| SourceFile {
            path: name.clone(),
            name,
            text,
        })
        .collect();
    // A revision was checked when it was published; a later program may check more strictly, and says so here.
    let program = load(&files)
        .map_err(|_| StoreError::Damaged("a published revision that no longer loads".into()))?;
    let running = Arc::new(Running::new(program));
    if let Ok(mut kept) = app.revisions.0.write()
        && kept.len() < MOST_KEPT
    {
        kept.insert(revision.to_owned(), running.clone());
    }
    Ok(running)
}
