//! Rust files with comments, texts and tests told apart: enough of the language for rules, not a parser.

use std::sync::LazyLock;

use crate::repository::{files_ending, read};

/// One Rust file.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
    /// The text with comments and the contents of string literals blanked out; lines and columns stay.
    pub(crate) code: String,
    /// Every string literal: its line from 1 and its content as written.
    pub(crate) strings: Vec<(usize, String)>,
}

/// Every Rust file of the workspace.
pub(crate) fn all() -> &'static [Source] {
    static ALL: LazyLock<Vec<Source>> = LazyLock::new(|| {
        ["crates", "xtask"]
            .iter()
            .flat_map(|folder| files_ending(folder, ".rs"))
            .map(|path| {
                let text = read(&path);
                Source::new(path, text)
            })
            .collect()
    });
    &ALL
}

/// What is shipped: everything but tests. A file named `tests` is one, and so is the contract suite, which is there to panic.
pub(crate) fn shipped() -> Vec<Source> {
    all()
        .iter()
        .filter(|source| {
            !source
                .path
                .split('/')
                .any(|part| ["tests", "tests.rs", "benches", "contract"].contains(&part))
        })
        .cloned()
        .map(Source::without_tests)
        .collect()
}

impl Source {
    pub(crate) fn new(path: String, text: String) -> Source {
        let (code, strings) = blank(&text);
        Source {
            path,
            text,
            code,
            strings,
        }
    }

    /// Blanks every `#[cfg(test)] mod … { … }` and drops the strings in it.
    fn without_tests(self) -> Source {
        let mut code = self.code;
        let mut strings = self.strings;
        let mut from = 0;
        while let Some(start) = code[from..].find("#[cfg(test)]").map(|at| at + from) {
            let end = end_of_item(&code, start);
            let first = line_of(&code, start);
            let last = line_of(&code, end);
            strings.retain(|(line, _)| !(first..=last).contains(line));
            let gone: String = code[start..end]
                .chars()
                .map(|c| if c == '\n' { c } else { ' ' })
                .collect();
            from = start + gone.len();
            code.replace_range(start..end, &gone);
        }
        Source {
            code,
            strings,
            ..self
        }
    }

    /// `path:line` of every place where `code` holds one of the words.
    pub(crate) fn places(&self, words: &[&str]) -> Vec<String> {
        let lines = self.code.lines().enumerate();
        lines
            .filter(|(_, line)| words.iter().any(|word| line.contains(word)))
            .map(|(index, line)| format!("{}:{} {}", self.path, index + 1, line.trim()))
            .collect()
    }
}

/// The end of the item that begins at `start`: its closing brace, or its semicolon when it has no body.
pub(crate) fn end_of_item(code: &str, start: usize) -> usize {
    let mut depth = 0;
    for (offset, byte) in code.as_bytes()[start..].iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return start + offset + 1;
                }
            }
            b';' if depth == 0 => return start + offset + 1,
            _ => {}
        }
    }
    code.len()
}

/// The line of a position, from 1.
pub(crate) fn line_of(code: &str, at: usize) -> usize {
    code.as_bytes()[..at]
        .iter()
        .filter(|b| **b == b'\n')
        .count()
        + 1
}

/// Blanks comments and the contents of literals with spaces and gives the string literals.
fn blank(text: &str) -> (String, Vec<(usize, String)>) {
    let mut code = String::with_capacity(text.len());
    let mut strings = Vec::new();
    let mut line = 1;
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let (length, kind) = piece(rest, before);
        let (now, later) = rest.split_at(length);
        match kind {
            Piece::Code => code.push_str(now),
            Piece::Comment => hide(&mut code, now),
            Piece::Text(open, close) => {
                let inner = &now[open..now.len() - close];
                strings.push((line, inner.to_owned()));
                code.push_str(&now[..open]);
                hide(&mut code, inner);
                code.push_str(&now[now.len() - close..]);
            }
        }
        line += now.matches('\n').count();
        before = if kind == Piece::Code { first } else { ' ' };
        rest = later;
    }
    (code, strings)
}

#[derive(Clone, Copy, PartialEq)]
enum Piece {
    Code,
    Comment,
    /// The lengths of the opening and closing quotes.
    Text(usize, usize),
}

/// The length in bytes and kind of what `rest` begins with; at least one character.
fn piece(rest: &str, before: char) -> (usize, Piece) {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let upto = |end: &str| rest.find(end).unwrap_or(rest.len());
    if rest.starts_with("//") {
        (upto("\n"), Piece::Comment)
    } else if rest.starts_with("/*") {
        ((upto("*/") + 2).min(rest.len()), Piece::Comment)
    } else if let Some(hashes) = raw_string(rest, before) {
        let close = format!("\"{}", "#".repeat(hashes));
        let open = 2 + hashes;
        let inner = rest[open..]
            .find(&close)
            .unwrap_or(rest.len() - open - close.len());
        (open + inner + close.len(), Piece::Text(open, close.len()))
    } else if rest.starts_with('"') {
        (string_length(rest), Piece::Text(1, 1))
    } else if let Some(length) = char_literal(rest) {
        (length, Piece::Text(1, 1))
    } else {
        (first, Piece::Code)
    }
}

/// The number of `#` when `rest` begins with a raw string such as `r#"…"#`.
fn raw_string(rest: &str, before: char) -> Option<usize> {
    if before.is_alphanumeric() && before != 'b' || before == '_' {
        return None;
    }
    let after = rest.strip_prefix('r')?;
    let hashes = after.bytes().take_while(|byte| *byte == b'#').count();
    after[hashes..].starts_with('"').then_some(hashes)
}

fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of a character literal; a lifetime is none.
fn char_literal(rest: &str) -> Option<usize> {
    let mut chars = rest.strip_prefix('\'')?.char_indices();
    let (_, first) = chars.next()?;
    if first == '\\' {
        let end = rest[3..].find('\'')?;
        return Some(end + 4);
    }
    let (at, second) = chars.next()?;
    (second == '\'').then_some(at + 2)
}

fn hide(code: &mut String, text: &str) {
    code.extend(text.chars().map(|c| if c == '\n' { c } else { ' ' }));
}

#[test]
fn comments_texts_and_tests_are_told_apart() {
    let text = r####"//! doc "x"
fn a<'a>(c: char) -> bool { c == '"' || c == '\'' /* "y" */ }
const S: &str = "SELECT \" 1 // no comment";
const R: &str = r#"a "quoted" {"#;
#[cfg(test)]
mod tests { fn t() { x.unwrap(); "inside" } }
fn last() {}
"####;
    let source = Source::new("x.rs".to_owned(), text.to_owned());
    let strings: Vec<&str> = source
        .strings
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(
        strings,
        [
            "\"",
            "\\'",
            r#"SELECT \" 1 // no comment"#,
            r#"a "quoted" {"#,
            "inside"
        ]
    );
    assert_eq!(source.strings[2].0, 3);
    assert!(!source.code.contains("doc") && !source.code.contains('y'));
    let shipped = source.without_tests();
    assert!(!shipped.code.contains("unwrap") && shipped.code.contains("fn last() {}"));
    assert_eq!(shipped.strings.len(), 4);
}
