//! People: roles without a person or a deputy, and people who left but are still named.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Findings, name};
use crate::calendar::japanese::date_long;
use crate::paper::library::Library;

pub(super) fn check(found: &mut Findings<'_>, library: &Library, today: Date) {
    for role in found.rows("roles") {
        let person = found.named("people", role, "person");
        let deputy = found.named("people", role, "deputy");
        if person.is_none() {
            found.cell(
                "role_without_person",
                "roles",
                role,
                "person",
                format!(
                    "{}を担当する人が決まっていません。決めて書いてください。",
                    name(role)
                ),
            );
        } else if deputy.is_none() {
            let sentence = format!(
                "{}に代わりの人がいません。担当する人と連絡がつかないときに備えて決めてください。",
                name(role)
            );
            found.cell("role_without_deputy", "roles", role, "deputy", sentence);
        } else if person.map(|person| &person.id) == deputy.map(|deputy| &deputy.id) {
            let sentence = format!(
                "{}の担当する人と代わりの人が同じです。別の人にしてください。",
                name(role)
            );
            found.cell("deputy_is_the_person", "roles", role, "deputy", sentence);
        }
    }
    left(found, library, today);
}

/// Whoever left must not be named anywhere, in whatever table.
fn left(found: &mut Findings<'_>, library: &Library, today: Date) {
    let left: BTreeMap<&str, (String, Date)> = found
        .rows("people")
        .iter()
        .filter_map(|person| {
            let day = person.date("left_on").filter(|day| *day <= today)?;
            Some((person.id.as_str(), (name(person), day)))
        })
        .collect();
    if left.is_empty() {
        return;
    }
    for table in library.questions() {
        for column in table
            .columns
            .iter()
            .filter(|column| column.row_of.as_deref() == Some("people"))
        {
            for row in found.rows(&table.id) {
                let named = row
                    .named(&column.id)
                    .into_iter()
                    .chain(row.names(&column.id).iter().map(String::as_str));
                for (person, day) in named
                    .filter_map(|id| left.get(id))
                    .cloned()
                    .collect::<Vec<_>>()
                {
                    let sentence = format!(
                        "{}に退職した{person}（{}退職）が「{}」として書かれています。引き継いだ人に直してください。",
                        name(row),
                        date_long(day),
                        column.label
                    );
                    found.cell("person_left", &table.id, row, &column.id, sentence);
                }
            }
        }
    }
}
