//! The fields of a case's forms: what may be typed, read back into the same controls with what is wrong beside it.

use std::collections::BTreeMap;

use crate::pages::office::form::Form;
use crate::pages::public::field::{Area, Choice, Choices, Control, Mistake, Text, mistakes};

/// The longest line, in characters: a subject.
pub const LONGEST_LINE: usize = 200;
/// The longest text, in characters: a message or a note.
pub const LONGEST_TEXT: usize = 5_000;

/// One field.
pub struct Ask {
    pub control: Control,
    /// In characters; for what is typed.
    longest: usize,
}

/// What was typed, by the name of its field.
#[derive(Clone, Debug, Default)]
pub struct Values(BTreeMap<String, Vec<String>>);

impl Values {
    /// The answer of a field; empty when there is none.
    pub fn text(&self, name: &str) -> String {
        let values = self.0.get(name);
        values
            .and_then(|values| values.first())
            .cloned()
            .unwrap_or_default()
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.get(name).cloned().unwrap_or_default()
    }
}

impl Ask {
    pub fn line(name: &str, label: &str) -> Ask {
        Ask {
            control: Control::Text(Text::new(name, label)),
            longest: LONGEST_LINE,
        }
    }

    pub fn text(name: &str, label: &str) -> Ask {
        Ask {
            control: Control::Area(Area::new(name, label)),
            longest: LONGEST_TEXT,
        }
    }

    /// Exactly one of some choices, given as value and label.
    pub fn one<V: Into<String>, L: Into<String>>(
        name: &str,
        label: &str,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Ask {
        Ask {
            control: Control::Choices(Choices::one(name, label, list(choices))),
            longest: LONGEST_LINE,
        }
    }

    /// Any number of some choices.
    pub fn many<V: Into<String>, L: Into<String>>(
        name: &str,
        label: &str,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Ask {
        Ask {
            control: Control::Choices(Choices::many(name, label, list(choices))),
            longest: LONGEST_LINE,
        }
    }

    #[must_use]
    pub fn required(mut self) -> Ask {
        self.control.part_mut().required = true;
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: &str) -> Ask {
        self.control.part_mut().hint = Some(hint.to_owned());
        self
    }

    /// What stands in it before anybody typed.
    #[must_use]
    pub fn filled(mut self, value: &str) -> Ask {
        set(&mut self.control, &[value.to_owned()]);
        self
    }

    #[must_use]
    pub fn in_a_row(mut self) -> Ask {
        if let Control::Choices(choices) = &mut self.control {
            choices.side_by_side = true;
        }
        self
    }
}

fn list<V: Into<String>, L: Into<String>>(
    choices: impl IntoIterator<Item = (V, L)>,
) -> Vec<Choice> {
    let choice = |(value, label): (V, L)| Choice {
        value: value.into(),
        label: label.into(),
        hint: None,
        chosen: false,
    };
    choices.into_iter().map(choice).collect()
}

/// Puts what was sent into the controls and gives it back when nothing is wrong with it.
///
/// # Errors
/// Something is missing, too long or not to be chosen; it stands at its control.
pub fn read(asks: &mut [Ask], sent: &Form) -> Result<Values, Vec<Mistake>> {
    let mut values = Values::default();
    for ask in asks.iter_mut() {
        let name = ask.control.part().name.clone();
        let typed: Vec<String> = sent.all(&name).map(plain).collect();
        set(&mut ask.control, &typed);
        let error = wrong(ask, &typed);
        ask.control.part_mut().error = error;
        values.0.insert(name, typed);
    }
    let found = found(asks);
    if found.is_empty() {
        return Ok(values);
    }
    Err(found)
}

/// The mistakes that stand at the controls, in the order of the page.
pub fn found(asks: &[Ask]) -> Vec<Mistake> {
    let controls: Vec<Control> = asks.iter().map(|ask| ask.control.clone()).collect();
    mistakes(&controls)
}

/// Line ends as one character, nothing invisible but those and tabs, no empty lines at the end.
fn plain(typed: &str) -> String {
    let lines = typed.replace("\r\n", "\n").replace('\r', "\n");
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let kept: String = lines.chars().filter(kept).collect();
    kept.trim_end().to_owned()
}

fn wrong(ask: &Ask, typed: &[String]) -> Option<String> {
    let part = ask.control.part();
    let given: Vec<&String> = typed.iter().filter(|typed| !typed.is_empty()).collect();
    if given.is_empty() {
        let verb = match ask.control {
            Control::Choices(_) => "選んでください",
            _ => "入力してください",
        };
        return part
            .required
            .then(|| format!("「{}」を{verb}。", part.label));
    }
    match &ask.control {
        Control::Choices(choices) => {
            let known = |typed: &&String| choices.choices.iter().any(|c| c.value == **typed);
            let fits = given.iter().all(known) && (choices.multiple || given.len() == 1);
            (!fits).then(|| format!("「{}」は、一覧の中から選んでください。", part.label))
        }
        _ => {
            let length = given[0].chars().count();
            (length > ask.longest).then(|| {
                format!(
                    "「{}」は{}文字までです。今は{length}文字あります。",
                    part.label, ask.longest
                )
            })
        }
    }
}

fn set(control: &mut Control, typed: &[String]) {
    let first = || typed.first().cloned().unwrap_or_default();
    match control {
        Control::Text(text) => text.value = first().replace('\n', " "),
        Control::Area(area) => area.value = first(),
        Control::Choices(choices) => {
            for choice in &mut choices.choices {
                choice.chosen = typed.contains(&choice.value);
            }
        }
    }
}
