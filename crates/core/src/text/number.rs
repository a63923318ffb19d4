//! Amounts of money and numbers of people.

use super::mistake::{Mistake, shown};
use super::width::narrow;

/// The largest amount taken, in yen: a hundred trillion, far above any capital.
pub const YEN_LIMIT: i64 = 100_000_000_000_000;
/// The largest number of people taken.
pub const PEOPLE_LIMIT: u32 = 9_999_999;

/// Amounts are summed in hundredths, so that 1.5億 and 2.25億 stay exact.
const SCALE: i128 = 100;

/// An amount in yen, such as 「1,000万円」, 「3億円」, 「５０００万」, 「1.5億」, 「10,000千円」 or 「10,000,000」.
///
/// # Errors
/// `empty`, `not_a_number`, `comma`, `decimal`, `order` or `too_large`.
pub fn yen(typed: &str) -> Result<i64, Mistake> {
    let text = compact(typed);
    let text = text.trim_start_matches(['¥', '\\']);
    let text = text
        .strip_suffix("円整")
        .or_else(|| text.strip_suffix('円'))
        .unwrap_or(text);
    let example = "例：1,000万円、10,000,000";
    let value = count(text, "金額", example)?;
    i64::try_from(value)
        .ok()
        .filter(|value| *value <= YEN_LIMIT)
        .ok_or_else(|| Mistake::new("too_large", "金額が大きすぎます。桁を確かめてください。"))
}

/// A number of people, such as 「45」, 「４５人」 or 「1,200名」.
///
/// # Errors
/// `empty`, `not_a_number`, `comma`, `decimal`, `order` or `too_large`.
pub fn people(typed: &str) -> Result<u32, Mistake> {
    let text = compact(typed);
    let text = text.strip_suffix(['人', '名']).unwrap_or(&text);
    let value = count(text, "人数", "例：45、1,200人")?;
    u32::try_from(value)
        .ok()
        .filter(|value| *value <= PEOPLE_LIMIT)
        .ok_or_else(|| Mistake::new("too_large", "人数が大きすぎます。桁を確かめてください。"))
}

/// An amount as a person reads it, such as 「1,000万円」, 「2億5,000万円」 or 「1,234万5,678円」.
pub fn yen_text(yen: i64) -> String {
    let mut rest = yen.unsigned_abs();
    let mut text = String::from(if yen < 0 { "-" } else { "" });
    for (unit, name) in [
        (1_000_000_000_000, "兆"),
        (100_000_000, "億"),
        (10_000, "万"),
    ] {
        if rest >= unit {
            text.push_str(&grouped(rest / unit));
            text.push_str(name);
            rest %= unit;
        }
    }
    if rest > 0 || yen == 0 {
        text.push_str(&grouped(rest));
    }
    text.push('円');
    text
}

/// A number with a comma before every three digits, such as `1,200`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The typed number without spaces, in ASCII digits, commas and points.
fn compact(typed: &str) -> String {
    narrow(typed)
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| match c {
            '、' | '､' => ',',
            '〇' => '0',
            // The nine kanji numerals are not in the order of their code points.
            c => "一二三四五六七八九"
                .chars()
                .zip('1'..='9')
                .find(|(kanji, _)| *kanji == c)
                .map_or(c, |(_, digit)| digit),
        })
        .collect()
}

/// The value of a compact number with the units 十百千 and 万億兆.
fn count(text: &str, noun: &str, example: &str) -> Result<i128, Mistake> {
    if text.is_empty() {
        return Err(Mistake::empty(noun));
    }
    let wrong_order = || {
        Mistake::new(
            "order",
            format!("{noun}の単位の並びが読み取れません。{example}"),
        )
    };
    let mut total = 0;
    let mut last_large = i128::MAX;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['万', '億', '兆']).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        let large = match after.chars().next() {
            Some('万') => 10_000,
            Some('億') => 100_000_000,
            Some('兆') => 1_000_000_000_000,
            _ => 1,
        };
        if large >= last_large || part.is_empty() {
            return Err(wrong_order());
        }
        last_large = large;
        total += below_ten_thousand(part, noun, example)? * large;
        rest = after.get('万'.len_utf8()..).unwrap_or_default();
    }
    if total % SCALE == 0 {
        Ok(total / SCALE)
    } else {
        Err(Mistake::new(
            "decimal",
            format!("{noun}に端数があります。整数で書いてください。{example}"),
        ))
    }
}

/// The value, in hundredths, of the part before one of 万億兆: digits with the units 十百千.
///
/// A unit takes any number before it, because accounts are written in 千円 (10,000千円).
fn below_ten_thousand(part: &str, noun: &str, example: &str) -> Result<i128, Mistake> {
    let mut total = 0;
    let mut rest = part;
    let mut last_unit = i128::MAX;
    while !rest.is_empty() {
        let end = rest.find(['十', '百', '千']).unwrap_or(rest.len());
        let (digits, after) = rest.split_at(end);
        let unit = match after.chars().next() {
            Some('十') => 10,
            Some('百') => 100,
            Some('千') => 1_000,
            _ => 1,
        };
        if unit >= last_unit {
            return Err(Mistake::new(
                "order",
                format!("{noun}の単位の並びが読み取れません。{example}"),
            ));
        }
        last_unit = unit;
        // 千万 without a digit is one thousand times ten thousand.
        total += unit
            * if digits.is_empty() {
                SCALE
            } else {
                hundredths(digits, noun, example)?
            };
        rest = after.get('千'.len_utf8()..).unwrap_or_default();
    }
    Ok(total)
}

