//! The rows of a group: blocks as they come, and figures added up over the whole group, so that each of their rows is touched once.

use std::collections::BTreeMap;

use sonae_db::{Tx, Value};

use crate::TelemetryError;
use crate::batch::{Counts, Heard, Prepared, Sum, Total};
use crate::day::Day;
use crate::dictionary::{Learning, Word};
use crate::met::{Met, MetInMonth};

/// What is written at the end, in the order of the tables' keys: neighbours in a table are written together.
#[derive(Default)]
pub(super) struct Group {
    next_block: i64,
    totals: BTreeMap<(i64, i64), Total>,
    months: BTreeMap<(i64, i64), Total>,
    days: BTreeMap<[i64; 6], Sum>,
    rules: BTreeMap<[i64; 5], (i64, i64)>,
    addresses: BTreeMap<[i64; 3], Met>,
    activities: BTreeMap<[i64; 4], i64>,
    unknown: BTreeMap<[i64; 3], i64>,
    words: BTreeMap<(i64, &'static str, Box<str>), i64>,
    heard: BTreeMap<[i64; 3], Heard>,
    sources: BTreeMap<String, (i64, Counts, i64)>,
}

impl Group {
    pub(super) fn begin(tx: &mut Tx) -> Result<Group, TelemetryError> {
        let row = tx.query_one("SELECT COALESCE(MAX(block_id), 0) + 1 FROM block", &[])?;
        Ok(Group {
            next_block: row.int(0),
            ..Group::default()
        })
    }

    /// Writes the blocks of a batch and adds its figures to those of the group.
    pub(super) fn add(
        &mut self,
        tx: &mut Tx,
        learning: &mut Learning<'_>,
        batch: &Prepared,
    ) -> Result<(), TelemetryError> {
        let company = learning.company(tx, &batch.source.company)?;
        self.blocks(tx, company, batch)?;
        let devices: Result<Vec<i64>, TelemetryError> = (batch.devices.rows.iter())
            .map(|name| learning.word(tx, (company, Word::Device, name)))
            .collect();
        let devices = devices?;
        let rules: Result<Vec<i64>, TelemetryError> = (batch.rules.rows.iter())
            .map(|rule| learning.rule(tx, rule))
            .collect();
        let rules = rules?;
        for (kind, sum) in &batch.sums {
            let (device, rule) = (devices[kind.device as usize], rules[kind.rule as usize]);
            let (severity, action) = (i64::from(kind.severity), i64::from(kind.action));
            let key = [company, kind.day.0, device, rule, severity, action];
            (self.days.entry(key))
                .and_modify(|all| all.add(sum))
                .or_insert(*sum);
            let key = [kind.day.month().0, company, rule, severity, action];
            let all = self.rules.entry(key).or_default();
            *all = (all.0 + sum.lines, all.1 + sum.events);
        }
        for ((day, address), met) in &batch.addresses {
            let address = learning.address(tx, company, address)?;
            let all = self.addresses.entry([company, day.0, address]).or_default();
            all.sides |= met.sides;
            all.events += met.events;
        }
        for ((day, device, kind), lines) in &batch.activities {
            let kind = learning.word(tx, (company, Word::Activity, kind))?;
            let key = [company, day.0, devices[*device as usize], kind];
            *self.activities.entry(key).or_default() += lines;
        }
        for ((day, why), lines) in &batch.unknown {
            *self.unknown.entry([company, day.0, *why]).or_default() += lines;
        }
        for ((field, word), lines) in &batch.words {
            *self
                .words
                .entry((company, field, word.clone()))
                .or_default() += lines;
        }
        for ((device, hour), heard) in &batch.heard {
            (self
                .heard
                .entry([company, devices[*device as usize], *hour]))
            .and_modify(|all| all.add(heard))
            .or_insert(*heard);
        }
        for (day, total) in &batch.totals {
            self.totals.entry((company, day.0)).or_default().add(total);
            let month = day.month().0;
            self.months.entry((company, month)).or_default().add(total);
        }
        let source = self.sources.entry(batch.source.id.clone());
        let all = source.or_insert((company, Counts::default(), i64::MIN));
        all.1.add(batch.counts());
        all.2 = all.2.max(batch.received_us);
        Ok(())
    }

