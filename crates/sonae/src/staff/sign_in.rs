//! The steps of a sign-in, each one transaction.

use jiff::{SignedDuration, Timestamp};
use sonae_db::Tx;
use sonae_store::session::{NewSession, Session, Stage};
use sonae_store::sign_in_link::{self, Kind, NewLink};
use sonae_store::staff::Staff;
use sonae_store::{StoreError, outbox};

use super::session::{self, SignedIn};
use super::{note, recovery, second_factor};
use crate::app::App;
use crate::mail::staff::SignInLink;

/// How long a mailed link opens.
pub const LINK_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How long a link opens that the command line printed: it is handed to somebody.
pub const COMMAND_LINK_LIFETIME: SignedDuration = SignedDuration::from_hours(24);
/// How long somebody may take for the second factor.
const BETWEEN: SignedDuration = SignedDuration::from_mins(15);
/// So many links a person is mailed within `LINKS_WITHIN`; a flood of mails is no way to annoy her.
const MOST_LINKS: i64 = 5;
pub const LINKS_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// So many wrong codes in a row lock the second factor …
pub const MOST_WRONG: i64 = 5;
/// … for so long. A million codes at this rate take 5,700 years.
pub const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(15);

/// The address that a link's token has.
pub fn link_url(app: &App, token: &str) -> String {
    format!("{}{}", app.base_url, link_path(token))
}

pub fn link_path(token: &str) -> String {
    format!("/sign-in/link/{token}")
}

/// Mails a link to whoever has this address, if anybody. The caller cannot tell, and neither can whoever asked.
///
/// # Errors
/// The database cannot answer.
pub async fn ask(app: &App, email: String, goes_to: String) -> Result<(), StoreError> {
    let (now, token) = (app.clock.now(), session::new_token());
    let mailer = app.mailer.clone();
    app.write(move |tx| {
        let person = sonae_store::staff::by_email(tx, &email)?;
        let Some(person) = person.filter(|person| person.active) else {
            return Ok(());
        };
        if sign_in_link::mailed_since(tx, &person.id, now, LINKS_WITHIN)? >= MOST_LINKS {
            return Ok(());
        }
        let expires_at = now + LINK_LIFETIME;
        let mail = mailer.sign_in_link(
            &SignInLink {
                recipient: &person.email,
                name: &person.name,
                token: &token,
                expires_at,
            },
            now,
        );
        let new = NewLink {
            id: &session::id_of(&token),
            staff_id: &person.id,
            kind: Kind::Mail,
            goes_to: &goes_to,
            expires_at,
        };
        sign_in_link::create(tx, &new, now)?;
        if let Some(mail) = &mail {
            outbox::put(tx, None, mail, now, now)?;
        }
        Ok(())
    })
    .await
}

/// A session that was just opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The cookie's content.
    pub token: String,
    pub stage: Stage,
    pub goes_to: String,
}

/// Whether a link still opens something, without using it up: mail servers open links to look at them.
///
/// # Errors
/// The database cannot answer.
pub async fn opens(app: &App, token: &str) -> Result<bool, StoreError> {
    let (now, id) = (app.clock.now(), session::id_of(token));
    app.read(move |tx| Ok(sign_in_link::find(tx, &id, now)?.is_some()))
        .await
}

/// Uses a link up and opens the session that asks for the second factor. None when the link is used, expired, or no link at all.
///
/// # Errors
/// The database cannot answer.
pub async fn open_link(
    app: &App,
    token: &str,
    browser: String,
) -> Result<Option<Opened>, StoreError> {
    let (now, id) = (app.clock.now(), session::id_of(token));
    let fresh = session::new_token();
    app.write(move |tx| {
        let Some(link) = sign_in_link::consume(tx, &id, now)? else {
            return Ok(None);
        };
        let new = NewSession {
            id: &session::id_of(&fresh),
            staff_id: &link.staff_id,
            stage: Stage::Link,
            goes_to: &link.goes_to,
            browser: &browser,
            expires_at: now + BETWEEN,
        };
        sonae_store::session::open(tx, &new, now)?;
        Ok(Some(Opened {
            token: fresh.clone(),
            stage: Stage::Link,
            goes_to: link.goes_to,
        }))
    })
    .await
}

/// What came of a code.
#[derive(Clone, Debug)]
pub enum Outcome<T> {
    Right(T),
    /// Tries left before the lock.
    Wrong(i64),
    Locked(Timestamp),
}

/// Takes a code of the app or a recovery code, and opens the whole session under a new cookie.
///
/// # Errors
/// The database cannot answer.
pub async fn give_code(
    app: &App,
    signed_in: SignedIn,
    typed: String,
) -> Result<Outcome<Opened>, StoreError> {
    let fresh = session::new_token();
    let session = signed_in.session;
    with_code(app, signed_in.staff, typed, move |tx, id, now| {
        note(tx, now, "system", "staff.signed_in", id)?;
        whole(tx, &session, id, &fresh, now)
    })
    .await
}

