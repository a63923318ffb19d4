//! What stands in braces at the end of a line: `{#id caption="…" widths=2,3,5 heads}` or `{if EXPR}`.

use super::super::expression::{Expression, expression};
use super::Fault;

/// Attributes that are asked for one by one; what is left at the end is a mistake.
pub(super) struct Attributes {
    pub(super) id: Option<String>,
    pub(super) condition: Option<Expression>,
    words: Vec<String>,
    pairs: Vec<(String, String)>,
    line: usize,
}

/// The line without its attributes, and these.
pub(super) fn split<'a>(
    text: &'a str,
    line: usize,
    faults: &mut Vec<Fault>,
) -> (&'a str, Attributes) {
    let mut found = Attributes {
        id: None,
        condition: None,
        words: Vec::new(),
        pairs: Vec::new(),
        line,
    };
    let text = text.trim_end();
    let Some((before, inside)) = braces(text) else {
        return (text, found);
    };
    found.read(inside, faults);
    (before.trim_end(), found)
}

/// Text before the last braces of a line that are no answer, and what is in them.
fn braces(text: &str) -> Option<(&str, &str)> {
    let open = text.strip_suffix('}').filter(|rest| !rest.ends_with('}'))?;
    let at = open.rfind('{')?;
    let (before, inside) = (&open[..at], &open[at + 1..]);
    let apart = before.is_empty() || before.ends_with([' ', '\u{3000}', '|']);
    apart.then_some((before, inside))
}

impl Attributes {
    fn read(&mut self, inside: &str, faults: &mut Vec<Fault>) {
        let mut rest = inside.trim();
        while !rest.is_empty() {
            if let Some(condition) = rest.strip_prefix("if ") {
                match expression(condition) {
                    Ok(condition) => self.condition = Some(condition),
                    Err(problem) => faults.push(Fault::new(
                        self.line,
                        problem,
                        format!("「{{if {condition}}}」をお確かめください。"),
                    )),
                }
                return;
            }
            let end = rest.find([' ', '=']).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let Some(value) = after.strip_prefix('=') else {
                match word.strip_prefix('#') {
                    Some(id) => self.named(id, faults),
                    None => self.words.push(word.to_owned()),
                }
                rest = after.trim_start();
                continue;
            };
            let (value, after) = match value.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => value.split_once(' ').unwrap_or((value, "")),
            };
            self.pairs.push((word.to_owned(), value.to_owned()));
            rest = after.trim_start();
        }
    }

    fn named(&mut self, id: &str, faults: &mut Vec<Fault>) {
        let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let numbered = id
            .rsplit_once('-')
            .is_some_and(|(_, end)| end.chars().all(|c| c.is_ascii_digit()));
        if id.starts_with(|c: char| c.is_ascii_lowercase())
            && id.chars().all(known)
            && !numbered
            && id.len() <= 60
        {
            self.id = Some(id.to_owned());
        } else {
            let hint = "英小文字で始め、英小文字、数字、- を使います。- と数字では終われません。";
            faults.push(Fault::new(
                self.line,
                format!("id「{id}」は使えません。"),
                hint,
            ));
        }
    }

    pub(super) fn word(&mut self, word: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|found| found != word);
        self.words.len() < before
    }

    pub(super) fn value(&mut self, name: &str) -> Option<String> {
        let at = self.pairs.iter().position(|(found, _)| found == name)?;
        Some(self.pairs.remove(at).1)
    }

    pub(super) fn number(&mut self, name: &str, usual: u16, faults: &mut Vec<Fault>) -> u16 {
        const MOST: u16 = 100;
        let Some(value) = self.value(name) else {
            return usual;
        };
        match value.parse() {
            Ok(number) if number <= MOST => number,
            _ => {
                faults.push(Fault::new(
                    self.line,
                    format!("{name} の値「{value}」は使えません。"),
                    format!("0から{MOST}までの数を書きます。"),
                ));
                usual
            }
        }
    }

    /// Everything that was not asked for is reported.
    pub(super) fn end(self, faults: &mut Vec<Fault>) {
        let pairs = self.pairs.into_iter().map(|(name, _)| name);
        for name in self.words.into_iter().chain(pairs) {
            faults.push(Fault::new(
                self.line,
                format!("「{name}」という指定はここでは使えません。"),
                "つづりを確かめるか、消してください。",
            ));
        }
    }
}
