//! The command line.

use std::io::stdout;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use sonae::commands;
use sonae::config::ServeArgs;

/// 備え: 中小企業のサイバーセキュリティ支援事業を、募集から成果報告まで運営するプログラム
#[derive(Parser)]
#[command(name = "sonae", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// サービスを始めます
    Serve(ServeArgs),
    /// 事業の定義を確かめます
    #[command(subcommand)]
    Program(ProgramCommand),
}

#[derive(Subcommand)]
enum ProgramCommand {
    /// 事業のフォルダーを調べ、直すところがあれば ファイル:行 で示します
    Check {
        #[arg(required = true, value_name = "DIR")]
        dirs: Vec<PathBuf>,
    },
    /// 事業のファイルのJSON Schemaを書き出します
    Schema {
        #[arg(value_name = "DIR", default_value = "programs/schema")]
        dir: PathBuf,
    },
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Serve(args) => sonae::serve::serve(args).map_err(|error| error.to_string()),
        Command::Program(ProgramCommand::Check { dirs }) => {
            commands::program::check(&dirs, &mut stdout()).map_err(|messages| messages.to_string())
        }
        Command::Program(ProgramCommand::Schema { dir }) => {
            commands::program::schema(&dir).map_err(|messages| messages.to_string())
        }
    }
}
