//! 環境の記録 and 事前問診: every question can be answered.

use super::{Findings, feeds};
use crate::program::Definition;
use crate::program::form::QuestionKind;
use crate::program::support::{Asked, LONGEST_TEXT};

const FILE: &str = "support.toml";

/// The most questions of one list: more than this nobody answers.
const MOST: usize = 100;

pub(super) fn check(definition: &Definition, found: &mut Findings) {
    let support = &definition.support;
    for (list, asked) in [
        ("diagnosis", &support.diagnosis),
        ("questionnaire", &support.questionnaire),
    ] {
        if asked.len() > MOST {
            let what = format!("「{list}」の質問が{}あります。", asked.len());
            found.add(FILE, list, what, format!("{MOST}までにしてください。"));
        }
        for (index, question) in asked.iter().enumerate() {
            self::question(&format!("{list}.{index}"), question, found);
            feeds::check(&format!("{list}.{index}"), question, found);
        }
    }
}

fn question(at: &str, question: &Asked, found: &mut Findings) {
    let id = &question.id;
    let choice = question.kind == QuestionKind::Choice;
    if choice && question.option.len() < 2 {
        found.add(
            FILE,
            format!("{at}.option"),
            format!("質問「{id}」の選択肢が{}つです。", question.option.len()),
            "option に2つ以上の選択肢を書いてください。",
        );
    }
    if !choice && !question.option.is_empty() {
        found.add(
            FILE,
            format!("{at}.option"),
            format!("質問「{id}」は選択式ではないのに選択肢があります。"),
            "kind = \"choice\" にするか、option を消してください。",
        );
    }
    match (question.kind, question.max) {
        (QuestionKind::Choice | QuestionKind::YesNo, Some(_)) => found.add(
            FILE,
            format!("{at}.max"),
            format!("質問「{id}」に max は要りません。"),
            "max は text と number の質問だけに書きます。",
        ),
        (QuestionKind::Text, Some(max)) if !(1..=LONGEST_TEXT).contains(&max) => found.add(
            FILE,
            format!("{at}.max"),
            format!("質問「{id}」の答えが{max}文字までになっています。"),
            format!("1から{LONGEST_TEXT}までにしてください。"),
        ),
        (QuestionKind::Number, Some(0)) => found.add(
            FILE,
            format!("{at}.max"),
            format!("質問「{id}」に答えられる数が0だけになっています。"),
            "1以上にするか、max を消してください。",
        ),
        _ => {}
    }
}
