//! What a finding rests on: its lines as they came, looked up for a page and frozen when the desk gets it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sonae_core::audit::{at_text, hex};
use sonae_core::calendar::japanese::{instant, moment};
use sonae_core::detection_check::Counts;
use sonae_core::detection_check::group::Group;
use sonae_store::StoreError;
use sonae_telemetry::batch::clean;
use sonae_telemetry::block::Entry;
use sonae_telemetry::detection::{Action, Severity};
use sonae_telemetry::detections::Detections;
use sonae_telemetry::questions::search::{MOST_HITS, Place, Wanted};
use sonae_telemetry::{Day, TelemetryError};

use crate::app::App;

/// The longest line that is kept, in bytes; its hash is of the whole.
const LONGEST_LINE: usize = 4_096;
/// A text of so many characters may be the beginning of a longer one.
const WHOLE: usize = 300;

/// How many lines are wanted, and how long they are looked for.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub lines: usize,
    pub time: Duration,
}

/// What is kept as evidence.
pub const FROZEN: Room = Room {
    lines: 20,
    time: Duration::from_secs(3),
};
/// What a page shows.
pub const SHOWN: Room = Room {
    lines: 5,
    time: Duration::from_millis(500),
};

/// What is frozen with a finding.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    pub day: String,
    pub frozen_at: String,
    pub group: Group,
    /// In words.
    pub severity: String,
    pub action: String,
    pub counts: Counts,
    /// Of the group's lines, the newest first.
    pub lines: Vec<EvidenceLine>,
    /// The time for the search ended before that many lines were found as are kept.
    #[serde(default)]
    pub lines_cut: bool,
}

/// A line as it came.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceLine {
    /// In its company; with the day it names the line.
    pub number: i64,
    pub at: String,
    pub source: String,
    pub destination: String,
    pub user: String,
    pub file: String,
    /// Empty when the raw line is no longer kept.
    pub raw: String,
    /// Of the whole raw line, in hex.
    pub raw_sha256: String,
}

impl Evidence {
    /// When it was frozen, in words.
    pub fn frozen_shown(&self) -> String {
        in_words(&self.frozen_at, moment)
    }
}

impl EvidenceLine {
    /// When it happened, in words.
    pub fn at_shown(&self) -> String {
        in_words(&self.at, instant)
    }
}

fn in_words(at: &str, told: fn(Timestamp) -> String) -> String {
    at.parse().map_or_else(|_| at.to_owned(), told)
}

/// Lines of a group, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    pub found: Vec<EvidenceLine>,
    /// The time ended before all that were wanted were found.
    pub cut: bool,
}

/// Lines of a group on a company's day, as they came. They are looked for from the group's newest to its oldest, page by page.
///
/// # Errors
/// The detections could not be read.
pub async fn lines(
    app: &App,
    (company, day): (&str, Date),
    (group, counts): (&Group, Counts),
    room: Room,
) -> Result<Lines, StoreError> {
    let (company, group, day) = (company.to_owned(), group.clone(), Day::of_date(day));
    app.detections(move |detections| {
        let (hits, cut) = hits(detections, (&company, day), (&group, counts), room)?;
        let lines = hits.into_iter().map(|hit| {
            let raw = detections.line(&company, day, hit.number)?;
            Ok(line(hit, &raw.and_then(|(_, raw)| raw).unwrap_or_default()))
        });
        let found = lines.collect::<Result<_, TelemetryError>>()?;
        Ok(Lines { found, cut })
    })
    .await
}

fn hits(
    detections: &Detections,
    (company, day): (&str, Day),
    (group, counts): (&Group, Counts),
    room: Room,
) -> Result<(Vec<Entry>, bool), TelemetryError> {
    let wanted = wanted(group, company, day);
    let begun = Instant::now();
    let mut found: Vec<Entry> = Vec::new();
    let mut after = Some(Place {
        time_us: counts.last_us,
        number: i64::MAX,
    });
    loop {
        let left = room.time.saturating_sub(begun.elapsed());
        let page = detections.search(&wanted, after, MOST_HITS, left)?;
        found.extend(page.hits.into_iter().filter(|hit| is_of(hit, group)));
        after = page.next;
        let all = after.is_none() || page.covered_from_us < counts.first_us;
        if found.len() >= room.lines || all {
            found.truncate(room.lines);
            return Ok((found, false));
        }
        if begun.elapsed() >= room.time {
            return Ok((found, true));
        }
    }
}

/// What a search can be asked of a group; `is_of` looks at the rest. Figures keep the beginning of a long text and no zero byte, while the
/// lines keep it as it came: what may be such a text is not asked for.
fn wanted(group: &Group, company: &str, day: Day) -> Wanted {
    let whole = |text: &str| {
        let is = !text.is_empty() && !text.contains('\u{fffd}') && text.chars().count() < WHOLE;
        is.then(|| text.to_owned())
    };
    Wanted {
        device: whole(&group.device),
        rule: whole(&group.rule),
        severity_from: (Severity::ALL.into_iter())
            .find(|one| *one as u8 == group.severity)
            .unwrap_or_default(),
        action: (Action::ALL.into_iter()).find(|one| *one as u8 == group.action),
        text: whole(&group.title),
        ..Wanted::all(company, (day, day))
    }
}

fn is_of(hit: &Entry, group: &Group) -> bool {
    let same = |said: &str, kept: &str| clean(said) == kept;
    hit.why.is_none()
        && same(&hit.device, &group.device)
        && same(&hit.rule, &group.rule)
        && same(&hit.title, &group.title)
        && same(&hit.category, &group.category)
        && (hit.severity as u8, hit.action as u8) == (group.severity, group.action)
}

fn line(hit: Entry, raw: &[u8]) -> EvidenceLine {
    let address = |address: &Option<_>, port: Option<u16>| match (address, port) {
        (Some(address), Some(port)) => format!("{address} ポート{port}"),
        (Some(address), None) => format!("{address}"),
        (None, _) => String::new(),
    };
    let at = Timestamp::from_microsecond(hit.time_us).unwrap_or_default();
    EvidenceLine {
        number: hit.number,
        at: at_text(at),
        source: address(&hit.source, hit.source_port),
        destination: address(&hit.destination, hit.destination_port),
        user: hit.user.unwrap_or_default(),
        file: hit.file.unwrap_or_default(),
        raw_sha256: hex(&Sha256::digest(raw)),
        raw: String::from_utf8_lossy(&raw[..raw.len().min(LONGEST_LINE)]).into_owned(),
    }
}
