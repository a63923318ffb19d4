//! Mails both ways in one order: what was sent and what came in.

use jiff::Timestamp;
use sonae_db::{Tx, Value};

use crate::inbox::{self, Message};
use crate::outbox::{self, Kept};
use crate::{StoreError, ms};

/// The most mails of one page.
const MOST_LISTED: u32 = 200;

/// A mail of either way.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    Out(Box<Kept>),
    In(Box<Message>),
}

/// Which mails a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Both ways, by when they were made or came.
    All,
    /// Not gone yet, by when they are due.
    Waiting,
    /// Given up.
    Failed,
    /// Came back.
    Bounced,
    /// Whatever came in.
    Incoming,
    /// Came in, and somebody has to say where it belongs.
    Unmatched,
}

/// Where a list goes on: behind the mail of this moment and id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at_ms: i64,
    pub id: String,
}

/// How many mails wait for something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub waiting: i64,
    pub failed: i64,
    pub bounced: i64,
    pub unmatched: i64,
}

impl Entry {
    pub fn id(&self) -> &str {
        match self {
            Entry::Out(kept) => &kept.mail.id,
            Entry::In(message) => &message.id,
        }
    }

    /// When it was made, or came in.
    pub fn at(&self) -> Timestamp {
        match self {
            Entry::Out(kept) => kept.created_at,
            Entry::In(message) => message.received_at,
        }
    }

    /// Where a list of this view goes on behind it.
    pub fn mark(&self, view: View) -> Mark {
        let at = match self {
            Entry::Out(kept) if by_due(view) => kept.due_at,
            entry => entry.at(),
        };
        Mark {
            at_ms: ms(at),
            id: self.id().to_owned(),
        }
    }
}

/// Lists of mails in a state follow the index that sending uses.
fn by_due(view: View) -> bool {
    matches!(view, View::Waiting | View::Failed | View::Bounced)
}

/// One page of a list, the newest first, behind `mark`.
pub fn page(
    tx: &mut Tx,
    view: View,
    mark: Option<&Mark>,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let limit = limit.min(MOST_LISTED);
    let first = Mark {
        at_ms: i64::MAX,
        id: String::new(),
    };
    let behind = (mark.unwrap_or(&first), limit);
    let mut entries = match view {
        View::All => [out(tx, None, behind)?, came(tx, None, behind)?].concat(),
        View::Waiting => [
            out(tx, Some("queued"), behind)?,
            out(tx, Some("sending"), behind)?,
        ]
        .concat(),
        View::Failed => out(tx, Some("failed"), behind)?,
        View::Bounced => out(tx, Some("bounced"), behind)?,
        View::Incoming => came(tx, None, behind)?,
        View::Unmatched => came(tx, Some("open"), behind)?,
    };
    entries.sort_by_cached_key(|entry| {
        let mark = entry.mark(view);
        std::cmp::Reverse((mark.at_ms, mark.id))
    });
    entries.truncate(limit as usize);
    Ok(entries)
}

fn out(
    tx: &mut Tx,
    state: Option<&str>,
    (mark, limit): (&Mark, u32),
) -> Result<Vec<Entry>, StoreError> {
    let asked = match state {
        None => "AND (created_at_ms, id) < ($1, $2) ORDER BY created_at_ms DESC, id DESC LIMIT $3",
        Some(_) => {
            "AND state = $4 AND (due_at_ms, id) < ($1, $2) ORDER BY due_at_ms DESC, id DESC LIMIT $3"
        }
    };
    let rows = tx.query(
        &format!("{} WHERE {} {asked}", outbox::KEPT, outbox::NOT_TO_STAFF),
        &params(state, mark, limit),
    )?;
    let entry = |row| Ok(Entry::Out(Box::new(outbox::kept(row)?)));
    rows.iter().map(entry).collect()
}

fn came(
    tx: &mut Tx,
    state: Option<&str>,
    (mark, limit): (&Mark, u32),
) -> Result<Vec<Entry>, StoreError> {
    let asked = match state {
        None => "WHERE",
        Some(_) => "WHERE state = $4 AND",
    };
    let rows = tx.query(
        &format!(
            "{} {asked} (received_at_ms, id) < ($1, $2) ORDER BY received_at_ms DESC, id DESC LIMIT $3",
            inbox::MESSAGE
        ),
        &params(state, mark, limit),
    )?;
    let entry = |row| Ok(Entry::In(Box::new(inbox::message(row)?)));
    rows.iter().map(entry).collect()
}

fn params(state: Option<&str>, mark: &Mark, limit: u32) -> Vec<Value> {
    let mut params = vec![mark.at_ms.into(), (&mark.id).into(), limit.into()];
    params.extend(state.map(Value::from));
    params
}

/// The mails of a case, both ways, oldest first.
pub fn of_application(tx: &mut Tx, application_id: &str) -> Result<Vec<Entry>, StoreError> {
    let sent = outbox::of_application(tx, application_id)?;
    let came = inbox::of_application(tx, application_id)?;
    let sent = sent.into_iter().map(|kept| Entry::Out(Box::new(kept)));
    let came = came.into_iter().map(|message| Entry::In(Box::new(message)));
    let mut entries: Vec<Entry> = sent.chain(came).collect();
    entries.sort_by_key(Entry::at);
    Ok(entries)
}

/// How many mails wait for something.
pub fn counts(tx: &mut Tx) -> Result<Counts, StoreError> {
    let mut counts = Counts {
        unmatched: inbox::open_count(tx)?,
        ..Counts::default()
    };
    // The states in which mails do not stay for good, so that the count does not grow with the years.
    let rows = tx.query(
        &format!(
            "SELECT state, COUNT(*) FROM outbox
             WHERE state IN ('queued', 'sending', 'failed', 'bounced') AND {} GROUP BY state",
            outbox::NOT_TO_STAFF
        ),
        &[],
    )?;
    for row in &rows {
        let count = row.int(1);
        match row.text(0) {
            "failed" => counts.failed += count,
            "bounced" => counts.bounced += count,
            _ => counts.waiting += count,
        }
    }
    Ok(counts)
}
