//! What a programme asks besides the application (環境の記録, 事前問診): from a form's texts to answers, and back to what people read.

use std::collections::BTreeMap;

use super::answers::ExtraAnswer;
use super::read::{FieldError, Mode};
use super::show::yes_no;
use crate::program::Id;
use crate::program::form::QuestionKind;
use crate::program::support::{Asked, LONGEST_TEXT};
use crate::text::number::{grouped, people};
use crate::text::{Mistake, lines};

/// A text that may be longer than this is asked for in a box of several lines.
pub const ONE_LINE: u32 = 100;

impl Asked {
    /// The longest text in characters.
    pub fn longest(&self) -> u32 {
        self.max.unwrap_or(LONGEST_TEXT).min(LONGEST_TEXT)
    }

    /// Whether a text of several lines is expected.
    pub fn is_long(&self) -> bool {
        self.kind == QuestionKind::Text && self.longest() > ONE_LINE
    }

    /// An answer as people read it; empty when it is missing.
    pub fn show(&self, answer: Option<&ExtraAnswer>) -> String {
        match answer {
            None => String::new(),
            Some(ExtraAnswer::YesNo(yes)) => yes_no(*yes).to_owned(),
            Some(ExtraAnswer::Number(number)) => grouped(number.unsigned_abs()),
            Some(ExtraAnswer::Text(text)) => {
                let chosen = self.option.iter().find(|choice| choice.value == *text);
                chosen.map_or(text, |choice| &choice.label).clone()
            }
        }
    }
}

/// Reads the answers out of what was typed by the ids of the questions; an empty text is no answer.
///
/// # Errors
/// Everything that is wrong, in the order of the questions, named by their ids. In [`Mode::Complete`] a required answer must be there.
pub fn read<'a>(
    asked: &[Asked],
    typed: impl Fn(&str) -> &'a str,
    mode: Mode,
) -> Result<BTreeMap<Id, ExtraAnswer>, Vec<FieldError>> {
    let mut answers = BTreeMap::new();
    let mut errors = Vec::new();
    for question in asked {
        let mut wrong = |code, message: String| {
            errors.push(FieldError {
                field: question.id.clone(),
                code,
                message,
            });
        };
        let text = typed(&question.id);
        if text.trim().is_empty() {
            if question.required && mode == Mode::Complete {
                let how = match question.kind {
                    QuestionKind::YesNo | QuestionKind::Choice => "を選んでください。",
                    QuestionKind::Text | QuestionKind::Number => "を入力してください。",
                };
                wrong("required", format!("「{}」{how}", question.label));
            }
            continue;
        }
        match one(question, text) {
            Ok(answer) => {
                answers.insert(question.id.clone(), answer);
            }
            Err(mistake) => wrong(mistake.code, mistake.sentence.into_owned()),
        }
    }
    match errors.is_empty() {
        true => Ok(answers),
        false => Err(errors),
    }
}

fn one(question: &Asked, typed: &str) -> Result<ExtraAnswer, Mistake> {
    let noun = format!("「{}」", question.label);
    match question.kind {
        QuestionKind::Text => {
            let limit = usize::try_from(question.longest()).unwrap_or(usize::MAX);
            lines::lines(typed, &noun, limit).map(ExtraAnswer::Text)
        }
        QuestionKind::Number => {
            let number = people(typed)?;
            match question.max {
                Some(max) if number > max => Err(Mistake::new(
                    "too_large",
                    format!(
                        "{noun}は{}までの数で入力してください。",
                        grouped(max.into())
                    ),
                )),
                _ => Ok(ExtraAnswer::Number(number.into())),
            }
        }
        QuestionKind::YesNo => match typed.trim() {
            "true" | "yes" => Ok(ExtraAnswer::YesNo(true)),
            "false" | "no" => Ok(ExtraAnswer::YesNo(false)),
            _ => Err(unknown(&noun)),
        },
        QuestionKind::Choice => {
            let chosen = question.option.iter();
            let mut chosen = chosen.filter(|choice| choice.value == typed.trim());
            match chosen.next() {
                Some(choice) => Ok(ExtraAnswer::Text(choice.value.clone())),
                None => Err(unknown(&noun)),
            }
        }
    }
}

fn unknown(noun: &str) -> Mistake {
    Mistake::new("unknown_value", format!("{noun}を選び直してください。"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::form::Choice;

    fn asked(kind: QuestionKind, max: Option<u32>) -> Asked {
        Asked {
            id: "q".to_owned(),
            clause: "1".to_owned(),
            label: "質問".to_owned(),
            hint: None,
            kind,
            option: vec![Choice {
                value: "a".to_owned(),
                label: "甲".to_owned(),
            }],
            max,
            required: true,
            feeds: Vec::new(),
        }
    }

    /// What was typed, and what is shown of it, or the code of what is wrong.
    #[test]
    fn answers_are_read_and_shown() {
        use QuestionKind::{Choice, Number, Text, YesNo};
        for (kind, max, typed, expected) in [
            (Text, Some(5), " 備え\r\n次 ", Ok("備え\n次")),
            (Text, Some(5), "備え備え備え", Err("too_long")),
            (Number, None, "１，２００", Ok("1,200")),
            (Number, Some(100), "101", Err("too_large")),
            (YesNo, None, "true", Ok("はい")),
            (YesNo, None, "maybe", Err("unknown_value")),
            (Choice, None, "a", Ok("甲")),
            (Choice, None, "甲", Err("unknown_value")),
            (Choice, None, "　", Err("required")),
        ] {
            let question = asked(kind, max);
            let read = read(std::slice::from_ref(&question), |_| typed, Mode::Complete);
            let shown = match &read {
                Ok(answers) => {
                    assert!(answers.values().all(|answer| question.takes(answer)));
                    Ok(question.show(answers.get("q")))
                }
                Err(errors) => Err(errors[0].code),
            };
            assert_eq!(shown.as_deref().map_err(|code| *code), expected, "{typed}");
        }
        let question = [asked(Text, None)];
        assert_eq!(read(&question, |_| "", Mode::Partial), Ok(BTreeMap::new()));
    }
}
