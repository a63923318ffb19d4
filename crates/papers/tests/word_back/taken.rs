//! From a file to proposals, and from what is taken in to the next paper: it reads as the file did.

use sonae_core::paper::difference::returned;
use sonae_core::paper::document::{Body, Document, Span};
use sonae_core::paper::own_text::{Draft, Edit, Proposal, Take, proposals};
use sonae_core::paper::{compose_own, plain};
use sonae_papers::docx::{read, word};

use super::library::{LIBRARY, meta};
use super::paper::{Text, draft, edited, paragraph};

fn of_20(kind: &str) -> Draft<'static> {
    let sample = LIBRARY.samples().iter().find(|sample| sample.name == "20");
    Draft {
        library: &LIBRARY,
        kind: LIBRARY.kind(kind).expect("in the library"),
        answers: &sample.expect("a sample").answers,
        edits: &[],
        meta: Box::leak(Box::new(meta())),
    }
}

fn proposed(kind: &str, change: impl FnOnce(&mut Text)) -> (Vec<Proposal>, Vec<u8>) {
    let document = draft(kind);
    let file = edited(&document, change);
    let back = read(&file).expect("readable");
    (proposals(of_20(kind), &back.paragraphs(&document)), file)
}

fn edits(proposals: &[Proposal]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for proposal in proposals {
        match &proposal.take {
            Take::Own(own) => edits.extend(own.clone()),
            other => panic!("{}: {other:?}", proposal.sentence),
        }
    }
    // They are kept as JSON.
    let json = serde_json::to_string(&edits).expect("written");
    serde_json::from_str(&json).expect("read")
}

/// Takes everything in; the file then has no changes any more, and a new file neither.
#[track_caller]
fn check(kind: &str, proposals: usize, change: impl FnOnce(&mut Text)) -> Document {
    let (found, file) = proposed(kind, change);
    assert_eq!(found.len(), proposals, "{found:#?}");
    let edits = edits(&found);
    let draft = Draft {
        edits: &edits,
        ..of_20(kind)
    };
    let composed = compose_own(&LIBRARY, draft.kind, draft.answers, &edits, draft.meta);
    assert_eq!(composed.notices, []);
    for file in [file, word(&composed.document).expect("written")] {
        let back = read(&file).expect("readable");
        let paragraphs = back.paragraphs(&composed.document);
        let left = returned(&composed.document, &paragraphs).changes;
        assert_eq!(left, []);
    }
    composed.document
}

#[test]
fn a_changed_sentence_follows_its_values_and_references() {
    let kind = "csirt-regulation";
    let document = check(kind, 1, |text| {
        text.replace(
            "について、その体制、役割、権限及び動き方を定める。",
            "の働き方を決める。",
        )
    });
    let text = plain::text(&document);
    assert!(
        text.contains("𠮷﨑食品 CSIRT（以下「CSIRT」という。）の働き方を決める。"),
        "{text}"
    );
    // Another name of the team is printed in the company's own sentence.
    let (found, _) = proposed(kind, |text| {
        text.replace(
            "について、その体制、役割、権限及び動き方を定める。",
            "の働き方を決める。",
        )
    });
    let edits = edits(&found);
    let mut answers = of_20(kind).answers.clone();
    let name = sonae_core::paper::answers::Value::Text("ABC対応班".to_owned());
    answers.values.insert("csirt_name".to_owned(), name);
    let composed = compose_own(
        &LIBRARY,
        of_20(kind).kind,
        &answers,
        &edits,
        of_20(kind).meta,
    );
    let text = plain::text(&composed.document);
    assert!(
        text.contains("ABC対応班（以下「CSIRT」という。）の働き方を決める。"),
        "{text}"
    );
    assert_eq!(
        composed.notices.len(),
        1,
        "the answer under it changed: {:?}",
        composed.notices
    );
}

