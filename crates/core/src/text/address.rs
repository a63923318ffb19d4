//! Address lines below the prefecture.

use super::line::line;
use super::mistake::Mistake;
use super::search_key::search_key;

/// The most characters one address line may have.
pub const LIMIT: usize = 120;

/// One address line as typed, hyphens and numerals of 丁目・番地 included. Both lines of an address are
/// taken by this function; an empty second line is the caller's to allow.
///
/// # Errors
/// Those of [`line`].
pub fn normalise(typed: &str) -> Result<String, Mistake> {
    line(typed, "住所", LIMIT)
}

/// A key under which 「西新宿二丁目8番1号」 and 「西新宿２－８－１」 are the same place. It finds likely
/// duplicates; it is no postal address and is never shown. Idempotent.
pub fn key(address: &str) -> String {
    let folded = search_key(address);
    let counted = counted(&folded);
    let mut key = String::with_capacity(counted.len());
    let mut rest = counted.as_str();
    while let Some(c) = rest.chars().next() {
        let after_digit = key.ends_with(|p: char| p.is_ascii_digit());
        let unit = ["丁目", "番地", "番", "号"]
            .iter()
            .find(|unit| after_digit && rest.starts_with(**unit));
        if let Some(unit) = unit {
            key.push('-');
            rest = &rest[unit.len()..];
        } else {
            // 「8番地の2」 and 「8-−2」 must not leave more than one hyphen.
            let joins = key.ends_with('-') && matches!(c, '-' | 'ー' | 'ノ');
            if !joins {
                key.push(c);
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    key.truncate(key.trim_end_matches('-').len());
    key
}

/// The text with a kanji numeral before 丁目 as digits; other kanji numerals belong to names (三田, 八王子).
fn counted(folded: &str) -> String {
    let Some((before, after)) = folded.split_once("丁目") else {
        return folded.to_owned();
    };
    let numerals = "〇一二三四五六七八九";
    let start = before
        .trim_end_matches(|c| c == '十' || numerals.contains(c))
        .len();
    let (name, numeral) = before.split_at(start);
    let digit = |c: char| numerals.chars().position(|n| n == c);
    let number = match numeral.chars().collect::<Vec<_>>()[..] {
        [one] if one != '十' => digit(one),
        ['十'] => Some(10),
        ['十', one] => digit(one).map(|one| 10 + one),
        [ten, '十'] => digit(ten).map(|ten| 10 * ten),
        [ten, '十', one] => digit(ten).zip(digit(one)).map(|(ten, one)| 10 * ten + one),
        _ => None,
    };
    match number {
        Some(number) => format!("{name}{number}丁目{after}"),
        None => folded.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{key, normalise};

    #[test]
    fn hyphens_and_numerals_stay_as_typed() {
        for line in [
            "西新宿２丁目８－１",
            "西新宿2-8-1",
            "西新宿二丁目8番1号",
            "霞が関１ー１ー１　甲ビル３Ｆ",
        ] {
            assert_eq!(normalise(line).as_deref(), Ok(line));
        }
    }

    #[test]
    fn one_place_has_one_key() {
        for line in [
            "西新宿2-8-1",
            "西新宿２丁目８－１",
            "西新宿二丁目８番１号",
            "西新宿2丁目8番地の1",
            "西新宿 2-8-1 ",
        ] {
            assert_eq!(key(line), "西新宿2-8-1", "{line}");
        }
        assert_eq!(key("三田十二丁目3番"), "三田12-3");
        assert_ne!(key("三田1-2"), key("田1-2"));
    }
}
