//! What was taken out, moved or put in.

use std::collections::BTreeSet;

use super::keep::plain as plain_words;
use super::proposal::{FROM_ANSWERS, Proposer, Take, nowhere};
use super::structure::{blocks, id, item};
use super::{Change, Edit, Was, together};
use crate::paper::difference::{ReturnedChange, place};
use crate::paper::document::{Block, Body, Span};
use crate::paper::{lines_of, whole};

impl Proposer<'_> {
    pub(super) fn removed(&self, of: &[ReturnedChange], block: &Block) -> (Take, Option<String>) {
        let ids: Vec<String> = {
            let mut seen = BTreeSet::new();
            of.iter()
                .filter_map(|change| change.block.clone())
                .filter(|id| seen.insert(id.clone()))
                .collect()
        };
        if of.len() == self.lines(&ids) {
            let edits = ids
                .iter()
                .filter_map(|id| Self::block(self.document, id))
                .map(|block| Edit {
                    block: Some(block.id.clone()),
                    change: Change::Removed {
                        was: Was::of(&whole(&block.body)),
                    },
                });
            let alone = of.len() == 1 && matches!(block.body, Body::Article { .. });
            if alone && self.owned(&block.id).len() > 1 {
                let why = "条の見出しだけを外すことはできません。条の文もすべて外すか、見出しの言葉を変えてください。";
                return (Take::Not(why.to_owned()), None);
            }
            return (Take::Own(edits.collect()), self.referred(&ids));
        }
        let first = &of[0];
        let take = match (&block.body, &first.row, first.line) {
            (Body::Table(table), Some(_), _) if table.source.is_some() => {
                Take::Not(FROM_ANSWERS.to_owned())
            }
            (Body::Table(table), Some(row), _) => {
                match table.rows.iter().find(|found| found.id == *row) {
                    Some(found) => Take::Own(vec![Edit {
                        block: Some(block.id.clone()),
                        change: Change::RowRemoved {
                            row: row.clone(),
                            was: Was::of(&together(found.cells.iter().flatten())),
                        },
                    }]),
                    None => Take::Not(nowhere()),
                }
            }
            (Body::List { .. } | Body::Signature { .. } | Body::Notice { .. }, None, Some(at)) => {
                let mut body = block.body.clone();
                match lines_of(&mut body).get(at) {
                    Some(line) => Take::Own(vec![Edit {
                        block: Some(block.id.clone()),
                        change: Change::LineRemoved {
                            at,
                            was: Was::of(line),
                        },
                    }]),
                    None => Take::Not(nowhere()),
                }
            }
            _ => Take::Not(
                "図や表の一部だけを外すことはできません。ファイルは添付として残ります。".to_owned(),
            ),
        };
        (take, None)
    }

    /// What refers to blocks that would be gone.
    fn referred(&self, ids: &[String]) -> Option<String> {
        let refers = |block: &&Block| {
            !ids.contains(&block.id)
                && whole(&block.body)
                    .iter()
                    .any(|span| matches!(span, Span::Reference { to, .. } if ids.contains(to)))
        };
        let places: BTreeSet<String> = self
            .document
            .blocks
            .iter()
            .filter(refers)
            .map(|block| place(self.document, block))
            .collect();
        (!places.is_empty()).then(|| {
            let places: Vec<String> = places.into_iter().collect();
            format!(
                "「{}」がここを参照しています。外すと、参照は番号ではなく題名で残ります。先にその文を直すことをお勧めします。",
                places.join("」「")
            )
        })
    }

    pub(super) fn moved(&self, of: &[ReturnedChange], block: &Block) -> Take {
        let whole_blocks = of
            .iter()
            .all(|change| change.row.is_none() && change.line == Some(0))
            && !matches!(
                block.body,
                Body::List { .. }
                    | Body::Table(_)
                    | Body::Flow(_)
                    | Body::Signature { .. }
                    | Body::Notice { .. }
            );
        if !whole_blocks {
            return Take::Not(
                "項目や行の順番の入れ替えは取り込めません。ファイルは添付として残ります。"
                    .to_owned(),
            );
        }
        let mut behind = of[0].behind.clone();
        let mut edits = Vec::new();
        for change in of {
            let id = change.block.clone().unwrap_or_default();
            edits.push(Edit {
                block: behind.clone(),
                change: Change::Moved { id: id.clone() },
            });
            behind = Some(id);
        }
        Take::Own(edits)
    }

    pub(super) fn added(
        &self,
        of: &[ReturnedChange],
        salt: usize,
        last: &mut Option<String>,
    ) -> Take {
        let first = &of[0];
        let anchor = first
            .block
            .as_ref()
            .and_then(|id| Self::block(self.document, id));
        if let Some(block) = anchor {
            match &block.body {
                Body::Table(table) if !first.cells.is_empty() => {
                    if table.source.is_some() {
                        return Take::Not(FROM_ANSWERS.to_owned());
                    }
                    if of.iter().all(|row| row.cells.len() == table.columns.len()) {
                        return Take::Own(self.rows(of, block, salt));
                    }
                }
                Body::Flow(_) if !first.cells.is_empty() => {
                    return Take::Not(
                        "手順の図に足した箱は取り込めません。ファイルは添付として残ります。"
                            .to_owned(),
                    );
                }
                Body::List { .. }
                    if of.iter().all(|new| item(&new.style, &new.after).is_some()) =>
                {
                    if let Some(edits) = self.items(of, block) {
                        return Take::Own(edits);
                    }
                }
                _ => {}
            }
        }
        let changes: Vec<&ReturnedChange> = of.iter().collect();
        let new = blocks(self.document, first.block.as_deref(), &changes, salt);
        let behind = last.clone().or_else(|| first.block.clone());
        *last = new.last().map(|block| block.id.clone());
        Take::Own(vec![Edit {
            block: behind,
            change: Change::Added {
                blocks: new,
                otherwise: first.block.clone(),
            },
        }])
    }

    /// The last comes first, because each is put right behind the same item.
    fn items(&self, of: &[ReturnedChange], block: &Block) -> Option<Vec<Edit>> {
        let behind = of[0].line?;
        let mut body = block.body.clone();
        let was = Was::of(lines_of(&mut body).get(behind)?);
        let edit = |new: &ReturnedChange| Edit {
            block: Some(block.id.clone()),
            change: Change::LineAdded {
                behind,
                was: was.clone(),
                now: plain_words(item(&new.style, &new.after).map_or("", |(_, text)| text)),
            },
        };
        Some(of.iter().rev().map(edit).collect())
    }

    fn rows(&self, of: &[ReturnedChange], block: &Block, salt: usize) -> Vec<Edit> {
        let edit = |(at, new): (usize, &ReturnedChange)| Edit {
            block: Some(block.id.clone()),
            change: Change::RowAdded {
                behind: new.row.clone(),
                id: id(Some(&block.id), &new.cells, salt + at),
                cells: new.cells.iter().map(|cell| plain_words(cell)).collect(),
            },
        };
        of.iter().enumerate().rev().map(edit).collect()
    }
}
