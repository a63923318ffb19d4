//! 郵便番号 as typed. The address behind a code is found by [`crate::postcode`].

use super::mistake::Mistake;
use super::width::{grouped_digits, narrow};

/// The seven digits of a postcode, typed with or without 〒 and a hyphen of any kind.
///
/// # Errors
/// `empty`, `not_a_digit` or `length`.
pub fn normalise(typed: &str) -> Result<String, Mistake> {
    let text = narrow(typed);
    let unmarked = text.trim().trim_start_matches(['〒', '〶']);
    let digits = grouped_digits(unmarked, "郵便番号")?;
    if digits.len() == 7 {
        return Ok(digits);
    }
    Err(Mistake::new(
        "length",
        format!(
            "郵便番号の数字が{}桁あります。7桁で書いてください。例：100-0001",
            digits.len()
        ),
    ))
}

/// A code of seven digits as it is shown, such as `163-8001`; anything else is shown as it is.
pub fn display(code: &str) -> String {
    match (code.get(..3), code.get(3..)) {
        (Some(area), Some(town)) if code.len() == 7 => format!("{area}-{town}"),
        _ => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{display, normalise};

    #[test]
    fn codes_are_read_however_they_are_typed() {
        for typed in [
            "1638001",
            "163-8001",
            "〒163-8001",
            "〒　１６３－８００１",
            "163ー8001",
            "163 8001",
        ] {
            assert_eq!(normalise(typed).as_deref(), Ok("1638001"), "{typed}");
        }
        assert_eq!(display("1638001"), "163-8001");
        assert_eq!(display("〒"), "〒");
    }

    #[test]
    fn other_lengths_are_refused() {
        for (typed, code) in [
            ("", "empty"),
            ("〒", "empty"),
            ("163", "length"),
            ("16380011", "length"),
            ("163-80O1", "not_a_digit"),
        ] {
            assert_eq!(
                normalise(typed).map_err(|mistake| mistake.code),
                Err(code),
                "{typed}"
            );
        }
    }
}
