//! Several lines of text, stored as they were typed: answers in one's own words, messages.

use super::invisible::is_invisible;
use super::line::{compose, line};
use super::mistake::Mistake;

/// Lines of together at most `limit` characters, in the stored form: line breaks as LF, other invisible characters removed, spaces at
/// the ends of lines and empty lines around removed, composed as [`line`] composes. `noun` is the text's Japanese name.
///
/// # Errors
/// Those of [`line`].
pub fn lines(typed: &str, noun: &str, limit: usize) -> Result<String, Mistake> {
    let breaks = ['\u{0B}', '\u{0C}', '\u{85}', '\u{2028}', '\u{2029}'];
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    let typed = typed.replace(breaks, "\n").replace('\t', " ");
    let seen: String = (typed.chars())
        .filter(|c| *c == '\n' || !is_invisible(*c))
        .collect();
    let ended: Vec<&str> = seen.lines().map(str::trim_end).collect();
    let text = compose(ended.join("\n").trim_matches(['\n', ' ', '　']));
    let length = text.chars().count();
    if length > limit {
        return Err(Mistake::new(
            "too_long",
            format!("{noun}が{length}文字あります。{limit}文字までで書いてください。"),
        ));
    }
    // What makes one line unusable makes several unusable; only the breaks are ours to keep.
    line(&text, noun, limit)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn lines_are_kept_and_what_cannot_be_seen_goes() {
        for (typed, expected) in [
            ("一行目\r\n二行目", Ok("一行目\n二行目")),
            ("\n\n  前後 \n\n真ん中\u{200B}  \n\n", Ok("前後\n\n真ん中")),
            ("が\u{202E}逆", Ok("が逆")),
            ("か\u{3099}", Ok("が")),
            (" \n　\n", Err("empty")),
            ("文字\u{FFFD}化け", Err("garbled")),
            ("長い長い長い長い", Err("too_long")),
        ] {
            let read = lines(typed, "本文", 9);
            let read = read.as_deref().map_err(|mistake| mistake.code);
            match expected {
                Err("too_long") => {
                    let read = lines(typed, "本文", 7).map_err(|mistake| mistake.code);
                    assert_eq!(read, Err("too_long"));
                }
                expected => assert_eq!(read, expected, "{typed:?}"),
            }
        }
    }

    #[test]
    fn typed_again_nothing_changes() {
        for typed in ["a\r\rb", "　前", "後ろ　\n次", "\tx\u{85}y"] {
            let once = lines(typed, "本文", 100).expect("readable");
            assert_eq!(lines(&once, "本文", 100).as_ref(), Ok(&once));
        }
    }
}
