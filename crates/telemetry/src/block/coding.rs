//! How columns and tables stand in a block's bytes.

use super::bytes::{Reader, put, put_bytes, unzigzag, zigzag};
use super::{COLUMNS, DISTANCES};
use crate::TelemetryError;
use crate::address::Address;
use crate::error::damaged;

/// The first byte of every block.
const VERSION: u8 = 1;

/// The tables and columns of a block, plain. Index 0 of each table means that there is nothing.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plain {
    pub(super) texts: Vec<Box<str>>,
    pub(super) addresses: Vec<Address>,
    pub(super) columns: [Vec<u64>; COLUMNS],
}

impl Plain {
    pub(super) fn entries(&self) -> usize {
        self.columns[0].len()
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.entries() * COLUMNS);
        out.push(VERSION);
        put(&mut out, self.entries() as u64);
        put(&mut out, self.texts.len() as u64);
        for text in &self.texts {
            put_bytes(&mut out, text.as_bytes());
        }
        put(&mut out, self.addresses.len() as u64);
        for address in &self.addresses {
            match address {
                Address::V4(bits) => put_bytes(&mut out, &[&[4], &bits.to_be_bytes()[..]].concat()),
                Address::V6(bits) => put_bytes(&mut out, &[&[6], &bits.to_be_bytes()[..]].concat()),
                Address::Name(name) => put_bytes(&mut out, &[&[0], name.as_bytes()].concat()),
            }
        }
        for (index, column) in self.columns.iter().enumerate() {
            let distances = DISTANCES.iter().any(|one| *one as usize == index);
            match column.first() {
                Some(first) if !distances && column.iter().all(|value| value == first) => {
                    out.push(0);
                    put(&mut out, *first);
                }
                _ => {
                    out.push(1);
                    let mut before = 0i64;
                    for &value in column {
                        if distances {
                            put(&mut out, zigzag((value as i64).wrapping_sub(before)));
                            before = value as i64;
                        } else {
                            put(&mut out, value);
                        }
                    }
                }
            }
        }
        out
    }
}

/// What a block names, read before its columns: most blocks of a search end here.
pub(crate) struct Tables<'b> {
    entries: usize,
    pub(crate) texts: Vec<&'b str>,
    pub(crate) addresses: Vec<Address>,
    columns: Reader<'b>,
}

impl<'b> Tables<'b> {
    pub(super) fn decode(bytes: &'b [u8]) -> Result<Tables<'b>, TelemetryError> {
        let Some((&VERSION, rest)) = bytes.split_first() else {
            return damaged("a block of another version");
        };
        let mut reader = Reader(rest);
        let at_most = bytes.len();
        // A block that was put together from small ones holds no more than a full one.
        let entries = reader.count(super::ENTRIES)?;
        let texts = reader.count(at_most)?;
        let texts: Result<Vec<&str>, TelemetryError> = (0..texts)
            .map(|_| match std::str::from_utf8(reader.bytes()?) {
                Ok(text) => Ok(text),
                Err(_) => damaged("a text that is not UTF-8"),
            })
            .collect();
        let texts = texts?;
        let addresses = reader.count(at_most)?;
        let addresses: Result<Vec<Address>, TelemetryError> =
            (0..addresses).map(|_| address(reader.bytes()?)).collect();
        Ok(Tables {
            entries,
            texts,
            addresses: addresses?,
            columns: reader,
        })
    }

    pub(super) fn columns(mut self) -> Result<Plain, TelemetryError> {
        let mut columns = [const { Vec::new() }; COLUMNS];
        for (index, column) in columns.iter_mut().enumerate() {
            let distances = DISTANCES.iter().any(|one| *one as usize == index);
            *column = self::column(&mut self.columns, self.entries, distances)?;
        }
        match self.columns.0 {
            [] => Ok(Plain {
                texts: self.texts.into_iter().map(Box::from).collect(),
                addresses: self.addresses,
                columns,
            }),
            _ => damaged("bytes behind the end of a block"),
        }
    }
}

fn column(
    reader: &mut Reader<'_>,
    entries: usize,
    distances: bool,
) -> Result<Vec<u64>, TelemetryError> {
    if reader.number()? == 0 {
        return Ok(vec![reader.number()?; entries]);
    }
    let mut values = Vec::with_capacity(entries);
    let mut before = 0i64;
    for _ in 0..entries {
        let mut value = reader.number()?;
        if distances {
            before = before.wrapping_add(unzigzag(value));
            value = before as u64;
        }
        values.push(value);
    }
    Ok(values)
}

fn address(bytes: &[u8]) -> Result<Address, TelemetryError> {
    let found = match bytes.split_first() {
        Some((4, bits)) => <[u8; 4]>::try_from(bits)
            .ok()
            .map(|bits| Address::V4(u32::from_be_bytes(bits))),
        Some((6, bits)) => <[u8; 16]>::try_from(bits)
            .ok()
            .map(|bits| Address::V6(u128::from_be_bytes(bits))),
        Some((0, name)) => std::str::from_utf8(name)
            .ok()
            .map(|name| Address::Name(name.into())),
        _ => None,
    };
    found.map_or_else(|| damaged("an address of no known kind"), Ok)
}
