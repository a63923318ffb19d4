//! The daily check of fifty companies: two weeks of signed days, and yesterday's sheet as the technician opens it.

use axum::Router;
use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan};
use sonae::app::App;
use sonae::office::checks::said::{Say, say};
use sonae::office::checks::sign::sign;
use sonae::office::checks::{CompanyDay, Who};
use sonae::telemetry::reading::Reader;
use sonae_core::access::StaffRole;
use sonae_core::calendar::{tokyo_date, tokyo_midnight};
use sonae_core::detection_check::State;
use sonae_core::flow::{Actor, Event, Status};
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::act::{self, Command};
use sonae_store::case::{self, Stored};
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_telemetry::batch::{self, Batch, Origin};
use sonae_telemetry::block::Packer;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::formats::Format;
use sonae_telemetry::generate::Plan;
use sonae_telemetry::lines::Piece;
use sonae_telemetry::{Day, TelemetryError};

use crate::ask::{Asking, row};
use crate::cases::person;
use crate::measure::numbers;

const COMPANIES: usize = 50;
/// Days of which lines came; all but the last are signed.
const DAYS: i64 = 15;
/// Lines of a device on a day.
const LINES: u32 = 500;
/// Cases that are looked at for companies that take part.
const LOOKED_AT: usize = 2_000;

/// A company that is watched.
#[derive(Clone)]
struct Watched {
    number: String,
    source: Source,
}

pub(crate) async fn all(
    app: &App,
    router: &Router,
    technician: &Asking,
    requests: usize,
) -> Result<(), String> {
    let yesterday = tokyo_date(app.clock.now()).saturating_sub(1.day());
    let days: Vec<Date> = (0..DAYS)
        .rev()
        .map(|back| yesterday.saturating_sub(back.days()))
        .collect();
    let watched = tokio::task::block_in_place(|| lend(app, days[0]))?;
    let stored = watched.clone();
    let of_days = days.clone();
    (app.detections(move |detections| {
        for (at, one) in stored.iter().enumerate() {
            let group = lines(one, u32::try_from(at).unwrap_or_default(), &of_days);
            for answer in detections.store(&group) {
                answer?;
            }
        }
        Ok::<_, TelemetryError>(())
    }))
    .await
    .map_err(|error| error.to_string())?;
    for day in &days[..days.len() - 1] {
        check(app, &watched, *day).await?;
    }
    let sheet = |day: Date| format!("/office/checks?day={day}");
    let of_companies = watched.iter();
    let of_companies = of_companies
        .map(|one| format!("/office/checks/{yesterday}/{}", one.number))
        .collect();
    let companies = watched.len();
    for (what, paths) in [
        ("sheet of yesterday", vec![sheet(yesterday)]),
        ("sheet of a signed day", vec![sheet(days[0])]),
        ("days that wait", vec!["/office/checks/missed".to_owned()]),
        ("a company's day", of_companies),
    ] {
        let what = format!("daily check of {companies} companies, {what}");
        row(router, technician, &what, &paths, requests).await?;
    }
    Ok(())
}

/// Gives companies that take part to the technician, and a device to each.
fn lend(app: &App, from: Date) -> Result<Vec<Watched>, String> {
    let numbers = numbers(app, LOOKED_AT)?;
    let lent = app.db.write(|tx| {
        let mut watched = Vec::new();
        for number in &numbers {
            let found = case::by_receipt(tx, number)?;
            let confirmed = found.filter(|stored| stored.case.status == Status::Confirmed);
            if let Some(stored) = confirmed {
                watched.extend(lend_one(app, tx, stored, from)?);
            }
            if watched.len() == COMPANIES {
                break;
            }
        }
        Ok::<_, StoreError>(watched)
    });
    lent.map_err(|error| error.to_string())
}

fn lend_one(
    app: &App,
    tx: &mut Tx,
    stored: Stored,
    from: Date,
) -> Result<Option<Watched>, StoreError> {
    let Some(running) = app.programs.get(&stored.program_id) else {
        return Ok(None);
    };
    let now = app.clock.now();
    let from = tokyo_midnight(from).unwrap_or(now);
    let number = stored.receipt_number.clone();
    let source = Source {
        id: format!("bench-{number}"),
        application_id: stored.application_id.clone(),
        kind: Kind::Utm,
        product: "UTM".to_owned(),
        serial: format!("SN-{number}"),
        from,
        until: from + SignedDuration::from_hours(24 * 90),
        created_by: "command".to_owned(),
        created_at: from,
        ended_at: None,
    };
    let command = Command {
        program: &running.program,
        calendar: &running.calendar,
        event: &Event::Assigned {
            to: Some(person(StaffRole::Technician, 1)),
        },
        actor: &Actor::Staff {
            id: person(StaffRole::Secretariat, 1),
            role: StaffRole::Secretariat,
        },
        at: now,
    };
    // Whoever cannot be given to the technician is not watched.
    if act::act(tx, stored, command)?.is_err() {
        return Ok(None);
    }
    telemetry_source::add(tx, &source, &format!("bench {number}"))?;
    Ok(Some(Watched { number, source }))
}

/// What a device sent, a batch for each day.
fn lines(one: &Watched, company: u32, days: &[Date]) -> Vec<batch::Prepared> {
    let plan = Plan {
        seed: 50,
        companies: company + 1,
        first_day: 0,
        days: 1,
        lines: LINES,
    };
    let mut packer = Packer::new();
    let prepared = days.iter().map(|day| {
        let day = Day::of_date(*day);
        let received_us = day.end_us();
        let (sheet, _) = plan.batch(company, day.0, Format::Suricata);
        let sender = batch::Source {
            id: one.source.id.clone(),
            company: one.source.application_id.clone(),
            device: one.source.serial.clone(),
        };
        let origin = Origin::Sent {
            batch_id: day.0.to_string(),
            hash: [0; 32],
        };
        let arrival = Arrival {
            received_us,
            live: false,
        };
        let mut batch = Batch::begin(sender, origin, arrival, &mut packer);
        let mut reader = Reader::new(Some(Format::Suricata), received_us);
        for line in &sheet.lines {
            let piece = Piece {
                bytes: line.as_bytes(),
                offset: 0,
                too_long: false,
            };
            reader.add(&mut batch, &piece);
        }
        batch.prepare()
    });
    prepared.collect()
}

/// Says a state of every company and signs the day.
async fn check(app: &App, watched: &[Watched], day: Date) -> Result<(), String> {
    let who = Who {
        id: person(StaffRole::Technician, 1),
        role: StaffRole::Technician,
    };
    let at = app.clock.now();
    for one in watched {
        let wish = Say {
            company_day: CompanyDay {
                receipt_number: one.number.clone(),
                day,
                who: who.clone(),
                at,
            },
            state: State::Review,
            note: String::new(),
            version: 0,
            lines: None,
        };
        let said = say(app, wish).await.map_err(|error| error.to_string())?;
        said.map_err(|refusal| refusal.sentence)?;
    }
    let signed = sign(app, who, (day, at)).await;
    let signed = signed.map_err(|error| error.to_string())?;
    signed.map(|_| ()).map_err(|refusal| refusal.sentence)
}
