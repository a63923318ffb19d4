//! Which devices were heard and what they sent that was not taken, gathered in memory and written to the office's database now and then.
//!
//! A crash loses the notes of the last round, which delays nothing that is decided by hours.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sonae_core::calendar::tokyo_date;
use sonae_db::Db;
use sonae_store::telemetry_watch::{self, Refused};
use sonae_store::{StoreError, telemetry_source};

/// Why something that a device sent was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It came from an address that is not believed.
    Peer,
    /// Its period has not begun, or is over.
    Period,
    /// Too much waited to be stored.
    Full,
    /// The system had no room for a datagram.
    System,
    /// Its frames lied about their length, or its encryption did not come about; the connection was ended.
    Frame,
    /// It came unencrypted where that is not allowed, or encrypted where there is no certificate.
    Encryption,
    /// Too many connections.
    Crowded,
    /// It could not be stored, however often that was tried.
    Lost,
}

impl Why {
    pub const ALL: [Why; 8] = [
        Why::Peer,
        Why::Period,
        Why::Full,
        Why::System,
        Why::Frame,
        Why::Encryption,
        Why::Crowded,
        Why::Lost,
    ];

    /// The word in the database and in the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Why::Peer => "peer",
            Why::Period => "period",
            Why::Full => "full",
            Why::System => "system",
            Why::Frame => "frame",
            Why::Encryption => "encryption",
            Why::Crowded => "crowded",
            Why::Lost => "lost",
        }
    }

    pub fn parse(word: &str) -> Option<Why> {
        Why::ALL.into_iter().find(|why| why.as_str() == word)
    }

    /// What people read.
    pub const fn label(self) -> &'static str {
        match self {
            Why::Peer => "登録と違うアドレスから来た",
            Why::Period => "期間の外に来た",
            Why::Full => "一度に多く来て、受け取りきれなかった",
            Why::System => "サーバーの受信の場所があふれた(UDP)",
            Why::Frame => "区切りが壊れていた",
            Why::Encryption => "暗号化の設定が合わなかった",
            Why::Crowded => "同時の接続が多すぎた",
            Why::Lost => "保存できなかった",
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Sum {
    lines: u64,
    last_at: Timestamp,
    last_peer: Option<IpAddr>,
}

#[derive(Debug, Default)]
struct Notes {
    heard: BTreeMap<String, Timestamp>,
    refused: BTreeMap<(String, Why), Sum>,
    /// Since the program began, by reason.
    totals: BTreeMap<Why, u64>,
}

/// The ledger of this node. It names registered devices only, so it is as small as their list.
#[derive(Debug)]
pub struct Ledger {
    notes: Mutex<Notes>,
    begun: Timestamp,
}

impl Ledger {
    /// An empty ledger of a program that begins to listen at `begun`.
    pub fn new(begun: Timestamp) -> Ledger {
        Ledger {
            notes: Mutex::default(),
            begun,
        }
    }

    /// Since when this program listens.
    pub fn begun(&self) -> Timestamp {
        self.begun
    }

    /// Notes that something of a device was stored.
    pub fn heard(&self, source_id: &str, at: Timestamp) {
        let mut notes = self.lock();
        match notes.heard.get_mut(source_id) {
            Some(last) => *last = at.max(*last),
            None => {
                notes.heard.insert(source_id.to_owned(), at);
            }
        }
    }

    /// Notes that so many lines (or connections) of a device were not taken.
    pub fn refused(
        &self,
        source_id: &str,
        why: Why,
        lines: u64,
        at: Timestamp,
        peer: Option<IpAddr>,
    ) {
        if lines == 0 {
            return;
        }
        let mut notes = self.lock();
        *notes.totals.entry(why).or_default() += lines;
        let sum = Sum {
            lines,
            last_at: at,
            last_peer: peer,
        };
        (notes.refused.entry((source_id.to_owned(), why)))
            .and_modify(|all| {
                *all = Sum {
                    lines: all.lines + lines,
                    ..sum
                }
            })
            .or_insert(sum);
    }

    /// What was not taken since the program began, by reason.
    pub fn totals(&self) -> Vec<(Why, u64)> {
        let notes = self.lock();
        Why::ALL
            .map(|why| (why, notes.totals.get(&why).copied().unwrap_or(0)))
            .to_vec()
    }

    /// Writes what was gathered to the office's database.
    ///
    /// # Errors
    /// The database could not be written; then everything is kept for the next time.
    pub fn write(&self, db: &Db) -> Result<(), StoreError> {
        let (heard, refused) = {
            let mut notes = self.lock();
            (
                std::mem::take(&mut notes.heard),
                std::mem::take(&mut notes.refused),
            )
        };
        if heard.is_empty() && refused.is_empty() {
            return Ok(());
        }
        let written = db.write(|tx| {
            for (id, at) in &heard {
                // Whoever imported files without an office is not registered.
                if telemetry_source::by_id(tx, id)?.is_some() {
                    telemetry_watch::heard(tx, id, *at)?;
                }
            }
            for ((id, why), sum) in &refused {
                telemetry_watch::add_refused(tx, id, &row(*why, sum))?;
            }
            Ok::<_, StoreError>(())
        });
        if written.is_err() {
            self.take_back(heard, refused);
        }
        written
    }

    fn take_back(&self, heard: BTreeMap<String, Timestamp>, refused: BTreeMap<(String, Why), Sum>) {
        for (id, at) in heard {
            self.heard(&id, at);
        }
        let mut notes = self.lock();
        for (key, sum) in refused {
            (notes.refused.entry(key))
                .and_modify(|all| all.lines += sum.lines)
                .or_insert(sum);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The day of an instant in Tokyo, as days since 1970.
pub fn day_of(at: Timestamp) -> i64 {
    let since = jiff::civil::date(1970, 1, 1).until(tokyo_date(at));
    since.map_or(0, |days| i64::from(days.get_days()))
}

fn row(why: Why, sum: &Sum) -> Refused {
    let peer = sum.last_peer.map(|peer| peer.to_canonical().to_string());
    Refused {
        day: day_of(sum.last_at),
        why: why.as_str().to_owned(),
        lines: i64::try_from(sum.lines).unwrap_or(i64::MAX),
        last_at: sum.last_at,
        last_peer: peer.unwrap_or_default(),
    }
}
