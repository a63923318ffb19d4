//! Words of a company's devices that no table knows. What they stood for is stored as 0; here they are named, so that a table can learn them.

use sonae_db::{Row, Tx};

use crate::TelemetryError;
use crate::dictionary::company;

/// Words that are named at most, the commonest first.
pub const MOST_WORDS_NAMED: usize = 100;

/// A word that means nothing to us yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    /// `severity` or `action`.
    pub field: String,
    /// As the device wrote it.
    pub word: String,
    /// Lines in which it stood: since the company's first, or on a cluster in the months that are kept.
    pub lines: i64,
}

/// The unknown words of a company, the commonest first. A database counts them for as long as it knows the company, and names a word even when its
/// lines were removed; a cluster counts the months that are kept, so that there a word goes with the last month in which it stood.
pub fn unknown(tx: &mut Tx, office_id: &str) -> Result<Vec<UnknownWord>, TelemetryError> {
    let Some(company) = company(tx, office_id)? else {
        return Ok(Vec::new());
    };
    let most = MOST_WORDS_NAMED as i64;
    Ok(told(&tx.query(UNKNOWN, &[company.into(), most.into()])?))
}

const UNKNOWN: &str = "SELECT field, text, lines FROM unknown_word WHERE company = $1 ORDER BY lines DESC, field, text LIMIT $2";

/// Rows of field, word and lines. Engines order texts each in their own way, so that is done here.
pub(crate) fn told(rows: &[Row]) -> Vec<UnknownWord> {
    let mut words: Vec<UnknownWord> = (rows.iter())
        .map(|row| UnknownWord {
            field: row.text(0).to_owned(),
            word: row.text(1).to_owned(),
            lines: row.int(2),
        })
        .collect();
    words.sort_by(|a, b| (b.lines, &a.field, &a.word).cmp(&(a.lines, &b.field, &b.word)));
    words
}
