//! Whatever is answered, every kind composes, nothing answered becomes markup, and no reference is left without its target.

use std::collections::BTreeSet;

use proptest::prelude::*;
use sonae_core::paper::answers::{Answers, Value, read};
use sonae_core::paper::document::{Body, Document, Item, Line, Span};
use sonae_core::paper::own_text::Edit;
use sonae_core::paper::{compose, compose_own, plain};

use super::{LIBRARY, meta};

/// Texts that would do harm if anything read them as markup.
const HOSTILE: [&str; 10] = [
    "#import \"x\"",
    "<script>alert(1)</script>",
    "=cmd|'/C calc'!A0",
    "{{company_name}}",
    "**太字**",
    "[[purpose]]",
    ":::if x\n# 見出し\n= 条\n:::end",
    "| a | b |\\n",
    "%% \\",
    "\u{1}制御\u{202e}文字\u{7}",
];

/// One thing that happens to the answers of a sample.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Forget(usize),
    Flip(usize),
    Number(usize, i64),
    Text(usize, usize),
    RemoveRow(usize, usize),
    EmptyTable(usize),
    Cell(usize, usize, usize, usize),
    ForgetCell(usize, usize, usize),
}

pub(crate) fn change() -> impl Strategy<Value = Change> {
    let n = || 0..1000_usize;
    prop_oneof![
        n().prop_map(Change::Forget),
        n().prop_map(Change::Flip),
        (n(), 0..150_i64).prop_map(|(a, b)| Change::Number(a, b)),
        (n(), n()).prop_map(|(a, b)| Change::Text(a, b)),
        (n(), n()).prop_map(|(a, b)| Change::RemoveRow(a, b)),
        n().prop_map(Change::EmptyTable),
        (n(), n(), n(), n()).prop_map(|(a, b, c, d)| Change::Cell(a, b, c, d)),
        (n(), n(), n()).prop_map(|(a, b, c)| Change::ForgetCell(a, b, c)),
    ]
}

fn nth<T>(mut found: Vec<T>, at: usize) -> Option<T> {
    let length = found.len();
    (length > 0).then(|| found.swap_remove(at % length))
}

/// The values of one kind, counted through all answers.
fn of_kind(answers: &mut Answers, at: usize, is_it: impl Fn(&Value) -> bool) -> Option<&mut Value> {
    nth(
        answers
            .values
            .values_mut()
            .filter(|value| is_it(value))
            .collect(),
        at,
    )
}

fn is_rows(value: &Value) -> bool {
    matches!(value, Value::Rows(_))
}

pub(crate) fn apply(answers: &mut Answers, change: &Change) {
    match *change {
        Change::Forget(at) => {
            let id = nth(answers.values.keys().cloned().collect(), at);
            id.map(|id| answers.values.remove(&id));
        }
        Change::Flip(at) => {
            if let Some(Value::YesNo(yes)) =
                of_kind(answers, at, |value| matches!(value, Value::YesNo(_)))
            {
                *yes = !*yes;
            }
        }
        Change::Number(at, number) => {
            if let Some(Value::Number(found)) =
                of_kind(answers, at, |value| matches!(value, Value::Number(_)))
            {
                *found = number;
            }
            answers
                .values
                .insert("employees".to_owned(), Value::Number(number));
        }
        Change::Text(at, text) => {
            if let Some(Value::Text(found)) =
                of_kind(answers, at, |value| matches!(value, Value::Text(_)))
            {
                *found = HOSTILE[text % HOSTILE.len()].to_owned();
            }
        }
        Change::EmptyTable(at) => {
            if let Some(Value::Rows(rows)) = of_kind(answers, at, is_rows) {
                rows.clear();
            }
        }
        Change::RemoveRow(at, row) => {
            if let Some(Value::Rows(rows)) = of_kind(answers, at, is_rows)
                && !rows.is_empty()
            {
                rows.remove(row % rows.len());
            }
        }
        Change::Cell(at, row, cell, text) => {
            if let Some(Value::Rows(rows)) = of_kind(answers, at, is_rows)
                && let Some(row) = nth(rows.iter_mut().collect(), row)
                && let Some(Value::Text(found)) = nth(
                    row.cells
                        .values_mut()
                        .filter(|value| matches!(value, Value::Text(_)))
                        .collect(),
                    cell,
                )
            {
                *found = HOSTILE[text % HOSTILE.len()].to_owned();
            }
        }
        Change::ForgetCell(at, row, cell) => {
            if let Some(Value::Rows(rows)) = of_kind(answers, at, is_rows)
                && let Some(row) = nth(rows.iter_mut().collect(), row)
                && let Some(cell) = nth(row.cells.keys().cloned().collect(), cell)
            {
                row.cells.remove(&cell);
            }
        }
    }
}

/// What every writer relies on.
fn is_whole(document: &Document) {
    let mut ids = BTreeSet::new();
    for block in &document.blocks {
        assert!(ids.insert(block.id.as_str()), "{} stands twice", block.id);
    }
    for line in lines(document) {
        for span in line {
            match span {
                Span::Reference { to, text } => assert!(
                    ids.contains(to.as_str()) && !text.is_empty(),
                    "{to} is not there"
                ),
                Span::Text(text) | Span::Strong(text) => {
                    assert!(!text.chars().any(char::is_control), "{text:?}")
                }
                Span::Blank { question, width } => assert!(!question.is_empty() && *width > 0),
            }
        }
    }
    for block in &document.blocks {
        match &block.body {
            Body::Table(table) => {
                assert!(
                    table
                        .rows
                        .iter()
                        .all(|row| row.cells.len() == table.columns.len() && row.lines > 0),
                    "{}",
                    block.id
                );
                assert!(
                    !table.rows.is_empty() && table.columns.iter().all(|column| column.share > 0),
                    "{}",
                    block.id
                );
            }
            Body::Heading { level, number, .. } => {
                assert!(
                    (1..=3).contains(level) && !number.contains(&0),
                    "{} {number:?}",
                    block.id
                );
            }
            Body::Flow(flow) => assert!(!flow.steps.is_empty() && flow.number > 0),
            Body::List { items, .. } => assert!(!items.is_empty()),
            _ => {}
        }
    }
    assert!(
        !plain::text(document).contains("別に定めるところ"),
        "a reference leads nowhere"
    );
}

