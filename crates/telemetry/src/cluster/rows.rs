//! A batch as rows of a cluster: its blocks as they are, and its figures, month by month.

use std::collections::{BTreeMap, BTreeSet};

use sonae_db::clickhouse::Rows;

use super::ledger::Begun;
use crate::batch::{Prepared, Sum};
use crate::day::{Day, Month};
use crate::hash::stable;

/// Kinds of figures, as in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Figured {
    Mark = 0,
    Total = 1,
    Summary = 2,
    Address = 3,
    Heard = 4,
    Activity = 5,
    Unknown = 6,
    Word = 7,
}

/// Columns in the order in which rows are written.
pub(super) const FIGURE: &str = "figure (company, month, attempt, kind, day, hour, device, rule, title, category, text, text_hash, severity, action, why,
     sides, lines, events, first_us, last_us, packets, drops, detections, activities, unknown, clock_doubtful)";
pub(super) const BLOCK: &str =
    "block (company, month, attempt, kind, day, entries, first_us, last_us, first_number, content)";
pub(super) const LINE: &str = "line (company, month, attempt, day, first_number, content)";

/// One row of `figure`; what a kind does not say is empty.
#[derive(Clone, Debug, Default)]
struct Figure<'a> {
    kind: u8,
    day: i64,
    hour: i64,
    device: &'a str,
    rule: &'a str,
    title: &'a str,
    category: &'a str,
    text: &'a str,
    severity: u8,
    action: u8,
    why: u8,
    sides: u8,
    lines: i64,
    events: i64,
    span_us: (i64, i64),
    /// -1 where a device counts no packets.
    counters: (i64, i64),
    totals: [i64; 4],
}

impl Figure<'_> {
    fn write(&self, rows: &mut Rows, begun: &Begun, month: Month) {
        rows.u32(begun.company as u32);
        rows.u32(month.0 as u32);
        rows.u64(begun.attempt as u64);
        rows.u8(self.kind);
        rows.i64(self.day);
        rows.i64(self.hour);
        for text in [self.device, self.rule, self.title, self.category, self.text] {
            rows.string(text.as_bytes());
        }
        rows.u64(text_hash(self.text));
        for value in [self.severity, self.action, self.why, self.sides] {
            rows.u8(value);
        }
        let (first_us, last_us) = self.span_us;
        for value in [
            self.lines,
            self.events,
            first_us,
            last_us,
            self.counters.0,
            self.counters.1,
        ] {
            rows.i64(value);
        }
        for value in self.totals {
            rows.i64(value);
        }
    }
}

/// By what an address is looked for among all; as the table holds it.
pub(super) fn text_hash(text: &str) -> u64 {
    match text.is_empty() {
        true => 0,
        false => stable(text.as_bytes()),
    }
}

/// How much a batch brings for each month, the mark included.
#[derive(Default)]
pub(super) struct Parts(pub(super) BTreeMap<Month, Part>);

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    pub(super) figures: i64,
    pub(super) blocks: i64,
}

impl Parts {
    pub(super) fn of(batch: &Prepared) -> Parts {
        let mut parts = Parts::default();
        figures(batch, |month, _| {
            parts.0.entry(month).or_default().figures += 1
        });
        for (day, _, _) in &batch.blocks {
            parts.0.entry(day.month()).or_default().blocks += 1;
        }
        for part in parts.0.values_mut() {
            part.figures += 1;
        }
        parts
    }

    pub(super) fn months(batch: &Prepared) -> BTreeSet<Month> {
        Parts::of(batch).0.into_keys().collect()
    }
}

/// Rows of several batches for one server, by month.
#[derive(Default)]
pub(super) struct Written(pub(super) BTreeMap<Month, Tables>);

#[derive(Default)]
pub(super) struct Tables {
    pub(super) figures: Rows,
    pub(super) blocks: Rows,
    pub(super) lines: Rows,
}

