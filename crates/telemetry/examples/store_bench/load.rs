//! Generated lines into the database.

use std::sync::Mutex;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use sonae_telemetry::batch::{Batch, MOST_LINES, Origin, Prepared, Source};
use sonae_telemetry::block::Packer;
use sonae_telemetry::detection::Record;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::device_clock::Arrival;
use sonae_telemetry::formats::{self, Format};
use sonae_telemetry::generate::Plan;
use sonae_telemetry::time::Receipt;
use sonae_telemetry::{Day, ingest};

use crate::{FIRST_DAY, peak_memory};

/// Lines of a portion that is generated before it is measured: about 60 MB.
const PORTION: usize = 60_000;
pub(crate) const THREADS: usize = 2;
/// Prepared batches that may wait for the writer.
const WAITING: usize = 32;

type Work = (u32, i64, Vec<String>);

/// Fills the database with detections of Suricata, which are the longest lines.
pub(crate) fn fill(detections: &Detections, plan: Plan) {
    let (mut spent, mut lines, mut bytes) = (Duration::ZERO, 0, 0);
    let mut portion: Vec<Work> = Vec::new();
    for day in FIRST_DAY..FIRST_DAY + i64::from(plan.days) {
        for company in 0..plan.companies {
            let (batch, _) = plan.batch(company, day, Format::Suricata);
            let mut alerts = batch.lines;
            alerts.retain(|line| is_detection(line));
            portion.push((company, day, alerts));
            let size: usize = portion.iter().map(|(_, _, lines)| lines.len()).sum();
            let last = company + 1 == plan.companies && day + 1 == FIRST_DAY + i64::from(plan.days);
            if size >= PORTION || last {
                lines += size;
                bytes += portion
                    .iter()
                    .flat_map(|work| &work.2)
                    .map(String::len)
                    .sum::<usize>();
                let started = Instant::now();
                store(detections, std::mem::take(&mut portion));
                spent += started.elapsed();
            }
        }
    }
    let stored = detections.stored().expect("a size");
    println!(
        "stored {lines} detections of {} bytes: {:.0} lines/s durable, {} bytes of blocks per line, peak memory {} MB",
        bytes / lines.max(1),
        lines as f64 / spent.as_secs_f64(),
        stored / lines.max(1) as i64,
        peak_memory() / 1_000_000,
    );
}

fn is_detection(line: &str) -> bool {
    let reading = formats::read(line, Some(Format::Suricata), Receipt::in_japan(0));
    matches!(reading.record, Record::Detection(_))
}

/// From bytes to the commit, as a program does it.
fn store(detections: &Detections, portion: Vec<Work>) {
    let queue = Mutex::new(portion.into_iter());
    let (sender, receiver) = sync_channel::<Prepared>(WAITING);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            let sender = sender.clone();
            let queue = &queue;
            scope.spawn(move || {
                let mut packer = Packer::new();
                loop {
                    let work = queue.lock().expect("nobody panics").next();
                    let Some((company, day, lines)) = work else {
                        return;
                    };
                    for (part, lines) in lines.chunks(MOST_LINES).enumerate() {
                        let ready = prepare(company, (day, part), lines, &mut packer);
                        sender.send(ready).expect("the writer waits");
                    }
                }
            });
        }
        drop(sender);
        while let Ok(first) = receiver.recv() {
            let mut group = vec![first];
            group.extend(receiver.try_iter().take(ingest::MOST_BATCHES - 1));
            for answer in detections.store(&group) {
                answer.expect("stored");
            }
        }
    });
}

fn prepare(
    company: u32,
    (day, part): (i64, usize),
    lines: &[String],
    packer: &mut Packer,
) -> Prepared {
    let received_us = Day(day + 1).start_us();
    let source = Source {
        id: format!("source {company}"),
        company: format!("company {company}"),
        device: format!("SN{company}"),
    };
    let origin = Origin::Sent {
        batch_id: format!("{day} {part}"),
        hash: [0; 32],
    };
    let arrival = Arrival {
        received_us,
        live: true,
    };
    let mut batch = Batch::begin(source, origin, arrival, packer);
    let receipt = Receipt::in_japan(received_us);
    let mut hint = None;
    for line in lines {
        let reading = formats::read(line, hint, receipt);
        hint = reading.format;
        batch.add(&reading.record, line.as_bytes());
    }
    batch.prepare()
}
