//! Keys for finding and comparing, never for showing.

use unicode_normalization::UnicodeNormalization;

use super::invisible;
use super::width::is_hyphen;

/// Variant kanji and the form under which they are searched: pairs seen in names of people and companies.
///
/// Own selection of 2026-11, by way of the pairs of 旧字体 and 新字体 of 常用漢字表 (内閣告示第二号,
/// 2010-11-30) and of the name variants that offices confuse most. Compatibility ideographs (塚, 神) need
/// no line: NFKC folds them.
const VARIANTS: &[(char, char)] = &[
    ('髙', '高'),
    ('﨑', '崎'),
    ('嵜', '崎'),
    ('𠮷', '吉'),
    ('濵', '浜'),
    ('濱', '浜'),
    ('邊', '辺'),
    ('邉', '辺'),
    ('齋', '斉'),
    ('齊', '斉'),
    ('斎', '斉'),
    ('澤', '沢'),
    ('廣', '広'),
    ('國', '国'),
    ('櫻', '桜'),
    ('嶋', '島'),
    ('嶌', '島'),
    ('德', '徳'),
    ('惠', '恵'),
    ('眞', '真'),
    ('渕', '淵'),
    ('龍', '竜'),
    ('瀨', '瀬'),
    ('栁', '柳'),
    ('桒', '桑'),
    ('冨', '富'),
    ('峯', '峰'),
    ('條', '条'),
    ('圓', '円'),
    ('學', '学'),
    ('會', '会'),
    ('靜', '静'),
    ('曾', '曽'),
    ('槇', '槙'),
    ('黑', '黒'),
    ('增', '増'),
    ('緖', '緒'),
    ('𣘺', '橋'),
    ('藪', '薮'),
    ('鷗', '鴎'),
    ('檜', '桧'),
    ('舘', '館'),
    ('鐵', '鉄'),
    ('寶', '宝'),
    ('藏', '蔵'),
    ('應', '応'),
    ('佛', '仏'),
    ('藝', '芸'),
    ('與', '与'),
    ('彥', '彦'),
    ('榮', '栄'),
    ('豐', '豊'),
    ('關', '関'),
    ('縣', '県'),
    ('驛', '駅'),
    ('醫', '医'),
    ('萬', '万'),
    ('壽', '寿'),
    ('實', '実'),
    ('淺', '浅'),
    ('稻', '稲'),
    ('瀧', '滝'),
    ('辯', '弁'),
    ('聯', '連'),
    ('內', '内'),
    ('戶', '戸'),
    ('靑', '青'),
    ('淸', '清'),
    ('鄕', '郷'),
    ('穗', '穂'),
    ('鹽', '塩'),
];

/// The form under which a text is searched and compared: insensitive to width, case, spaces, middle dots,
/// variant kanji, hiragana or katakana, and large or small kana (キャノン, キヤノン). Idempotent. Meant for
/// an index or a comparison; the stored text is never replaced by it.
pub fn search_key(text: &str) -> String {
    squash(&fold(text))
}

/// Like [`search_key`], with the spaces and middle dots still in place.
pub(crate) fn fold(text: &str) -> String {
    let visible = invisible::strip(text);
    let unselected = visible.chars().filter(|c| !is_variation_selector(*c));
    let mut folded = String::with_capacity(text.len());
    let mut last = None;
    for c in unselected.nfkc().flat_map(char::to_uppercase).nfkc() {
        let c = match fold_one(c) {
            // A long sound typed as a hyphen, and a hyphen typed as a long sound.
            c if is_hyphen(c) && last.is_some_and(is_katakana) => 'ー',
            c if is_hyphen(c) => '-',
            c => c,
        };
        // Voiced marks that stand apart join their kana in the end, and do not part it from its long sound.
        if !is_gap(c) && !matches!(c, '\u{3099}' | '\u{309A}') {
            last = Some(c);
        }
        folded.push(c);
    }
    folded
}

/// Takes the spaces and middle dots out of a folded text.
pub(crate) fn squash(folded: &str) -> String {
    // A mark that stood behind a space now follows a letter, hence the composition.
    folded.chars().filter(|c| !is_gap(*c)).nfc().collect()
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '・')
}

fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// One character in its form for searching.
fn fold_one(c: char) -> char {
    let c = match c {
        // Katakana stand 0x60 above hiragana.
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        c if c.is_whitespace() => ' ',
        c => c,
    };
    match c {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        c => VARIANTS
            .iter()
            .find(|(variant, _)| *variant == c)
            .map_or(c, |(_, plain)| *plain),
    }
}

fn is_katakana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー')
}

#[cfg(test)]
mod tests {
    use super::{VARIANTS, search_key};

    #[track_caller]
    fn check(text: &str, key: &str) {
        assert_eq!(search_key(text), key);
    }

    #[test]
    fn what_people_confuse_has_one_key() {
        check("髙橋　はしごだか", "高橋ハシゴダカ");
        check("﨑山商店", "崎山商店");
        check("𠮷野", "吉野");
        check("塚\u{FA19}葛\u{E0100}", "塚神葛");
        check("ｷｬﾉﾝ", "キヤノン");
        check("きやのん", "キヤノン");
        check("サ－ビス", "サービス");
        check("ａbc－Ｄ・1ー2", "ABC-D1-2");
        check("か゛く", "ガク");
        check("緑ヶ丘", "緑ケ丘");
        check("㈱甲", "(株)甲");
    }

    #[test]
    fn the_table_leads_to_the_plain_form_in_one_step() {
        for (at, (variant, plain)) in VARIANTS.iter().enumerate() {
            assert_ne!(variant, plain);
            assert!(
                !VARIANTS.iter().any(|(other, _)| other == plain),
                "{plain} is itself a variant"
            );
            assert!(
                !VARIANTS
                    .iter()
                    .skip(at + 1)
                    .any(|(other, _)| other == variant),
                "{variant} twice"
            );
        }
    }
}
