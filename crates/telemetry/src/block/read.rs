//! A block that was read: asked by column, and row by row for what is shown.

use std::borrow::Cow;

use super::bytes::unzigzag;
use super::coding::{Plain, Tables};
use super::{Column, unpack};
use crate::TelemetryError;
use crate::address::Address;
use crate::detection::{Action, Detection, Endpoint, Severity, Why};
use crate::error::damaged;

/// The columns of a stored block. Every number in it was checked, so asking cannot fail.
pub struct Block {
    plain: Plain,
    /// What the first number counts from.
    first_number: i64,
}

/// One stored line, told in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// In its company, in the order of storing; with the day it names the line for ever.
    pub number: i64,
    /// Microseconds since 1970 UTC that count.
    pub time_us: i64,
    pub received_us: i64,
    /// What the device's clock said, where it said something.
    pub device_us: Option<i64>,
    pub device: String,
    /// None for a detection.
    pub why: Option<Why>,
    pub rule: String,
    pub title: String,
    pub category: String,
    pub severity: Severity,
    pub graded: String,
    pub action: Action,
    pub said: String,
    pub source: Option<Address>,
    pub source_port: Option<u16>,
    pub destination: Option<Address>,
    pub destination_port: Option<u16>,
    pub country: Option<String>,
    pub user: Option<String>,
    pub file: Option<String>,
    pub count: u32,
    pub alert_id: Option<String>,
}

impl Entry {
    /// The finding as it was read, by the device's clock; its device and addresses stand in the entry itself.
    pub(crate) fn detection(&self) -> Detection<'_> {
        let option = |text: &'_ Option<String>| text.clone().map(Cow::Owned);
        let port = |port| Endpoint {
            address: None,
            port,
        };
        Detection {
            time_us: self.device_us,
            device: None,
            title: Cow::Borrowed(&self.title),
            rule: Cow::Borrowed(&self.rule),
            category: Cow::Borrowed(&self.category),
            severity: self.severity,
            graded: Cow::Borrowed(&self.graded),
            action: self.action,
            said: Cow::Borrowed(&self.said),
            source: port(self.source_port),
            destination: port(self.destination_port),
            country: option(&self.country),
            user: option(&self.user),
            file: option(&self.file),
            count: self.count,
            alert_id: option(&self.alert_id),
        }
    }
}

impl Block {
    /// Reads the `content` of a block.
    ///
    /// # Errors
    /// Damage: what does not unpack, or names what the block does not hold.
    pub fn read(content: &[u8], first_number: i64) -> Result<Block, TelemetryError> {
        Block::of(Tables::decode(&unpack(content)?)?.columns()?, first_number)
    }

    /// Reads a block if its tables are wanted; damage in the columns of others is not seen.
    pub(crate) fn read_if(
        content: &[u8],
        first_number: i64,
        wanted: impl FnOnce(&Tables<'_>) -> bool,
    ) -> Result<Option<Block>, TelemetryError> {
        let bytes = unpack(content)?;
        let tables = Tables::decode(&bytes)?;
        match wanted(&tables) {
            true => Block::of(tables.columns()?, first_number).map(Some),
            false => Ok(None),
        }
    }

    fn of(plain: Plain, first_number: i64) -> Result<Block, TelemetryError> {
        let within = |columns: &[Column], length: usize| {
            let numbers = columns.iter().flat_map(|one| &plain.columns[*one as usize]);
            numbers.into_iter().all(|number| *number as usize <= length)
        };
        use Column as C;
        let texts = [C::Device, C::Rule, C::Title, C::Category, C::Said];
        let more = [C::Country, C::User, C::File, C::AlertId, C::Graded];
        let fits = within(&texts, plain.texts.len())
            && within(&more, plain.texts.len())
            && within(&[C::Source, C::Destination], plain.addresses.len())
            && within(&[C::SourcePort, C::DestinationPort], 65_536)
            && within(&[C::Count], u32::MAX as usize)
            && within(&[C::Severity], 6)
            && within(&[C::Action, C::Why], 4);
        match fits {
            true => Ok(Block {
                plain,
                first_number,
            }),
            false => damaged("a block that names what it does not hold"),
        }
    }

    pub fn entries(&self) -> usize {
        self.plain.entries()
    }

    pub(crate) fn column(&self, column: Column) -> &[u64] {
        &self.plain.columns[column as usize]
    }

    /// The number by which this block's columns mean a text; none when no line holds it.
    pub(crate) fn number_of(&self, text: &str) -> Option<u64> {
        let at = self.plain.texts.iter().position(|one| **one == *text)?;
        Some(at as u64 + 1)
    }

    pub(crate) fn number_of_address(&self, address: &Address) -> Option<u64> {
        let at = self.plain.addresses.iter().position(|one| one == address)?;
        Some(at as u64 + 1)
    }

    pub(crate) fn texts(&self) -> &[Box<str>] {
        &self.plain.texts
    }

    pub(crate) fn address(&self, number: u64) -> Option<&Address> {
        self.plain.addresses.get((number as usize).checked_sub(1)?)
    }

    pub(crate) fn text(&self, number: u64) -> &str {
        match (number as usize).checked_sub(1) {
            Some(at) => &self.plain.texts[at],
            None => "",
        }
    }

    pub(crate) fn time_us(&self, row: usize) -> i64 {
        self.column(Column::Time)[row] as i64
    }

    pub(crate) fn number(&self, row: usize) -> i64 {
        self.first_number + self.column(Column::Number)[row] as i64
    }

    /// One line in full.
    pub fn entry(&self, row: usize) -> Entry {
        let value = |column: Column| self.column(column)[row];
        let text = |column: Column| self.text(value(column)).to_owned();
        let option = |column: Column| (value(column) > 0).then(|| text(column));
        let port = |column: Column| value(column).checked_sub(1).map(|port| port as u16);
        let time_us = value(Column::Time) as i64;
        Entry {
            number: self.number(row),
            time_us,
            received_us: value(Column::Received) as i64,
            device_us: match value(Column::DeviceTime) {
                0 => Some(time_us),
                1 => None,
                distance => Some(time_us.saturating_add(unzigzag(distance - 2))),
            },
            device: text(Column::Device),
            why: why(value(Column::Why)),
            rule: text(Column::Rule),
            title: text(Column::Title),
            category: text(Column::Category),
            severity: severity(value(Column::Severity)),
            graded: text(Column::Graded),
            action: action(value(Column::Action)),
            said: text(Column::Said),
            source: self.address(value(Column::Source)).cloned(),
            source_port: port(Column::SourcePort),
            destination: self.address(value(Column::Destination)).cloned(),
            destination_port: port(Column::DestinationPort),
            country: option(Column::Country),
            user: option(Column::User),
            file: option(Column::File),
            count: value(Column::Count) as u32,
            alert_id: option(Column::AlertId),
        }
    }
}

pub(crate) fn why(number: u64) -> Option<Why> {
    match number {
        1 => Some(Why::Format),
        2 => Some(Why::Broken),
        3 => Some(Why::TooLong),
        4 => Some(Why::Encoding),
        _ => None,
    }
}

pub(crate) fn severity(number: u64) -> Severity {
    match number {
        1 => Severity::Informational,
        2 => Severity::Low,
        3 => Severity::Medium,
        4 => Severity::High,
        5 => Severity::Critical,
        6 => Severity::Fatal,
        _ => Severity::Unknown,
    }
}

pub(crate) fn action(number: u64) -> Action {
    match number {
        1 => Action::Blocked,
        2 => Action::Allowed,
        3 => Action::Detected,
        4 => Action::Other,
        _ => Action::Unknown,
    }
}
