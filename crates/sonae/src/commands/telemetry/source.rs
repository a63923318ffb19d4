//! `sonae telemetry source add | list | end`: devices that may send their lines.

use std::io::Write;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use sonae_store::telemetry_source::Source;
use sonae_store::{StoreError, case, telemetry_source};

use super::super::user::written;
use super::super::verify::open_existing;
use super::NOTHING;
use super::import::Kind;
use super::listening::{ListeningArgs, heard};
use crate::clock::Clock;
use crate::config::DataArgs;
use crate::error::CommandError;
use crate::office::devices::{self, By, Standing, Typed};

/// Who the log says did it.
const ACTOR: &str = "command";
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// 会社の受付番号
    #[arg(long, value_name = "NUMBER")]
    pub company: String,
    /// UTMかEDRか(utmまたはedr)
    #[arg(long, value_name = "SOURCE")]
    pub source: Kind,
    /// 製品の名前(例 FortiGate 60F)
    #[arg(long, value_name = "NAME")]
    pub product: String,
    /// 製造番号
    #[arg(long, value_name = "SERIAL")]
    pub serial: String,
    /// 行を受け取る最初の日
    #[arg(long, value_name = "DATE")]
    pub from: Date,
    /// 行を受け取る最後の日
    #[arg(long, value_name = "DATE")]
    pub to: Date,
    #[command(flatten)]
    pub listening: ListeningArgs,
}

#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// 会社の受付番号
    #[arg(long, value_name = "NUMBER")]
    pub company: String,
}

#[derive(Args, Clone, Debug)]
pub struct EndArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// 登録の番号(`sonae telemetry source list` で出ます)
    #[arg(value_name = "ID")]
    pub id: String,
}

/// Registers a device and writes its token to `out`, which is shown once; on a second line its port, when it was to have one.
///
/// # Errors
/// No such company, an empty name, a period that ends before it begins.
pub fn add(args: &AddArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let typed = Typed {
        kind: args.source.as_str().to_owned(),
        product: args.product.clone(),
        serial: args.serial.clone(),
        from: args.from.to_string(),
        to: args.to.to_string(),
    };
    let order = devices::read(&typed).map_err(|wrong| {
        let sentence = wrong.into_iter().next().map(|(_, sentence)| sentence);
        CommandError::new(sentence.unwrap_or_default(), NOTHING)
    })?;
    let db = open_existing(&args.data)?;
    let now = Clock::system().now();
    let fresh = devices::fresh(now);
    let company = args.company.trim();
    let known = db.write(|tx| {
        let Some(stored) = case::by_receipt(tx, company)? else {
            return Ok::<_, StoreError>(None);
        };
        let number = Some(stored.receipt_number.as_str());
        devices::add(tx, &order, &fresh, &stored.application_id, by(number, now))?;
        args.listening.keep(tx, &fresh.id, now).map(Some)
    })?;
    let port = known.ok_or_else(|| unknown(company))?;
    written(writeln!(out, "{}", fresh.token))?;
    match port {
        Some(port) => port.tell(out),
        None => Ok(()),
    }
}

/// Writes a line for each device of a company: id, source, period, state, serial number, product, port, whose lines are believed there, when it
/// was heard last, how many lines of the last seven days were not taken.
///
/// # Errors
/// No such company.
pub fn list(args: &ListArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let db = open_existing(&args.data)?;
    let now = Clock::system().now();
    let company = args.company.trim();
    let found = db.read(|tx| match case::by_receipt(tx, company)? {
        Some(stored) => {
            let sources = telemetry_source::of_application(tx, &stored.application_id)?;
            let with = |one: Source| Ok((heard(tx, &one.id, now)?, one));
            let all: Result<Vec<_>, StoreError> = sources.into_iter().map(with).collect();
            all.map(Some)
        }
        None => Ok(None),
    })?;
    for (heard, one) in found.ok_or_else(|| unknown(company))? {
        let state = Standing::of(&one, now).label();
        let (first, last) = devices::days(&one);
        let period = format!("{first}..{last}");
        written(writeln!(
            out,
            "{}\t{}\t{period}\t{state}\t{}\t{}\t{heard}",
            one.id,
            one.kind.as_str(),
            one.serial,
            one.product
        ))?;
    }
    Ok(())
}

/// Ends a device at once: its token opens nothing any more, what it sent stays.
///
/// # Errors
/// No such device, or it was ended before.
pub fn end(args: &EndArgs) -> Result<(), CommandError> {
    let db = open_existing(&args.data)?;
    let now = Clock::system().now();
    let ended = db.write(|tx| devices::end(tx, &args.id, by(None, now)))?;
    match ended {
        true => Ok(()),
        false => Err(CommandError::new(
            "その番号の機器はないか、もう終了しています。",
            NOTHING,
        )),
    }
}

pub(super) fn by(receipt_number: Option<&str>, at: Timestamp) -> By<'_> {
    By {
        actor: ACTOR,
        id: ACTOR,
        receipt_number,
        at,
    }
}

fn unknown(company: &str) -> CommandError {
    CommandError::new(
        format!("受付番号「{company}」の申込みはありません。"),
        NOTHING,
    )
}
