//! The devices of a company whose lines are taken: registered for a period, ended, given another token. Pages, interface and commands do it here, each
//! with its entry in the log.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde_json::json;
use sonae_core::calendar::japanese::parse_date;
use sonae_core::calendar::tokyo_date;
use sonae_core::text::line::line;
use sonae_db::Tx;
use sonae_store::audit::{self, Act};
use sonae_store::telemetry_source::{self, Kind, Source};
use sonae_store::{StoreError, telemetry_watch};

use crate::chance;
use crate::staff::session;

/// What tokens of devices begin with, so that a scanner for leaked secrets can find them.
const PREFIX: &str = "sonae_source_";
/// The longest product and serial number, in characters.
pub const LONGEST: usize = 100;
/// The longest period, in days: programmes last a year or two.
const LONGEST_PERIOD: i32 = 1_100;

/// A device as people type it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub kind: String,
    pub product: String,
    pub serial: String,
    /// The first and the last day.
    pub from: String,
    pub to: String,
}

/// A device that can be registered.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    pub kind: Kind,
    pub product: String,
    pub serial: String,
    pub from: Date,
    pub to: Date,
}

/// What is to be corrected: the field's name and the sentence.
pub type Wrong = (&'static str, String);

/// Reads what was typed.
///
/// # Errors
/// Every field that is to be corrected.
pub fn read(typed: &Typed) -> Result<Order, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let kind = Kind::parse(typed.kind.trim());
    if kind.is_none() {
        wrong.push(("kind", "UTMかEDRかを選んでください。".to_owned()));
    }
    let mut plain = |text: &str, field, noun| {
        line(text, noun, LONGEST)
            .map_err(|mistake| wrong.push((field, mistake.sentence.into_owned())))
            .ok()
    };
    let product = plain(&typed.product, "product", "製品の名前");
    let serial = plain(&typed.serial, "serial", "製造番号");
    let mut day = |text: &str, field| {
        parse_date(text)
            .map_err(|problem| wrong.push((field, problem.to_string())))
            .ok()
    };
    let (from, to) = (day(&typed.from, "from"), day(&typed.to, "to"));
    if let (Some(from), Some(to)) = (from, to) {
        if to < from {
            let sentence = "最後の日が、最初の日より前です。どちらかを直してください。";
            wrong.push(("to", sentence.to_owned()));
        } else if from.until(to).map_or(i32::MAX, |span| span.get_days()) > LONGEST_PERIOD {
            let sentence = "期間が長すぎます。3年までにしてください。";
            wrong.push(("to", sentence.to_owned()));
        }
    }
    match (kind, product, serial, from, to) {
        (Some(kind), Some(product), Some(serial), Some(from), Some(to)) if wrong.is_empty() => {
            Ok(Order {
                kind,
                product,
                serial,
                from,
                to,
            })
        }
        _ => Err(wrong),
    }
}

/// Secrets of a device that is to be registered or given another token; nothing is stored yet.
#[derive(Clone, Debug)]
pub struct Fresh {
    pub id: String,
    /// Shown once.
    pub token: String,
}

pub fn fresh(at: Timestamp) -> Fresh {
    Fresh {
        id: chance::id(at),
        token: format!("{PREFIX}{}", session::new_token()),
    }
}

/// Who does something about which case, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// Who the log says did it.
    pub actor: &'a str,
    /// An id of staff, or `command`.
    pub id: &'a str,
    pub receipt_number: Option<&'a str>,
    pub at: Timestamp,
}

/// Registers a device of a company.
pub fn add(
    tx: &mut Tx,
    order: &Order,
    fresh: &Fresh,
    application_id: &str,
    by: By<'_>,
) -> Result<Source, StoreError> {
    let source = Source {
        id: fresh.id.clone(),
        application_id: application_id.to_owned(),
        kind: order.kind,
        product: order.product.clone(),
        serial: order.serial.clone(),
        from: midnight(order.from),
        until: midnight(order.to.saturating_add(Span::new().days(1))),
        created_by: by.id.to_owned(),
        created_at: by.at,
        ended_at: None,
    };
    telemetry_source::add(tx, &source, &session::id_of(&fresh.token))?;
    note(tx, "telemetry_source.added", &source.id, by)?;
    Ok(source)
}

/// Ends a device at once: its token opens nothing any more, what it sent stays. `false` when it was ended before.
pub fn end(tx: &mut Tx, id: &str, by: By<'_>) -> Result<bool, StoreError> {
    let ended = telemetry_source::end(tx, id, by.at)?;
    if ended {
        note(tx, "telemetry_source.ended", id, by)?;
    }
    Ok(ended)
}

/// Gives a device another token, and the old one opens nothing any more. `false` when the device was ended.
pub fn renew(tx: &mut Tx, id: &str, token: &str, by: By<'_>) -> Result<bool, StoreError> {
    let renewed = telemetry_source::renew(tx, id, &session::id_of(token))?;
    if renewed {
        note(tx, "telemetry_source.renewed", id, by)?;
    }
    Ok(renewed)
}

/// Writes what was done into the log.
pub fn note(tx: &mut Tx, action: &'static str, id: &str, by: By<'_>) -> Result<(), StoreError> {
    let act = Act {
        at: by.at,
        actor: by.actor,
        action,
        subject: id,
    };
    audit::append(tx, act, json!({ "receipt_number": by.receipt_number }))?;
    Ok(())
}

/// The beginning of a day in Tokyo.
fn midnight(date: Date) -> Timestamp {
    let zone = TimeZone::fixed(jiff::tz::offset(9));
    let zoned = date.to_zoned(zone);
    zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// Where a device stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its period has not begun.
    Early,
    Open,
    /// Its period is over.
    Over,
    /// Somebody ended it.
    Ended,
}

impl Standing {
    pub fn of(source: &Source, at: Timestamp) -> Standing {
        match source.ended_at {
            Some(ended) if ended <= at => Standing::Ended,
            _ if at < source.from => Standing::Early,
            _ if at >= source.until => Standing::Over,
            _ => Standing::Open,
        }
    }

    /// The word in the interface.
    pub const fn as_str(self) -> &'static str {
        match self {
            Standing::Early => "early",
            Standing::Open => "open",
            Standing::Over => "over",
            Standing::Ended => "ended",
        }
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Standing::Early => "期間の前",
            Standing::Open => "受付中",
            Standing::Over => "期間終了",
            Standing::Ended => "終了",
        }
    }
}

/// The first and the last day on which lines are taken.
pub fn days(source: &Source) -> (Date, Date) {
    let last = source.until - SignedDuration::from_secs(1);
    (tokyo_date(source.from), tokyo_date(last))
}

/// The devices of a company, the newest first, each with when the office last heard it.
pub fn of_company(
    tx: &mut Tx,
    application_id: &str,
) -> Result<Vec<(Source, Option<Timestamp>)>, StoreError> {
    let sources = telemetry_source::of_application(tx, application_id)?;
    let heard = sources.into_iter().map(|source| {
        let watch = telemetry_watch::of_source(tx, &source.id)?;
        Ok((source, watch.heard_at))
    });
    heard.collect()
}
