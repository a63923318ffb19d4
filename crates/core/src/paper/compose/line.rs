//! Printing a line: answers, blanks, references. An answer is never read as markup.

use std::collections::BTreeMap;

use super::scope::{Found, Missing, Rows, Scope};
use crate::calendar::japanese::date_long;
use crate::paper::answers::Value;
use crate::paper::document::{Line, Span};
use crate::paper::question::Question;
use crate::paper::source::{Filter, Inline, Piece, Printed, Reference, What};
use crate::text::invisible::is_invisible;
use crate::text::number::grouped;

/// What is printed for a reference that leads nowhere. The checks of the library see to it that it never is.
const NOWHERE: &str = "別に定めるところ";

/// Prints lines at one place of the text.
pub(super) struct Printer<'s, 'a> {
    pub(super) scope: &'s Scope<'a>,
    /// What each block is called.
    pub(super) labels: &'s BTreeMap<String, String>,
    /// What blocks that were taken out are called.
    pub(super) gone: &'s BTreeMap<String, String>,
    /// The rows of the `:::each` around, outermost first.
    pub(super) suffix: &'s [String],
    /// Whether a column that may be empty leaves nothing instead of a blank: in tables.
    pub(super) in_table: bool,
    /// Whether values are printed as references `=source` to what they print.
    pub(super) traced: bool,
}

impl Printer<'_, '_> {
    /// A text that may become several lines: when it is nothing but an answer of several lines.
    pub(super) fn lines(&self, text: &Inline) -> Vec<Line> {
        if let [
            Piece::Value(Printed {
                what: What::Path(path),
                filters,
                ..
            }),
        ] = text.as_slice()
            && filters
                .iter()
                .all(|filter| matches!(filter, Filter::Or(_) | Filter::Blank(_)))
            && let Found::Value(Value::Text(answer), _) = self.scope.find(path)
        {
            let lines = answer
                .split('\n')
                .map(shown)
                .filter(|line| !line.trim().is_empty());
            let lines: Vec<Line> = lines.map(|line| vec![Span::Text(line)]).collect();
            if lines.len() > 1 {
                return lines;
            }
        }
        vec![self.line(text)]
    }

    pub(super) fn line(&self, text: &Inline) -> Line {
        let mut line = Line::new();
        for piece in text {
            match piece {
                Piece::Text(text) => push(&mut line, Span::Text(text.clone())),
                Piece::Strong(inside) => {
                    for span in self.line(inside) {
                        let span = match span {
                            Span::Text(text) => Span::Strong(text),
                            other => other,
                        };
                        push(&mut line, span);
                    }
                }
                Piece::Value(printed) => match self.printed(printed) {
                    Some(Span::Text(text)) if self.traced => line.push(Span::Reference {
                        to: format!("={printed}"),
                        text,
                    }),
                    Some(span) => push(&mut line, span),
                    None => {}
                },
                Piece::Reference(reference) => {
                    for span in self.reference(reference) {
                        push(&mut line, span);
                    }
                }
            }
        }
        line
    }

    fn printed(&self, printed: &Printed) -> Option<Span> {
        let found = match &printed.what {
            What::Path(path) => self.scope.find(path),
            What::Walk(walk) => match self.scope.walk(walk) {
                Some(rows) => Found::Rows(rows),
                None => Found::Missing(Missing {
                    at: walk.over.join("."),
                    question: None,
                }),
            },
        };
        let text = match found {
            Found::Missing(missing) => return self.absent(missing, &printed.filters),
            Found::Rows(rows) => match rows_text(&rows, &printed.filters) {
                Some(text) => text,
                // In a table no rows are an empty cell.
                None if self.in_table => return None,
                None => {
                    let missing = Missing {
                        at: rows.table.id.clone(),
                        question: Some(rows.table),
                    };
                    return self.absent(missing, &printed.filters);
                }
            },
            Found::Row(table, row) => match Scope::name(table, row) {
                Some(name) => name,
                None => {
                    let title = table.title.clone().unwrap_or_default();
                    let at = format!("{}.{}.{title}", table.id, row.id);
                    return self.absent(
                        Missing {
                            at,
                            question: table.column(&title),
                        },
                        &printed.filters,
                    );
                }
            },
            Found::Value(value, question) => filtered(value, question, &printed.filters),
            Found::Number(number) => number.to_string(),
            Found::Said(text) => shown(&text),
            Found::Day(date) => date_text(date, &printed.filters),
        };
        (!text.is_empty()).then_some(Span::Text(text))
    }

    /// A missing answer: words that stand for it, nothing in an optional cell, or a line to write on.
    fn absent(&self, missing: Missing<'_>, filters: &[Filter]) -> Option<Span> {
        let mut width = missing.question.map_or(10, Question::blank);
        for filter in filters {
            match filter {
                Filter::Or(words) => return (!words.is_empty()).then(|| Span::Text(words.clone())),
                Filter::Blank(length) => width = *length,
                Filter::Mark => return None,
                _ => {}
            }
        }
        let optional = missing.question.is_none_or(|question| !question.required);
        if self.in_table && optional && missing.at.contains('.') {
            return None;
        }
        Some(Span::Blank {
            question: missing.at,
            width,
        })
    }

