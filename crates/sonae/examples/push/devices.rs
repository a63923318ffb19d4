//! The devices: companies that apply, tokens made by the command, and lines that are generated before anything is measured.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use flate2::Compression;
use flate2::write::GzEncoder;
use sonae_telemetry::formats::Format;
use sonae_telemetry::generate::Plan;

use crate::Args;
use crate::client::{self, Connection};

const PROGRAM: &str = "tokyo-r7-incident-response";
const COURSE: &str = "csirt";
/// Different batches of a device; they are sent by turns under ids of their own.
const PARCELS: usize = 16;
/// Days since 1970-01-01 in Tokyo: 2025-05-30, within the week before the server's clock.
pub(crate) const FIRST_DAY: i64 = 20_238;

/// Where the program, its data folder and its database are.
pub(crate) type Place<'a> = (&'a Path, &'a Path, &'a str);

pub(crate) struct Device {
    serial: String,
    token: String,
    gzip: bool,
    pub(crate) parcels: Vec<Parcel>,
}

pub(crate) struct Parcel {
    pub(crate) lines: u64,
    /// Bytes before they are compressed.
    pub(crate) plain: u64,
    body: Vec<u8>,
}

impl Device {
    pub(crate) fn request(&self, number: usize, parcel: &Parcel) -> Vec<u8> {
        let encoding = match self.gzip {
            true => "Content-Encoding: gzip\r\n",
            false => "",
        };
        let mut request = format!(
            "POST /api/v1/telemetry/batches HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nBatch-Id: {}-{number}\r\n\
             Content-Type: application/x-ndjson\r\n{encoding}Content-Length: {}\r\n\r\n",
            self.token,
            self.serial,
            parcel.body.len()
        )
        .into_bytes();
        request.extend_from_slice(&parcel.body);
        request
    }
}

/// Companies apply, and each is lent four devices.
pub(crate) async fn lend(
    address: &str,
    place: Place<'_>,
    args: &Args,
) -> Result<Vec<Device>, String> {
    let mut connection = Connection::open(address).await?;
    let mut devices = Vec::with_capacity(args.connections);
    let mut number = String::new();
    for device in 0..args.connections {
        if device % 4 == 0 {
            let name = format!("push-{device}");
            let request = client::submission(PROGRAM, COURSE, &name);
            let (status, body) = connection.send(&request).await?;
            let told: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
            let given = told["receipt_number"].as_str();
            given.unwrap_or_default().clone_into(&mut number);
            if number.is_empty() {
                return Err(format!("an application was answered with {status}"));
            }
        }
        let serial = format!("SN-{device}");
        #[rustfmt::skip]
        let words = ["source", "add", "--company", &number, "--source", "utm", "--product", "Invented", "--serial", &serial, "--from", "2025-06-01", "--to", "2025-06-30"];
        devices.push(Device {
            token: telemetry(place, &words)?.trim().to_owned(),
            serial,
            gzip: args.gzip,
            parcels: parcels(device, args),
        });
    }
    Ok(devices)
}

/// Lines of a Suricata, cut into batches.
fn parcels(device: usize, args: &Args) -> Vec<Parcel> {
    let plan = Plan {
        seed: device as u64,
        companies: 1,
        first_day: FIRST_DAY,
        days: 1,
        // A day differs by a half from what is usual.
        lines: u32::try_from(args.batch * PARCELS * 2).unwrap_or(u32::MAX),
    };
    let (batch, _) = plan.batch(0, FIRST_DAY, Format::Suricata);
    let chunks = batch.lines.chunks(args.batch).take(PARCELS);
    let parcel = |lines: &[String]| {
        let plain = lines.join("\n").into_bytes();
        Parcel {
            lines: lines.len() as u64,
            plain: plain.len() as u64,
            body: match args.gzip {
                true => gzip(&plain),
                false => plain,
            },
        }
    };
    chunks.map(parcel).collect()
}

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(plain).expect("memory takes everything");
    gzip.finish().expect("memory takes everything")
}

/// The detections prove themselves and are as many as were acknowledged.
pub(crate) fn verify(place: Place<'_>, acknowledged: u64) -> Result<(), String> {
    let told = telemetry(place, &["verify"])?;
    print!("{told}");
    match told.contains(&format!("検知 {acknowledged}件")) {
        true => Ok(()),
        false => Err(format!("{acknowledged} detections were acknowledged")),
    }
}

/// Runs `sonae telemetry …` and gives what it prints.
pub(crate) fn telemetry(
    (program, folder, url): Place<'_>,
    words: &[&str],
) -> Result<String, String> {
    let mut command = Command::new(program);
    command
        .arg("telemetry")
        .args(words)
        .arg("--data")
        .arg(folder);
    if !url.starts_with("sqlite") {
        command.args(["--database", url]);
    }
    let output = command.output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}
