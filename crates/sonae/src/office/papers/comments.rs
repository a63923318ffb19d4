//! Comments on a paper, by company and office, about a block or the whole.

use jiff::Timestamp;
use sonae_core::flow::Refusal;
use sonae_db::Tx;
use sonae_store::paper_comment::{self, Comment};

use super::logged::{PaperData, log};
use super::{Outcome, Request, kept};
use crate::app::App;
use crate::chance;

/// Longest comment, in characters.
pub const LONGEST: usize = 2_000;
/// Longest id of a block, in bytes.
pub const LONGEST_BLOCK: usize = 200;

/// Writes a comment; gives its id.
///
/// # Errors
/// The database could not be written.
pub async fn comment(
    app: &App,
    request: Request,
    block: Option<String>,
    text: String,
) -> Outcome<String> {
    let inner = app.clone();
    app.write(move |tx| {
        let what = (block.as_deref(), text.as_str());
        comment_in(tx, &request, what, inner.clock.now())
    })
    .await
}

/// The same in the caller's transaction.
///
/// # Errors
/// The database could not be written; the transaction is to be dropped.
pub fn comment_in(
    tx: &mut Tx,
    request: &Request,
    (block, text): (Option<&str>, &str),
    now: Timestamp,
) -> Outcome<String> {
    if text.trim().is_empty() {
        return Ok(Err(Refusal::new("no_text", "コメントを書いてください。")));
    }
    if text.chars().count() > LONGEST {
        return Ok(Err(Refusal::new(
            "text_too_long",
            format!("コメントは、{LONGEST}字までで書いてください。"),
        )));
    }
    let at = kept(now);
    let opened = match request.open(tx)? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let block = block.filter(|block| block.len() <= LONGEST_BLOCK);
    let comment = Comment {
        id: chance::id(at),
        block: block.map(str::to_owned),
        version: opened.state.version(),
        author: request.actor.name(),
        text: text.trim().to_owned(),
        at,
        resolved: None,
    };
    let id = &opened.stored.application_id;
    if !paper_comment::add(tx, id, &opened.kind.id, &comment)? {
        return Ok(Err(Refusal::new(
            "too_many_comments",
            format!(
                "1つの文書に書けるコメントは{}件までです。ご用件は、メッセージでお送りください。",
                paper_comment::MOST_COMMENTS
            ),
        )));
    }
    let data = PaperData {
        kind: Some(&opened.kind.id),
        version: Some(comment.version),
        about: Some(&comment.id),
        ..PaperData::default()
    };
    log(
        tx,
        &opened.stored,
        ("paper.commented", &request.actor, at),
        data,
    )?;
    Ok(Ok(comment.id))
}

/// Says that a comment is settled. Settling it twice is no mistake.
///
/// # Errors
/// The database could not be written.
pub async fn resolve(app: &App, request: Request, comment: String) -> Outcome<()> {
    let inner = app.clone();
    app.write(move |tx| {
        let at = kept(inner.clock.now());
        let opened = match request.open(tx)? {
            Ok(opened) => opened,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let paper = (
            opened.stored.application_id.as_str(),
            opened.kind.id.as_str(),
        );
        if paper_comment::resolve(tx, paper, &comment, &request.actor.name(), at)? {
            let data = PaperData {
                kind: Some(&opened.kind.id),
                about: Some(&comment),
                ..PaperData::default()
            };
            let what = ("paper.comment_resolved", &request.actor, at);
            log(tx, &opened.stored, what, data)?;
        }
        Ok(Ok(()))
    })
    .await
}
