//! People who work in the office: who they are, and what their second factor stands at.

use jiff::Timestamp;
use sonae_core::access::StaffRole;
use sonae_db::{Row, Tx, Value};

use crate::{StoreError, instant, ms, session};

/// The most people the office lists; a programme is run by dozens.
pub const MOST_STAFF: u32 = 1_000;

/// A person of the office.
#[derive(Clone, Debug, PartialEq)]
pub struct Staff {
    /// UUID version 7.
    pub id: String,
    /// Normalised, lower case.
    pub email: String,
    pub name: String,
    pub role: StaffRole,
    pub active: bool,
    pub created_at: Timestamp,
    pub second_factor: SecondFactor,
    /// Whether single-key shortcuts are on.
    pub single_keys: bool,
}

/// The state of a person's second factor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SecondFactor {
    /// The shared secret; none before it is enrolled.
    pub secret: Option<Vec<u8>>,
    /// The last time step whose code was accepted.
    pub last_step: i64,
    /// Wrong codes in a row.
    pub failed: i64,
    pub locked_until: Option<Timestamp>,
}

impl SecondFactor {
    pub fn is_locked(&self, at: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| until > at)
    }
}

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewStaff<'a> {
    pub id: &'a str,
    pub email: &'a str,
    pub name: &'a str,
    pub role: StaffRole,
}

const COLUMNS: &str = "staff.id, staff.email, staff.name, staff.role, staff.state, staff.created_at_ms, staff.totp_secret, \
                       staff.totp_last_step, staff.failed_codes, staff.locked_until_ms, staff.single_keys";
/// How many columns `COLUMNS` has.
pub(crate) const WIDTH: usize = 11;

/// The columns of a person, for statements that join her.
pub(crate) fn columns() -> &'static str {
    COLUMNS
}

/// Adds a person. `false` when somebody has this address already; nothing changes then.
pub fn add(tx: &mut Tx, new: &NewStaff<'_>, at: Timestamp) -> Result<bool, StoreError> {
    let added = tx.execute(
        "INSERT INTO staff (id, email, name, role, state, created_at_ms, totp_last_step, failed_codes, single_keys)
         VALUES ($1, $2, $3, $4, 'active', $5, 0, 0, 1) ON CONFLICT (email) DO NOTHING",
        &[
            new.id.into(),
            new.email.into(),
            new.name.into(),
            new.role.as_str().into(),
            ms(at).into(),
        ],
    )?;
    Ok(added == 1)
}

pub fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Staff>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM staff WHERE id = $1");
    let row = tx.query_opt(&sql, &[id.into()])?;
    row.as_ref().map(read).transpose()
}

/// The person with this normalised address.
pub fn by_email(tx: &mut Tx, email: &str) -> Result<Option<Staff>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM staff WHERE email = $1");
    let row = tx.query_opt(&sql, &[email.into()])?;
    row.as_ref().map(read).transpose()
}

/// Everybody: the active first, then by role, name and id.
pub fn all(tx: &mut Tx) -> Result<Vec<Staff>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM staff ORDER BY state, role, name, id LIMIT $1");
    tx.query(&sql, &[MOST_STAFF.into()])?
        .iter()
        .map(read)
        .collect()
}

/// The active people of one role, by name: whom a case can be assigned to.
pub fn active_of(tx: &mut Tx, role: StaffRole) -> Result<Vec<Staff>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM staff WHERE state = 'active' AND role = $1 ORDER BY name, id LIMIT $2"
    );
    tx.query(&sql, &[role.as_str().into(), MOST_STAFF.into()])?
        .iter()
        .map(read)
        .collect()
}

/// Gives a person another role. Her sessions end, since what they may do was decided by the old one.
pub fn set_role(tx: &mut Tx, id: &str, role: StaffRole) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff SET role = $2 WHERE id = $1",
        &[id.into(), role.as_str().into()],
    )?;
    session::end_all(tx, id)?;
    Ok(())
}

/// Lets a person in or keeps her out. Kept out, her sessions end at once and her links open nothing.
pub fn set_active(tx: &mut Tx, id: &str, active: bool) -> Result<(), StoreError> {
    let state = if active { "active" } else { "disabled" };
    tx.execute(
        "UPDATE staff SET state = $2 WHERE id = $1",
        &[id.into(), state.into()],
    )?;
    if !active {
        session::end_all(tx, id)?;
        crate::sign_in_link::void(tx, id)?;
    }
    Ok(())
}

