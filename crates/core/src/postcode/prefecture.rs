//! The 47 prefectures.

/// Code and name of every prefecture, in the order of the codes (JIS X 0401).
pub const PREFECTURES: [(&str, &str); 47] = [
    ("01", "北海道"),
    ("02", "青森県"),
    ("03", "岩手県"),
    ("04", "宮城県"),
    ("05", "秋田県"),
    ("06", "山形県"),
    ("07", "福島県"),
    ("08", "茨城県"),
    ("09", "栃木県"),
    ("10", "群馬県"),
    ("11", "埼玉県"),
    ("12", "千葉県"),
    ("13", "東京都"),
    ("14", "神奈川県"),
    ("15", "新潟県"),
    ("16", "富山県"),
    ("17", "石川県"),
    ("18", "福井県"),
    ("19", "山梨県"),
    ("20", "長野県"),
    ("21", "岐阜県"),
    ("22", "静岡県"),
    ("23", "愛知県"),
    ("24", "三重県"),
    ("25", "滋賀県"),
    ("26", "京都府"),
    ("27", "大阪府"),
    ("28", "兵庫県"),
    ("29", "奈良県"),
    ("30", "和歌山県"),
    ("31", "鳥取県"),
    ("32", "島根県"),
    ("33", "岡山県"),
    ("34", "広島県"),
    ("35", "山口県"),
    ("36", "徳島県"),
    ("37", "香川県"),
    ("38", "愛媛県"),
    ("39", "高知県"),
    ("40", "福岡県"),
    ("41", "佐賀県"),
    ("42", "長崎県"),
    ("43", "熊本県"),
    ("44", "大分県"),
    ("45", "宮崎県"),
    ("46", "鹿児島県"),
    ("47", "沖縄県"),
];

/// The name of a prefecture by its code of two digits.
pub fn prefecture_name(code: &str) -> Option<&'static str> {
    PREFECTURES
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, name)| *name)
}

/// The code of a prefecture by its full name.
pub fn prefecture_code(name: &str) -> Option<&'static str> {
    PREFECTURES
        .iter()
        .find(|(_, known)| *known == name)
        .map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::{PREFECTURES, prefecture_code, prefecture_name};

    #[test]
    fn codes_count_up_and_lead_back() {
        for (at, (code, name)) in PREFECTURES.iter().enumerate() {
            assert_eq!(*code, format!("{:02}", at + 1));
            assert_eq!(prefecture_name(code), Some(*name));
            assert_eq!(prefecture_code(name), Some(*code));
        }
        assert_eq!(prefecture_name("13"), Some("東京都"));
        assert_eq!(prefecture_name("48"), None);
        assert_eq!(prefecture_name("1"), None);
    }
}
