//! The command line's own words in Japanese: its help, and one sentence for what cannot be read.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}";

/// Puts headings and help of a command and all its subcommands into Japanese.
pub fn in_japanese(command: Command) -> Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help("使い方を表示します");
    let version = command.get_version().is_some().then(|| {
        Arg::new("version")
            .short('V')
            .long("version")
            .action(ArgAction::Version)
            .help("版を表示します")
            .help_heading("オプション")
    });
    command
        .help_template(TEMPLATE)
        .subcommand_help_heading("コマンド")
        .subcommand_value_name("コマンド")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|argument| {
            let heading = if argument.is_positional() {
                "引数"
            } else {
                "オプション"
            };
            argument.help_heading(heading)
        })
        .arg(help.help_heading("オプション"))
        .args(version)
        .mut_subcommands(in_japanese)
}

/// One line: what cannot be read, and what to do.
pub fn sentence(error: &Error) -> String {
    let argument = text(error, ContextKind::InvalidArg);
    let value = text(error, ContextKind::InvalidValue);
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("「{argument}」というオプションや引数はありません。"),
        ErrorKind::InvalidSubcommand => {
            let name = text(error, ContextKind::InvalidSubcommand);
            format!("「{name}」というコマンドはありません。")
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("「{argument}」に値を書いてください。")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("「{argument}」の値「{value}」を読めません。")
        }
        ErrorKind::MissingRequiredArgument => format!("「{argument}」を指定してください。"),
        ErrorKind::ArgumentConflict => format!("「{argument}」は1回だけ指定できます。"),
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues => {
            format!("「{argument}」の値の数が正しくありません。")
        }
        ErrorKind::InvalidUtf8 => "UTF-8として読めない文字があります。".to_owned(),
        _ => "コマンドを読めません。".to_owned(),
    };
    let near = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    let near = near.map(|kind| text(error, kind));
    let hint = match near.iter().find(|near| !near.is_empty()) {
        Some(near) => format!("「{near}」のことでしょうか。"),
        None => String::new(),
    };
    format!("エラー: {what} {hint}--help を付けると使い方を表示します。")
}

fn text(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("」「"),
        Some(ContextValue::StyledStrs(texts)) => {
            let texts: Vec<String> = texts.iter().map(StyledStr::to_string).collect();
            texts.join(" ")
        }
        _ => String::new(),
    }
}
