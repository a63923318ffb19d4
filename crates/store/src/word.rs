//! The words under which cases are found while somebody types; see `sonae_core::application::find`.
//!
//! They are some twenty rows all over a large table, too many to be written while others wait at the door. An arrival is found by looking
//! through its text until [`index`] has written its words.

use sonae_core::application::find::words;
use sonae_db::{Tx, Value};

use crate::StoreError;
use crate::case::Stored;

/// No text in UTF-8 holds this byte, so it stands behind everything that begins with a word.
const BEHIND: u8 = 0xFF;

/// The words as one text, each behind a line feed: for looking through cases that are few.
pub(crate) fn text(stored: &Stored) -> String {
    let words = words(&stored.answers, &stored.receipt_number);
    words.iter().map(|word| format!("\n{word}")).collect()
}

/// Whether cases wait for their words.
pub fn is_waiting(tx: &mut Tx) -> Result<bool, StoreError> {
    let row = tx.query_opt(
        "SELECT receipt_number FROM case_file WHERE worded = 0 LIMIT 1",
        &[],
    )?;
    Ok(row.is_some())
}

/// Writes the words of up to `most` cases that have none yet, and gives how many there were.
pub fn index(tx: &mut Tx, most: u32) -> Result<usize, StoreError> {
    let cases = tx.query(
        "SELECT receipt_number, search_text FROM case_file WHERE worded = 0 ORDER BY receipt_number LIMIT $1",
        &[most.into()],
    )?;
    // In their own order, so that neighbours are written together.
    let mut words: Vec<(&str, &str)> = Vec::new();
    for case in &cases {
        let of_case = case.text(1).split('\n').filter(|word| !word.is_empty());
        words.extend(of_case.map(|word| (word, case.text(0))));
    }
    words.sort_unstable();
    let rows: Vec<_> = words
        .iter()
        .map(|(word, number)| row(word, number))
        .collect();
    tx.insert_many("case_word", &["word", "receipt_number"], &rows)?;
    for case in &cases {
        tx.execute(
            "UPDATE case_file SET worded = 1 WHERE receipt_number = $1",
            &[case.text(0).into()],
        )?;
    }
    Ok(cases.len())
}

fn row(word: &str, receipt_number: &str) -> Vec<Value> {
    vec![word.as_bytes().into(), receipt_number.into()]
}

/// The range of the words that begin so: from the first value on, up to but without the second.
pub(crate) fn range(beginning: &str) -> [Value; 2] {
    let first = beginning.as_bytes().to_vec();
    let mut last = first.clone();
    last.push(BEHIND);
    [first.into(), last.into()]
}

/// What a [`text`] looks like of which a word begins so.
pub(crate) fn pattern(beginning: &str) -> String {
    let literal = beginning
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%\n{literal}%")
}

/// Follows the answers of a case whose words are written.
pub(crate) fn save(tx: &mut Tx, before: &Stored, after: &Stored) -> Result<(), StoreError> {
    if before.answers == after.answers || !is_indexed(tx, after)? {
        return Ok(());
    }
    let old = words(&before.answers, &before.receipt_number);
    let new = words(&after.answers, &after.receipt_number);
    for word in old.difference(&new) {
        tx.execute(
            "DELETE FROM case_word WHERE word = $1 AND receipt_number = $2",
            &row(word, &after.receipt_number),
        )?;
    }
    for word in new.difference(&old) {
        tx.execute(
            "INSERT INTO case_word (word, receipt_number) VALUES ($1, $2) ON CONFLICT (word, receipt_number) DO NOTHING",
            &row(word, &after.receipt_number),
        )?;
    }
    Ok(())
}

fn is_indexed(tx: &mut Tx, stored: &Stored) -> Result<bool, StoreError> {
    let row = tx.query_one(
        "SELECT worded FROM case_file WHERE application_id = $1",
        &[(&stored.application_id).into()],
    )?;
    Ok(row.int(0) == 1)
}
