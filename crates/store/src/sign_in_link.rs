//! One-time links that begin a sign-in. The database keeps only the SHA-256 of their tokens.

use jiff::{SignedDuration, Timestamp};
use sonae_db::Tx;

use crate::{StoreError, ms};

/// How a link was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Asked for on the page and sent by mail.
    Mail,
    /// Printed by the command line.
    Command,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Mail => "mail",
            Kind::Command => "command",
        }
    }

    fn parse(word: &str) -> Result<Kind, StoreError> {
        match word {
            "mail" => Ok(Kind::Mail),
            "command" => Ok(Kind::Command),
            _ => Err(StoreError::Damaged("a link of an unknown kind".into())),
        }
    }
}

/// A link to be made.
#[derive(Clone, Debug)]
pub struct NewLink<'a> {
    /// SHA-256 of the token in hex.
    pub id: &'a str,
    pub staff_id: &'a str,
    pub kind: Kind,
    pub goes_to: &'a str,
    pub expires_at: Timestamp,
}

/// A link that can still be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub staff_id: String,
    pub kind: Kind,
    pub goes_to: String,
}

pub fn create(tx: &mut Tx, new: &NewLink<'_>, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sign_in_link (id, staff_id, kind, goes_to, created_at_ms, expires_at_ms) VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            new.id.into(),
            new.staff_id.into(),
            new.kind.as_str().into(),
            new.goes_to.into(),
            ms(at).into(),
            ms(new.expires_at).into(),
        ],
    )?;
    Ok(())
}

/// The link, when it is unused, not expired, and its person is let in. Using it up is `consume`.
pub fn find(tx: &mut Tx, id: &str, at: Timestamp) -> Result<Option<Link>, StoreError> {
    let row = tx.query_opt(
        "SELECT link.staff_id, link.kind, link.goes_to FROM sign_in_link AS link JOIN staff ON staff.id = link.staff_id
         WHERE link.id = $1 AND link.used_at_ms IS NULL AND link.expires_at_ms > $2 AND staff.state = 'active'",
        &[id.into(), ms(at).into()],
    )?;
    row.map(|row| {
        Ok(Link {
            staff_id: row.text(0).to_owned(),
            kind: Kind::parse(row.text(1))?,
            goes_to: row.text(2).to_owned(),
        })
    })
    .transpose()
}

/// Uses a link up. None when `find` would find none: a second use of the same link gets nothing.
pub fn consume(tx: &mut Tx, id: &str, at: Timestamp) -> Result<Option<Link>, StoreError> {
    let found = find(tx, id, at)?;
    if found.is_some() {
        tx.execute(
            "UPDATE sign_in_link SET used_at_ms = $2 WHERE id = $1",
            &[id.into(), ms(at).into()],
        )?;
    }
    Ok(found)
}

/// How many links were sent to this person by mail within `span` before `at`.
pub fn mailed_since(
    tx: &mut Tx,
    staff_id: &str,
    at: Timestamp,
    span: SignedDuration,
) -> Result<i64, StoreError> {
    let since = ms(at) - span.as_millis() as i64;
    let row = tx.query_one(
        "SELECT COUNT(*) FROM sign_in_link WHERE staff_id = $1 AND kind = 'mail' AND created_at_ms > $2",
        &[staff_id.into(), since.into()],
    )?;
    Ok(row.int(0))
}

/// Makes all links of a person useless.
pub fn void(tx: &mut Tx, staff_id: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM sign_in_link WHERE staff_id = $1 AND used_at_ms IS NULL",
        &[staff_id.into()],
    )?;
    Ok(())
}

/// Deletes what has expired and gives how many links that were.
pub fn delete_expired(tx: &mut Tx, at: Timestamp) -> Result<u64, StoreError> {
    Ok(tx.execute(
        "DELETE FROM sign_in_link WHERE expires_at_ms <= $1",
        &[ms(at).into()],
    )?)
}
