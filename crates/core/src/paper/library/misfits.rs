//! Whether what a programme's answers feed is there in the library and can take them.

use super::Library;
use crate::application::answers::ExtraAnswer;
use crate::paper::question::{Kind, Question};
use crate::program::Definition;
use crate::program::form::QuestionKind;
use crate::program::support::{Asked, Feed, LONGEST_TEXT};

/// Every `feeds` of a programme that leads nowhere: the item's path in `support.toml` and one Japanese sentence.
pub fn misfits(library: &Library, definition: &Definition) -> Vec<(String, String)> {
    let support = &definition.support;
    let mut found = Vec::new();
    for (list, asked) in [
        ("diagnosis", &support.diagnosis),
        ("questionnaire", &support.questionnaire),
    ] {
        for (index, asked) in asked.iter().enumerate() {
            for (nth, feed) in asked.feeds.iter().enumerate() {
                if let Err(what) = place(library, definition, asked, feed) {
                    let at = format!("{list}.{index}.feeds.{nth}");
                    found.push((at, format!("質問「{}」の feeds で、{what}", asked.id)));
                }
            }
        }
    }
    found
}

fn place(
    library: &Library,
    definition: &Definition,
    asked: &Asked,
    feed: &Feed,
) -> Result<(), String> {
    let id = &feed.question;
    let question = library
        .question(id)
        .ok_or_else(|| format!("文書の質問「{id}」がありません。"))?;
    let courses = &definition.program.course;
    let of_programme = |kind: &&crate::paper::kind::Kind| {
        kind.courses
            .iter()
            .any(|id| courses.iter().any(|course| course.id == *id))
    };
    let mut kinds = library.kinds().iter().filter(of_programme);
    if !kinds.any(|kind| kind.asked().any(|asked| asked == id)) {
        return Err(format!("この事業のどの文書も「{id}」を聞きません。"));
    }
    let table = question.kind == Kind::Rows;
    if table != (feed.row.is_some() || feed.each.is_some()) {
        let what = match table {
            true => "表「{}」には row か each が要ります。",
            false => "「{}」は表ではないので、row も each も書けません。",
        };
        return Err(what.replace("{}", id));
    }
    let Some(column) = &feed.column else {
        return if table {
            Ok(())
        } else {
            takes(question, asked, feed)
        };
    };
    if feed.each.is_some() && question.title.as_ref() != Some(column) {
        return Err(format!(
            "each の column は、表「{id}」の行の名前の列にしてください。"
        ));
    }
    let column = question
        .column(column)
        .ok_or_else(|| format!("表「{id}」に列「{column}」がありません。"))?;
    match feed.each {
        Some(_) => Ok(()),
        None => takes(column, asked, feed),
    }
}

/// Whether a question or a column takes what comes.
fn takes(question: &Question, asked: &Asked, feed: &Feed) -> Result<(), String> {
    let is_option = |value: &str| question.options.iter().any(|option| option.value == value);
    let number = |most: i64| {
        let (least, largest) = question.numbers();
        question.kind == Kind::Number && least <= 0 && most <= largest
    };
    let text = |longest: usize| match question.kind {
        Kind::Text | Kind::LongText => longest <= question.longest(),
        _ => false,
    };
    let longest = asked.max.unwrap_or(LONGEST_TEXT) as usize;
    let fits = match (&feed.put, asked.kind) {
        (Some(ExtraAnswer::YesNo(_)), _) | (None, QuestionKind::YesNo) => {
            question.kind == Kind::YesNo
        }
        (Some(ExtraAnswer::Number(value)), _) => {
            let (least, largest) = question.numbers();
            question.kind == Kind::Number && (least..=largest).contains(value)
        }
        (Some(ExtraAnswer::Text(value)), _) if question.kind == Kind::Choice => is_option(value),
        (Some(ExtraAnswer::Text(value)), _) => text(value.chars().count()),
        (None, QuestionKind::Number) => number(asked.max.map_or(i64::MAX, i64::from)),
        (None, QuestionKind::Text) => text(longest),
        (None, QuestionKind::Choice) => {
            question.kind == Kind::Choice
                && asked.option.iter().all(|option| is_option(&option.value))
        }
    };
    match (fits, question.computed) {
        (true, None) => Ok(()),
        _ => Err(format!("「{}」は、この答えを入れられません。", question.id)),
    }
}
