//! What new paragraphs are: articles, clauses, lists, tables.

use sha2::{Digest, Sha256};

use super::keep::plain;
use super::{NewBlock, NewBody};
use crate::paper::difference::ReturnedChange;
use crate::paper::document::{Body, Document, Mark, Numbering};

/// New blocks for paragraphs that follow each other, the first of them behind `anchor`.
pub(super) fn blocks(
    draft: &Document,
    anchor: Option<&str>,
    added: &[&ReturnedChange],
    salt: usize,
) -> Vec<NewBlock> {
    let mut in_article = in_article(draft, anchor);
    let mut found: Vec<NewBody> = Vec::new();
    for change in added {
        let body = body(change, draft.numbering, in_article);
        match &body {
            NewBody::Article { .. } => in_article = true,
            NewBody::Heading { .. } => in_article = false,
            _ => {}
        }
        match (found.last_mut(), body) {
            (
                Some(NewBody::List { mark, items }),
                NewBody::List {
                    mark: same,
                    items: more,
                },
            ) if *mark == same => items.extend(more),
            (Some(NewBody::Table { rows }), NewBody::Table { rows: more }) => rows.extend(more),
            (_, body) => found.push(body),
        }
    }
    found
        .into_iter()
        .enumerate()
        .map(|(at, body)| NewBlock {
            id: id(anchor, &body, salt + at),
            body,
        })
        .collect()
}

fn in_article(draft: &Document, anchor: Option<&str>) -> bool {
    let at = anchor.and_then(|id| draft.blocks.iter().position(|block| block.id == id));
    let before = at.map_or(&draft.blocks[..0], |at| &draft.blocks[..=at]);
    let last = before.iter().rev().find_map(|block| match block.body {
        Body::Article { .. } => Some(true),
        Body::Heading { .. } => Some(false),
        _ => None,
    });
    last.unwrap_or(false)
}

fn body(change: &ReturnedChange, numbering: Numbering, in_article: bool) -> NewBody {
    if !change.cells.is_empty() {
        return NewBody::Table {
            rows: vec![change.cells.iter().map(|cell| plain(cell)).collect()],
        };
    }
    let text = change.after.trim();
    if let Some(caption) = article(change, numbering) {
        return NewBody::Article {
            caption: plain(&caption),
        };
    }
    let level = match change.style.as_str() {
        "Heading1" => Some(1),
        "Heading2" => Some(2),
        "Heading3" => Some(3),
        _ => None,
    };
    if let Some(level) = level {
        return NewBody::Heading {
            level,
            text: plain(without_number(text)),
        };
    }
    if let Some((mark, text)) = item(&change.style, text) {
        return NewBody::List {
            mark,
            items: vec![plain(text)],
        };
    }
    // A line within a paragraph is none of the paper's: every line is a paragraph of its own, joined by a space.
    let text = text
        .split('\n')
        .map(str::trim)
        .collect::<Vec<_>>()
        .join(" ");
    let is_clause = in_article && numbering == Numbering::Articles;
    if is_clause {
        let text = if change.style == "ClauseNumbered" {
            without_number(&text)
        } else {
            &text
        };
        return NewBody::Clause { text: plain(text) };
    }
    NewBody::Paragraph { text: plain(&text) }
}

/// The caption of an article: by its style, or because it reads 第n条（…）.
fn article(change: &ReturnedChange, numbering: Numbering) -> Option<String> {
    let text = change.after.trim();
    let numbered = text.strip_prefix('第').and_then(|rest| {
        let digits = rest.trim_start_matches(|c: char| c.is_numeric());
        (digits.len() < rest.len()).then_some(digits)
    });
    let numbered = numbered.and_then(|rest| rest.strip_prefix('条'));
    let is = change.style == "Article" || (numbered.is_some() && numbering == Numbering::Articles);
    if !is {
        return None;
    }
    let caption = numbered.unwrap_or(text).trim();
    let caption = caption
        .strip_prefix(['（', '('])
        .and_then(|inside| inside.strip_suffix(['）', ')']))
        .unwrap_or(caption);
    Some(caption.to_owned())
}

/// An item of a list, without its mark.
pub(super) fn item<'a>(style: &str, text: &'a str) -> Option<(Mark, &'a str)> {
    let marks = [
        ("・", Mark::Bullet),
        ("•", Mark::Bullet),
        ("□", Mark::Check),
        ("☐", Mark::Check),
    ];
    let marked = marks
        .iter()
        .find_map(|(sign, mark)| Some((*mark, text.strip_prefix(sign)?.trim())));
    let numbered = || {
        let inside = text.strip_prefix(['（', '('])?;
        let rest = inside.trim_start_matches(|c: char| c.is_numeric());
        let rest = (rest.len() < inside.len()).then(|| rest.strip_prefix(['）', ')']))??;
        Some((Mark::Number, rest.trim()))
    };
    marked
        .or_else(numbered)
        .or_else(|| (style == "ListItem").then_some((Mark::Bullet, text)))
}

/// The text without the number that somebody typed before it: `2　`, `2.1 `, `第3章　`.
fn without_number(text: &str) -> &str {
    let is_number = |c: char| c.is_numeric() || matches!(c, '.' | '．' | '第' | '章');
    let rest = text.trim_start_matches(is_number);
    let typed = rest.len() < text.len() && rest.starts_with(char::is_whitespace);
    if typed { rest.trim_start() } else { text }
}

/// A name that follows from what is added and where.
pub(super) fn id(anchor: Option<&str>, body: &impl std::fmt::Debug, salt: usize) -> String {
    let digest = Sha256::digest(format!("{anchor:?} {salt} {body:?}"));
    format!("own_{}", &crate::audit::hex(&digest)[..12])
}
