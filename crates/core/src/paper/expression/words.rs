//! A condition cut into words and signs.

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Word {
    /// A path or a word such as `and`.
    Name(String),
    Number(i64),
    Text(String),
    Sign(&'static str),
}

const SIGNS: [&str; 8] = ["!=", ">=", "<=", "=", "<", ">", "(", ")"];

/// The words of a text.
///
/// # Errors
/// A Japanese sentence about the first thing that is neither a word nor a sign.
pub(crate) fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(*sign)) {
            (Word::Sign(sign), &rest[sign.len()..])
        } else if first == '"' {
            let Some((inside, after)) = rest[1..].split_once('"') else {
                return Err("文字を閉じる \" がありません。".to_owned());
            };
            (Word::Text(inside.to_owned()), after)
        } else if first.is_ascii_digit() {
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let number = rest[..end]
                .parse()
                .map_err(|_| format!("数「{}」が大きすぎます。", &rest[..end]))?;
            (Word::Number(number), &rest[end..])
        } else if first.is_ascii_lowercase() {
            let end = rest.find(|c: char| !is_of_a_path(c)).unwrap_or(rest.len());
            (Word::Name(rest[..end].to_owned()), &rest[end..])
        } else {
            return Err(format!("条件の中の「{first}」が読めません。"));
        };
        words.push(word);
        rest = after.trim_start();
    }
    Ok(words)
}

fn is_of_a_path(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.')
}
