//! Received applications, as they were received.

use jiff::Timestamp;
use sonae_core::audit::{Entry, PlaceData, ReceivedData};
use sonae_core::clock::Clock;
use sonae_db::Tx;

use crate::audit::{self, Bound};
use crate::intake::Arrival;
use crate::{StoreError, case, clock, instant};

/// An application as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    pub id: String,
    pub program_id: String,
    pub revision: String,
    pub sequence: i64,
    pub receipt_number: String,
    pub received_at: Timestamp,
    /// `received` or `withdrawn`.
    pub state: String,
    /// JSON of the normalised answers.
    pub answers: String,
    pub salt: Vec<u8>,
    /// JSON of the verdict as it was.
    pub verdict: String,
    pub log_index: i64,
    pub withdrawn_at: Option<Timestamp>,
    /// Places as they stand now, in the order of the courses' names.
    pub places: Vec<PlaceData>,
    /// By their ids in the programme, the next due first.
    pub clocks: Vec<(String, Clock)>,
}

/// The receipt of an application as it was given, read from the audit log.
pub fn arrival(tx: &mut Tx, id: &str) -> Result<Option<Arrival>, StoreError> {
    let row = tx.query_opt(
        "SELECT log_index, received_at_ms FROM application WHERE id = $1",
        &[id.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (log_index, received_at) = (row.int(0), instant(row.int(1))?);
    let Some(bound) = audit::entry(tx, log_index)? else {
        return Ok(None);
    };
    let entry: Entry<ReceivedData> = serde_json::from_str(&bound.line)?;
    Ok(Some(Arrival {
        application_id: id.to_owned(),
        program_id: entry.data.program,
        sequence: entry.data.sequence,
        receipt_number: entry.data.receipt_number,
        received_at,
        places: entry.data.places,
        log_index,
        log_hash: bound.hash,
    }))
}

/// The application with this receipt number.
pub fn by_receipt(tx: &mut Tx, receipt_number: &str) -> Result<Option<Application>, StoreError> {
    let row = tx.query_opt(
        "SELECT id, program_id, revision, sequence, receipt_number, received_at_ms, state, answers, salt, verdict,
                log_index, withdrawn_at_ms
         FROM application WHERE receipt_number = $1",
        &[receipt_number.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let id = row.text(0);
    let places = case::place_data(tx, id)?;
    let clocks = clock::of_application(tx, id)?;
    Ok(Some(Application {
        id: id.to_owned(),
        program_id: row.text(1).to_owned(),
        revision: row.text(2).to_owned(),
        sequence: row.int(3),
        receipt_number: row.text(4).to_owned(),
        received_at: instant(row.int(5))?,
        state: row.text(6).to_owned(),
        answers: row.text(7).to_owned(),
        salt: row.bytes(8).to_vec(),
        verdict: row.text(9).to_owned(),
        log_index: row.int(10),
        withdrawn_at: row.opt_int(11).map(instant).transpose()?,
        places,
        clocks,
    }))
}

/// The log entry a receipt stands on.
pub fn receipt_entry(tx: &mut Tx, receipt_number: &str) -> Result<Option<Bound>, StoreError> {
    let row = tx.query_opt(
        "SELECT log_index FROM application WHERE receipt_number = $1",
        &[receipt_number.into()],
    )?;
    match row {
        Some(row) => audit::entry(tx, row.int(0)),
        None => Ok(None),
    }
}
