//! A paper that comes back from Word: which blocks of the draft its paragraphs are, what was changed, what is new. Every paragraph that came back is
//! in the result, so that nothing is silently lost.

use super::alignment::common;
use super::units::{Unit, of_block, plain};
use super::words::{Part, parts};
use crate::paper::document::Document;

/// Most paragraphs that are compared; the rest is reported as new.
const MOST_PARAGRAPHS: usize = 5000;
/// How alike two texts must be to be the same paragraph, changed: shared pairs of characters in percent.
const ALIKE: usize = 40;
/// Longest text whose likeness is measured, in characters.
const LONGEST: usize = 400;
/// How far ahead a changed paragraph is looked for.
const AHEAD: usize = 60;

/// Neighbouring characters of a text, sorted.
type Pairs = Vec<(char, char)>;

/// One paragraph of an uploaded file, or one row of a table (cells joined by `｜`), in the file's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paragraph {
    /// The name of its style, as the writer named it.
    pub style: String,
    /// The number printed before it, where the file says it (automatic numbers); otherwise it may stand in the text.
    pub number: String,
    pub text: String,
}

/// The result of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// In the order of the draft; what is new stands behind what it followed.
    pub changes: Vec<ReturnedChange>,
    /// How many paragraphs of the draft came back, changed or not, and how many it has.
    pub recognised: usize,
    pub all: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedChange {
    pub kind: ReturnedKind,
    /// The block of the draft: the changed one, or the one that a new paragraph follows; none at the beginning.
    pub block: Option<String>,
    /// The row of a table.
    pub row: Option<String>,
    pub before: String,
    pub after: String,
    pub parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnedKind {
    Changed,
    Removed,
    Added,
    /// The same text at another place.
    Moved,
}

/// Compares what came back with the draft. Numbers are not compared: they follow from the text.
pub fn returned(draft: &Document, paragraphs: &[Paragraph]) -> Comparison {
    let units: Vec<Unit> = draft
        .blocks
        .iter()
        .flat_map(|block| of_block(block, draft))
        .filter(|unit| !unit.plain.is_empty())
        .collect();
    let came: Vec<&Paragraph> = paragraphs
        .iter()
        .filter(|paragraph| !plain(&paragraph.text).is_empty())
        .collect();
    let numbers: Vec<&str> = units
        .iter()
        .map(|unit| unit.number.as_str())
        .filter(|number| !number.is_empty())
        .collect();
    let texts: Vec<String> = came
        .iter()
        .map(|paragraph| without_number(&plain(&paragraph.text), &numbers, &units))
        .collect();
    let before: Vec<&str> = units.iter().map(|unit| unit.plain.as_str()).collect();
    let after: Vec<&str> = texts
        .iter()
        .take(MOST_PARAGRAPHS)
        .map(String::as_str)
        .collect();
    let mut found = Matching {
        of_unit: vec![None; units.len()],
        of_text: vec![None; texts.len()],
        units: units.iter().map(|unit| pairs(&unit.plain)).collect(),
        texts: texts.iter().map(|text| pairs(text)).collect(),
    };
    let anchors = common(&before, &after);
    for (unit, text) in &anchors {
        found.pair(*unit, *text);
    }
    let mut start = (0, 0);
    for end in anchors.into_iter().chain([(units.len(), after.len())]) {
        found.alike(start, end);
        start = (end.0 + 1, end.1 + 1);
    }
    let moved = found.elsewhere(&units, &texts);
    report(&units, &came, &texts, &found, &moved)
}

struct Matching {
    of_unit: Vec<Option<usize>>,
    of_text: Vec<Option<usize>>,
    units: Vec<Pairs>,
    texts: Vec<Pairs>,
}

impl Matching {
    fn pair(&mut self, unit: usize, text: usize) {
        self.of_unit[unit] = Some(text);
        self.of_text[text] = Some(unit);
    }

    /// Between two paragraphs that stayed the same, what is alike is the same paragraph, changed; the order is kept.
    fn alike(&mut self, from: (usize, usize), to: (usize, usize)) {
        let mut next = from.1;
        for unit in from.0..to.0 {
            let alone = to.0 - from.0 == 1 && to.1.saturating_sub(from.1) == 1;
            let ahead = next..to.1.min(next + AHEAD);
            let best = ahead
                .map(|text| (likeness(&self.units[unit], &self.texts[text]), text))
                .max_by_key(|(alike, text)| (*alike, usize::MAX - text));
            if let Some((alike, text)) = best
                && (alike >= ALIKE || (alone && alike >= ALIKE / 2))
            {
                self.pair(unit, text);
                next = text + 1;
            }
        }
    }

    /// Paragraphs that came back word for word at another place.
    fn elsewhere(&mut self, units: &[Unit], texts: &[String]) -> Vec<usize> {
        let mut moved = Vec::new();
        for (unit, text) in units.iter().enumerate() {
            if self.of_unit[unit].is_some() {
                continue;
            }
            let same =
                (0..texts.len()).find(|at| self.of_text[*at].is_none() && texts[*at] == text.plain);
            if let Some(at) = same {
                self.pair(unit, at);
                moved.push(unit);
            }
        }
        moved
    }
}

fn report(
    units: &[Unit],
    came: &[&Paragraph],
    texts: &[String],
    found: &Matching,
    moved: &[usize],
) -> Comparison {
    let mut comparison = Comparison {
        all: units.len(),
        ..Comparison::default()
    };
    let added = |text: usize, block: Option<&Unit>| ReturnedChange {
        kind: ReturnedKind::Added,
        block: block.map(|unit| unit.block.clone()),
        row: block.and_then(|unit| unit.row.clone()),
        before: String::new(),
        after: came[text].text.clone(),
        parts: Vec::new(),
    };
    // What is new follows the paragraph before it that the draft knows.
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); units.len() + 1];
    let mut last = 0;
    for (text, unit) in found.of_text.iter().enumerate() {
        match unit {
            Some(unit) if !moved.contains(unit) => last = unit + 1,
            Some(_) => {}
            None => behind[last].push(text),
        }
    }
    comparison
        .changes
        .extend(behind[0].iter().map(|text| added(*text, None)));
    for (index, unit) in units.iter().enumerate() {
        let change = |kind, after: &str, parts| ReturnedChange {
            kind,
            block: Some(unit.block.clone()),
            row: unit.row.clone(),
            before: unit.shown.clone(),
            after: after.to_owned(),
            parts,
        };
        match found.of_unit[index] {
            None => comparison
                .changes
                .push(change(ReturnedKind::Removed, "", Vec::new())),
            Some(text) => {
                comparison.recognised += 1;
                if moved.contains(&index) {
                    comparison
                        .changes
                        .push(change(ReturnedKind::Moved, &texts[text], Vec::new()));
                } else if texts[text] != unit.plain {
                    comparison.changes.push(change(
                        ReturnedKind::Changed,
                        &texts[text],
                        parts(&unit.plain, &texts[text]),
                    ));
                }
            }
        }
        comparison.changes.extend(
            behind[index + 1]
                .iter()
                .map(|text| added(*text, Some(unit))),
        );
    }
    comparison
}

