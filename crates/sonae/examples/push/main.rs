//! Devices that push, measured: N connections send batches of generated EVE lines over HTTP, each the next as soon as the last one is durable.
//!
//! `cargo xtask bench push` builds and starts everything; this program is the devices. It checks what it measures: every batch is stored once, and what
//! is stored afterwards is what was acknowledged.

#[path = "../rush/client.rs"]
mod client;
mod devices;
mod files;
#[path = "../rush/server.rs"]
mod server;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use clap::Parser;

use client::Connection;
use devices::Device;
use server::Server;

/// A business day inside the window of the programme, after the days of the lines.
const CLOCK: &str = "2025-06-02T10:00:00+09:00";

#[derive(Parser)]
struct Args {
    /// The program to measure.
    #[arg(long)]
    server: std::path::PathBuf,
    /// `sqlite` or the URL of an empty PostgreSQL database.
    #[arg(long, default_value = "sqlite")]
    database: String,
    /// Connections at once; each is a device of its own, and four devices are of one company.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Lines of a batch.
    #[arg(long, default_value_t = 1_000)]
    batch: usize,
    /// Lines in all.
    #[arg(long, default_value_t = 3_000_000)]
    lines: u64,
    /// Send batches in gzip.
    #[arg(long)]
    gzip: bool,
    /// Import the lines from files instead.
    #[arg(long)]
    files: bool,
}

/// What all devices have done.
#[derive(Default)]
struct Done {
    /// Lines that somebody has taken to send.
    taken: AtomicU64,
    lines: AtomicU64,
    detections: AtomicU64,
    put_off: AtomicU64,
    bytes: AtomicU64,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let folder = std::env::temp_dir().join(format!("sonae-push-{}", std::process::id()));
    let outcome = runtime.block_on(measure(args, &folder));
    drop(std::fs::remove_dir_all(&folder));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("push: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(args: Args, folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    if args.files {
        return files::measure(&args, folder);
    }
    let url = match args.database.as_str() {
        "sqlite" => format!("sqlite:{}", folder.join("sonae.db").display()),
        url => url.to_owned(),
    };
    let server = Server::start(&args.server, folder, &url).await?;
    let place = (args.server.as_path(), folder, url.as_str());
    let devices = devices::lend(&server.address, place, &args).await?;
    let (before, busy) = (server.resident_mib(), server.cpu_seconds());
    let (args, done) = (Arc::new(args), Arc::new(Done::default()));
    let began = Instant::now();
    let tasks: Vec<_> = devices
        .into_iter()
        .map(|device| {
            let (args, done, address) = (args.clone(), done.clone(), server.address.clone());
            tokio::spawn(async move { device_sends(&address, &device, &args, &done).await })
        })
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.map_err(|error| error.to_string())??);
    }
    let took = began.elapsed().as_secs_f64();
    waits.sort_unstable();
    let at = |share: f64| {
        let place = (waits.len().saturating_sub(1) as f64 * share) as usize;
        waits
            .get(place)
            .map_or(f64::NAN, |wait| wait.as_secs_f64() * 1e3)
    };
    let lines = done.lines.load(Relaxed);
    let bytes = done.bytes.load(Relaxed) as f64;
    println!(
        "{} connections, batches of {} lines: {lines} lines durable in {took:.1} s, {:.0} lines/s, {:.0} bytes a line, {:.0} MB/s",
        args.connections,
        args.batch,
        lines as f64 / took,
        bytes / lines.max(1) as f64,
        bytes / took / 1e6
    );
    println!(
        "answer of a batch: p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms; {} put off",
        at(0.5),
        at(0.99),
        at(1.0),
        done.put_off.load(Relaxed)
    );
    println!(
        "server: resident {before:.1} MiB before, {:.1} MiB after, {:.1} MiB peak; {:.1} s of processor time",
        server.resident_mib(),
        server.peak_mib(),
        server.cpu_seconds() - busy
    );
    server.stop()?;
    server::verify(&args.server, folder, &url)?;
    devices::verify(place_of(&args, folder, &url), done.detections.load(Relaxed))?;
    let stored = std::fs::metadata(folder.join("detections.sqlite")).map_or(0, |file| file.len());
    if stored > 0 {
        println!(
            "stored: {:.1} bytes a line",
            stored as f64 / lines.max(1) as f64
        );
    }
    Ok(())
}

fn place_of<'a>(args: &'a Args, folder: &'a Path, url: &'a str) -> (&'a Path, &'a Path, &'a str) {
    (&args.server, folder, url)
}

/// Sends batch after batch until enough lines are on their way; gives how long each answer took.
async fn device_sends(
    address: &str,
    device: &Device,
    args: &Args,
    done: &Done,
) -> Result<Vec<Duration>, String> {
    let mut connection = Connection::open(address).await?;
    let mut waits = Vec::new();
    for number in 0.. {
        let parcel = &device.parcels[number % device.parcels.len()];
        if done.taken.fetch_add(parcel.lines, Relaxed) >= args.lines {
            break;
        }
        let request = device.request(number, parcel);
        loop {
            let began = Instant::now();
            let (status, body) = connection.send(&request).await?;
            match status {
                201 => {
                    waits.push(began.elapsed());
                    let told: serde_json::Value =
                        serde_json::from_slice(&body).map_err(|error| error.to_string())?;
                    let count = |key: &str| told[key].as_u64().unwrap_or_default();
                    done.lines.fetch_add(count("lines"), Relaxed);
                    done.detections.fetch_add(count("detections"), Relaxed);
                    done.bytes.fetch_add(parcel.plain, Relaxed);
                    break;
                }
                429 => {
                    done.put_off.fetch_add(1, Relaxed);
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
                _ => return Err(format!("{status}: {}", String::from_utf8_lossy(&body))),
            }
        }
    }
    Ok(waits)
}
