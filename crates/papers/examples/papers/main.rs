//! Measures how long papers take to become PDF and Word, in one process and warm. `cargo xtask bench papers` runs it.

mod process;
mod rivals;
#[path = "../../tests/pdf/sample.rs"]
#[expect(dead_code, reason = "the samples are those of the tests")]
mod sample;

use std::time::{Duration, Instant};

use sonae_papers::Document;
use sonae_papers::docx::word;
use sonae_papers::pdf::write;

const HELP: &str = "\
papers [--rounds N] [--papers N] [--threads N] [--rivals]

  --rounds   how often each paper is written for the median (default 30)
  --papers   how many papers are written one after another for memory and speed (default 1000; 0 leaves it out)
  --threads  how many write at once (default 2)
  --rivals   also WeasyPrint, Chromium and LibreOffice on the same text, where they are installed
";

/// What is measured.
struct Wanted {
    rounds: u32,
    papers: usize,
    threads: usize,
    rivals: bool,
}

fn main() {
    let Some(wanted) = wanted() else {
        print!("{HELP}");
        std::process::exit(2);
    };
    let start = Instant::now();
    write(&sample::report()).expect("laid out");
    println!(
        "first paper of the process: {} ms",
        start.elapsed().as_millis()
    );
    for (name, document) in [("report", sample::report()), ("plan", sample::plan())] {
        alone(name, &document, wanted.rounds);
    }
    if wanted.papers > 0 {
        many(&wanted);
    }
    if wanted.rivals {
        rivals::run(&sample::report(), wanted.rounds.min(5));
    }
}

fn wanted() -> Option<Wanted> {
    let mut wanted = Wanted {
        rounds: 30,
        papers: 1000,
        threads: 2,
        rivals: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => wanted.rounds = arguments.next()?.parse().ok()?,
            "--papers" => wanted.papers = arguments.next()?.parse().ok()?,
            "--threads" => wanted.threads = arguments.next()?.parse().ok()?,
            "--rivals" => wanted.rivals = true,
            _ => return None,
        }
    }
    Some(wanted)
}

/// The same paper for ever another company, or what Typst remembers would be measured.
fn of_company(document: &Document, number: usize) -> Document {
    let mut other = document.clone();
    other.company = format!("株式会社見本{number:04}");
    for block in &mut other.blocks {
        if let sonae_core::paper::document::Body::Paragraph { text } = &mut block.body {
            text.extend(sample::text(&format!("（会社{number:04}）")));
        }
    }
    other
}

fn alone(name: &str, document: &Document, rounds: u32) {
    let mut pages = 0;
    measured(&format!("{name} as PDF"), document, rounds, |document| {
        let pdf = write(document).expect("laid out");
        pages = pdf.pages;
        pdf.bytes.len()
    });
    measured(&format!("{name} as Word"), document, rounds, |document| {
        word(document).expect("written").len()
    });
    println!("{name}: {pages} pages");
}

/// How long a writer takes; it gives the size of its file.
fn measured(
    name: &str,
    document: &Document,
    rounds: u32,
    mut writer: impl FnMut(&Document) -> usize,
) {
    let mut wall = Vec::new();
    let mut cpu = Vec::new();
    let mut size = 0;
    for round in 0..rounds {
        let document = of_company(document, round as usize);
        let (start, before) = (Instant::now(), process::cpu());
        size = writer(&document);
        wall.push(start.elapsed());
        cpu.push(process::cpu().saturating_sub(before));
    }
    println!(
        "{name}: {} kB; median {:.1} ms CPU, {:.1} ms on the clock",
        size / 1024,
        median(&mut cpu).as_secs_f64() * 1000.0,
        median(&mut wall).as_secs_f64() * 1000.0
    );
}

pub(crate) fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Papers of both sizes, nine short ones to a long one.
fn many(wanted: &Wanted) {
    let (short, long) = (sample::report(), sample::plan());
    let (start, before) = (Instant::now(), process::all_cpu());
    std::thread::scope(|scope| {
        for thread in 0..wanted.threads {
            let (short, long) = (&short, &long);
            scope.spawn(move || {
                for number in (thread..wanted.papers).step_by(wanted.threads) {
                    let document = if number % 10 == 9 { long } else { short };
                    write(&of_company(document, number)).expect("laid out");
                }
            });
        }
    });
    let (time, cpu) = (start.elapsed(), process::all_cpu().saturating_sub(before));
    println!(
        "{} papers on {} threads: {:.1} s, {:.1} s CPU, at most {} MB of memory",
        wanted.papers,
        wanted.threads,
        time.as_secs_f64(),
        cpu.as_secs_f64(),
        process::peak_memory() / 1_000_000
    );
}
