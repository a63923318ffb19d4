//! Small blocks of a day into large ones: a device that sends every ten seconds makes thousands a day, which compress badly and are slow to walk.
//! Numbers and figures stay as they are, so whatever names a line names it afterwards too.

use sonae_db::{Db, Tx};

use crate::TelemetryError;
use crate::block::{Block, Draft, ENTRIES, Entry, Packer, RAW, Told, unpack_lines};
use crate::day::Day;

/// Blocks that are put together at once.
const AT_ONCE: usize = 256;

/// Puts the small blocks of one day together, of all companies; gives how many blocks are fewer. Each group is one transaction, so this may be
/// interrupted and run again; on a day that still grows it does no harm.
pub fn day(db: &Db, day: Day, packer: &mut Packer) -> Result<usize, TelemetryError> {
    let companies = db.read(|tx| {
        let rows = tx.query("SELECT company FROM company ORDER BY company", &[])?;
        Ok::<_, TelemetryError>(rows.iter().map(|row| row.int(0)).collect::<Vec<i64>>())
    })?;
    let mut fewer = 0;
    for company in companies {
        for kind in [0, 1] {
            loop {
                let gone = db.write(|tx| group(tx, (company, kind), day, packer))?;
                fewer += gone;
                if gone == 0 {
                    break;
                }
            }
        }
    }
    Ok(fewer)
}

/// The oldest small blocks that fit into one; how many blocks are fewer then.
fn group(
    tx: &mut Tx,
    (company, kind): (i64, i64),
    day: Day,
    packer: &mut Packer,
) -> Result<usize, TelemetryError> {
    let rows = tx.query(
        "SELECT b.block_id, b.entries, l.stored FROM block b LEFT JOIN block_line l ON l.block_id = b.block_id
         WHERE b.company = $1 AND b.kind = $2 AND b.last_us BETWEEN $3 AND $4 AND b.entries <= $5
         ORDER BY b.block_id LIMIT $6",
        &[
            company.into(),
            kind.into(),
            day.start_us().into(),
            day.end_us().into(),
            (ENTRIES as i64 / 2).into(),
            (AT_ONCE as i64).into(),
        ],
    )?;
    let mut chosen: Vec<(i64, Block, Vec<Vec<u8>>)> = Vec::new();
    let (mut entries, mut raw) = (0, 0);
    for row in rows.iter().filter(|row| row.opt_int(2).is_some()) {
        let id = row.int(0);
        let read = tx.query_one(
            "SELECT b.content, b.first_number, l.content FROM block b JOIN block_line l ON l.block_id = b.block_id WHERE b.block_id = $1",
            &[id.into()],
        )?;
        let lines = unpack_lines(read.bytes(2))?;
        let size: usize = lines.iter().map(Vec::len).sum();
        let block = Block::read(read.bytes(0), read.int(1))?;
        if block.entries() + entries > ENTRIES || size + raw > RAW {
            break;
        }
        entries += block.entries();
        raw += size;
        chosen.push((id, block, lines));
    }
    if chosen.len() < 2 {
        return Ok(0);
    }
    replace(tx, (company, kind, day), &chosen, packer)?;
    Ok(chosen.len() - 1)
}

fn replace(
    tx: &mut Tx,
    (company, kind, day): (i64, i64, Day),
    chosen: &[(i64, Block, Vec<Vec<u8>>)],
    packer: &mut Packer,
) -> Result<(), TelemetryError> {
    let mut draft = Draft::default();
    let mut numbers = Vec::new();
    for (id, block, lines) in chosen {
        for (at, line) in (0..block.entries()).zip(lines) {
            let entry = block.entry(at);
            numbers.push(entry.number);
            add(&mut draft, &entry, line);
        }
        for table in ["block_line", "block"] {
            let sql = format!("DELETE FROM {table} WHERE block_id = $1");
            tx.execute(&sql, &[(*id).into()])?;
        }
    }
    let first = numbers.iter().min().copied().unwrap_or_default();
    draft.number(
        numbers
            .iter()
            .map(|number| (number - first) as u64)
            .collect(),
    );
    let packed = draft.pack(packer);
    // The first of them keeps its id.
    packed.write(tx, chosen[0].0, (company, kind, day), first)
}

fn add(draft: &mut Draft, entry: &Entry, line: &[u8]) {
    let (source, destination) = (entry.source.as_ref(), entry.destination.as_ref());
    let found = entry.detection();
    let told = Told {
        time_us: entry.time_us,
        received_us: entry.received_us,
        device_us: entry.device_us,
        device: &entry.device,
        what: entry.why.map_or(Ok(&found), Err),
        source,
        destination,
    };
    draft.add(&told, line);
}