#[test]
fn a_new_article_shifts_what_follows() {
    let before = draft("csirt-regulation");
    let last = |document: &Document| {
        let articles = document.blocks.iter().rev();
        let mut numbers = articles.filter_map(|block| match block.body {
            Body::Article { number, .. } => Some(number),
            _ => None,
        });
        numbers.next().expect("articles")
    };
    let document = check("csirt-regulation", 1, |text| {
        let new = [
            paragraph("Article", "第99条（見張り）"),
            paragraph("Clause", "CSIRTは、毎朝、記録を確かめる。"),
            paragraph("ListItem", "夜の記録"),
            paragraph("ListItem", "休みの日の記録"),
        ];
        text.put_behind("w:p", "経営責任者の直属とする。", &new.concat());
    });
    assert_eq!(last(&document), last(&before) + 1);
    let text = plain::text(&document);
    assert!(
        text.contains(
            "第5条（見張り）\nCSIRTは、毎朝、記録を確かめる。\n・夜の記録\n・休みの日の記録\n"
        ),
        "{text}"
    );
}

#[test]
fn a_removed_article_leaves_no_reference_behind() {
    let document = check("csirt-regulation", 1, |text| {
        text.cut("w:p", ">設置<");
        text.cut("w:p", "を置く。<");
        text.cut("w:p", "経営責任者の直属とする。");
    });
    let ids: Vec<&str> = document
        .blocks
        .iter()
        .map(|block| block.id.as_str())
        .collect();
    assert!(!ids.iter().any(|id| id.starts_with("establishment")));
    assert!(!plain::text(&document).contains("別に定めるところ"));
}

#[test]
fn a_moved_clause_and_two_new_ones() {
    check("csirt-regulation", 3, |text| {
        let moved = text.cut("w:p", "経営責任者の直属とする。");
        text.put_behind("w:p", "対応の方針を決める。", &moved);
        let new = [
            paragraph("ClauseNumbered", "一つ目の項とする。"),
            paragraph("ClauseNumbered", "2　二つ目の項とする。"),
        ];
        text.put_behind("w:p", "当社の情報に関わるものは", &new.concat());
    });
}

#[test]
fn a_cell_of_an_answered_table_is_an_answer() {
    let (found, _) = proposed("asset-ledger", |text| {
        text.replace("保健所に示すことがある", "毎月示す")
    });
    let [
        Proposal {
            take: Take::Answers(answers),
            ..
        },
    ] = found.as_slice()
    else {
        panic!("{found:#?}")
    };
    let changed = answers[0]
        .applied(&LIBRARY, of_20("asset-ledger").answers)
        .expect("readable");
    let (row, column) = answers[0].cell.clone().expect("a cell");
    let cell = changed
        .row(&answers[0].question, &row)
        .and_then(|row| row.text(&column));
    assert_eq!(cell, Some("毎月示す"));
}

#[test]
fn what_cannot_be_taken_in_says_why() {
    let (found, _) = proposed("asset-ledger", |text| {
        text.cut("w:tr", "保健所に示すことがある");
    });
    assert!(
        matches!(&found[0].take, Take::Not(why) if why.ends_with('。')),
        "{found:#?}"
    );
    let (found, _) = proposed("asset-ledger", |text| {
        let title = text.0.find("株式会社").expect("a company");
        text.0.insert(title, '新');
    });
    assert!(
        matches!(&found[0].take, Take::Not(why) if why.contains("質問の画面")),
        "{found:#?}"
    );
}

/// A name written on a blank line of the signatures is the answer that the line asks for.
#[test]
fn a_filled_blank_is_an_answer() {
    let kind = "basic-policy";
    let mut answers = of_20(kind).answers.clone();
    answers.values.remove("representative_name");
    // Then the whole line is nothing but blanks.
    answers.values.remove("representative_title");
    let draft = Draft {
        answers: &answers,
        ..of_20(kind)
    };
    let mut filled = compose_own(&LIBRARY, draft.kind, &answers, &[], draft.meta).document;
    for block in &mut filled.blocks {
        if let Body::Signature { lines } = &mut block.body {
            for span in lines.iter_mut().flatten() {
                if matches!(span, Span::Blank { question, .. } if question == "representative_name")
                {
                    *span = Span::Text("山田 太郎".to_owned());
                }
            }
        }
    }
    let back = read(&word(&filled).expect("written")).expect("readable");
    let found = proposals(draft, &back.paragraphs(&filled));
    let [
        Proposal {
            take: Take::Answers(changes),
            ..
        },
    ] = found.as_slice()
    else {
        panic!("{found:#?}")
    };
    assert_eq!(
        (changes[0].question.as_str(), changes[0].value.as_str()),
        ("representative_name", "山田 太郎")
    );
}
