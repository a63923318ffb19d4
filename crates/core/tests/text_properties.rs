//! What holds for every text that anybody could type: no panic, a known alphabet, and nothing changes when
//! what came out is typed in again.

use proptest::prelude::*;
use sonae_core::text::{
    Mistake, address, company_name, corporate_number, email, kana, number, person_name, phone,
    postcode, search_key,
};

/// Any text, and texts of the characters that make trouble.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9０-９ー－‐+() 〒Tt]{0,16}",
        "[ァ-ヶｦ-ﾟぁ-ゞ゛゜\u{3099}\u{309A} 　ー-]{0,12}",
        "[a-zａ-ｚ0-9.@＠。ー日本 \n\u{200B}-]{0,20}",
        "[0-9０-９一二〇十百千万億兆,，、.円人]{0,12}",
        "[株式会社有限()（）㈱㍿ｶﾞA-CＡ 　,.INCLTDカユド・]{0,16}",
        "[髙﨑𠮷塚神\u{FA19}\u{FE00}\u{E0100}\u{202E}か\u{3099}E\u{301}]{0,8}",
        "[三二十丁目番地号のノ0-9０-９ー-]{0,14}",
    ]
}

/// A refusal always has a sentence in Japanese that ends like one or with an example.
fn is_helpful(mistake: &Mistake) -> bool {
    let japanese = mistake.sentence.contains(['を', 'に', 'が', 'は']);
    japanese
        && mistake.sentence.contains('。')
        && !mistake.code.is_empty()
        && !mistake.sentence.contains('\n')
}

/// Checks one way of normalising on one text; `alphabet` is what a stored character may be.
fn check(
    typed: &str,
    normalise: impl Fn(&str) -> Result<String, Mistake>,
    alphabet: impl Fn(char) -> bool,
) -> Result<(), TestCaseError> {
    match normalise(typed) {
        Err(mistake) => prop_assert!(is_helpful(&mistake), "{mistake:?}"),
        Ok(once) => {
            prop_assert!(!once.is_empty());
            prop_assert!(once.chars().all(&alphabet), "{once:?}");
            prop_assert_eq!(normalise(&once), Ok(once));
        }
    }
    Ok(())
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_printable(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn numbers_with_groups(typed in typed()) {
        check(&typed, postcode::normalise, is_digit)?;
        check(&typed, corporate_number::normalise, is_digit)?;
        check(&typed, |text| phone::normalise(text).map(|phone| phone.digits), is_digit)?;
        check(&typed, |text| phone::normalise(text).map(|phone| phone.display), |c| is_digit(c) || c == '-')?;
    }

    #[test]
    fn texts(typed in typed()) {
        check(&typed, kana::normalise, |c| matches!(c, 'ァ'..='ヾ' | 'ㇰ'..='ㇿ' | ' '))?;
        check(&typed, company_name::normalise, is_printable)?;
        check(&typed, person_name::normalise, is_printable)?;
        check(&typed, address::normalise, is_printable)?;
        check(&typed, email::normalise, |c| c.is_ascii_graphic())?;
    }

    #[test]
    fn keys(typed in typed()) {
        for key in [search_key::search_key, company_name::key, address::key] {
            let once = key(&typed);
            prop_assert!(!once.contains([' ', '　']));
            prop_assert_eq!(key(&once), once);
        }
    }

    #[test]
    fn amounts(typed in typed()) {
        match number::yen(&typed) {
            Ok(yen) => prop_assert!((0..=number::YEN_LIMIT).contains(&yen)),
            Err(mistake) => prop_assert!(is_helpful(&mistake), "{mistake:?}"),
        }
        match number::people(&typed) {
            Ok(people) => prop_assert!(people <= number::PEOPLE_LIMIT),
            Err(mistake) => prop_assert!(is_helpful(&mistake), "{mistake:?}"),
        }
    }

    #[test]
    fn an_amount_is_read_back_from_what_is_shown(yen in 0..=number::YEN_LIMIT) {
        prop_assert_eq!(number::yen(&number::yen_text(yen)), Ok(yen));
    }
}
