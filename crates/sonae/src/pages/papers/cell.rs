//! One cell of a table that is edited, as the control that fits its column.

use sonae_core::paper::answers::{AnswerRow, Answers, Value};
use sonae_core::paper::ledger::{ONE_TO_THREE, assess, band, bands};
use sonae_core::paper::library::Library;
use sonae_core::paper::question::{Computed, Kind, Question};

use super::super::public::field::id_of;
use super::typed::Sent;

/// Texts that may be longer than this are typed in a box of several lines.
const ONE_LINE: usize = 60;

pub(super) struct Cell {
    /// The control's id and name; what is only shown has neither.
    pub(super) id: String,
    pub(super) name: String,
    /// The anchor of the column's heading, by which the cell is named aloud.
    pub(super) heading: String,
    pub(super) label: &'static str,
    pub(super) error: Option<String>,
    pub(super) shape: Shape,
}

pub(super) enum Shape {
    /// One line; `width` is its class.
    Line {
        value: String,
        width: &'static str,
        numeric: bool,
    },
    Lines {
        value: String,
    },
    One {
        options: Vec<Choice>,
    },
    Many {
        options: Vec<Choice>,
        chosen: String,
    },
    /// What follows from the others.
    Shown {
        text: String,
        class: &'static str,
    },
}

pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// What the rows of all tables are called, so that it is asked once for a page.
pub(super) struct Names<'a> {
    library: &'static Library,
    answers: &'a Answers,
}

impl<'a> Names<'a> {
    pub(super) fn of(library: &'static Library, answers: &'a Answers) -> Names<'a> {
        Names { library, answers }
    }

    pub(super) fn rows(&self, table: &str) -> &'a [AnswerRow] {
        self.answers.rows(table)
    }

    /// Ids and names of the rows of a table.
    fn of_table(&self, table: &str) -> Vec<(String, String)> {
        let title = self
            .library
            .question(table)
            .and_then(|question| question.title.as_deref());
        let rows = self.answers.rows(table).iter().enumerate();
        rows.map(|(at, row)| (row.id.clone(), called(row, title.unwrap_or_default(), at)))
            .collect()
    }
}

/// What a row is called: by its title, or by its place.
pub(super) fn called(row: &AnswerRow, title: &str, at: usize) -> String {
    let name = row.text(title).map(sonae_core::text::invisible::strip);
    let name = name.filter(|name| !name.trim().is_empty());
    name.unwrap_or_else(|| format!("{}行目（名前なし）", at + 1))
}

/// The anchor of a column's heading.
pub(super) fn heading(column: &Question) -> String {
    id_of(&format!("c-{}", column.id))
}

/// The cell of a row; `row` is none for an empty one.
pub(super) fn cell(
    names: &Names<'_>,
    table: &Question,
    column: &'static Question,
    (row_id, row): (&str, Option<&AnswerRow>),
    sent: Sent<'_>,
) -> Cell {
    let name = format!("{}.{row_id}.{}", table.id, column.id);
    let answer = row.and_then(|row| row.cells.get(&column.id));
    let shape = match column.computed {
        Some(computed) => shown(names.answers, computed, row),
        None => shape(names, column, sent.texts(&name, answer)),
    };
    Cell {
        id: id_of(&name),
        name,
        heading: heading(column),
        label: &column.label,
        error: None,
        shape,
    }
}

fn shape(names: &Names<'_>, column: &Question, texts: Vec<String>) -> Shape {
    let text = || texts.last().cloned().unwrap_or_default();
    match column.kind {
        Kind::YesNo => one(
            [("true", "はい"), ("false", "いいえ")].map(owned).into(),
            &texts,
        ),
        Kind::Choice => one(options(column), &texts),
        Kind::Row => one(rows(names, column), &texts),
        Kind::Choices => many(options(column), &texts),
        Kind::RowsOf => many(rows(names, column), &texts),
        // A scale of a few steps is chosen, so that nobody types a 4 where 3 is the most.
        Kind::Number => line(text(), "number", true),
        Kind::Date => line(text(), "date", false),
        Kind::LongText => Shape::Lines { value: text() },
        Kind::Text if column.longest() > ONE_LINE * 2 => Shape::Lines { value: text() },
        Kind::Text | Kind::Rows => line(
            text(),
            if column.longest() > ONE_LINE {
                "long"
            } else {
                "text"
            },
            false,
        ),
    }
}

fn line(value: String, width: &'static str, numeric: bool) -> Shape {
    Shape::Line {
        value,
        width,
        numeric,
    }
}

fn owned((value, label): (&str, &str)) -> (String, String) {
    (value.to_owned(), label.to_owned())
}

