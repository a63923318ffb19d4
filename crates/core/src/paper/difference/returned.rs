//! A paper that comes back from Word: which blocks of the draft its paragraphs are, what was changed, what is new. Every paragraph that came back is
//! in the result, so that nothing is silently lost.

use std::collections::BTreeMap;

use super::alignment::common;
use super::units::{Unit, of_document, plain, says_something};
use super::words::{Part, parts};
use crate::paper::document::Document;

/// Most paragraphs that are compared; the rest is reported as new.
const MOST_PARAGRAPHS: usize = 5000;
/// How alike two texts must be to be the same paragraph, changed: shared pairs of characters in percent.
const ALIKE: usize = 40;
/// What a bookmark adds to the likeness.
const MARK: usize = 25;
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
    /// The cells of a row, empty for anything else.
    pub cells: Vec<String>,
    /// The blocks of the draft whose bookmarks hold the paragraph. Programs move and drop bookmarks, so that they only strengthen what the text says.
    pub blocks: Vec<String>,
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
    /// Which line of the block's own text it is, from 0; none for rows, captions, heads and arrows.
    pub line: Option<usize>,
    pub before: String,
    pub after: String,
    pub parts: Vec<Part>,
    /// The style and the cells of what came back.
    pub style: String,
    pub cells: Vec<String>,
    /// For what was moved: the block it follows now; none at the beginning.
    pub behind: Option<String>,
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
    let units = of_document(draft);
    let came: Vec<&Paragraph> = paragraphs
        .iter()
        .filter(|paragraph| says_something(&plain(&paragraph.text)))
        .filter(|paragraph| !printed_anew(draft, paragraph))
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
        marked: marked(&units, &came),
    };
    let anchors = common(&before, &after);
    for (unit, text) in &anchors {
        found.pair(*unit, *text);
    }
    let moved = found.elsewhere(&units, &texts);
    let mut start = (0, 0);
    for end in anchors.into_iter().chain([(units.len(), after.len())]) {
        found.alike(start, end);
        found.by_mark(start, end);
        start = (end.0 + 1, end.1 + 1);
    }
    report(&units, &came, &texts, &found, &moved)
}

/// Version, date and edition, which every version prints anew, however an older file has them.
fn printed_anew(draft: &Document, paragraph: &Paragraph) -> bool {
    let text = plain(&paragraph.text);
    let is_day = text.ends_with('日')
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '年' | '月' | '日'));
    let is_version = text
        .strip_prefix('第')
        .map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()))
        .is_some_and(|rest| matches!(rest, "版" | "版（案）"));
    match paragraph.style.as_str() {
        "TitleLine" => is_day || is_version,
        "Edition" => likeness(&pairs(&draft.edition), &pairs(&text)) >= ALIKE,
        _ => false,
    }
}

/// For each line of the draft, the paragraph that alone stands in the bookmark of its block, when the block is that one line.
fn marked(units: &[Unit], came: &[&Paragraph]) -> Vec<Option<usize>> {
    let mut held: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (at, paragraph) in came.iter().enumerate().take(MOST_PARAGRAPHS) {
        for block in &paragraph.blocks {
            let only = held.entry(block).or_insert(Some(at));
            if *only != Some(at) {
                *only = None;
            }
        }
    }
    let mut lines: BTreeMap<&str, usize> = BTreeMap::new();
    for unit in units {
        *lines.entry(&unit.block).or_default() += 1;
    }
    units
        .iter()
        .map(|unit| match lines[unit.block.as_str()] {
            1 => held.get(unit.block.as_str()).copied().flatten(),
            _ => None,
        })
        .collect()
}

struct Matching {
    of_unit: Vec<Option<usize>>,
    of_text: Vec<Option<usize>>,
    units: Vec<Pairs>,
    texts: Vec<Pairs>,
    marked: Vec<Option<usize>>,
}

impl Matching {
    fn pair(&mut self, unit: usize, text: usize) {
        self.of_unit[unit] = Some(text);
        self.of_text[text] = Some(unit);
    }

    /// Between two paragraphs that stayed the same, what is alike is the same paragraph, changed; the order is kept.
    fn alike(&mut self, from: (usize, usize), to: (usize, usize)) {
        let free = |of: &[Option<usize>], from: usize, to: usize| {
            (from..to)
                .filter(|at| of[*at].is_none())
                .collect::<Vec<_>>()
        };
        let lines = free(&self.of_unit, from.0, to.0);
        let came = free(&self.of_text, from.1, to.1);
        let alone = lines.len() == 1 && came.len() == 1;
        let mut next = 0;
        for unit in lines {
            let best = (next..came.len().min(next + AHEAD))
                .map(|at| {
                    let alike = likeness(&self.units[unit], &self.texts[came[at]]);
                    let mark = self.marked[unit] == Some(came[at]);
                    (alike + if mark { MARK } else { 0 }, at)
                })
                .max_by_key(|(alike, at)| (*alike, usize::MAX - at));
            if let Some((alike, at)) = best
                && (alike >= ALIKE || (alone && alike >= ALIKE / 2))
            {
                self.pair(unit, came[at]);
                next = at + 1;
            }
        }
    }

