//! The command line.

use std::io::stdout;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use sonae::commands;
use sonae::config::{DataArgs, ServeArgs};
use sonae::error::CommandError;
use sonae::usage::{in_japanese, sentence};

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
    Serve(Box<ServeArgs>),
    /// 両方の事業を、架空の会社の申込みとともに、募集が始まった日々から始めます
    Demo {
        /// デモのデータを置くフォルダー
        #[arg(
            long,
            env = "SONAE_DATA",
            default_value = "./sonae-demo-data",
            value_name = "DIR"
        )]
        data: PathBuf,
        /// 待ち受けるアドレスとポート
        #[arg(
            long,
            env = "SONAE_LISTEN",
            default_value = "127.0.0.1:8080",
            value_name = "ADDRESS"
        )]
        listen: std::net::SocketAddr,
    },
    /// 記録の鎖、受付の順番、枠を突き合わせて確かめます
    Verify(DataArgs),
    /// 動かしたまま控えを作り、確かめます
    Backup {
        #[command(flatten)]
        data: DataArgs,
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// 検知(FILE.detections)は控えません
        #[arg(long)]
        only_office: bool,
    },
    /// 控えを空のフォルダー(または空のデータベース)に戻します
    Restore {
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        data: DataArgs,
    },
    /// データベースを移します(SQLiteとPostgreSQLのどちらからどちらへも)
    CopyDatabase {
        #[arg(long, value_name = "URL")]
        from: String,
        #[arg(long, value_name = "URL")]
        to: String,
    },
    /// 事業の定義を確かめます
    #[command(subcommand)]
    Program(ProgramCommand),
    /// 過去の支援の名簿を扱います
    #[command(subcommand)]
    EarlierSupport(EarlierSupportCommand),
    /// 文書(基本方針、規程、台帳、CSIRT、IT-BCP)を作ります
    #[command(subcommand)]
    Paper(PaperCommand),
    /// UTMとEDRの検知を扱います(取込み、月の数字、検索、検算、書出し、消去)
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
    /// 運営システムの利用者を登録します
    #[command(subcommand)]
    User(UserCommand),
    /// ほかのシステムがAPIを使うためのトークンを作ります
    #[command(subcommand)]
    Token(TokenCommand),
}

#[derive(Subcommand)]
enum EarlierSupportCommand {
    /// 名簿を読み取り、直すところがなければ取り込みます
    Import(commands::earlier_support::ImportArgs),
}

#[derive(Subcommand)]
enum PaperCommand {
    /// 作れる文書を、種類、名前、形式の順に1行ずつ表示します
    List,
    /// 文書を1つ作ります
    Make(Box<commands::paper::MakeArgs>),
}

#[derive(Subcommand)]
enum TelemetryCommand {
    /// ログのファイルを取り込み、結果をJSONで1行表示します。同じファイルをもう一度取り込んでも何も変わりません
    Import(commands::telemetry::import::ImportArgs),
    /// 会社の1か月の数字を書き出します
    Report(commands::telemetry::report::ReportArgs),
    /// 会社の検知を、新しい順に1行ずつ表示します
    Search(commands::telemetry::search::SearchArgs),
    /// すべての行を数え直し、数字と一致することを確かめます
    Verify(DataArgs),
    /// 答えの分かっている架空のログを作ります
    Generate(commands::telemetry::generate::GenerateArgs),
    /// 会社の検知をすべて消し、残っていないことを示します
    Forget(commands::telemetry::CompanyArgs),
    /// 会社の検知をすべて、OCSFのJSONで1行ずつ書き出します
    Export(commands::telemetry::export::ExportArgs),
    /// ログを送る機器を登録します
    #[command(subcommand)]
    Source(SourceCommand),
}

#[derive(Subcommand)]
enum SourceCommand {
    /// 機器を登録し、トークンを1回だけ表示します
    Add(commands::telemetry::source::AddArgs),
    /// 会社の機器を、番号、種類、期間、状態、製造番号、製品の順に1行ずつ表示します
    List(commands::telemetry::source::ListArgs),
    /// 登録した機器に、syslogのポートを割り当てて表示します。何時間届かなければ知らせるかも、変えられます
    Listen(commands::telemetry::listening::ListenArgs),
    /// 機器の登録を終えます。届いた行は残ります
    End(commands::telemetry::source::EndArgs),
}

#[derive(Subcommand)]
enum UserCommand {
    /// 利用者を登録し、サインインのリンクを表示します
    Add(commands::user::AddArgs),
    /// 利用者を、役割、状態、アドレス、名前の順に1行ずつ表示します
    List(DataArgs),
}

#[derive(Subcommand)]
enum TokenCommand {
    /// トークンを作り、1回だけ表示します
    Create(commands::token::CreateArgs),
}

