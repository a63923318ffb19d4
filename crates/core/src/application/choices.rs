//! The closed lists of answers, each with its value in the interface and its Japanese label.

use super::answers::{EntityKind, Industry};
use crate::program::program::SupportKind;

/// One entry of a closed list.
#[derive(Clone, Copy, Debug)]
pub struct Choice<T: 'static> {
    pub choice: T,
    /// The value in JSON and in the form.
    pub value: &'static str,
    pub label: &'static str,
    /// Which cases belong here; may be empty.
    pub hint: &'static str,
}

pub const ENTITY_KINDS: &[Choice<EntityKind>] = &[
    Choice {
        choice: EntityKind::Corporation,
        value: "corporation",
        label: "会社",
        hint: "株式会社、有限会社、合同会社、合名会社、合資会社など",
    },
    Choice {
        choice: EntityKind::SoleProprietor,
        value: "sole_proprietor",
        label: "個人事業主",
        hint: "法人をつくらずに事業を営む方",
    },
    Choice {
        choice: EntityKind::Other,
        value: "other",
        label: "その他の法人・団体",
        hint: "医療法人、社会福祉法人、NPO法人、一般社団法人、組合など",
    },
];

/// The groups of 中小企業基本法第2条第1項; the hints follow 日本標準産業分類 as 中小企業庁 assigns it.
pub const INDUSTRIES: &[Choice<Industry>] = &[
    Choice {
        choice: Industry::ManufacturingOther,
        value: "manufacturing_other",
        label: "製造業、建設業、運輸業、その他の業種",
        hint: "ほかの3つのどれにも当たらない業種はすべてここです(不動産業、金融業、電気通信業、新聞・出版業、旅行業なども含みます)。",
    },
    Choice {
        choice: Industry::Wholesale,
        value: "wholesale",
        label: "卸売業",
        hint: "日本標準産業分類の大分類I「卸売業、小売業」のうち、中分類50から55です。",
    },
    Choice {
        choice: Industry::Service,
        value: "service",
        label: "サービス業",
        hint: "情報サービス業(ソフトウェア業を含みます)、放送業、映像・音声・広告の制作業、駐車場業、物品賃貸業、学術研究・専門・技術サービス業、宿泊業、生活関連サービス業・娯楽業(旅行業を除きます)、教育・学習支援業、医療・福祉、複合サービス事業、その他のサービス業です。日本標準産業分類のG38・G39・411・412・415・416、K693・70、L、M75、N(791を除く)、O、P、Q、Rに当たります。",
    },
    Choice {
        choice: Industry::Retail,
        value: "retail",
        label: "小売業",
        hint: "日本標準産業分類の大分類Iのうち中分類56から61と、飲食店(M76)、持ち帰り・配達飲食サービス業(M77)です。",
    },
];

pub const SUPPORT_KINDS: &[Choice<SupportKind>] = &[
    kind(SupportKind::Utm, "utm", "UTM機器設置"),
    kind(SupportKind::Edr, "edr", "EDR導入"),
    kind(
        SupportKind::Guidance,
        "guidance",
        "情報セキュリティマネジメント指導",
    ),
    kind(SupportKind::Csirt, "csirt", "CSIRT構築"),
    kind(SupportKind::ItBcp, "it_bcp", "IT-BCP策定"),
    kind(
        SupportKind::InhouseStructure,
        "inhouse_structure",
        "社内体制整備",
    ),
    kind(
        SupportKind::SpecialSupport,
        "special_support",
        "サイバーセキュリティ特別支援事業",
    ),
];

const fn kind(
    choice: SupportKind,
    value: &'static str,
    label: &'static str,
) -> Choice<SupportKind> {
    Choice {
        choice,
        value,
        label,
        hint: "",
    }
}

/// The entry of a choice.
pub fn of<T: PartialEq + Copy>(list: &'static [Choice<T>], choice: T) -> &'static Choice<T> {
    list.iter()
        .find(|entry| entry.choice == choice)
        .expect("each list holds every variant; the test below counts them")
}

/// The entry of a value as the interface writes it.
pub fn by_value<T>(list: &'static [Choice<T>], value: &str) -> Option<&'static Choice<T>> {
    list.iter().find(|entry| entry.value == value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    fn check<T: Serialize + PartialEq + Copy + schemars::JsonSchema>(list: &'static [Choice<T>]) {
        let schema = serde_json::to_string(&schemars::schema_for!(T)).expect("schema");
        for entry in list {
            let value = serde_json::to_value(entry.choice).expect("value");
            assert_eq!(value, entry.value);
            assert_eq!(of(list, entry.choice).value, entry.value);
            assert!(schema.contains(&format!("\"{}\"", entry.value)));
        }
    }

    #[test]
    fn values_are_those_of_the_interface() {
        check(ENTITY_KINDS);
        check(INDUSTRIES);
        check(SUPPORT_KINDS);
        assert_eq!(
            (ENTITY_KINDS.len(), INDUSTRIES.len(), SUPPORT_KINDS.len()),
            (3, 4, 7)
        );
    }
}