impl Written {
    pub(super) fn add(&mut self, batch: &Prepared, begun: &Begun) {
        figures(batch, |month, figure| {
            let tables = self.0.entry(month).or_default();
            figure.write(&mut tables.figures, begun, month);
        });
        let mut number = begun.number;
        for (day, unknown, block) in &batch.blocks {
            let month = day.month();
            let tables = self.0.entry(month).or_default();
            for rows in [&mut tables.blocks, &mut tables.lines] {
                rows.u32(begun.company as u32);
                rows.u32(month.0 as u32);
                rows.u64(begun.attempt as u64);
            }
            let rows = &mut tables.blocks;
            rows.u8(u8::from(*unknown));
            rows.i64(day.0);
            rows.u32(block.entries as u32);
            for value in [block.first_us, block.last_us, number] {
                rows.i64(value);
            }
            rows.string(&block.content);
            let rows = &mut tables.lines;
            rows.i64(day.0);
            rows.i64(number);
            rows.string(&block.lines);
            number += block.entries as i64;
        }
        for (month, part) in Parts::of(batch).0 {
            let mark = Figure {
                kind: Figured::Mark as u8,
                lines: part.figures,
                ..Figure::default()
            };
            mark.write(&mut self.0.entry(month).or_default().figures, begun, month);
        }
    }
}

/// Every figure of a batch but its marks.
fn figures(batch: &Prepared, mut each: impl FnMut(Month, &Figure<'_>)) {
    let none = Figure::default();
    for (day, total) in &batch.totals {
        let totals = [
            total.detections,
            total.activities,
            total.unknown,
            total.clock_doubtful,
        ];
        each(
            day.month(),
            &Figure {
                kind: Figured::Total as u8,
                day: day.0,
                totals,
                ..none
            },
        );
    }
    for (kind, sum) in &batch.sums {
        let rule = &batch.rules.rows[kind.rule as usize];
        let Sum {
            lines,
            events,
            first_us,
            last_us,
        } = *sum;
        let figure = Figure {
            kind: Figured::Summary as u8,
            day: kind.day.0,
            device: &batch.devices.rows[kind.device as usize],
            rule: &rule.rule,
            title: &rule.title,
            category: &rule.category,
            severity: kind.severity,
            action: kind.action,
            lines,
            events,
            span_us: (first_us, last_us),
            ..none
        };
        each(kind.day.month(), &figure);
    }
    for ((day, address), met) in &batch.addresses {
        let text = address.to_string();
        let figure = Figure {
            kind: Figured::Address as u8,
            day: day.0,
            text: &text,
            sides: met.sides as u8,
            events: met.events,
            ..none
        };
        each(day.month(), &figure);
    }
    few(batch, &mut each);
}

/// Those of which a batch has few.
fn few(batch: &Prepared, each: &mut impl FnMut(Month, &Figure<'_>)) {
    let none = Figure::default();
    for ((device, hour), heard) in &batch.heard {
        let day = Day::of(hour.saturating_mul(3_600_000_000));
        let figure = Figure {
            kind: Figured::Heard as u8,
            day: day.0,
            hour: *hour,
            device: &batch.devices.rows[*device as usize],
            lines: heard.lines,
            span_us: (heard.first_us, heard.last_us),
            counters: heard.counters.unwrap_or((-1, -1)),
            ..none
        };
        each(day.month(), &figure);
    }
    for ((day, device, kind), lines) in &batch.activities {
        let figure = Figure {
            kind: Figured::Activity as u8,
            day: day.0,
            device: &batch.devices.rows[*device as usize],
            text: kind,
            lines: *lines,
            ..none
        };
        each(day.month(), &figure);
    }
    for ((day, why), lines) in &batch.unknown {
        let (why, lines) = (*why as u8, *lines);
        each(
            day.month(),
            &Figure {
                kind: Figured::Unknown as u8,
                day: day.0,
                why,
                lines,
                ..none
            },
        );
    }
    // A word has no day of its own: it stands on the one on which it came.
    let came = Day::of(batch.received_us);
    for ((field, word), lines) in &batch.words {
        let (rule, text, lines) = (*field, &**word, *lines);
        each(
            came.month(),
            &Figure {
                kind: Figured::Word as u8,
                day: came.0,
                rule,
                text,
                lines,
                ..none
            },
        );
    }
}
