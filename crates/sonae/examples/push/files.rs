//! The same lines in files, which the command imports: the clock runs from the start of the program to its end, when everything is durable.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use sonae_telemetry::formats::Format;
use sonae_telemetry::generate::Plan;

use crate::Args;
use crate::devices::{FIRST_DAY, telemetry};

/// Files that are imported one after the other, as one company's.
const FILES: u64 = 4;
/// Different lines of a file; they are repeated until it is long enough.
const DIFFERENT: u32 = 16_000;

/// Writes files of lines, imports them into an empty folder and proves what is stored; the office's database is not needed for that.
pub(crate) fn measure(args: &Args, folder: &Path) -> Result<(), String> {
    let mut names = Vec::new();
    let mut bytes = 0;
    for file in 0..FILES {
        let path = folder.join(format!("eve-{file}.json"));
        bytes += write(&path, file, args.lines / FILES).map_err(|error| error.to_string())?;
        names.push(path.display().to_string());
    }
    let place = (args.server.as_path(), folder, args.database.as_str());
    let words = ["import", "--company", "measured", "--source", "utm"];
    let words: Vec<&str> = (words.into_iter())
        .chain(names.iter().map(String::as_str))
        .collect();
    let began = Instant::now();
    let told = telemetry(place, &words)?;
    let took = began.elapsed().as_secs_f64();
    let told: serde_json::Value = serde_json::from_str(&told).map_err(|error| error.to_string())?;
    let lines = told["lines"].as_u64().unwrap_or_default();
    println!(
        "{FILES} files: {lines} lines durable in {took:.1} s, {:.0} lines/s, {:.0} bytes a line, {:.0} MB/s",
        lines as f64 / took,
        bytes as f64 / lines.max(1) as f64,
        bytes as f64 / took / 1e6
    );
    print!("{}", telemetry(place, &["verify"])?);
    match lines == args.lines / FILES * FILES {
        true => Ok(()),
        false => Err(format!("{} lines were written", args.lines)),
    }
}

/// Gives the bytes of the file.
fn write(path: &Path, seed: u64, lines: u64) -> std::io::Result<u64> {
    let plan = Plan {
        seed,
        companies: 1,
        first_day: FIRST_DAY,
        days: 1,
        lines: DIFFERENT,
    };
    let (batch, _) = plan.batch(0, FIRST_DAY, Format::Suricata);
    let mut file = BufWriter::new(File::create(path)?);
    let mut bytes = 0;
    for line in batch.lines.iter().cycle().take(lines as usize) {
        writeln!(file, "{line}")?;
        bytes += line.len() as u64 + 1;
    }
    file.flush()?;
    Ok(bytes)
}
