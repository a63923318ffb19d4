//! The forms of an application's answers under which it is searched and compared.

use super::answers::Answers;
use crate::text::search_key::search_key;
use crate::text::{address, company_name, corporate_number};

/// Search and comparison keys; never shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// The name without legal form, width, case and variants of characters.
    pub name: String,
    /// Digits.
    pub phone: String,
    /// Postcode's place and house number in one form.
    pub address: String,
    /// Everything that search as you type looks at, words separated by a line feed.
    pub search: String,
}

/// The keys of an application. `receipt_number` is searched with and without its hyphens.
pub fn keys(answers: &Answers, receipt_number: &str) -> Keys {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let lines = format!(
        "{}{}",
        text(&answers.address_line1),
        text(&answers.address_line2)
    );
    let number = text(&answers.corporate_number);
    let phone = text(&answers.contact_phone);
    let searched = [
        search_key(&text(&answers.name)),
        search_key(&text(&answers.name_kana)),
        search_key(&text(&answers.contact_name)),
        search_key(&text(&answers.contact_kana)),
        corporate_number::normalise(&number).unwrap_or_default(),
        phone.clone(),
        search_key(receipt_number),
        search_key(&receipt_number.replace('-', "")),
    ];
    let mut search = String::new();
    for word in searched.iter().filter(|word| !word.is_empty()) {
        search.push_str(word);
        search.push('\n');
    }
    Keys {
        name: company_name::key(&text(&answers.name)),
        phone,
        address: address::key(&lines),
        search,
    }
}
