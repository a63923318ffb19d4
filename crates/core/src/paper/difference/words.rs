//! What changed within a text: words of Latin letters and digits as a whole, everything else character by character.

use super::alignment::common;

/// Longest text that is compared by words, in characters of both sides together; longer ones are shown as replaced.
const LONGEST: usize = 40_000;

/// A piece of a changed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Same(String),
    Removed(String),
    Added(String),
}

/// The way from one text to the other: `Same` and `Removed` together are the old one, `Same` and `Added` the new one.
pub fn parts(old: &str, new: &str) -> Vec<Part> {
    if old.len() + new.len() > LONGEST * 3 {
        return vec![Part::Removed(old.to_owned()), Part::Added(new.to_owned())];
    }
    let (before, after) = (tokens(old), tokens(new));
    let kept = readable(&common(&before, &after), &before, &after);
    let mut found = Vec::new();
    let (mut i, mut j) = (0, 0);
    for (a, b) in kept.into_iter().chain([(before.len(), after.len())]) {
        push(&mut found, Part::Removed(before[i..a].concat()));
        push(&mut found, Part::Added(after[j..b].concat()));
        if let Some(token) = before.get(a) {
            push(&mut found, Part::Same((*token).to_owned()));
        }
        (i, j) = (a + 1, b + 1);
    }
    found
}

/// Pairs without those of single characters amid changes on both sides, which only make a change hard to read.
fn readable(pairs: &[(usize, usize)], old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let joins =
        |one: (usize, usize), other: (usize, usize)| one.0 + 1 == other.0 && one.1 + 1 == other.1;
    let mut kept = Vec::new();
    for (at, pair) in pairs.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| pairs[at]);
        let after = pairs.get(at + 1).copied();
        let alone = !before.is_some_and(|before| joins(before, *pair))
            && !after.is_some_and(|after| joins(*pair, after));
        let at_an_edge =
            (pair.0 == 0 && pair.1 == 0) || (pair.0 + 1 == old.len() && pair.1 + 1 == new.len());
        let is_a_break = old[pair.0] == "\n" || old[pair.0] == "｜";
        if !alone || at_an_edge || is_a_break || old[pair.0].chars().nth(1).is_some() {
            kept.push(*pair);
        }
    }
    kept
}

fn push(found: &mut Vec<Part>, part: Part) {
    match (found.last_mut(), part) {
        (_, Part::Same(text) | Part::Removed(text) | Part::Added(text)) if text.is_empty() => {}
        (Some(Part::Same(before)), Part::Same(text)) => before.push_str(&text),
        (_, part) => found.push(part),
    }
}

fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let length = if word > 0 { word } else { first.len_utf8() };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{Part, parts};

    #[track_caller]
    fn check(old: &str, new: &str, expected: &str) {
        let found = parts(old, new);
        let shown: String = found
            .iter()
            .map(|part| match part {
                Part::Same(text) => text.clone(),
                Part::Removed(text) => format!("[-{text}]"),
                Part::Added(text) => format!("[+{text}]"),
            })
            .collect();
        assert_eq!(shown, expected);
        let side = |keep: fn(&Part) -> Option<&String>| {
            found.iter().filter_map(keep).cloned().collect::<String>()
        };
        assert_eq!(
            side(|part| match part {
                Part::Same(text) | Part::Removed(text) => Some(text),
                Part::Added(_) => None,
            }),
            old
        );
        assert_eq!(
            side(|part| match part {
                Part::Same(text) | Part::Added(text) => Some(text),
                Part::Removed(_) => None,
            }),
            new
        );
    }

    #[test]
    fn what_changed_is_shown_and_nothing_else() {
        check("年1回見直す。", "年2回見直す。", "年[-1][+2]回見直す。");
        check(
            "責任者に知らせる。",
            "責任者と社長に知らせる。",
            "責任者[+と社長]に知らせる。",
        );
        check("EDR を入れる", "EPP を入れる", "[-EDR][+EPP] を入れる");
        check("同じ", "同じ", "同じ");
        check("", "新しい", "[+新しい]");
        check("古い", "", "[-古い]");
        check("佐藤", "髙橋 𠮷乃", "[-佐藤][+髙橋 𠮷乃]");
    }
}
