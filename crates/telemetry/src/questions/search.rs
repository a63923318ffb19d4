//! Search in the detections of one company over any number of months: newest first, page by page, within a budget of time.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use sonae_db::{Tx, Value};

use super::blocks::{self, Listed, Newest};
use super::filter::Filter;
use crate::TelemetryError;
use crate::block::{Block, Entry, unpack_lines};
use crate::day::Day;
use crate::detection::{Action, Severity};
use crate::dictionary::{Word, company, number_of_address};

/// Hits of a page at most.
pub const MOST_HITS: usize = 200;

/// What is looked for; what is not given is not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The office's id of the company.
    pub company: String,
    /// First and last day.
    pub days: (Day, Day),
    pub device: Option<String>,
    /// The vendor's id of the rule.
    pub rule: Option<String>,
    pub severity_from: Severity,
    pub action: Option<Action>,
    /// Source or destination.
    pub address: Option<String>,
    pub user: Option<String>,
    /// Part of a title, category, user or file, whatever its case.
    pub text: Option<String>,
}

impl Wanted {
    /// Everything of a company within some days.
    pub fn all(company: &str, days: (Day, Day)) -> Wanted {
        Wanted {
            company: company.to_owned(),
            days,
            device: None,
            rule: None,
            severity_from: Severity::Unknown,
            action: None,
            address: None,
            user: None,
            text: None,
        }
    }
}

/// A place in the order of hits: the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub time_us: i64,
    pub number: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Newest first; among equal times the higher number first.
    pub hits: Vec<Entry>,
    /// Where to go on; none when everything was looked at.
    pub next: Option<Place>,
    /// Everything from this instant on was looked at, in microseconds since 1970 UTC.
    pub covered_from_us: i64,
    /// The budget ended before the page was full.
    pub out_of_time: bool,
}

/// One page of hits behind `after`. Whatever the budget, as much is read as it takes to come further.
pub fn page(
    tx: &mut Tx,
    wanted: &Wanted,
    after: Option<Place>,
    limit: usize,
    budget: Duration,
) -> Result<Page, TelemetryError> {
    let walk = Walk::begin(wanted, after, limit, budget);
    let Some(company) = company(tx, &wanted.company)? else {
        return Ok(walk.nothing());
    };
    let Some(days) = days(tx, company, wanted)? else {
        return Ok(walk.nothing());
    };
    let mut newest = Newest::begin(company, walk.span_us());
    let tx = RefCell::new(tx);
    walk.through(
        &days,
        || newest.next(&mut tx.borrow_mut()),
        |listed, filter| {
            let read = |content: &[u8], first_number| filter.read(content, first_number);
            blocks::stored(&mut tx.borrow_mut(), listed.block_id, read)
        },
    )
}

/// The way through a company's blocks, newest first, wherever they lie.
pub(crate) struct Walk<'w> {
    wanted: &'w Wanted,
    after: Option<Place>,
    limit: usize,
    budget: Duration,
    started: Instant,
}

impl<'w> Walk<'w> {
    pub(crate) fn begin(
        wanted: &'w Wanted,
        after: Option<Place>,
        limit: usize,
        budget: Duration,
    ) -> Walk<'w> {
        Walk {
            wanted,
            after,
            limit: limit.clamp(1, MOST_HITS),
            budget,
            started: Instant::now(),
        }
    }

    pub(crate) fn nothing(&self) -> Page {
        Page {
            covered_from_us: self.wanted.days.0.start_us(),
            ..Page::default()
        }
    }

    /// Times of blocks that may hold a hit.
    pub(crate) fn span_us(&self) -> (i64, i64) {
        let (from_us, to_us) = (self.wanted.days.0.start_us(), self.wanted.days.1.end_us());
        let upper = (self.after).map_or(to_us, |place| Day::of(place.time_us).end_us().min(to_us));
        (from_us, upper)
    }

    /// One page, from blocks of `span_us` as `next` lists them by their ends, the newest first.
    pub(crate) fn through(
        &self,
        days: &Days,
        mut next: impl FnMut() -> Result<Option<Listed>, TelemetryError>,
        mut read: impl FnMut(&Listed, &Filter<'_>) -> Result<Option<Block>, TelemetryError>,
    ) -> Result<Page, TelemetryError> {
        let (after, limit) = (self.after, self.limit);
        let filter = Filter::new(self.wanted, after);
        let mut found: Vec<(Place, Entry)> = Vec::new();
        let mut read_any = false;
        loop {
            let Some(listed) = next()? else {
                return Ok(last_page(found, limit, self.span_us().0));
            };
            let begun = after.is_none_or(|place| listed.first_us <= place.time_us);
            if !begun || !days.may_hold(Day::of(listed.last_us)) {
                continue;
            }
            // Nothing that is still to come is newer than the end of this block.
            let settled = found
                .iter()
                .filter(|(place, _)| place.time_us > listed.last_us);
            if settled.count() > limit {
                return Ok(full_page(found, limit));
            }
            // Blocks that reach beyond the place were cut off there before; only behind it does a page come further.
            let further = after.is_none_or(|place| listed.last_us < place.time_us);
            if read_any && further && self.started.elapsed() >= self.budget {
                return Ok(part(found, limit, listed.last_us));
            }
            read_any = true;
            let Some(block) = read(&listed, &filter)? else {
                continue;
            };
            filter.hits(&block, limit, &mut found);
            found.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
            // One more than a page tells whether another follows.
            found.truncate(limit + 1);
        }
    }
}

