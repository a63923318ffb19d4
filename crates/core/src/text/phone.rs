//! Telephone numbers of Japan.

use super::mistake::{Mistake, shown};
use super::width::{is_hyphen, narrow};

/// A number that can be dialled inside Japan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// 10 or 11 digits beginning with 0: the form that is stored and compared.
    pub digits: String,
    /// The number as it is shown. Hyphens stand where the kind of number fixes them (03 and 06, mobile,
    /// IP, freephone) or where the person typed them plausibly; otherwise there are none, because where
    /// an area code ends can only be read from the ministry's table.
    pub display: String,
}

/// A Japanese telephone number, typed with any hyphens, brackets or spaces, with or without +81.
///
/// Kinds and lengths follow 電気通信番号計画 (令和元年総務省告示第6号). Whether a number is in use cannot be seen
/// from its digits.
///
/// # Errors
/// `empty`, `not_a_digit`, `two_numbers`, `extension`, `foreign`, `no_leading_zero`, `unknown_kind` or `length`.
pub fn normalise(typed: &str) -> Result<Phone, Mistake> {
    let text = narrow(typed);
    let (international, groups) = groups(unlabelled(text.trim()))?;
    let mut digits = groups.concat();
    if digits.is_empty() {
        return Err(Mistake::empty("電話番号"));
    }
    if international {
        let Some(national) = digits.strip_prefix("81") else {
            return Err(Mistake::new(
                "foreign",
                "日本国内の電話番号を書いてください。国番号は +81 だけ使えます。",
            ));
        };
        digits = format!("0{}", national.strip_prefix('0').unwrap_or(national));
    }
    check_length(&digits)?;
    let display = match fixed_groups(&digits) {
        Some(sizes) => hyphenated(&digits, sizes),
        None if !international && are_plausible(&groups) => groups.join("-"),
        None => digits.clone(),
    };
    Ok(Phone { digits, display })
}

/// A stored number as it is shown; what is no number is shown as it is.
#[must_use]
pub fn display(stored: &str) -> String {
    normalise(stored).map_or_else(|_| stored.to_owned(), |phone| phone.display)
}

/// The number without the words people write around it.
fn unlabelled(text: &str) -> &str {
    let mut rest = text;
    for label in ["TEL", "Tel", "tel", "電話番号", "電話"] {
        rest = rest.strip_prefix(label).unwrap_or(rest);
    }
    rest = rest.trim_start_matches([':', '.', ' ']);
    for label in ["(代表)", "(代)", "代表"] {
        rest = rest.strip_suffix(label).unwrap_or(rest);
    }
    rest
}

/// Whether the number began with +, and its groups of digits.
fn groups(text: &str) -> Result<(bool, Vec<String>), Mistake> {
    let (international, text) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if text.contains("内線") || text.contains(['x', '#', '*']) {
        return Err(Mistake::new(
            "extension",
            "電話番号に内線番号は書けません。外からかけられる番号だけを書いてください。",
        ));
    }
    let mut groups = vec![String::new()];
    for c in text.chars() {
        match c {
            '0'..='9' => groups
                .last_mut()
                .expect("there is always a last group")
                .push(c),
            ' ' | '(' | ')' | '.' | '・' | '[' | ']' => groups.push(String::new()),
            c if is_hyphen(c) => groups.push(String::new()),
            '/' | ',' | '、' | ';' | '又' | '~' | '〜' => {
                return Err(Mistake::new(
                    "two_numbers",
                    "電話番号は一つだけ書いてください。",
                ));
            }
            c => {
                return Err(Mistake::new(
                    "not_a_digit",
                    format!(
                        "電話番号に数字ではない文字{}があります。数字とハイフンで書いてください。",
                        shown(c)
                    ),
                ));
            }
        }
    }
    groups.retain(|group| !group.is_empty());
    Ok((international, groups))
}

fn check_length(digits: &str) -> Result<(), Mistake> {
    let Some(rest) = digits.strip_prefix('0') else {
        return Err(Mistake::new(
            "no_leading_zero",
            "電話番号は0から始まる番号を、市外局番から書いてください。例：03-0000-0000",
        ));
    };
    // 00 introduces a carrier or a foreign country, and is never the start of a subscriber's number.
    if rest.starts_with('0') {
        return Err(Mistake::new(
            "unknown_kind",
            "00から始まる番号は使えません。市外局番から書いてください。例：03-0000-0000",
        ));
    }
    let expected = expected_length(digits);
    let length = digits.len();
    if length == expected {
        return Ok(());
    }
    Err(Mistake::new(
        "length",
        format!(
            "電話番号の数字が{length}桁あります。この種類の番号は{expected}桁です。市外局番から書いているか、数字の抜けや重なりがないかを確かめてください。"
        ),
    ))
}

