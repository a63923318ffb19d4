//! `…/diagnosis`: 環境の記録, the questions of the programme with what is known already. Kept as it is filled in, ended on purpose.

use std::collections::BTreeMap;

use sonae_core::access::Action;
use sonae_core::application::answers::ExtraAnswer;
use sonae_core::flow::Event;
use sonae_core::program::form::QuestionKind;
use sonae_core::program::support::{Asked, LONGEST_TEXT};
use sonae_core::text::number::people;

use super::case_form::CaseForm;
use super::fields::{Ask, Values};
use super::open::Opened;
use super::way::{Group, Way};
use crate::pages::public::field::{Control, Width};

/// A text that may be longer than this is asked for in a box of several lines.
const ONE_LINE: u32 = 100;
const SAVE: &str = "save";
const DONE: &str = "done";

pub(super) static DIAGNOSIS: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/diagnosis",
        label: "環境の記録を書く",
        key: "d",
        group: Group::Progress,
        action: Action::Diagnose,
        trials: |opened| {
            let asks = !asked(opened).is_empty();
            let saved = Event::Diagnosed {
                record: BTreeMap::new(),
                done: false,
            };
            asks.then_some(saved).into_iter().collect()
        },
    },
    about: "企業の環境について、うかがったことを記録します。わからないことは空けておけます。途中まで書いて保存し、あとで続きを書けます。",
    quiet: true,
    fields: |opened| {
        let record = &opened.stored.case.diagnosis;
        let mut asks: Vec<Ask> = asked(opened)
            .iter()
            .map(|asked| ask(asked, record.get(&asked.id)))
            .collect();
        let ends = [
            (SAVE, "ここまでを保存する"),
            (DONE, "すべてうかがったので、事前診断を終える"),
        ];
        asks.push(Ask::one("then", "このあと", ends).required().filled(SAVE));
        asks
    },
    event: |opened, values| Event::Diagnosed {
        record: (asked(opened).iter())
            .filter_map(|asked| {
                let answer = answer(asked, values);
                let known = opened.stored.case.diagnosis.contains_key(&asked.id);
                // An answer that was taken back is said; one that was never given is not.
                let empty = ExtraAnswer::Text(String::new());
                (known || answer != empty).then(|| (asked.id.clone(), answer))
            })
            .collect(),
        done: values.text("then") == DONE,
    },
};

fn asked(opened: &Opened) -> &[Asked] {
    &opened.program().definition.support.diagnosis
}

fn name(asked: &Asked) -> String {
    format!("item.{}", asked.id)
}

fn ask(asked: &Asked, known: Option<&ExtraAnswer>) -> Ask {
    let (name, label) = (name(asked), asked.label.as_str());
    let longest = asked.max.unwrap_or(LONGEST_TEXT);
    let mut ask = match asked.kind {
        QuestionKind::YesNo => Ask::one(
            &name,
            label,
            [
                ("true", "はい(有)"),
                ("false", "いいえ(無)"),
                ("", "未確認"),
            ],
        )
        .in_a_row()
        .filled(""),
        QuestionKind::Choice => {
            let options = asked.option.iter();
            let choices = options.map(|choice| (choice.value.clone(), choice.label.clone()));
            let unknown = (String::new(), "未確認".to_owned());
            Ask::one(&name, label, choices.chain([unknown])).filled("")
        }
        QuestionKind::Number => number(&name, label),
        QuestionKind::Text if longest <= ONE_LINE => Ask::line(&name, label),
        QuestionKind::Text => Ask::text(&name, label),
    };
    if let Some(known) = known {
        ask = ask.filled(&written(known));
    }
    match &asked.hint {
        Some(hint) => ask.hint(hint),
        None => ask,
    }
}

fn number(name: &str, label: &str) -> Ask {
    let mut ask = Ask::line(name, label);
    if let Control::Text(text) = &mut ask.control {
        text.inputmode = Some("numeric");
        text.width = Width::Medium;
    }
    ask
}

/// An answer as it stands in its control.
fn written(answer: &ExtraAnswer) -> String {
    match answer {
        ExtraAnswer::YesNo(yes) => yes.to_string(),
        ExtraAnswer::Number(number) => number.to_string(),
        ExtraAnswer::Text(text) => text.clone(),
    }
}

/// What was typed as an answer. What cannot be read as one stays a text, and the engine says what is wrong with it.
fn answer(asked: &Asked, values: &Values) -> ExtraAnswer {
    let typed = values.text(&name(asked));
    match (asked.kind, typed.as_str()) {
        (QuestionKind::YesNo, "true") => ExtraAnswer::YesNo(true),
        (QuestionKind::YesNo, "false") => ExtraAnswer::YesNo(false),
        (QuestionKind::Number, _) => match people(typed.trim_end_matches('台')) {
            Ok(number) => ExtraAnswer::Number(number.into()),
            Err(_) => ExtraAnswer::Text(typed),
        },
        _ => ExtraAnswer::Text(typed),
    }
}

/// The record as people read it: question and answer; empty where it is not known.
pub(super) fn lines(opened: &Opened) -> Vec<(String, String)> {
    let record = &opened.stored.case.diagnosis;
    let line = |asked: &Asked| {
        let shown = match record.get(&asked.id) {
            None => String::new(),
            Some(ExtraAnswer::YesNo(yes)) => if *yes {
                "はい(有)"
            } else {
                "いいえ(無)"
            }
            .to_owned(),
            Some(other) => {
                let written = written(other);
                let chosen = asked.option.iter().find(|choice| choice.value == written);
                chosen.map_or(written, |choice| choice.label.clone())
            }
        };
        (asked.label.clone(), shown)
    };
    asked(opened).iter().map(line).collect()
}
