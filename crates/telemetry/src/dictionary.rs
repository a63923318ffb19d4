//! Numbers for what repeats: companies, devices, rules, names of hosts. What a transaction learned is kept for the next one only when it was
//! committed, and all is forgotten when somebody deleted something, here or on another node.

use std::collections::HashMap;
use std::hash::Hash;

use sonae_db::{Tx, Value};

use crate::TelemetryError;
use crate::address::Address;
use crate::batch::{Map, Rule};

/// Entries of each table that are kept in memory; the table starts anew beyond.
const KEPT: usize = 200_000;

/// Kinds of `word`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Word {
    Device = 1,
    Host = 2,
    Activity = 3,
}

/// Where numbers of addresses that are no IPv4 address begin.
pub(crate) const HOSTS: i64 = 1 << 32;

/// What is known to be committed.
#[derive(Default)]
pub struct Dictionary {
    epoch: i64,
    companies: HashMap<String, i64>,
    words: Cache<(i64, Word, Box<str>), i64>,
    rules: Cache<Rule, i64>,
}

struct Cache<K, V>(Map<K, V>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Cache(Map::default())
    }
}

impl<K: Eq + Hash, V> Cache<K, V> {
    fn learn(&mut self, news: Map<K, V>, kept: usize) {
        if self.0.len() + news.len() > kept {
            self.0 = Map::default();
        }
        self.0.extend(news);
    }
}

/// The dictionary within one transaction: what it learned so far stands beside what is committed.
pub(crate) struct Learning<'d> {
    known: &'d Dictionary,
    /// What is known holds for another state of the tables.
    stale: bool,
    pub(crate) news: News,
    next_rule: Option<i64>,
    next_word: HashMap<i64, i64>,
}

#[derive(Default)]
pub(crate) struct News {
    epoch: i64,
    companies: HashMap<String, i64>,
    words: Map<(i64, Word, Box<str>), i64>,
    rules: Map<Rule, i64>,
}

impl Dictionary {
    /// Keeps what a committed transaction learned.
    pub(crate) fn learn(&mut self, news: News) {
        if self.epoch != news.epoch {
            *self = Dictionary::default();
            self.epoch = news.epoch;
        }
        self.companies.extend(news.companies);
        self.words.learn(news.words, KEPT);
        self.rules.learn(news.rules, KEPT);
    }
}

impl<'d> Learning<'d> {
    pub(crate) fn begin(known: &'d Dictionary, tx: &mut Tx) -> Result<Self, TelemetryError> {
        let epoch = epoch(tx)?;
        Ok(Learning {
            known,
            stale: known.epoch != epoch,
            news: News {
                epoch,
                ..News::default()
            },
            next_rule: None,
            next_word: HashMap::new(),
        })
    }

    /// The number of a company, which is new when it was never heard of.
    pub(crate) fn company(&mut self, tx: &mut Tx, office_id: &str) -> Result<i64, TelemetryError> {
        let known = self.known.companies.get(office_id).filter(|_| !self.stale);
        if let Some(company) = known.or_else(|| self.news.companies.get(office_id)) {
            return Ok(*company);
        }
        let company = match company(tx, office_id)? {
            Some(company) => company,
            None => {
                let row = tx.query_one("SELECT COALESCE(MAX(company), 0) + 1 FROM company", &[])?;
                tx.execute(
                    "INSERT INTO company (company, office_id, next_number, removed_detections, removed_activities, removed_unknown)
                     VALUES ($1, $2, 1, 0, 0, 0)",
                    &[row.int(0).into(), office_id.into()],
                )?;
                row.int(0)
            }
        };
        self.news.companies.insert(office_id.to_owned(), company);
        Ok(company)
    }

