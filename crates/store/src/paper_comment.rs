//! What company and office write about a paper: about a block of it or about the whole.

use jiff::Timestamp;
use sonae_db::Tx;

use crate::paper::version;
use crate::{StoreError, instant, ms};

/// Most comments on one paper of a case.
pub const MOST_COMMENTS: i64 = 500;

#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    pub id: String,
    /// The block it is about; none for the whole paper. The block may be gone by now.
    pub block: Option<String>,
    /// The version that was open when it was written.
    pub version: u32,
    /// `staff:<id>` or `company`
    pub author: String,
    pub text: String,
    pub at: Timestamp,
    /// Who said that it is settled, and when.
    pub resolved: Option<(String, Timestamp)>,
}

/// Adds a comment. `false` when there are [`MOST_COMMENTS`]; nothing is written then.
pub fn add(
    tx: &mut Tx,
    application_id: &str,
    kind: &str,
    comment: &Comment,
) -> Result<bool, StoreError> {
    let row = tx.query_one(
        "SELECT COUNT(*) FROM paper_comment WHERE application_id = $1 AND kind = $2",
        &[application_id.into(), kind.into()],
    )?;
    if row.int(0) >= MOST_COMMENTS {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO paper_comment (id, application_id, kind, block, version, author, text, at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            (&comment.id).into(),
            application_id.into(),
            kind.into(),
            comment.block.clone().into(),
            i64::from(comment.version).into(),
            (&comment.author).into(),
            (&comment.text).into(),
            ms(comment.at).into(),
        ],
    )?;
    Ok(true)
}

/// The comments on a paper, the oldest first.
pub fn of_paper(tx: &mut Tx, application_id: &str, kind: &str) -> Result<Vec<Comment>, StoreError> {
    let rows = tx.query(
        "SELECT id, block, version, author, text, at_ms, resolved_by, resolved_at_ms FROM paper_comment
         WHERE application_id = $1 AND kind = $2 ORDER BY at_ms, id",
        &[application_id.into(), kind.into()],
    )?;
    rows.iter()
        .map(|row| {
            let resolved = row.opt_text(6).zip(row.opt_int(7));
            Ok(Comment {
                id: row.text(0).to_owned(),
                block: row.opt_text(1).map(str::to_owned),
                version: version(row.int(2))?,
                author: row.text(3).to_owned(),
                text: row.text(4).to_owned(),
                at: instant(row.int(5))?,
                resolved: resolved
                    .map(|(by, at)| Ok::<_, StoreError>((by.to_owned(), instant(at)?)))
                    .transpose()?,
            })
        })
        .collect()
}

/// How many comments of each kind are not settled.
pub fn open_counts(tx: &mut Tx, application_id: &str) -> Result<Vec<(String, i64)>, StoreError> {
    let rows = tx.query(
        "SELECT kind, COUNT(*) FROM paper_comment WHERE application_id = $1 AND resolved_at_ms IS NULL GROUP BY kind ORDER BY kind",
        &[application_id.into()],
    )?;
    Ok(rows
        .iter()
        .map(|row| (row.text(0).to_owned(), row.int(1)))
        .collect())
}

/// Notes that a comment is settled. `false` when there is no such comment of this paper, or it is settled already.
pub fn resolve(
    tx: &mut Tx,
    (application_id, kind): (&str, &str),
    id: &str,
    by: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "UPDATE paper_comment SET resolved_by = $4, resolved_at_ms = $5
         WHERE id = $3 AND application_id = $1 AND kind = $2 AND resolved_at_ms IS NULL",
        &[
            application_id.into(),
            kind.into(),
            id.into(),
            by.into(),
            ms(at).into(),
        ],
    )?;
    Ok(changed > 0)
}
