//! Writer of the compressed table; its reader and the format are in `sonae_core::postcode`.

use std::collections::BTreeMap;

use sonae_core::postcode::MAGIC;

use super::Row;

/// Rows in a block: fewer make lookups cheaper and the table larger. Blocks alone, edition of 2026-09:
/// 256 rows 1.25 MB, 512 rows 1.17 MB, 1,024 rows 1.12 MB.
const BLOCK: usize = 512;
/// The best level of DEFLATE; the table is written once a month and read always.
const LEVEL: u8 = 10;

/// Sorts the rows by code, keeping their order within a code, drops repeated ones, and packs them.
pub(crate) fn pack(rows: &mut Vec<Row>, edition: u32) -> Vec<u8> {
    rows.sort_by_key(|row| row.code);
    drop_repeated(rows);
    let cities = number_cities(rows);
    let (index, blocks) = blocks(rows, &cities);
    let mut names = String::new();
    let mut records = Vec::new();
    for (jis, name) in cities.keys() {
        names.push_str(name);
        put(&mut records, *jis);
        put(&mut records, length(names.len()));
    }
    let mut packed = MAGIC.to_vec();
    for field in [
        edition,
        length(cities.len()),
        length(names.len()),
        length(index.len() / 8),
    ] {
        put(&mut packed, field);
    }
    for part in [&records[..], names.as_bytes(), &index, &blocks] {
        packed.extend_from_slice(part);
    }
    packed
}

/// A town with several remarks stands in the file once per remark, not always side by side.
fn drop_repeated(rows: &mut Vec<Row>) {
    let mut kept: Vec<Row> = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        let same_code = kept.iter().rev().take_while(|other| other.code == row.code);
        if !same_code.into_iter().any(|other| *other == row) {
            kept.push(row);
        }
    }
    *rows = kept;
}

/// Every city with its place in the table, in the order of the JIS codes.
fn number_cities(rows: &[Row]) -> BTreeMap<(u32, String), u32> {
    let mut cities: BTreeMap<(u32, String), u32> = rows
        .iter()
        .map(|row| ((row.jis, row.city.clone()), 0))
        .collect();
    for (at, place) in cities.values_mut().enumerate() {
        *place = length(at);
    }
    cities
}

/// The index and the packed blocks.
fn blocks(rows: &[Row], cities: &BTreeMap<(u32, String), u32>) -> (Vec<u8>, Vec<u8>) {
    let mut index = Vec::new();
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < rows.len() {
        let mut end = (start + BLOCK).min(rows.len());
        while end < rows.len() && rows[end].code == rows[end - 1].code {
            end += 1;
        }
        let unpacked = unpacked_block(&rows[start..end], cities);
        blocks.extend(miniz_oxide::deflate::compress_to_vec(&unpacked, LEVEL));
        put(&mut index, rows[start].code);
        put(&mut index, length(blocks.len()));
        start = end;
    }
    (index, blocks)
}

fn unpacked_block(rows: &[Row], cities: &BTreeMap<(u32, String), u32>) -> Vec<u8> {
    let mut block = Vec::new();
    put_varint(&mut block, length(rows.len()));
    let mut code = 0;
    for row in rows {
        put_varint(&mut block, row.code - code);
        code = row.code;
    }
    for row in rows {
        put_varint(&mut block, cities[&(row.jis, row.city.clone())]);
    }
    for row in rows {
        block.extend_from_slice(row.town.as_bytes());
        if let Some((street, name)) = &row.office {
            block.extend_from_slice(format!("\t{street}\t{name}").as_bytes());
        }
        block.push(b'\n');
    }
    block
}

fn put(bytes: &mut Vec<u8>, number: u32) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

fn put_varint(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("the whole table is a few megabytes")
}

#[cfg(test)]
mod tests {
    use super::{Row, pack};
    use sonae_core::postcode::Table;

    fn row(code: u32, jis: u32, city: &str, town: &str) -> Row {
        Row {
            code,
            jis,
            city: city.to_owned(),
            town: town.to_owned(),
            office: None,
        }
    }

    #[test]
    fn what_is_packed_is_read_back() {
        let mut rows = vec![
            row(9_071_801, 47_382, "八重山郡与那国町", "与那国"),
            row(600_000, 1_101, "札幌市中央区", ""),
            row(4_980_000, 24_303, "桑名郡木曽岬町", ""),
            row(4_980_000, 23_235, "海部郡飛島村", ""),
            row(4_980_000, 24_303, "桑名郡木曽岬町", ""),
        ];
        rows.extend(
            (0..2_000).map(|n| row(1_000_000 + n / 3, 13_101, "千代田区", &format!("{n}"))),
        );
        let packed = pack(&mut rows, 20_260_930);
        let table = Table::open(&packed).expect("a table");
        assert_eq!(table.edition(), "2026-09-30");
        let found = table.lookup("4980000").expect("a block");
        let places: Vec<_> = found
            .iter()
            .map(|a| (a.prefecture, a.city.as_str()))
            .collect();
        assert_eq!(
            places,
            [("三重県", "桑名郡木曽岬町"), ("愛知県", "海部郡飛島村")]
        );
        assert_eq!(
            table.lookup("0600000").expect("a block")[0].prefecture_code,
            "01"
        );
        assert_eq!(table.lookup("1000170").expect("a block").len(), 3);
        assert_eq!(table.codes().expect("all blocks").len(), 3 + 667);
    }
}
