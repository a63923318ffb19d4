//! `sonae telemetry forget`: removes all detections of one company, with proof.

use std::io::Write;

use serde_json::json;

use super::super::user::written;
use super::{CompanyArgs, open_to_ask};
use crate::error::CommandError;

/// Removes everything and prints how many rows of each table there were before and are now.
///
/// # Errors
/// No such company, or a database that cannot be written.
pub fn forget(args: &CompanyArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let office_id = args.id()?;
    let db = open_to_ask(&args.data)?;
    let proof = sonae_telemetry::forget::forget(&db, &office_id)?;
    let json = json!({
        "company": args.company,
        "rows_before": proof.before,
        "rows_after": proof.after,
        "rules_removed": proof.rules,
    });
    written(writeln!(out, "{json}"))
}