    fn blocks(
        &mut self,
        tx: &mut Tx,
        company: i64,
        batch: &Prepared,
    ) -> Result<(), TelemetryError> {
        let entries: usize = batch.blocks.iter().map(|(_, _, block)| block.entries).sum();
        if entries == 0 {
            return Ok(());
        }
        let row = tx.query_one(
            "UPDATE company SET next_number = next_number + $2 WHERE company = $1 RETURNING next_number",
            &[company.into(), (entries as i64).into()],
        )?;
        let mut number = row.int(0) - entries as i64;
        for (day, unknown, block) in &batch.blocks {
            block.write(
                tx,
                self.next_block,
                (company, i64::from(*unknown), *day),
                number,
            )?;
            self.next_block += 1;
            number += block.entries as i64;
        }
        Ok(())
    }

    /// Writes the figures.
    pub(super) fn write(self, tx: &mut Tx) -> Result<(), TelemetryError> {
        self.write_months(tx)?;
        self.write_days(tx)?;
        self.write_counts(tx)?;
        self.write_heard(tx)?;
        let mut rows = Vec::new();
        for (source, (company, counts, heard_us)) in self.sources {
            rows.push(Value::from(source));
            let Counts {
                lines,
                detections,
                activities,
                unknown,
            } = counts;
            rows.extend(
                [company, lines, detections, activities, unknown, heard_us].map(Value::Int),
            );
        }
        tx.merge_many(
            "source",
            &["source", "company", "lines", "detections", "activities", "unknown", "heard_us"],
            &rows,
            "ON CONFLICT (source) DO UPDATE SET lines = source.lines + excluded.lines,
             detections = source.detections + excluded.detections, activities = source.activities + excluded.activities,
             unknown = source.unknown + excluded.unknown,
             heard_us = CASE WHEN excluded.heard_us > source.heard_us THEN excluded.heard_us ELSE source.heard_us END",
        )?;
        Ok(())
    }

    fn write_months(&self, tx: &mut Tx) -> Result<(), TelemetryError> {
        let rows = ints(self.months.iter().map(|((company, month), total)| {
            [
                *company,
                *month,
                total.detections,
                total.activities,
                total.unknown,
            ]
        }));
        tx.merge_many(
            "month_total",
            &["company", "month", "detections", "activities", "unknown"],
            &rows,
            "ON CONFLICT (company, month) DO UPDATE SET detections = month_total.detections + excluded.detections,
             activities = month_total.activities + excluded.activities, unknown = month_total.unknown + excluded.unknown",
        )?;
        let rows = ints(self.rules.iter().map(|(key, (lines, events))| {
            let [month, company, rule, severity, action] = *key;
            [month, company, rule, severity, action, *lines, *events]
        }));
        tx.merge_many(
            "month_summary",
            &["month", "company", "rule_id", "severity", "action", "lines", "events"],
            &rows,
            "ON CONFLICT (month, company, rule_id, severity, action)
             DO UPDATE SET lines = month_summary.lines + excluded.lines, events = month_summary.events + excluded.events",
        )?;
        let mut met: BTreeMap<[i64; 3], MetInMonth> = BTreeMap::new();
        let mut last = None;
        for ([company, day, address], of_day) in &self.addresses {
            let day = Day(*day);
            let month = match last {
                Some((known, month)) if known == day => month,
                _ => day.month(),
            };
            last = Some((day, month));
            let all = met.entry([*company, month.0, *address]).or_default();
            all.add(day, of_day.sides, of_day.events);
        }
        let rows = ints(met.iter().map(|([company, month, address], all)| {
            [*company, *month, *address, all.sides, all.days, all.events]
        }));
        tx.merge_many(
            "month_address",
            &["company", "month", "address", "sides", "days", "events"],
            &rows,
            "ON CONFLICT (company, month, address) DO UPDATE SET sides = month_address.sides | excluded.sides,
             days = month_address.days | excluded.days, events = month_address.events + excluded.events",
        )?;
        Ok(())
    }