fn last_page(found: Vec<(Place, Entry)>, limit: usize, from_us: i64) -> Page {
    if found.len() > limit {
        return full_page(found, limit);
    }
    Page {
        hits: found.into_iter().map(|(_, entry)| entry).collect(),
        next: None,
        covered_from_us: from_us,
        out_of_time: false,
    }
}

fn full_page(mut found: Vec<(Place, Entry)>, limit: usize) -> Page {
    found.truncate(limit);
    let last = found.last().map(|(place, _)| *place);
    Page {
        covered_from_us: last.map_or(i64::MAX, |place| place.time_us),
        next: last,
        hits: found.into_iter().map(|(_, entry)| entry).collect(),
        out_of_time: false,
    }
}

/// What is certain when the time is over: hits that are newer than everything that was not looked at.
fn part(mut found: Vec<(Place, Entry)>, limit: usize, unread_us: i64) -> Page {
    found.retain(|(place, _)| place.time_us > unread_us);
    found.truncate(limit);
    Page {
        hits: found.into_iter().map(|(_, entry)| entry).collect(),
        next: Some(Place {
            time_us: unread_us,
            number: i64::MAX,
        }),
        covered_from_us: unread_us.saturating_add(1),
        out_of_time: true,
    }
}

/// Days that may hold a hit, as far as figures tell.
pub(crate) struct Days(pub(crate) Option<BTreeSet<i64>>);

impl Days {
    pub(crate) fn may_hold(&self, day: Day) -> bool {
        self.0.as_ref().is_none_or(|days| days.contains(&day.0))
    }
}

/// None when there is no such day at all.
fn days(tx: &mut Tx, company: i64, wanted: &Wanted) -> Result<Option<Days>, TelemetryError> {
    let mut sql = "SELECT DISTINCT s.day FROM day_summary s WHERE s.company = $1 AND s.day BETWEEN $2 AND $3 AND s.severity >= $4".to_owned();
    let mut values: Vec<Value> = vec![
        company.into(),
        wanted.days.0.0.into(),
        wanted.days.1.0.into(),
        (wanted.severity_from as i64).into(),
    ];
    let mut narrow = |condition: &str, value: Value| {
        values.push(value);
        sql += &format!(" AND {condition} ${}", values.len());
    };
    if let Some(action) = wanted.action {
        narrow("s.action =", (action as i64).into());
    }
    if let Some(device) = &wanted.device {
        let found = tx.query_opt(
            "SELECT word_id FROM word WHERE kind = $1 AND text = $2 AND company = $3",
            &[
                (Word::Device as i64).into(),
                (&*crate::batch::clean(device)).into(),
                company.into(),
            ],
        )?;
        let Some(row) = found else {
            return Ok(None);
        };
        narrow("s.device =", row.int(0).into());
    }
    if let Some(rule) = &wanted.rule {
        // The index on the rule's id is asked from inside, for each of the company's rows.
        narrow(
            "(SELECT r.rule FROM rule r WHERE r.rule_id = s.rule_id) =",
            (&*crate::batch::clean(rule)).into(),
        );
    }
    let narrowed = values.len() > 4 || wanted.severity_from > Severity::Unknown;
    let mut days: Option<BTreeSet<i64>> = None;
    if narrowed {
        let rows = tx.query(&sql, &values)?;
        days = Some(rows.iter().map(|row| row.int(0)).collect());
    }
    if let Some(address) = &wanted.address {
        let Some(number) = number_of_address(tx, company, address)? else {
            return Ok(None);
        };
        let rows = tx.query(
            "SELECT a.day FROM day_total t JOIN day_address a ON a.company = t.company AND a.day = t.day AND a.address = $4
             WHERE t.company = $1 AND t.day BETWEEN $2 AND $3",
            &[
                company.into(),
                wanted.days.0.0.into(),
                wanted.days.1.0.into(),
                number.into(),
            ],
        )?;
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

/// A line and its raw text.
pub type Line = (Entry, Option<Vec<u8>>);

/// One line in full with its raw text, by the day and number that name it; none when it was removed. The raw text may be gone before the line.
pub fn line(
    tx: &mut Tx,
    office_id: &str,
    day: Day,
    number: i64,
) -> Result<Option<Line>, TelemetryError> {
    let Some(company) = company(tx, office_id)? else {
        return Ok(None);
    };
    let rows = tx.query(
        "SELECT block_id FROM block WHERE company = $1 AND kind IN (0, 1) AND last_us BETWEEN $2 AND $3
         AND first_number <= $4 ORDER BY first_number DESC LIMIT 100000",
        &[
            company.into(),
            day.start_us().into(),
            day.end_us().into(),
            number.into(),
        ],
    )?;
    for row in &rows {
        let block = blocks::read(tx, row.int(0))?;
        let Some(at) = (0..block.entries()).find(|at| block.number(*at) == number) else {
            continue;
        };
        let raw = tx.query_opt(
            "SELECT content FROM block_line WHERE block_id = $1",
            &[row.int(0).into()],
        )?;
        let raw = match raw {
            Some(raw) => unpack_lines(raw.bytes(0))?.into_iter().nth(at),
            None => None,
        };
        return Ok(Some((block.entry(at), raw)));
    }
    Ok(None)
}
