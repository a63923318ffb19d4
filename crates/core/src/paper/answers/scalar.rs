//! One answer that is no table: from JSON, a form or a cell of a spreadsheet.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::Value;
use crate::calendar::japanese::parse_date;
use crate::paper::question::{Kind, Question};
use crate::text::line::line;
use crate::text::lines::lines;
use crate::text::width::narrow;

/// Most characters of a typed value that is no text.
const LONGEST: usize = 300;

/// Reads one value; none when nothing was typed. Rows are named by id here and looked up later.
///
/// # Errors
/// One Japanese sentence.
pub(super) fn scalar(question: &Question, json: &Json) -> Result<Option<Value>, String> {
    let noun = &question.label;
    let typed = match json {
        Json::Null => return Ok(None),
        Json::String(text) => text.clone(),
        Json::Number(number) => number.to_string(),
        Json::Bool(yes) => if *yes { "はい" } else { "いいえ" }.to_owned(),
        Json::Array(items) => return many(question, items),
        Json::Object(_) => {
            return Err(format!(
                "「{noun}」の形が読めません。文字か数で答えてください。"
            ));
        }
    };
    let shown = crate::text::invisible::strip(&typed);
    if shown.trim().is_empty() {
        return Ok(None);
    }
    let too_long = !matches!(
        question.kind,
        Kind::Text | Kind::LongText | Kind::Choices | Kind::RowsOf
    ) && typed.chars().count() > LONGEST;
    if too_long {
        return Err(format!(
            "「{noun}」が長すぎます。{LONGEST}文字までで書いてください。"
        ));
    }
    let value = match question.kind {
        Kind::Text => Value::Text(line(&typed, noun, question.longest()).map_err(String::from)?),
        Kind::LongText => {
            Value::Text(lines(&typed, noun, question.longest()).map_err(String::from)?)
        }
        Kind::YesNo => Value::YesNo(
            yes_no(&shown)
                .ok_or_else(|| format!("「{noun}」は「はい」か「いいえ」で答えてください。"))?,
        ),
        Kind::Choice => Value::Choice(choice(question, shown.trim())?),
        Kind::Number => Value::Number(number(question, &shown)?),
        Kind::Date => {
            Value::Date(parse_date(&typed).map_err(|problem| format!("「{noun}」：{problem}"))?)
        }
        Kind::Row => Value::Row(shown.trim().to_owned()),
        Kind::Choices | Kind::RowsOf => {
            let parts = shown
                .split(['、', '，', ',', ';'])
                .map(|part| Json::String(part.trim().to_owned()));
            return many(question, &parts.collect::<Vec<_>>());
        }
        Kind::Rows => return Err(format!("「{noun}」は表で答えてください。")),
    };
    Ok(Some(value))
}

fn many(question: &Question, items: &[Json]) -> Result<Option<Value>, String> {
    let noun = &question.label;
    let most = crate::paper::question::ROWS_LIMIT;
    if items.len() > most {
        return Err(format!("「{noun}」は{most}個までです。"));
    }
    let mut typed = Vec::new();
    for item in items {
        match item {
            Json::String(text) if text.trim().is_empty() => {}
            Json::String(text) => typed.push(crate::text::invisible::strip(text).trim().to_owned()),
            Json::Null => {}
            _ => return Err(format!("「{noun}」の中に文字でないものがあります。")),
        }
    }
    if typed.is_empty() {
        return Ok(None);
    }
    match question.kind {
        Kind::Choices => {
            let values: Result<BTreeSet<String>, String> =
                typed.iter().map(|text| choice(question, text)).collect();
            Ok(Some(Value::Choices(values?)))
        }
        Kind::RowsOf => {
            let mut ids: Vec<String> = Vec::new();
            for id in typed {
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
            Ok(Some(Value::RowsOf(ids)))
        }
        // A form sends one answer as a list of one.
        _ => match items {
            [one @ Json::String(_)] => scalar(question, one),
            _ => Err(format!("「{noun}」の答えは1つだけにしてください。")),
        },
    }
}

fn yes_no(typed: &str) -> Option<bool> {
    match narrow(typed).trim().to_ascii_lowercase().as_str() {
        "はい" | "yes" | "true" | "on" | "1" | "有" | "あり" | "する" | "○" | "〇" | "◯" => {
            Some(true)
        }
        "いいえ" | "no" | "false" | "off" | "0" | "無" | "なし" | "しない" | "×" | "-" => {
            Some(false)
        }
        _ => None,
    }
}

/// An option by its value or, as people paste it, by its label or the part of it before a colon.
fn choice(question: &Question, typed: &str) -> Result<String, String> {
    let is_meant = |label: &str| label == typed || label.split('：').next() == Some(typed);
    let found = question
        .options
        .iter()
        .find(|option| option.value == typed)
        .or_else(|| {
            question
                .options
                .iter()
                .find(|option| is_meant(&option.label))
        });
    match found {
        Some(option) => Ok(option.value.clone()),
        None => {
            let labels: Vec<&str> = question
                .options
                .iter()
                .map(|option| option.label.as_str())
                .collect();
            Err(format!(
                "「{}」に「{}」はありません。「{}」から選んでください。",
                question.label,
                shortened(typed),
                labels.join("」「")
            ))
        }
    }
}

fn number(question: &Question, typed: &str) -> Result<i64, String> {
    let noun = &question.label;
    let text: String = narrow(typed)
        .chars()
        .filter(|c| !matches!(c, ' ' | ','))
        .collect();
    let text = match &question.unit {
        Some(unit) => text.strip_suffix(unit.as_str()).unwrap_or(&text),
        None => &text,
    };
    let text = text
        .strip_suffix(".0")
        .unwrap_or(text)
        .replace(['−', '▲'], "-");
    let number: i64 = text
        .parse()
        .map_err(|_| format!("「{noun}」は整数で書いてください。"))?;
    let (least, most) = question.numbers();
    match (least..=most).contains(&number) {
        true => Ok(number),
        false => Err(format!(
            "「{noun}」は{least}から{most}までの数で書いてください。"
        )),
    }
}

/// What was typed, short enough for a sentence.
pub(super) fn shortened(typed: &str) -> String {
    const LONGEST: usize = 30;
    let mut text: String = typed.chars().take(LONGEST).collect();
    if text.len() < typed.len() {
        text.push('…');
    }
    text
}
