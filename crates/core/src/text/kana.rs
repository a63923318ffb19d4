//! フリガナ: the reading of a name in full-width katakana.

use unicode_normalization::UnicodeNormalization;

use super::invisible;
use super::mistake::{Mistake, shown};
use super::width::is_hyphen;

/// The most characters a reading may have; the longest registered company names stay below.
pub const LIMIT: usize = 200;

/// A reading in full-width katakana, its words parted by one ordinary space.
///
/// Half-width kana and hiragana are turned into katakana, and a hyphen behind a kana into the long sound ー.
///
/// # Errors
/// `empty`, `too_long`, `latin`, `digits`, `kanji` or `not_kana`, each with a sentence of its own.
pub fn normalise(typed: &str) -> Result<String, Mistake> {
    let mut reading = String::new();
    for c in apart(typed).nfkc() {
        match katakana(c) {
            Some(kana) => reading.push(kana),
            None if c.is_whitespace() && (reading.is_empty() || reading.ends_with(' ')) => {}
            None if c.is_whitespace() => reading.push(' '),
            None if is_hyphen(c) && reading.chars().next_back().is_some_and(|p| p != ' ') => {
                reading.push('ー')
            }
            None => return Err(refuse(c)),
        }
    }
    reading.truncate(reading.trim_end().len());
    if reading.is_empty() {
        return Err(Mistake::empty("フリガナ"));
    }
    if reading.chars().count() > LIMIT {
        return Err(Mistake::new(
            "too_long",
            format!("フリガナが長すぎます。{LIMIT}文字までで書いてください。"),
        ));
    }
    Ok(reading)
}

/// The typed text with free-standing voiced marks made combining, so that か゛ is composed to が.
fn apart(typed: &str) -> impl Iterator<Item = char> {
    let visible: Vec<char> = invisible::strip(typed).chars().collect();
    visible.into_iter().map(|c| match c {
        '゛' => '\u{3099}',
        '゜' => '\u{309A}',
        c => c,
    })
}

/// The katakana for a kana that NFKC left; `None` for everything else.
fn katakana(c: char) -> Option<char> {
    match c {
        // Katakana stand 0x60 above hiragana.
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(c) + 0x60),
        'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ' | '・' | 'ㇰ'..='ㇿ' => Some(c),
        _ => None,
    }
}

fn refuse(c: char) -> Mistake {
    match c {
        'A'..='Z' | 'a'..='z' => Mistake::new(
            "latin",
            "フリガナにローマ字があります。読み方をカタカナで書いてください。例：サトウ タロウ",
        ),
        '0'..='9' => Mistake::new(
            "digits",
            "フリガナに数字があります。数字も読み方をカタカナで書いてください。例：ダイイチ",
        ),
        '々'
        | '〇'
        | '\u{3400}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}' => Mistake::new(
            "kanji",
            format!(
                "フリガナに漢字{}があります。読み方をカタカナで書いてください。",
                shown(c)
            ),
        ),
        c => Mistake::new(
            "not_kana",
            format!(
                "フリガナに使えない文字{}があります。カタカナだけで書いてください。",
                shown(c)
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[track_caller]
    fn check(typed: &str, expected: Result<&str, &str>) {
        let got = normalise(typed).map_err(|mistake| mistake.code);
        assert_eq!(got.as_deref().map_err(|code| *code), expected, "{typed}");
    }

    #[test]
    fn kana_of_every_kind_become_full_width_katakana() {
        check("さとう　たろう", Ok("サトウ タロウ"));
        check("  ｻﾄｳ   ﾀﾛｳ ", Ok("サトウ タロウ"));
        check("ｶﾞｷﾞﾊﾟｳﾞ", Ok("ガギパヴ"));
        check("か゛っこう", Ok("ガッコウ"));
        check("サ－バ-", Ok("サーバー"));
        check("ｻﾝﾌﾟﾙ･ﾄﾞｯﾄ", Ok("サンプル・ドット"));
        check("㌔", Ok("キロ"));
        check("いすゞ", Ok("イスヾ"));
    }

    #[test]
    fn other_writing_is_refused_with_its_own_sentence() {
        check("　", Err("empty"));
        check("Sato", Err("latin"));
        check("Ｓａｔｏ", Err("latin"));
        check("ダイ１", Err("digits"));
        check("佐藤", Err("kanji"));
        check("（カ）サンプル", Err("not_kana"));
        check("-", Err("not_kana"));
        check(&"ア".repeat(201), Err("too_long"));
    }
}