/// Switches single-key shortcuts.
pub fn set_single_keys(tx: &mut Tx, id: &str, on: bool) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff SET single_keys = $2 WHERE id = $1",
        &[id.into(), i64::from(on).into()],
    )?;
    Ok(())
}

/// Enrols a second factor whose first code was given at `step`, with the hashes of new recovery codes.
pub fn enrol(
    tx: &mut Tx,
    id: &str,
    secret: &[u8],
    step: i64,
    codes: &[String],
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff SET totp_secret = $2, totp_last_step = $3, failed_codes = 0, locked_until_ms = NULL WHERE id = $1",
        &[id.into(), secret.into(), step.into()],
    )?;
    replace_recovery_codes(tx, id, codes)
}

/// Takes the second factor and its recovery codes away; sessions end. The next sign-in enrols another.
pub fn reset_second_factor(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff SET totp_secret = NULL, failed_codes = 0, locked_until_ms = NULL WHERE id = $1",
        &[id.into()],
    )?;
    replace_recovery_codes(tx, id, &[])?;
    session::end_all(tx, id)?;
    Ok(())
}

/// Notes that the code of a time step was accepted. `false` when this step or a later one was accepted before.
pub fn accept_step(tx: &mut Tx, id: &str, step: i64) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE staff SET totp_last_step = $2, failed_codes = 0, locked_until_ms = NULL
         WHERE id = $1 AND totp_last_step < $2",
        &[id.into(), step.into()],
    )?;
    Ok(changed == 1)
}

/// Notes a wrong code and gives how many there were in a row.
pub fn count_failure(tx: &mut Tx, id: &str) -> Result<i64, StoreError> {
    let row = tx.query_opt(
        "UPDATE staff SET failed_codes = failed_codes + 1 WHERE id = $1 RETURNING failed_codes",
        &[id.into()],
    )?;
    Ok(row.map_or(0, |row| row.int(0)))
}

/// Takes no code from this person until then; the count of wrong ones begins again.
pub fn lock(tx: &mut Tx, id: &str, until: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff SET locked_until_ms = $2, failed_codes = 0 WHERE id = $1",
        &[id.into(), ms(until).into()],
    )?;
    Ok(())
}

/// Takes codes again at once, and the count of wrong ones begins again.
pub fn unlock(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE staff SET locked_until_ms = NULL, failed_codes = 0 WHERE id = $1",
        &[id.into()],
    )?;
    Ok(())
}

/// Replaces all recovery codes by new ones, given as hashes.
pub fn replace_recovery_codes(tx: &mut Tx, id: &str, codes: &[String]) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM recovery_code WHERE staff_id = $1",
        &[id.into()],
    )?;
    let rows: Vec<Vec<Value>> = codes
        .iter()
        .map(|code| vec![id.into(), Value::from(code)])
        .collect();
    tx.insert_many("recovery_code", &["staff_id", "code_hash"], &rows)?;
    Ok(())
}

/// Uses up a recovery code by its hash. `false` when there is no such code or it was used.
pub fn use_recovery_code(
    tx: &mut Tx,
    id: &str,
    code_hash: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let used = tx.execute(
        "UPDATE recovery_code SET used_at_ms = $3 WHERE staff_id = $1 AND code_hash = $2 AND used_at_ms IS NULL",
        &[id.into(), code_hash.into(), ms(at).into()],
    )?;
    if used == 1 {
        tx.execute(
            "UPDATE staff SET failed_codes = 0, locked_until_ms = NULL WHERE id = $1",
            &[id.into()],
        )?;
    }
    Ok(used == 1)
}

/// How many recovery codes are left.
pub fn recovery_codes_left(tx: &mut Tx, id: &str) -> Result<i64, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM recovery_code WHERE staff_id = $1 AND used_at_ms IS NULL",
        &[id.into()],
    )?;
    Ok(row.int(0))
}

/// A person out of the first columns of a row that was selected with `columns`.
pub(crate) fn read(row: &Row) -> Result<Staff, StoreError> {
    let role = StaffRole::parse(row.text(3))
        .ok_or_else(|| StoreError::Damaged("a role that does not exist".into()))?;
    Ok(Staff {
        id: row.text(0).to_owned(),
        email: row.text(1).to_owned(),
        name: row.text(2).to_owned(),
        role,
        active: row.text(4) == "active",
        created_at: instant(row.int(5))?,
        second_factor: SecondFactor {
            secret: row.opt_bytes(6).map(<[u8]>::to_vec),
            last_step: row.int(7),
            failed: row.int(8),
            locked_until: row.opt_int(9).map(instant).transpose()?,
        },
        single_keys: row.int(10) == 1,
    })
}
