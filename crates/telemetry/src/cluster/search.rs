//! Blocks of a cluster: searched, shown line by line, and written out.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use sonae_db::Value;

use super::Cluster;
use super::asked::Asked;
use super::ledger;
use super::rows::text_hash;
use crate::TelemetryError;
use crate::address::Address;
use crate::batch::clean;
use crate::block::{Block, Entry, unpack_lines, why};
use crate::day::{Day, Month};
use crate::detection::{Severity, Why};
use crate::error::damaged;
use crate::questions::blocks::Listed;
use crate::questions::filter::Filter;
use crate::questions::search::{Days, Line, Page, Place, Walk, Wanted};
use crate::questions::sources::{self, Delivered};
use crate::questions::unread::{MOST_BLOCKS, Unread};

/// Blocks that are listed at once.
const LISTED: i64 = 1_000;
/// Blocks that are read at once; each is some ten to some hundred kilobytes.
const MOST_AT_ONCE: usize = 32;

impl Cluster {
    pub(crate) fn search(
        &self,
        wanted: &Wanted,
        after: Option<Place>,
        limit: usize,
        budget: Duration,
    ) -> Result<Page, TelemetryError> {
        let walk = Walk::begin(wanted, after, limit, budget);
        let months = (wanted.days.0.month(), wanted.days.1.month());
        let found = self.of_company(&wanted.company, months, |asked| {
            let Some(days) = days(asked, wanted)? else {
                return Ok(walk.nothing());
            };
            let newest = RefCell::new(Newest::begin(asked, walk.span_us()));
            let next = || newest.borrow_mut().next();
            walk.through(&days, next, |listed, filter| {
                newest.borrow_mut().read(listed, &days, filter)
            })
        })?;
        Ok(found.unwrap_or_else(|| walk.nothing()))
    }

    pub(crate) fn line(
        &self,
        company: &str,
        day: Day,
        number: i64,
    ) -> Result<Option<Line>, TelemetryError> {
        let found = self.of_company(company, (day.month(), day.month()), |asked| {
            let at = asked.query(
                "SELECT first_number FROM block WHERE day = $1 AND first_number <= $2 AND first_number + entries > $2 AND {rows}",
                &[day.0.into(), number.into()],
            )?;
            let Some(first) = at.first().map(|row| row.int(0)) else {
                return Ok(None);
            };
            let block = read(asked, first)?;
            let at = (number - first) as usize;
            let raw = raw(asked, first)?.and_then(|lines| lines.into_iter().nth(at));
            Ok((at < block.entries()).then(|| (block.entry(at), raw)))
        })?;
        Ok(found.flatten())
    }

    pub(crate) fn delivered(&self, company: &str) -> Result<Vec<Delivered>, TelemetryError> {
        self.ledger.read(|tx| match ledger::company(tx, company)? {
            Some(known) => sources::of_number(tx, known.company),
            None => Ok(Vec::new()),
        })
    }

    pub(crate) fn unread(
        &self,
        company: &str,
        days: (Day, Day),
        limit: usize,
    ) -> Result<Unread, TelemetryError> {
        let months = (days.0.month(), days.1.month());
        let found = self.of_company(company, months, |asked| {
            let mut told = Unread::default();
            let within = [days.0.0.into(), days.1.0.into()];
            for row in asked.query(UNREAD, &within)? {
                let reason = why(row.int(0) as u64).unwrap_or(Why::Format);
                told.counts.push((reason, row.int(1)));
            }
            let span = (days.0.start_us(), days.1.end_us());
            let listed = asked.query(
                UNREAD_BLOCKS,
                &[span.0.into(), span.1.into(), MOST_BLOCKS.into()],
            )?;
            for row in &listed {
                let block = read(asked, row.int(0))?;
                let raw = raw(asked, row.int(0))?.unwrap_or_default();
                if told.add(&block, raw, span, limit) {
                    break;
                }
            }
            Ok(told.newest_first(limit))
        })?;
        Ok(found.unwrap_or_default())
    }

