//! Tokens with which other systems sign in. Only their SHA-256 is kept: a token is shown once, when it is made.

use jiff::Timestamp;
use sonae_core::access::{Action, StaffRole};
use sonae_db::{Row, Tx};

use crate::{StoreError, instant, ms};

/// The most tokens that are listed.
const MOST_TOKENS: u32 = 1_000;

/// A token as the office lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiToken {
    /// UUID version 7; names the token in the log.
    pub id: String,
    pub name: String,
    pub role: StaffRole,
    /// Empty for everything the role may do.
    pub scopes: Vec<Action>,
    /// An id of staff, or `command`.
    pub created_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// A token to be made.
#[derive(Clone, Debug)]
pub struct NewToken<'a> {
    pub id: &'a str,
    /// SHA-256 of the token in hex.
    pub token_hash: &'a str,
    pub name: &'a str,
    pub role: StaffRole,
    pub scopes: &'a [Action],
    pub created_by: &'a str,
    pub expires_at: Timestamp,
}

const COLUMNS: &str = "id, name, role, scopes, created_by, created_at_ms, expires_at_ms, last_used_at_ms, revoked_at_ms";

pub fn create(tx: &mut Tx, new: &NewToken<'_>, at: Timestamp) -> Result<(), StoreError> {
    let scopes: Vec<&str> = new.scopes.iter().map(|action| action.as_str()).collect();
    tx.execute(
        "INSERT INTO api_token (id, token_hash, name, role, scopes, created_by, created_at_ms, expires_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            new.id.into(),
            new.token_hash.into(),
            new.name.into(),
            new.role.as_str().into(),
            scopes.join(" ").into(),
            new.created_by.into(),
            ms(at).into(),
            ms(new.expires_at).into(),
        ],
    )?;
    Ok(())
}

/// The token with this hash, unless it was revoked or has expired.
pub fn find(tx: &mut Tx, token_hash: &str, at: Timestamp) -> Result<Option<ApiToken>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM api_token WHERE token_hash = $1 AND revoked_at_ms IS NULL AND expires_at_ms > $2"
    );
    let row = tx.query_opt(&sql, &[token_hash.into(), ms(at).into()])?;
    row.as_ref().map(read).transpose()
}

/// Notes when a token was last used.
pub fn touch(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE api_token SET last_used_at_ms = $2 WHERE id = $1",
        &[id.into(), ms(at).into()],
    )?;
    Ok(())
}

/// Every token, the newest first; the revoked ones too, since the log names them.
pub fn all(tx: &mut Tx) -> Result<Vec<ApiToken>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM api_token ORDER BY created_at_ms DESC, id DESC LIMIT $1");
    tx.query(&sql, &[MOST_TOKENS.into()])?
        .iter()
        .map(read)
        .collect()
}

/// The names of all systems by their tokens' ids, for the records that name them so.
pub fn names(tx: &mut Tx) -> Result<Vec<(String, String)>, StoreError> {
    let rows = tx.query(
        "SELECT id, name FROM api_token ORDER BY created_at_ms DESC, id DESC LIMIT $1",
        &[MOST_TOKENS.into()],
    )?;
    let name = |row: &Row| (row.text(0).to_owned(), row.text(1).to_owned());
    Ok(rows.iter().map(name).collect())
}

/// Revokes a token at once. `false` when there is none such or it was revoked before.
pub fn revoke(tx: &mut Tx, id: &str, at: Timestamp) -> Result<bool, StoreError> {
    let revoked = tx.execute(
        "UPDATE api_token SET revoked_at_ms = $2 WHERE id = $1 AND revoked_at_ms IS NULL",
        &[id.into(), ms(at).into()],
    )?;
    Ok(revoked == 1)
}

fn read(row: &Row) -> Result<ApiToken, StoreError> {
    let role = StaffRole::parse(row.text(2))
        .ok_or_else(|| StoreError::Damaged("a role that does not exist".into()))?;
    let scopes = row.text(3).split_whitespace().map(|word| {
        Action::parse(word).ok_or_else(|| StoreError::Damaged("a scope that does not exist".into()))
    });
    Ok(ApiToken {
        id: row.text(0).to_owned(),
        name: row.text(1).to_owned(),
        role,
        scopes: scopes.collect::<Result<_, _>>()?,
        created_by: row.text(4).to_owned(),
        created_at: instant(row.int(5))?,
        expires_at: instant(row.int(6))?,
        last_used_at: row.opt_int(7).map(instant).transpose()?,
        revoked_at: row.opt_int(8).map(instant).transpose()?,
    })
}
