//! The office's pages over many cases, measured: how long the server takes for each at some number of cases.
//!
//! `cargo xtask bench office` builds and starts this. Requests go through the whole router in this process, without a network; the clock is
//! that of the server alone. The engine's plans are printed, so that whoever measures looks at them.

mod ask;
mod cases;
mod checks;
mod further;
mod measure;
mod work;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use sonae::app::App;
use sonae::clock::Clock;
use sonae::config::ServeArgs;
use sonae::serve;
use sonae_store::queue::{self, Scope, Sort, View, Wanted};

/// When the measured office works: half a year after the second programme opened.
pub(crate) const NOW: &str = "2025-12-01T10:00:00+09:00";

#[derive(Parser)]
struct Args {
    /// How many cases.
    #[arg(long, default_value_t = 2_000)]
    cases: usize,
    /// Requests of each kind.
    #[arg(long, default_value_t = 200)]
    requests: usize,
    /// Prints the engine's plans as well.
    #[arg(long)]
    plans: bool,
    /// Whether the engine is told to look at its tables first, as PostgreSQL does by itself after a while.
    #[arg(long)]
    analyze: bool,
    #[command(flatten)]
    serve: ServeArgs,
}

fn main() -> ExitCode {
    match run(Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("office: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Our programmes with places for most, so that cases come to their end and do not all wait.
fn roomy(data: &Path) -> std::io::Result<PathBuf> {
    let (from, to) = (
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../programs")),
        data.join("programs"),
    );
    for name in ["tokyo-r6-basic-measures", "tokyo-r7-incident-response"] {
        std::fs::create_dir_all(to.join(name))?;
        for file in std::fs::read_dir(from.join(name))? {
            let file = file?;
            let text = std::fs::read_to_string(file.path())?;
            let text = text.replace("\nplaces = 30\n", "\nplaces = 40000\n");
            std::fs::write(to.join(name).join(file.file_name()), text)?;
        }
    }
    Ok(to)
}

fn run(mut args: Args) -> Result<(), String> {
    if args.serve.programs.is_none() {
        let programs = roomy(&args.serve.data.data).map_err(|error| error.to_string())?;
        args.serve.programs = Some(programs);
    }
    let clock = Clock::stopped(NOW.parse().expect("a fixed instant"));
    let app = serve::start_at(args.serve, clock).map_err(|error| error.to_string())?;
    let engine = app.db.engine();
    let began = Instant::now();
    cases::store(&app, args.cases)?;
    work::store(&app)?;
    println!(
        "{engine}: {} cases stored in {:.1} s",
        args.cases,
        began.elapsed().as_secs_f64()
    );
    if args.analyze {
        let looked = app.db.write(|tx| tx.execute("ANALYZE", &[]).map(|_| ()));
        looked.map_err(|error| error.to_string())?;
    }
    if args.plans {
        plans(&app)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let outcome = runtime.block_on(measure::all(&app, args.requests));
    app.intake.close();
    outcome
}

/// The plans of what is measured, for a person to read.
fn plans(app: &App) -> Result<(), String> {
    let asker = measure::asker(app);
    let of = |view| Wanted::of(Scope::All, view);
    let mut asked: Vec<(String, Wanted, Sort)> = (View::ALL.into_iter())
        .map(|view| (format!("{view:?}"), of(view), view.order()))
        .collect();
    for sort in Sort::ALL {
        asked.push((format!("All {sort:?}"), of(View::All), sort));
    }
    let search = Wanted {
        search: Some("青嵐".into()),
        ..of(View::All)
    };
    asked.push(("search".into(), search, Sort::Newest));
    let course = Wanted {
        course: Some("csirt".into()),
        ..of(View::All)
    };
    asked.push(("course".into(), course.clone(), Sort::Newest));
    let overdue = Wanted {
        view: View::Overdue,
        ..course
    };
    asked.push(("course, Overdue".into(), overdue, Sort::Due));
    for (name, wanted, sort) in asked {
        let read = app.db.read(|tx| {
            let page = queue::page_plan(tx, &wanted, &asker, sort, None)?;
            Ok::<_, sonae_store::StoreError>((page, queue::count_plan(tx, &wanted, &asker)?))
        });
        let (page, count) = read.map_err(|error| error.to_string())?;
        println!("plan of {name}:\n  {}", page.join("\n  "));
        println!("  counted:\n  {}", count.join("\n  "));
    }
    Ok(())
}
