//! Everything of one company, line by line, oldest day first: what an export writes.

use sonae_db::Tx;

use crate::TelemetryError;
use crate::block::{Block, Entry, unpack_lines};
use crate::day::Day;
use crate::dictionary::company;

/// Hands over every stored line within some days with its raw text, which may have been removed before the line. Memory is bounded by one block.
///
/// # Errors
/// Those of the database, of damaged blocks, and of `each`, which ends the walk.
pub fn lines<E: From<TelemetryError>>(
    tx: &mut Tx,
    office_id: &str,
    (first, last): (Day, Day),
    mut each: impl FnMut(&Entry, Option<&[u8]>) -> Result<(), E>,
) -> Result<(), E> {
    let Some(company) = company(tx, office_id)? else {
        return Ok(());
    };
    for day in first.0..=last.0 {
        let times = [
            company.into(),
            Day(day).start_us().into(),
            Day(day).end_us().into(),
        ];
        let blocks = tx
            .query(
                "SELECT block_id FROM block WHERE company = $1 AND kind IN (0, 1) AND last_us BETWEEN $2 AND $3 ORDER BY block_id",
                &times,
            )
            .map_err(TelemetryError::from)?;
        for row in &blocks {
            let (block, raw) = read(tx, row.int(0))?;
            for at in 0..block.entries() {
                each(&block.entry(at), raw.get(at).map(Vec::as_slice))?;
            }
        }
    }
    Ok(())
}

fn read(tx: &mut Tx, block_id: i64) -> Result<(Block, Vec<Vec<u8>>), TelemetryError> {
    let row = tx.query_one(
        "SELECT b.content, b.first_number, l.content FROM block b LEFT JOIN block_line l ON l.block_id = b.block_id WHERE b.block_id = $1",
        &[block_id.into()],
    )?;
    let raw = row.opt_bytes(2).map(unpack_lines).transpose()?;
    Ok((
        Block::read(row.bytes(0), row.int(1))?,
        raw.unwrap_or_default(),
    ))
}
