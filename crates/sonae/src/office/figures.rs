//! The funnel of a programme as it stands, for the page and for the interface.

use sonae_core::figures::Figures;
use sonae_db::Tx;
use sonae_store::{StoreError, figures};

use crate::app::Running;

/// # Errors
/// The database could not be read.
pub fn funnel(tx: &mut Tx, running: &Running) -> Result<Figures, StoreError> {
    let program = &running.program;
    let counts = figures::counts(tx, program.id())?;
    Ok(Figures::of(program, &running.calendar, &counts))
}
