//! What 日本郵便 writes into the column of the town, and the town in it.

/// The towns in the column. Usually one; an empty text means the rest of the municipality.
pub(crate) fn towns(city: &str, column: &str) -> Vec<String> {
    let (outside, brackets) = unbracketed(column);
    // The same sign is U+2212 in the UTF-8 file and U+FF0D in the Shift_JIS file as browsers decode it.
    let town = without_lots(&outside).replace('\u{2212}', "\u{FF0D}");
    // 「以下に掲載がない場合」, and 「琴平町の次に1〜426番地がくる場合」: the address goes on without a town.
    if town == "以下に掲載がない場合" || (town.contains("の次に") && town.ends_with("がくる場合"))
    {
        return vec![String::new()];
    }
    // 「利島村一円」 is the whole village; 「一円」 alone is a town of 多賀町 in 滋賀県.
    if town
        .strip_suffix("一円")
        .is_some_and(|whole| !whole.is_empty() && city.ends_with(whole))
    {
        return vec![String::new()];
    }
    let floor = brackets
        .iter()
        .find_map(|bracket| floor(bracket))
        .unwrap_or_default();
    // 「井道、奥井道、内井道」 are three towns.
    town.split('、')
        .map(|one| format!("{one}{floor}"))
        .collect()
}

/// The text outside all brackets, and the contents of each outermost pair.
fn unbracketed(column: &str) -> (String, Vec<String>) {
    let mut outside = String::new();
    let mut brackets = Vec::new();
    let mut depth = 0_u32;
    for c in column.chars() {
        match (c, depth) {
            ('（', 0) => {
                brackets.push(String::new());
                depth = 1;
            }
            ('）', 1) => depth = 0,
            (c, 0) => outside.push(c),
            (c, _) => {
                depth = match c {
                    '（' => depth + 1,
                    '）' => depth - 1,
                    _ => depth,
                };
                brackets.last_mut().expect("a bracket is open").push(c);
            }
        }
    }
    (outside, brackets)
}

/// The town before its lots (地割) in 岩手県: 「穴明２２地割、穴明２３地割」 is 穴明.
fn without_lots(town: &str) -> String {
    let Some((before, _)) = town.split_once("地割") else {
        return town.to_owned();
    };
    before
        .trim_end_matches(|c| matches!(c, '０'..='９' | '0'..='9'))
        .trim_end_matches('第')
        .to_owned()
}

/// 「１２階」 as `12階`.
fn floor(bracket: &str) -> Option<String> {
    let number = bracket.strip_suffix('階')?;
    let digits: String = sonae_core::text::width::narrow(number);
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| format!("{digits}階"))
}

#[cfg(test)]
mod tests {
    use super::towns;

    #[track_caller]
    fn check(city: &str, column: &str, expected: &[&str]) {
        assert_eq!(towns(city, column), expected, "{city} {column}");
    }

    #[test]
    fn the_traps_of_the_column() {
        check("千代田区", "以下に掲載がない場合", &[""]);
        check(
            "仲多度郡琴平町",
            "琴平町の次に１〜４２６番地がくる場合（川東）",
            &[""],
        );
        check("北都留郡小菅村", "小菅村の次に番地がくる場合", &[""]);
        check("利島村", "利島村一円", &[""]);
        check("犬上郡多賀町", "一円", &["一円"]);
        check("札幌市中央区", "大通西（１〜１９丁目）", &["大通西"]);
        check(
            "千代田区",
            "霞が関霞が関ビル（１２階）",
            &["霞が関霞が関ビル12階"],
        );
        check(
            "千代田区",
            "霞が関霞が関ビル（地階・階層不明）",
            &["霞が関霞が関ビル"],
        );
        check("新宿区", "甲ビル（高層棟）（２０階）", &["甲ビル20階"]);
        check("和賀郡西和賀町", "穴明２２地割、穴明２３地割", &["穴明"]);
        check(
            "和賀郡西和賀町",
            "杉名畑４４地割（湯田ダム管理事務所、後口山、当楽）",
            &["杉名畑"],
        );
        check(
            "九戸郡洋野町",
            "種市第１５地割〜第２１地割（鹿糠、小路合（上））",
            &["種市"],
        );
        check(
            "某市",
            "井道、奥井道、内井道",
            &["井道", "奥井道", "内井道"],
        );
        check(
            "北杜市",
            "大泉町西井出８２４０\u{2212}１（清泉寮）",
            &["大泉町西井出８２４０－１"],
        );
        check("厚岸郡厚岸町", "太田１の通り", &["太田１の通り"]);
    }
}