    /// As `export::lines`.
    pub(crate) fn lines<E: From<TelemetryError>>(
        &self,
        company: &str,
        (first, last): (Day, Day),
        mut each: impl FnMut(&Entry, Option<&[u8]>) -> Result<(), E>,
    ) -> Result<(), E> {
        for month in first.month().0..=last.month().0 {
            let month = Month(month);
            // Blocks of a month are listed at once; their content is read one by one.
            let listed = self.of_company(company, (month, month), |asked| {
                let within = [first.0.into(), last.0.into()];
                let rows = asked.query(
                    "SELECT first_number, day FROM block WHERE day >= $1 AND day <= $2 AND {rows} ORDER BY day, first_number",
                    &within,
                )?;
                Ok(rows.iter().map(|row| row.int(0)).collect::<Vec<i64>>())
            })?;
            for first_number in listed.unwrap_or_default() {
                let read = self.of_company(company, (month, month), |asked| {
                    Ok((read(asked, first_number)?, raw(asked, first_number)?))
                })?;
                let Some((block, raw)) = read else {
                    return Ok(());
                };
                let raw = raw.unwrap_or_default();
                for at in 0..block.entries() {
                    each(&block.entry(at), raw.get(at).map(Vec::as_slice))?;
                }
            }
        }
        Ok(())
    }
}

const UNREAD: &str = "SELECT why, sum(lines) FROM figure WHERE kind = 6 AND day >= $1 AND day <= $2 AND {rows} GROUP BY why ORDER BY why";
const UNREAD_BLOCKS: &str =
    "SELECT first_number FROM block WHERE kind = 1 AND last_us >= $1 AND last_us <= $2 AND {rows}
     ORDER BY last_us DESC, first_number DESC LIMIT $3";

/// Newest blocks first, a piece of the list at a time. The more was read, the more is read at once: a page of everything needs one block, a rare word
/// hundreds, and each question costs its way to the server.
struct Newest<'a> {
    asked: &'a Asked<'a>,
    from_us: i64,
    after: (i64, i64),
    piece: VecDeque<Listed>,
    ended: bool,
    at_once: usize,
    /// None for a block that holds no hit.
    ahead: HashMap<i64, Option<Block>>,
}

impl<'a> Newest<'a> {
    fn begin(asked: &'a Asked<'a>, (from_us, to_us): (i64, i64)) -> Newest<'a> {
        Newest {
            asked,
            from_us,
            after: (to_us, i64::MAX),
            piece: VecDeque::new(),
            ended: false,
            at_once: 1,
            ahead: HashMap::new(),
        }
    }

    fn read(
        &mut self,
        listed: &Listed,
        days: &Days,
        filter: &Filter<'_>,
    ) -> Result<Option<Block>, TelemetryError> {
        if let Some(block) = self.ahead.remove(&listed.block_id) {
            return Ok(block);
        }
        let following = (self.piece.iter()).filter(|one| days.may_hold(Day::of(one.last_us)));
        let wanted = std::iter::once(listed).chain(following).take(self.at_once);
        let numbers: Vec<String> = wanted.map(|one| one.block_id.to_string()).collect();
        let sql = format!(
            "SELECT first_number, content FROM block WHERE first_number IN ({}) AND {{rows}}",
            numbers.join(", ")
        );
        self.ahead.clear();
        for row in self.asked.query(&sql, &[])? {
            let block = filter.read(row.bytes(1), row.int(0))?;
            self.ahead.insert(row.int(0), block);
        }
        self.at_once = (self.at_once * 2).min(MOST_AT_ONCE);
        match self.ahead.remove(&listed.block_id) {
            Some(block) => Ok(block),
            None => damaged(format!("block {} is missing", listed.block_id)),
        }
    }

    fn next(&mut self) -> Result<Option<Listed>, TelemetryError> {
        if self.piece.is_empty() && !self.ended {
            let rows = self.asked.query(
                "SELECT first_number, first_us, last_us FROM block WHERE kind = 0 AND last_us >= $1 AND last_us <= $2
                 AND (last_us < $2 OR first_number < $3) AND {rows} ORDER BY last_us DESC, first_number DESC LIMIT $4",
                &[self.from_us.into(), self.after.0.into(), self.after.1.into(), LISTED.into()],
            )?;
            self.ended = rows.len() < LISTED as usize;
            self.piece = (rows.iter())
                .map(|row| Listed {
                    block_id: row.int(0),
                    first_us: row.int(1),
                    last_us: row.int(2),
                })
                .collect();
            if let Some(last) = self.piece.back() {
                self.after = (last.last_us, last.block_id);
            }
        }
        Ok(self.piece.pop_front())
    }
}

