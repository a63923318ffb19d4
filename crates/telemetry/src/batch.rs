//! A batch: lines of one source that are stored together or not at all. Everything that costs time (grouping, counting, compressing) is done
//! here, outside of any transaction; what comes out is written by `ingest`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::address::Address;
use crate::block::{Draft, Packed, Packer, Told, why_number};
use crate::day::{Day, hour};
use crate::detection::{Activity, Detection, Endpoint, Record};
use crate::device_clock::{Arrival, Counted, counted};
use crate::hash::Quick;
use crate::met::{Met, ends};

/// Lines of a batch; whoever has more makes several.
pub const MOST_LINES: usize = 20_000;
/// Characters of a device's name, a rule, a title, a category that are kept in figures.
const LONGEST_TEXT: usize = 300;
/// Distinct unknown words of a batch that are counted by name; further ones are counted together.
const MOST_WORDS: usize = 50;
const FURTHER_WORDS: &str = "…";

/// Who sends: registered by the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub id: String,
    /// The office's id of the company.
    pub company: String,
    /// The device that is meant when a line names none: its serial number.
    pub device: String,
}

/// What makes a batch known when it comes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Sent with an id of its own; `hash` is of the bytes, so that another content under the same id is seen.
    Sent { batch_id: String, hash: [u8; 32] },
    /// Read from a file, from one offset in bytes to another. `file` names it so that a rotated file is another one.
    Read { file: String, from: u64, to: u64 },
}

/// What a batch held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub lines: i64,
    pub detections: i64,
    pub activities: i64,
    pub unknown: i64,
}

pub(crate) type Map<K, V> = HashMap<K, V, Quick>;

/// Numbers for distinct values of a batch.
pub(crate) struct Names<T> {
    pub(crate) rows: Vec<T>,
    numbers: Map<T, u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Rule {
    pub(crate) rule: Box<str>,
    pub(crate) title: Box<str>,
    pub(crate) category: Box<str>,
}

/// Device and rule are numbers of the batch's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Kind {
    pub(crate) day: Day,
    pub(crate) device: u32,
    pub(crate) rule: u32,
    pub(crate) severity: u8,
    pub(crate) action: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) lines: i64,
    pub(crate) events: i64,
    pub(crate) first_us: i64,
    pub(crate) last_us: i64,
}

impl Sum {
    pub(crate) fn add(&mut self, other: &Sum) {
        self.lines += other.lines;
        self.events += other.events;
        self.first_us = self.first_us.min(other.first_us);
        self.last_us = self.last_us.max(other.last_us);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) lines: i64,
    pub(crate) first_us: i64,
    pub(crate) last_us: i64,
    pub(crate) counters: Option<(i64, i64)>,
}

/// A batch that grows, line by line.
pub struct Batch<'p> {
    source: Source,
    origin: Origin,
    arrival: Arrival,
    packer: &'p mut Packer,
    drafts: BTreeMap<(Day, bool), Draft>,
    ready: Prepared,
    /// The day that the last line fell on, which the next one likely does as well.
    last: Option<(Day, i64, i64)>,
}

