//! Kinds of support in the words of lists.

use crate::application::choices::{self, SUPPORT_KINDS};
use crate::program::program::SupportKind;
use crate::text::search_key;

/// Words for each kind in the form of [`search_key`]. What a course is called comes before what a programme is called: a list of
/// 「社内体制整備事業 CSIRT構築」 is about CSIRT.
const COURSES: &[(&str, SupportKind)] = &[
    ("UTM", SupportKind::Utm),
    ("EDR", SupportKind::Edr),
    ("マネジメント指導", SupportKind::Guidance),
    ("マネジメントコース", SupportKind::Guidance),
    ("GUIDANCE", SupportKind::Guidance),
    ("CSIRT", SupportKind::Csirt),
    ("シーサート", SupportKind::Csirt),
    ("IT-BCP", SupportKind::ItBcp),
    ("ITBCP", SupportKind::ItBcp),
    ("IT_BCP", SupportKind::ItBcp),
];
const PROGRAMMES: &[(&str, SupportKind)] = &[
    ("体制整備", SupportKind::InhouseStructure),
    ("INHOUSE_STRUCTURE", SupportKind::InhouseStructure),
    ("特別支援", SupportKind::SpecialSupport),
    ("SPECIAL_SUPPORT", SupportKind::SpecialSupport),
];

/// What is between several kinds in one cell.
const SEPARATORS: [char; 12] = [
    '、', ',', '，', '/', '／', '+', '＋', '&', '＆', '\n', ';', '；',
];

/// The kinds a cell names, each once; none when a part of it names no kind or one that cannot be told.
pub fn kinds(typed: &str) -> Option<Vec<SupportKind>> {
    let mut found = Vec::new();
    for part in typed
        .split(SEPARATORS)
        .filter(|part| !part.trim().is_empty())
    {
        let key = search_key::search_key(part);
        let by_label = SUPPORT_KINDS
            .iter()
            .find(|choice| search_key::search_key(choice.label) == key);
        let mut named: Vec<SupportKind> =
            by_label.map(|choice| choice.choice).into_iter().collect();
        for words in [COURSES, PROGRAMMES] {
            if named.is_empty() {
                let in_part = words
                    .iter()
                    .filter(|(word, _)| key.contains(&*search_key::search_key(word)));
                named = in_part.map(|(_, kind)| *kind).collect();
            }
        }
        if named.is_empty() {
            return None;
        }
        found.extend(named);
    }
    found.sort();
    found.dedup();
    (!found.is_empty()).then_some(found)
}

/// 「UTM機器設置、EDR導入、…」: what may stand in a cell.
pub(super) fn all_labels() -> String {
    let labels: Vec<&str> = (SUPPORT_KINDS.iter())
        .map(|choice| choices::of(SUPPORT_KINDS, choice.choice).label)
        .collect();
    labels.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;
    use SupportKind::*;

    #[test]
    fn kinds_are_found_in_the_words_of_lists() {
        let check = |typed: &str, expected: &[SupportKind]| {
            let found = kinds(typed).unwrap_or_default();
            assert_eq!(found, expected, "{typed}");
        };
        check("UTM", &[Utm]);
        check("ＵＴＭ機器設置コース", &[Utm]);
        check("支援②EDR導入コース", &[Edr]);
        check("情報セキュリティマネジメント指導", &[Guidance]);
        check("マネジメント指導", &[Guidance]);
        check("csirt構築", &[Csirt]);
        check("IT-BCP策定", &[ItBcp]);
        check("ＩＴ－ＢＣＰ", &[ItBcp]);
        check("IT―BCP", &[ItBcp]);
        check("社内体制整備", &[InhouseStructure]);
        check(
            "令和6年度 中小企業サイバーセキュリティ社内体制整備事業",
            &[InhouseStructure],
        );
        check("社内体制整備事業 CSIRT構築コース", &[Csirt]);
        check("特別支援", &[SpecialSupport]);
        check(
            "中小企業サイバーセキュリティ特別支援事業",
            &[SpecialSupport],
        );
        check("UTM、EDR", &[Utm, Edr]);
        check("UTM＋マネジメント指導", &[Utm, Guidance]);
        check("UTM、UTM", &[Utm]);
        check("UTM・EDR", &[Utm, Edr]);
        for choice in SUPPORT_KINDS {
            check(choice.value, &[choice.choice]);
            check(choice.label, &[choice.choice]);
        }
        for nothing in ["", "、", "セミナー", "UTM、セミナー", "指導", "BCP"] {
            check(nothing, &[]);
        }
    }
}
