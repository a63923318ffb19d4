//! Finding an application while somebody types: the words it is found under, and what was typed in the same form.
//!
//! A word is found by its beginning. The company's name is found from every character on, because Japanese names have no spaces at which
//! a word would begin: 青嵐精密 is found under 青嵐 and under 精密.

use std::collections::BTreeSet;

use super::answers::Answers;
use crate::text::company_name;
use crate::text::search_key::search_key;

/// The most characters of a word that are kept and looked for.
pub const LONGEST: usize = 24;
/// From how many of a name's first characters on it is found.
const STARTS: usize = 12;
/// The last digits of a telephone number, by which callers are looked up.
const LAST_DIGITS: usize = 4;

/// The words under which an application is found.
pub fn words(answers: &Answers, receipt_number: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let name = text(&answers.name);
    let plain = company_name::key(&name);
    let starts = plain.char_indices().take(STARTS);
    for (at, _) in starts {
        let rest = &plain[at..];
        // A single last character finds nothing that somebody would look for.
        if at == 0 || rest.chars().nth(1).is_some() {
            words.insert(word(rest));
        }
    }
    words.insert(word(&search_key(&name)));
    words.insert(word(&search_key(&text(&answers.name_kana))));
    for person in [&answers.contact_name, &answers.contact_kana] {
        let person = text(person);
        words.insert(word(&search_key(&person)));
        // The given name as well.
        if let Some(given) = person.split_whitespace().nth(1) {
            words.insert(word(&search_key(given)));
        }
    }
    words.insert(word(&text(&answers.corporate_number)));
    let phone = text(&answers.contact_phone);
    if let Some(at) = phone.len().checked_sub(LAST_DIGITS)
        && phone.is_char_boundary(at)
    {
        words.insert(word(&phone[at..]));
    }
    words.insert(word(&phone));
    words.insert(word(&search_key(&text(&answers.contact_email))));
    words.insert(word(&search_key(receipt_number)));
    words.remove("");
    words
}

/// What was typed into a search field, in the form of the words; none when nothing is left to look for.
pub fn typed(text: &str) -> Option<String> {
    let folded = search_key(text);
    // A legal form in any spelling is looked through, unless there is nothing else yet.
    let plain = company_name::key(text);
    let key = if plain.is_empty() { folded } else { plain };
    let key = word(&key);
    let key = match key.strip_prefix("+81") {
        Some(rest) => word(&format!("0{rest}")),
        None => key,
    };
    (!key.is_empty()).then_some(key)
}

/// Without hyphens, which people set as they like, and not longer than is kept.
fn word(key: &str) -> String {
    key.chars().filter(|c| *c != '-').take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers() -> Answers {
        let text = |text: &str| Some(text.to_owned());
        Answers {
            name: text("株式会社青嵐精密"),
            name_kana: text("セイランセイミツ"),
            corporate_number: text("7000012050002"),
            contact_name: text("髙﨑 𠮷子"),
            contact_kana: text("タカサキ ヨシコ"),
            contact_phone: text("0300000012"),
            contact_email: text("tanto@kaisha-012.example.jp"),
            ..Answers::default()
        }
    }

    #[test]
    fn what_people_type_finds_the_company() {
        let words = words(&answers(), "KT-333-34A");
        #[track_caller]
        fn check(words: &BTreeSet<String>, text: &str, found: bool) {
            let typed = typed(text).unwrap_or_default();
            let hit = !typed.is_empty() && words.iter().any(|word| word.starts_with(&typed));
            assert_eq!(hit, found, "{text} as {typed}");
        }
        for text in [
            "青嵐",
            "精密",
            "株式会社青",
            "(株)青嵐精密",
            "㈱青嵐",
            "青嵐精密株式会社",
            "せいらん",
            "ｾｲﾗﾝ",
            "高崎",
            "高崎吉子",
            "髙﨑　吉",
            "吉子",
            "たかさき",
            "よしこ",
            "7000012050002",
            "７０００－０１２",
            "03-0000-0012",
            "０３ー００００",
            "+81-3-0000",
            "0012",
            "TANTO@kaisha-012",
            "kt-333-34a",
            "KT33334",
            "ＫＴ－３３３",
        ] {
            check(&words, text, true);
        }
        for text in ["", " ", "-", "密", "若竹", "0013", "example.jp", "%", "_"] {
            check(&words, text, false);
        }
    }

    #[test]
    fn an_empty_application_is_found_under_its_number() {
        let words = words(&Answers::default(), "KT-333-34A");
        assert_eq!(words.into_iter().collect::<Vec<_>>(), ["KT33334A"]);
    }
}
