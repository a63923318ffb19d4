//! The parts of a form: what `templates/public/field.html` shows.
//!
//! A control's id is its name with `-` for anything but letters, digits and `_`, so that a mistake found by a field's name can be linked
//! to its control ([`id_of`]). A group's first choice bears the group's id.

/// What every control has around it.
#[derive(Clone, Debug)]
pub struct Part {
    pub id: String,
    /// The name under which the form sends it.
    pub name: String,
    pub label: String,
    /// Shown as the words 必須 and 任意.
    pub required: bool,
    pub hint: Option<String>,
    /// The sentence that says what to correct.
    pub error: Option<String>,
}

impl Part {
    fn new(name: &str, label: &str) -> Part {
        Part {
            id: id_of(name),
            name: name.to_owned(),
            label: label.to_owned(),
            required: false,
            hint: None,
            error: None,
        }
    }

    /// The ids for `aria-describedby`: the error first, since it is what must be heard.
    pub fn described_by(&self) -> Option<String> {
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        match (error, hint) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(one),
            (Some(error), Some(hint)) => Some(format!("{error} {hint}")),
        }
    }
}

/// The id of the control for a field's name, for example `extra-deemed_large` for `extra.deemed_large`.
pub fn id_of(name: &str) -> String {
    name.chars()
        .map(|c| match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => c,
            _ => '-',
        })
        .collect()
}

/// How wide the box is: the width tells how much is expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// Six characters: a number of people.
    Short,
    /// Fourteen characters: a postcode, a phone number, an amount.
    Medium,
    #[default]
    Full,
}

impl Width {
    pub fn class(self) -> &'static str {
        match self {
            Width::Short => "short",
            Width::Medium => "medium",
            Width::Full => "full",
        }
    }
}

/// A button beside a control that sends the form as `action=<value>`, for example 「住所を自動入力」.
#[derive(Clone, Debug)]
pub struct Action {
    pub value: &'static str,
    pub label: &'static str,
}

/// One line of text.
#[derive(Clone, Debug)]
pub struct Text {
    pub part: Part,
    pub value: String,
    /// The input's `type`: `text`, `email`, `tel`.
    pub kind: &'static str,
    pub inputmode: Option<&'static str>,
    /// A token of HTML's list, for example `organization`, `postal-code`, `address-line1`, `email`.
    pub autocomplete: Option<&'static str>,
    pub width: Width,
    /// Stands after the box, for example 人. The label or hint says it too.
    pub unit: Option<&'static str>,
    pub action: Option<Action>,
}

impl Text {
    pub fn new(name: &str, label: &str) -> Text {
        Text {
            part: Part::new(name, label),
            value: String::new(),
            kind: "text",
            inputmode: None,
            autocomplete: None,
            width: Width::Full,
            unit: None,
            action: None,
        }
    }
}

/// Several lines of text.
#[derive(Clone, Debug)]
pub struct Area {
    pub part: Part,
    pub value: String,
    pub rows: u8,
}

impl Area {
    pub fn new(name: &str, label: &str) -> Area {
        Area {
            part: Part::new(name, label),
            value: String::new(),
            rows: 5,
        }
    }
}

/// A group of radio buttons or checkboxes.
#[derive(Clone, Debug)]
pub struct Choices {
    pub part: Part,
    /// Checkboxes instead of radio buttons.
    pub multiple: bool,
    /// Short choices stand in one row where there is room.
    pub side_by_side: bool,
    pub choices: Vec<Choice>,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    pub chosen: bool,
}

impl Choices {
    /// Radio buttons: exactly one answer.
    pub fn one(name: &str, label: &str, choices: Vec<Choice>) -> Choices {
        Choices {
            part: Part::new(name, label),
            multiple: false,
            side_by_side: false,
            choices,
        }
    }

    /// Checkboxes: any number of answers.
    pub fn many(name: &str, label: &str, choices: Vec<Choice>) -> Choices {
        Choices {
            multiple: true,
            ..Choices::one(name, label, choices)
        }
    }

    /// はい and いいえ, sent as `true` and `false`.
    pub fn yes_no(name: &str, label: &str, answer: Option<bool>) -> Choices {
        let choice = |value: bool, label: &str| Choice {
            value: value.to_string(),
            label: label.to_owned(),
            hint: None,
            chosen: answer == Some(value),
        };
        Choices {
            side_by_side: true,
            ..Choices::one(
                name,
                label,
                vec![choice(true, "はい"), choice(false, "いいえ")],
            )
        }
    }

