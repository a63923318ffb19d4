//! Which blocks may hold what a search wants, and which of their lines are it.

use memchr::memmem;

use super::search::{Place, Wanted};
use crate::TelemetryError;
use crate::address::Address;
use crate::block::{Block, Column, Entry, Tables};

/// Which lines of a block are wanted.
pub(crate) struct Filter<'w> {
    wanted: &'w Wanted,
    after: Option<Place>,
    address: Option<Address>,
    text: Option<Part>,
}

impl<'w> Filter<'w> {
    pub(super) fn new(wanted: &'w Wanted, after: Option<Place>) -> Filter<'w> {
        Filter {
            wanted,
            after,
            address: wanted.address.as_deref().and_then(Address::read),
            text: wanted.text.as_deref().map(Part::new),
        }
    }

    /// A stored block, unless what it names tells that no line of it is wanted.
    pub(crate) fn read(
        &self,
        content: &[u8],
        first_number: i64,
    ) -> Result<Option<Block>, TelemetryError> {
        Block::read_if(content, first_number, |tables| self.may_hit(tables))
    }

    fn may_hit(&self, tables: &Tables<'_>) -> bool {
        let named = |text: &Option<String>| {
            (text.as_deref()).is_none_or(|text| tables.texts.contains(&text))
        };
        let mut room = Vec::new();
        named(&self.wanted.device)
            && named(&self.wanted.rule)
            && named(&self.wanted.user)
            && (self.address.as_ref()).is_none_or(|one| tables.addresses.contains(one))
            && (self.text.as_ref()).is_none_or(|part| {
                let mut texts = tables.texts.iter();
                texts.any(|text| part.stands_in(text, &mut room))
            })
    }

    /// Adds the newest hits of a block: one more than a page holds is enough of any block.
    pub(super) fn hits(&self, block: &Block, limit: usize, found: &mut Vec<(Place, Entry)>) {
        // A text that is wanted and stands nowhere in the block's table stands in no line.
        let named = |text: &Option<String>| match text {
            None => Some(None),
            Some(text) => block.number_of(text).map(Some),
        };
        let (Some(device), Some(rule), Some(user)) = (
            named(&self.wanted.device),
            named(&self.wanted.rule),
            named(&self.wanted.user),
        ) else {
            return;
        };
        let address = match &self.address {
            None => None,
            Some(address) => match block.number_of_address(address) {
                Some(number) => Some(number),
                None => return,
            },
        };
        let texts: Option<Vec<bool>> = (self.text.as_ref()).map(|part| {
            let mut room = Vec::new();
            let holds = block.texts().iter();
            let holds = holds.map(|text| part.stands_in(text, &mut room));
            std::iter::once(false).chain(holds).collect()
        });
        let is = |column: Column, row: usize, number: Option<u64>| {
            number.is_none_or(|number| block.column(column)[row] == number)
        };
        let (first, last) = (self.wanted.days.0.start_us(), self.wanted.days.1.end_us());
        let mut rows: Vec<(Place, usize)> = (0..block.entries())
            .map(|row| {
                let place = Place {
                    time_us: block.time_us(row),
                    number: block.number(row),
                };
                (place, row)
            })
            .filter(|(place, row)| {
                (first..=last).contains(&place.time_us)
                    && self.after.is_none_or(|after| *place < after)
                    && block.column(Column::Severity)[*row] >= self.wanted.severity_from as u64
                    && is(
                        Column::Action,
                        *row,
                        self.wanted.action.map(|one| one as u64),
                    )
                    && is(Column::Device, *row, device)
                    && is(Column::Rule, *row, rule)
                    && is(Column::User, *row, user)
                    && (is(Column::Source, *row, address) || is(Column::Destination, *row, address))
                    && texts.as_ref().is_none_or(|holds| {
                        [Column::Title, Column::Category, Column::User, Column::File]
                            .iter()
                            .any(|column| holds[block.column(*column)[*row] as usize])
                    })
            })
            .collect();
        rows.sort_unstable_by_key(|(place, _)| std::cmp::Reverse(*place));
        rows.truncate(limit + 1);
        found.extend(
            rows.into_iter()
                .map(|(place, row)| (place, block.entry(row))),
        );
    }
}

/// Part of a text, whatever its case.
struct Part(memmem::Finder<'static>);

impl Part {
    fn new(text: &str) -> Part {
        Part(memmem::Finder::new(text.to_lowercase().as_bytes()).into_owned())
    }

    /// `room` is memory for the text in lower case, kept from text to text.
    fn stands_in(&self, text: &str, room: &mut Vec<u8>) -> bool {
        if !text.is_ascii() {
            return self.0.find(text.to_lowercase().as_bytes()).is_some();
        }
        room.clear();
        room.extend(text.bytes().map(|byte| byte.to_ascii_lowercase()));
        self.0.find(room).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter() {
        for (text, part, stands) in [
            ("ET SCAN Nmap", "scan n", true),
            ("ET SCAN Nmap", "SCAN N", true),
            ("ET SCAN Nmap", "nmaps", false),
            ("École 学校", "éCOLE", true),
            ("ＶＰＮ 接続", "ｖｐｎ", true),
            ("VPN 接続", "切断", false),
            ("", "a", false),
            ("a", "", true),
        ] {
            let mut room = b"what was there before".to_vec();
            assert_eq!(
                Part::new(part).stands_in(text, &mut room),
                stands,
                "{text} {part}"
            );
        }
    }
}
