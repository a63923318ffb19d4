//! Devices of the demonstration and what they sent: companies whose loan of a UTM or an EDR began in January, with invented lines up to the eve of
//! the day on which the demonstration begins. One is quiet, one was switched off for a week.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use sonae_core::calendar::{tokyo_date, tokyo_midnight};
use sonae_core::capacity::PlaceState;
use sonae_core::flow::Status;
use sonae_store::StoreError;
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_telemetry::Day;
use sonae_telemetry::batch::{Batch, Origin, Prepared, Source as Sender};
use sonae_telemetry::block::Packer;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::formats::Format;
use sonae_telemetry::generate::Plan;
use sonae_telemetry::ingest::{Answer, MOST_BATCHES};
use sonae_telemetry::lines::Piece;

use super::crowd::defect;
use super::editions::R6;
use super::fate::Company;
use crate::app::App;
use crate::error::CommandError;
use crate::staff::session;
use crate::telemetry::reading::Reader;

/// The first day of the first loan, and the day after the last one; three months, as the programme lends.
pub(super) const LENT_ON: Date = date(2026, 1, 12);
const DAYS_LENT: i64 = 90;
/// So many of each kind. Nobody waits long for a demonstration.
const UTM: usize = 10;
const EDR: usize = 6;
/// So many of each kind were lent in January; the others so many days later.
pub(super) const FIRST_UTM: usize = 6;
pub(super) const FIRST_EDR: usize = 3;
const SECOND_ROUND: i64 = 21;
/// Lines of a device on a usual day.
const LINES: u32 = 24;
/// The company, by its place among those with a UTM, whose device detects nothing, and the one whose device was off for some days.
const QUIET: usize = 2;
const OFF: usize = 4;
const OFF_DAYS: std::ops::Range<Date> = date(2026, 2, 5)..date(2026, 2, 13);

/// A device that was lent.
struct Lent<'a> {
    company: &'a Company,
    source: Source,
    format: Format,
    /// Its number in the generator.
    number: u32,
    quiet: bool,
    off: bool,
}

/// Registers devices and stores what they sent; gives the receipt numbers of those with a UTM, and of those with an EDR.
///
/// # Errors
/// A database cannot be written.
pub(super) fn bring_in(
    app: &App,
    companies: &[Company],
    until: Timestamp,
) -> Result<(Vec<String>, Vec<String>), CommandError> {
    let lent = lent(companies);
    app.db.write(|tx| {
        for one in &lent {
            let token = session::id_of(&format!("demo {}", one.source.id));
            telemetry_source::add(tx, &one.source, &token)?;
        }
        Ok::<_, StoreError>(())
    })?;
    let arrival = Arrival {
        received_us: until.as_microsecond(),
        live: false,
    };
    let mut packer = Packer::new();
    let mut ready = Vec::new();
    for one in &lent {
        ready.extend(prepared(one, arrival, tokyo_date(until), &mut packer));
    }
    let detections = app.detections.get()?;
    for group in ready.chunks(MOST_BATCHES) {
        for answer in detections.store(group) {
            if !matches!(answer?, Answer::Stored(_)) {
                return Err(defect(
                    "lines of the demonstration are there already".into(),
                ));
            }
        }
    }
    let numbers = |kind| {
        let of = lent.iter().filter(move |one| one.source.kind == kind);
        of.map(|one| one.company.stored.receipt_number.clone())
            .collect()
    };
    Ok((numbers(Kind::Utm), numbers(Kind::Edr)))
}

/// Companies that take part and were promised a device, the first of each kind.
fn lent(companies: &[Company]) -> Vec<Lent<'_>> {
    let of = |course: &'static str| {
        companies.iter().filter(move |company| {
            let case = &company.stored.case;
            company.program == R6
                && case.status == Status::Confirmed
                && case.courses.iter().any(|one| one == course)
                && case.places.get(course) == Some(&PlaceState::Held)
        })
    };
    let utm = of("utm").take(UTM).enumerate();
    let utm = utm.map(|(at, company)| device(company, at, Kind::Utm));
    let edr = of("edr").take(EDR).enumerate();
    let edr = edr.map(|(at, company)| device(company, at, Kind::Edr));
    utm.chain(edr).collect()
}

fn device(company: &Company, at: usize, kind: Kind) -> Lent<'_> {
    let number = u32::try_from(company.number).unwrap_or_default();
    let (format, product, serial) = match (kind, at % 2) {
        (Kind::Edr, _) => (
            Format::Defender,
            "Microsoft Defender for Business",
            format!("TENANT-{number:04}"),
        ),
        (Kind::Utm, 0) => (
            Format::FortiGate,
            "FortiGate 60F",
            format!("FGT60FEX{number:08}"),
        ),
        (Kind::Utm, _) => (
            Format::Suricata,
            "UTM(Suricata)",
            format!("sensor-{number:04}"),
        ),
    };
    // The loans begin one after another, as the installations did; some of them in February.
    let first = if kind == Kind::Utm {
        FIRST_UTM
    } else {
        FIRST_EDR
    };
    let days = i64::try_from(at).unwrap_or_default() + if at < first { 0 } else { SECOND_ROUND };
    let from =
        tokyo_midnight(LENT_ON).expect("a date of ours") + SignedDuration::from_hours(24 * days);
    Lent {
        company,
        source: Source {
            // The same in every demonstration, so that its pages can be compared.
            id: format!(
                "01900000-0000-7000-8000-{:04}{:08}",
                kind as u8 + 1,
                company.number
            ),
            application_id: company.stored.application_id.clone(),
            kind,
            product: product.to_owned(),
            serial,
            from,
            until: from + SignedDuration::from_hours(24 * DAYS_LENT),
            created_by: "command".to_owned(),
            created_at: from,
            ended_at: None,
        },
        format,
        number,
        quiet: kind == Kind::Utm && at == QUIET,
        off: kind == Kind::Utm && at == OFF,
    }
}

/// The lines of a device up to the eve of a day, a batch for each day.
fn prepared(lent: &Lent<'_>, arrival: Arrival, today: Date, packer: &mut Packer) -> Vec<Prepared> {
    let plan = Plan {
        seed: 2026,
        companies: lent.number + 1,
        first_day: 0,
        days: 1,
        lines: LINES,
    };
    let mut days = Vec::new();
    let first = tokyo_date(lent.source.from);
    for day in first
        .series(jiff::Span::new().days(1))
        .take_while(|day| *day < today)
    {
        if lent.off && OFF_DAYS.contains(&day) {
            continue;
        }
        let (sheet, _) = plan.batch(lent.number, Day::of_date(day).0, lent.format);
        let sender = Sender {
            id: lent.source.id.clone(),
            company: lent.company.stored.application_id.clone(),
            device: lent.source.serial.clone(),
        };
        let origin = Origin::Sent {
            batch_id: day.to_string(),
            hash: [0; 32],
        };
        let mut batch = Batch::begin(sender, origin, arrival, packer);
        let mut reader = Reader::new(Some(lent.format), arrival.received_us);
        let said = sheet
            .lines
            .iter()
            .filter(|line| !lent.quiet || is_quiet(line));
        for line in said {
            let piece = Piece {
                bytes: line.as_bytes(),
                offset: 0,
                too_long: false,
            };
            reader.add(&mut batch, &piece);
        }
        days.push(batch.prepare());
    }
    days
}

/// What a device says that detects nothing: sessions and its own state.
fn is_quiet(line: &str) -> bool {
    line.contains("type=\"traffic\"") || line.contains("type=\"event\"")
}
