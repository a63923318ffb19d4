//! What is wrong with a typed value, in words for the person who typed it.

use std::borrow::Cow;

/// A typed value that cannot be taken.
///
/// A mistake is an ordinary answer, not an exceptional one: the caller shows the sentence beside the
/// field and keeps what was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Stable word for programs, such as `empty` or `check_digit`; it goes into the API's `errors[].code`.
    pub code: &'static str,
    /// Japanese sentence: what is wrong, and how to write it.
    pub sentence: Cow<'static, str>,
}

impl Mistake {
    /// A mistake with its code and its sentence.
    pub(crate) fn new(code: &'static str, sentence: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            sentence: sentence.into(),
        }
    }

    /// The field was left empty; `noun` is the field's Japanese name.
    pub(crate) fn empty(noun: &str) -> Self {
        Self::new("empty", format!("{noun}を書いてください。"))
    }
}

impl From<Mistake> for String {
    /// The sentence alone, where the code is of no use.
    fn from(mistake: Mistake) -> String {
        mistake.sentence.into_owned()
    }
}

/// A character as it can be shown inside a sentence: itself in brackets, or its code point when it would
/// be invisible or would cling to the bracket.
pub(crate) fn shown(c: char) -> String {
    let clings = unicode_normalization::char::is_combining_mark(c);
    if c.is_control() || c.is_whitespace() || clings {
        format!("「U+{:04X}」", u32::from(c))
    } else {
        format!("「{c}」")
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_character_is_shown_so_that_it_can_be_seen() {
        assert_eq!(shown('株'), "「株」");
        assert_eq!(shown('\u{3099}'), "「U+3099」");
        assert_eq!(shown('\n'), "「U+000A」");
    }
}