/// Gives a person who is in already new recovery codes in the place of all old ones, when the code is hers.
///
/// # Errors
/// The database cannot answer.
pub async fn renew_recovery_codes(
    app: &App,
    person: Staff,
    typed: String,
) -> Result<Outcome<Vec<String>>, StoreError> {
    let codes = recovery::new_codes();
    with_code(app, person, typed, move |tx, id, now| {
        let hashes: Vec<String> = codes
            .iter()
            .filter_map(|code| recovery::hash(code))
            .collect();
        sonae_store::staff::replace_recovery_codes(tx, id, &hashes)?;
        note(tx, now, "system", "staff.recovery_codes_renewed", id)?;
        Ok(codes.clone())
    })
    .await
}

/// Does `then` in the transaction that uses the code up; a wrong code counts, and too many of them lock.
async fn with_code<T: Send + 'static>(
    app: &App,
    person: Staff,
    typed: String,
    mut then: impl FnMut(&mut Tx, &str, Timestamp) -> Result<T, StoreError> + Send + 'static,
) -> Result<Outcome<T>, StoreError> {
    let (now, authenticator_now) = (app.clock.now(), app.clock.for_authenticators());
    let locked_mail = app.mailer.staff_locked(&person.email, &person.name, now);
    app.write(move |tx| {
        let id = &person.id;
        // Read again: another try may have come in between.
        let Some(person) = sonae_store::staff::by_id(tx, id)? else {
            return Ok(Outcome::Wrong(0));
        };
        if let Some(until) = person
            .second_factor
            .locked_until
            .filter(|until| *until > now)
        {
            return Ok(Outcome::Locked(until));
        }
        if check(tx, &person, &typed, now, authenticator_now)? {
            return then(tx, id, now).map(Outcome::Right);
        }
        let wrong = sonae_store::staff::count_failure(tx, id)?;
        if wrong < MOST_WRONG {
            return Ok(Outcome::Wrong(MOST_WRONG - wrong));
        }
        let until = now + LOCKED_FOR;
        sonae_store::staff::lock(tx, id, until)?;
        note(tx, now, "system", "staff.locked", id)?;
        if let Some(mail) = &locked_mail {
            outbox::put(tx, None, mail, now, now)?;
        }
        Ok(Outcome::Locked(until))
    })
    .await
}

/// Whether this is the person's code at this moment, or one of her recovery codes; it is used up then.
fn check(
    tx: &mut Tx,
    person: &Staff,
    typed: &str,
    now: Timestamp,
    authenticator_now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(secret) = &person.second_factor.secret else {
        return Ok(false);
    };
    if let Some(step) = second_factor::matching_step(secret, typed, authenticator_now) {
        return sonae_store::staff::accept_step(tx, &person.id, step);
    }
    let Some(hash) = recovery::hash(typed) else {
        return Ok(false);
    };
    let used = sonae_store::staff::use_recovery_code(tx, &person.id, &hash, now)?;
    if used {
        note(tx, now, "system", "staff.recovery_code_used", &person.id)?;
    }
    Ok(used)
}

/// Replaces the session of the link by the whole one, under another cookie.
fn whole(
    tx: &mut Tx,
    session: &Session,
    staff_id: &str,
    fresh: &str,
    now: Timestamp,
) -> Result<Opened, StoreError> {
    sonae_store::session::end(tx, &session.id)?;
    let new = NewSession {
        id: &session::id_of(fresh),
        staff_id,
        stage: Stage::Full,
        goes_to: &session.goes_to,
        browser: &session.browser,
        expires_at: now + session::LONGEST,
    };
    sonae_store::session::open(tx, &new, now)?;
    Ok(Opened {
        token: fresh.to_owned(),
        stage: Stage::Full,
        goes_to: session.goes_to.clone(),
    })
}

/// Enrols the secret that stands in the session, when the code fits it: the session and the recovery codes, which are shown once. None
/// when the code does not fit, or somebody else has enrolled meanwhile.
///
/// # Errors
/// The database cannot answer.
pub async fn enrol(
    app: &App,
    signed_in: SignedIn,
    typed: &str,
) -> Result<Option<(Opened, Vec<String>)>, StoreError> {
    let (now, fresh, codes) = (app.clock.now(), session::new_token(), recovery::new_codes());
    let Some(secret) = signed_in.session.enrolling.clone() else {
        return Ok(None);
    };
    let at = app.clock.for_authenticators();
    let Some(step) = second_factor::matching_step(&secret, typed, at) else {
        return Ok(None);
    };
    app.write(move |tx| {
        let id = &signed_in.staff.id;
        let person = sonae_store::staff::by_id(tx, id)?;
        if person.is_none_or(|person| person.second_factor.secret.is_some()) {
            return Ok(None);
        }
        let hashes: Vec<String> = codes
            .iter()
            .filter_map(|code| recovery::hash(code))
            .collect();
        sonae_store::staff::enrol(tx, id, &secret, step, &hashes)?;
        note(tx, now, "system", "staff.second_factor_enrolled", id)?;
        note(tx, now, "system", "staff.signed_in", id)?;
        let opened = whole(tx, &signed_in.session, id, &fresh, now)?;
        Ok(Some((opened, codes.clone())))
    })
    .await
}
