//! `sonae telemetry source listen`, and what `add` and `list` say of a device's port and of how it is heard.

use std::io::Write;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use sonae_db::Tx;
use sonae_store::telemetry_port::Port;
use sonae_store::{StoreError, telemetry_port, telemetry_source, telemetry_watch};

use super::super::user::written;
use super::super::verify::open_existing;
use super::NOTHING;
use super::source::by;
use crate::clock::Clock;
use crate::config::DataArgs;
use crate::error::CommandError;
use crate::office::devices;
use crate::telemetry::ledger;
use crate::telemetry::syslog::given::{self, NotGiven};

/// The longest quiet that may pass before somebody is told, in hours: a month.
const LONGEST_QUIET: i64 = 24 * 31;
/// Whose refused lines `list` counts.
const LATELY: SignedDuration = SignedDuration::from_hours(24 * 7);

#[derive(Args, Clone, Debug, Default)]
pub struct ListeningArgs {
    /// この機器に、syslogのポートを割り当てます
    #[arg(long)]
    pub syslog: bool,
    /// この機器の送り元のアドレス、またはその範囲(例 192.0.2.0/24)。ほかから来た行は受け付けません
    #[arg(long, value_name = "CIDR", requires = "syslog")]
    pub peer: Option<String>,
    /// 何時間届かなければ、担当に知らせるか。省略すると、UTMは12時間、EDRは7日
    #[arg(long, value_name = "HOURS", value_parser = clap::value_parser!(u32).range(1..=LONGEST_QUIET))]
    pub silent_after: Option<u32>,
}

#[derive(Args, Clone, Debug)]
pub struct ListenArgs {
    #[command(flatten)]
    pub data: DataArgs,
    /// 登録の番号(`sonae telemetry source list` で出ます)
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub listening: ListeningArgs,
}

/// What came of asking for a port.
#[derive(Clone, Debug)]
pub enum Asked {
    Given(Port),
    NotGiven(NotGiven),
}

impl Asked {
    /// Writes the port.
    ///
    /// # Errors
    /// There is none; the device is registered all the same.
    pub fn tell(self, out: &mut dyn Write) -> Result<(), CommandError> {
        match self {
            Asked::Given(port) => written(writeln!(out, "{}", port.port)),
            Asked::NotGiven(why) => {
                let (what, hint) = why.sentences();
                Err(CommandError::new(what, hint))
            }
        }
    }
}

impl ListeningArgs {
    /// Keeps what was said of a device that is registered; gives what came of the port, when one was asked for.
    pub(super) fn keep(
        &self,
        tx: &mut Tx,
        id: &str,
        at: Timestamp,
    ) -> Result<Option<Asked>, StoreError> {
        if let Some(hours) = self.silent_after {
            telemetry_watch::set_silent_after(tx, id, hours)?;
        }
        if !self.syslog {
            return Ok(None);
        }
        let peer = self.peer.as_deref().unwrap_or_default();
        Ok(Some(match given::give(tx, id, peer, at)? {
            Ok(port) => Asked::Given(port),
            Err(why) => Asked::NotGiven(why),
        }))
    }
}

/// Changes how a registered device is listened to, and writes its port when it asked for one.
///
/// # Errors
/// No such device, or no port is free.
pub fn listen(args: &ListenArgs, out: &mut dyn Write) -> Result<(), CommandError> {
    let db = open_existing(&args.data)?;
    let now = Clock::system().now();
    let asked = db.write(|tx| {
        let known = telemetry_source::by_id(tx, &args.id)?;
        if known.is_none_or(|source| source.ended_at.is_some()) {
            return Ok::<_, StoreError>(None);
        }
        let asked = args.listening.keep(tx, &args.id, now)?;
        devices::note(tx, "telemetry_source.listening", &args.id, by(None, now))?;
        Ok(Some(asked))
    })?;
    match asked {
        Some(Some(asked)) => asked.tell(out),
        Some(None) => Ok(()),
        None => Err(CommandError::new(
            "その番号の機器はないか、もう終了しています。",
            NOTHING,
        )),
    }
}

/// The last columns of `list`.
pub(super) fn heard(tx: &mut Tx, id: &str, now: Timestamp) -> Result<String, StoreError> {
    let port = telemetry_port::of_source(tx, id)?;
    let watch = telemetry_watch::of_source(tx, id)?;
    let since = ledger::day_of(now - LATELY);
    let refused = telemetry_watch::refused_since(tx, id, since)?;
    let refused: i64 = refused.iter().map(|one| one.lines).sum();
    let or_dash = |text: Option<String>| {
        text.filter(|text| !text.is_empty())
            .unwrap_or_else(|| "-".to_owned())
    };
    let peer = or_dash(port.as_ref().map(|port| port.peer.clone()));
    let port = or_dash(port.map(|port| port.port.to_string()));
    let heard = or_dash(watch.heard_at.map(|at| at.to_string()));
    Ok(format!("{port}\t{peer}\t{heard}\t{refused}"))
}