pub(super) fn read(asked: &Asked<'_>, first_number: i64) -> Result<Block, TelemetryError> {
    let rows = asked.query(
        "SELECT content FROM block WHERE first_number = $1 AND {rows}",
        &[first_number.into()],
    )?;
    match rows.first() {
        Some(row) => Block::read(row.bytes(0), first_number),
        None => damaged(format!("block {first_number} is missing")),
    }
}

/// The raw lines of a block; none when they were removed by age.
pub(super) fn raw(
    asked: &Asked<'_>,
    first_number: i64,
) -> Result<Option<Vec<Vec<u8>>>, TelemetryError> {
    let rows = asked.query(
        "SELECT content FROM line WHERE first_number = $1 AND {rows}",
        &[first_number.into()],
    )?;
    match rows.first() {
        Some(row) => unpack_lines(row.bytes(0)).map(Some),
        None => Ok(None),
    }
}

/// Days that may hold a hit; none when there is no such day at all.
fn days(asked: &Asked<'_>, wanted: &Wanted) -> Result<Option<Days>, TelemetryError> {
    let mut values: Vec<Value> = vec![
        wanted.days.0.0.into(),
        wanted.days.1.0.into(),
        (wanted.severity_from as i64).into(),
    ];
    let mut sql = "SELECT DISTINCT day FROM figure WHERE kind = 2 AND day >= $1 AND day <= $2 AND severity >= $3".to_owned();
    let mut narrow = |condition: &str, value: Value| {
        values.push(value);
        sql += &format!(" AND {condition} ${}", values.len());
    };
    if let Some(action) = wanted.action {
        narrow("action =", (action as i64).into());
    }
    if let Some(device) = &wanted.device {
        narrow("device =", (&*clean(device)).into());
    }
    if let Some(rule) = &wanted.rule {
        narrow("rule =", (&*clean(rule)).into());
    }
    let narrowed = values.len() > 3 || wanted.severity_from > Severity::Unknown;
    let mut days: Option<BTreeSet<i64>> = None;
    if narrowed {
        let rows = asked.query(&format!("{sql} AND {{rows}}"), &values)?;
        days = Some(rows.iter().map(|row| row.int(0)).collect());
    }
    if let Some(address) = &wanted.address {
        let Some(address) = Address::read(address) else {
            return Ok(None);
        };
        let text = address.to_string();
        let sql = format!(
            "SELECT DISTINCT day FROM figure WHERE kind = 3 AND text_hash = {} AND text = $1 AND day >= $2 AND day <= $3 AND {{rows}}",
            text_hash(&text)
        );
        let within = [text.into(), wanted.days.0.0.into(), wanted.days.1.0.into()];
        let rows = asked.query(&sql, &within)?;
        let seen: BTreeSet<i64> = rows.iter().map(|row| row.int(0)).collect();
        days = Some(match days {
            Some(days) => days.intersection(&seen).copied().collect(),
            None => seen,
        });
    }
    Ok(match days {
        Some(days) if days.is_empty() => None,
        days => Some(Days(days)),
    })
}
