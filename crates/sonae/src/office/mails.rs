//! The mails an event sends: rendered from its effects, for the transaction and for the preview before it.

use jiff::Timestamp;
use sonae_core::audit::PlaceData;
use sonae_core::capacity::PlaceState;
use sonae_core::flow::{Case, Effect, Status};
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::case::{self, Stored};
use sonae_store::outbox::Mail;

use crate::app::App;

/// The mails of an event's effects, in their order. They tell the places as they are after it, in a preview as well.
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
    let mut places = case::place_data(tx, &after.application_id)?;
    for place in &mut places {
        if let Some(state) = after.case.places.get(&place.course) {
            state.as_str().clone_into(&mut place.state);
        }
    }
    places.retain(|place| is_told(&after.case, place));
    let mails = effects
        .iter()
        .filter_map(|effect| app.mailer.of_effect(after, &places, effect, at));
    Ok(mails.collect())
}

/// Whether a mail lists this course: an open case's are those not given up, a confirmed one's those decided on or offered, and a closed
/// one's those it was about.
fn is_told(case: &Case, place: &PlaceData) -> bool {
    let state = case.places.get(&place.course);
    let about = case.courses.contains(&place.course);
    match case.status {
        Status::Open => state != Some(&PlaceState::Returned),
        Status::Confirmed => {
            state == Some(&PlaceState::Offered) || (about && state == Some(&PlaceState::Held))
        }
        _ => about,
    }
}
