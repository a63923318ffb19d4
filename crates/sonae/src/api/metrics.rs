//! `GET /metrics`: counters and gauges for Prometheus (text format 0.0.4).

use std::time::Duration;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::app::App;
use crate::metrics::{head, line};
use crate::telemetry::writer::Counted;

/// How long the database may take; beyond it the answer comes without what it would have said.
const WITHIN: Duration = Duration::from_secs(2);

pub async fn show(State(app): State<App>) -> impl IntoResponse {
    let mut text = app.metrics.text();
    gauge(
        &mut text,
        "sonae_intake_queue",
        "Submissions that stand at the door.",
        app.intake.waiting() as u64,
    );
    batches(&mut text, app.writer.counted());
    if let Some(bytes) = resident_bytes() {
        gauge(
            &mut text,
            "process_resident_memory_bytes",
            "Resident memory size in bytes.",
            bytes,
        );
    }
    gauge(
        &mut text,
        "sonae_rehearsal",
        "1 while the clock is not the system's.",
        u64::from(app.clock.is_rehearsal()),
    );
    refused(&app, &mut text);
    outbox(&app, &mut text).await;
    (
        [(
            header::CONTENT_TYPE,
            "text/plain; version=0.0.4; charset=utf-8",
        )],
        text,
    )
}

/// What devices sent, by what became of it.
fn batches(text: &mut String, counted: Counted) {
    const BATCHES: &str = "sonae_telemetry_batches_total";
    head(
        text,
        BATCHES,
        "counter",
        "Batches of devices' lines by what they came to.",
    );
    for (outcome, count) in [
        ("stored", counted.batches),
        ("again", counted.again),
        ("refused", counted.refused),
        ("failed", counted.failed),
    ] {
        line(
            text,
            format_args!("{BATCHES}{{outcome=\"{outcome}\"}} {count}"),
        );
    }
    for (name, help, count) in [
        (
            "sonae_telemetry_lines_total",
            "Lines of devices that were stored.",
            counted.lines,
        ),
        (
            "sonae_telemetry_transactions_total",
            "Transactions that stored batches.",
            counted.groups,
        ),
    ] {
        head(text, name, "counter", help);
        line(text, format_args!("{name} {count}"));
    }
    gauge(
        text,
        "sonae_telemetry_queue",
        "Batches that wait to be stored.",
        counted.waiting,
    );
    gauge(
        text,
        "sonae_telemetry_queue_bytes",
        "Bytes of batches that wait to be stored.",
        counted.kib * 1024,
    );
}

fn refused(app: &App, text: &mut String) {
    const NAME: &str = "sonae_detections_refused_total";
    head(
        text,
        NAME,
        "counter",
        "Lines and connections of devices that were not taken, by reason.",
    );
    for (why, count) in app.ledger.totals() {
        let why = why.as_str();
        line(text, format_args!("{NAME}{{why=\"{why}\"}} {count}"));
    }
}

async fn outbox(app: &App, text: &mut String) {
    const NAME: &str = "sonae_outbox_mails";
    match tokio::time::timeout(WITHIN, app.read(sonae_store::outbox::counts)).await {
        Ok(Ok(counts)) => {
            head(text, NAME, "gauge", "Mails in the outbox by state.");
            for (state, count) in counts {
                line(text, format_args!("{NAME}{{state=\"{state}\"}} {count}"));
            }
        }
        Ok(Err(error)) => tracing::warn!(%error, "metrics without the outbox"),
        Err(_) => tracing::warn!("metrics without the outbox: the database takes too long"),
    }
}

fn gauge(text: &mut String, name: &str, help: &str, value: u64) {
    head(text, name, "gauge", help);
    line(text, format_args!("{name} {value}"));
}

/// Resident memory by `/proc/self/status`; none where the system has no such file.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let kibibytes = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?
        .trim()
        .strip_suffix(" kB")?;
    kibibytes.parse::<u64>().ok().map(|value| value * 1024)
}
