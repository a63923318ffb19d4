//! The figures of one company and one month, counted again from its blocks, and compared with the tables row by row.

use std::collections::{BTreeMap, HashMap};

use sonae_db::{Row, Tx};

use super::{Report, Stop, broken};
use crate::TelemetryError;
use crate::address::Address;
use crate::batch::{Sum, clean};
use crate::block::{Block, Column, unpack_lines};
use crate::day::{Day, Month};
use crate::dictionary::{HOSTS, Word};
use crate::met::{Met, MetInMonth, ends};

/// Numbers of a company's names.
pub(super) struct Names {
    devices: HashMap<String, i64>,
    hosts: HashMap<String, i64>,
    rules: HashMap<[String; 3], Option<i64>>,
}

impl Names {
    pub(super) fn of(tx: &mut Tx, company: i64) -> Result<Names, TelemetryError> {
        let mut words = |kind: Word| {
            let rows = tx.query(
                "SELECT text, word_id FROM word WHERE company = $1 AND kind = $2",
                &[company.into(), (kind as i64).into()],
            )?;
            let pairs = rows.iter().map(|row| (row.text(0).to_owned(), row.int(1)));
            Ok::<_, TelemetryError>(pairs.collect())
        };
        Ok(Names {
            devices: words(Word::Device)?,
            hosts: words(Word::Host)?,
            rules: HashMap::new(),
        })
    }

    fn rule(&mut self, tx: &mut Tx, named: [&str; 3]) -> Result<Option<i64>, TelemetryError> {
        let key = named.map(|text| clean(text).into_owned());
        if let Some(known) = self.rules.get(&key) {
            return Ok(*known);
        }
        let row = tx.query_opt(
            "SELECT rule_id FROM rule WHERE rule = $1 AND title = $2 AND category = $3",
            &[(&key[0]).into(), (&key[1]).into(), (&key[2]).into()],
        )?;
        let id = row.map(|row| row.int(0));
        self.rules.insert(key, id);
        Ok(id)
    }

    fn address(&self, address: &Address) -> Option<i64> {
        match address {
            Address::V4(bits) => Some(i64::from(*bits)),
            other => Some(HOSTS + self.hosts.get(&other.to_string())?),
        }
    }
}

#[derive(Default)]
pub(super) struct Recount {
    days: BTreeMap<[i64; 5], Sum>,
    rules: BTreeMap<[i64; 3], (i64, i64)>,
    addresses: BTreeMap<[i64; 2], Met>,
    months: BTreeMap<i64, MetInMonth>,
    unknown: BTreeMap<[i64; 2], i64>,
    /// Detections and unknown lines by day.
    totals: BTreeMap<i64, [i64; 2]>,
}

