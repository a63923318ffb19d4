//! 法人番号.

use super::mistake::Mistake;
use super::width::{grouped_digits, narrow};

/// The thirteen digits of a corporate number whose check digit is right. The T of an invoice number
/// (適格請求書発行事業者登録番号), which a corporation forms from this number, is dropped.
///
/// The check digit misses 0 typed for 9 and the reverse, so the name still has to be confirmed.
///
/// # Errors
/// `empty`, `not_a_digit`, `length`, `placeholder` (thirteen nines pass the arithmetic by accident) or `check_digit`.
pub fn normalise(typed: &str) -> Result<String, Mistake> {
    let text = narrow(typed);
    let text = text.trim();
    let digits = grouped_digits(text.strip_prefix(['T', 't']).unwrap_or(text), "法人番号")?;
    if digits.len() != 13 {
        return Err(Mistake::new(
            "length",
            format!(
                "法人番号の数字が{}桁あります。13桁で書いてください。",
                digits.len()
            ),
        ));
    }
    if digits.bytes().all(|digit| digit == b'9') {
        return Err(Mistake::new(
            "placeholder",
            "この番号は法人番号ではありません。法人番号がない方は空欄のままにしてください。",
        ));
    }
    if digits.bytes().next() != Some(check_digit(&digits)) {
        return Err(Mistake::new(
            "check_digit",
            "法人番号の数字のどこかが違っています。国税庁の法人番号公表サイトなどで確かめて書いてください。",
        ));
    }
    Ok(digits)
}

/// The first digit that belongs to the other twelve, as an ASCII digit:
/// 9 − ((Σ Pn × Qn) mod 9), Pn the n-th digit from the right, Qn 1 for odd and 2 for even n.
///
/// Source: 法人番号の指定等に関する省令 (平成26年財務省令第70号) 第2条; 国税庁「チェックデジットの計算」.
fn check_digit(digits: &str) -> u8 {
    let sum: u32 = digits
        .bytes()
        .rev()
        .take(12)
        .zip([1, 2].into_iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    // The remainder is at most 8, so the difference is one digit from 1 to 9.
    b'9' - u8::try_from(sum % 9).expect("a remainder of nine fits in a byte")
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn numbers_are_read_however_they_are_typed() {
        for typed in [
            "7000012050002",
            "７００００１２０５０００２",
            "7-0000-1205-0002",
            "T7000012050002",
            " ｔ 7000012050002",
        ] {
            assert_eq!(normalise(typed).as_deref(), Ok("7000012050002"), "{typed}");
        }
    }

    #[test]
    fn every_wrong_single_digit_but_nought_for_nine_is_found() {
        let right = "7000012050002";
        let mut missed = 0;
        for at in 0..13 {
            for digit in '0'..='9' {
                let typed: String = right
                    .chars()
                    .enumerate()
                    .map(|(i, c)| if i == at { digit } else { c })
                    .collect();
                missed += usize::from(typed != right && normalise(&typed).is_ok());
            }
        }
        // Eight of the twelve digits behind the first are 0, and 9 counts the same modulo nine.
        assert_eq!(missed, 8);
    }
}
