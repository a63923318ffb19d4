//! `sonae telemetry forget`: removes all detections of one company, with proof.

use std::io::Write;

use serde_json::json;
use sonae_store::audit::{self, Act};
use sonae_telemetry::forget::Proof;

use super::super::user::written;
use super::super::verify::open_existing;
use super::{CompanyArgs, has_office, open_to_ask};
use crate::clock::Clock;
use crate::error::CommandError;

/// Who the log says did it.
const ACTOR: &str = "command";

/// Removes everything and prints how many rows of each table there were before and are now; the office's log says that it was done.
///
/// # Errors
/// No such company, or a database that cannot be written.
pub fn forget(args: &CompanyArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let office_id = args.id()?;
    let proof = open_to_ask(&args.data)?.forget(&office_id)?;
    if has_office(&args.data) {
        note(args, &office_id, &proof).map_err(|error| {
            CommandError::new(
                "検知は消しましたが、そのことを記録に残せませんでした。",
                format!("もう一度実行すると、残ります。 [{error}]"),
            )
        })?;
    }
    let json = json!({
        "company": args.company,
        "rows_before": proof.before,
        "rows_after": proof.after,
        "rules_removed": proof.rules,
    });
    written(writeln!(out, "{json}"))
}

fn note(args: &CompanyArgs, office_id: &str, proof: &Proof) -> Result<(), CommandError> {
    let office = open_existing(&args.data)?;
    let act = Act {
        at: Clock::system().now(),
        actor: ACTOR,
        action: "telemetry.forgotten",
        subject: office_id,
    };
    let data = json!({
        "receipt_number": args.company.trim(),
        "rows_before": proof.before.values().sum::<i64>(),
        "rows_after": proof.after.values().sum::<i64>(),
    });
    office.write(|tx| audit::append(tx, act, data.clone()).map(drop))?;
    Ok(())
}
