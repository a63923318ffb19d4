//! Lines, items and rows of a block, found by what they were and changed.

use crate::paper::document::{Body, Item, Line, Mark, Row};
use crate::paper::own_text::{Was, together};
use crate::paper::plain::line_text;

/// All lines of a block, in the order in which they are counted.
pub(in crate::paper) fn lines_of(body: &mut Body) -> Vec<&mut Line> {
    match body {
        Body::Heading { text, .. } | Body::Clause { text, .. } | Body::Paragraph { text } => {
            vec![text]
        }
        Body::Article { caption, .. } => vec![caption],
        Body::List { items, .. } => {
            let mut found = Vec::new();
            items_of(items, &mut found);
            found
        }
        Body::Flow(flow) => flow.steps.iter_mut().map(|step| &mut step.text).collect(),
        Body::Signature { lines } => lines.iter_mut().collect(),
        Body::Notice { title, text } => std::iter::once(title).chain(text).collect(),
        Body::Table(_) | Body::Chart(_) | Body::PageBreak => Vec::new(),
    }
}

fn items_of<'a>(items: &'a mut [Item], found: &mut Vec<&'a mut Line>) {
    for item in items {
        found.push(&mut item.text);
        if let Some((_, under)) = &mut item.under {
            items_of(under, found);
        }
    }
}

/// All words of a block, to be compared.
pub(in crate::paper) fn whole(body: &Body) -> Line {
    let mut body = body.clone();
    match &body {
        Body::Table(table) => together(
            table
                .rows
                .iter()
                .flat_map(|row| row.cells.iter().flatten())
                .collect::<Vec<_>>(),
        ),
        _ => {
            let lines: Vec<Line> = lines_of(&mut body)
                .into_iter()
                .map(|line| line.clone())
                .collect();
            together(&lines)
        }
    }
}

/// Changes the line that was meant; gives what stands there when that is another text than it was.
pub(super) fn find(
    body: &mut Body,
    at: usize,
    was: &Was,
    change: impl FnOnce(&mut [&mut Line], usize),
) -> Option<String> {
    let mut lines = lines_of(body);
    let same = |lines: &[&mut Line], at: usize| lines.get(at).is_some_and(|line| was.is(line));
    let meant = if same(&lines, at) {
        Some(at)
    } else {
        (0..lines.len()).find(|at| same(&lines, *at))
    };
    let now = match meant {
        Some(_) => None,
        None => Some(
            lines
                .get(at)
                .map(|line| line_text(line))
                .unwrap_or_default(),
        ),
    };
    let at = meant.unwrap_or(at);
    if at < lines.len() {
        change(&mut lines, at);
    }
    now
}

/// Takes a line out. A block keeps its last line: a list or a notice without any cannot be printed.
pub(super) fn find_to_remove(body: &mut Body, at: usize, was: &Was) -> Option<String> {
    let mut meant = None;
    let now = find(body, at, was, |_, at| meant = Some(at));
    // A line that is another one now is not taken out.
    if let (Some(at), None) = (meant, &now) {
        match body {
            Body::List { mark, items } if items.len() > 1 => {
                remove_item(items, &mut (at as i64));
                count(*mark, items);
            }
            Body::Signature { lines } if lines.len() > 1 => drop(lines.remove(at)),
            Body::Notice { text, .. } if at > 0 => drop(text.remove(at - 1)),
            _ => {}
        }
    }
    now
}

/// Takes the item at a place counted depth first; what stood under it goes with the item before.
fn remove_item(items: &mut Vec<Item>, at: &mut i64) {
    let mut index = 0;
    while index < items.len() {
        if *at == 0 {
            *at -= 1;
            let item = items.remove(index);
            if let (Some((mark, mut under)), Some(before)) = (
                item.under,
                index.checked_sub(1).map(|before| &mut items[before]),
            ) {
                match &mut before.under {
                    Some((_, more)) => more.append(&mut under),
                    None => before.under = Some((mark, under)),
                }
            }
            return;
        }
        *at -= 1;
        if let Some((mark, under)) = &mut items[index].under {
            remove_item(under, at);
            count(*mark, under);
            if under.is_empty() {
                items[index].under = None;
            }
        }
        if *at < 0 {
            return;
        }
        index += 1;
    }
}

pub(super) fn add_item(body: &mut Body, behind: usize, text: Line) {
    if let Body::List { mark, items } = body {
        let mark = *mark;
        let mut at = behind as i64;
        let item = Item {
            text,
            number: 0,
            under: None,
        };
        if let Some(item) = insert_item(items, &mut at, item) {
            items.push(item);
        }
        count(mark, items);
    }
}

/// Puts an item behind the one at a place counted depth first; gives it back when there is none.
fn insert_item(items: &mut Vec<Item>, at: &mut i64, mut item: Item) -> Option<Item> {
    for index in 0..items.len() {
        if *at == 0 {
            items.insert(index + 1, item);
            return None;
        }
        *at -= 1;
        if let Some((mark, under)) = &mut items[index].under {
            match insert_item(under, at, item) {
                Some(left) => item = left,
                None => {
                    count(*mark, under);
                    return None;
                }
            }
        }
    }
    Some(item)
}

pub(super) fn count(mark: Mark, items: &mut [Item]) {
    for (number, item) in (1..).zip(items) {
        item.number = if mark == Mark::Number { number } else { 0 };
    }
}

pub(super) fn cell(
    body: &mut Body,
    (row, column): (&str, usize),
    was: &Was,
    now: Line,
) -> Option<String> {
    let found = match body {
        Body::Table(table) => table.rows.iter_mut().find(|found| found.id == row),
        _ => None,
    };
    let Some(cell) = found.and_then(|row| row.cells.get_mut(column)) else {
        return Some(String::new());
    };
    let before = together(cell.iter());
    *cell = vec![now];
    (!was.is(&before)).then(|| line_text(&before).trim().to_owned())
}

pub(super) fn remove_row(body: &mut Body, row: &str, was: &Was) -> Option<String> {
    let Body::Table(table) = body else {
        return Some(String::new());
    };
    let Some(at) = table.rows.iter().position(|found| found.id == row) else {
        return Some(String::new());
    };
    let before = together(table.rows[at].cells.iter().flatten());
    if !was.is(&before) {
        return Some(line_text(&before).trim().to_owned());
    }
    if table.rows.len() > 1 {
        table.rows.remove(at);
    }
    None
}

pub(super) fn add_row(body: &mut Body, behind: Option<&str>, id: &str, mut cells: Vec<Vec<Line>>) {
    if let Body::Table(table) = body {
        cells.resize(table.columns.len(), vec![Line::new()]);
        let place = behind.and_then(|id| table.rows.iter().position(|row| row.id == *id));
        let at = match (place, behind) {
            (Some(at), _) => at + 1,
            (None, Some(_)) => table.rows.len(),
            (None, None) => 0,
        };
        let lines = table.rows.first().map_or(1, |row| row.lines);
        let id = id.to_owned();
        table.rows.insert(at, Row { id, cells, lines });
    }
}
