//! A device of a company, what it told on the day before, and what became of it.

use jiff::ToSpan;
use sonae::app::App;
use sonae::office::checks::escalate::{Escalate, escalate};
use sonae::office::checks::facts::facts;
use sonae::office::checks::{CompanyDay, Who};
use sonae_core::access::StaffRole;
use sonae_core::calendar::{tokyo_date, tokyo_midnight};
use sonae_core::detection_check::verdict::Verdict;
use sonae_store::case;
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_telemetry::batch::{Batch, Origin, Source as Sender};
use sonae_telemetry::block::Packer;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::formats;
use sonae_telemetry::time::Receipt;

/// Two findings, the graver of which the device let through.
const TOLD: [(&str, &str, u8); 2] = [
    (
        "allowed",
        "EXAMPLE MALWARE beacon to a known control server",
        1,
    ),
    ("blocked", "EXAMPLE SCAN on ssh", 2),
];

/// Registers a device of three days and stores its lines of yesterday; what it told goes to the desk, handed on by the technician of that id.
pub(super) async fn watch(app: &App, receipt_number: &str, told: bool) -> Result<(), String> {
    let found = app.db.read(|tx| case::by_receipt(tx, receipt_number));
    let stored = found
        .map_err(|error| error.to_string())?
        .ok_or("no such case")?;
    let now = app.clock.now();
    let day = tokyo_date(now).saturating_sub(1.day());
    let from = tokyo_midnight(day.saturating_sub(2.days())).map_err(|error| error.to_string())?;
    let source = Source {
        id: format!("device-of-{receipt_number}"),
        application_id: stored.application_id.clone(),
        kind: Kind::Utm,
        product: "UTM(Suricata)".to_owned(),
        serial: "SN-0001".to_owned(),
        from,
        until: now + jiff::SignedDuration::from_hours(24 * 90),
        created_by: "command".to_owned(),
        created_at: from,
        ended_at: None,
    };
    let token = format!("no token of {receipt_number}");
    let added = (app.db).write(|tx| telemetry_source::add(tx, &source, &token));
    added.map_err(|error| error.to_string())?;
    let received_us = now.as_microsecond();
    let sender = Sender {
        id: source.id,
        company: stored.application_id.clone(),
        device: source.serial,
    };
    let origin = Origin::Sent {
        batch_id: "first".to_owned(),
        hash: [1; 32],
    };
    let arrival = Arrival {
        received_us,
        live: false,
    };
    let mut packer = Packer::new();
    let mut batch = Batch::begin(sender, origin, arrival, &mut packer);
    let lines = if told { alerts(day) } else { vec![flow(day)] };
    for line in &lines {
        let read = formats::read(line, None, Receipt::in_japan(received_us));
        batch.add(&read.record, line.as_bytes());
    }
    let detections = app.detections.get().map_err(|error| error.to_string())?;
    for stored in detections.store(&[batch.prepare()]) {
        stored.map_err(|error| error.to_string())?;
    }
    match told {
        true => hand_on(app, receipt_number, (&stored.application_id, day)).await,
        false => Ok(()),
    }
}

fn alerts(day: jiff::civil::Date) -> Vec<String> {
    let alert = |(number, (action, title, severity)): (usize, &(&str, &str, u8))| {
        format!(
            r#"{{"timestamp":"{day}T09:1{number}:00.000000+0900","event_type":"alert","src_ip":"192.0.2.10","src_port":50443,"dest_ip":"203.0.113.66","dest_port":443,"proto":"TCP","alert":{{"action":"{action}","gid":1,"signature_id":{number},"rev":1,"signature":"{title}","category":"A Network Trojan was detected","severity":{severity}}}}}"#
        )
    };
    TOLD.iter().enumerate().map(alert).collect()
}

/// A line that is no detection.
fn flow(day: jiff::civil::Date) -> String {
    format!(
        r#"{{"timestamp":"{day}T09:10:00.000000+0900","event_type":"flow","src_ip":"192.0.2.11","dest_ip":"198.51.100.1","proto":"TCP","flow":{{"state":"closed","reason":"timeout","alerted":false}}}}"#
    )
}

async fn hand_on(
    app: &App,
    receipt_number: &str,
    (company, day): (&str, jiff::civil::Date),
) -> Result<(), String> {
    let known = facts(app, company, day)
        .await
        .map_err(|error| error.to_string())?;
    let (group, _) = known.findings.first().ok_or("nothing was detected")?;
    let wish = Escalate {
        company_day: CompanyDay {
            receipt_number: receipt_number.to_owned(),
            day,
            who: Who {
                id: "technician".to_owned(),
                role: StaffRole::Technician,
            },
            at: app.clock.now(),
        },
        key: group.key(),
        verdict: Verdict::Suspicious,
        words: "経理の端末が、知られた制御サーバーにつながっています。端末を切り離したかを確かめてください。".to_owned(),
        version: 0,
    };
    let done = escalate(app, wish)
        .await
        .map_err(|error| error.to_string())?;
    done.map(|_| ()).map_err(|refusal| refusal.sentence)
}
