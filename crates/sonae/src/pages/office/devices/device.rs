//! `/office/cases/{receipt_number}/devices/{id}`: where one device sends its lines, how it was heard, what was not taken and why, its silences, and
//! the words of the company's devices that no table knows.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use sonae_core::access::Action;
use sonae_core::calendar::japanese::{date_short, moment};
use sonae_db::Tx;
use sonae_store::telemetry_port::{self, Port};
use sonae_store::telemetry_silence::{self, How, Silence};
use sonae_store::telemetry_source::Source;
use sonae_store::telemetry_watch::{self, Refused, Watch};
use sonae_store::{StoreError, telemetry_source};
use sonae_telemetry::Day;
use sonae_telemetry::questions::unread::Unread;
use sonae_telemetry::questions::words::UnknownWord;

use super::{Line, counted, frame, here, line};
use crate::app::App;
use crate::jobs::watch_devices::quiet_hours;
use crate::pages::office::Page;
use crate::pages::office::case::open::{self, Opened, open_with};
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::OfficeFrame;
use crate::pages::public::error::PageError;
use crate::pages::public::show;
use crate::telemetry::ledger::{self, Why};
use crate::telemetry::words;

/// Days back of which what was not taken, or not read, is shown.
const LATELY: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Words that are shown.
const MOST_WORDS: usize = 20;

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/cases/{receipt_number}/devices/{id}",
        Action::ManageSources,
        device,
    )
}

#[derive(Template)]
#[template(path = "office/devices/device.html")]
struct DevicePage {
    frame: OfficeFrame,
    here: String,
    line: Line,
    /// Where lines are sent over HTTPS.
    https: String,
    syslog: Option<Syslog>,
    quiet_hours: u32,
    refused: Vec<RefusedRow>,
    silences: Vec<SilenceRow>,
    /// Why lines of the company could not be read, and how many.
    unread: Vec<(&'static str, String)>,
    words: Vec<WordRow>,
    /// Where lines that could not be read are shown, for whoever may.
    detections: Option<String>,
}

/// What is set in a device that sends syslog.
struct Syslog {
    host: String,
    port: u16,
    /// The only sender that is believed; empty when anybody is.
    peer: String,
    tls_only: bool,
    has_certificate: bool,
    /// Whether this server listens at the port.
    listens: bool,
}

struct RefusedRow {
    day: String,
    why: &'static str,
    lines: String,
    last: String,
    peer: String,
}

struct SilenceRow {
    since: String,
    raised: String,
    ended: String,
}

struct WordRow {
    field: &'static str,
    word: String,
    lines: String,
}

/// What the office knows of a device.
struct Known {
    source: Source,
    port: Option<Port>,
    watch: Watch,
    refused: Vec<Refused>,
    silences: Vec<Silence>,
}

fn known(tx: &mut Tx, id: &str, opened: &Opened) -> Result<Option<Known>, StoreError> {
    let found = telemetry_source::by_id(tx, id)?;
    let Some(source) = found.filter(|source| source.application_id == opened.stored.application_id)
    else {
        return Ok(None);
    };
    let since = ledger::day_of(opened.now - LATELY);
    Ok(Some(Known {
        port: telemetry_port::of_source(tx, id)?,
        watch: telemetry_watch::of_source(tx, id)?,
        refused: telemetry_watch::refused_since(tx, id, since)?,
        silences: telemetry_silence::of_source(tx, id)?,
        source,
    }))
}

async fn device(
    State(app): State<App>,
    Path((number, id)): Path<(String, String)>,
    staff: Staff,
) -> Page {
    let read = {
        let id = id.clone();
        move |tx: &mut Tx, opened: &Opened| known(tx, &id, opened)
    };
    let (opened, known) = open_with(&app, &staff, &number, Action::ManageSources, read).await?;
    let known = known.ok_or(PageError::NotFound)?;
    let company = opened.stored.application_id.clone();
    let days = (
        Day::of((opened.now - LATELY).as_microsecond()),
        Day::of(opened.now.as_microsecond()),
    );
    let (delivered, unread, unknown) = app
        .detections(move |detections| {
            let delivered = detections.delivered(&company)?.into_iter();
            Ok((
                delivered.into_iter().find(|one| one.source == id),
                detections.unread(&company, days, 0)?,
                detections.unknown_words(&company)?,
            ))
        })
        .await?;
    let access = open::access(&staff, &opened.stored);
    let may_read = staff.may(Action::ReadDetections, access).is_ok();
    let source = &known.source;
    let page = DevicePage {
        frame: frame(&app, &opened, &source.product).crumb("機器", &here(&opened)),
        here: here(&opened),
        line: line(source, known.watch.heard_at, delivered, opened.now),
        https: format!("{}/api/v1/telemetry/batches", app.base_url),
        syslog: known.port.as_ref().map(|port| syslog(&app, port)),
        quiet_hours: (known.watch.silent_after_hours).unwrap_or(quiet_hours(source.kind)),
        refused: known.refused.iter().map(refused).collect(),
        silences: known.silences.iter().map(silence).collect(),
        unread: counts(&unread),
        words: unknown.into_iter().take(MOST_WORDS).map(word).collect(),
        detections: may_read.then(|| format!("{}/detections", opened.href())),
    };
    show(StatusCode::OK, &page)
}

fn syslog(app: &App, port: &Port) -> Syslog {
    let ways = &app.config.ways_in;
    let address = app.base_url.split("//").last().unwrap_or_default();
    // Of an address in brackets the colons are its own.
    let host = match address.rsplit_once(':') {
        Some((host, number)) if number.bytes().all(|one| one.is_ascii_digit()) => host,
        _ => address,
    };
    Syslog {
        host: host.to_owned(),
        port: port.port,
        peer: port.peer.clone(),
        tls_only: ways.syslog_tls_only,
        has_certificate: ways.syslog_cert.is_some(),
        listens: ways.syslog.is_some_and(|range| range.holds(port.port)),
    }
}

fn refused(row: &Refused) -> RefusedRow {
    let day = Day(row.day).date();
    RefusedRow {
        day: date_short(day),
        why: Why::parse(&row.why).map_or("そのほか", Why::label),
        lines: counted(row.lines),
        last: moment(row.last_at),
        peer: row.last_peer.clone(),
    }
}

fn silence(one: &Silence) -> SilenceRow {
    let ended = |(at, how): (Timestamp, How)| match how {
        How::Heard => format!("{}に、また届きました", moment(at)),
        How::Over => format!("{}に、期間が終わりました", moment(at)),
    };
    SilenceRow {
        since: moment(one.since),
        raised: moment(one.raised_at),
        ended: one.ended.map_or_else(|| "続いています".to_owned(), ended),
    }
}

fn counts(unread: &Unread) -> Vec<(&'static str, String)> {
    let counts = unread.counts.iter();
    counts
        .map(|(why, lines)| (words::why(*why), counted(*lines)))
        .collect()
}

fn word(one: UnknownWord) -> WordRow {
    WordRow {
        field: match &*one.field {
            "severity" => "重さ",
            _ => "処置",
        },
        word: one.word,
        lines: counted(one.lines),
    }
}
