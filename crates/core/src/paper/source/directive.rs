//! Directives: `:::name … {attributes}` to `:::end`.

use super::super::expression::{expression, walk};
use super::attributes::{self, Attributes};
use super::inline::inline;
use super::parse::{DEEPEST, Ended, Parser};
use super::table::table;
use super::{Filling, Node, NodeKind, flow, form};

/// Reads what a directive holds; `said` is its line without the colons.
pub(super) fn directive(parser: &mut Parser<'_>, line: usize, said: &str) -> Option<Node> {
    let (name, rest) = said.split_once([' ', '\u{3000}']).unwrap_or((said, ""));
    if name == "if" {
        return branches(parser, line, rest.trim());
    }
    let (rest, mut attributes) = attributes::split(rest.trim(), line, &mut parser.faults);
    if attributes.condition.take().is_some() {
        parser.fault(
            line,
            format!(":::{name} に {{if …}} は付けられません。"),
            ":::if と :::end で囲んでください。",
        );
    }
    match name {
        "each" => each(parser, line, rest, attributes),
        "pagebreak" => {
            let id = attributes.id.take();
            attributes.end(&mut parser.faults);
            Some(parser.node(line, id, NodeKind::PageBreak))
        }
        "rows" => rows(parser, line, rest, attributes),
        "flow" | "form" | "sign" | "note" => {
            let lines = until_end(parser, line);
            let id = attributes.id.take();
            if id.is_none() && matches!(name, "flow" | "form") {
                parser.fault(
                    line,
                    format!(":::{name} には id が要ります。"),
                    "{#…} を付けてください。",
                );
            }
            let faults = &mut parser.faults;
            let inlines = |faults: &mut Vec<_>| {
                lines
                    .iter()
                    .map(|(line, text)| inline(text.trim(), *line, faults))
                    .collect()
            };
            let kind = match name {
                "flow" => flow::flow(&lines, line, &mut attributes, faults).map(NodeKind::Flow),
                "form" => Some(NodeKind::Form(form::form(
                    &lines,
                    line,
                    &mut attributes,
                    faults,
                ))),
                "sign" => Some(NodeKind::Sign {
                    lines: inlines(faults),
                }),
                _ => Some(NodeKind::Note {
                    title: inline(rest, line, faults),
                    lines: inlines(faults),
                }),
            };
            attributes.end(faults);
            Some(parser.node(line, id, kind?))
        }
        _ => {
            let known = "使えるのは if、each、rows、flow、form、sign、note、pagebreak です。";
            parser.fault(
                line,
                format!("「:::{name}」という書き方はありません。"),
                known,
            );
            None
        }
    }
}

/// The lines up to `:::end`, without empty ones and comments.
fn until_end<'a>(parser: &mut Parser<'a>, line: usize) -> Vec<(usize, &'a str)> {
    let mut lines = Vec::new();
    while let Some((at, text)) = parser.lines.get(parser.at).copied() {
        parser.at += 1;
        let trimmed = text.trim();
        if trimmed == ":::end" {
            return lines;
        }
        if trimmed.starts_with(":::") {
            parser.fault(
                at,
                "この中に ::: は書けません。",
                format!("{line}行目から始まる ::: を :::end で閉じてください。"),
            );
            parser.at -= 1;
            return lines;
        }
        if !trimmed.is_empty() && !trimmed.starts_with("%%") {
            lines.push((at, text));
        }
    }
    parser.fault(
        line,
        "::: が閉じられていません。",
        ":::end を足してください。",
    );
    lines
}

