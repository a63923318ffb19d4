//! Recovery codes: each takes the place of the second factor once, for the day the device is lost.
//!
//! A code has 128 random bits and is kept as its SHA-256. A slow hash such as argon2id is for what people make up and machines can
//! try out; 2^128 codes cannot be tried out, and a fast hash keeps the page from being a way to load the server.

use crate::chance;
use crate::staff::session;

/// How many codes somebody is given.
pub const COUNT: usize = 8;
/// Digits that cannot be mistaken for one another (Crockford's base 32).
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The digits of a code: 26 times five bits hold 128.
const LENGTH: usize = 26;
/// Digits between two hyphens.
const GROUP: usize = 5;

/// New codes as people write them down.
pub fn new_codes() -> Vec<String> {
    (0..COUNT).map(|_| write(chance::bytes())).collect()
}

fn write(bytes: [u8; 16]) -> String {
    let mut rest = u128::from_be_bytes(bytes);
    let mut code = String::with_capacity(LENGTH + LENGTH / GROUP);
    for at in 0..LENGTH {
        if at > 0 && at % GROUP == 0 {
            code.push('-');
        }
        code.push(char::from(DIGITS[(rest & 31) as usize]));
        rest >>= 5;
    }
    code
}

/// What is stored of a code, however it was typed; none for what cannot be a code.
pub fn hash(typed: &str) -> Option<String> {
    let narrow = sonae_core::text::width::narrow(typed).to_lowercase();
    let code: String = narrow
        .chars()
        .filter(|c| !c.is_whitespace() && !sonae_core::text::width::is_hyphen(*c))
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    let is_code = code.len() == LENGTH && code.bytes().all(|byte| DIGITS.contains(&byte));
    is_code.then(|| session::id_of(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back_however_they_are_typed() {
        let code = write([0xff; 16]);
        assert_eq!(code, "zzzzz-zzzzz-zzzzz-zzzzz-zzzzz-7");
        let stored = hash(&code);
        assert!(stored.is_some());
        for typed in [
            code.to_uppercase(),
            code.replace('-', ""),
            code.replace('-', " "),
            code.replace('z', "ｚ"),
        ] {
            assert_eq!(hash(&typed), stored, "{typed}");
        }
        let zero = write([0; 16]);
        assert_eq!(hash(&zero.replace('0', "O")), hash(&zero));
        for typed in ["", "123456", "zzzzz", &code[1..], &code.replace('7', "u")] {
            assert_eq!(hash(typed), None, "{typed}");
        }
    }

    #[test]
    fn codes_differ() {
        let mut codes = new_codes();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), COUNT);
    }
}
