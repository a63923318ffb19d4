//! One question that is no table, as the control in which it is answered.

use sonae_core::paper::answers::Value;
use sonae_core::paper::question::{Kind, Question};

use super::super::public::field::{Area, Choice, Choices, Control, Text, Width};
use super::typed::Sent;

/// A text that may be longer than this wants the whole width.
const SHORT_TEXT: usize = 40;
/// How dates may be written.
const DATE_HINT: &str = "「令和8年4月1日」「2026/4/1」のどちらの書き方でもかまいません。";

/// The control of a question with what was typed, where its answer comes from, and what is wrong.
pub(super) fn control(
    question: &'static Question,
    answer: Option<&Value>,
    sent: Sent<'_>,
    origin: Option<&str>,
    error: Option<&str>,
) -> Control {
    let mut control = bare(question, answer, sent);
    let part = control.part_mut();
    let date = (question.kind == Kind::Date).then_some(DATE_HINT);
    let hints: Vec<&str> = question
        .hint
        .as_deref()
        .into_iter()
        .chain(date)
        .chain(origin)
        .collect();
    part.hint = (!hints.is_empty()).then(|| hints.join(" "));
    part.error = error.map(str::to_owned);
    control
}

fn bare(question: &'static Question, answer: Option<&Value>, sent: Sent<'_>) -> Control {
    let (name, label) = (question.id.as_str(), question.label.as_str());
    let text = || sent.text(name, answer);
    match question.kind {
        Kind::LongText => Control::Area(Area {
            value: text(),
            ..Area::new(name, label)
        }),
        Kind::YesNo => {
            let options = [
                ("true", "はい"),
                ("false", "いいえ"),
                ("", "まだ決めていない"),
            ];
            Control::Choices(Choices {
                side_by_side: true,
                ..Choices::one(name, label, chosen(options.into_iter(), &[text()]))
            })
        }
        Kind::Choice => {
            let options = question.options.iter();
            let options = options.map(|option| (option.value.as_str(), option.label.as_str()));
            let options = options.chain([("", "まだ決めていない")]);
            Control::Choices(Choices::one(name, label, chosen(options, &[text()])))
        }
        Kind::Choices => {
            let options = question.options.iter();
            let options = options.map(|option| (option.value.as_str(), option.label.as_str()));
            let texts = sent.texts(name, answer);
            Control::Choices(Choices::many(name, label, chosen(options, &texts)))
        }
        Kind::Number => Control::Text(Text {
            value: text(),
            inputmode: Some("numeric"),
            width: Width::Short,
            unit: question.unit.as_deref(),
            ..Text::new(name, label)
        }),
        Kind::Date => Control::Text(Text {
            value: text(),
            width: Width::Medium,
            ..Text::new(name, label)
        }),
        Kind::Text | Kind::Rows | Kind::Row | Kind::RowsOf => Control::Text(Text {
            value: text(),
            width: if question.longest() <= SHORT_TEXT {
                Width::Medium
            } else {
                Width::Full
            },
            ..Text::new(name, label)
        }),
    }
}

fn chosen<'a>(options: impl Iterator<Item = (&'a str, &'a str)>, texts: &[String]) -> Vec<Choice> {
    options
        .map(|(value, label)| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            hint: None,
            chosen: texts.iter().any(|text| text == value),
        })
        .collect()
}
