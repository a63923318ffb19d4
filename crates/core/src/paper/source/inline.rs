//! A line of text: emphasis, answers, references.

use super::super::expression::{path, walk};
use super::{Fault, Filter, Inline, Piece, Printed, Reference, What};

/// Reads one line. What cannot be read is left out and reported.
pub(super) fn inline(text: &str, line: usize, faults: &mut Vec<Fault>) -> Inline {
    Reader { line, faults }.pieces(text, true)
}

/// A text that may hold neither answers nor emphasis: titles of columns, labels, lanes.
pub(super) fn plain(text: &str, line: usize, faults: &mut Vec<Fault>) -> String {
    match inline(text, line, faults).as_slice() {
        [] => String::new(),
        [Piece::Text(text)] => text.clone(),
        _ => {
            let hint = "文字だけにしてください。";
            faults.push(Fault::new(
                line,
                format!("「{text}」には答えや参照を書けません。"),
                hint,
            ));
            String::new()
        }
    }
}

struct Reader<'a> {
    line: usize,
    faults: &'a mut Vec<Fault>,
}

/// What a mark opens and by what it is closed.
const MARKS: [(&str, &str); 3] = [("{{", "}}"), ("[[", "]]"), ("**", "**")];

impl Reader<'_> {
    fn pieces(&mut self, text: &str, strong_may_come: bool) -> Inline {
        let mut pieces = Inline::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('\\') {
                let length = match MARKS.iter().find(|(open, _)| after.starts_with(open)) {
                    Some((open, _)) => open.len(),
                    None => after.chars().next().map_or(0, char::len_utf8),
                };
                push_text(&mut pieces, &after[..length]);
                rest = &after[length..];
                continue;
            }
            let mark = MARKS.iter().find(|(open, _)| rest.starts_with(open));
            let Some((open, close)) = mark else {
                let length = rest.chars().next().map_or(0, char::len_utf8);
                push_text(&mut pieces, &rest[..length]);
                rest = &rest[length..];
                continue;
            };
            let Some((inside, after)) = rest[open.len()..].split_once(close) else {
                self.fault(
                    format!("「{open}」が閉じられていません。"),
                    &format!("{close} で閉じてください。文字そのものなら前に \\ を置きます。"),
                );
                return pieces;
            };
            rest = after;
            match *open {
                "{{" => pieces.extend(self.printed(inside).map(Piece::Value)),
                "[[" => pieces.extend(self.reference(inside).map(Piece::Reference)),
                _ if strong_may_come => {
                    let inside = self.pieces(inside, false);
                    pieces.push(Piece::Strong(inside));
                }
                _ => self.fault(
                    "強調の中に強調があります。".to_owned(),
                    "** を減らしてください。",
                ),
            }
        }
        pieces
    }

    fn fault(&mut self, what: String, hint: &str) {
        self.faults.push(Fault::new(self.line, what, hint));
    }

    fn printed(&mut self, inside: &str) -> Option<Printed> {
        let mut parts = inside.split('|').map(str::trim);
        let source = parts.next().unwrap_or_default();
        let what = match source.contains(' ') {
            true => walk(source).map(What::Walk),
            false => path(source).map(What::Path),
        };
        let what = match what {
            Ok(what) => what,
            Err(problem) => {
                self.fault(
                    problem,
                    &format!("「{{{{{inside}}}}}」をお確かめください。"),
                );
                return None;
            }
        };
        let mut filters = Vec::new();
        for part in parts {
            match filter(part) {
                Some(filter) => filters.push(filter),
                None => self.fault(format!("「{part}」という書き方はありません。"), "使えるのは wareki、western、hours、unit、or:文、blank:数、mark、names、count です。"),
            }
        }
        Some(Printed {
            what,
            filters,
            line: self.line,
        })
    }

    fn reference(&mut self, inside: &str) -> Option<Reference> {
        let (target, words) = match inside.split_once('|') {
            Some((target, words)) => (target, Some(self.pieces(words, false))),
            None => (inside, None),
        };
        let (to, row) = match target.split_once('@') {
            Some((to, row)) => (to, Some(row.trim().to_owned())),
            None => (target, None),
        };
        if words
            .iter()
            .flatten()
            .any(|piece| matches!(piece, Piece::Reference(_) | Piece::Strong(_)))
        {
            self.fault(
                format!("参照「{inside}」の代わりの言葉に参照や強調があります。"),
                "文字と答えだけにしてください。",
            );
        }
        Some(Reference {
            to: to.trim().to_owned(),
            row,
            words,
            line: self.line,
        })
    }
}

fn filter(text: &str) -> Option<Filter> {
    Some(match text {
        "wareki" => Filter::Wareki,
        "western" => Filter::Western,
        "hours" => Filter::Hours,
        "unit" => Filter::Unit,
        "mark" => Filter::Mark,
        "names" => Filter::Names,
        "count" => Filter::Count,
        _ => match text.split_once(':')? {
            ("or", words) => Filter::Or(words.to_owned()),
            ("blank", width) => Filter::Blank(
                width
                    .parse()
                    .ok()
                    .filter(|width| (1..=40).contains(width))?,
            ),
            _ => return None,
        },
    })
}

pub(super) fn push_text(pieces: &mut Inline, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(before)) => before.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}
