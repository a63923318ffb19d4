//! Which node does a job that must not be done twice at the same time. A lease is a setting that says when it runs out.

use jiff::Timestamp;
use sonae_db::Tx;

use crate::{StoreError, ms, setting};

/// Takes a job for this node until an instant. `false` while another one has it.
pub fn take(tx: &mut Tx, job: &str, now: Timestamp, until: Timestamp) -> Result<bool, StoreError> {
    if held_until(tx, job)? > ms(now) {
        return Ok(false);
    }
    setting::set(tx, &name(job), ms(until).to_string().as_bytes())?;
    Ok(true)
}

/// Gives a job back that was taken until that instant. When it ran out and another node took it, that one keeps it.
pub fn give_back(tx: &mut Tx, job: &str, until: Timestamp) -> Result<(), StoreError> {
    if held_until(tx, job)? == ms(until) {
        setting::set(tx, &name(job), b"0")?;
    }
    Ok(())
}

fn name(job: &str) -> String {
    format!("lease.{job}")
}

/// Milliseconds; 0 when nobody holds it.
fn held_until(tx: &mut Tx, job: &str) -> Result<i64, StoreError> {
    let Some(value) = setting::get(tx, &name(job))? else {
        return Ok(0);
    };
    let text = std::str::from_utf8(&value).ok();
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| StoreError::Damaged("a lease that is no instant".into()))
}
