//! Which column of a list holds what, by its title.

use serde::{Deserialize, Serialize};

use super::{Column, Reading, Row};
use crate::text::search_key::search_key;

/// The titles stand within so many rows; above them a list may have a heading of its own.
pub const HEADER_WITHIN: usize = 10;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Name,
    NameKana,
    CorporateNumber,
    Postcode,
    Prefecture,
    Address,
    /// The rest of the address.
    Address2,
    Phone,
    Kind,
    Year,
}

/// Titles as offices write them; compared by [`search_key`], so that width, spaces and kana do not matter.
const TITLES: &[(Field, &[&str])] = &[
    (
        Field::Name,
        &[
            "会社名",
            "企業名",
            "法人名",
            "事業者名",
            "名称",
            "社名",
            "商号",
            "会社名・屋号",
            "企業名(屋号)",
            "商号又は名称",
            "商号または名称",
            "参加企業名",
            "参加企業",
            "企業・団体名",
        ],
    ),
    (
        Field::NameKana,
        &[
            "フリガナ",
            "カナ",
            "会社名カナ",
            "会社名フリガナ",
            "会社名(カナ)",
            "会社名(フリガナ)",
            "企業名カナ",
            "企業名フリガナ",
            "企業名(カナ)",
            "企業名(フリガナ)",
            "法人名カナ",
            "法人名フリガナ",
            "名称カナ",
            "名称フリガナ",
            "会社名のフリガナ",
            "読み",
            "よみがな",
        ],
    ),
    (
        Field::CorporateNumber,
        &["法人番号", "法人番号(13桁)", "法人No", "法人No."],
    ),
    (Field::Postcode, &["郵便番号", "〒"]),
    (Field::Prefecture, &["都道府県", "都道府県名"]),
    (
        Field::Address,
        &[
            "住所",
            "所在地",
            "住所1",
            "所在地1",
            "本社住所",
            "本社所在地",
            "会社住所",
            "主たる事業所の所在地",
            "事業所所在地",
            "市区町村・番地",
            "市区町村以降",
        ],
    ),
    (
        Field::Address2,
        &[
            "住所2",
            "所在地2",
            "建物名",
            "ビル名",
            "建物名・階",
            "番地・建物名",
        ],
    ),
    (
        Field::Phone,
        &[
            "電話番号",
            "電話",
            "TEL",
            "連絡先電話番号",
            "代表電話",
            "代表電話番号",
            "担当者電話番号",
            "担当者の電話番号",
        ],
    ),
    (
        Field::Kind,
        &[
            "支援の種類",
            "支援種類",
            "種類",
            "支援内容",
            "支援の内容",
            "コース",
            "支援コース",
            "コース名",
            "参加コース",
            "支援",
        ],
    ),
    (
        Field::Year,
        &[
            "年度",
            "実施年度",
            "支援年度",
            "参加年度",
            "支援を受けた年度",
        ],
    ),
];

impl Field {
    /// The title we write ourselves.
    pub fn title(self) -> &'static str {
        let titles = TITLES.iter().find(|(field, _)| *field == self);
        titles.map_or("", |(_, titles)| titles[0])
    }

    pub(super) fn is_missing(self) -> String {
        let hint = match self {
            Field::Kind | Field::Year => "列を加えるか、取り込みの画面で選んでください。",
            _ => "列を加えてください。",
        };
        format!("「{}」の列がありません。{hint}", self.title())
    }
}

/// Finds the row of titles and fills in the columns; none, with an error, when there is no such row.
pub(super) fn find(rows: &[Row<'_>], reading: &mut Reading) -> Option<usize> {
    let start = rows.iter().take(HEADER_WITHIN).position(|(_, cells)| {
        let mut fields = cells.iter().filter_map(|cell| field(cell));
        fields.any(|field| field == Field::Name)
    });
    let Some(start) = start else {
        let row = rows.first().map_or(1, |(number, _)| *number);
        reading.add(
            row,
            0,
            true,
            format!("見出しの行が見つかりません。はじめの{HEADER_WITHIN}行のどこかに、「会社名」「法人番号」などの見出しを1行で書いてください。ひな形もお使いいただけます。"),
        );
        return None;
    };
    let (number, titles) = rows[start];
    for (index, title) in titles.iter().enumerate() {
        let Some(field) = field(title) else {
            if !title.trim().is_empty() {
                reading.ignored.push(title.trim().to_owned());
            }
            continue;
        };
        if let Some(first) = reading.columns.iter().find(|column| column.field == field) {
            let sentence = format!(
                "「{}」と「{}」は同じ内容の見出しです。どちらか一つにしてください。",
                first.title,
                title.trim()
            );
            reading.add(number, index, true, sentence);
            continue;
        }
        reading.columns.push(Column {
            index,
            title: title.trim().to_owned(),
            field,
        });
    }
    Some(start)
}

fn field(title: &str) -> Option<Field> {
    let key = |text: &str| search_key(text).replace(['*', '※', '\n', '\r'], "");
    let wanted = key(title);
    let found = TITLES
        .iter()
        .find(|(_, titles)| titles.iter().any(|title| key(title) == wanted));
    found.map(|(field, _)| *field)
}
