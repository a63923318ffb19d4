//! What the diagnosis and the questionnaire of a case propose for its papers.

use sonae_core::paper::library;
use sonae_core::program::support;
use sonae_db::Tx;
use sonae_store::case::Stored;
use sonae_store::{StoreError, revision};

/// Read from the programme as it was when the case was asked, so that no caller needs the programmes that are served.
///
/// # Errors
/// The database could not be read.
pub(super) fn of_case(tx: &mut Tx, stored: &Stored) -> Result<library::Seeds, StoreError> {
    let case = &stored.case;
    if case.diagnosis.is_empty() && case.questionnaire.is_empty() {
        return Ok(library::Seeds::default());
    }
    let files = revision::files(tx, &stored.revision)?.unwrap_or_default();
    let file = files.iter().find(|(name, _)| name == "support.toml");
    let support = file.and_then(|(_, text)| support::read(text));
    let seeds = support.map(|support| {
        let library = crate::papers::library();
        library::seeds(library, &support, &case.diagnosis, &case.questionnaire)
    });
    Ok(seeds.unwrap_or_default())
}
