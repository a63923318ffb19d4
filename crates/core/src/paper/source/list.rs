//! Lists, nested by two spaces.

use super::super::document::Mark;
use super::attributes;
use super::inline::inline;
use super::{Fault, ListItem};

/// Deepest nesting of lists.
const DEEPEST: usize = 3;

/// The mark of a line that is an item, and its text.
pub(super) fn item(line: &str) -> Option<(Mark, &str)> {
    let line = line.trim_start();
    if let Some(text) = line.strip_prefix("- ") {
        return Some((Mark::Bullet, text));
    }
    if let Some(text) = line.strip_prefix("[] ") {
        return Some((Mark::Check, text));
    }
    let (number, text) = line.split_once(". ")?;
    let counts =
        !number.is_empty() && number.len() <= 3 && number.chars().all(|c| c.is_ascii_digit());
    counts.then_some((Mark::Number, text))
}

/// Reads the lines of a list, each with its number.
pub(super) fn list(lines: &[(usize, &str)], faults: &mut Vec<Fault>) -> (Mark, Vec<ListItem>) {
    at_depth(lines, 0, faults)
}

fn depth(line: &str) -> usize {
    (line.len() - line.trim_start_matches(' ').len()) / 2
}

fn at_depth(
    lines: &[(usize, &str)],
    level: usize,
    faults: &mut Vec<Fault>,
) -> (Mark, Vec<ListItem>) {
    let mut mark = Mark::Bullet;
    let mut items: Vec<ListItem> = Vec::new();
    let mut at = 0;
    while let Some((line, text)) = lines.get(at) {
        let Some((found, text)) = item(text) else {
            at += 1;
            continue;
        };
        if items.is_empty() {
            mark = found;
        } else if mark != found {
            faults.push(Fault::new(
                *line,
                "1つの並びに違う印が混ざっています。",
                "印をそろえるか、間に空の行を入れてください。",
            ));
        }
        let (text, mut attributes) = attributes::split(text, *line, faults);
        let condition = attributes.condition.take();
        attributes.end(faults);
        let text = inline(text, *line, faults);
        at += 1;
        let deeper = lines[at..]
            .iter()
            .take_while(|(_, text)| depth(text) > level)
            .count();
        let below = &lines[at..at + deeper];
        at += deeper;
        let under = match below.first() {
            None => None,
            Some((line, _)) if level + 1 >= DEEPEST => {
                faults.push(Fault::new(
                    *line,
                    "並びが深すぎます。",
                    format!("並びは{DEEPEST}段までです。"),
                ));
                None
            }
            Some(_) => Some(at_depth(below, level + 1, faults)),
        };
        items.push(ListItem {
            text,
            condition,
            under,
            line: *line,
        });
    }
    (mark, items)
}
