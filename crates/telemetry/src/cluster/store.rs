//! Batches into a cluster, each once: begun in the ledger, written to their shards side by side, ended in the ledger.
//!
//! Whatever dies in between, an attempt counts wholly or not at all. One that did not end is given up by the next attempt for the same batch; what it
//! wrote, or still writes, never counts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use sonae_db::clickhouse::ClickHouse;
use sonae_db::{DbError, Kind};

use super::Cluster;
use super::ledger::{self, Begun, Step};
use super::rows::{BLOCK, FIGURE, LINE, Written};
use super::servers::shard_of;
use crate::TelemetryError;
use crate::batch::Prepared;
use crate::ingest::Answer;

/// A server, or why it cannot be asked.
type Met<'c> = Result<&'c ClickHouse, DbError>;

/// How long an attempt that was taken over waits for the one that took it.
const WAIT: Duration = Duration::from_millis(100);
const WAITS: usize = 50;

impl Cluster {
    /// Stores batches, each once; a shard that is down harms only its own.
    pub(crate) fn store(&self, group: &[Prepared]) -> Vec<Result<Answer, TelemetryError>> {
        // Servers are met before numbers are given: meeting one may show that the ledger is older than its rows.
        let met = match self.meet(group) {
            Ok(met) => met,
            Err(error) => {
                return group
                    .iter()
                    .map(|_| Err(crate::ingest::again(&error)))
                    .collect();
            }
        };
        let begun = self
            .ledger
            .write(|tx| ledger::begin(tx, group, self.servers.shards()));
        let steps = match begun {
            Ok(steps) => steps,
            // One batch may be at fault, for example by what it is called.
            Err(error) if group.len() > 1 && crate::ingest::may_be_one(&error) => {
                return group
                    .iter()
                    .flat_map(|one| self.store(std::slice::from_ref(one)))
                    .collect();
            }
            Err(error) => {
                return group
                    .iter()
                    .map(|_| Err(crate::ingest::again(&error)))
                    .collect();
            }
        };
        let written = self.write(group, &steps, &met);
        let ended = self.end(group, &steps, &written);
        let mut answers: Vec<Result<Answer, TelemetryError>> = Vec::with_capacity(group.len());
        for (at, step) in steps.iter().enumerate() {
            let answer = match step {
                Step::Known(answer) => Ok(answer.clone()),
                Step::After(first, answer) => match &answers[*first] {
                    Ok(_) => Ok(answer.clone()),
                    Err(error) => Err(crate::ingest::again(error)),
                },
                Step::Begun(begun) => match (&written[&begun.shard], &ended) {
                    (Err(error), _) => Err(error.clone().into()),
                    (Ok(()), Err(error)) => Err(crate::ingest::again(error)),
                    (Ok(()), Ok(ended)) if ended.contains(&at) => {
                        Ok(Answer::Stored(group[at].counts()))
                    }
                    (Ok(()), Ok(_)) => self.taken_over(&group[at]),
                },
            };
            answers.push(answer);
        }
        answers
    }

