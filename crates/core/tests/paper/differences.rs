//! Versions compared with each other, and papers that come back from Word.

use sonae_core::paper::answers::{Answers, Value};
use sonae_core::paper::difference::{
    ChangeKind, Paragraph, Part, ReturnedKind, difference, returned,
};
use sonae_core::paper::document::{Body, Document};
use sonae_core::paper::{compose, plain};

use super::{LIBRARY, meta};

fn document(kind: &str, answers: &Answers) -> Document {
    compose(&LIBRARY, LIBRARY.kind(kind).unwrap(), answers, &meta())
}

/// Changes of a paper when answers change, as `kind block row`.
fn changes(kind: &str, change: impl Fn(&mut Answers)) -> Vec<String> {
    let old = LIBRARY.samples()[1].answers.clone();
    let mut new = old.clone();
    change(&mut new);
    let found = difference(&document(kind, &old), &document(kind, &new));
    found
        .iter()
        .map(|change| {
            format!(
                "{:?} {} {}",
                change.kind,
                change.block,
                change.row.as_deref().unwrap_or("")
            )
        })
        .collect()
}

#[test]
fn a_version_differs_where_answers_differ() {
    assert_eq!(changes("basic-policy", |_| {}), Vec::<String>::new());
    assert_eq!(
        changes("basic-policy", |answers| drop(
            answers
                .values
                .insert("telework".to_owned(), Value::YesNo(true))
        )),
        ["Added staff-2 "]
    );
    assert_eq!(
        changes("basic-policy", |answers| drop(
            answers.values.remove("my_number")
        )),
        ["Removed law-3 "]
    );
    assert_eq!(
        changes("asset-ledger", |answers| answers
            .remove_row("assets", "haccp")),
        [
            "Removed ledger haccp",
            "Removed risks haccp",
            "Removed important haccp"
        ]
    );
    let owner = |answers: &mut Answers| {
        let Some(Value::Rows(rows)) = answers.values.get_mut("assets") else {
            panic!("a table")
        };
        rows[0]
            .cells
            .insert("owner".to_owned(), Value::Row("miura".to_owned()));
    };
    assert_eq!(changes("asset-ledger", owner), ["Changed ledger orders"]);
}

/// An article put in front moves all numbers and changes nothing else.
#[test]
fn a_number_that_moved_is_no_change() {
    let old = document("asset-ledger", &LIBRARY.samples()[0].answers);
    let mut new = old.clone();
    let mut renamed = new
        .blocks
        .iter()
        .find(|block| matches!(&block.body, Body::Table(_)))
        .unwrap()
        .clone();
    renamed.id = "another".to_owned();
    new.blocks.insert(0, renamed);
    for block in &mut new.blocks {
        match &mut block.body {
            Body::Table(table) => table.number = table.number.map(|number| number + 1),
            Body::Paragraph { text } => {
                for span in text {
                    if let sonae_core::paper::document::Span::Reference { text, .. } = span {
                        *text = "表4".to_owned();
                    }
                }
            }
            _ => {}
        }
    }
    let found = difference(&old, &new);
    let kinds: Vec<ChangeKind> = found.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::Added], "{found:#?}");
}

/// The paragraphs of a document as a word processor has them.
pub(crate) fn paragraphs(document: &Document) -> Vec<Paragraph> {
    let mut found = Vec::new();
    for block in &document.blocks {
        let number = plain::number_text(block, document.numbering);
        for (index, text) in plain::block_text(block).into_iter().enumerate() {
            let numbered =
                index == 0 && !number.is_empty() && !matches!(block.body, Body::Article { .. });
            let text = if numbered {
                format!("{number}　{text}")
            } else {
                text
            };
            found.push(Paragraph {
                text,
                ..Paragraph::default()
            });
        }
    }
    found
}

#[test]
fn what_came_back_untouched_has_no_changes() {
    for kind in ["basic-policy", "asset-ledger"] {
        for sample in LIBRARY.samples() {
            let draft = document(kind, &sample.answers);
            let found = returned(&draft, &paragraphs(&draft));
            assert_eq!(found.changes, [], "{kind} {}", sample.name);
            assert_eq!(found.recognised, found.all);
        }
    }
}

#[test]
fn exactly_the_edits_come_back() {
    let draft = document("basic-policy", &LIBRARY.samples()[1].answers);
    let mut came = paragraphs(&draft);
    let at = |came: &[Paragraph], start: &str| {
        came.iter()
            .position(|paragraph| paragraph.text.contains(start))
            .unwrap()
    };
    let changed = at(&came, "役員、従業員");
    came[changed].text = came[changed].text.replace("2回以上", "4回以上");
    let gone = at(&came, "・大切な情報の控え");
    came.remove(gone);
    let new = at(&came, "事故やその疑い");
    came.insert(
        new + 1,
        Paragraph {
            text: "匿名でも知らせることができます。".to_owned(),
            ..Paragraph::default()
        },
    );
    let found = returned(&draft, &came);
    let kinds: Vec<(ReturnedKind, Option<&str>)> = found
        .changes
        .iter()
        .map(|change| (change.kind, change.block.as_deref()))
        .collect();
    let expected = [
        (ReturnedKind::Added, Some("organisation-2")),
        (ReturnedKind::Changed, Some("staff-1")),
        (ReturnedKind::Removed, Some("protection-2")),
    ];
    assert_eq!(kinds.len(), 3, "{:#?}", found.changes);
    assert_eq!(kinds[1..], expected[1..]);
    assert_eq!(found.changes[0].after, "匿名でも知らせることができます。");
    assert!(
        found.changes[1]
            .parts
            .contains(&Part::Added("4".to_owned())),
        "{:?}",
        found.changes[1].parts
    );
}

/// Whatever comes back, each of its paragraphs is in the result or was recognised.
#[test]
fn nothing_that_came_back_is_lost() {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    let draft = document("asset-ledger", &LIBRARY.samples()[0].answers);
    let whole = paragraphs(&draft);
    let edits = prop::collection::vec((0..1000_usize, 0..4_u8, "\\PC{0,20}"), 0..20);
    let tried = TestRunner::new(Config::with_cases(64)).run(&edits, |edits| {
        let mut came = whole.clone();
        for (at, what, text) in edits {
            let at = at % came.len();
            match what {
                0 => drop(came.remove(at)),
                1 => came.insert(
                    at,
                    Paragraph {
                        text,
                        ..Paragraph::default()
                    },
                ),
                2 => came[at].text.push_str(&text),
                _ => {
                    let moved = came.remove(at);
                    came.insert(at / 2, moved);
                }
            }
            if came.is_empty() {
                break;
            }
        }
        let found = returned(&draft, &came);
        let added = found
            .changes
            .iter()
            .filter(|change| change.kind == ReturnedKind::Added)
            .count();
        let blank = came
            .iter()
            .filter(|paragraph| {
                paragraph.text.split_whitespace().next().is_none()
                    || sonae_core::text::invisible::strip(&paragraph.text)
                        .trim()
                        .is_empty()
            })
            .count();
        prop_assert_eq!(added + found.recognised + blank, came.len());
        let removed = found
            .changes
            .iter()
            .filter(|change| change.kind == ReturnedKind::Removed)
            .count();
        prop_assert_eq!(found.recognised + removed, found.all);
        Ok(())
    });
    tried.unwrap();
}