    fn write_days(&self, tx: &mut Tx) -> Result<(), TelemetryError> {
        let rows = ints(self.totals.iter().map(|((company, day), total)| {
            let Total {
                detections,
                activities,
                unknown,
                clock_doubtful,
            } = *total;
            [
                *company,
                *day,
                detections,
                activities,
                unknown,
                clock_doubtful,
            ]
        }));
        tx.merge_many(
            "day_total",
            &["company", "day", "detections", "activities", "unknown", "clock_doubtful"],
            &rows,
            "ON CONFLICT (company, day) DO UPDATE SET detections = day_total.detections + excluded.detections,
             activities = day_total.activities + excluded.activities, unknown = day_total.unknown + excluded.unknown,
             clock_doubtful = day_total.clock_doubtful + excluded.clock_doubtful",
        )?;
        let rows = ints(self.days.iter().map(|(key, sum)| {
            let [company, day, device, rule, severity, action] = *key;
            let Sum {
                lines,
                events,
                first_us,
                last_us,
            } = *sum;
            [
                company, day, device, rule, severity, action, lines, events, first_us, last_us,
            ]
        }));
        tx.merge_many(
            "day_summary",
            &["company", "day", "device", "rule_id", "severity", "action", "lines", "events", "first_us", "last_us"],
            &rows,
            "ON CONFLICT (company, day, device, rule_id, severity, action)
             DO UPDATE SET lines = day_summary.lines + excluded.lines, events = day_summary.events + excluded.events,
             first_us = CASE WHEN excluded.first_us < day_summary.first_us THEN excluded.first_us ELSE day_summary.first_us END,
             last_us = CASE WHEN excluded.last_us > day_summary.last_us THEN excluded.last_us ELSE day_summary.last_us END",
        )?;
        let rows = ints(self.addresses.iter().map(|([company, day, address], met)| {
            [*company, *day, *address, met.sides, met.events]
        }));
        tx.merge_many(
            "day_address",
            &["company", "day", "address", "sides", "events"],
            &rows,
            "ON CONFLICT (company, day, address)
             DO UPDATE SET sides = day_address.sides | excluded.sides, events = day_address.events + excluded.events",
        )?;
        Ok(())
    }

    /// What is counted besides findings.
    fn write_counts(&self, tx: &mut Tx) -> Result<(), TelemetryError> {
        let rows = ints(self.activities.iter().map(|(key, lines)| {
            let [company, day, device, kind] = *key;
            [company, day, device, kind, *lines]
        }));
        tx.merge_many(
            "day_activity",
            &["company", "day", "device", "kind", "lines"],
            &rows,
            "ON CONFLICT (company, day, device, kind) DO UPDATE SET lines = day_activity.lines + excluded.lines",
        )?;
        let rows = ints(
            self.unknown
                .iter()
                .map(|([company, day, why], lines)| [*company, *day, *why, *lines]),
        );
        tx.merge_many(
            "day_unknown",
            &["company", "day", "why", "lines"],
            &rows,
            "ON CONFLICT (company, day, why) DO UPDATE SET lines = day_unknown.lines + excluded.lines",
        )?;
        Ok(())
    }

    fn write_heard(&self, tx: &mut Tx) -> Result<(), TelemetryError> {
        let mut rows = Vec::new();
        for ([company, device, hour], heard) in &self.heard {
            let Heard {
                lines,
                first_us,
                last_us,
                counters,
            } = *heard;
            rows.extend([*company, *device, *hour, lines, first_us, last_us].map(Value::Int));
            rows.push(counters.map(|(packets, _)| packets).into());
            rows.push(counters.map(|(_, drops)| drops).into());
        }
        tx.merge_many(
            "heard",
            &["company", "device", "hour", "lines", "first_us", "last_us", "packets", "drops"],
            &rows,
            "ON CONFLICT (company, device, hour) DO UPDATE SET lines = heard.lines + excluded.lines,
             first_us = CASE WHEN excluded.first_us < heard.first_us THEN excluded.first_us ELSE heard.first_us END,
             last_us = CASE WHEN excluded.last_us > heard.last_us THEN excluded.last_us ELSE heard.last_us END,
             packets = CASE WHEN heard.packets IS NULL OR excluded.packets > heard.packets THEN excluded.packets ELSE heard.packets END,
             drops = CASE WHEN heard.drops IS NULL OR excluded.drops > heard.drops THEN excluded.drops ELSE heard.drops END",
        )?;
        let mut rows = Vec::new();
        for ((company, field, word), lines) in &self.words {
            rows.extend([
                (*company).into(),
                (*field).into(),
                Value::from(&**word),
                (*lines).into(),
            ]);
        }
        tx.merge_many(
            "unknown_word",
            &["company", "field", "text", "lines"],
            &rows,
            "ON CONFLICT (company, field, text) DO UPDATE SET lines = unknown_word.lines + excluded.lines",
        )?;
        Ok(())
    }
}

fn ints<const N: usize>(rows: impl Iterator<Item = [i64; N]>) -> Vec<Value> {
    rows.flat_map(|row| row.map(Value::Int)).collect()
}