    /// What is left and stands alone in the bookmark of its block was written anew, unless that would change the order.
    fn by_mark(&mut self, from: (usize, usize), to: (usize, usize)) {
        let mut next = from.1;
        for unit in from.0..to.0 {
            if let Some(text) = self.of_unit[unit] {
                if (next..to.1).contains(&text) {
                    next = text + 1;
                }
                continue;
            }
            let end = (unit + 1..to.0)
                .filter_map(|later| self.of_unit[later])
                .filter(|text| (next..to.1).contains(text))
                .min()
                .unwrap_or(to.1);
            if let Some(text) = self.marked[unit]
                && (next..end).contains(&text)
                && self.of_text[text].is_none()
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

/// What one paragraph of the file, or its absence, says about a line of the draft.
#[derive(Clone, Copy)]
struct Reporter<'a> {
    units: &'a [Unit],
    came: &'a [&'a Paragraph],
    texts: &'a [String],
}

impl Reporter<'_> {
    fn change(
        &self,
        kind: ReturnedKind,
        unit: Option<usize>,
        text: Option<usize>,
    ) -> ReturnedChange {
        let unit = unit.map(|at| &self.units[at]);
        let known = unit.filter(|unit| !unit.block.is_empty());
        let came = text.map(|at| self.came[at]);
        // What is new is shown as it was typed, with its number.
        let after = match kind {
            ReturnedKind::Added => came.map(|came| came.text.clone()),
            _ => text.map(|at| self.texts[at].clone()),
        };
        let parts = match (kind, unit, &after) {
            (ReturnedKind::Changed, Some(unit), Some(after)) => parts(&unit.plain, after),
            _ => Vec::new(),
        };
        ReturnedChange {
            kind,
            block: known.map(|unit| unit.block.clone()),
            row: known.and_then(|unit| unit.row.clone()),
            line: known.and_then(|unit| unit.line),
            before: match kind {
                ReturnedKind::Added => String::new(),
                _ => unit.map(|unit| unit.shown.clone()).unwrap_or_default(),
            },
            after: after.unwrap_or_default(),
            parts,
            style: came.map(|came| came.style.clone()).unwrap_or_default(),
            cells: came.map(|came| came.cells.clone()).unwrap_or_default(),
            behind: None,
        }
    }
}

fn report(
    units: &[Unit],
    came: &[&Paragraph],
    texts: &[String],
    found: &Matching,
    moved: &[usize],
) -> Comparison {
    let around = |unit: &Unit| unit.block.is_empty();
    let counts = |unit: &Unit| !around(unit) && says_something(&unit.plain);
    let mut comparison = Comparison {
        all: (0..units.len())
            .filter(|at| {
                counts(&units[*at]) || (found.of_unit[*at].is_some() && !around(&units[*at]))
            })
            .count(),
        ..Comparison::default()
    };
    let reporter = Reporter { units, came, texts };
    // What is new follows the paragraph before it that the draft knows.
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); units.len() + 1];
    let mut follows: BTreeMap<usize, Option<String>> = BTreeMap::new();
    let (mut last, mut before) = (0, None);
    for (text, unit) in found.of_text.iter().enumerate() {
        match unit {
            Some(unit) if moved.contains(unit) => {
                follows.insert(*unit, before.clone());
            }
            Some(unit) => last = unit + 1,
            None => behind[last].push(text),
        }
        if let Some(unit) = unit
            && !around(&units[*unit])
        {
            before = Some(units[*unit].block.clone());
        }
    }
    let added = |at: usize| {
        let anchor = (0..at).rev().find(|before| !around(&units[*before]));
        let follow = move |text: &usize| reporter.change(ReturnedKind::Added, anchor, Some(*text));
        behind[at].iter().map(follow).collect::<Vec<_>>()
    };
    comparison.changes.extend(added(0));
    for (index, unit) in units.iter().enumerate() {
        if found.of_unit[index].is_some() && !around(unit) {
            comparison.recognised += 1;
        }
        match found.of_unit[index] {
            // Title, date and edition are printed anew; whoever leaves them out has said nothing.
            None if !counts(unit) => {}
            None => {
                comparison
                    .changes
                    .push(reporter.change(ReturnedKind::Removed, Some(index), None))
            }
            Some(_) if around(unit) && moved.contains(&index) => {}
            Some(text) if moved.contains(&index) => comparison.changes.push(ReturnedChange {
                behind: follows.get(&index).cloned().flatten(),
                ..reporter.change(ReturnedKind::Moved, Some(index), Some(text))
            }),
            Some(text) if texts[text] != unit.plain => comparison.changes.push(reporter.change(
                ReturnedKind::Changed,
                Some(index),
                Some(text),
            )),
            Some(_) => {}
        }
        comparison.changes.extend(added(index + 1));
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
    // An article's number is the text's own only when it is no caption: 第5条（目的） was counted or typed, 第5条の定め was written.
    let article = text
        .strip_prefix('第')
        .map(|rest| rest.trim_start_matches(|c: char| c.is_numeric()))
        .and_then(|rest| rest.strip_prefix('条'))
        .filter(|rest| rest.trim_start().starts_with(['（', '(']));
    let rest = marks
        .chain(numbered)
        .chain(article)
        .min_by_key(|rest| rest.len());
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