/// A batch that is ready to be written; `ingest` writes several in one transaction.
pub struct Prepared {
    pub(crate) source: Source,
    pub(crate) origin: Origin,
    pub(crate) received_us: i64,
    pub(crate) counts: Counts,
    pub(crate) blocks: Vec<(Day, bool, Packed)>,
    pub(crate) devices: Names<Box<str>>,
    pub(crate) rules: Names<Rule>,
    pub(crate) sums: Map<Kind, Sum>,
    pub(crate) addresses: Map<(Day, Address), Met>,
    pub(crate) heard: Map<(u32, i64), Heard>,
    pub(crate) activities: BTreeMap<(Day, u32, Box<str>), i64>,
    pub(crate) unknown: BTreeMap<(Day, i64), i64>,
    pub(crate) words: BTreeMap<(&'static str, Box<str>), i64>,
    pub(crate) totals: BTreeMap<Day, Total>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Total {
    pub(crate) detections: i64,
    pub(crate) activities: i64,
    pub(crate) unknown: i64,
    pub(crate) clock_doubtful: i64,
}

impl Counts {
    pub fn add(&mut self, other: Counts) {
        self.lines += other.lines;
        self.detections += other.detections;
        self.activities += other.activities;
        self.unknown += other.unknown;
    }
}

impl Total {
    pub(crate) fn add(&mut self, other: &Total) {
        self.detections += other.detections;
        self.activities += other.activities;
        self.unknown += other.unknown;
        self.clock_doubtful += other.clock_doubtful;
    }
}

impl<'p> Batch<'p> {
    pub fn begin(
        source: Source,
        origin: Origin,
        arrival: Arrival,
        packer: &'p mut Packer,
    ) -> Batch<'p> {
        let ready = Prepared {
            source: source.clone(),
            origin: origin.clone(),
            received_us: arrival.received_us,
            counts: Counts::default(),
            blocks: Vec::new(),
            devices: Names::default(),
            rules: Names::default(),
            sums: Map::default(),
            addresses: Map::default(),
            heard: Map::default(),
            activities: BTreeMap::new(),
            unknown: BTreeMap::new(),
            words: BTreeMap::new(),
            totals: BTreeMap::new(),
        };
        Batch {
            source,
            origin,
            arrival,
            packer,
            drafts: BTreeMap::new(),
            ready,
            last: None,
        }
    }

    pub fn is_full(&self) -> bool {
        self.ready.counts.lines as usize >= MOST_LINES
    }

    pub fn lines(&self) -> usize {
        self.ready.counts.lines as usize
    }

    /// Tells how far the file is read with what was added; of a batch that was sent it says nothing.
    pub fn reached(&mut self, position: u64) {
        if let Origin::Read { to, .. } = &mut self.origin {
            *to = position;
        }
    }

    /// Tells the hash of what was sent, which is known when everything was read; of a file it says nothing.
    pub fn hashed(&mut self, of_all: [u8; 32]) {
        if let Origin::Sent { hash, .. } = &mut self.origin {
            *hash = of_all;
        }
    }

    /// Adds what one line says, and the line.
    pub fn add(&mut self, record: &Record<'_>, line: &[u8]) {
        self.ready.counts.lines += 1;
        match record {
            Record::Detection(found) => self.detection(found, line),
            Record::Activity(activity) => self.activity(activity),
            Record::Unknown(why) => {
                let when = self.when(None);
                let day = self.day(when.time_us);
                self.ready.counts.unknown += 1;
                self.ready.totals.entry(day).or_default().unknown += 1;
                *(self.ready.unknown)
                    .entry((day, why_number(*why) as i64))
                    .or_default() += 1;
                let device = self.source.device.clone();
                self.hear(&device, when.time_us, None);
                let told = Told {
                    time_us: when.time_us,
                    received_us: self.arrival.received_us,
                    device_us: None,
                    device: &device,
                    what: Err(*why),
                    source: None,
                    destination: None,
                };
                self.keep(day, true, &told, line);
            }
        }
    }

    fn detection(&mut self, found: &Detection<'_>, line: &[u8]) {
        let when = self.when(found.time_us);
        let day = self.day(when.time_us);
        let serial = std::mem::take(&mut self.source.device);
        let name = found.device.as_deref().unwrap_or(&serial);
        let device = self.hear(name, when.time_us, None);
        let ready = &mut self.ready;
        ready.counts.detections += 1;
        let total = ready.totals.entry(day).or_default();
        total.detections += 1;
        total.clock_doubtful += i64::from(when.doubtful);
        let events = i64::from(found.count.max(1));
        let rule = ready.rules.rule(found);
        let kind = Kind {
            day,
            device,
            rule,
            severity: found.severity as u8,
            action: found.action as u8,
        };
        let sum = Sum {
            lines: 1,
            events,
            first_us: when.time_us,
            last_us: when.time_us,
        };
        (ready.sums.entry(kind))
            .and_modify(|all| all.add(&sum))
            .or_insert(sum);
        for (field, word) in found.unknown_words() {
            ready.word(field, word);
        }
        let source = address(&found.source);
        let destination = address(&found.destination);
        for (address, sides) in ends(source.as_ref(), destination.as_ref()) {
            ready.meet(day, address, sides, events);
        }
        let told = Told {
            time_us: when.time_us,
            received_us: self.arrival.received_us,
            device_us: found.time_us,
            device: name,
            what: Ok(found),
            source: source.as_ref(),
            destination: destination.as_ref(),
        };
        self.keep(day, false, &told, line);
        self.source.device = serial;
    }

    fn activity(&mut self, activity: &Activity<'_>) {
        let when = self.when(activity.time_us);
        let day = self.day(when.time_us);
        let serial = std::mem::take(&mut self.source.device);
        let name = activity.device.as_deref().unwrap_or(&serial);
        let counters = (activity.packets)
            .map(|(packets, drops)| (packets as i64 & i64::MAX, drops as i64 & i64::MAX));
        let device = self.hear(name, when.time_us, counters);
        self.source.device = serial;
        let ready = &mut self.ready;
        ready.counts.activities += 1;
        let total = ready.totals.entry(day).or_default();
        total.activities += 1;
        total.clock_doubtful += i64::from(when.doubtful);
        let kind: Box<str> = (*clean(&activity.kind)).into();
        *ready.activities.entry((day, device, kind)).or_default() += 1;
    }

    fn keep(&mut self, day: Day, unknown: bool, told: &Told<'_>, line: &[u8]) {
        let draft = self.drafts.entry((day, unknown)).or_default();
        draft.add(told, line);
        if draft.is_full() {
            let full = std::mem::take(draft).pack(self.packer);
            self.ready.blocks.push((day, unknown, full));
        }
    }

    /// Compresses what is left and gives the batch for writing.
    pub fn prepare(self) -> Prepared {
        let mut ready = self.ready;
        for ((day, unknown), draft) in self.drafts {
            if draft.entries() > 0 {
                ready.blocks.push((day, unknown, draft.pack(self.packer)));
            }
        }
        ready.source = self.source;
        ready.origin = self.origin;
        ready
    }

    fn when(&self, device_us: Option<i64>) -> Counted {
        counted(device_us, self.arrival)
    }

    fn day(&mut self, time_us: i64) -> Day {
        match self.last {
            Some((day, from, to)) if (from..=to).contains(&time_us) => day,
            _ => {
                let day = Day::of(time_us);
                self.last = Some((day, day.start_us(), day.end_us()));
                day
            }
        }
    }

    /// Notes that a device was heard; gives its number in the batch.
    fn hear(&mut self, device: &str, time_us: i64, counters: Option<(i64, i64)>) -> u32 {
        let number = self.ready.devices.name(&clean(device));
        let now = Heard {
            lines: 1,
            first_us: time_us,
            last_us: time_us,
            counters,
        };
        (self.ready.heard.entry((number, hour(time_us))))
            .and_modify(|heard| heard.add(&now))
            .or_insert(now);
        number
    }
}

impl Heard {
    pub(crate) fn add(&mut self, other: &Heard) {
        self.lines += other.lines;
        self.first_us = self.first_us.min(other.first_us);
        self.last_us = self.last_us.max(other.last_us);
        self.counters = match (self.counters, other.counters) {
            (Some(a), Some(b)) => Some((a.0.max(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
    }
}

impl Prepared {
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Bytes that its blocks take, for whoever bounds a queue.
    pub fn bytes(&self) -> usize {
        self.blocks.iter().map(|(_, _, block)| block.bytes()).sum()
    }

    fn meet(&mut self, day: Day, address: &Address, sides: i64, events: i64) {
        let met = self.addresses.entry((day, address.clone())).or_default();
        met.sides |= sides;
        met.events += events;
    }

    fn word(&mut self, field: &'static str, word: &str) {
        let key = (field, Box::from(&*clean(word)));
        let key = match self.words.len() >= MOST_WORDS && !self.words.contains_key(&key) {
            true => (field, FURTHER_WORDS.into()),
            false => key,
        };
        *self.words.entry(key).or_default() += 1;
    }
}

fn address(end: &Endpoint<'_>) -> Option<Address> {
    Address::read(end.address.as_deref()?)
}

/// A text as figures name it: its beginning when it is too long, and no zero byte, which a database may refuse; the block keeps it as it came.
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = match text.len() <= LONGEST_TEXT {
        true => text,
        false => match text.char_indices().nth(LONGEST_TEXT) {
            Some((end, _)) => &text[..end],
            None => text,
        },
    };
    match text.contains('\0') {
        true => Cow::Owned(text.replace('\0', "\u{fffd}")),
        false => Cow::Borrowed(text),
    }
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Names {
            rows: Vec::new(),
            numbers: Map::default(),
        }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Names<T> {
    fn new_number(&mut self, row: T) -> u32 {
        let number = self.rows.len() as u32;
        self.rows.push(row.clone());
        self.numbers.insert(row, number);
        number
    }
}

impl Names<Box<str>> {
    fn name(&mut self, name: &str) -> u32 {
        match self.numbers.get(name) {
            Some(number) => *number,
            None => self.new_number(name.into()),
        }
    }
}

impl Names<Rule> {
    fn rule(&mut self, found: &Detection<'_>) -> u32 {
        let rule = Rule {
            rule: (*clean(&found.rule)).into(),
            title: (*clean(&found.title)).into(),
            category: (*clean(&found.category)).into(),
        };
        match self.numbers.get(&rule) {
            Some(number) => *number,
            None => self.new_number(rule),
        }
    }
}