/// Mobile, IP and 0800 numbers have 11 digits, all others 10.
fn expected_length(digits: &str) -> usize {
    let eleven = ["020", "050", "060", "070", "080", "090"];
    if eleven.iter().any(|prefix| digits.starts_with(prefix)) {
        11
    } else {
        10
    }
}

/// The sizes of the groups where the kind of number alone fixes them.
fn fixed_groups(digits: &str) -> Option<[usize; 3]> {
    let table: [(&str, [usize; 3]); 12] = [
        ("0120", [4, 3, 3]),
        ("0570", [4, 3, 3]),
        ("0990", [4, 3, 3]),
        ("0800", [4, 3, 4]),
        ("020", [3, 4, 4]),
        ("050", [3, 4, 4]),
        ("060", [3, 4, 4]),
        ("070", [3, 4, 4]),
        ("080", [3, 4, 4]),
        ("090", [3, 4, 4]),
        ("03", [2, 4, 4]),
        ("06", [2, 4, 4]),
    ];
    table
        .iter()
        .find(|(prefix, _)| digits.starts_with(prefix))
        .map(|(_, sizes)| *sizes)
}

fn hyphenated(digits: &str, [first, second, _]: [usize; 3]) -> String {
    let (area, rest) = digits.split_at(first);
    let (exchange, subscriber) = rest.split_at(second);
    format!("{area}-{exchange}-{subscriber}")
}

/// Whether three typed groups can be area code, exchange and subscriber: the first two make six digits
/// together, the exchange has at least one, and the subscriber four.
fn are_plausible(groups: &[String]) -> bool {
    let sizes: Vec<usize> = groups.iter().map(String::len).collect();
    matches!(sizes.as_slice(), [area, exchange, 4] if (2..=5).contains(area) && area + exchange == 6)
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[track_caller]
    fn check(typed: &str, digits: &str, display: &str) {
        let phone =
            normalise(typed).unwrap_or_else(|mistake| panic!("{typed}: {}", mistake.sentence));
        assert_eq!(
            (phone.digits.as_str(), phone.display.as_str()),
            (digits, display),
            "{typed}"
        );
    }

    #[track_caller]
    fn check_refused(typed: &str, code: &str) {
        assert_eq!(
            normalise(typed).map_err(|mistake| mistake.code),
            Err(code),
            "{typed}"
        );
    }

    #[test]
    fn numbers_are_read_however_they_are_typed() {
        check("0300000000", "0300000000", "03-0000-0000");
        check("０３（００００）００００", "0300000000", "03-0000-0000");
        check("TEL: 03.0000.0000（代表）", "0300000000", "03-0000-0000");
        check("+81 (0)3-0000-0000", "0300000000", "03-0000-0000");
        check("+81-90-0000-0000", "09000000000", "090-0000-0000");
        check("0120-000000", "0120000000", "0120-000-000");
        check("08000000000", "08000000000", "0800-000-0000");
        check("050 0000 0000", "05000000000", "050-0000-0000");
    }

    #[test]
    fn area_codes_are_shown_as_typed_or_not_at_all() {
        check("04992-2-0000", "0499220000", "04992-2-0000");
        check("042-000-0000", "0420000000", "042-000-0000");
        check("0420000000", "0420000000", "0420000000");
        check("042-0000-000", "0420000000", "0420000000");
        check("+81-42-000-0000", "0420000000", "0420000000");
    }

    #[test]
    fn what_cannot_be_dialled_is_refused() {
        check_refused("", "empty");
        check_refused("ー", "empty");
        check_refused("03-0000-000", "length");
        check_refused("090-0000-000", "length");
        check_refused("03-0000-00000", "length");
        check_refused("0000-0000", "unknown_kind");
        check_refused("1234-5678", "no_leading_zero");
        check_refused("+1-202-555-0100", "foreign");
        check_refused("03-0000-0000 内線12", "extension");
        check_refused("03-0000-0000、03-0000-0001", "two_numbers");
        check_refused("03-OOOO-0000", "not_a_digit");
    }
}
