//! Believable answers for papers: the shape is that of the sample company of the same trade and size, the names are the company's own.

use std::collections::BTreeMap;

use sonae_core::application::answers::Answers as Application;
use sonae_core::paper::answers::{AnswerRow, Answers, Value};

use crate::papers::library;

/// What stands in a company's name, whose sample is like it, and what such a company does.
const LIKE: [(&str, &str, &str); 4] = [
    ("設計事務所", "5", "住宅と店舗の設計、工事の監理"),
    ("食品卸", "20", "業務用食品の卸売と配送"),
    ("商事", "20", "日用品の卸売と配送"),
    ("精密", "100", "精密部品の加工"),
];

const SURNAMES: [&str; 20] = [
    "髙橋", "見本", "例田", "渡邉", "仮名", "試野", "齋藤", "架空", "若葉", "練馬", "山﨑", "白鳥",
    "葛城", "辻堂", "桜庭", "青柳", "早瀬", "小鳩", "水沢", "夏目",
];
const GIVEN_NAMES: [&str; 13] = [
    "恵",
    "健",
    "由美",
    "誠",
    "桜",
    "渉",
    "花子",
    "一郎",
    "実",
    "𠮷男",
    "千晴",
    "航太",
    "みどり",
];
/// Questions that the samples answer for themselves and that nobody else can take over.
const OF_THE_SAMPLE: [&str; 3] = ["company_name", "employees", "policy_url"];

/// The answers of a company of ours; none when no sample is like it.
pub(super) fn answers(number: usize, application: &Application) -> Option<Answers> {
    let name = application.name.clone()?;
    let (_, sample, business) = LIKE.iter().find(|(part, ..)| name.contains(part))?;
    let sample = library()
        .samples()
        .iter()
        .find(|known| known.name == *sample)?;
    let mut values = sample.answers.values.clone();
    values.retain(|question, _| !OF_THE_SAMPLE.contains(&question.as_str()));
    let people = people(number, sample.answers.rows("people"));
    let leader = person(&people, sample.answers.rows("roles"), "executive");
    let domain = format!("kaisha-{number:03}.example.jp");
    let phone = format!("03-0000-{:04}", number % 10_000);
    let address = [&application.address_line1, &application.address_line2];
    let address = address
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect::<String>();
    let own = [
        ("company_address", format!("東京都{address}")),
        ("company_phone", phone.clone()),
        ("representative_name", leader),
        ("business", (*business).to_owned()),
        ("website", format!("https://{domain}/")),
        ("policy_contact", format!("総務　{phone}　info@{domain}")),
        ("csirt_name", format!("{name} CSIRT")),
        ("csirt_mail", format!("csirt@{domain}")),
        ("csirt_phone", phone),
    ];
    values.extend(own.map(|(question, text)| (question.to_owned(), Value::Text(text))));
    values.insert("people".to_owned(), Value::Rows(people));
    Some(Answers { values })
}

/// The first of the answers, as far as somebody came who stopped half way.
pub(super) fn half(answers: &Answers) -> Answers {
    let asked = library().questions().map(|question| question.id.as_str());
    let answered: Vec<&str> = asked
        .filter(|question| answers.value(question).is_some())
        .collect();
    let first = &answered[..answered.len() / 2];
    let values = answers.values.iter();
    let values = values.filter(|(question, _)| first.contains(&question.as_str()));
    Answers {
        values: values
            .map(|(question, value)| (question.clone(), value.clone()))
            .collect(),
    }
}

/// The sample's people under other names and numbers; who has left is left.
fn people(number: usize, of_sample: &[AnswerRow]) -> Vec<AnswerRow> {
    let person = |(at, row): (usize, &AnswerRow)| {
        // Steps without common divisors, so that no two people of a company are called alike.
        let surname = SURNAMES[(number * 7 + at) % SURNAMES.len()];
        let given = GIVEN_NAMES[(number * 5 + at) % GIVEN_NAMES.len()];
        let mut cells: BTreeMap<String, Value> = row.cells.clone();
        cells.remove("private_mail");
        cells.insert("name".to_owned(), Value::Text(format!("{surname} {given}")));
        let mobile = format!("090-0000-{:04}", (number * 30 + at) % 10_000);
        cells.insert("mobile".to_owned(), Value::Text(mobile));
        AnswerRow {
            id: row.id.clone(),
            cells,
        }
    };
    of_sample.iter().enumerate().map(person).collect()
}

/// The name of whoever has a role.
fn person(people: &[AnswerRow], roles: &[AnswerRow], role: &str) -> String {
    let id = roles
        .iter()
        .find(|row| row.id == role)
        .and_then(|row| row.cells.get("person"));
    let found = people
        .iter()
        .find(|row| matches!(id, Some(Value::Row(id)) if *id == row.id));
    match found.and_then(|row| row.cells.get("name")) {
        Some(Value::Text(name)) => name.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use sonae_core::paper::answers::Value;

    use super::*;

    /// Words of all answers, tables included.
    fn words(values: &BTreeMap<String, Value>, found: &mut Vec<String>) {
        for value in values.values() {
            match value {
                Value::Text(text) => found.push(text.clone()),
                Value::Rows(rows) => rows.iter().for_each(|row| words(&row.cells, found)),
                _ => {}
            }
        }
    }

    #[test]
    fn nobody_of_the_samples_works_for_a_company_of_ours() {
        for (part, sample, _) in LIKE {
            let sample = library()
                .samples()
                .iter()
                .find(|known| known.name == sample);
            let sample = &sample.expect("a sample").answers;
            let application = Application {
                name: Some(format!("株式会社夕凪{part}")),
                ..Application::default()
            };
            let own = answers(7, &application).expect("there is a sample like it");
            let mut said = Vec::new();
            words(&own.values, &mut said);
            let mut theirs = Vec::new();
            for row in sample.rows("people") {
                theirs.extend(row.cells.get("name").cloned());
            }
            theirs.extend(sample.value("company_name").cloned());
            for name in theirs {
                let Value::Text(name) = name else { continue };
                assert!(
                    said.iter().all(|text| !text.contains(&name)),
                    "{part}: {name}"
                );
            }
            let domain = sample
                .text("website")
                .and_then(|site| site.split('/').nth(2))
                .expect("a site");
            assert!(said.iter().all(|text| !text.contains(domain)), "{domain}");
            assert!(half(&own).values.len() < own.values.len());
        }
    }
}
