//! Browsers that are signed in. They stand in the database, so that several nodes share them and ending one ends it everywhere.

use jiff::{SignedDuration, Timestamp};
use sonae_db::{Row, Tx};

use crate::staff::{self, Staff};
use crate::{StoreError, instant, ms};

/// The most sessions of one person that are listed.
const MOST_SESSIONS: u32 = 100;

/// How far a sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The link was opened; the second factor is missing. Opens nothing but the page that asks for it.
    Link,
    Full,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Stage::Link => "link",
            Stage::Full => "full",
        }
    }
}

/// A browser's session.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// SHA-256 of the cookie in hex.
    pub id: String,
    pub stage: Stage,
    /// The page of the office that was asked for before the sign-in.
    pub goes_to: String,
    /// What the browser called itself, shortened.
    pub browser: String,
    /// A secret of the second factor while it is being enrolled.
    pub enrolling: Option<Vec<u8>>,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    pub id: &'a str,
    pub staff_id: &'a str,
    pub stage: Stage,
    pub goes_to: &'a str,
    pub browser: &'a str,
    pub expires_at: Timestamp,
}

const COLUMNS: &str = "session.id, session.stage, session.goes_to, session.browser, session.enrolling, session.created_at_ms, \
                       session.seen_at_ms, session.expires_at_ms";

pub fn open(tx: &mut Tx, new: &NewSession<'_>, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO staff_session (id, staff_id, stage, goes_to, browser, created_at_ms, seen_at_ms, expires_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)",
        &[
            new.id.into(),
            new.staff_id.into(),
            new.stage.as_str().into(),
            new.goes_to.into(),
            new.browser.into(),
            ms(at).into(),
            ms(new.expires_at).into(),
        ],
    )?;
    Ok(())
}

/// The session and its person, unless it has expired, was idle for `idle`, or the person is kept out.
pub fn find(
    tx: &mut Tx,
    id: &str,
    at: Timestamp,
    idle: SignedDuration,
) -> Result<Option<(Staff, Session)>, StoreError> {
    let sql = format!(
        "SELECT {}, {COLUMNS} FROM staff_session AS session JOIN staff ON staff.id = session.staff_id
         WHERE session.id = $1 AND session.expires_at_ms > $2 AND session.seen_at_ms > $3 AND staff.state = 'active'",
        staff::columns()
    );
    let idle_since = ms(at) - idle.as_millis() as i64;
    let row = tx.query_opt(&sql, &[id.into(), ms(at).into(), idle_since.into()])?;
    row.map(|row| Ok((staff::read(&row)?, read(&row, staff::WIDTH)?)))
        .transpose()
}

/// Notes that the session was used.
pub fn touch(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff_session SET seen_at_ms = $2 WHERE id = $1 AND seen_at_ms < $2",
        &[id.into(), ms(at).into()],
    )?;
    Ok(())
}

/// Keeps a secret that is being enrolled.
pub fn set_enrolling(tx: &mut Tx, id: &str, secret: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff_session SET enrolling = $2 WHERE id = $1",
        &[id.into(), secret.into()],
    )?;
    Ok(())
}

/// Ends one session. `false` when there is none.
pub fn end(tx: &mut Tx, id: &str) -> Result<bool, StoreError> {
    let ended = tx.execute("DELETE FROM staff_session WHERE id = $1", &[id.into()])?;
    Ok(ended == 1)
}

/// Ends one session of this person, named by the first characters of its id. `false` when she has none such.
pub fn end_one_of(tx: &mut Tx, staff_id: &str, short_id: &str) -> Result<bool, StoreError> {
    let found = of_staff(tx, staff_id)?
        .into_iter()
        .find(|session| session.short_id() == short_id);
    match found {
        Some(session) => end(tx, &session.id),
        None => Ok(false),
    }
}

/// Ends every session of a person and gives how many there were.
pub fn end_all(tx: &mut Tx, staff_id: &str) -> Result<u64, StoreError> {
    Ok(tx.execute(
        "DELETE FROM staff_session WHERE staff_id = $1",
        &[staff_id.into()],
    )?)
}

/// The sessions of a person, the newest first.
pub fn of_staff(tx: &mut Tx, staff_id: &str) -> Result<Vec<Session>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM staff_session AS session WHERE session.staff_id = $1
         ORDER BY session.created_at_ms DESC, session.id LIMIT $2"
    );
    tx.query(&sql, &[staff_id.into(), MOST_SESSIONS.into()])?
        .iter()
        .map(|row| read(row, 0))
        .collect()
}

/// Deletes what has expired and gives how many sessions that were.
pub fn delete_expired(tx: &mut Tx, at: Timestamp) -> Result<u64, StoreError> {
    Ok(tx.execute(
        "DELETE FROM staff_session WHERE expires_at_ms <= $1",
        &[ms(at).into()],
    )?)
}

impl Session {
    /// What names a session on its person's page. Far too short to be guessed back into a cookie, and the id is only its hash.
    pub fn short_id(&self) -> &str {
        &self.id[..16]
    }
}

fn read(row: &Row, from: usize) -> Result<Session, StoreError> {
    let stage = match row.text(from + 1) {
        "full" => Stage::Full,
        _ => Stage::Link,
    };
    Ok(Session {
        id: row.text(from).to_owned(),
        stage,
        goes_to: row.text(from + 2).to_owned(),
        browser: row.text(from + 3).to_owned(),
        enrolling: row.opt_bytes(from + 4).map(<[u8]>::to_vec),
        created_at: instant(row.int(from + 5))?,
        seen_at: instant(row.int(from + 6))?,
        expires_at: instant(row.int(from + 7))?,
    })
}
