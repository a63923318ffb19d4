//! What is wrong with questions.

use std::collections::BTreeSet;

use super::super::expression::expression;
use super::super::question::{Computed, Kind, Question, TEXT_LIMIT, is_row_id};
use super::names::Names;

/// Something to correct: the index of the question, the path below it, what, a hint.
pub(super) type Finding = (usize, String, String, String);

/// Names that mean something else in a text.
const RESERVED: [&str; 12] = [
    "size", "paper", "and", "or", "not", "in", "true", "false", "count", "empty", "where", "sample",
];

pub(super) fn findings(questions: &[Question]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, question) in questions.iter().enumerate() {
        let mut add = |at: &str, what: String, hint: &str| {
            found.push((index, at.to_owned(), what, hint.to_owned()))
        };
        if !seen.insert(question.id.as_str()) {
            add(
                "id",
                format!("質問「{}」が2つあります。", question.id),
                "質問は1度だけ書きます。",
            );
        }
        alone(question, "", &mut add);
        if matches!(question.kind, Kind::Row | Kind::RowsOf) {
            add(
                "kind",
                "row と rows_of は列にだけ使えます。".to_owned(),
                "column の中に書いてください。",
            );
        }
        table(question, questions, &mut add);
        if let Some(condition) = &question.ask_if {
            let mut names = Names {
                questions,
                variables: Vec::new(),
                used: BTreeSet::new(),
            };
            if let Err(problem) =
                expression(condition).and_then(|condition| names.condition(&condition))
            {
                add("ask_if", problem, "条件をお確かめください。");
            }
        }
    }
    found
}

fn is_name(id: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(known)
        && id.len() <= 40
        && !RESERVED.contains(&id)
}

/// What can be said of a question or a column alone.
fn alone(question: &Question, at: &str, add: &mut impl FnMut(&str, String, &str)) {
    let id = &question.id;
    let below = |key: &str| format!("{at}{key}");
    if !is_name(id) {
        add(
            &below("id"),
            format!("id「{id}」は使えません。"),
            "英小文字で始め、英小文字、数字、_ を使います。",
        );
    }
    if question.label.trim().is_empty() {
        add(
            &below("label"),
            format!("「{id}」の label が空です。"),
            "尋ねる言葉を書いてください。",
        );
    }
    let chooses = matches!(question.kind, Kind::Choice | Kind::Choices);
    if chooses == question.options.is_empty() {
        add(
            &below("options"),
            format!("「{id}」の options が種類に合いません。"),
            "choice と choices には options を書き、ほかには書きません。",
        );
    }
    let mut values = BTreeSet::new();
    if !question
        .options
        .iter()
        .all(|option| values.insert(&option.value))
    {
        add(
            &below("options"),
            format!("「{id}」の options に同じ value があります。"),
            "value は1つずつ違うものにします。",
        );
    }
    bounds(question, at, add);
}

/// What bounds and names must fit the kind.
fn bounds(question: &Question, at: &str, add: &mut impl FnMut(&str, String, &str)) {
    let id = &question.id;
    let below = |key: &str| format!("{at}{key}");
    let is_text = matches!(question.kind, Kind::Text | Kind::LongText);
    let limit = i64::try_from(TEXT_LIMIT).expect("the limit is small");
    if is_text && question.max.is_some_and(|max| !(1..=limit).contains(&max)) {
        add(
            &below("max"),
            format!("「{id}」の max は1から{TEXT_LIMIT}までです。"),
            "文字数を直してください。",
        );
    }
    let (least, most) = question.numbers();
    if question.kind == Kind::Number && least > most {
        add(
            &below("max"),
            format!("「{id}」の min が max より大きくなっています。"),
            "min と max を直してください。",
        );
    }
    let fits = match question.computed {
        None => true,
        Some(Computed::Band) => question.kind == Kind::Text,
        Some(_) => question.kind == Kind::Number,
    };
    if !fits || (question.computed.is_some() && at.is_empty()) {
        let hint = "列だけが計算でき、band は text、ほかは number です。";
        add(
            &below("computed"),
            format!("「{id}」の computed が種類に合いません。"),
            hint,
        );
    }
    let names_rows = matches!(question.kind, Kind::Row | Kind::RowsOf);
    if names_rows != question.row_of.is_some() {
        add(
            &below("row_of"),
            format!("「{id}」の row_of が種類に合いません。"),
            "row と rows_of には row_of を書き、ほかには書きません。",
        );
    }
}

/// What belongs to tables.
fn table(question: &Question, questions: &[Question], add: &mut impl FnMut(&str, String, &str)) {
    let id = &question.id;
    if question.kind != Kind::Rows {
        if !question.columns.is_empty() || question.title.is_some() || !question.fixed.is_empty() {
            add(
                "kind",
                format!("「{id}」は表ではないのに列があります。"),
                "kind を rows にしてください。",
            );
        }
        return;
    }
    let title = question
        .title
        .as_deref()
        .and_then(|title| question.column(title));
    if !title.is_some_and(|title| title.kind == Kind::Text) {
        add(
            "title",
            format!("表「{id}」の title が列の名前ではありません。"),
            "行の呼び名になる text の列を書いてください。",
        );
    }
    let mut seen = BTreeSet::new();
    for (index, column) in question.columns.iter().enumerate() {
        let at = format!("column.{index}.");
        alone(column, &at, add);
        if !seen.insert(&column.id) {
            add(
                &format!("{at}id"),
                format!("表「{id}」に列「{}」が2つあります。", column.id),
                "どちらかの名前を変えてください。",
            );
        }
        if column.kind == Kind::Rows || column.ask_if.is_some() || column.known_from.is_some() {
            add(
                &format!("{at}kind"),
                format!(
                    "列「{}」に表や ask_if、known_from は書けません。",
                    column.id
                ),
                "質問に書いてください。",
            );
        }
        if let Some(table) = &column.row_of
            && !questions
                .iter()
                .any(|question| question.id == *table && question.kind == Kind::Rows)
        {
            add(
                &format!("{at}row_of"),
                format!("「{table}」という表はありません。"),
                "rows の質問の id を書いてください。",
            );
        }
    }
    let mut ids = BTreeSet::new();
    for (index, row) in question.fixed.iter().enumerate() {
        if !is_row_id(&row.id) || row.id.contains('-') || !ids.insert(&row.id) {
            add(
                &format!("fixed.{index}"),
                format!("決まった行「{}」の id が使えません。", row.id),
                "英小文字、数字、_ で、1つずつ違うものにします。",
            );
        }
    }
}
