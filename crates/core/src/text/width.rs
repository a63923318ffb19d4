//! 全角 and 半角, and the many hyphens of Japanese keyboards.

use super::invisible;
use super::mistake::{Mistake, shown};

/// Full-width letters, digits and signs become ASCII, every space becomes an ordinary space, and
/// invisible characters go. Kana of either width are left alone: they belong to [`super::kana`].
pub fn narrow(typed: &str) -> String {
    invisible::strip(typed)
        .chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => narrow_one(c),
            // The yen sign is a full-width form too, but of a sign outside ASCII.
            '\u{FFE5}' => '¥',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

/// One full-width form (U+FF01 to U+FF5E) as its ASCII character, which stands 0xFEE0 lower.
fn narrow_one(c: char) -> char {
    char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
}

/// Whether the character is used as a hyphen between digits: all that Japanese input methods, Word and
/// PDF produce, the long sound mark ー and the box-drawing line among them.
pub fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}'   // hyphen, non-breaking hyphen, figure, en and em dash, bar
        | '\u{2043}'                    // hyphen bullet
        | '\u{207B}' | '\u{208B}'       // superscript and subscript minus
        | '\u{2212}'                    // minus sign
        | '\u{2500}' | '\u{2501}'       // box drawings
        | '\u{2796}'                    // heavy minus sign
        | '\u{30A0}'                    // katakana-hiragana double hyphen
        | 'ー' | '\u{FF70}'             // long sound mark, full and half width
        | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' // small and full-width forms
    )
}

/// The digits of a number that people write in groups, without hyphens and spaces.
///
/// # Errors
/// `not_a_digit` with the first other character; `noun` is the Japanese name of the number.
pub(crate) fn grouped_digits(typed: &str, noun: &str) -> Result<String, Mistake> {
    let mut digits = String::new();
    for c in narrow(typed).chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' => {}
            c if is_hyphen(c) => {}
            c => {
                return Err(Mistake::new(
                    "not_a_digit",
                    format!(
                        "{noun}に数字ではない文字{}があります。数字だけで書いてください。",
                        shown(c)
                    ),
                ));
            }
        }
    }
    if digits.is_empty() {
        return Err(Mistake::empty(noun));
    }
    Ok(digits)
}

#[cfg(test)]
mod tests {
    use super::{grouped_digits, is_hyphen, narrow};

    #[test]
    fn full_width_forms_become_ascii_and_kana_stay() {
        assert_eq!(narrow("ＡＢＣ　１２３＠～"), "ABC 123@~");
        assert_eq!(narrow("ｶﾅ カナ ￥"), "ｶﾅ カナ ¥");
    }

    #[test]
    fn every_hyphen_is_known_and_the_kanji_for_one_is_not() {
        for c in "-‐‑‒–—―−－ーｰ─━﹣﹘⁻₋➖⁃゠".chars() {
            assert!(is_hyphen(c), "{c} U+{:04X}", u32::from(c));
            assert_eq!(
                grouped_digits(&format!("1{c}2"), "番号").expect("a hyphen"),
                "12"
            );
        }
        assert!(!is_hyphen('一'));
        assert!(!is_hyphen('〜'));
    }

    #[test]
    fn another_character_is_named() {
        let mistake = grouped_digits("12O4", "番号").expect_err("a letter");
        assert_eq!(mistake.code, "not_a_digit");
        assert!(mistake.sentence.contains("「O」"), "{}", mistake.sentence);
        assert_eq!(
            grouped_digits(" - ", "番号").expect_err("nothing").code,
            "empty"
        );
    }
}