fn options(column: &Question) -> Vec<(String, String)> {
    let options = column.options.iter();
    options
        .map(|option| (option.value.clone(), option.label.clone()))
        .collect()
}

fn rows(names: &Names<'_>, column: &Question) -> Vec<(String, String)> {
    column
        .row_of
        .as_deref()
        .map(|table| names.of_table(table))
        .unwrap_or_default()
}

fn one(options: Vec<(String, String)>, texts: &[String]) -> Shape {
    let nothing = (String::new(), "―".to_owned());
    let mut options: Vec<Choice> = std::iter::once(nothing)
        .chain(options)
        .map(|option| choice(option, texts))
        .collect();
    // What was sent and is no option stands there still, so that the sentence beside it makes sense.
    if let Some(other) = texts
        .iter()
        .find(|text| !options.iter().any(|option| option.value == **text))
    {
        options.push(Choice {
            value: other.clone(),
            label: other.clone(),
            chosen: true,
        });
    }
    Shape::One { options }
}

fn many(options: Vec<(String, String)>, texts: &[String]) -> Shape {
    let options: Vec<Choice> = options
        .into_iter()
        .map(|option| choice(option, texts))
        .collect();
    let chosen = options.iter().filter(|option| option.chosen);
    let chosen: Vec<&str> = chosen.map(|option| option.label.as_str()).collect();
    let chosen = match chosen.is_empty() {
        true => "選ぶ".to_owned(),
        false => chosen.join("、"),
    };
    Shape::Many { options, chosen }
}

fn choice((value, label): (String, String), texts: &[String]) -> Choice {
    Choice {
        chosen: texts.contains(&value),
        value,
        label,
    }
}

/// What follows from the other columns of a row of the ledger.
fn shown(answers: &Answers, computed: Computed, row: Option<&AnswerRow>) -> Shape {
    let assessment = row.map(|row| assess(row, ONE_TO_THREE)).unwrap_or_default();
    let number = |value: Option<i64>| value.map_or_else(String::new, |value| value.to_string());
    let found = assessment.risk.map(|risk| band(risk, bands(answers)));
    let text = match computed {
        Computed::Importance => number(assessment.importance),
        Computed::Likelihood => number(assessment.likelihood),
        Computed::Risk => number(assessment.risk),
        Computed::Band => found.map_or_else(String::new, |band| band.label().to_owned()),
    };
    let class = match (computed, found) {
        (Computed::Risk | Computed::Band, Some(band)) => super::heat_map::class(band),
        _ => "",
    };
    Shape::Shown { text, class }
}

/// Whether a cell of an empty row still holds what was typed.
pub(super) fn is_typed(cell: &Cell) -> bool {
    match &cell.shape {
        Shape::Line { value, .. } | Shape::Lines { value } => !value.trim().is_empty(),
        Shape::One { options } | Shape::Many { options, .. } => options
            .iter()
            .any(|option| option.chosen && !option.value.is_empty()),
        Shape::Shown { .. } => false,
    }
}

/// How many elements the cells of a column take in one row of the page, which decides how many rows a page has.
pub(super) fn weight(names: &Names<'_>, column: &Question) -> usize {
    let rows = |column: &Question| {
        let table = column.row_of.as_deref().unwrap_or_default();
        names.answers.rows(table).len()
    };
    match column.kind {
        Kind::Choice => 1 + column.options.len(),
        Kind::Choices => 3 * column.options.len(),
        Kind::Row => 1 + rows(column),
        Kind::RowsOf => 3 * rows(column),
        _ => 1,
    }
}

/// The value of a saved cell as people read it in a table that is not edited.
pub(super) fn read_aloud(names: &Names<'_>, column: &Question, row: &AnswerRow) -> String {
    let named = |id: &String| {
        let all = rows(names, column).into_iter();
        all.filter(|(value, _)| value == id)
            .map(|(_, label)| label)
            .next()
            .unwrap_or_default()
    };
    match row.cells.get(&column.id) {
        None => String::new(),
        Some(Value::YesNo(yes)) => if *yes { "はい" } else { "いいえ" }.to_owned(),
        Some(Value::Choice(value)) => column.choice(value).to_owned(),
        Some(Value::Choices(values)) => {
            let labels: Vec<&str> = values.iter().map(|value| column.choice(value)).collect();
            labels.join("、")
        }
        Some(Value::Row(id)) => named(id),
        Some(Value::RowsOf(ids)) => ids.iter().map(named).collect::<Vec<_>>().join("、"),
        Some(other) => super::typed::written(other).join("、"),
    }
}
