//! What each source of a company delivered since its beginning, and when it was last stored.

use sonae_db::Tx;

use crate::TelemetryError;
use crate::batch::Counts;
use crate::dictionary::company;

/// Sources of a company that are told; a company is lent a handful of devices.
const MOST_SOURCES: u32 = 1_000;

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The office's id of the source.
    pub source: String,
    pub counts: Counts,
    /// When its last batch came, in microseconds since 1970 UTC by our clock.
    pub heard_us: i64,
}

/// The sources of a company that delivered anything, by id.
pub fn delivered(tx: &mut Tx, office_id: &str) -> Result<Vec<Delivered>, TelemetryError> {
    let Some(company) = company(tx, office_id)? else {
        return Ok(Vec::new());
    };
    of_number(tx, company)
}

/// The same by the number of the company, which is what a cluster's ledger calls it too: both tables have the same columns.
pub(crate) fn of_number(tx: &mut Tx, company: i64) -> Result<Vec<Delivered>, TelemetryError> {
    let rows = tx.query(DELIVERED, &[company.into(), MOST_SOURCES.into()])?;
    let one = |row: &sonae_db::Row| Delivered {
        source: row.text(0).to_owned(),
        counts: Counts {
            lines: row.int(1),
            detections: row.int(2),
            activities: row.int(3),
            unknown: row.int(4),
        },
        heard_us: row.int(5),
    };
    let mut told: Vec<Delivered> = rows.iter().map(one).collect();
    told.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(told)
}

pub(crate) const DELIVERED: &str =
    "SELECT source, lines, detections, activities, unknown, heard_us FROM source
     WHERE company = $1 LIMIT $2";
