//! What was typed, with the values and references that are still in it.

use super::{LONGEST_LINE, OwnLine, Words};
use crate::paper::difference::as_compared;
use crate::paper::document::{Line, Span};

/// The typed line. A value or reference of the old line whose words still stand there, in the same order, is kept as such.
pub(super) fn keep(traced: &Line, typed: &str) -> OwnLine {
    let typed: String = typed.chars().take(LONGEST_LINE).collect();
    let mut rest = typed.as_str();
    let mut own = OwnLine::new();
    // The last character of the words before: a very short value is known by it.
    let mut before: Option<char> = None;
    for span in traced {
        let (words, kept) = match span {
            Span::Text(text) => {
                before = text.chars().last();
                continue;
            }
            Span::Strong(text) => (as_compared(text), Words::Strong(text.clone())),
            Span::Reference { to, text } => (as_compared(text), reference(to, text)),
            Span::Blank { question, width } => (
                "＿".to_owned(),
                Words::Blank {
                    question: question.clone(),
                    width: *width,
                },
            ),
        };
        if let Some(at) = place(rest, &words, before) {
            text(&mut own, &rest[..at]);
            own.push(kept);
            rest = &rest[at + words.len()..];
        }
        before = words.chars().last();
    }
    text(&mut own, rest);
    own
}

fn reference(to: &str, text: &str) -> Words {
    match to.strip_prefix('=') {
        Some(source) => Words::Value {
            source: source.to_owned(),
            text: text.to_owned(),
        },
        None => Words::Reference {
            to: to.to_owned(),
            text: text.to_owned(),
        },
    }
}

fn place(rest: &str, words: &str, before: Option<char>) -> Option<usize> {
    if words.is_empty() {
        return None;
    }
    let at = rest.find(words)?;
    let known = words.chars().nth(1).is_some()
        || words == "＿"
        || rest[..at].chars().last().or(before) == before;
    known.then_some(at)
}

fn text(own: &mut OwnLine, text: &str) {
    if !text.is_empty() {
        own.push(Words::Text(text.to_owned()));
    }
}

/// Words without anything that follows.
pub(super) fn plain(text: &str) -> OwnLine {
    let text: String = text.trim().chars().take(LONGEST_LINE).collect();
    if text.is_empty() {
        OwnLine::new()
    } else {
        vec![Words::Text(text)]
    }
}
