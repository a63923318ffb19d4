//! A block while lines are added to it.

use std::collections::HashMap;

use sonae_db::Tx;

use super::bytes::zigzag;
use super::coding::Plain;
use super::lines::push;
use super::{COLUMNS, Column, ENTRIES, Packer, RAW, pack_lines};
use crate::TelemetryError;
use crate::address::Address;
use crate::day::Day;
use crate::detection::{Detection, Why};
use crate::hash::Quick;

/// What is known of a line before it has a number.
pub(crate) struct Told<'a> {
    pub(crate) time_us: i64,
    pub(crate) received_us: i64,
    pub(crate) device_us: Option<i64>,
    pub(crate) device: &'a str,
    pub(crate) what: Result<&'a Detection<'a>, Why>,
    pub(crate) source: Option<&'a Address>,
    pub(crate) destination: Option<&'a Address>,
}

/// A block that grows.
#[derive(Default)]
pub(crate) struct Draft {
    columns: [Vec<u64>; COLUMNS],
    texts: Table<Box<str>>,
    addresses: Table<Address>,
    lines: Vec<u8>,
    /// Earliest and latest time that counts.
    pub(crate) span_us: Option<(i64, i64)>,
}

/// A block that is ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub(crate) entries: usize,
    pub(crate) first_us: i64,
    pub(crate) last_us: i64,
    pub(crate) content: Vec<u8>,
    pub(crate) lines: Vec<u8>,
}

impl Packed {
    /// Bytes that will be written.
    pub(crate) fn bytes(&self) -> usize {
        self.content.len() + self.lines.len()
    }
}

impl Packed {
    /// Writes the block and its raw lines.
    pub(crate) fn write(
        &self,
        tx: &mut Tx,
        block_id: i64,
        (company, kind, day): (i64, i64, Day),
        first_number: i64,
    ) -> Result<(), TelemetryError> {
        tx.execute(
            "INSERT INTO block (block_id, company, kind, day, entries, first_us, last_us, first_number, content)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            &[
                block_id.into(),
                company.into(),
                kind.into(),
                day.0.into(),
                (self.entries as i64).into(),
                self.first_us.into(),
                self.last_us.into(),
                first_number.into(),
                self.content.as_slice().into(),
            ],
        )?;
        tx.execute(
            "INSERT INTO block_line (block_id, stored, content) VALUES ($1, $2, $3)",
            &[
                block_id.into(),
                (self.lines.len() as i64).into(),
                self.lines.as_slice().into(),
            ],
        )?;
        Ok(())
    }
}

impl Draft {
    pub(crate) fn is_full(&self) -> bool {
        self.entries() >= ENTRIES || self.lines.len() >= RAW
    }

    pub(crate) fn entries(&self) -> usize {
        self.columns[Column::Time as usize].len()
    }

    /// Adds a line; its number is its place until the block is written.
    pub(crate) fn add(&mut self, told: &Told<'_>, line: &[u8]) {
        let mut row = [0u64; COLUMNS];
        let mut set = |column: Column, value: u64| row[column as usize] = value;
        set(Column::Number, self.columns[0].len() as u64);
        set(Column::Time, told.time_us as u64);
        set(Column::Received, told.received_us as u64);
        let device_time = match told.device_us {
            None => 1,
            Some(us) if us == told.time_us => 0,
            Some(us) => zigzag(us.saturating_sub(told.time_us)).saturating_add(2),
        };
        set(Column::DeviceTime, device_time);
        set(Column::Device, self.texts.text(told.device));
        match told.what {
            Err(why) => set(Column::Why, why_number(why)),
            Ok(found) => {
                let texts = &mut self.texts;
                set(Column::Rule, texts.text(&found.rule));
                set(Column::Title, texts.text(&found.title));
                set(Column::Category, texts.text(&found.category));
                set(Column::Severity, found.severity as u64);
                set(Column::Graded, texts.text(&found.graded));
                set(Column::Action, found.action as u64);
                set(Column::Said, texts.text(&found.said));
                let mut option = |text: &Option<std::borrow::Cow<'_, str>>| {
                    texts.text(text.as_deref().unwrap_or_default())
                };
                let (country, user) = (option(&found.country), option(&found.user));
                let (file, alert) = (option(&found.file), option(&found.alert_id));
                set(Column::Country, country);
                set(Column::User, user);
                set(Column::File, file);
                set(Column::AlertId, alert);
                let port = |port: Option<u16>| port.map_or(0, |port| u64::from(port) + 1);
                set(Column::SourcePort, port(found.source.port));
                set(Column::DestinationPort, port(found.destination.port));
                set(Column::Count, u64::from(found.count.max(1)));
                set(Column::Source, self.addresses.address(told.source));
                set(
                    Column::Destination,
                    self.addresses.address(told.destination),
                );
            }
        }
        for (column, value) in self.columns.iter_mut().zip(row) {
            column.push(value);
        }
        let (first, last) = self.span_us.unwrap_or((told.time_us, told.time_us));
        self.span_us = Some((first.min(told.time_us), last.max(told.time_us)));
        push(&mut self.lines, line);
    }

    /// Gives the lines other numbers than their places.
    pub(crate) fn number(&mut self, numbers: Vec<u64>) {
        self.columns[Column::Number as usize] = numbers;
    }

    pub(crate) fn pack(self, packer: &mut Packer) -> Packed {
        let entries = self.entries();
        let plain = Plain {
            texts: self.texts.rows,
            addresses: self.addresses.rows,
            columns: self.columns,
        };
        let (first_us, last_us) = self.span_us.unwrap_or_default();
        Packed {
            entries,
            first_us,
            last_us,
            content: packer.pack(&plain.encode()),
            lines: pack_lines(packer, &self.lines),
        }
    }
}

pub(crate) fn why_number(why: Why) -> u64 {
    match why {
        Why::Format => 1,
        Why::Broken => 2,
        Why::TooLong => 3,
        Why::Encoding => 4,
    }
}

/// Distinct values in the order in which they came; number 0 means none.
struct Table<T> {
    rows: Vec<T>,
    numbers: HashMap<T, u64, Quick>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Table {
            rows: Vec::new(),
            numbers: HashMap::default(),
        }
    }
}

impl Table<Box<str>> {
    fn text(&mut self, text: &str) -> u64 {
        if text.is_empty() {
            return 0;
        }
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        self.rows.push(text.into());
        let number = self.rows.len() as u64;
        self.numbers.insert(text.into(), number);
        number
    }
}

impl Table<Address> {
    fn address(&mut self, address: Option<&Address>) -> u64 {
        let Some(address) = address else {
            return 0;
        };
        if let Some(number) = self.numbers.get(address) {
            return *number;
        }
        self.rows.push(address.clone());
        let number = self.rows.len() as u64;
        self.numbers.insert(address.clone(), number);
        number
    }
}
