//! Two people answer at the same time: what both changed to different things is told, everything else is kept.

use std::collections::BTreeMap;

use super::{AnswerRow, Value};

/// What becomes of one answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Merged {
    /// The answer to keep; none when it is emptied.
    Value(Option<Value>),
    /// Both changed the same thing, differently.
    Conflict,
}

/// Puts together one answer: `base` as it was shown to me, `mine` as I sent it, `theirs` as it stands now. Tables are put together row by row and
/// cell by cell.
pub fn merge(base: Option<&Value>, mine: Option<&Value>, theirs: Option<&Value>) -> Merged {
    if mine == theirs || mine == base {
        return Merged::Value(theirs.cloned());
    }
    if theirs == base {
        return Merged::Value(mine.cloned());
    }
    let empty = Vec::new();
    let rows = |value: Option<&Value>| match value {
        None => Some(empty.clone()),
        Some(Value::Rows(rows)) => Some(rows.clone()),
        Some(_) => None,
    };
    match (rows(base), rows(mine), rows(theirs)) {
        (Some(base), Some(mine), Some(theirs)) => tables(&base, &mine, &theirs),
        _ => Merged::Conflict,
    }
}

fn tables(base: &[AnswerRow], mine: &[AnswerRow], theirs: &[AnswerRow]) -> Merged {
    let by_id = |rows: &[AnswerRow]| -> BTreeMap<String, AnswerRow> {
        let rows = rows.iter();
        rows.map(|row| (row.id.clone(), row.clone())).collect()
    };
    let (before, sent, now) = (by_id(base), by_id(mine), by_id(theirs));
    // My order stands where I sent the rows; what they added comes behind.
    let added = theirs.iter().filter(|row| !sent.contains_key(&row.id));
    let mut kept = Vec::new();
    for id in mine.iter().chain(added).map(|row| &row.id) {
        match row(before.get(id), sent.get(id), now.get(id)) {
            Ok(Some(row)) => kept.push(row),
            Ok(None) => {}
            Err(Clash) => return Merged::Conflict,
        }
    }
    Merged::Value((!kept.is_empty()).then_some(Value::Rows(kept)))
}

/// Both changed the same cell, or one changed what the other removed.
struct Clash;

fn row(
    base: Option<&AnswerRow>,
    mine: Option<&AnswerRow>,
    theirs: Option<&AnswerRow>,
) -> Result<Option<AnswerRow>, Clash> {
    if mine == theirs || mine == base {
        return Ok(theirs.cloned());
    }
    if theirs == base {
        return Ok(mine.cloned());
    }
    let (Some(base), Some(mine), Some(theirs)) = (base, mine, theirs) else {
        return Err(Clash);
    };
    let mut cells = BTreeMap::new();
    for column in mine.cells.keys().chain(theirs.cells.keys()) {
        let of = |row: &AnswerRow| row.cells.get(column).cloned();
        let (was, sent, now) = (of(base), of(mine), of(theirs));
        let cell = if sent == now || sent == was {
            now
        } else if now == was {
            sent
        } else {
            return Err(Clash);
        };
        if let Some(cell) = cell {
            cells.insert(column.clone(), cell);
        }
    }
    Ok(Some(AnswerRow {
        id: mine.id.clone(),
        cells,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<Value> {
        (!text.is_empty()).then(|| Value::Text(text.to_owned()))
    }

    /// Rows as `a:1,2 b:3,4`: id, first cell, second cell.
    fn table(text: &str) -> Option<Value> {
        let rows = text.split_whitespace().map(|row| {
            let (id, cells) = row.split_once(':').expect("an id");
            let cells = cells.split(',').zip(["name", "use"]);
            AnswerRow {
                id: id.to_owned(),
                cells: cells
                    .map(|(cell, column)| (column.to_owned(), Value::Text(cell.to_owned())))
                    .collect(),
            }
        });
        let rows: Vec<AnswerRow> = rows.collect();
        (!rows.is_empty()).then_some(Value::Rows(rows))
    }

    #[test]
    fn only_the_same_thing_changed_differently_is_a_conflict() {
        let check = |of: fn(&str) -> Option<Value>, base, mine, theirs, expected: Option<&str>| {
            let found = merge(of(base).as_ref(), of(mine).as_ref(), of(theirs).as_ref());
            let expected = expected.map_or(Merged::Conflict, |text| Merged::Value(of(text)));
            assert_eq!(found, expected, "{base} | {mine} | {theirs}");
        };
        check(text, "a", "a", "b", Some("b"));
        check(text, "a", "b", "a", Some("b"));
        check(text, "a", "b", "b", Some("b"));
        check(text, "a", "b", "c", None);
        check(text, "", "b", "c", None);
        check(text, "a", "", "a", Some(""));
        check(text, "a", "", "b", None);
        check(
            table,
            "a:1,2 b:3,4",
            "a:9,2 b:3,4",
            "a:1,8 b:3,4",
            Some("a:9,8 b:3,4"),
        );
        check(table, "a:1,2", "a:9,2", "a:8,2", None);
        check(
            table,
            "a:1,2",
            "a:1,2 c:5,6",
            "a:1,2 d:7,8",
            Some("a:1,2 c:5,6 d:7,8"),
        );
        check(table, "", "c:5,6", "d:7,8", Some("c:5,6 d:7,8"));
        check(table, "a:1,2", "a:1,2 c:5,6", "a:1,2 c:7,8", None);
        check(table, "a:1,2 b:3,4", "a:1,2", "a:1,9 b:3,4", Some("a:1,9"));
        check(table, "a:1,2 b:3,4", "a:1,2", "a:1,2 b:3,9", None);
        check(table, "a:1,2 b:3,4", "b:3,4", "a:1,2", Some(""));
        check(
            table,
            "a:1,2 b:3,4",
            "b:3,4 a:1,2",
            "a:1,5 b:3,4",
            Some("b:3,4 a:1,5"),
        );
    }
}
