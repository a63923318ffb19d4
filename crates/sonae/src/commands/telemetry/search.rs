//! `sonae telemetry search`: detections of one company, newest first.

use std::io::Write;
use std::time::Duration;

use clap::Args;
use jiff::civil::Date;
use sonae_telemetry::Day;
use sonae_telemetry::block::Entry;
use sonae_telemetry::detection::{Action, Severity};
use sonae_telemetry::questions::search::{MOST_HITS, Wanted};

use super::super::user::written;
use super::{CompanyArgs, all_days, export, open_to_ask};
use crate::clock::Clock;
use crate::error::CommandError;
use crate::telemetry::figures::instant;

/// How long one page may take; the command asks for page after page.
const BUDGET: Duration = Duration::from_secs(2);

#[derive(Args, Clone, Debug)]
pub struct SearchArgs {
    #[command(flatten)]
    pub company: CompanyArgs,
    /// 初めの日。省略すると最初から
    #[arg(long, value_name = "DATE")]
    pub from: Option<Date>,
    /// 終わりの日。省略すると今日まで
    #[arg(long, value_name = "DATE")]
    pub to: Option<Date>,
    /// 機器の名前
    #[arg(long, value_name = "NAME")]
    pub device: Option<String>,
    /// 製品のルールの番号
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// この重さ以上(informational、low、medium、high、critical、fatal)
    #[arg(long, value_name = "SEVERITY", value_parser = severity)]
    pub severity: Option<Severity>,
    /// 機器がしたこと(blocked、allowed、detected、other、unknown)
    #[arg(long, value_name = "ACTION", value_parser = action)]
    pub action: Option<Action>,
    /// 送信元または宛先のアドレス
    #[arg(long, value_name = "ADDRESS")]
    pub address: Option<String>,
    /// 利用者の名前
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    /// 名前、分類、利用者、ファイルに含まれる言葉
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// 表示する件数
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    pub limit: usize,
    /// 1件を1行のJSON(OCSF)で表示します
    #[arg(long)]
    pub json: bool,
}

fn severity(word: &str) -> Result<Severity, String> {
    Severity::by_code(word).ok_or_else(|| Severity::ALL.map(Severity::code).join(", "))
}

fn action(word: &str) -> Result<Action, String> {
    Action::by_code(word).ok_or_else(|| Action::ALL.map(Action::code).join(", "))
}

/// Prints one line for each detection.
///
/// # Errors
/// No such company, or nowhere to write.
pub fn search(args: &SearchArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let wanted = wanted(args, args.company.id()?);
    let detections = open_to_ask(&args.company.data)?;
    let (mut after, mut left) = (None, args.limit);
    while left > 0 {
        let limit = left.min(MOST_HITS);
        let found = detections.search(&wanted, after, limit, BUDGET)?;
        left -= found.hits.len();
        for hit in &found.hits {
            match args.json {
                true => {
                    let json = export::object(hit, None, &args.company.company);
                    written(writeln!(out, "{json}"))?;
                }
                false => written(writeln!(out, "{}", told(hit)))?,
            }
        }
        match found.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
    eprintln!(
        "{}件まで表示しました。続きは --limit か --to で見られます。",
        args.limit
    );
    Ok(())
}

fn wanted(args: &SearchArgs, office_id: String) -> Wanted {
    let (first, last) = all_days(Clock::system().now().as_microsecond());
    Wanted {
        company: office_id,
        days: (
            args.from.map_or(first, Day::of_date),
            args.to.map_or(last, Day::of_date),
        ),
        device: args.device.clone(),
        rule: args.rule.clone(),
        severity_from: args.severity.unwrap_or_default(),
        action: args.action,
        address: args.address.clone(),
        user: args.user.clone(),
        text: args.text.clone(),
    }
}

/// Instant, action, severity, device, rule, title and addresses, between tabs. Whatever a device wrote, it moves no cursor.
fn told(hit: &Entry) -> String {
    let end = |address: &Option<_>, port: Option<u16>| -> String {
        let address = address
            .as_ref()
            .map_or_else(String::new, |one: &sonae_telemetry::address::Address| {
                one.to_string()
            });
        match port {
            Some(port) => format!("{address}:{port}"),
            None => address,
        }
    };
    let columns = [
        instant(hit.time_us).unwrap_or_default(),
        hit.action.code().to_owned(),
        hit.severity.code().to_owned(),
        hit.device.clone(),
        hit.rule.clone(),
        hit.title.clone(),
        end(&hit.source, hit.source_port),
        end(&hit.destination, hit.destination_port),
    ];
    let plain = |text: &String| text.replace(char::is_control, "\u{fffd}");
    columns.iter().map(plain).collect::<Vec<_>>().join("\t")
}
