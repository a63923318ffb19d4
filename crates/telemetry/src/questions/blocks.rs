//! Blocks of one company, newest first: listed by an index alone, and read one by one.

use sonae_db::{Row, Tx};

use crate::TelemetryError;
use crate::block::Block;
use crate::error::damaged;

/// Blocks that are listed at once.
const LISTED: i64 = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) block_id: i64,
    pub(crate) first_us: i64,
    pub(crate) last_us: i64,
}

/// Walks a list of any length in memory for one piece of it.
pub(super) struct Newest {
    company: i64,
    kind: i64,
    from_us: i64,
    /// The place after which the next piece begins.
    after: (i64, i64),
    piece: std::vec::IntoIter<Listed>,
    ended: bool,
}

impl Newest {
    /// Blocks of detections (kind 0) that may hold times from `from_us` to `to_us`.
    pub(super) fn begin(company: i64, (from_us, to_us): (i64, i64)) -> Newest {
        Newest {
            company,
            kind: 0,
            from_us,
            after: (to_us, i64::MAX),
            piece: Vec::new().into_iter(),
            ended: false,
        }
    }

    pub(super) fn next(&mut self, tx: &mut Tx) -> Result<Option<Listed>, TelemetryError> {
        if let Some(listed) = self.piece.next() {
            return Ok(Some(listed));
        }
        if self.ended {
            return Ok(None);
        }
        let rows = tx.query(
            LIST,
            &[
                self.company.into(),
                self.kind.into(),
                self.from_us.into(),
                self.after.0.into(),
                self.after.1.into(),
                LISTED.into(),
            ],
        )?;
        self.ended = rows.len() < LISTED as usize;
        let piece: Vec<Listed> = rows.iter().map(listed).collect();
        if let Some(last) = piece.last() {
            self.after = (last.last_us, last.block_id);
        }
        self.piece = piece.into_iter();
        Ok(self.piece.next())
    }
}

/// Newest blocks first, behind a place in that order.
pub(super) const LIST: &str = "SELECT block_id, first_us, last_us FROM block
     WHERE company = $1 AND kind = $2 AND last_us >= $3 AND last_us <= $4 AND (last_us < $4 OR block_id < $5)
     ORDER BY last_us DESC, block_id DESC LIMIT $6";

fn listed(row: &Row) -> Listed {
    Listed {
        block_id: row.int(0),
        first_us: row.int(1),
        last_us: row.int(2),
    }
}

pub(super) fn read(tx: &mut Tx, block_id: i64) -> Result<Block, TelemetryError> {
    stored(tx, block_id, Block::read)
}

/// What `read` makes of a block's content and first number.
pub(super) fn stored<T>(
    tx: &mut Tx,
    block_id: i64,
    read: impl FnOnce(&[u8], i64) -> Result<T, TelemetryError>,
) -> Result<T, TelemetryError> {
    let row = tx.query_opt(
        "SELECT content, first_number FROM block WHERE block_id = $1",
        &[block_id.into()],
    )?;
    match row {
        Some(row) => read(row.bytes(0), row.int(1)),
        None => damaged(format!("block {block_id} is missing")),
    }
}