    /// The first choice bears the group's id, so that a link to the group's mistake lands on a control.
    pub fn choice_id(&self, index: &usize) -> String {
        match index {
            0 => self.part.id.clone(),
            _ => format!("{}-{}", self.part.id, index + 1),
        }
    }
}

/// Any control, for screens that a programme puts together.
#[derive(Clone, Debug)]
pub enum Control {
    Text(Text),
    Area(Area),
    Choices(Choices),
}

impl Control {
    pub fn part(&self) -> &Part {
        match self {
            Control::Text(field) => &field.part,
            Control::Area(field) => &field.part,
            Control::Choices(field) => &field.part,
        }
    }

    pub fn part_mut(&mut self) -> &mut Part {
        match self {
            Control::Text(field) => &mut field.part,
            Control::Area(field) => &mut field.part,
            Control::Choices(field) => &mut field.part,
        }
    }
}

/// One line of the error summary: the control's id and the same words as beside the control.
#[derive(Clone, Debug)]
pub struct Mistake {
    pub target: String,
    pub message: String,
}

/// The mistakes of a screen in page order.
pub fn mistakes(controls: &[Control]) -> Vec<Mistake> {
    let of = |control: &Control| {
        let part = control.part();
        part.error.as_ref().map(|message| Mistake {
            target: part.id.clone(),
            message: message.clone(),
        })
    };
    controls.iter().filter_map(of).collect()
}

/// One line of the confirmation screen. Line breaks in `value` are shown.
#[derive(Clone, Debug)]
pub struct Row {
    pub label: String,
    pub value: String,
    /// Where it can be changed; from there the form comes back to the confirmation.
    pub change: Option<String>,
}

#[cfg(test)]
mod tests {
    use askama::Template;

    use super::*;

    #[derive(Template)]
    #[template(
        source = r#"{% import "public/field.html" as field %}
{%- call field::error_summary(mistakes) %}{% endcall -%}
{%- for control in controls %}{% call field::control(control) %}{% endcall %}{% endfor -%}
{%- call field::rows(rows) %}{% endcall -%}
{%- call field::notice("info", "お知らせ") %}<p>本文</p>{% endcall -%}
{%- call field::submit("次へ") %}{% endcall -%}"#,
        ext = "html"
    )]
    struct Sample {
        mistakes: Vec<Mistake>,
        controls: Vec<Control>,
        rows: Vec<Row>,
    }

    fn sample() -> String {
        let mut name = Text::new("name", "会社名");
        name.part.required = true;
        name.part.hint = Some("登記のとおり".into());
        name.part.error = Some("会社名を入力してください。".into());
        name.value = "<備>".into();
        name.autocomplete = Some("organization");
        let mut subsidy = Choices::yes_no("extra.deemed_large", "みなし大企業ですか", Some(false));
        subsidy.part.error = Some("選んでください。".into());
        let controls = vec![
            Control::Text(name),
            Control::Area(Area::new("note", "ご要望")),
            Control::Choices(subsidy),
        ];
        let row = Row {
            label: "会社名".into(),
            value: "備".into(),
            change: Some("/x".into()),
        };
        Sample {
            mistakes: mistakes(&controls),
            controls,
            rows: vec![row],
        }
        .render()
        .unwrap()
    }

    /// Each piece must stand in the sample as it is.
    #[test]
    fn parts_are_tied_together() {
        let html = sample();
        let pieces = [
            r##"<li><a href="#name">会社名を入力してください。</a></li>"##,
            r##"<li><a href="#extra-deemed_large">選んでください。</a></li>"##,
            r#"<label class="label" for="name">会社名 <span class="mark mark-required">必須</span></label>"#,
            r#"<p class="hint" id="name-hint">登記のとおり</p>"#,
            r#"value="&#60;備&#62;" autocomplete="organization" aria-describedby="name-error name-hint" aria-invalid="true">"#,
            r#"<fieldset class="field field-wrong" aria-describedby="extra-deemed_large-error">"#,
            r#"<input id="extra-deemed_large" name="extra.deemed_large" type="radio" value="true">"#,
            r#"<input id="extra-deemed_large-2" name="extra.deemed_large" type="radio" value="false" checked>"#,
            r#"<textarea class="input input-full" id="note" name="note" rows="5">"#,
            r#"<a href="/x">変更<span class="hidden">：会社名</span></a>"#,
            r#"<div class="notice notice-info">"#,
            r#"<button class="button button-primary" type="submit">次へ</button>"#,
        ];
        for piece in pieces {
            assert!(html.contains(piece), "{piece}\nis missing in\n{html}");
        }
    }
}
