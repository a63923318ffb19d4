//! The mails an event sends: rendered from its effects, for the transaction and for the preview before it.

use jiff::Timestamp;
use sonae_core::flow::Effect;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::case::{self, Stored};
use sonae_store::outbox::Mail;

use crate::app::App;

/// The mails of an event's effects, in their order. Called after the places were saved, so that their new state is told.
///
/// # Errors
/// The database could not be read. A mail that cannot be rendered is logged and left out; the change stands all the same.
pub fn of_effects(
    app: &App,
    tx: &mut Tx,
    after: &Stored,
    effects: &[Effect],
    at: Timestamp,
) -> Result<Vec<Mail>, StoreError> {
    if !effects
        .iter()
        .any(|effect| !matches!(effect, Effect::Place { .. }))
    {
        return Ok(Vec::new());
    }
    let places = case::place_data(tx, &after.application_id)?;
    let mails = effects
        .iter()
        .filter_map(|effect| app.mailer.of_effect(after, &places, effect, at));
    Ok(mails.collect())
}
