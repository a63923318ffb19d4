//! Names of people.

use super::line::line;
use super::mistake::Mistake;

/// The most characters a person's name may have.
pub const LIMIT: usize = 80;

/// A person's name as typed (see [`super::line::compose`] for what "as typed" means), with one ordinary
/// space between its parts.
///
/// # Errors
/// Those of [`line`], and `mail_address` when an address stands in the name's field.
pub fn normalise(typed: &str) -> Result<String, Mistake> {
    let name = line(typed, "お名前", LIMIT)?;
    if name.contains(['@', '＠']) {
        return Err(Mistake::new(
            "mail_address",
            "お名前の欄にメールアドレスが書かれています。お名前を書いてください。",
        ));
    }
    Ok(name.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn the_name_stays_and_its_space_becomes_one() {
        assert_eq!(normalise("　髙橋　　太郎 ").as_deref(), Ok("髙橋 太郎"));
        assert_eq!(normalise("𠮷田\n花子").as_deref(), Ok("𠮷田 花子"));
        assert_eq!(
            normalise("taro@example.jp").map_err(|m| m.code),
            Err("mail_address")
        );
        assert_eq!(normalise("").map_err(|m| m.code), Err("empty"));
    }
}
