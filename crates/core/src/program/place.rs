//! Where an item of a definition stands in its file.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// The line, counted from 1, on which a byte stands.
pub(crate) fn line_at(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    1 + text.as_bytes()[..byte]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
}

/// The line of an item by its path, for example `course.0.capacity.places`; where the path ends in something that the file
/// does not hold (a missing key), the line of the nearest thing around it.
pub(crate) fn line_of(text: &str, path: &str) -> usize {
    let Ok(document) = DeTable::parse(text) else {
        return 1;
    };
    let mut byte = 0;
    let mut segments = path.split('.');
    let Some(first) = segments.next() else {
        return 1;
    };
    let Some((key, value)) = document.get_ref().get_key_value(first) else {
        return 1;
    };
    byte = byte.max(key.span().start);
    let mut here: &DeValue<'_> = value.get_ref();
    for segment in segments {
        let next = match here {
            DeValue::Table(table) => table
                .get_key_value(segment)
                .map(|(key, value)| (key.span(), value)),
            DeValue::Array(array) => segment
                .parse::<usize>()
                .ok()
                .and_then(|index| array.get(index))
                .map(|value| (value.span(), value)),
            _ => None,
        };
        let Some((span, value)) = next else { break };
        byte = span.start;
        here = value.get_ref();
    }
    line_at(text, byte)
}

/// How many lines below a line (counted from 1) a piece of text first stands; 0 when it does not.
pub(crate) fn lines_down(text: &str, line: usize, near: &str) -> usize {
    if near.is_empty() {
        return 0;
    }
    text.lines()
        .skip(line.saturating_sub(1))
        .position(|line| line.contains(near))
        .unwrap_or(0)
}

/// The names on the way to the value at a span, for example `course › capacity › places`; empty when nothing is there.
pub(crate) fn names_at(text: &str, span: &Range<usize>) -> String {
    let Ok(document) = DeTable::parse(text) else {
        return String::new();
    };
    let mut names = Vec::new();
    in_table(document.get_ref(), span, &mut names);
    names.join(" › ")
}

fn in_table<'a>(table: &'a DeTable<'_>, span: &Range<usize>, names: &mut Vec<&'a str>) -> bool {
    table.iter().any(|(key, value)| {
        names.push(key.get_ref());
        if key.span() == *span || value.span() == *span || in_value(value.get_ref(), span, names) {
            return true;
        }
        names.pop();
        false
    })
}

fn in_value<'a>(value: &'a DeValue<'_>, span: &Range<usize>, names: &mut Vec<&'a str>) -> bool {
    match value {
        DeValue::Table(table) => in_table(table, span, names),
        DeValue::Array(array) => array
            .iter()
            .any(|item| item.span() == *span || in_value(item.get_ref(), span, names)),
        _ => false,
    }
}