    /// The replicas of the shards that a group needs. A replica takes copies only when it has the tables, so each is met.
    fn meet(&self, group: &[Prepared]) -> Result<BTreeMap<usize, Vec<Met<'_>>>, TelemetryError> {
        let shards: BTreeSet<usize> = self.ledger.read(|tx| {
            let mut shards = BTreeSet::new();
            for batch in group {
                let known = ledger::company(tx, &batch.source.company)?;
                let fresh = || shard_of(&batch.source.company, self.servers.shards());
                shards.insert(known.map_or_else(fresh, |company| company.shard));
            }
            Ok::<_, TelemetryError>(shards)
        })?;
        let met = shards.into_iter().map(|shard| {
            let all = 0..self.servers.replicas(shard);
            let servers = all.map(|replica| self.servers.get(self, shard, replica));
            (shard, servers.collect())
        });
        Ok(met.collect())
    }

    /// Writes what every shard gets; what became of it by shard.
    fn write(
        &self,
        group: &[Prepared],
        steps: &[Step],
        met: &BTreeMap<usize, Vec<Met<'_>>>,
    ) -> BTreeMap<usize, Result<(), DbError>> {
        let mut shards: BTreeMap<usize, Vec<(&Prepared, &Begun)>> = BTreeMap::new();
        for (batch, step) in group.iter().zip(steps) {
            if let Step::Begun(begun) = step {
                shards.entry(begun.shard).or_default().push((batch, begun));
            }
        }
        std::thread::scope(|scope| {
            let threads: Vec<_> = (shards.iter())
                .map(|(shard, batches)| {
                    let met = met.get(shard).map_or(&[][..], Vec::as_slice);
                    let write = move || self.write_shard(met, batches);
                    (*shard, scope.spawn(write))
                })
                .collect();
            let written = threads.into_iter().map(|(shard, thread)| {
                let died = |_| Err(DbError::new(Kind::Unanswered, "the writing thread died"));
                (shard, thread.join().unwrap_or_else(died))
            });
            written.collect()
        })
    }

    /// The first replica that can be reached takes the rows; where one was sent something, no other gets it.
    fn write_shard(&self, met: &[Met<'_>], batches: &[(&Prepared, &Begun)]) -> Result<(), DbError> {
        let mut written = Written::default();
        for (batch, begun) in batches {
            written.add(batch, begun);
        }
        let settings = self.servers.settings();
        let mut last = None;
        for server in met {
            let server = match server {
                Ok(server) => server,
                Err(error) => {
                    last = Some(error.clone());
                    continue;
                }
            };
            let mut sent_any = false;
            let outcome = written.0.values().try_for_each(|tables| {
                for (into, rows) in [
                    (LINE, &tables.lines),
                    (BLOCK, &tables.blocks),
                    (FIGURE, &tables.figures),
                ] {
                    if !rows.is_empty() {
                        server.insert(into, rows, &settings)?;
                        sent_any = true;
                    }
                }
                Ok::<(), DbError>(())
            });
            match outcome {
                Err(error) if error.kind == Kind::Unreachable && !sent_any => last = Some(error),
                // Something was written, so nobody may think that nothing was.
                Err(mut error) if error.kind == Kind::Unreachable => {
                    error.kind = Kind::Unanswered;
                    return Err(error);
                }
                outcome => return outcome,
            }
        }
        Err(last.unwrap_or_else(|| DbError::new(Kind::Other, "a shard without servers")))
    }

    /// Ends the attempts that were written and gives the others up; which of the group count now.
    fn end(
        &self,
        group: &[Prepared],
        steps: &[Step],
        written: &BTreeMap<usize, Result<(), DbError>>,
    ) -> Result<Vec<usize>, TelemetryError> {
        if written.is_empty() {
            return Ok(Vec::new());
        }
        self.ledger.write(|tx| {
            let mut ended = Vec::new();
            for (at, step) in steps.iter().enumerate() {
                let Step::Begun(begun) = step else {
                    continue;
                };
                match &written[&begun.shard] {
                    Ok(()) if ledger::finish(tx, &group[at], begun)? => ended.push(at),
                    Ok(()) => {}
                    Err(error) => ledger::give_up(tx, begun, error.kind == Kind::Unreachable)?,
                }
            }
            Ok(ended)
        })
    }

    /// Somebody else stores the same batch, or a month was let go while it was stored: waits for what becomes of it.
    fn taken_over(&self, batch: &Prepared) -> Result<Answer, TelemetryError> {
        for _ in 0..WAITS {
            if let Some(answer) = self.ledger.read(|tx| ledger::known(tx, batch))? {
                return Ok(answer);
            }
            pause(WAIT);
        }
        let what = "another node is storing the same batch, or months are being removed";
        Err(DbError::new(Kind::Busy, what).into())
    }

    pub(crate) fn read_to(&self, source: &str, file: &str) -> Result<u64, TelemetryError> {
        self.ledger.read(|tx| ledger::read_to(tx, source, file))
    }
}

/// Waits for what another process does, of which nobody tells us.
pub(super) fn pause(time: Duration) {
    let (nothing, never) = (Mutex::new(()), Condvar::new());
    let guard = nothing.lock().unwrap_or_else(PoisonError::into_inner);
    drop(never.wait_timeout_while(guard, time, |_| true));
}
