//! Rows and cells that came back changed: of a written table they are own words, of an answered one other answers.

use super::answer::{AnswerChange, column};
use super::keep::keep;
use super::proposal::{FROM_ANSWERS, Proposer, Take, nowhere};
use super::{Change, Edit, Was, together};
use crate::paper::difference::{ReturnedChange, as_compared};
use crate::paper::document::{Block, Body, Row};
use crate::paper::plain::line_text;

impl Proposer<'_> {
    pub(super) fn changed_row(&self, change: &ReturnedChange, block: &Block) -> Take {
        let Body::Table(table) = &block.body else {
            return Take::Not(nowhere());
        };
        let row = change
            .row
            .as_ref()
            .and_then(|id| table.rows.iter().find(|row| row.id == *id));
        let Some(row) = row else {
            return Take::Not(
                "表の題名と見出しは取り込めません。ファイルは添付として残ります。".to_owned(),
            );
        };
        if change.cells.len() != row.cells.len() {
            return Take::Not(
                "行の列の数が変わっています。列を足したり結合したりする変更は取り込めません。"
                    .to_owned(),
            );
        }
        let changed: Vec<(usize, &String)> = change
            .cells
            .iter()
            .enumerate()
            .filter(|(at, cell)| as_compared(cell) != as_compared(&cell_text(row, *at)))
            .collect();
        match &table.source {
            Some(source) => self.answered(source, row, block, &changed),
            None => self.written(row, block, &changed),
        }
    }

    fn written(&self, row: &Row, block: &Block, changed: &[(usize, &String)]) -> Take {
        let traced = self.traced_body(&block.id);
        let traced = match &traced {
            Body::Table(table) => table.rows.iter().find(|found| found.id == row.id),
            _ => None,
        };
        let edit = |(at, typed): &(usize, &String)| {
            let line = traced
                .map(|row| row.cells[*at].concat())
                .unwrap_or_default();
            Edit {
                block: Some(block.id.clone()),
                change: Change::Cell {
                    row: row.id.clone(),
                    column: *at,
                    was: Was::of(&together(&row.cells[*at])),
                    now: keep(&line, &as_compared(typed)),
                },
            }
        };
        Take::Own(changed.iter().map(edit).collect())
    }

    fn answered(
        &self,
        source: &str,
        row: &Row,
        block: &Block,
        changed: &[(usize, &String)],
    ) -> Take {
        let mut answers = Vec::new();
        for (at, typed) in changed {
            let Some(column) = column(self.draft.kind, &block.id, *at) else {
                return Take::Not(FROM_ANSWERS.to_owned());
            };
            answers.push(AnswerChange {
                question: source.to_owned(),
                cell: Some((row.id.clone(), column)),
                value: (*typed).clone(),
            });
        }
        let exact = changed.iter().all(|(at, typed)| {
            self.gives(&answers, typed, |document| {
                let block = Self::block(document, &block.id)?;
                let Body::Table(table) = &block.body else {
                    return None;
                };
                let row = table.rows.iter().find(|found| found.id == row.id)?;
                Some(cell_text(row, *at))
            })
        });
        if exact {
            Take::Answers(answers)
        } else {
            Take::Not(FROM_ANSWERS.to_owned())
        }
    }
}

fn cell_text(row: &Row, at: usize) -> String {
    let lines = row.cells[at].iter().map(line_text);
    lines.collect::<Vec<_>>().join(" ")
}
