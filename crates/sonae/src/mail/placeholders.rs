//! What stands in the place of the placeholders of `core::program::mail::PLACEHOLDERS`.

use jiff::civil::Date;
use minijinja::value::Value;
use sonae_core::audit::PlaceData;
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::capacity::PlaceState;
use sonae_core::program::mail::PLACEHOLDERS;
use sonae_core::program::{Milestone, Program};

/// The values of one mail. Each has every placeholder; what its event does not know is an empty text.
pub(super) struct Placeholders(Vec<(&'static str, Value)>);

impl Placeholders {
    pub(super) fn of_program(program: &Program) -> Placeholders {
        let definition = &program.definition.program;
        let contact = &definition.contact;
        let empty = PLACEHOLDERS
            .iter()
            .map(|placeholder| match placeholder.name {
                "courses" => ("courses", Value::from(Vec::<Value>::new())),
                name => (name, Value::from("")),
            });
        Placeholders(empty.collect())
            .text("program_title", &definition.title)
            .text("program_short_title", &definition.short_title)
            .text("office_name", &contact.name)
            .text("office_phone", contact.phone.as_deref().unwrap_or_default())
            .text("office_email", &contact.email)
            .text("office_hours", &contact.hours_text)
    }

    pub(super) fn text(self, name: &'static str, text: &str) -> Placeholders {
        self.set(name, Value::from(one_line(text)))
    }

    /// A text of several lines, written by the office.
    pub(super) fn paragraphs(self, name: &'static str, text: &str) -> Placeholders {
        let lines: Vec<String> = text.lines().map(one_line).collect();
        self.set(name, Value::from(lines.join("\n")))
    }

    pub(super) fn date(self, name: &'static str, date: Date) -> Placeholders {
        self.set(name, Value::from(date_with_weekday(date)))
    }

    /// The courses applied for, with the place in each.
    pub(super) fn courses(self, program: &Program, places: &[PlaceData]) -> Placeholders {
        let courses = places.iter().filter_map(|place| {
            let course = program.course(&place.course)?;
            let state = PlaceState::parse(&place.state)?;
            Some(Value::from_pairs([
                ("title", Value::from(course.title.as_str())),
                ("position", Value::from(place.position)),
                (
                    "state_text",
                    Value::from(state_text(course.capacity.taken_at, state)),
                ),
            ]))
        });
        let courses = Value::from(courses.collect::<Vec<_>>());
        self.set("courses", courses)
    }

    pub(super) fn into_value(self) -> Value {
        Value::from_pairs(self.0)
    }

    fn set(mut self, name: &'static str, value: Value) -> Placeholders {
        let place = self.0.iter_mut().find(|(known, _)| *known == name);
        place
            .expect("only placeholders of the closed list are set")
            .1 = value;
        self
    }
}

/// How a place stands, for the applicant.
fn state_text(taken_at: Milestone, state: PlaceState) -> &'static str {
    match (state, taken_at) {
        (PlaceState::Held, _) => "枠をお取りしました",
        (PlaceState::Offered, _) => "枠をご案内しています",
        (PlaceState::Waiting, Milestone::Received) => "空きをお待ちいただいています",
        (PlaceState::Waiting, _) => "枠は、この後のお手続きで決まります",
        (PlaceState::Returned, _) => "枠はなくなりました",
    }
}

/// No answer can begin a line of its own in a mail, whatever stands in it.
fn one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace(breaks, " ")
}
