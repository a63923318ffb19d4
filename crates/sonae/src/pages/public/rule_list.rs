//! The conditions of a programme as headings and nested lists.

use sonae_core::eligibility::print::{LimitRow, PrintedLine, PrintedRule};

/// One rule or pledge.
pub(super) struct RuleView {
    pub(super) clause: String,
    pub(super) title: String,
    /// The outermost sentence.
    pub(super) sentence: String,
    /// Its parts.
    pub(super) lines: Vec<Line>,
    /// How many lists are open after the last line.
    pub(super) open_at_end: usize,
    pub(super) table: Option<Vec<LimitRow>>,
}

/// One part of a sentence and how the lists change before it.
pub(super) struct Line {
    /// Lists that begin.
    pub(super) opens: usize,
    /// Lists that end.
    pub(super) closes: usize,
    pub(super) text: String,
}

impl RuleView {
    pub(super) fn new(rule: PrintedRule) -> RuleView {
        let mut lines = rule.lines.into_iter();
        let sentence = lines.next().map_or_else(String::new, |line| line.text);
        let (lines, open_at_end) = nested(lines);
        RuleView {
            clause: rule.clause,
            title: rule.title,
            sentence,
            lines,
            open_at_end,
            table: rule.table,
        }
    }
}

fn nested(lines: impl Iterator<Item = PrintedLine>) -> (Vec<Line>, usize) {
    let mut depth = 0;
    let lines = lines.map(|line| {
        let before = std::mem::replace(&mut depth, line.depth);
        Line {
            opens: line.depth.saturating_sub(before),
            closes: before.saturating_sub(line.depth),
            text: line.text,
        }
    });
    let lines = lines.collect();
    (lines, depth)
}
