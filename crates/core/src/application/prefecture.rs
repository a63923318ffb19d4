//! The 47 prefectures by their codes (JIS X 0401).

/// Names in the order of their codes; the first is `01`.
pub const NAMES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// The name of a two-digit code; none for anything but `01` to `47`.
pub fn name(code: &str) -> Option<&'static str> {
    if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: usize = code.parse().ok()?;
    NAMES.get(number.checked_sub(1)?).copied()
}

/// The code of a prefecture typed as a code (`13`, `1`) or as its name (`東京都`, `東京`).
pub fn code(typed: &str) -> Option<String> {
    if let Ok(number) = typed.parse::<usize>() {
        let short = typed.len() <= 2 && (1..=NAMES.len()).contains(&number);
        return short.then(|| format!("{number:02}"));
    }
    let index = NAMES.iter().position(|name| {
        let short = name.strip_suffix(['都', '府', '県']).unwrap_or(name);
        *name == typed || (short == typed && *name != "北海道")
    })?;
    Some(format!("{:02}", index + 1))
}

/// Codes and names in order, for a list to choose from.
pub fn all() -> impl Iterator<Item = (String, &'static str)> {
    NAMES
        .iter()
        .enumerate()
        .map(|(index, name)| (format!("{:02}", index + 1), *name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_belong_together() {
        assert_eq!(name("01"), Some("北海道"));
        assert_eq!(name("13"), Some("東京都"));
        assert_eq!(name("47"), Some("沖縄県"));
        for wrong in ["00", "48", "1", "013", "+1", "１３", ""] {
            assert_eq!(name(wrong), None, "{wrong}");
        }
        for (typed, expected) in [
            ("13", Some("13")),
            ("1", Some("01")),
            ("東京都", Some("13")),
            ("東京", Some("13")),
            ("京都", Some("26")),
            ("北海道", Some("01")),
            ("48", None),
            ("江戸", None),
            ("", None),
        ] {
            assert_eq!(code(typed).as_deref(), expected, "{typed}");
        }
    }
}
