//! A guard over wordings: SECURITY ACTION is a declaration of the company's own, not a certificate.
//!
//! The office of SECURITY ACTION forbids to write that one was certified (認定) or obtained it (取得) [Tokyo's handbook 2024].

use super::source::Fault;

/// Words that make a certificate of a declaration.
const CERTIFIES: [&str; 6] = ["認定", "取得", "認証", "合格", "授与", "お墨付き"];
/// Words under which they may stand: the sentence says that it is none.
const DENIES: [&str; 8] = [
    "ではありません",
    "ではない",
    "ではなく",
    "書かない",
    "書きません",
    "使わない",
    "使いません",
    "表さ",
];
/// What is meant.
const NAMES: [&str; 6] = [
    "SECURITY ACTION",
    "セキュリティアクション",
    "セキュリティ・アクション",
    "一つ星",
    "二つ星",
    "自己宣言",
];

/// A sentence that makes a certificate of SECURITY ACTION.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Counted from 1.
    pub line: usize,
    pub sentence: String,
    /// The word that must not stand there.
    pub word: &'static str,
}

/// Every sentence of a text (paper, mail, page) that speaks of SECURITY ACTION as of a certificate.
///
/// A sentence is what stands between 。 and line ends. One that says what SECURITY ACTION is not, or asks, may name the
/// words.
pub fn wrong(text: &str) -> Vec<Wrong> {
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for sentence in line.split_inclusive('。') {
            let plain = crate::text::width::narrow(sentence).to_uppercase();
            let plain: String = plain.split_whitespace().collect::<Vec<_>>().join(" ");
            let names = NAMES.iter().any(|name| plain.contains(name));
            let denies = DENIES.iter().any(|word| plain.contains(word));
            let asks = sentence.trim_end().ends_with("か。");
            if !names || denies || asks {
                continue;
            }
            if let Some(word) = CERTIFIES.iter().find(|word| plain.contains(**word)) {
                found.push(Wrong {
                    line: index + 1,
                    sentence: sentence.trim().to_owned(),
                    word,
                });
            }
        }
    }
    found
}

/// The same as faults of a paper's text.
pub(super) fn faults(text: &str) -> Vec<Fault> {
    let fault = |wrong: Wrong| {
        let what = format!("SECURITY ACTION について「{}」と書いています。", wrong.word);
        Fault::new(
            wrong.line,
            what,
            "自己宣言ですから、「宣言した」と書いてください。",
        )
    };
    wrong(text).into_iter().map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let words: Vec<&str> = wrong(text).iter().map(|wrong| wrong.word).collect();
        assert_eq!(words, expected, "{text}");
    }

    #[test]
    fn a_declaration_is_no_certificate() {
        check("当社は SECURITY ACTION の二つ星を宣言しています。", &[]);
        check("SECURITY ACTION 二つ星を取得しました。", &["取得"]);
        check(
            "ＳＥＣＵＲＩＴＹ　ＡＣＴＩＯＮに認定されています。",
            &["認定"],
        );
        check("一つ星の認定を受けた会社", &["認定"]);
        check("SECURITY ACTION は認定や認証ではありません。", &[]);
        check("自己宣言であり、認証ではなく、取得とも書きません。", &[]);
        check("ISMS 認証を取得した。SECURITY ACTION を宣言した。", &[]);
        check("二つ星は認定の制度ですか。", &[]);
        check("個人情報を取得するときは目的を示す。", &[]);
    }
}
