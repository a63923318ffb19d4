//! What the log says about checks.

use jiff::Timestamp;
use serde::Serialize;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::audit::{self, Act};

use super::Who;

/// The data of an entry `check.…`. It has no field for what somebody wrote.
#[derive(Debug, Default, Serialize)]
pub(super) struct CheckData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_number: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// Lines of detections that were seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures_sha256: Option<&'a str>,
    /// The key of a group of detections.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<&'a str>,
    /// The last day of a suppression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    /// The number of a finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finding: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence_sha256: Option<&'a str>,
    /// How many companies were signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub companies: Option<usize>,
}

/// Writes an entry and gives its index.
pub(super) fn log(
    tx: &mut Tx,
    who: &Who,
    (action, subject, at): (&str, &str, Timestamp),
    data: CheckData<'_>,
) -> Result<i64, StoreError> {
    let actor = who.name();
    let act = Act {
        at,
        actor: &actor,
        action,
        subject,
    };
    Ok(audit::append(tx, act, data)?.index)
}
