//! Signing in to a rehearsal: a link that needs no second factor and can be used again and again. Made and taken only on a rehearsal's
//! clock, and the page of the link says so.

use jiff::SignedDuration;
use sonae_core::access::StaffRole;
use sonae_store::StoreError;
use sonae_store::sign_in_link::{self, Kind, NewLink};
use sonae_store::staff::{self, NewStaff};

use super::session;
use crate::app::App;
use crate::chance;

/// A rehearsal is over after so long.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24 * 400);

/// Makes sure that there is such a person and gives a link that signs her in.
///
/// None on the system's clock: an office at work has no such links.
///
/// # Errors
/// The database cannot answer.
pub fn rehearsal_sign_in(
    app: &App,
    role: StaffRole,
    email: &str,
    name: &str,
) -> Result<Option<String>, StoreError> {
    if !app.clock.is_rehearsal() {
        return Ok(None);
    }
    let now = app.clock.now();
    let (id, token) = (chance::id(now), session::new_token());
    app.db.write(|tx| {
        let new = NewStaff {
            id: &id,
            email,
            name,
            role,
        };
        if staff::add(tx, &new, now)? {
            super::note(tx, now, "system", "staff.added", &id)?;
        }
        let person = staff::by_email(tx, email)?
            .ok_or_else(|| StoreError::Damaged("a person that was just added".into()))?;
        let link = NewLink {
            id: &session::id_of(&token),
            staff_id: &person.id,
            kind: Kind::Rehearsal,
            goes_to: "/office",
            expires_at: now + LIFETIME,
        };
        sign_in_link::create(tx, &link, now)
    })?;
    Ok(Some(super::sign_in::link_url(app, &token)))
}
