//! What can be done with many cases at once, and the form that asks for what it needs.

use sonae_core::access::StaffRole;
use sonae_core::flow::{Channel, ContactOutcome, Event};
use sonae_store::staff;

use crate::pages::office::form::Form;
use crate::pages::public::field::{Area, Choice, Choices, Control, Text};

/// The longest text of a note or message, in characters.
const LONGEST_TEXT: usize = 4_000;
const LONGEST_SUBJECT: usize = 100;
/// Who works on it: nobody.
const NOBODY: &str = "nobody";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAction {
    Assign,
    Expert,
    Note,
    Contact,
    Message,
}

impl BulkAction {
    pub const ALL: [BulkAction; 5] = [
        BulkAction::Assign,
        BulkAction::Expert,
        BulkAction::Note,
        BulkAction::Contact,
        BulkAction::Message,
    ];

    /// The word in the form.
    pub fn as_str(self) -> &'static str {
        match self {
            BulkAction::Assign => "assign",
            BulkAction::Expert => "expert",
            BulkAction::Note => "note",
            BulkAction::Contact => "contact",
            BulkAction::Message => "message",
        }
    }

    pub fn parse(word: &str) -> Option<BulkAction> {
        (BulkAction::ALL.into_iter()).find(|action| action.as_str() == word)
    }

    pub fn label(self) -> &'static str {
        match self {
            BulkAction::Assign => "担当者を決める",
            BulkAction::Expert => "専門家を決める",
            BulkAction::Note => "内部メモを残す",
            BulkAction::Contact => "連絡を記録する",
            BulkAction::Message => "メッセージを送る",
        }
    }

    /// The controls with what was sent, without mistakes.
    pub fn controls(self, sent: &Form, people: &[staff::Staff]) -> Vec<Control> {
        match self {
            BulkAction::Assign => vec![person("担当者", StaffRole::Secretariat, sent, people)],
            BulkAction::Expert => vec![person("専門家", StaffRole::Expert, sent, people)],
            BulkAction::Note => vec![area("text", "内部メモ", true, sent)],
            BulkAction::Contact => vec![
                choices("channel", "手段", &CHANNELS, sent),
                choices("outcome", "結果", &OUTCOMES, sent),
                area("note", "メモ", false, sent),
            ],
            BulkAction::Message => vec![subject(sent), area("text", "本文", true, sent)],
        }
    }

    /// The event that was asked for.
    ///
    /// # Errors
    /// Names of controls with sentences about them.
    pub fn event(
        self,
        sent: &Form,
        people: &[staff::Staff],
    ) -> Result<Event, Vec<(&'static str, String)>> {
        let mut wrong = Vec::new();
        let event = match self {
            BulkAction::Assign => Event::Assigned {
                to: someone(sent, people, StaffRole::Secretariat, &mut wrong),
            },
            BulkAction::Expert => Event::ExpertAssigned {
                to: someone(sent, people, StaffRole::Expert, &mut wrong),
            },
            BulkAction::Note => Event::Noted {
                text: text(sent, "text", LONGEST_TEXT, true, &mut wrong),
            },
            BulkAction::Contact => Event::Contacted {
                channel: chosen(sent, "channel", &CHANNELS, &mut wrong),
                outcome: chosen(sent, "outcome", &OUTCOMES, &mut wrong),
                note: text(sent, "note", LONGEST_TEXT, false, &mut wrong),
            },
            BulkAction::Message => Event::Messaged {
                subject: text(sent, "subject", LONGEST_SUBJECT, true, &mut wrong),
                text: text(sent, "text", LONGEST_TEXT, true, &mut wrong),
            },
        };
        match wrong.is_empty() {
            true => Ok(event),
            false => Err(wrong),
        }
    }
}

const CHANNELS: [(&str, &str, Channel); 4] = [
    ("phone", "電話", Channel::Phone),
    ("mail", "メール", Channel::Mail),
    ("in_person", "対面", Channel::InPerson),
    ("online", "オンライン", Channel::Online),
];
const OUTCOMES: [(&str, &str, ContactOutcome); 3] = [
    ("reached", "連絡できた", ContactOutcome::Reached),
    ("left_message", "伝言を残した", ContactOutcome::LeftMessage),
    ("no_answer", "応答がなかった", ContactOutcome::NoAnswer),
];

type Wrong = Vec<(&'static str, String)>;

fn chosen<T: Copy>(
    sent: &Form,
    name: &'static str,
    all: &[(&str, &str, T)],
    wrong: &mut Wrong,
) -> T {
    let found = all.iter().find(|(word, _, _)| *word == sent.first(name));
    if found.is_none() {
        wrong.push((name, "一つ選んでください。".to_owned()));
    }
    found.unwrap_or(&all[0]).2
}

fn text(
    sent: &Form,
    name: &'static str,
    longest: usize,
    required: bool,
    wrong: &mut Wrong,
) -> String {
    let text = sent.first(name).replace("\r\n", "\n").trim().to_owned();
    if required && text.is_empty() {
        wrong.push((name, "入力してください。".to_owned()));
    }
    if text.chars().count() > longest {
        wrong.push((name, format!("{longest}文字以内で入力してください。")));
    }
    if name == "subject" && text.chars().any(char::is_control) {
        wrong.push((name, "件名は1行で入力してください。".to_owned()));
    }
    text
}

fn someone(
    sent: &Form,
    people: &[staff::Staff],
    role: StaffRole,
    wrong: &mut Wrong,
) -> Option<String> {
    let word = sent.first("person");
    let known = |person: &&staff::Staff| person.id == word && person.role == role && person.active;
    let found = people.iter().find(known);
    if found.is_none() && word != NOBODY {
        wrong.push(("person", "一つ選んでください。".to_owned()));
    }
    found.map(|person| person.id.clone())
}

fn person(label: &str, role: StaffRole, sent: &Form, people: &[staff::Staff]) -> Control {
    let active = people
        .iter()
        .filter(|person| person.role == role && person.active);
    let named = active.map(|person| (person.id.as_str(), person.name.as_str()));
    let all = named.chain(std::iter::once((NOBODY, "決めない(いまの担当を外す)")));
    Control::Choices(radio("person", label, all, sent))
}

fn choices<T>(name: &str, label: &str, all: &[(&str, &str, T)], sent: &Form) -> Control {
    let all = all.iter().map(|(word, label, _)| (*word, *label));
    Control::Choices(radio(name, label, all, sent))
}

fn radio<'a>(
    name: &str,
    label: &str,
    all: impl Iterator<Item = (&'a str, &'a str)>,
    sent: &Form,
) -> Choices {
    let value = sent.first(name);
    let choices = all.map(|(word, label)| Choice {
        value: word.to_owned(),
        label: label.to_owned(),
        hint: None,
        chosen: word == value,
    });
    let mut field = Choices::one(name, label, choices.collect());
    field.part.required = true;
    field
}

fn area(name: &str, label: &str, required: bool, sent: &Form) -> Control {
    let mut field = Area::new(name, label);
    field.value = sent.first(name).to_owned();
    field.part.required = required;
    Control::Area(field)
}

fn subject(sent: &Form) -> Control {
    let mut field = Text::new("subject", "件名");
    field.value = sent.first("subject").to_owned();
    field.part.required = true;
    Control::Text(field)
}