/// The text without a number of the draft that a program wrote into it.
fn without_number(text: &str, numbers: &[&str], units: &[Unit]) -> String {
    if units.iter().any(|unit| unit.plain == text) {
        return text.to_owned();
    }
    let marks = ["・", "□", "•", "-"]
        .iter()
        .filter_map(|mark| text.strip_prefix(mark));
    let numbered = numbers.iter().filter_map(|number| {
        text.strip_prefix(number)
            .filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit() || c == '.'))
    });
    let rest = marks.chain(numbered).min_by_key(|rest| rest.len());
    rest.map_or_else(|| text.to_owned(), |rest| rest.trim_start().to_owned())
}

/// How alike two texts are in percent: pairs of neighbouring characters that both have (Dice).
fn likeness(one: &Pairs, other: &Pairs) -> usize {
    if one.is_empty() || other.is_empty() {
        return usize::from(one == other) * 100;
    }
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < one.len() && j < other.len() {
        match one[i].cmp(&other[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                i += 1;
                j += 1;
            }
        }
    }
    2 * shared * 100 / (one.len() + other.len())
}

fn pairs(text: &str) -> Pairs {
    let chars: Vec<char> = text.chars().take(LONGEST).collect();
    let mut pairs: Pairs = chars.windows(2).map(|pair| (pair[0], pair[1])).collect();
    pairs.sort_unstable();
    pairs
}
