//! The words under which cases are found while somebody types; see `sonae_core::application::find`.

use std::collections::BTreeSet;

use sonae_core::application::find::words;
use sonae_db::{Tx, Value};

use crate::StoreError;
use crate::case::Stored;

pub(crate) const COLUMNS: &[&str] = &["word", "receipt_number"];

/// No text in UTF-8 holds this byte, so it stands behind everything that begins with a word.
const BEHIND: u8 = 0xFF;

/// The rows of a case that has none yet.
pub(crate) fn rows(stored: &Stored) -> impl Iterator<Item = Vec<Value>> {
    words(&stored.answers, &stored.receipt_number)
        .into_iter()
        .map(|word| row(&word, &stored.receipt_number))
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

/// Follows the answers of a case.
pub(crate) fn save(tx: &mut Tx, before: &Stored, after: &Stored) -> Result<(), StoreError> {
    if before.answers == after.answers {
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
    let added: BTreeSet<_> = new.difference(&old).collect();
    for word in added {
        tx.execute(
            "INSERT INTO case_word (word, receipt_number) VALUES ($1, $2) ON CONFLICT (word, receipt_number) DO NOTHING",
            &row(word, &after.receipt_number),
        )?;
    }
    Ok(())
}
