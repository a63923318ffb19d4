//! The opening rush, measured: N clients send complete applications at once to a course of 30 places, over HTTP.
//!
//! `cargo xtask bench rush` builds and starts everything; this program is the crowd. It checks what it measures: exactly 30 places
//! held, everybody else waiting, positions without gap, order and log in agreement, no error.

mod client;
mod load;
mod server;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;

use client::Connection;
use server::Server;

const PROGRAM: &str = "tokyo-r7-incident-response";
const COURSE: &str = "csirt";
const PLACES: i64 = 30;
/// A business day inside the window of the programme.
const CLOCK: &str = "2025-06-02T10:00:00+09:00";

#[derive(Parser)]
struct Args {
    /// The program to measure.
    #[arg(long)]
    server: std::path::PathBuf,
    /// `sqlite` or the URL of an empty PostgreSQL database.
    #[arg(long)]
    database: String,
    /// Clients at once.
    #[arg(long, default_value_t = 500)]
    clients: usize,
    /// Applications per client in the sustained part after the burst.
    #[arg(long, default_value_t = 40)]
    rounds: usize,
    /// Applications stored beforehand, to another course.
    #[arg(long, default_value_t = 0)]
    stored: usize,
    /// Requests for the programme page.
    #[arg(long, default_value_t = 100_000)]
    pages: usize,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match runtime.block_on(run(&args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("rush: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: &Args) -> Result<(), String> {
    let folder = std::env::temp_dir().join(format!("sonae-rush-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let url = match args.database.as_str() {
        "sqlite" => format!("sqlite:{}", folder.join("sonae.db").display()),
        url => url.to_owned(),
    };
    let outcome = measure(args, &folder, &url).await;
    drop(std::fs::remove_dir_all(&folder));
    outcome
}

async fn measure(args: &Args, folder: &std::path::Path, url: &str) -> Result<(), String> {
    let engine = if url.starts_with("sqlite") {
        "SQLite"
    } else {
        "PostgreSQL"
    };
    if args.stored > 0 {
        let began = Instant::now();
        let (url, stored) = (url.to_owned(), args.stored);
        // The PostgreSQL driver blocks, which a task of the runtime must not.
        let loaded = tokio::task::spawn_blocking(move || load::applications(&url, stored));
        loaded.await.map_err(|error| error.to_string())??;
        println!(
            "{engine}: {} applications stored beforehand in {:.1} s",
            args.stored,
            began.elapsed().as_secs_f64()
        );
    }
    let server = Server::start(&args.server, folder, url).await?;
    let before = server.resident_mib();
    burst(args, engine, &server).await?;
    if args.rounds > 0 {
        sustained(args, engine, &server).await?;
    }
    println!(
        "{engine}: resident memory {before:.1} MiB before, {:.1} MiB after, {:.1} MiB peak",
        server.resident_mib(),
        server.peak_mib()
    );
    if args.pages > 0 {
        let (rate, p99) = pages(&server.address, 64, args.pages).await?;
        println!(
            "{engine}: programme page: {rate:.0} requests/s, p99 {:.1} ms",
            p99.as_secs_f64() * 1e3
        );
        println!(
            "{engine}: resident memory at the end {:.1} MiB",
            server.resident_mib()
        );
    }
    server.stop()?;
    let began = Instant::now();
    server::verify(&args.server, folder, url)?;
    println!(
        "{engine}: verify took {:.2} s",
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// Everybody is connected and sends one application at the same moment.
async fn burst(args: &Args, engine: &str, server: &Server) -> Result<(), String> {
    let burst = crowd(&server.address, args.clients, 1, 0).await?;
    burst.check_order(1)?;
    let count = |state: &str| {
        burst
            .answers
            .iter()
            .filter(|answer| answer.state == state)
            .count()
    };
    let (held, waiting) = (count("held"), count("waiting"));
    println!(
        "{engine}: burst of {} at once: {}",
        args.clients,
        burst.figures()
    );
    println!(
        "{engine}: held {held}, waiting {waiting}, errors {}",
        burst.errors
    );
    if held != args.clients.min(PLACES as usize)
        || held + waiting != args.clients
        || burst.errors > 0
    {
        return Err("the burst did not give 30 places and a waiting list".to_owned());
    }
    Ok(())
}

/// The same crowd going on, so that the rate does not rest on a tenth of a second.
async fn sustained(args: &Args, engine: &str, server: &Server) -> Result<(), String> {
    let cpu = server.cpu_seconds();
    let crowd = crowd(&server.address, args.clients, args.rounds, 1).await?;
    crowd.check_order(args.clients as i64 + 1)?;
    println!(
        "{engine}: {} more, {} clients: {}",
        crowd.answers.len(),
        args.clients,
        crowd.figures()
    );
    println!(
        "{engine}: processor time of the server {:.0} µs a submission",
        (server.cpu_seconds() - cpu) / crowd.answers.len() as f64 * 1e6
    );
    if crowd.errors > 0 {
        Err(format!("{} errors", crowd.errors))
    } else {
        Ok(())
    }
}

struct Answer {
    latency: Duration,
    position: i64,
    state: String,
    log_index: i64,
}

struct Crowd {
    answers: Vec<Answer>,
    errors: usize,
    elapsed: Duration,
}

impl Crowd {
    fn figures(&self) -> String {
        let mut latencies: Vec<Duration> =
            self.answers.iter().map(|answer| answer.latency).collect();
        latencies.sort();
        let at = |share: f64| {
            latencies
                .get(
                    ((latencies.len() as f64 * share) as usize)
                        .min(latencies.len().saturating_sub(1)),
                )
                .map_or(0.0, |l| l.as_secs_f64() * 1e3)
        };
        format!(
            "{:.0} submissions/s, p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms",
            self.answers.len() as f64 / self.elapsed.as_secs_f64(),
            at(0.5),
            at(0.99),
            at(1.0)
        )
    }

    /// Positions are consecutive from `first`, held exactly up to the number of places, and the log has the same order.
    fn check_order(&self, first: i64) -> Result<(), String> {
        let mut answers: Vec<&Answer> = self.answers.iter().collect();
        answers.sort_by_key(|answer| answer.position);
        for (answer, position) in answers.iter().zip(first..) {
            let state = if position <= PLACES {
                "held"
            } else {
                "waiting"
            };
            if answer.position != position || answer.state != state {
                return Err(format!(
                    "position {position}: got {} {}",
                    answer.position, answer.state
                ));
            }
        }
        if !answers.is_sorted_by_key(|answer| answer.log_index) {
            return Err("log and positions disagree on the order".to_owned());
        }
        Ok(())
    }
}

/// `clients` connections that each send `rounds` applications, starting together.
async fn crowd(
    address: &str,
    clients: usize,
    rounds: usize,
    series: usize,
) -> Result<Crowd, String> {
    let start = Arc::new(tokio::sync::Barrier::new(clients + 1));
    let mut tasks = Vec::with_capacity(clients);
    for client in 0..clients {
        let mut connection = Connection::open(address).await?;
        let requests: Vec<Vec<u8>> = (0..rounds)
            .map(|round| client::submission(PROGRAM, COURSE, &format!("{series}-{client}-{round}")))
            .collect();
        let start = start.clone();
        tasks.push(tokio::spawn(async move {
            start.wait().await;
            let mut answers = Vec::with_capacity(requests.len());
            let mut errors = 0;
            for request in &requests {
                let began = Instant::now();
                let answer = connection.send(request).await.and_then(|(status, body)| {
                    if status != 201 {
                        return Err(format!("{status}: {}", String::from_utf8_lossy(&body)));
                    }
                    parse(&body, began.elapsed())
                });
                match answer {
                    Ok(answer) => answers.push(answer),
                    Err(message) => {
                        if errors == 0 {
                            eprintln!("rush: {message}");
                        }
                        errors += 1;
                    }
                }
            }
            (answers, errors)
        }));
    }
    start.wait().await;
    let began = Instant::now();
    let mut crowd = Crowd {
        answers: Vec::new(),
        errors: 0,
        elapsed: Duration::ZERO,
    };
    for task in tasks {
        let (answers, errors) = task.await.map_err(|error| error.to_string())?;
        crowd.answers.extend(answers);
        crowd.errors += errors;
    }
    crowd.elapsed = began.elapsed();
    Ok(crowd)
}

fn parse(body: &[u8], latency: Duration) -> Result<Answer, String> {
    let receipt: serde_json::Value =
        serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let place = &receipt["places"][0];
    Ok(Answer {
        latency,
        position: place["position"].as_i64().ok_or("no position")?,
        state: place["state"].as_str().ok_or("no state")?.to_owned(),
        log_index: receipt["log_index"].as_i64().ok_or("no log index")?,
    })
}

/// Requests the programme page again and again; gives requests per second and the 99th percentile.
async fn pages(address: &str, clients: usize, total: usize) -> Result<(f64, Duration), String> {
    let request = client::get(&format!("/programs/{PROGRAM}"));
    let began = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..clients {
        let (address, request) = (address.to_owned(), request.clone());
        tasks.push(tokio::spawn(async move {
            let mut connection = Connection::open(&address).await?;
            let mut latencies = Vec::with_capacity(total / clients);
            for _ in 0..total / clients {
                let began = Instant::now();
                let (status, _) = connection.send(&request).await?;
                if status != 200 {
                    return Err(format!("the programme page answered {status}"));
                }
                latencies.push(began.elapsed());
            }
            Ok(latencies)
        }));
    }
    let mut latencies = Vec::with_capacity(total);
    for task in tasks {
        latencies.extend(task.await.map_err(|error| error.to_string())??);
    }
    latencies.sort();
    let p99 = latencies[latencies.len() * 99 / 100];
    Ok((latencies.len() as f64 / began.elapsed().as_secs_f64(), p99))
}
