//! What is looked for in the detections: read from a form, kept for the next page, shown again.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use sonae_core::calendar::japanese::parse_date;
use sonae_core::calendar::tokyo_date;
use sonae_telemetry::Day;
use sonae_telemetry::detection::{Action, Severity};
use sonae_telemetry::questions::search::{Place, Wanted};

use crate::pages::office::form::Form;
use crate::pages::public::field::{Choice, Choices, Control, Text, Width};
use crate::telemetry::words;

/// Days that are looked through when nothing is said.
const DAYS: i32 = 30;
/// The longest word that is looked for, in characters.
const LONGEST: usize = 200;
/// Severities that can be asked for, each with those above it.
const SEVERITIES: [Severity; 4] = [
    Severity::Low,
    Severity::Medium,
    Severity::High,
    Severity::Critical,
];

/// The fields as they were sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    from: String,
    to: String,
    severity: String,
    action: String,
    device: String,
    rule: String,
    address: String,
    text: String,
    pub(super) after: Option<Place>,
}

impl Asked {
    /// The last days.
    pub(super) fn begin(now: Timestamp) -> Asked {
        let today = tokyo_date(now);
        Asked {
            from: today.saturating_sub(Span::new().days(DAYS - 1)).to_string(),
            to: today.to_string(),
            ..Asked::default()
        }
    }

    pub(super) fn read(sent: &Form) -> Asked {
        let text = |name: &str| -> String {
            let typed = sent.first(name).trim().chars().filter(|c| !c.is_control());
            typed.take(LONGEST).collect()
        };
        Asked {
            from: text("from"),
            to: text("to"),
            severity: text("severity"),
            action: text("action"),
            device: text("device"),
            rule: text("rule"),
            address: text("address"),
            text: text("text"),
            after: place(sent.first("after")),
        }
    }

    /// Names and values for hidden fields.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("severity", self.severity.clone()),
            ("action", self.action.clone()),
            ("device", self.device.clone()),
            ("rule", self.rule.clone()),
            ("address", self.address.clone()),
            ("text", self.text.clone()),
        ]
    }

    /// The first and the last day; none when one cannot be read.
    pub(super) fn days(&self) -> Option<(Day, Day)> {
        let day = |text: &str| parse_date(text).ok().map(Day::of_date);
        day(&self.from).zip(day(&self.to))
    }

    /// The form with what was typed and what is wrong; what is wanted when nothing is.
    pub(super) fn controls(&self, company: &str) -> (Vec<Control>, Option<Wanted>) {
        let (from, from_wrong) = day(&self.from);
        let (to, mut to_wrong) = day(&self.to);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            to_wrong =
                Some("最後の日が、最初の日より前です。どちらかを直してください。".to_owned());
        }
        let is_good = from_wrong.is_none() && to_wrong.is_none();
        let days = from.zip(to).filter(|_| is_good);
        let wanted = days.map(|(from, to)| self.wanted(company, (from, to)));
        let text = |name: &str, label: &str, value: &str, hint: &str, wrong: Option<String>| {
            let mut control = Text::new(name, label);
            control.value = value.to_owned();
            control.width = Width::Medium;
            control.part.hint = (!hint.is_empty()).then(|| hint.to_owned());
            control.part.error = wrong;
            Control::Text(control)
        };
        #[rustfmt::skip]
        let controls = vec![
            text("from", "最初の日", &self.from, "", from_wrong),
            text("to", "最後の日", &self.to, "", to_wrong),
            choices("severity", "重さ", &self.severity, severities()),
            choices("action", "機器がしたこと", &self.action, actions()),
            text("address", "アドレスかホスト名", &self.address, "送信元か宛先。例：203.0.113.9", None),
            text("rule", "ルールの番号", &self.rule, "", None),
            text("device", "機器の名前", &self.device, "", None),
            text("text", "言葉", &self.text, "検知の名前、分類、利用者、ファイルの一部", None),
        ];
        (controls, wanted)
    }

    fn wanted(&self, company: &str, (from, to): (Date, Date)) -> Wanted {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Wanted {
            device: some(&self.device),
            rule: some(&self.rule),
            severity_from: Severity::by_code(&self.severity).unwrap_or_default(),
            action: Action::by_code(&self.action),
            address: some(&self.address),
            text: some(&self.text),
            ..Wanted::all(company, (Day::of_date(from), Day::of_date(to)))
        }
    }
}

fn day(text: &str) -> (Option<Date>, Option<String>) {
    match parse_date(text) {
        Ok(date) => (Some(date), None),
        Err(problem) => (None, Some(problem.to_string())),
    }
}

fn severities() -> Vec<(&'static str, String)> {
    let from = |one: Severity| {
        let label = match one {
            Severity::Critical => words::severity(one).to_owned(),
            _ => format!("{}以上", words::severity(one)),
        };
        (one.code(), label)
    };
    std::iter::once(("", "すべて".to_owned()))
        .chain(SEVERITIES.map(from))
        .collect()
}

fn actions() -> Vec<(&'static str, String)> {
    let of = |one: Action| (one.code(), words::action(one).to_owned());
    std::iter::once(("", "すべて".to_owned()))
        .chain(Action::ALL.map(of))
        .collect()
}

fn choices(name: &str, label: &str, chosen: &str, offered: Vec<(&str, String)>) -> Control {
    let known = offered.iter().any(|(value, _)| *value == chosen);
    let choice = |(value, label): (&str, String)| Choice {
        chosen: value == chosen || (!known && value.is_empty()),
        value: value.to_owned(),
        label,
        hint: None,
    };
    let mut choices = Choices::one(name, label, offered.into_iter().map(choice).collect());
    choices.side_by_side = true;
    Control::Choices(choices)
}

/// A place as the form carries it to the next page.
pub(super) fn place_text(place: Place) -> String {
    format!("{}.{}", place.time_us, place.number)
}

fn place(text: &str) -> Option<Place> {
    let (time_us, number) = text.split_once('.')?;
    Some(Place {
        time_us: time_us.parse().ok()?,
        number: number.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_back_and_nonsense_is_none() {
        let at = Place {
            time_us: 1_780_000_000_000_000,
            number: i64::MAX,
        };
        assert_eq!(place(&place_text(at)), Some(at));
        for nonsense in ["", "1", "1.", ".1", "a.b", "1.2.3"] {
            assert_eq!(place(nonsense), None, "{nonsense}");
        }
    }
}