    fn reference(&self, reference: &Reference) -> Line {
        let of_row = reference.row.as_ref().and_then(|row| {
            let (_, table, row) = self
                .scope
                .variables
                .iter()
                .rev()
                .find(|(name, _, _)| name == row)?;
            Some((
                format!("{}.{}", reference.to, row.id),
                super::because::row_name(table, row),
            ))
        });
        let ids = match &of_row {
            Some((id, _)) => vec![id.clone()],
            None => (0..=self.suffix.len())
                .rev()
                .map(|depth| with_suffix(&reference.to, &self.suffix[..depth]))
                .collect(),
        };
        if let Some((to, label)) = ids.iter().find_map(|id| self.labels.get_key_value(id)) {
            return vec![Span::Reference {
                to: to.clone(),
                text: label.clone(),
            }];
        }
        let gone = ids.iter().find_map(|id| self.gone.get(id));
        match (&reference.words, of_row) {
            (None, _) if gone.is_some() => gone
                .map(|name| Span::Text(name.clone()))
                .into_iter()
                .collect(),
            (Some(words), _) => self.line(words),
            (None, Some((_, name))) => vec![Span::Text(name)],
            (None, None) => vec![Span::Text(NOWHERE.to_owned())],
        }
    }
}

/// The id of a block inside of `:::each`.
pub(super) fn with_suffix(id: &str, rows: &[String]) -> String {
    let mut found = id.to_owned();
    for row in rows {
        found.push('.');
        found.push_str(row);
    }
    found
}

fn push(line: &mut Line, span: Span) {
    match (line.last_mut(), span) {
        (Some(Span::Text(before)), Span::Text(text)) => before.push_str(&text),
        (_, span) => line.push(span),
    }
}

fn rows_text(rows: &Rows<'_>, filters: &[Filter]) -> Option<String> {
    if filters.contains(&Filter::Count) {
        return Some(rows.rows.len().to_string());
    }
    let names: Vec<String> = rows
        .rows
        .iter()
        .filter_map(|row| Scope::name(rows.table, row))
        .collect();
    (!names.is_empty()).then(|| names.join("、"))
}

fn filtered(value: &Value, question: &Question, filters: &[Filter]) -> String {
    match value {
        Value::Date(date) => date_text(*date, filters),
        Value::Number(hours) if filters.contains(&Filter::Hours) => hours_text(*hours),
        Value::YesNo(yes) if filters.contains(&Filter::Mark) => {
            if *yes { "○" } else { "" }.to_owned()
        }
        _ => value_text(value, question, filters.contains(&Filter::Unit)),
    }
}

fn date_text(date: jiff::civil::Date, filters: &[Filter]) -> String {
    match filters.contains(&Filter::Western) {
        true => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        false => date_long(date),
    }
}

/// A number of hours as people say it: 4時間, 36時間, 3日, 4日と12時間.
pub(in crate::paper) fn hours_text(hours: i64) -> String {
    match (hours / 24, hours % 24) {
        (days, 0) if days > 0 => format!("{days}日"),
        (days, rest) if days >= 3 => format!("{days}日と{rest}時間"),
        _ => format!("{hours}時間"),
    }
}

/// An answer as it is printed.
pub(super) fn value_text(value: &Value, question: &Question, with_unit: bool) -> String {
    match value {
        Value::Text(text) => {
            let lines = text.split('\n').map(shown);
            lines
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" ")
        }
        Value::YesNo(yes) => if *yes { "はい" } else { "いいえ" }.to_owned(),
        Value::Choice(value) => shown(question.choice(value)),
        Value::Choices(values) => {
            // In the order of the options, not of the ticks.
            let labels = question
                .options
                .iter()
                .filter(|option| values.contains(&option.value));
            labels
                .map(|option| option.label.as_str())
                .collect::<Vec<_>>()
                .join("、")
        }
        Value::Number(number) => {
            let sign = if *number < 0 { "-" } else { "" };
            let unit = question
                .unit
                .as_deref()
                .filter(|_| with_unit)
                .unwrap_or_default();
            format!("{sign}{}{unit}", grouped(number.unsigned_abs()))
        }
        Value::Date(date) => date_long(*date),
        // Rows are looked up before they are printed.
        Value::Rows(_) | Value::Row(_) | Value::RowsOf(_) => String::new(),
    }
}

/// An answer without characters that nobody sees; breaks and tabs become spaces.
pub(super) fn shown(text: &str) -> String {
    let seen = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        c if is_invisible(c) => None,
        c => Some(c),
    });
    seen.collect()
}
