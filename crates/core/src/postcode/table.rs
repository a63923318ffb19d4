//! Reader of the compressed table.
//!
//! All numbers are 32-bit little-endian, unless called a varint (LEB128). The file is:
//!
//! | part | contents |
//! |---|---|
//! | header | [`MAGIC`], edition as YYYYMMDD, number of cities, length of the city names, number of blocks |
//! | cities | per city: JIS code of five digits, end of its name in the names; then the names, UTF-8 |
//! | index | per block: its first postcode, end of the block counted from the end of the index |
//! | blocks | raw DEFLATE (RFC 1951) each |
//!
//! A block holds rows in the order of their codes; rows of one code are never parted. Unpacked it is: a
//! varint with the number of rows; per row a varint, how much its code is above the one before; per row a
//! varint with its city; then per row, ended by a line feed, the town and, for an office, tab, street,
//! tab, name. Columns rather than rows, because they compress better.

use super::{Address, Office, PREFECTURES};

/// What a table begins with: its name and the version of the format.
pub const MAGIC: &[u8; 8] = b"JPPOST01";
/// Header length in bytes.
const HEADER: usize = 24;
/// Far above any block; a damaged file must not unpack without end.
const UNPACKED_LIMIT: usize = 1 << 20;

/// The bytes are not a table, or a damaged one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a postcode table, or a damaged one: {0}")]
pub struct Broken(&'static str);

/// A table over bytes that are read where they lie.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    edition: u32,
    cities: &'a [u8],
    city_names: &'a [u8],
    index: &'a [u8],
    blocks: &'a [u8],
}

/// One row of an unpacked block.
struct Row<'b> {
    code: u32,
    city: usize,
    text: &'b str,
}

impl<'a> Table<'a> {
    /// Reads the header and divides the rest; nothing is unpacked yet.
    ///
    /// # Errors
    /// [`Broken`] when the bytes do not begin like a table or are too short for what the header says.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Broken> {
        if !bytes.starts_with(MAGIC) {
            return Err(Broken("it begins otherwise"));
        }
        let field = |at| number(bytes, at).ok_or(Broken("the header is cut off"));
        let edition = field(8)?;
        let rest = bytes.get(HEADER..).ok_or(Broken("the header is cut off"))?;
        let (cities, rest) = part(rest, size(field(12)?).saturating_mul(8))?;
        let (city_names, rest) = part(rest, size(field(16)?))?;
        let (index, blocks) = part(rest, size(field(20)?).saturating_mul(8))?;
        Ok(Self {
            edition,
            cities,
            city_names,
            index,
            blocks,
        })
    }

    /// Day of the edition, as `YYYY-MM-DD`.
    pub fn edition(&self) -> String {
        let day = self.edition;
        format!(
            "{:04}-{:02}-{:02}",
            day / 10_000,
            day / 100 % 100,
            day % 100
        )
    }

    /// All addresses of a code of seven digits; empty for anything else.
    ///
    /// # Errors
    /// [`Broken`] when the block of the code cannot be read.
    pub fn lookup(&self, code: &str) -> Result<Vec<Address>, Broken> {
        if code.len() != 7 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
            return Ok(Vec::new());
        }
        let code: u32 = code
            .parse()
            .map_err(|_| Broken("seven digits are a number"))?;
        let Some(block) = self.block_of(code) else {
            return Ok(Vec::new());
        };
        let unpacked = self.unpack(block)?;
        let rows = rows(&unpacked)?;
        rows.iter()
            .filter(|row| row.code == code)
            .map(|row| self.address(row))
            .collect()
    }

    /// Every code, ascending, once each.
    ///
    /// # Errors
    /// [`Broken`] when a block cannot be read.
    pub fn codes(&self) -> Result<Vec<String>, Broken> {
        let mut codes = Vec::new();
        for block in 0..self.index.len() / 8 {
            codes.extend(
                rows(&self.unpack(block)?)?
                    .iter()
                    .map(|row| format!("{:07}", row.code)),
            );
        }
        codes.dedup();
        Ok(codes)
    }

    /// The last block that begins at or below the code.
    fn block_of(&self, code: u32) -> Option<usize> {
        let (entries, _) = self.index.as_chunks::<8>();
        let above =
            entries.partition_point(|entry| number(entry, 0).is_some_and(|first| first <= code));
        above.checked_sub(1)
    }

    fn unpack(&self, block: usize) -> Result<Vec<u8>, Broken> {
        let found = record(self.index, self.blocks, block);
        let (_, packed) = found.ok_or(Broken("a block lies outside the file"))?;
        miniz_oxide::inflate::decompress_to_vec_with_limit(packed, UNPACKED_LIMIT)
            .map_err(|_| Broken("a block cannot be unpacked"))
    }

    fn address(&self, row: &Row<'_>) -> Result<Address, Broken> {
        let broken = Broken("a row names a city that is not there");
        let (jis, name) = record(self.cities, self.city_names, row.city).ok_or(broken)?;
        let city = std::str::from_utf8(name).map_err(|_| broken)?;
        // The first two of the five digits are the prefecture, counted from one.
        let prefecture = size(jis / 1_000)
            .checked_sub(1)
            .and_then(|at| PREFECTURES.get(at));
        let (prefecture_code, prefecture) =
            *prefecture.ok_or(Broken("a city lies in no prefecture"))?;
        let mut columns = row.text.split('\t');
        let town = columns.next().unwrap_or_default().to_owned();
        let office = columns
            .next()
            .zip(columns.next())
            .map(|(street, name)| Office {
                name: name.to_owned(),
                street: street.to_owned(),
            });
        Ok(Address {
            prefecture_code,
            prefecture,
            city: city.to_owned(),
            town,
            office,
        })
    }
}

