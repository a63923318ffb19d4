//! `/office/cases/{receipt_number}/devices`: the devices whose lines are taken for a company: how each is heard, and what can be done with it.

mod device;
mod doing;
mod register;
mod token;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use sonae_core::access::Action;
use sonae_core::calendar::japanese::{date_short, moment};
use sonae_store::telemetry_source::{Kind, Source};
use sonae_telemetry::questions::sources::Delivered;

use super::Page;
use super::case::open::{self, Opened, open_with};
use super::door::{Door, Staff};
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::office::devices::{self, Standing, days};
use crate::pages::public::show;

const HERE: &str = "/office/cases/{receipt_number}/devices";

#[derive(Template)]
#[template(path = "office/devices.html")]
struct ListPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    here: String,
    devices: Vec<Line>,
    /// Lines that were taken in from files, by hand.
    imported: Option<String>,
    /// Where what they found can be looked through, for whoever may.
    detections: Option<String>,
}

/// One device.
struct Line {
    id: String,
    kind: &'static str,
    product: String,
    serial: String,
    from: String,
    to: String,
    /// The chip's kind and its word.
    state: (&'static str, &'static str),
    heard: Option<String>,
    lines: String,
    unknown: Option<String>,
    /// Whether there is anything left to end.
    stands: bool,
}

pub(super) fn routes(door: Door) -> Door {
    let door = door.get(HERE, Action::ManageSources, list);
    let door = register::routes(door);
    let door = device::routes(door);
    doing::routes(door)
}

async fn list(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    let read = |tx: &mut sonae_db::Tx, opened: &Opened| {
        devices::of_company(tx, &opened.stored.application_id)
    };
    let (opened, registered) =
        open_with(&app, &staff, &number, Action::ManageSources, read).await?;
    let company = opened.stored.application_id.clone();
    let delivered = app
        .detections(move |detections| detections.delivered(&company))
        .await?;
    let mut delivered: BTreeMap<String, Delivered> = delivered
        .into_iter()
        .map(|one| (one.source.clone(), one))
        .collect();
    let devices = (registered.into_iter())
        .map(|(source, heard)| line(&source, heard, delivered.remove(&source.id), opened.now))
        .collect();
    let imported: i64 = delivered.values().map(|one| one.counts.lines).sum();
    let access = open::access(&staff, &opened.stored);
    let may_read = staff.may(Action::ReadDetections, access).is_ok();
    let page = ListPage {
        frame: frame(&app, &opened, "機器"),
        here: here(&opened),
        devices,
        imported: (imported > 0).then(|| counted(imported)),
        detections: may_read.then(|| format!("{}/detections", opened.href())),
        opened: &opened,
    };
    show(StatusCode::OK, &page)
}

fn line(
    source: &Source,
    heard: Option<Timestamp>,
    delivered: Option<Delivered>,
    now: Timestamp,
) -> Line {
    let standing = Standing::of(source, now);
    let (from, to) = days(source);
    let stored = (delivered.as_ref())
        .and_then(|one| Timestamp::from_microsecond(one.heard_us).ok())
        .max(heard);
    let counts = delivered.map(|one| one.counts).unwrap_or_default();
    Line {
        id: source.id.clone(),
        kind: kind(source.kind),
        product: source.product.clone(),
        serial: source.serial.clone(),
        from: date_short(from),
        to: date_short(to),
        state: (chip(standing), standing.label()),
        heard: stored.map(moment),
        lines: counted(counts.lines),
        unknown: (counts.unknown > 0).then(|| counted(counts.unknown)),
        stands: standing != Standing::Ended,
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Utm => "UTM",
        Kind::Edr => "EDR",
    }
}

fn chip(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "success",
        Standing::Early => "info",
        Standing::Over | Standing::Ended => "neutral",
    }
}

/// A number with a comma between thousands.
pub(super) fn counted(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The address of the list.
fn here(opened: &Opened) -> String {
    format!("{}/devices", opened.href())
}

fn frame(app: &App, opened: &Opened, title: &str) -> OfficeFrame {
    OfficeFrame::new(app, &opened.staff, Section::Cases, title)
        .crumb("案件", "/office/cases")
        .crumb(opened.name(), &opened.href())
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(counted(number), text);
        }
    }
}
