//! Names of companies and other bodies.

use super::line::line;
use super::mistake::Mistake;
use super::search_key::{fold, search_key, squash};

/// The most characters a name may have: the width of the name in the tax agency's list of 法人番号.
pub const LIMIT: usize = 150;

/// 法人格 in the form of [`search_key`]; the longest that fits is taken off.
const LEGAL_FORMS: &[&str] = &[
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "相互会社",
    "特例有限会社",
    "一般社団法人",
    "一般財団法人",
    "公益社団法人",
    "公益財団法人",
    "社団法人",
    "財団法人",
    "特定非営利活動法人",
    "NPO法人",
    "認定NPO法人",
    "医療法人社団",
    "医療法人財団",
    "医療法人",
    "社会医療法人",
    "特定医療法人",
    "認定特定非営利活動法人",
    "社会福祉法人",
    "学校法人",
    "宗教法人",
    "農事組合法人",
    "管理組合法人",
    "企業組合",
    "弁護士法人",
    "税理士法人",
    "監査法人",
    "司法書士法人",
    "行政書士法人",
    "社会保険労務士法人",
    "弁理士法人",
    "(株)",
    "(有)",
    "(同)",
    "(資)",
    "(名)",
    "(一社)",
    "(一財)",
    "(公社)",
    "(公財)",
    "(社)",
    "(財)",
    "(特非)",
    "(医)",
    "(福)",
    "(学)",
    "(宗)",
    "(農)",
    "(企)",
    "カブシキガイシヤ",
    "カブシキカイシヤ",
    "ユウゲンガイシヤ",
    "ユウゲンカイシヤ",
    "ゴウドウガイシヤ",
    "ゴウドウカイシヤ",
    "ゴウシガイシヤ",
    "ゴウシカイシヤ",
    "ゴウメイガイシヤ",
    "ゴウメイカイシヤ",
    "(カブ)",
    "(カ)",
    "(ユ)",
    "(ド)",
];

/// The same as banks write it: before the name closed by a bracket, behind it opened by one, so that
/// サンプル(アメリカ) keeps its name.
const BANK_PREFIXES: &[&str] = &["カ)", "ユ)", "ド)"];
const BANK_SUFFIXES: &[&str] = &["(カ", "(ユ", "(ド"];

/// The same in Latin letters; they only count behind a space or a comma, so that ZINC keeps its name.
const LATIN_FORMS: &[&str] = &[
    "CO.,LTD.",
    "CO., LTD.",
    "CO.,LTD",
    "CO.LTD.",
    "CO. LTD.",
    "CO LTD",
    "LTD.",
    "LTD",
    "INC.",
    "INC",
    "K.K.",
    "KK",
    "LLC",
    "L.L.C.",
    "CORP.",
    "CORPORATION",
];

/// A name as typed (see [`super::line::compose`]); width and 法人格 stay.
///
/// # Errors
/// Those of [`line`].
pub fn normalise(typed: &str) -> Result<String, Mistake> {
    line(typed, "名称", LIMIT)
}

/// A key without 法人格, under which 株式会社サンプル, （株）サンプル and ｻﾝﾌﾟﾙ㈱ are the same. It finds
/// likely duplicates and earlier participants; equal keys prove nothing. A name that is nothing but a
/// legal form keeps it. Idempotent.
pub fn key(name: &str) -> String {
    let mut key = fold(name);
    loop {
        let shorter = squash(without_japanese_form(&squash(without_latin_form(&key))));
        if shorter == key {
            return search_key(&key);
        }
        key = shorter;
    }
}

fn without_latin_form(folded: &str) -> &str {
    let trimmed = folded.trim();
    LATIN_FORMS
        .iter()
        .filter_map(|form| trimmed.strip_suffix(form))
        .filter(|rest| rest.ends_with([' ', ',', '、']))
        .map(|rest| rest.trim_end_matches([' ', ',', '、']))
        .filter(|rest| !rest.is_empty())
        .min_by_key(|rest| rest.len())
        .unwrap_or(trimmed)
}

fn without_japanese_form(squashed: &str) -> &str {
    let prefixes = LEGAL_FORMS.iter().chain(BANK_PREFIXES);
    let suffixes = LEGAL_FORMS.iter().chain(BANK_SUFFIXES);
    prefixes
        .filter_map(|form| squashed.strip_prefix(form))
        .chain(suffixes.filter_map(|form| squashed.strip_suffix(form)))
        .filter(|rest| !rest.is_empty())
        .min_by_key(|rest| rest.len())
        .unwrap_or(squashed)
}

#[cfg(test)]
mod tests {
    use super::{LEGAL_FORMS, key, normalise, search_key};

    #[test]
    fn every_way_to_write_the_legal_form_gives_one_key() {
        for name in [
            "株式会社サンプル",
            "サンプル株式会社",
            "（株）サンプル",
            "㈱サンプル",
            "㍿サンプル",
            "ｻﾝﾌﾟﾙ(株)",
            "ｶﾌﾞｼｷｶﾞｲｼｬ ｻﾝﾌﾟﾙ",
            "カブシキガイシャサンプル",
            "株式會社サンプル",
            "株式 会社 サンプル",
            "カ）サンプル",
            "さんぷる　有限会社",
            "一般社団法人サンプル",
            "サンプル特例有限会社",
            "サンプル, Inc.",
            "サンプル Co., Ltd.",
        ] {
            assert_eq!(key(name), "サンプル", "{name}");
        }
    }

    #[test]
    fn a_name_keeps_what_is_part_of_it() {
        assert_eq!(key("株式会社"), "株式会社");
        assert_eq!(key("Zinc株式会社"), "ZINC");
        assert_eq!(key("サンプル（アメリカ）"), "サンプル(アメリカ)");
        assert_eq!(key("サンプル（カ"), "サンプル");
        assert_eq!(key("甲株式会社乙"), "甲株式会社乙");
        assert_eq!(key("株式会社髙田"), key("㈱高田"));
        assert_eq!(
            normalise(" 株式会社　髙田 ").as_deref(),
            Ok("株式会社　髙田")
        );
    }

    #[test]
    fn the_table_is_in_the_form_it_is_compared_with() {
        for form in LEGAL_FORMS {
            assert_eq!(search_key(form), *form);
        }
    }
}