/// Plain digits with commas and at most two decimals, in hundredths.
fn hundredths(text: &str, noun: &str, example: &str) -> Result<i128, Mistake> {
    if let Some(c) = text
        .chars()
        .find(|c| !(c.is_ascii_digit() || matches!(c, ',' | '.')))
    {
        return Err(Mistake::new(
            "not_a_number",
            format!(
                "{noun}に読み取れない文字{}があります。数字で書いてください。{example}",
                shown(c)
            ),
        ));
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    // Three decimals would be taken for thousands by half of the readers.
    let has_point = whole.len() < text.len();
    if has_point
        && !(matches!(decimals.len(), 1 | 2) && decimals.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(Mistake::new(
            "decimal",
            format!("{noun}の小数点が読み取れません。{example}"),
        ));
    }
    let digits = without_commas(whole).ok_or_else(|| {
        Mistake::new(
            "comma",
            format!("{noun}のカンマの位置が3桁ごとになっていません。{example}"),
        )
    })?;
    if digits.len() > 18 {
        return Err(Mistake::new(
            "too_large",
            format!("{noun}が大きすぎます。桁を確かめてください。"),
        ));
    }
    let whole: i128 = digits.parse().expect("one to eighteen ASCII digits");
    let hundredths: i128 = format!("{decimals:0<2}").parse().expect("two ASCII digits");
    Ok(whole * SCALE + hundredths)
}

/// The digits, when there are any and the commas stand before every three of them.
fn without_commas(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next().filter(|first| !first.is_empty())?;
    let mut digits = first.to_owned();
    let mut has_comma = false;
    for group in groups {
        if group.len() != 3 {
            return None;
        }
        has_comma = true;
        digits.push_str(group);
    }
    (!has_comma || first.len() <= 3).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::{YEN_LIMIT, people, yen, yen_text};

    #[track_caller]
    fn check_yen(typed: &str, expected: Result<i64, &str>) {
        assert_eq!(
            yen(typed).map_err(|mistake| mistake.code),
            expected,
            "{typed}"
        );
    }

    #[test]
    fn amounts_are_read_however_they_are_typed() {
        for typed in [
            "1,000万円",
            "１，０００万円",
            "10,000,000",
            "10000000円",
            "¥10,000,000",
            "￥１０００００００",
            "1千万円",
            "千万",
            "一千万円",
            "一〇〇〇万円",
            "10,000千円",
            "10百万円",
            "0.1億円",
            " 1000 万 円 ",
        ] {
            check_yen(typed, Ok(10_000_000));
        }
        check_yen("3億円", Ok(300_000_000));
        check_yen("５０００万", Ok(50_000_000));
        check_yen("2億5千万円", Ok(250_000_000));
        check_yen("2.25億", Ok(225_000_000));
        check_yen("1兆2億3万4円", Ok(1_000_200_030_004));
        check_yen("三百二十一円", Ok(321));
        check_yen("0", Ok(0));
        check_yen("100兆", Ok(YEN_LIMIT));
    }

    #[test]
    fn amounts_that_could_be_read_in_two_ways_are_refused() {
        check_yen("", Err("empty"));
        check_yen("円", Err("empty"));
        check_yen("約1000万", Err("not_a_number"));
        check_yen("-1000", Err("not_a_number"));
        check_yen("1,00万", Err("comma"));
        check_yen("1,0000,0000", Err("comma"));
        check_yen("1000,000", Err("comma"));
        check_yen(",000", Err("comma"));
        check_yen("1.000万円", Err("decimal"));
        check_yen("10.5円", Err("decimal"));
        check_yen("1.", Err("decimal"));
        check_yen("1.,5億", Err("decimal"));
        check_yen("万", Err("order"));
        check_yen("3万2億", Err("order"));
        check_yen("3万万", Err("order"));
        check_yen("1百2千", Err("order"));
        check_yen("101兆", Err("too_large"));
        check_yen("999999999999999999兆", Err("too_large"));
        check_yen(&"9".repeat(50), Err("too_large"));
    }

    #[test]
    fn amounts_are_shown_as_people_read_them() {
        for (amount, text) in [
            (0, "0円"),
            (1_200, "1,200円"),
            (10_000_000, "1,000万円"),
            (300_000_000, "3億円"),
            (12_345_678, "1,234万5,678円"),
            (250_000_000, "2億5,000万円"),
            (1_000_000_000_001, "1兆1円"),
            (-5_000_000, "-500万円"),
        ] {
            assert_eq!(yen_text(amount), text);
        }
        assert!(yen_text(i64::MIN).starts_with("-9,223,372兆"));
    }

    #[test]
    fn people_are_counted() {
        for (typed, expected) in [
            ("45", Ok(45)),
            ("４５人", Ok(45)),
            ("1,200名", Ok(1_200)),
            ("0", Ok(0)),
            ("3百人", Ok(300)),
            ("", Err("empty")),
            ("約50名", Err("not_a_number")),
            ("10～20", Err("not_a_number")),
            ("45.5人", Err("decimal")),
            ("10000000", Err("too_large")),
        ] {
            assert_eq!(
                people(typed).map_err(|mistake| mistake.code),
                expected,
                "{typed}"
            );
        }
    }
}