#[derive(Subcommand)]
enum ProgramCommand {
    /// 事業のフォルダーを調べ、直すところがあれば ファイル:行 で示します
    Check {
        #[arg(required = true, value_name = "DIR")]
        dirs: Vec<PathBuf>,
    },
    /// 2つの版のあいだで何が変わり、受け付けた申込みにどう影響するかを示します
    Diff {
        #[arg(value_name = "OLD")]
        old: PathBuf,
        #[arg(value_name = "NEW")]
        new: PathBuf,
    },
    /// 申込みの流れの図(Mermaid)と表を、状態遷移から作って書き出します
    Flow {
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// 事業のファイルのJSON Schemaを書き出します
    Schema {
        #[arg(value_name = "DIR", default_value = "programs/schema")]
        dir: PathBuf,
    },
}

fn main() -> ExitCode {
    sonae::logging::start(std::env::var("SONAE_LOG").ok().as_deref());
    let cli = in_japanese(Cli::command())
        .try_get_matches()
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match cli {
        Ok(cli) => cli,
        Err(error) => return asked_or_mistyped(&error),
    };
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Help goes to who asked for it; what cannot be read ends with exit code 2.
fn asked_or_mistyped(error: &clap::Error) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => drop(error.print()),
        _ => eprintln!("{}", sentence(error)),
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Serve(args) => sonae::serve::serve(*args).map_err(|error| error.to_string()),
        Command::Demo { data, listen } => {
            commands::demo::demo(&data, listen).map_err(|error| error.to_string())
        }
        Command::Verify(data) => commands::verify::verify(&data).map_err(|error| error.to_string()),
        Command::Backup {
            data,
            file,
            only_office,
        } => commands::backup::backup(&data, &file, only_office).map_err(|error| error.to_string()),
        Command::Restore { file, data } => {
            commands::backup::restore(&file, &data).map_err(|error| error.to_string())
        }
        Command::CopyDatabase { from, to } => {
            commands::copy_database::copy_database(&from, &to).map_err(|error| error.to_string())
        }
        Command::EarlierSupport(EarlierSupportCommand::Import(args)) => {
            commands::earlier_support::import(&args).map_err(|error| error.to_string())
        }
        Command::Paper(PaperCommand::List) => {
            commands::paper::list(&mut stdout()).map_err(|error| error.to_string())
        }
        Command::Paper(PaperCommand::Make(args)) => {
            commands::paper::make(&args).map_err(|error| error.to_string())
        }
        Command::Telemetry(command) => telemetry(command).map_err(|error| error.to_string()),
        Command::User(UserCommand::Add(args)) => {
            commands::user::add(&args, &mut stdout()).map_err(|error| error.to_string())
        }
        Command::User(UserCommand::List(data)) => {
            commands::user::list(&data, &mut stdout()).map_err(|error| error.to_string())
        }
        Command::Token(TokenCommand::Create(args)) => {
            commands::token::create(&args, &mut stdout()).map_err(|error| error.to_string())
        }
        Command::Program(ProgramCommand::Check { dirs }) => {
            commands::program::check(&dirs, &mut stdout()).map_err(|messages| messages.to_string())
        }
        Command::Program(ProgramCommand::Diff { old, new }) => {
            commands::program::diff(&old, &new, &mut stdout())
                .map_err(|messages| messages.to_string())
        }
        Command::Program(ProgramCommand::Flow { dir }) => {
            commands::program::flow(&dir, &mut stdout()).map_err(|messages| messages.to_string())
        }
        Command::Program(ProgramCommand::Schema { dir }) => {
            commands::program::schema(&dir).map_err(|messages| messages.to_string())
        }
    }
}

fn telemetry(command: TelemetryCommand) -> Result<(), CommandError> {
    use commands::telemetry::{
        export, forget, generate, import, listening, report, search, source, verify,
    };
    match command {
        TelemetryCommand::Import(args) => import::import(&args, &mut stdout()),
        TelemetryCommand::Report(args) => report::report(&args, &mut stdout()),
        TelemetryCommand::Search(args) => search::search(&args, &mut stdout()),
        TelemetryCommand::Verify(data) => verify::verify(&data, &mut stdout()),
        TelemetryCommand::Generate(args) => generate::generate(&args, &mut stdout()),
        TelemetryCommand::Forget(args) => forget::forget(&args, &mut stdout()),
        TelemetryCommand::Export(args) => export::export(&args, &mut stdout()),
        TelemetryCommand::Source(SourceCommand::Add(args)) => source::add(&args, &mut stdout()),
        TelemetryCommand::Source(SourceCommand::List(args)) => source::list(&args, &mut stdout()),
        TelemetryCommand::Source(SourceCommand::Listen(args)) => {
            listening::listen(&args, &mut stdout())
        }
        TelemetryCommand::Source(SourceCommand::End(args)) => source::end(&args),
    }
}