fn lines(document: &Document) -> Vec<&Line> {
    let mut found = Vec::new();
    for block in &document.blocks {
        match &block.body {
            Body::Heading { text, .. } | Body::Clause { text, .. } | Body::Paragraph { text } => {
                found.push(text)
            }
            Body::Article { caption, .. } => found.push(caption),
            Body::List { items, .. } => of_items(items, &mut found),
            Body::Table(table) => {
                found.extend(table.rows.iter().flat_map(|row| row.cells.iter().flatten()))
            }
            Body::Flow(flow) => found.extend(flow.steps.iter().map(|step| &step.text)),
            Body::Signature { lines } => found.extend(lines),
            Body::Notice { title, text } => {
                found.push(title);
                found.extend(text);
            }
            Body::Chart(_) | Body::PageBreak => {}
        }
    }
    found
}

fn of_items<'a>(items: &'a [Item], found: &mut Vec<&'a Line>) {
    for item in items {
        found.push(&item.text);
        item.under
            .iter()
            .for_each(|(_, items)| of_items(items, found));
    }
}

fn all_kinds(answers: &Answers) {
    for kind in LIBRARY.kinds() {
        is_whole(&compose(&LIBRARY, kind, answers, &meta()));
    }
}

/// One kind with a company's own words in it.
pub(crate) fn one_kind_with(answers: &Answers, kind: &str, edits: &[Edit]) {
    let kind = LIBRARY.kind(kind).expect("in the library");
    is_whole(&compose_own(&LIBRARY, kind, answers, edits, &meta()).document);
}

#[test]
fn every_kind_composes_for_every_sample_and_for_nothing() {
    all_kinds(&Answers::default());
    LIBRARY
        .samples()
        .iter()
        .for_each(|sample| all_kinds(&sample.answers));
}

/// Every single row taken away, from every table.
#[test]
fn removing_any_row_leaves_no_reference_behind() {
    for sample in LIBRARY.samples() {
        for question in LIBRARY.questions() {
            for row in sample.answers.rows(&question.id) {
                let mut answers = sample.answers.clone();
                answers.remove_row(&question.id, &row.id);
                all_kinds(&answers);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_answers_compose(sample in 0..LIBRARY.samples().len(), changes in prop::collection::vec(change(), 0..30)) {
        let mut answers = LIBRARY.samples()[sample].answers.clone();
        changes.iter().for_each(|change| apply(&mut answers, change));
        all_kinds(&answers);
    }

    /// What is sent may be anything; what is read of it composes, and is read again as it is.
    #[test]
    fn any_json_is_read(pairs in prop::collection::vec(("[a-z_]{1,8}(\\.[a-z0-9]{1,3}\\.[a-z_]{1,8})?|systems\\.[ab]\\.(name|rto|owner)|employees", "\\PC{0,12}|[0-9]{1,4}"), 0..12)) {
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let reading = read(&LIBRARY, &sonae_core::paper::answers::from_pairs(pairs));
        assert!(reading.problems.iter().all(|problem| problem.sentence.ends_with('。')), "{:?}", reading.problems);
        assert_eq!(read(&LIBRARY, &reading.answers.to_json()).answers, reading.answers);
        all_kinds(&reading.answers);
    }
}

#[test]
fn hostile_answers_are_printed_as_they_are() {
    for text in HOSTILE {
        let mut answers = LIBRARY.samples()[0].answers.clone();
        answers
            .values
            .insert("business".to_owned(), Value::Text(text.to_owned()));
        let document = compose(
            &LIBRARY,
            LIBRARY.kind("basic-policy").unwrap(),
            &answers,
            &meta(),
        );
        let shown = text
            .replace(['\u{1}', '\u{202e}', '\u{7}'], "")
            .replace('\n', " ");
        let first = plain::block_text(&document.blocks[0]).join("");
        assert!(first.contains(&format!("は、{shown}を営む")), "{first}");
    }
}

/// A ledger of the most rows composes, and one row more is said.
#[test]
fn three_hundred_rows_pass_and_one_more_is_said() {
    for (rows, problems) in [(300, 0), (301, 1)] {
        let ledger: Vec<_> = (0..rows)
            .map(|n| serde_json::json!({ "name": format!("資産{n}"), "confidentiality": 3 }))
            .collect();
        let reading = read(&LIBRARY, &serde_json::json!({ "assets": ledger }));
        assert_eq!(reading.problems.len(), problems, "{:?}", reading.problems);
        assert_eq!(reading.answers.rows("assets").len(), 300);
        let document = compose(
            &LIBRARY,
            LIBRARY.kind("asset-ledger").unwrap(),
            &reading.answers,
            &meta(),
        );
        is_whole(&document);
        assert!(
            document
                .blocks
                .iter()
                .any(|block| matches!(&block.body, Body::Table(table) if table.rows.len() == 300))
        );
    }
}
