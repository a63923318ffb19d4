//! Proves that a cluster holds what its ledger says, and that figures equal the lines: company by company and month by month everything is counted again
//! from the blocks, on every replica.

use std::collections::BTreeMap;

use sonae_db::{DbError, Kind, Row};

use super::Cluster;
use super::asked::Asked;
use super::search::{raw, read};
use crate::TelemetryError;
use crate::batch::{Sum, clean};
use crate::block::{Block, Column};
use crate::day::{Day, Month};
use crate::met::{Met, ends};
use crate::verify::{Broken, Report, Stop, broken};

/// Day, device, rule, title, category, severity, action.
type Key = (i64, [String; 4], [i64; 2]);

#[derive(Default)]
struct Recount {
    sums: BTreeMap<Key, Sum>,
    addresses: BTreeMap<(i64, String), Met>,
    unknown: BTreeMap<[i64; 2], i64>,
    /// Detections and unknown lines by day.
    totals: BTreeMap<i64, [i64; 2]>,
}

impl Cluster {
    /// As `verify::verify`. Blocks and lines are counted on the first replica that holds all; every other must hold as much.
    pub(crate) fn verify(&self) -> Result<Result<Report, Broken>, TelemetryError> {
        let mut report = Report::default();
        match self.all(&mut report) {
            Ok(()) => Ok(Ok(report)),
            Err(Stop::Broken(broken)) => Ok(Err(broken)),
            Err(Stop::Failed(error)) => Err(error),
        }
    }

    fn all(&self, report: &mut Report) -> Result<(), Stop> {
        let companies = self.ledger.read(super::ledger::companies)?;
        for company in companies {
            report.companies += 1;
            let rows = self.ledger.read(|tx| {
                let sql = "SELECT month FROM part WHERE company = $1 ORDER BY month";
                tx.query(sql, &[company.company.into()])
            })?;
            for row in &rows {
                let month = Month(row.int(0));
                let mut counted = Report::default();
                let outcome = self.of_company(&company.office_id, (month, month), |asked| {
                    counted = Report::default();
                    Ok(one(
                        asked,
                        &format!("{} {month}", company.company),
                        &mut counted,
                    ))
                });
                match outcome {
                    Ok(Some(outcome)) => outcome?,
                    // It was forgotten while we counted.
                    Ok(None) => continue,
                    Err(TelemetryError::Db(DbError {
                        kind: Kind::Corrupt,
                        detail,
                        server,
                    })) => {
                        let server = server.map_or_else(String::new, |server| server.name);
                        return broken(
                            format!("{server} {} {month}", company.company),
                            incomplete(&detail),
                        );
                    }
                    Err(error) => return Err(error.into()),
                }
                report.blocks += counted.blocks;
                report.detections += counted.detections;
                report.unknown += counted.unknown;
                report.raw_lines += counted.raw_lines;
            }
        }
        Ok(())
    }
}

fn incomplete(_detail: &str) -> &'static str {
    "受け取りの記録にある行が、サーバーにそろっていません。"
}

fn one(asked: &Asked<'_>, name: &str, report: &mut Report) -> Result<(), Stop> {
    let marks = asked.query(
        "SELECT sum(lines) FROM figure WHERE kind = 0 AND {rows}",
        &[],
    )?;
    let figures = asked.query("SELECT count() FROM figure WHERE {rows}", &[])?;
    if marks[0].int(0) != figures[0].int(0) {
        return broken(
            format!("figure {name}"),
            "集計の行の数が、受け取ったときの数と一致しません。",
        );
    }
    let mut recount = Recount::default();
    let blocks = asked.query("SELECT first_number, kind, day, entries, first_us, last_us FROM block WHERE {rows} ORDER BY first_number", &[])?;
    for row in &blocks {
        let first = row.int(0);
        let Ok(block) = read(asked, first) else {
            return broken(
                format!("block {name} {first}"),
                "検知ログのまとまりが読めません。",
            );
        };
        let Ok(raw) = raw(asked, first) else {
            return broken(format!("line {name} {first}"), "元の行が読めません。");
        };
        if raw
            .as_ref()
            .is_some_and(|lines| lines.len() != block.entries())
        {
            return broken(
                format!("line {name} {first}"),
                "元の行の数が検知の数と一致しません。",
            );
        }
        frame(&block, row, name)?;
        report.blocks += 1;
        report.raw_lines += raw.map_or(0, |lines| lines.len() as i64);
        match row.int(1) {
            0 => report.detections += block.entries() as i64,
            _ => report.unknown += block.entries() as i64,
        }
        for at in 0..block.entries() {
            recount.entry(&block, at);
        }
    }
    recount.compare(asked, name)
}

/// What the block's row says of it.
fn frame(block: &Block, row: &Row, name: &str) -> Result<(), Stop> {
    let times = (0..block.entries()).map(|at| block.time_us(at));
    let agrees = times.clone().all(|time| Day::of(time).0 == row.int(2))
        && (block.column(Column::Why).iter()).all(|why| (*why > 0) == (row.int(1) == 1))
        && block.entries() as i64 == row.int(3)
        && times.clone().min() == Some(row.int(4))
        && times.max() == Some(row.int(5));
    match agrees {
        true => Ok(()),
        false => broken(
            format!("block {name} {}", row.int(0)),
            "まとまりの見出しが中身と一致しません。",
        ),
    }
}

