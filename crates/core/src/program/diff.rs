//! What changes from one revision of a programme to the next, and what that means for applications already made.
//!
//! An application stays under the revision it was made under until it is moved on purpose, so most changes reach it only then;
//! places and mails still to be sent are shared by all.

use serde_json::{Map, Value};

use super::Definition;
use super::effect::{Effect, effect};
use super::load::FILES;

/// One difference between two revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The file, for example `program.toml`.
    pub file: &'static str,
    /// The item by its names, for example `course utm › capacity › places`.
    pub item: String,
    /// The value before; none for what is new.
    pub before: Option<String>,
    /// The value now; none for what is gone.
    pub after: Option<String>,
    pub effect: Effect,
}

/// Every difference, by file and item, always in the same order; empty when the two say the same.
///
/// Items of a list are matched by what names them (id, name, number, course …), so that an item put in between does not change
/// those after it.
pub fn diff(old: &Definition, new: &Definition) -> Vec<Change> {
    let json = |definition: &Definition| {
        serde_json::to_value(definition)
            .expect("a definition has string keys only, so it has a JSON form")
    };
    let (old, new) = (json(old), json(new));
    let mut changes = Vec::new();
    for file in FILES {
        let name = file.trim_end_matches(".toml");
        let mut differ = Differ {
            file,
            keys: Vec::new(),
            names: Vec::new(),
            changes: &mut changes,
        };
        differ.values(old.get(name), new.get(name));
    }
    changes
}

/// What names an item of a list, in the order in which they are tried.
const NAMES: [&str; 8] = [
    "id", "value", "name", "number", "course", "question", "title", "text",
];

struct Differ<'a> {
    file: &'static str,
    /// The keys on the way, without the names of items: what decides the effect.
    keys: Vec<String>,
    /// The keys on the way with the names of items: what is shown.
    names: Vec<String>,
    changes: &'a mut Vec<Change>,
}

impl Differ<'_> {
    fn values(&mut self, old: Option<&Value>, new: Option<&Value>) {
        let old = old.filter(|value| !value.is_null());
        let new = new.filter(|value| !value.is_null());
        match (old, new) {
            (Some(old), Some(new)) if old == new => {}
            (None, None) => {}
            (Some(Value::Object(old)), Some(Value::Object(new))) if !self.is_one_value() => {
                self.tables(old, new);
            }
            (Some(Value::Array(old)), Some(Value::Array(new))) if !self.is_one_value() => {
                self.lists(old, new);
            }
            (old, new) => self.record(old.map(shown), new.map(shown)),
        }
    }

    /// A test is read as a whole; its parts mean nothing alone.
    fn is_one_value(&self) -> bool {
        self.keys.last().is_some_and(|key| key == "test")
    }

    fn tables(&mut self, old: &Map<String, Value>, new: &Map<String, Value>) {
        let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            self.keys.push(key.clone());
            self.names.push(key.clone());
            self.values(old.get(key), new.get(key));
            self.names.pop();
            self.keys.pop();
        }
    }

    fn lists(&mut self, old: &[Value], new: &[Value]) {
        let Some(named) = named(old, new) else {
            return self.unnamed(old, new);
        };
        let name = |item: &Value| item.get(named).map(shown).unwrap_or_default();
        let find =
            |items: &[Value], wanted: &str| items.iter().find(|item| name(item) == wanted).cloned();
        let list = self.names.pop().unwrap_or_default();
        for item in old {
            self.item(
                &list,
                &name(item),
                Some(item),
                find(new, &name(item)).as_ref(),
            );
        }
        for item in new {
            if find(old, &name(item)).is_none() {
                self.item(&list, &name(item), None, Some(item));
            }
        }
        let order = |items: &[Value], others: &[Value]| -> Vec<String> {
            items
                .iter()
                .map(name)
                .filter(|name| find(others, name).is_some())
                .collect()
        };
        let (before, after) = (order(old, new), order(new, old));
        self.names.push(list);
        if before != after {
            self.names.push("並び順".to_owned());
            self.keys.push("order".to_owned());
            self.record(Some(before.join("、")), Some(after.join("、")));
            self.keys.pop();
            self.names.pop();
        }
    }

    /// Tables without a name, such as windows, are matched by their place; single values are one list.
    fn unnamed(&mut self, old: &[Value], new: &[Value]) {
        if !old.iter().chain(new).all(Value::is_object) {
            return self.record(Some(all_shown(old)), Some(all_shown(new)));
        }
        let list = self.names.pop().unwrap_or_default();
        for index in 0..old.len().max(new.len()) {
            self.item(
                &list,
                &(index + 1).to_string(),
                old.get(index),
                new.get(index),
            );
        }
        self.names.push(list);
    }

    fn item(&mut self, list: &str, name: &str, old: Option<&Value>, new: Option<&Value>) {
        self.names.push(format!("{list} {}", shortened(name, 30)));
        match (old, new) {
            (Some(_), Some(_)) => self.values(old, new),
            _ => self.record(old.map(label), new.map(label)),
        }
        self.names.pop();
    }

    fn record(&mut self, before: Option<String>, after: Option<String>) {
        let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        let effect = effect(self.file, &keys, before.as_deref(), after.as_deref());
        let item = self.names.join(" › ");
        self.changes.push(Change {
            file: self.file,
            item,
            before,
            after,
            effect,
        });
    }
}

/// The key by which the items of both lists can be told apart; none for lists of single values.
fn named(old: &[Value], new: &[Value]) -> Option<&'static str> {
    NAMES.into_iter().find(|key| {
        [old, new].iter().all(|items| {
            let names: Vec<Option<&Value>> = items.iter().map(|item| item.get(key)).collect();
            let told = |(index, name): (usize, &Option<&Value>)| {
                name.is_some_and(|name| !name.is_null()) && !names[..index].contains(name)
            };
            names.iter().enumerate().all(told)
        })
    })
}

/// What a whole item is called where it comes or goes.
fn label(item: &Value) -> String {
    let title = [
        "title", "label", "text", "subject", "question", "data", "name",
    ]
    .iter()
    .find_map(|key| item.get(key).and_then(Value::as_str));
    title.map_or_else(|| shown(item), |title| shortened(title, LONGEST))
}

/// The longest value that is shown whole, in characters.
const LONGEST: usize = 200;

fn shown(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => return all_shown(items),
        other => inline(other),
    };
    shortened(&text, LONGEST)
}

fn all_shown(items: &[Value]) -> String {
    shortened(
        &items.iter().map(shown).collect::<Vec<_>>().join("、"),
        LONGEST,
    )
}

/// A value as the file writes it on one line.
fn inline(value: &Value) -> String {
    match value {
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let given = map.iter().filter(|(_, value)| !value.is_null());
            let parts: Vec<String> = given
                .map(|(key, value)| format!("{key} = {}", inline(value)))
                .collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(inline).collect::<Vec<_>>().join(", ")
            )
        }
        other => other.to_string(),
    }
}

/// One line of at most so many characters.
fn shortened(text: &str, longest: usize) -> String {
    let line = text.trim().replace('\n', " ");
    if line.chars().count() <= longest {
        return line;
    }
    line.chars().take(longest).chain(['…']).collect()
}
