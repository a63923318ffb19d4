//! Prefectures as answers name them; their table is [`crate::postcode::PREFECTURES`].

use crate::postcode::{PREFECTURES, prefecture_name};

/// The name of a two-digit code; none for anything but `01` to `47`.
pub fn name(code: &str) -> Option<&'static str> {
    prefecture_name(code)
}

/// The code of a prefecture typed as a code (`13`, `1`) or as its name (`東京都`, `東京`).
pub fn code(typed: &str) -> Option<String> {
    let padded = format!("{typed:0>2}");
    let found = PREFECTURES.iter().find(|(code, name)| {
        let short = name.strip_suffix(['都', '府', '県']).unwrap_or(name);
        *code == padded || *name == typed || short == typed
    })?;
    Some(found.0.to_owned())
}

/// Codes and names in order, for a list to choose from.
pub fn all() -> impl Iterator<Item = (String, &'static str)> {
    PREFECTURES
        .iter()
        .map(|(code, name)| ((*code).to_owned(), *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_belong_together() {
        assert_eq!(name("01"), Some("北海道"));
        assert_eq!(name("13"), Some("東京都"));
        assert_eq!(name("47"), Some("沖縄県"));
        for wrong in ["00", "48", "1", "013", "+1", "１３", ""] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
        for (typed, expected) in [
            ("13", Some("13")),
            ("1", Some("01")),
            ("東京都", Some("13")),
            ("東京", Some("13")),
            ("京都", Some("26")),
            ("北海道", Some("01")),
            ("48", None),
            ("江戸", None),
            ("", None),
        ] {
            assert_eq!(code(typed).as_deref(), expected, "{typed}");
        }
    }
}