impl Recount {
    /// Counts every block of a month.
    pub(super) fn blocks(
        &mut self,
        tx: &mut Tx,
        (company, month): (i64, Month),
        names: &mut Names,
        report: &mut Report,
    ) -> Result<(), Stop> {
        let days = month.days();
        let blocks = tx.query(
            "SELECT block_id FROM block WHERE company = $1 AND kind IN (0, 1) AND last_us BETWEEN $2 AND $3",
            &[
                company.into(),
                days.start().start_us().into(),
                days.end().end_us().into(),
            ],
        )?;
        for row in &blocks {
            let id = row.int(0);
            let row = tx.query_one(
                "SELECT content, first_number, kind, day, entries, first_us, last_us FROM block WHERE block_id = $1",
                &[id.into()],
            )?;
            let block = match Block::read(row.bytes(0), row.int(1)) {
                Ok(block) => block,
                Err(_) => return broken(format!("block {id}"), "検知ログのまとまりが読めません。"),
            };
            report.blocks += 1;
            let raw = raw(tx, id)?;
            report.raw_lines += raw.unwrap_or_default() as i64;
            if raw.is_some_and(|lines| lines != block.entries()) {
                return broken(
                    format!("block_line {id}"),
                    "元の行の数が検知の数と一致しません。",
                );
            }
            frame(&block, id, &row)?;
            match row.int(2) {
                0 => report.detections += block.entries() as i64,
                _ => report.unknown += block.entries() as i64,
            }
            for at in 0..block.entries() {
                self.entry(tx, &block, at, names)?;
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        tx: &mut Tx,
        block: &Block,
        at: usize,
        names: &mut Names,
    ) -> Result<(), Stop> {
        let value = |column: Column| block.column(column)[at];
        let text = |column: Column| block.text(value(column));
        let time_us = block.time_us(at);
        let day = Day::of(time_us).0;
        let total = self.totals.entry(day).or_default();
        if value(Column::Why) > 0 {
            total[1] += 1;
            let key = [day, value(Column::Why) as i64];
            *self.unknown.entry(key).or_default() += 1;
            return Ok(());
        }
        total[0] += 1;
        let device = names.devices.get(&*clean(text(Column::Device))).copied();
        let named = [
            text(Column::Rule),
            text(Column::Title),
            text(Column::Category),
        ];
        let rule = names.rule(tx, named)?;
        let (Some(device), Some(rule)) = (device, rule) else {
            return broken(
                format!("line {}", block.number(at)),
                "検知の装置名または規則が辞書にありません。",
            );
        };
        let events = value(Column::Count) as i64;
        let (severity, action) = (value(Column::Severity) as i64, value(Column::Action) as i64);
        let sum = Sum {
            lines: 1,
            events,
            first_us: time_us,
            last_us: time_us,
        };
        (self.days.entry([day, device, rule, severity, action]))
            .and_modify(|all| all.add(&sum))
            .or_insert(sum);
        let all = self.rules.entry([rule, severity, action]).or_default();
        *all = (all.0 + 1, all.1 + events);
        let (source, destination) = (
            block.address(value(Column::Source)),
            block.address(value(Column::Destination)),
        );
        for (address, sides) in ends(source, destination) {
            let Some(number) = names.address(address) else {
                return broken(
                    format!("line {}", block.number(at)),
                    "検知のアドレスが辞書にありません。",
                );
            };
            let met = self.addresses.entry([day, number]).or_default();
            met.sides |= sides;
            met.events += events;
            let of_month = self.months.entry(number).or_default();
            of_month.add(Day(day), sides, events);
        }
        Ok(())
    }

    /// Compares everything; gives the sums of the days' totals: detections, activities, unknown lines.
    pub(super) fn compare(
        &self,
        tx: &mut Tx,
        company: i64,
        month: Month,
    ) -> Result<[i64; 3], Stop> {
        let days = month.days();
        let at = [company, days.start().0, days.end().0];
        let sums = self
            .days
            .iter()
            .map(|([day, device, rule, severity, action], sum)| {
                let Sum {
                    lines,
                    events,
                    first_us,
                    last_us,
                } = *sum;
                vec![
                    *day, *device, *rule, *severity, *action, lines, events, first_us, last_us,
                ]
            });
        same(
            tx,
            ("day_summary", "日ごとの集計が検知ログと一致しません。"),
            "SELECT day, device, rule_id, severity, action, lines, events, first_us, last_us FROM day_summary
             WHERE company = $1 AND day BETWEEN $2 AND $3 ORDER BY day, device, rule_id, severity, action",
            (&at, sums),
        )?;
        let met = (self.addresses.iter())
            .map(|([day, address], met)| vec![*day, *address, met.sides, met.events]);
        same(
            tx,
            ("day_address", "日ごとのアドレスが検知ログと一致しません。"),
            "SELECT day, address, sides, events FROM day_address
             WHERE company = $1 AND day BETWEEN $2 AND $3 ORDER BY day, address",
            (&at, met),
        )?;
        let unknown = (self.unknown.iter()).map(|([day, why], lines)| vec![*day, *why, *lines]);
        same(
            tx,
            (
                "day_unknown",
                "読めなかった行の数が保存した行と一致しません。",
            ),
            "SELECT day, why, lines FROM day_unknown WHERE company = $1 AND day BETWEEN $2 AND $3 ORDER BY day, why",
            (&at, unknown),
        )?;
        let at = [company, month.0];
        let sums = (self.rules.iter()).map(|([rule, severity, action], (lines, events))| {
            vec![*rule, *severity, *action, *lines, *events]
        });
        same(
            tx,
            ("month_summary", "月ごとの集計が検知ログと一致しません。"),
            "SELECT rule_id, severity, action, lines, events FROM month_summary
             WHERE company = $1 AND month = $2 ORDER BY rule_id, severity, action",
            (&at, sums),
        )?;
        let met = self
            .months
            .iter()
            .map(|(address, met)| vec![*address, met.sides, met.days, met.events]);
        same(
            tx,
            (
                "month_address",
                "月ごとのアドレスが検知ログと一致しません。",
            ),
            "SELECT address, sides, days, events FROM month_address WHERE company = $1 AND month = $2 ORDER BY address",
            (&at, met),
        )?;
        self.totals(tx, company, month)
    }

    /// Totals of days, which count activities too: of those only counts are kept, and these must agree among themselves.
    fn totals(&self, tx: &mut Tx, company: i64, month: Month) -> Result<[i64; 3], Stop> {
        let days = month.days();
        let rows = tx.query(
            "SELECT t.day, t.detections, t.activities, t.unknown,
                    (SELECT CAST(COALESCE(SUM(a.lines), 0) AS BIGINT) FROM day_activity a WHERE a.company = t.company AND a.day = t.day),
                    (SELECT CAST(COALESCE(SUM(h.lines), 0) AS BIGINT) FROM word w JOIN heard h ON h.company = w.company AND h.device = w.word_id
                     WHERE w.company = t.company AND w.kind = 1 AND h.hour BETWEEN (t.day * 24 - 9) AND (t.day * 24 + 14))
             FROM day_total t WHERE t.company = $1 AND t.day BETWEEN $2 AND $3 ORDER BY t.day",
            &[company.into(), days.start().0.into(), days.end().0.into()],
        )?;
        let mut sums = [0; 3];
        let mut counted = self.totals.clone();
        for row in &rows {
            let name = || format!("day_total {company} {}", Day(row.int(0)));
            let of_day = counted.remove(&row.int(0)).unwrap_or_default();
            if of_day != [row.int(1), row.int(3)] {
                return broken(name(), "日の合計が検知ログと一致しません。");
            }
            if row.int(2) != row.int(4) {
                return broken(name(), "通信などの記録の数が種類ごとの数と一致しません。");
            }
            if row.int(5) != row.int(1) + row.int(2) + row.int(3) {
                return broken(name(), "時間ごとに数えた行が日の合計と一致しません。");
            }
            for (sum, column) in sums.iter_mut().zip(1..) {
                *sum += row.int(column);
            }
        }
        match counted.first_key_value() {
            Some((day, _)) => broken(
                format!("day_total {company} {}", Day(*day)),
                "日の合計がありません。",
            ),
            None => Ok(sums),
        }
    }
}

/// What the block's row says of it.
fn frame(block: &Block, id: i64, row: &Row) -> Result<(), Stop> {
    let times = (0..block.entries()).map(|at| block.time_us(at));
    let days_agree = times.clone().all(|time| Day::of(time).0 == row.int(3));
    let kinds_agree = (block.column(Column::Why).iter()).all(|why| (*why > 0) == (row.int(2) == 1));
    let agrees = block.entries() as i64 == row.int(4)
        && times.clone().min() == Some(row.int(5))
        && times.max() == Some(row.int(6));
    match days_agree && kinds_agree && agrees {
        true => Ok(()),
        false => broken(
            format!("block {id}"),
            "まとまりの見出しが中身と一致しません。",
        ),
    }
}

/// How many raw lines a block has; none when they were removed by age.
fn raw(tx: &mut Tx, id: i64) -> Result<Option<usize>, Stop> {
    let row = tx.query_opt(
        "SELECT content FROM block_line WHERE block_id = $1",
        &[id.into()],
    )?;
    let Some(row) = row else {
        return Ok(None);
    };
    match unpack_lines(row.bytes(0)) {
        Ok(lines) => Ok(Some(lines.len())),
        Err(_) => broken(format!("block_line {id}"), "元の行が読めません。"),
    }
}

/// The rows of a table are these, in this order.
fn same(
    tx: &mut Tx,
    (table, what): (&str, &str),
    sql: &str,
    (at, expected): (&[i64], impl Iterator<Item = Vec<i64>>),
) -> Result<(), Stop> {
    let at: Vec<sonae_db::Value> = at.iter().map(|value| (*value).into()).collect();
    let mut expected = expected;
    let differs = |row: &[i64]| broken(format!("{table} {row:?}"), what);
    tx.for_each(sql, &at, |row| {
        let found: Vec<i64> = (0..row.0.len()).map(|column| row.int(column)).collect();
        match expected.next() {
            Some(one) if one == found => Ok(()),
            _ => differs(&found),
        }
    })?;
    match expected.next() {
        Some(one) => differs(&one),
        None => Ok(()),
    }
}
