//! What a kind asks and what its text uses must be the same.

use std::collections::BTreeSet;

use super::super::expression::expression;
use super::super::kind::Kind;
use super::super::question::Question;
use super::names::Names;

/// Something to correct in `paper.toml`: its path there, what and a hint.
pub(super) type Finding = (String, String, String);

/// Findings about one kind; `used` are the questions of its text.
pub(super) fn findings(
    kind: &Kind,
    questions: &[Question],
    used: &BTreeSet<String>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut names = Names {
        questions,
        variables: Vec::new(),
        used: used.clone(),
    };
    for (index, variant) in kind.variants.iter().enumerate() {
        let read = expression(&variant.when).and_then(|when| names.condition(&when));
        if let Err(problem) = read {
            found.push((
                format!("variant.{index}.when"),
                problem,
                format!("条件「{}」をお確かめください。", variant.when),
            ));
        }
    }
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    for (index, ask) in kind.asks.iter().enumerate() {
        for (list, ids) in [("questions", &ask.questions), ("also", &ask.also)] {
            for (place, id) in ids.iter().enumerate() {
                let at = format!("ask.{index}.{list}.{place}");
                if names.question(id).is_none() {
                    let known: Vec<&str> = questions
                        .iter()
                        .map(|question| question.id.as_str())
                        .collect();
                    found.push((
                        at,
                        format!("「{id}」という質問はありません。"),
                        crate::program::broken::nearest(id, &known),
                    ));
                } else if !asked.insert(id) {
                    found.push((
                        at,
                        format!("「{id}」を2度尋ねています。"),
                        "どちらかを消してください。".to_owned(),
                    ));
                } else if list == "questions" && !names.used.contains(id) {
                    let hint = "本文で使うか、尋ねるのをやめてください。点検だけに使うなら also に入れます。";
                    found.push((
                        at,
                        format!("「{id}」は本文で使われていません。"),
                        hint.to_owned(),
                    ));
                }
            }
        }
    }
    for id in names.used.iter().filter(|id| !asked.contains(id.as_str())) {
        found.push((
            "ask".to_owned(),
            format!("本文が使う「{id}」を尋ねていません。"),
            "どれかの ask の questions に足してください。".to_owned(),
        ));
    }
    if kind.sources.is_empty() {
        found.push((
            "source".to_owned(),
            "構成のもとが書かれていません。".to_owned(),
            "[[source]] を1つ以上書いてください。".to_owned(),
        ));
    }
    found
}
