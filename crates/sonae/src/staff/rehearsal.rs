//! Signing in to a demonstration: as one of its invented people, without a mail and without a second factor.
//!
//! Architecture invariant: this exists only where `sonae demo` started the program. A rehearsal of an installation (`--clock`) may run on a
//! copy of its data, and nobody gets in there but as everywhere else.

use sonae_core::access::StaffRole;
use sonae_store::session::{NewSession, Stage};
use sonae_store::staff::Staff;
use sonae_store::{StoreError, staff};

use super::people::{self, Invitation};
use super::session;
use super::sign_in::Opened;
use crate::app::App;
use crate::chance;

/// Where a demonstration lists its people.
pub const PATH: &str = "/sign-in/rehearsal";

/// Whether this program is a demonstration.
pub fn is_open(app: &App) -> bool {
    app.config.is_demo && app.clock.is_rehearsal()
}

/// The address that signs in as the first person of a role.
pub fn url_of(app: &App, role: StaffRole) -> String {
    format!("{}{PATH}/{}", app.base_url, role.as_str())
}

/// Makes sure that there is such a person.
///
/// # Errors
/// The database cannot be written.
pub fn add(app: &App, role: StaffRole, email: &str, name: &str) -> Result<(), StoreError> {
    let now = app.clock.now();
    let id = chance::id(now);
    let invitation = Invitation {
        email: email.to_owned(),
        name: name.to_owned(),
        role,
    };
    app.db
        .write(|tx| people::add(tx, &id, &invitation, "system", now))?;
    Ok(())
}

/// Whom one can be, by role.
///
/// # Errors
/// The database cannot answer.
pub async fn everybody(app: &App) -> Result<Vec<Staff>, StoreError> {
    let people = app.read(staff::all).await?;
    Ok(people.into_iter().filter(|person| person.active).collect())
}

/// Signs in as a person by her id, or as the first person of a role by its word. None when there is nobody, or this is no demonstration.
///
/// # Errors
/// The database cannot answer.
pub async fn sign_in(app: &App, who: &str, browser: String) -> Result<Option<Opened>, StoreError> {
    if !is_open(app) {
        return Ok(None);
    }
    let role = StaffRole::parse(who);
    let found = everybody(app).await?.into_iter().find(|person| match role {
        Some(role) => person.role == role,
        None => person.id == who,
    });
    let Some(person) = found else {
        return Ok(None);
    };
    let (now, token) = (app.clock.now(), session::new_token());
    app.write(move |tx| {
        let new = NewSession {
            id: &session::id_of(&token),
            staff_id: &person.id,
            stage: Stage::Full,
            goes_to: "/office",
            browser: &browser,
            expires_at: now + session::LONGEST,
        };
        sonae_store::session::open(tx, &new, now)?;
        super::note(tx, now, "system", "staff.signed_in", &person.id)?;
        Ok(Some(Opened {
            token: token.clone(),
            stage: Stage::Full,
            goes_to: "/office".to_owned(),
        }))
    })
    .await
}