    pub(crate) fn word(
        &mut self,
        tx: &mut Tx,
        (company, kind, text): (i64, Word, &str),
    ) -> Result<i64, TelemetryError> {
        let key = (company, kind, Box::from(text));
        let known = self.known.words.0.get(&key).filter(|_| !self.stale);
        if let Some(word) = known.or_else(|| self.news.words.get(&key)) {
            return Ok(*word);
        }
        let stored = tx.query_opt(
            "SELECT word_id FROM word WHERE kind = $1 AND text = $2 AND company = $3",
            &[(kind as i64).into(), text.into(), company.into()],
        )?;
        let word = match stored {
            Some(row) => row.int(0),
            None => {
                let next = match self.next_word.get(&company) {
                    Some(next) => *next,
                    None => {
                        let sql =
                            "SELECT COALESCE(MAX(word_id), 0) + 1 FROM word WHERE company = $1";
                        tx.query_one(sql, &[company.into()])?.int(0)
                    }
                };
                tx.execute(
                    "INSERT INTO word (company, word_id, kind, text) VALUES ($1, $2, $3, $4)",
                    &[
                        company.into(),
                        next.into(),
                        (kind as i64).into(),
                        text.into(),
                    ],
                )?;
                self.next_word.insert(company, next + 1);
                next
            }
        };
        self.news.words.insert(key, word);
        Ok(word)
    }

    pub(crate) fn rule(&mut self, tx: &mut Tx, rule: &Rule) -> Result<i64, TelemetryError> {
        let known = self.known.rules.0.get(rule).filter(|_| !self.stale);
        if let Some(id) = known.or_else(|| self.news.rules.get(rule)) {
            return Ok(*id);
        }
        let named: [Value; 3] = [
            (*rule.rule).into(),
            (*rule.title).into(),
            (*rule.category).into(),
        ];
        let stored = tx.query_opt(
            "SELECT rule_id FROM rule WHERE rule = $1 AND title = $2 AND category = $3",
            &named,
        )?;
        let id = match stored {
            Some(row) => row.int(0),
            None => {
                let next = match self.next_rule {
                    Some(next) => next,
                    None => {
                        let sql = "SELECT COALESCE(MAX(rule_id), 0) + 1 FROM rule";
                        tx.query_one(sql, &[])?.int(0)
                    }
                };
                let [rule, title, category] = named;
                tx.execute(
                    "INSERT INTO rule (rule_id, rule, title, category) VALUES ($1, $2, $3, $4)",
                    &[next.into(), rule, title, category],
                )?;
                self.next_rule = Some(next + 1);
                next
            }
        };
        self.news.rules.insert(rule.clone(), id);
        Ok(id)
    }

    /// The number of an address among those of a company.
    pub(crate) fn address(
        &mut self,
        tx: &mut Tx,
        company: i64,
        address: &Address,
    ) -> Result<i64, TelemetryError> {
        Ok(match address {
            Address::V4(bits) => i64::from(*bits),
            other => HOSTS + self.word(tx, (company, Word::Host, &other.to_string()))?,
        })
    }
}

/// The number of a company that is known.
pub(crate) fn company(tx: &mut Tx, office_id: &str) -> Result<Option<i64>, TelemetryError> {
    let row = tx.query_opt(
        "SELECT company FROM company WHERE office_id = $1",
        &[office_id.into()],
    )?;
    Ok(row.map(|row| row.int(0)))
}

fn epoch(tx: &mut Tx) -> Result<i64, TelemetryError> {
    let row = tx.query_opt("SELECT value FROM state WHERE name = 'epoch'", &[])?;
    Ok(row.map_or(0, |row| row.int(0)))
}

/// Tells every node to forget what it knows of the tables, since something was deleted.
pub(crate) fn next_epoch(tx: &mut Tx) -> Result<(), TelemetryError> {
    tx.execute(
        "INSERT INTO state (name, value) VALUES ('epoch', 1) ON CONFLICT (name) DO UPDATE SET value = state.value + 1",
        &[],
    )?;
    Ok(())
}

/// The number of an address that a company met; none when it never did.
pub(crate) fn number_of_address(
    tx: &mut Tx,
    company: i64,
    text: &str,
) -> Result<Option<i64>, TelemetryError> {
    Ok(match Address::read(text) {
        None => None,
        Some(Address::V4(bits)) => Some(i64::from(bits)),
        Some(other) => tx
            .query_opt(
                "SELECT word_id FROM word WHERE kind = $1 AND text = $2 AND company = $3",
                &[
                    (Word::Host as i64).into(),
                    Value::from(other.to_string()),
                    company.into(),
                ],
            )?
            .map(|row| HOSTS + row.int(0)),
    })
}
