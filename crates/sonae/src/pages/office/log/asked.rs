//! What an address of the log asks for.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;
use sonae_core::audit::Entry;
use sonae_core::calendar::japanese::parse_date;
use sonae_core::calendar::tokyo_midnight;
use sonae_core::receipt_number;

use super::{PATH, words};
use crate::pages::public::field::Mistake;

/// The longest value that is looked at, in characters.
const LONGEST: usize = 100;

/// The address as it was sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    pub(super) case: String,
    pub(super) actor: String,
    pub(super) kind: String,
    pub(super) since: String,
    pub(super) until: String,
    before: String,
}

/// What it means.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// None where every entry is shown.
    pub(super) filter: Option<Filter>,
    /// Entries from this instant on.
    pub(super) since: Option<Timestamp>,
    /// Entries before this instant.
    pub(super) until: Option<Timestamp>,
    /// Entries before this index.
    pub(super) before: Option<i64>,
    pub(super) wrong: Vec<Mistake>,
}

/// Which entries are shown; an empty part asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    /// A receipt number.
    pub(super) case: String,
    /// A kind of actor or the id of a person.
    pub(super) actor: String,
    /// A word of `words::KINDS`.
    pub(super) kind: String,
}

impl Sent {
    /// The same question, going on before an index.
    pub(super) fn address(&self, before: Option<i64>) -> String {
        let before = before.map_or_else(String::new, |index| index.to_string());
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("case", &self.case),
            ("actor", &self.actor),
            ("kind", &self.kind),
            ("since", &self.since),
            ("until", &self.until),
            ("before", &before),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        match query.is_empty() {
            true => PATH.to_owned(),
            false => format!("{PATH}?{query}"),
        }
    }
}

impl Asked {
    pub(super) fn read(sent: &Sent) -> Asked {
        let mut wrong = Vec::new();
        let case = match sent.case.trim() {
            "" => String::new(),
            typed => receipt_number::read(typed).unwrap_or_else(|| {
                let sentence = "受付番号として読めません。「R6-333-34A」のように入力してください。";
                wrong.push(mistake("case", sentence.to_owned()));
                String::new()
            }),
        };
        let mut day = |name: &'static str, typed: &str| -> Option<Date> {
            if typed.trim().is_empty() {
                return None;
            }
            let read = parse_date(typed);
            read.map_err(|problem| wrong.push(mistake(name, problem.to_string())))
                .ok()
        };
        let since = day("since", &sent.since);
        let until = day("until", &sent.until);
        let midnight = |date: Date| tokyo_midnight(date).ok();
        let cut = |text: &str| text.chars().take(LONGEST).collect::<String>();
        let filter = Filter {
            case,
            actor: cut(&sent.actor),
            kind: cut(&sent.kind),
        };
        Asked {
            filter: Some(filter).filter(|filter| *filter != Filter::default()),
            since: since.and_then(midnight),
            until: until.and_then(|day| day.tomorrow().ok()).and_then(midnight),
            before: sent.before.parse().ok(),
            wrong,
        }
    }
}

impl Filter {
    pub(super) fn takes(&self, entry: &Entry<Value>) -> bool {
        let (kind, id) = entry.actor.split_once(':').unwrap_or((&entry.actor, ""));
        let number = entry.data["receipt_number"].as_str().unwrap_or_default();
        (self.case.is_empty() || number == self.case)
            && (self.actor.is_empty() || self.actor == kind || self.actor == id)
            && (self.kind.is_empty() || words::is_of(&entry.action, &self.kind))
    }
}

fn mistake(control: &str, message: String) -> Mistake {
    Mistake {
        target: control.to_owned(),
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_or_told_why_not() {
        let check = |sent: Sent, filtered: bool, wrong: &[&str]| {
            let asked = Asked::read(&sent);
            let found: Vec<&str> = asked
                .wrong
                .iter()
                .map(|wrong| wrong.target.as_str())
                .collect();
            assert_eq!(
                (asked.filter.is_some(), &found[..]),
                (filtered, wrong),
                "{sent:?}"
            );
        };
        check(Sent::default(), false, &[]);
        let with = |change: fn(&mut Sent)| {
            let mut sent = Sent::default();
            change(&mut sent);
            sent
        };
        check(
            with(|sent| sent.case = "ｒ６－３３３－３４Ａ".into()),
            true,
            &[],
        );
        check(with(|sent| sent.case = "株式会社".into()), false, &["case"]);
        check(with(|sent| sent.kind = "staff".into()), true, &[]);
        check(with(|sent| sent.since = "令和6年6月3日".into()), false, &[]);
        check(with(|sent| sent.until = "いつか".into()), false, &["until"]);
        check(with(|sent| sent.before = "x".into()), false, &[]);
    }

    #[test]
    fn the_last_day_counts_whole() {
        let sent = Sent {
            until: "2024-06-03".into(),
            ..Sent::default()
        };
        let end = Asked::read(&sent).until.expect("an instant");
        assert_eq!(end.to_string(), "2024-06-03T15:00:00Z");
    }
}
