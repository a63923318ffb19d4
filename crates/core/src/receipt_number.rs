//! 受付番号: the number of an application in its programme, written so that it survives the telephone and handwriting.
//!
//! `R6-334-A7X`: the programme's prefix, five characters that count arrivals from 1 without gaps, one check character. The 23
//! characters leave out everything that is mistaken for another: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V W. As 23 is prime, the check
//! character catches every single wrong character and every swap of neighbours.

const ALPHABET: &[u8; 23] = b"346789ACDEFGHJKMNPQRTXY";
const DIGITS: usize = 5;
const BASE: i64 = 23;

/// The largest number that can be written: 23⁵ − 1.
pub const MAX: i64 = 6_436_342;

/// Writes the `sequence`-th receipt of a programme.
///
/// # Panics
/// When `sequence` is not in 1..=MAX; the store checks the bound before it hands out a number.
pub fn write(prefix: &str, sequence: i64) -> String {
    assert!(
        (1..=MAX).contains(&sequence),
        "receipt sequence out of range"
    );
    let mut digits = [0u8; DIGITS];
    let mut rest = sequence;
    for digit in digits.iter_mut().rev() {
        *digit = (rest % BASE) as u8;
        rest /= BASE;
    }
    let mut number = format!("{prefix}-");
    for (index, digit) in digits.iter().enumerate() {
        if index == 3 {
            number.push('-');
        }
        number.push(char::from(ALPHABET[usize::from(*digit)]));
    }
    number.push(char::from(ALPHABET[usize::from(check(&digits))]));
    number
}

/// Reads a typed receipt number forgivingly (case, full width, hyphens, spaces) and gives it as written by `write`.
///
/// `None` when it is not a receipt number or its check character does not fit: then it was mistyped.
pub fn read(typed: &str) -> Option<String> {
    let plain: String = typed
        .chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c => c,
        })
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let (prefix, tail) = plain.split_at_checked(plain.len().checked_sub(DIGITS + 1)?)?;
    if prefix.is_empty() || prefix.len() > 4 {
        return None;
    }
    let values: Option<Vec<u8>> = tail
        .bytes()
        .map(|byte| {
            ALPHABET
                .iter()
                .position(|c| *c == byte)
                .map(|index| index as u8)
        })
        .collect();
    let values = values?;
    let (digits, last) = values.split_at(DIGITS);
    (check(digits) == last[0]).then(|| format!("{prefix}-{}-{}", &tail[..3], &tail[3..]))
}

/// Weighted sum with weights 2, 3, 4, 5, 6, all different and none zero modulo 23.
fn check(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .zip(2u32..)
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .sum();
    (sum % 23) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_consecutive_and_read_back() {
        for sequence in (1..3000).chain([279_841, MAX]) {
            let number = write("R6", sequence);
            assert_eq!(read(&number).as_deref(), Some(number.as_str()));
        }
        assert_eq!(write("R6", 1), "R6-333-34A");
        assert_eq!(write("R7", 24), "R7-333-44G");
    }

    #[test]
    fn typed_forms() {
        let number = write("R6", 1234);
        for typed in [
            number.to_lowercase(),
            number.replace('-', ""),
            number.replace('-', " "),
            format!(" {number}　"),
        ] {
            assert_eq!(read(&typed).as_deref(), Some(number.as_str()), "{typed}");
        }
        for wrong in [
            "",
            "R6",
            "R6-333-333-333-333",
            "あいう",
            "R6-333-0O1",
            "-----------",
            "ＲＲＲ",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_single_error_and_swap_is_caught() {
        let number = write("R6", 98_765);
        let plain: Vec<char> = number.replace('-', "").chars().collect();
        for at in 2..plain.len() {
            for other in ALPHABET
                .iter()
                .map(|byte| char::from(*byte))
                .filter(|c| *c != plain[at])
            {
                let mut wrong = plain.clone();
                wrong[at] = other;
                assert_eq!(read(&wrong.iter().collect::<String>()), None);
            }
            if at + 1 < plain.len() && plain[at] != plain[at + 1] {
                let mut wrong = plain.clone();
                wrong.swap(at, at + 1);
                assert_eq!(read(&wrong.iter().collect::<String>()), None);
            }
        }
    }
}
