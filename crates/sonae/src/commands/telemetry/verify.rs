//! `sonae telemetry verify`: proves that figures equal what is stored.

use std::io::Write;

use super::super::user::written;
use super::open_to_ask;
use crate::config::DataArgs;
use crate::error::CommandError;

/// Counts everything again; prints what was proved.
///
/// # Errors
/// Names the first row that does not fit.
pub fn verify(data: &DataArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let report = open_to_ask(data)?.verify()?.map_err(|broken| {
        CommandError::new(
            format!("{}: {}", broken.row, broken.what),
            "控え(backup)と比べ、運用の責任者に知らせてください。",
        )
    })?;
    written(writeln!(
        out,
        "問題はありません。会社 {}社、検知 {}件、読み取れなかった行 {}行、元の行 {}行、ブロック {}個。",
        report.companies, report.detections, report.unknown, report.raw_lines, report.blocks
    ))
}
