//! Characters that nobody sees and nobody meant to type.

/// Removes invisible characters and turns line breaks and tabs into spaces.
///
/// Copying from a web page or a PDF brings zero-width spaces and direction marks along. They would make
/// two equal names differ, and the direction controls can make a line read otherwise than it is stored
/// (Unicode Technical Report 36, section 2.10.2). Variation selectors stay: they choose the shape of a
/// kanji in a person's name.
pub fn strip(typed: &str) -> String {
    typed
        .chars()
        .filter_map(|c| match c {
            '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                Some(' ')
            }
            c if is_invisible(c) => None,
            c => Some(c),
        })
        .collect()
}

/// Whether the character has no shape of its own and carries nothing that a Japanese text needs.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}'                    // soft hyphen
            | '\u{34F}'                 // combining grapheme joiner
            | '\u{61C}'                 // Arabic letter mark
            | '\u{115F}' | '\u{1160}'   // Hangul fillers
            | '\u{180E}'                // Mongolian vowel separator
            | '\u{200B}'..='\u{200F}'   // zero-width spaces and joiners, direction marks
            | '\u{202A}'..='\u{202E}'   // direction embeddings and overrides
            | '\u{2060}'..='\u{206F}'   // word joiner, direction isolates, deprecated controls
            | '\u{3164}' | '\u{FFA0}'   // Hangul fillers
            | '\u{FEFF}'                // byte order mark
            | '\u{FFF9}'..='\u{FFFB}'   // interlinear annotation
            | '\u{E0000}'..='\u{E007F}' // tags
        )
}

#[cfg(test)]
mod tests {
    use super::strip;

    #[track_caller]
    fn check(typed: &str, expected: &str) {
        assert_eq!(strip(typed), expected);
    }

    #[test]
    fn what_cannot_be_seen_goes_and_what_shapes_a_kanji_stays() {
        check("サンプル\u{200B}株式会社\u{FEFF}", "サンプル株式会社");
        check("甲\u{202E}乙\u{202C}", "甲乙");
        check("一行目\r\n二行目", "一行目  二行目");
        check("a\0b", "ab");
        check("葛\u{E0100}飾", "葛\u{E0100}飾");
        check("　", "　");
    }
}
