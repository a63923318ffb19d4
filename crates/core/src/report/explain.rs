//! What a vendor's category means for the owner of a small company, in plain words with advice. The texts are data (`explanations.toml`).

use std::sync::LazyLock;

use serde::Deserialize;

use super::figures::Rule;

static TEXTS: LazyLock<Texts> = LazyLock::new(|| {
    toml::from_str(include_str!("explanations.toml")).expect("a test reads this very file")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    kind: Vec<Explanation>,
}

/// One kind of detection, as we explain it.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    pub id: String,
    /// As it stands in tables and charts; short.
    pub name: String,
    /// Parts of the vendors' categories, in lower case; the first kind in the file that has one is it.
    #[serde(default)]
    categories: Vec<String>,
    /// Parts of categories that say little, such as "Misc activity": the title may say more.
    #[serde(default)]
    broad: Vec<String>,
    /// Parts of titles, asked when the category says little or nothing.
    #[serde(default)]
    titles: Vec<String>,
    /// What it is.
    pub what: String,
    /// What to do when all of it was stopped.
    pub stopped: String,
    /// What to do when some of it was not.
    pub open: String,
    /// Such detections are told of and nothing more: they never ask the company to act.
    #[serde(default)]
    pub calm: bool,
}

/// All kinds, in the order in which they are tried; the last is the one for everything else.
pub fn all() -> &'static [Explanation] {
    &TEXTS.kind
}

/// The kind of a vendor's rule. Every rule has one.
pub fn of(category: &str, title: &str) -> &'static Explanation {
    let (category, title) = (category.to_lowercase(), title.to_lowercase());
    let has = |parts: &[String], text: &str| parts.iter().any(|part| begins_word(text, part));
    let kinds = all();
    (kinds.iter().find(|one| has(&one.categories, &category)))
        .or_else(|| kinds.iter().find(|one| has(&one.titles, &title)))
        .or_else(|| kinds.iter().find(|one| has(&one.broad, &category)))
        .or(kinds.last())
        .expect("a test finds the last kind")
}

/// "tor" stands in "tor exit", not in "directory".
fn begins_word(text: &str, part: &str) -> bool {
    (text.match_indices(part)).any(|(at, _)| !text[..at].ends_with(char::is_alphanumeric))
}

/// `severity_id` of OCSF from which what was not stopped asks for something. A severity that the product does not tell may be any, and asks too.
const MEDIUM: usize = 3;

impl Rule {
    pub fn explanation(&self) -> &'static Explanation {
        of(&self.category, &self.title)
    }

    /// What was not stopped and is not known to be harmless.
    pub fn open(&self) -> i64 {
        (self.counts.open() - self.harmless).max(0)
    }

    /// How many of its events ask the company for something: below a medium severity, and of a calm kind, only what looks like an attack.
    pub fn asks(&self) -> i64 {
        match self.weight() < MEDIUM || self.explanation().calm {
            true => self.attack.min(self.open()),
            false => self.open(),
        }
    }

    /// Its severity among others: one that the product does not tell stands beside medium.
    pub fn weight(&self) -> usize {
        match self.severity {
            0 => MEDIUM,
            told => told,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_are_sound() {
        let kinds = all();
        assert_eq!(kinds.last().unwrap().id, "other");
        for kind in kinds {
            for text in [&kind.what, &kind.stopped, &kind.open] {
                assert!(text.ends_with('。'), "{}: {text}", kind.id);
            }
            assert!(kind.name.chars().count() <= 16, "{}", kind.name);
            for part in kind
                .categories
                .iter()
                .chain(&kind.broad)
                .chain(&kind.titles)
            {
                assert_eq!(part.to_lowercase(), *part, "{}", kind.id);
            }
            let same = kinds.iter().filter(|other| other.id == kind.id);
            assert_eq!(same.count(), 1, "{}", kind.id);
        }
    }

    #[test]
    fn what_asks_for_something() {
        // Severity, category, not stopped, harmless of it, attacks of it, and how many ask.
        for (severity, category, open, harmless, attack, asks) in [
            (5, "trojan", 3, 0, 0, 3),
            (3, "trojan", 3, 2, 0, 1),
            (3, "trojan", 3, 3, 0, 0),
            (0, "trojan", 1, 0, 0, 1),
            (2, "trojan", 9, 0, 0, 0),
            (2, "trojan", 9, 4, 1, 1),
            (1, "trojan", 9, 0, 0, 0),
            (5, "spam", 9, 0, 0, 0),
            (0, "spam", 9, 0, 2, 2),
            (4, "trojan", 0, 0, 0, 0),
        ] {
            let mut rule = Rule {
                rule: String::new(),
                title: String::new(),
                category: category.to_owned(),
                severity,
                counts: Default::default(),
                harmless,
                attack,
            };
            rule.counts.action = [open, 7, 0, 0, 2];
            let case = (severity, category, open, harmless, attack);
            assert_eq!(rule.asks(), asks, "{case:?}");
        }
    }

    #[test]
    fn words_of_vendors_are_understood() {
        for (category, title, kind) in [
            (
                "A Network Trojan was detected",
                "EXAMPLE MALWARE beacon",
                "outside_control",
            ),
            (
                "Attempted Administrator Privilege Gain",
                "EXAMPLE EXPLOIT",
                "exploit",
            ),
            ("Attempted Information Leak", "EXAMPLE SCAN", "scan"),
            ("Misc activity", "EXAMPLE CHAT client", "application"),
            ("Misc activity", "something", "note"),
            ("Malware", "An active malware was found", "malware"),
            ("UnwantedSoftware", "Unwanted software", "application"),
            ("InitialAccess", "Suspicious URL clicked", "phishing"),
            ("InitialAccess", "Anonymous IP address", "password"),
            ("vulnerability", "Example CVE-2020-0001", "exploit"),
            ("Directory monitor", "x", "other"),
            (
                "brute-force",
                "SSH User Authentication Brute Force Attempt",
                "password",
            ),
            ("", "", "other"),
            ("まったく新しい分類", "x", "other"),
        ] {
            assert_eq!(of(category, title).id, kind, "{category} / {title}");
        }
    }
}
