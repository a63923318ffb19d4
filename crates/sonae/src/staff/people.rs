//! Who works in the office: inviting, changing and keeping out. Each change is one transaction with its entry in the log.
//!
//! Architecture invariant: there is always an administrator who can sign in. What would leave none is refused in the same transaction.

use jiff::Timestamp;
use serde_json::json;
use sonae_core::access::StaffRole;
use sonae_db::Tx;
use sonae_store::audit::{self, Act};
use sonae_store::sign_in_link::{self, Kind, NewLink};
use sonae_store::staff::{self, NewStaff, Staff};
use sonae_store::{StoreError, outbox};

use super::session;
use super::sign_in::COMMAND_LINK_LIFETIME;
use crate::app::App;
use crate::chance;

/// The longest name of a person, in characters.
pub const LONGEST_NAME: usize = 50;

/// Somebody who is to work in the office.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// As `staff::address` gives it.
    pub email: String,
    pub name: String,
    pub role: StaffRole,
}

/// Adds a person and mails her where to sign in; gives her id. None when the address is somebody's already. `actor` is who the log says
/// did it.
///
/// # Errors
/// The database cannot be written.
pub async fn invite(
    app: &App,
    actor: String,
    invitation: Invitation,
) -> Result<Option<String>, StoreError> {
    let now = app.clock.now();
    let id = chance::id(now);
    let mail = app
        .mailer
        .staff_added(&invitation.email, &invitation.name, now);
    app.write(move |tx| {
        if !add(tx, &id, &invitation, &actor, now)? {
            return Ok(None);
        }
        if let Some(mail) = &mail {
            outbox::put(tx, None, mail, now, now)?;
        }
        Ok(Some(id.clone()))
    })
    .await
}

/// Adds a person without a mail. `false` when the address is somebody's already.
///
/// # Errors
/// The database cannot be written.
pub fn add(
    tx: &mut Tx,
    id: &str,
    invitation: &Invitation,
    actor: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let new = NewStaff {
        id,
        email: &invitation.email,
        name: &invitation.name,
        role: invitation.role,
    };
    if !staff::add(tx, &new, now)? {
        return Ok(false);
    }
    let act = Act {
        at: now,
        actor,
        action: "staff.invited",
        subject: id,
    };
    audit::append(tx, act, json!({ "role": invitation.role }))?;
    Ok(true)
}

/// Makes a sign-in link that is handed over instead of mailed; gives its token.
///
/// # Errors
/// The database cannot be written.
pub fn link(tx: &mut Tx, person: &Staff, token: &str, now: Timestamp) -> Result<(), StoreError> {
    let new = NewLink {
        id: &session::id_of(token),
        staff_id: &person.id,
        kind: Kind::Command,
        goes_to: "/office",
        expires_at: now + COMMAND_LINK_LIFETIME,
    };
    sign_in_link::create(tx, &new, now)?;
    super::note(tx, now, "command", "staff.link_made", &person.id)
}

/// What an administrator does to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Role(StaffRole),
    /// Keeps her out at once: sessions end, links open nothing.
    Suspend,
    Resume,
    /// Takes codes again after too many wrong ones.
    Unlock,
    /// For a lost device: the next sign-in enrols another.
    ResetSecondFactor,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Done,
    /// It was so already.
    Already,
    /// Nobody could manage the users any more.
    LastAdmin,
    Unknown,
}

/// Changes a person. `actor` is who the log says did it.
///
/// # Errors
/// The database cannot be written.
pub async fn change(
    app: &App,
    actor: String,
    id: String,
    change: Change,
) -> Result<Changed, StoreError> {
    let now = app.clock.now();
    let mailer = app.mailer.clone();
    app.write(move |tx| {
        let Some(person) = staff::by_id(tx, &id)? else {
            return Ok(Changed::Unknown);
        };
        if is_so(&person, change, now) {
            return Ok(Changed::Already);
        }
        if takes_an_admin(&person, change) && staff::active_of(tx, StaffRole::Admin)?.len() == 1 {
            return Ok(Changed::LastAdmin);
        }
        apply(tx, &id, change)?;
        if change == Change::ResetSecondFactor
            && let Some(mail) = mailer.staff_reset(&person.email, &person.name, now)
        {
            outbox::put(tx, None, &mail, now, now)?;
        }
        let (action, data) = match change {
            Change::Role(role) => (
                "staff.role_changed",
                json!({ "from": person.role, "to": role }),
            ),
            Change::Suspend => ("staff.suspended", json!({})),
            Change::Resume => ("staff.resumed", json!({})),
            Change::Unlock => ("staff.unlocked", json!({})),
            Change::ResetSecondFactor => ("staff.second_factor_reset", json!({})),
        };
        let act = Act {
            at: now,
            actor: &actor,
            action,
            subject: &id,
        };
        audit::append(tx, act, data)?;
        Ok(Changed::Done)
    })
    .await
}

fn is_so(person: &Staff, change: Change, now: Timestamp) -> bool {
    match change {
        Change::Role(role) => person.role == role,
        Change::Suspend => !person.active,
        Change::Resume => person.active,
        Change::Unlock => person.second_factor.failed == 0 && !person.second_factor.is_locked(now),
        Change::ResetSecondFactor => person.second_factor.secret.is_none(),
    }
}

fn takes_an_admin(person: &Staff, change: Change) -> bool {
    let is_admin = person.active && person.role == StaffRole::Admin;
    is_admin && matches!(change, Change::Role(_) | Change::Suspend)
}

fn apply(tx: &mut Tx, id: &str, change: Change) -> Result<(), StoreError> {
    match change {
        Change::Role(role) => staff::set_role(tx, id, role),
        Change::Suspend => staff::set_active(tx, id, false),
        Change::Resume => staff::set_active(tx, id, true),
        Change::Unlock => staff::unlock(tx, id),
        Change::ResetSecondFactor => staff::reset_second_factor(tx, id),
    }
}
