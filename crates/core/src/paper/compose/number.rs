//! Numbers of headings, articles, clauses, tables and figures, and what each block is called by them.

use std::collections::BTreeMap;

use super::blocks::Composer;
use crate::paper::document::{Body, Numbering};
use crate::paper::plain::line_text;

/// Numbers all blocks; the name of each that has one.
pub(super) fn number(
    composer: &mut Composer<'_, '_>,
    numbering: Numbering,
) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    let mut levels = [0_u32; 3];
    let (mut article, mut clause, mut table, mut figure) = (0, 0, 0, 0);
    for block in &mut composer.blocks {
        let label = match &mut block.body {
            Body::Heading {
                level,
                number,
                text,
            } => {
                clause = 0;
                let plain = composer.plain.contains(&block.id);
                if !plain {
                    *number = next(&mut levels, *level, numbering);
                }
                match composer.forms.get(&block.id) {
                    Some(form) => format!("様式{form}"),
                    None => heading(number, &line_text(text), numbering),
                }
            }
            Body::Article { number, .. } => {
                article += 1;
                clause = 0;
                *number = article;
                format!("第{article}条")
            }
            Body::Clause { number, .. } => {
                clause += 1;
                *number = clause;
                format!("第{article}条第{clause}項")
            }
            Body::Table(found) if found.caption.is_some() => {
                table += 1;
                found.number = Some(table);
                format!("表{table}")
            }
            Body::Flow(flow) => {
                figure += 1;
                flow.number = figure;
                format!("図{figure}")
            }
            _ => continue,
        };
        labels.insert(block.id.clone(), label);
    }
    labels
}

/// The number of the next heading of a level; empty when such headings have none.
fn next(levels: &mut [u32; 3], level: u8, numbering: Numbering) -> Vec<u32> {
    let at = usize::from(level.clamp(1, 3)) - 1;
    levels[at] += 1;
    levels[at + 1..].fill(0);
    match numbering {
        Numbering::None => Vec::new(),
        Numbering::Articles if at > 0 => Vec::new(),
        _ => levels[..=at].to_vec(),
    }
}

fn heading(number: &[u32], text: &str, numbering: Numbering) -> String {
    match (number, numbering) {
        ([], _) => format!("「{text}」"),
        ([chapter, ..], Numbering::Articles) => format!("第{chapter}章"),
        _ => {
            let number: Vec<String> = number.iter().map(u32::to_string).collect();
            format!("「{} {text}」", number.join("."))
        }
    }
}