/// The rows of an unpacked block. Its first code is told by the first difference, which counts from zero.
fn rows(unpacked: &[u8]) -> Result<Vec<Row<'_>>, Broken> {
    let broken = Broken("the rows of a block are damaged");
    let mut at = 0;
    let count = size(varint(unpacked, &mut at).ok_or(broken)?);
    // Each row takes at least three bytes, so a damaged count cannot ask for much memory.
    if count > unpacked.len() {
        return Err(broken);
    }
    let mut rows = Vec::with_capacity(count);
    let mut code = 0_u32;
    for _ in 0..count {
        code = varint(unpacked, &mut at)
            .and_then(|above| code.checked_add(above))
            .ok_or(broken)?;
        rows.push(Row {
            code,
            city: 0,
            text: "",
        });
    }
    for row in &mut rows {
        row.city = size(varint(unpacked, &mut at).ok_or(broken)?);
    }
    let texts = unpacked.get(at..).ok_or(broken)?;
    let mut lines = std::str::from_utf8(texts)
        .map_err(|_| broken)?
        .split_terminator('\n');
    for row in &mut rows {
        row.text = lines.next().ok_or(broken)?;
    }
    Ok(rows)
}

fn part(bytes: &[u8], length: usize) -> Result<(&[u8], &[u8]), Broken> {
    bytes
        .split_at_checked(length)
        .ok_or(Broken("it is cut off"))
}

/// The number of the entry, and the bytes from the end of the entry before it to its own end.
fn record<'a>(entries: &[u8], bytes: &'a [u8], at: usize) -> Option<(u32, &'a [u8])> {
    let (entries, _) = entries.as_chunks::<8>();
    let end = |at: usize| number(entries.get(at)?, 4).map(size);
    let start = match at.checked_sub(1) {
        Some(before) => end(before)?,
        None => 0,
    };
    Some((number(entries.get(at)?, 0)?, bytes.get(start..end(at)?)?))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..)?
        .first_chunk()
        .map(|four| u32::from_le_bytes(*four))
}

fn varint(bytes: &[u8], at: &mut usize) -> Option<u32> {
    let mut value = 0_u32;
    for shift in [0, 7, 14, 21, 28] {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u32::from(byte & 0x7F).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// A 32-bit number as a length; every machine this runs on has at least 32-bit addresses.
fn size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::Table;
    use crate::postcode::BUILT_IN;
    use proptest::prelude::*;

    #[test]
    fn a_table_that_is_cut_off_is_refused() {
        for cut in [0, 7, 8, 23, 24, 100, 40_000] {
            assert!(Table::open(&BUILT_IN[..cut]).is_err(), "cut at {cut}");
        }
        let table =
            Table::open(&BUILT_IN[..BUILT_IN.len() - 1]).expect("only the last block is cut");
        assert!(table.lookup("9999999").is_err());
        assert!(table.codes().is_err());
    }

    proptest! {
        /// Damage in the header, the cities, the index or the first blocks may give a wrong answer or
        /// [`super::Broken`], but no panic.
        #[test]
        fn a_damaged_table_does_not_panic(damage in prop::collection::vec((0..100_000_usize, any::<u8>()), 1..200)) {
            let mut bytes = BUILT_IN.to_vec();
            for (at, byte) in damage {
                // The beginning stays, or nothing behind it would be reached.
                bytes[at.max(super::MAGIC.len())] = byte;
            }
            if let Ok(table) = Table::open(&bytes) {
                for code in ["0010000", "0600000", "0640941", "1638001", "9999999"] {
                    let _ = table.lookup(code);
                }
            }
        }
    }
}
