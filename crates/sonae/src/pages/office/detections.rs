//! `/office/cases/{receipt_number}/detections`: what a company's devices found, the newest first, with filters over any days. What is looked for is
//! sent in a form and never stands in an address: addresses and user names are somebody's.

mod asked;
mod line;
mod needle;

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::calendar::japanese::{date_short, moment};
use sonae_telemetry::Day;
use sonae_telemetry::block::Entry;
use sonae_telemetry::questions::search::{Page as Found, Place, Wanted};
use sonae_telemetry::questions::unread::Unread;

use super::Page;
use super::case::open::{Opened, open};
use super::door::{Door, Staff};
use super::form::Form;
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::pages::public::field::{Control, Mistake, mistakes};
use crate::pages::public::show;
use crate::telemetry::words;
use asked::Asked;

const HERE: &str = "/office/cases/{receipt_number}/detections";
/// Lines of a page.
const LIMIT: usize = 50;
/// Unread lines that are shown.
const UNREAD: usize = 20;
/// How long a page may look; then it shows what is certain and goes on from there.
const BUDGET: Duration = Duration::from_millis(1_500);

#[derive(Template)]
#[template(path = "office/detections.html")]
struct SearchPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    here: String,
    mistakes: Vec<Mistake>,
    controls: Vec<Control>,
    lines: Vec<Line>,
    /// What was looked at, in words.
    covered: String,
    out_of_time: bool,
    is_first: bool,
    /// What was asked, to ask for the next page, and where that begins.
    asked: Vec<(&'static str, String)>,
    next: Option<String>,
    unread: Vec<(&'static str, String)>,
    unread_lines: Vec<Raw>,
}

/// A detection.
struct Line {
    href: String,
    at: String,
    severity: (&'static str, &'static str),
    action: &'static str,
    title: String,
    rule: String,
    device: String,
    source: String,
    destination: String,
}

/// A line that nothing read.
struct Raw {
    at: String,
    why: &'static str,
    text: String,
}

pub(super) fn routes(door: Door) -> Door {
    let may = Action::ReadDetections;
    let door = door.get(HERE, may, begin).post(HERE, may, search);
    let door = line::routes(door);
    needle::routes(door)
}

async fn begin(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    let opened = open(&app, &staff, &number, Action::ReadDetections).await?;
    let asked = Asked::begin(opened.now);
    page(&app, &opened, asked).await
}

async fn search(
    State(app): State<App>,
    Path(number): Path<String>,
    staff: Staff,
    sent: Form,
) -> Page {
    let opened = open(&app, &staff, &number, Action::ReadDetections).await?;
    page(&app, &opened, Asked::read(&sent)).await
}

async fn page(app: &App, opened: &Opened, asked: Asked) -> Page {
    let company = opened.stored.application_id.clone();
    let (controls, wanted) = asked.controls(&company);
    let (status, found, unread) = match wanted {
        Some(wanted) => {
            let (found, unread) = look(app, wanted, asked.after).await?;
            (StatusCode::OK, found, unread)
        }
        None => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Found::default(),
            Unread::default(),
        ),
    };
    let here = format!("{}/detections", opened.href());
    let mistakes = mistakes(&controls);
    let frame = OfficeFrame::new(app, &opened.staff, Section::Cases, "検知")
        .crumb("案件", "/office/cases")
        .crumb(opened.name(), &opened.href());
    let shown = SearchPage {
        frame: OfficeFrame {
            error: !mistakes.is_empty(),
            ..frame
        },
        opened,
        covered: covered(&found, &asked),
        out_of_time: found.out_of_time,
        is_first: asked.after.is_none(),
        next: found.next.map(asked::place_text),
        asked: asked.fields(),
        lines: found.hits.iter().map(|hit| line(&here, hit)).collect(),
        unread: (unread.counts.iter())
            .map(|(why, lines)| (words::why(*why), super::devices::counted(*lines)))
            .collect(),
        unread_lines: unread.newest.iter().map(raw).collect(),
        here,
        mistakes,
        controls,
    };
    show(status, &shown)
}

async fn look(
    app: &App,
    wanted: Wanted,
    after: Option<Place>,
) -> Result<(Found, Unread), sonae_store::StoreError> {
    app.detections(move |detections| {
        let found = detections.search(&wanted, after, LIMIT, BUDGET)?;
        let unread = detections.unread(&wanted.company, wanted.days, UNREAD)?;
        Ok((found, unread))
    })
    .await
}

/// From when to when everything was looked at.
fn covered(found: &Found, asked: &Asked) -> String {
    let Some((first, last)) = asked.days() else {
        return String::new();
    };
    let until = match asked.after {
        Some(place) => instant(place.time_us),
        None => format!("{}の終わり", date_short(last.date())),
    };
    let complete = found.covered_from_us <= first.start_us();
    let from = match complete {
        true => format!("{}の初め", date_short(first.date())),
        false => instant(found.covered_from_us),
    };
    format!("{from}から{until}までを見ました。")
}

fn instant(us: i64) -> String {
    jiff::Timestamp::from_microsecond(us).map_or_else(|_| String::new(), moment)
}

fn line(here: &str, hit: &Entry) -> Line {
    let end = |address: &Option<sonae_telemetry::address::Address>, port: Option<u16>| match (
        address, port,
    ) {
        (None, _) => String::new(),
        (Some(address), None) => address.to_string(),
        (Some(address), Some(port)) => format!("{address} 番号{port}"),
    };
    Line {
        href: format!("{here}/{}/{}", Day::of(hit.time_us).0, hit.number),
        at: instant(hit.time_us),
        severity: (
            words::severity_chip(hit.severity),
            words::severity(hit.severity),
        ),
        action: words::action(hit.action),
        title: match hit.title.is_empty() {
            true => "(名前なし)".to_owned(),
            false => hit.title.clone(),
        },
        rule: hit.rule.clone(),
        device: hit.device.clone(),
        source: end(&hit.source, hit.source_port),
        destination: end(&hit.destination, hit.destination_port),
    }
}

fn raw((entry, raw): &(Entry, Option<Vec<u8>>)) -> Raw {
    Raw {
        at: instant(entry.received_us),
        why: entry.why.map_or("", words::why),
        text: shown_raw(raw.as_deref()),
    }
}

/// A raw line as it can be shown.
fn shown_raw(raw: Option<&[u8]>) -> String {
    /// Bytes of a line that are shown; the whole is in the export.
    const LONGEST: usize = 20_000;
    match raw {
        None => "(元の行は、保存の期間が過ぎたため残っていません)".to_owned(),
        Some(bytes) => String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST)]).into_owned(),
    }
}
