//! A line of text as the template takes it: characters that cannot be printed replaced, long words cut where they may break.

use std::collections::{BTreeSet, HashSet};

use serde::Serialize;
use sonae_core::paper::document::{Line, Span};

use super::font;

/// What Japanese printers set for a type they do not have.
const NO_TYPE: char = '〓';

/// Words without a space or a Japanese character that are longer than this may break anywhere, or they would leave the page …
const LONGEST_WORD: usize = 30;
/// … or a narrow cell.
const LONGEST_WORD_IN_CELL: usize = 10;
/// A telephone number stays whole in a cell: it goes into every column that is meant for one, and must not be misread.
const LONGEST_TELEPHONE_NUMBER: usize = 14;

/// One piece of a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Inline {
    Text(String),
    /// A long word, one character each.
    Word {
        word: Vec<char>,
    },
    Strong {
        strong: Vec<Inline>,
    },
    /// A line to write on, in full-width characters.
    Blank {
        blank: u16,
    },
    Link {
        to: String,
        link: Vec<Inline>,
    },
    Break {
        #[serde(rename = "break")]
        line_break: bool,
    },
}

/// Makes lines, and remembers what they could not show and where they point.
pub(super) struct Lines<'a> {
    /// The ids of all blocks: a reference elsewhere is printed without a link.
    ids: HashSet<&'a str>,
    /// The ids that are pointed to and need an anchor.
    targets: HashSet<&'a str>,
    pub(super) unprintable: BTreeSet<char>,
    longest_word: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(ids: HashSet<&'a str>, targets: HashSet<&'a str>) -> Lines<'a> {
        Lines {
            ids,
            targets,
            unprintable: BTreeSet::new(),
            longest_word: LONGEST_WORD,
        }
    }

    /// A line where there is little room.
    pub(super) fn narrow(&mut self, line: &Line) -> Vec<Inline> {
        self.longest_word = LONGEST_WORD_IN_CELL;
        let narrow = self.line(line);
        self.longest_word = LONGEST_WORD;
        narrow
    }

    /// The anchor of a block, if something points to it.
    pub(super) fn anchor(&self, id: &str) -> Option<String> {
        self.targets.contains(id).then(|| id.to_owned())
    }

    pub(super) fn line(&mut self, line: &Line) -> Vec<Inline> {
        line.iter().flat_map(|span| self.span(span)).collect()
    }

    fn span(&mut self, span: &Span) -> Vec<Inline> {
        match span {
            Span::Text(text) => self.text(text),
            Span::Strong(text) => vec![Inline::Strong {
                strong: self.text(text),
            }],
            Span::Blank { width, .. } => vec![Inline::Blank { blank: *width }],
            Span::Reference { to, text } if self.ids.contains(to.as_str()) => vec![Inline::Link {
                to: to.clone(),
                link: self.text(text),
            }],
            Span::Reference { text, .. } => self.text(text),
        }
    }

    /// Text with its line ends.
    fn text(&mut self, text: &str) -> Vec<Inline> {
        let mut pieces = Vec::new();
        for (place, part) in text.split('\n').enumerate() {
            if place > 0 {
                pieces.push(Inline::Break { line_break: true });
            }
            words(&self.clean(part), self.longest_word, &mut pieces);
        }
        pieces
    }

    /// Text on one line that every font can show, for titles.
    pub(super) fn plain(&mut self, text: &str) -> String {
        self.clean(text)
    }

    fn clean(&mut self, text: &str) -> String {
        text.chars()
            .filter_map(|c| match c {
                '\t'
                | '\n'
                | '\u{a0}'
                | '\u{2000}'..='\u{200a}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202f}'
                | '\u{205f}' => Some(' '),
                _ if is_invisible(c) => None,
                _ if font::shows(c) => Some(c),
                _ => {
                    self.unprintable.insert(c);
                    Some(NO_TYPE)
                }
            })
            .collect()
    }
}

/// Control and format characters have no shape; among them are those that turn the direction of text around.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

fn is_telephone_number(word: &str) -> bool {
    word.len() <= LONGEST_TELEPHONE_NUMBER
        && word.starts_with(['0', '+'])
        && word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-".contains(&byte))
}

/// Splits long words off.
fn words(text: &str, longest: usize, pieces: &mut Vec<Inline>) {
    let mut plain = String::new();
    let mut word = String::new();
    let mut end = |word: &mut String, plain: &mut String| {
        if word.chars().count() > longest && !is_telephone_number(word) {
            if !plain.is_empty() {
                pieces.push(Inline::Text(std::mem::take(plain)));
            }
            let word = word.drain(..).collect();
            pieces.push(Inline::Word { word });
        } else {
            plain.push_str(word);
            word.clear();
        }
    };
    for c in text.chars() {
        if (c as u32) < 0x2e80 && c != ' ' {
            word.push(c);
        } else {
            end(&mut word, &mut plain);
            plain.push(c);
        }
    }
    end(&mut word, &mut plain);
    if !plain.is_empty() {
        pieces.push(Inline::Text(plain));
    }
}

/// The text of a line, as it is read aloud.
pub(super) fn spoken(line: &Line) -> String {
    let of = |span: &Span| match span {
        Span::Text(text) | Span::Strong(text) | Span::Reference { text, .. } => text.clone(),
        Span::Blank { .. } => "（記入欄）".to_owned(),
    };
    line.iter().map(of).collect()
}

/// The width of a line in full-width characters, roughly: what is not Japanese counts half.
pub(super) fn width(line: &Line) -> usize {
    let of = |span: &Span| match span {
        Span::Text(text) | Span::Strong(text) | Span::Reference { text, .. } => text
            .chars()
            .map(|c| if (c as u32) < 0x2e80 { 1 } else { 2 })
            .sum(),
        Span::Blank { width, .. } => usize::from(*width) * 2,
    };
    line.iter().map(of).sum::<usize>().div_ceil(2)
}
