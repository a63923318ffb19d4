//! Rows pasted from a spreadsheet, and what is asked of whom.

use serde_json::json;
use sonae_core::paper::answers::{Answers, from_sheet, head, is_head, read};
use sonae_core::paper::variants;

use super::LIBRARY;

fn lines(text: &str) -> Vec<Vec<String>> {
    text.lines()
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect()
}

#[test]
fn pasted_rows_keep_the_ids_of_rows_of_the_same_name() {
    let sample = &LIBRARY.samples()[0].answers;
    let question = LIBRARY.question("assets").unwrap();
    let pasted = "情報資産の名称\t管理責任者\t機密性\t個人情報の種類\t重要度\n図面・仕様書（進行中）\t橘 航\t３\t個人情報\t9\n\t\t\t\t\n新しい名簿\t清水 かおり\t2\t要配慮個人情報\t";
    let rows = from_sheet(question, sample.rows("assets"), &lines(pasted)).unwrap();
    let mut json = sample.to_json();
    json["assets"] = rows;
    let reading = read(&LIBRARY, &json);
    assert_eq!(reading.problems, []);
    let found: Vec<(&str, Option<&str>, Option<i64>)> = reading
        .answers
        .rows("assets")
        .iter()
        .map(|row| {
            (
                row.id.as_str(),
                row.named("owner"),
                row.number("confidentiality"),
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("drawings", Some("tachibana"), Some(3)),
            ("n1", Some("shimizu"), Some(2))
        ]
    );
}

#[test]
fn what_is_wrong_with_a_pasted_cell_is_said_by_row_and_column() {
    let question = LIBRARY.question("assets").unwrap();
    let rows = from_sheet(
        question,
        &[],
        &lines("情報資産の名称\t機密性\t管理責任者\n名簿\t高い\t知らない人"),
    )
    .unwrap();
    let reading = read(&LIBRARY, &json!({ "assets": rows }));
    let found: Vec<String> = reading
        .problems
        .iter()
        .map(|problem| format!("{}: {}", problem.field, problem.sentence))
        .collect();
    assert_eq!(
        found,
        [
            "assets.n1.confidentiality: 情報資産の1行目：「機密性」は整数で書いてください。",
            "assets.n1.owner: 「管理責任者」に書かれた「知らない人」は、表にありません。先にその行を足すか、名前をそろえてください。",
        ]
    );
    for (pasted, start) in [
        ("", "貼り付ける表が空です。"),
        ("名称でない\n甲", "「名称でない」という列はありません。"),
        ("備考\n甲", "1行目に「情報資産の名称」の列がありません。"),
    ] {
        let said = from_sheet(question, &[], &lines(pasted)).unwrap_err();
        assert!(said.starts_with(start), "{said}");
    }
}

/// A workbook of ours that comes back: the hidden column says which row is meant, even when its name was changed.
#[test]
fn a_numbered_row_keeps_its_id_under_a_new_name() {
    let sample = &LIBRARY.samples()[0].answers;
    let question = LIBRARY.question("assets").unwrap();
    let pasted = "行の番号\t情報資産の名称\ndrawings\t図面のすべて\nunknown\t新しい名簿";
    let rows = from_sheet(question, sample.rows("assets"), &lines(pasted)).unwrap();
    assert_eq!(
        rows,
        json!([{ "id": "drawings", "name": "図面のすべて" }, { "id": "n1", "name": "新しい名簿" }])
    );
}

#[test]
fn a_heading_is_known_from_rows() {
    let question = LIBRARY.question("people").unwrap();
    for (line, expected) in [
        ("氏名\t所属・役職", true),
        ("行の番号", true),
        ("備え 太郎\t社長", false),
        ("", false),
    ] {
        assert_eq!(is_head(question, &lines(line).concat()), expected, "{line}");
    }
    assert!(is_head(question, &head(question)));
    let assets = LIBRARY.question("assets").unwrap();
    assert!(
        !head(assets).contains(&"重要度".to_owned()),
        "nobody answers what is computed"
    );
}

#[test]
fn an_expert_is_told_what_differs_for_a_company() {
    let kind = LIBRARY.kind("basic-policy").unwrap();
    let notes = |at: usize| variants(&LIBRARY, kind, &LIBRARY.samples()[at].answers).len();
    assert_eq!((notes(0), notes(1), notes(2)), (1, 0, 1));
    assert!(variants(&LIBRARY, kind, &Answers::default()).is_empty());
}
