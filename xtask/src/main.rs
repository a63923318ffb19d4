//! Commands for people who work on Sonae: `cargo xtask COMMAND`.

mod bench;
mod browser;
mod clickhouse;
mod fuzz;
mod postcodes;
mod postgres;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  bench        measure the opening rush, the office, the papers or the reading of logs (--help tells more)
  test         install what tests need and run them all, on SQLite and PostgreSQL and in a browser
  clickhouse-current
               the tests of the cluster of detections on the newest ClickHouse engine (a download of 176 MB)
  browser      only the tests in a browser
  fuzz         change programme files and bodies at random for --minutes N, or lines of devices (fuzz telemetry); nothing may panic
  postcodes    rebuild the postcode table from the files of 日本郵便 (--help tells more)
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    let outcome = match command.as_str() {
        "test" => test::run(&rest),
        "bench" => bench::run(&rest),
        "browser" => browser::run(),
        "clickhouse-current" => clickhouse::current(&rest),
        "fuzz" => fuzz::run(&rest),
        "postcodes" => postcodes::run(&rest),
        "" | "help" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        unknown => Err(format!(
            "unknown command {unknown:?}; `cargo xtask help` lists the commands"
        )),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}
