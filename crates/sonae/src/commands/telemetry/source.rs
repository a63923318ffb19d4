//! `sonae telemetry source add | list | end`: devices that may send their lines.

use std::io::Write;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use serde_json::json;
use sonae_core::calendar::tokyo_date;
use sonae_core::text::line::line;
use sonae_db::Tx;
use sonae_store::audit::{self, Act};
use sonae_store::telemetry_source::{self, Source};
use sonae_store::{StoreError, case};

use super::super::user::written;
use super::super::verify::open_existing;
use super::NOTHING;
use super::import::Kind;
use super::listening::{ListeningArgs, heard};
use crate::chance;
use crate::clock::Clock;
use crate::config::DataArgs;
use crate::error::CommandError;
use crate::staff::session;

/// Who the log says did it.
const ACTOR: &str = "command";
/// What tokens of sources begin with, so that a scanner for leaked secrets can find them.
const PREFIX: &str = "sonae_source_";
/// The longest product and serial number, in characters.
const LONGEST: usize = 100;

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
    let plain = |text: &str, name: &'static str| {
        line(text, name, LONGEST).map_err(|mistake| CommandError::new(mistake.sentence, NOTHING))
    };
    let product = plain(&args.product, "製品の名前")?;
    let serial = plain(&args.serial, "製造番号")?;
    if args.to < args.from {
        return Err(CommandError::new(
            "最後の日が、最初の日より前です。",
            NOTHING,
        ));
    }
    let (from, until) = (
        midnight(args.from)?,
        midnight(args.to.saturating_add(Span::new().days(1)))?,
    );
    let db = open_existing(&args.data)?;
    let now = Clock::system().now();
    let token = format!("{PREFIX}{}", session::new_token());
    let id = chance::id(now);
    let company = args.company.trim();
    let known = db.write(|tx| {
        let Some(stored) = case::by_receipt(tx, company)? else {
            return Ok::<_, StoreError>(None);
        };
        let source = Source {
            id: id.clone(),
            application_id: stored.application_id,
            kind: args.source.stored(),
            product: product.clone(),
            serial: serial.clone(),
            from,
            until,
            created_by: ACTOR.to_owned(),
            created_at: now,
            ended_at: None,
        };
        telemetry_source::add(tx, &source, &session::id_of(&token))?;
        note(
            tx,
            now,
            "telemetry_source.added",
            &id,
            Some(&stored.receipt_number),
        )?;
        args.listening.keep(tx, &id, now).map(Some)
    })?;
    let port = known.ok_or_else(|| unknown(company))?;
    written(writeln!(out, "{token}"))?;
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
        let state = match (one.ended_at, one.is_open(now)) {
            (Some(_), _) => "終了",
            (None, true) => "受付中",
            (None, false) => "期間外",
        };
        let last = tokyo_date(one.until - jiff::SignedDuration::from_secs(1));
        let period = format!("{}..{last}", tokyo_date(one.from));
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
    let ended = db.write(|tx| {
        let ended = telemetry_source::end(tx, &args.id, now)?;
        if ended {
            note(tx, now, "telemetry_source.ended", &args.id, None)?;
        }
        Ok::<_, StoreError>(ended)
    })?;
    match ended {
        true => Ok(()),
        false => Err(CommandError::new(
            "その番号の機器はないか、もう終了しています。",
            NOTHING,
        )),
    }
}

pub(super) fn note(
    tx: &mut Tx,
    at: Timestamp,
    action: &'static str,
    id: &str,
    receipt_number: Option<&str>,
) -> Result<(), StoreError> {
    let act = Act {
        at,
        actor: ACTOR,
        action,
        subject: id,
    };
    audit::append(tx, act, json!({ "receipt_number": receipt_number }))?;
    Ok(())
}

fn midnight(date: Date) -> Result<Timestamp, CommandError> {
    let zone = TimeZone::fixed(jiff::tz::offset(9));
    let zoned = date
        .to_zoned(zone)
        .map_err(|_| CommandError::new("その日付は使えません。", NOTHING))?;
    Ok(zoned.timestamp())
}

fn unknown(company: &str) -> CommandError {
    CommandError::new(
        format!("受付番号「{company}」の申込みはありません。"),
        NOTHING,
    )
}
