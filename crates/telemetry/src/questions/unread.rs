//! Lines of a company that no format could read: how many and why, and the newest of them as they came.

use sonae_db::{Tx, Value};

use super::blocks;
use crate::TelemetryError;
use crate::block::{Block, Entry, unpack_lines, why};
use crate::day::Day;
use crate::detection::Why;
use crate::dictionary::company;

/// Lines that are shown at most.
pub const MOST_SHOWN: usize = 100;
/// Blocks that are looked into for them.
pub(crate) const MOST_BLOCKS: i64 = 20;

/// What could not be read within some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// How many lines for each reason; reasons without any are not named.
    pub counts: Vec<(Why, i64)>,
    /// The newest first, with the raw line unless that was removed already.
    pub newest: Vec<(Entry, Option<Vec<u8>>)>,
}

/// The unread lines of a company within some days, the first and the last one included.
pub fn unread(
    tx: &mut Tx,
    office_id: &str,
    (first, last): (Day, Day),
    limit: usize,
) -> Result<Unread, TelemetryError> {
    let Some(company) = company(tx, office_id)? else {
        return Ok(Unread::default());
    };
    let rows = tx.query(COUNTS, &[company.into(), first.0.into(), last.0.into()])?;
    let mut told = Unread::default();
    for row in &rows {
        let reason = why(row.int(0) as u64).unwrap_or(Why::Format);
        told.counts.push((reason, row.int(1)));
    }
    let (from_us, to_us) = (first.start_us(), last.end_us());
    let values: [Value; 6] = [
        company.into(),
        1i64.into(),
        from_us.into(),
        to_us.into(),
        i64::MAX.into(),
        MOST_BLOCKS.into(),
    ];
    for row in &tx.query(blocks::LIST, &values)? {
        let block_id = row.int(0);
        let block = blocks::read(tx, block_id)?;
        let raw = tx.query_opt(
            "SELECT content FROM block_line WHERE block_id = $1",
            &[block_id.into()],
        )?;
        let raw = match raw {
            Some(raw) => unpack_lines(raw.bytes(0))?,
            None => Vec::new(),
        };
        if told.add(&block, raw, (from_us, to_us), limit) {
            break;
        }
    }
    Ok(told.newest_first(limit))
}

impl Unread {
    /// Adds the lines of a block; whether enough are shown.
    pub(crate) fn add(
        &mut self,
        block: &Block,
        mut raw: Vec<Vec<u8>>,
        (from_us, to_us): (i64, i64),
        limit: usize,
    ) -> bool {
        for at in 0..block.entries() {
            if (from_us..=to_us).contains(&block.time_us(at)) {
                self.newest
                    .push((block.entry(at), raw.get_mut(at).map(std::mem::take)));
            }
        }
        self.newest.len() >= limit.min(MOST_SHOWN)
    }

    pub(crate) fn newest_first(mut self, limit: usize) -> Unread {
        (self.newest).sort_by_key(|(entry, _)| std::cmp::Reverse((entry.time_us, entry.number)));
        self.newest.truncate(limit.min(MOST_SHOWN));
        self
    }
}

const COUNTS: &str = "SELECT why, CAST(SUM(lines) AS BIGINT) FROM day_unknown WHERE company = $1 AND day BETWEEN $2 AND $3
     GROUP BY why ORDER BY why";
