//! Fiscal years as people write them.

use crate::text::Mistake;
use crate::text::width::narrow;

/// The fiscal year of 「2023」, 「2023年度」, 「令和5年度」, 「R5」, 「令5」 or 「平成31」. An era may run on after its end: 平成31年度 is 2019.
///
/// # Errors
/// `not_a_number`.
pub fn fiscal_year(typed: &str) -> Result<i64, Mistake> {
    let text = narrow(typed);
    let text = text.trim();
    let text = text.strip_suffix('度').unwrap_or(text);
    let text = text.strip_suffix('年').unwrap_or(text);
    let eras = [
        ("令和", 2018),
        ("令", 2018),
        ("R", 2018),
        ("r", 2018),
        ("平成", 1988),
        ("平", 1988),
        ("H", 1988),
        ("h", 1988),
    ];
    let (before, rest) = eras
        .iter()
        .find_map(|(era, before)| Some((*before, text.strip_prefix(era)?)))
        .unwrap_or((0, text));
    let rest = rest.trim().trim_start_matches('.');
    let number = match rest {
        "元" if before > 0 => Some(1),
        _ if rest.len() <= 9 && rest.bytes().all(|byte| byte.is_ascii_digit()) => rest.parse().ok(),
        _ => None,
    };
    number
        .map(|number: i64| number + before)
        .ok_or_else(|| Mistake {
            code: "not_a_number",
            sentence: "年度は2023、令和5年度のように入力してください。".into(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fiscal_years_are_read_in_either_count() {
        for (typed, expected) in [
            ("2023", Some(2023)),
            ("２０２３年度", Some(2023)),
            ("2023年", Some(2023)),
            ("令和5年度", Some(2023)),
            ("令和５", Some(2023)),
            ("R5", Some(2023)),
            ("Ｒ５年度", Some(2023)),
            ("r.5", Some(2023)),
            ("令5", Some(2023)),
            ("令和元年度", Some(2019)),
            ("平成31年度", Some(2019)),
            ("H30", Some(2018)),
            ("元年度", None),
            ("", None),
            ("R", None),
            ("五", None),
            ("2023-04-01", None),
        ] {
            assert_eq!(fiscal_year(typed).ok(), expected, "{typed}");
        }
    }
}