impl Recount {
    fn entry(&mut self, block: &Block, at: usize) {
        let value = |column: Column| block.column(column)[at];
        let text = |column: Column| clean(block.text(value(column))).into_owned();
        let time_us = block.time_us(at);
        let day = Day::of(time_us).0;
        let total = self.totals.entry(day).or_default();
        if value(Column::Why) > 0 {
            total[1] += 1;
            *self
                .unknown
                .entry([day, value(Column::Why) as i64])
                .or_default() += 1;
            return;
        }
        total[0] += 1;
        let names = [
            Column::Device,
            Column::Rule,
            Column::Title,
            Column::Category,
        ]
        .map(text);
        let graded = [value(Column::Severity) as i64, value(Column::Action) as i64];
        let events = value(Column::Count) as i64;
        let sum = Sum {
            lines: 1,
            events,
            first_us: time_us,
            last_us: time_us,
        };
        (self.sums.entry((day, names, graded)))
            .and_modify(|all| all.add(&sum))
            .or_insert(sum);
        let (source, destination) = (
            block.address(value(Column::Source)),
            block.address(value(Column::Destination)),
        );
        for (address, sides) in ends(source, destination) {
            let met = self
                .addresses
                .entry((day, address.to_string()))
                .or_default();
            met.sides |= sides;
            met.events += events;
        }
    }

    fn compare(&self, asked: &Asked<'_>, name: &str) -> Result<(), Stop> {
        let at = |what: &str| format!("figure {what} {name}");
        let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
        for row in asked.query(SUMS, &[])? {
            let names = [1, 2, 3, 4].map(|column| row.text(column).to_owned());
            let sum = Sum {
                lines: row.int(7),
                events: row.int(8),
                first_us: row.int(9),
                last_us: row.int(10),
            };
            sums.insert((row.int(0), names, [row.int(5), row.int(6)]), sum);
        }
        if sums != self.sums {
            return broken(at("summary"), "日ごとの集計が検知ログと一致しません。");
        }
        let mut addresses: BTreeMap<(i64, String), Met> = BTreeMap::new();
        for row in asked.query(ADDRESSES, &[])? {
            let met = Met {
                sides: row.int(2),
                events: row.int(3),
            };
            addresses.insert((row.int(0), row.text(1).to_owned()), met);
        }
        if addresses != self.addresses {
            return broken(at("address"), "日ごとのアドレスが検知ログと一致しません。");
        }
        let unknown = asked.query(
            "SELECT day, why, sum(lines) FROM figure WHERE kind = 6 AND {rows} GROUP BY day, why",
            &[],
        )?;
        let unknown: BTreeMap<[i64; 2], i64> = (unknown.iter())
            .map(|row| ([row.int(0), row.int(1)], row.int(2)))
            .collect();
        if unknown != self.unknown {
            return broken(
                at("unknown"),
                "読めなかった行の数が保存した行と一致しません。",
            );
        }
        self.totals(asked, name)
    }

    /// Totals of days, which count activities too: of those only counts are kept, and these must agree among themselves.
    fn totals(&self, asked: &Asked<'_>, name: &str) -> Result<(), Stop> {
        let mut counted = self.totals.clone();
        for row in asked.query(TOTALS, &[])? {
            let day = Day(row.int(0));
            let named = || format!("figure total {name} {day}");
            if counted.remove(&day.0).unwrap_or_default() != [row.int(1), row.int(3)] {
                return broken(named(), "日の合計が検知ログと一致しません。");
            }
            if row.int(2) != row.int(4) {
                return broken(named(), "通信などの記録の数が種類ごとの数と一致しません。");
            }
            if row.int(5) != row.int(1) + row.int(2) + row.int(3) {
                return broken(named(), "時間ごとに数えた行が日の合計と一致しません。");
            }
        }
        match counted.first_key_value() {
            Some((day, _)) => broken(
                format!("figure total {name} {}", Day(*day)),
                "日の合計がありません。",
            ),
            None => Ok(()),
        }
    }
}

const SUMS: &str =
    "SELECT day, device, rule, title, category, severity, action, sum(lines), sum(events), min(first_us), max(last_us) FROM figure
     WHERE kind = 2 AND {rows} GROUP BY day, device, rule, title, category, severity, action";
const ADDRESSES: &str = "SELECT day, text, groupBitOr(sides), sum(events) FROM figure WHERE kind = 3 AND {rows} GROUP BY day, text";
const TOTALS: &str = "SELECT day, sumIf(detections, kind = 1), sumIf(activities, kind = 1), sumIf(unknown, kind = 1), sumIf(lines, kind = 5),
     sumIf(lines, kind = 4) FROM figure WHERE kind IN (1, 4, 5) AND {rows} GROUP BY day";