/// The blocks inside a directive, and what they ended with.
fn inside(parser: &mut Parser<'_>, line: usize) -> (Vec<Node>, Option<String>) {
    parser.depth += 1;
    if parser.depth == DEEPEST {
        parser.fault(
            line,
            "::: が深すぎます。",
            format!(":::if と :::each の入れ子は{}段までです。", DEEPEST - 1),
        );
    }
    if parser.depth > DEEPEST {
        parser.at = parser.lines.len();
    }
    let before = parser.section.clone();
    let (nodes, ended) = parser.blocks();
    parser.depth -= 1;
    if parser.section != before {
        parser.section.unclear = true;
    }
    match ended {
        Ended::Said(_, word) => (nodes, word),
        Ended::Text => {
            parser.fault(
                line,
                "::: が閉じられていません。",
                ":::end を足してください。",
            );
            (nodes, None)
        }
    }
}

/// A branch that begins where the one before it began: blocks in it belong to the section around both.
fn other_branch(
    parser: &mut Parser<'_>,
    line: usize,
    before: super::parse::Section,
    more: &str,
) -> Vec<Node> {
    let unclear = parser.section.unclear;
    parser.section = before;
    let nodes = if let Some(condition) = more.strip_prefix("if ") {
        branches(parser, line, condition.trim())
            .into_iter()
            .collect()
    } else {
        let (nodes, again) = inside(parser, line);
        if again.is_some() {
            parser.fault(
                line,
                ":::else の後に :::else があります。",
                "分けるなら :::else if を使ってください。",
            );
        }
        nodes
    };
    parser.section.unclear |= unclear;
    nodes
}

fn branches(parser: &mut Parser<'_>, line: usize, condition: &str) -> Option<Node> {
    let read = expression(condition);
    if let Err(problem) = &read {
        parser.fault(
            line,
            problem.clone(),
            format!("条件「{condition}」をお確かめください。"),
        );
    }
    let before = parser.section.clone();
    let (then, more) = inside(parser, line);
    let otherwise = match more {
        Some(more) => other_branch(parser, line, before, &more),
        None => Vec::new(),
    };
    let condition = read.ok()?;
    Some(parser.node(
        line,
        None,
        NodeKind::If {
            condition,
            then,
            otherwise,
        },
    ))
}

fn each(parser: &mut Parser<'_>, line: usize, rest: &str, attributes: Attributes) -> Option<Node> {
    attributes.end(&mut parser.faults);
    let read = walk(rest);
    if let Err(problem) = &read {
        parser.fault(
            line,
            problem.clone(),
            ":::each 質問 as 名前 のように書きます。",
        );
    }
    let before = parser.section.clone();
    let (body, more) = inside(parser, line);
    let otherwise = match more {
        Some(more) => other_branch(parser, line, before, &more),
        None => Vec::new(),
    };
    let walk = read.ok()?;
    Some(parser.node(
        line,
        None,
        NodeKind::Each {
            walk,
            body,
            otherwise,
        },
    ))
}

fn rows(
    parser: &mut Parser<'_>,
    line: usize,
    rest: &str,
    mut attributes: Attributes,
) -> Option<Node> {
    let lines = until_end(parser, line);
    let faults = &mut parser.faults;
    let id = attributes.id.take();
    let filling = Filling {
        blank: attributes.number("blank", 3, faults),
        extra: attributes.number("extra", 0, faults),
        none: attributes
            .value("none")
            .unwrap_or_else(|| "該当なし".to_owned()),
    };
    let mut written = table(&lines, &mut attributes, faults);
    attributes.end(faults);
    let walk = walk(rest);
    if let Err(problem) = &walk {
        parser.fault(
            line,
            problem.clone(),
            ":::rows 質問 as 名前 のように書きます。",
        );
    }
    if written.rows.len() != 1 || written.look.head.iter().all(String::is_empty) {
        parser.fault(
            line,
            ":::rows には見出しの行、線の行、雛形の行を1つずつ書きます。",
            "| 見出し |、|---|、| {{行.列}} | の3行にしてください。",
        );
        return None;
    }
    let template = written.rows.remove(0).cells;
    Some(parser.node(
        line,
        id,
        NodeKind::Rows {
            look: written.look,
            walk: walk.ok()?,
            template,
            filling,
        },
    ))
}
