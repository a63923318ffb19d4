//! One line of text, stored as it was typed: names, addresses.

use unicode_normalization::UnicodeNormalization;

use super::invisible;
use super::mistake::Mistake;

/// One line of at most `limit` characters, in the stored form: invisible characters removed, trimmed,
/// and composed by [`compose`]. `noun` is the field's Japanese name.
///
/// # Errors
/// `empty`, `too_long`, `garbled` (U+FFFD: a character was lost on the way) or `private_character`
/// (外字, which only the sender's machine can show).
pub fn line(typed: &str, noun: &str, limit: usize) -> Result<String, Mistake> {
    let text = compose(invisible::strip(typed).trim());
    if text.is_empty() {
        return Err(Mistake::empty(noun));
    }
    if text.contains('\u{FFFD}') {
        return Err(Mistake::new(
            "garbled",
            format!("{noun}に文字化けした部分があります。もう一度書いてください。"),
        ));
    }
    if text.chars().any(is_private) {
        return Err(Mistake::new(
            "private_character",
            format!(
                "{noun}に外字（お使いの端末だけで表示できる文字）があります。近い形の漢字で書いてください。"
            ),
        ));
    }
    let length = text.chars().count();
    if length > limit {
        return Err(Mistake::new(
            "too_long",
            format!("{noun}が{length}文字あります。{limit}文字までで書いてください。"),
        ));
    }
    Ok(text)
}

/// Unicode NFC, except that CJK compatibility ideographs stay as typed.
///
/// NFC would be enough to join a kana with its voiced mark, but it also replaces compatibility
/// ideographs by another shape (塚 U+FA10 by U+585A, 神 U+FA19 by U+795E), and a name must come back in
/// the shape its owner typed. NFKC is never used on stored text. See UAX #15, section 1.3 and table 4.
pub fn compose(text: &str) -> String {
    let mut composed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_compatibility_ideograph) {
        let (before, from) = rest.split_at(at);
        composed.extend(before.nfc());
        let ideograph = from.chars().next().map_or(0, char::len_utf8);
        let (kept, after) = from.split_at(ideograph);
        composed.push_str(kept);
        rest = after;
    }
    composed.extend(rest.nfc());
    composed
}

fn is_compatibility_ideograph(c: char) -> bool {
    matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

#[cfg(test)]
mod tests {
    use super::{compose, line};

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        assert_eq!(
            line(typed, "名称", 10).map_err(|m| m.code),
            Ok(expected.to_owned())
        );
    }

    #[track_caller]
    fn check_refused(typed: &str, code: &str) {
        assert_eq!(line(typed, "名称", 10).map_err(|m| m.code), Err(code));
    }

    #[test]
    fn shapes_of_kanji_stay_as_typed() {
        for name in [
            "髙島屋",
            "﨑山商店",
            "𠮷野家",
            "塚本",
            "神田",
            "葛\u{E0100}城",
            "ＡＢＣ",
            "㈱甲",
            "ｻﾝﾌﾟﾙ",
        ] {
            check(name, name);
        }
    }

    #[test]
    fn kana_typed_apart_from_their_marks_are_joined() {
        check("か\u{3099}く", "がく");
        assert_eq!(compose("塚か\u{3099}"), "塚が");
    }

    #[test]
    fn lines_that_cannot_be_stored_are_refused() {
        check_refused(" \u{3000}\n", "empty");
        check_refused("あ\u{FFFD}", "garbled");
        check_refused("\u{E000}田", "private_character");
        check_refused("12345678901", "too_long");
        check("  1234567890\n", "1234567890");
    }
}
