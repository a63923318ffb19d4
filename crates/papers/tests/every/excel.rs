//! The ledger, read by another reader than the one who wrote it.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use sonae_core::paper::answers::{AnswerRow, Answers, Value};
use sonae_core::paper::ledger::{ONE_TO_THREE, assess};
use sonae_papers::xlsx::ledger;

use super::library::{LIBRARY, keep, meta};

const SHEET: &str = "情報資産管理台帳";
const HOSTILE: [&str; 6] = [
    "=cmd|'/C calc'!A0",
    "+1",
    "@SUM(A1)",
    "<script>",
    "髙﨑𠮷",
    "長い名前の長い名前の長い名前の長い名前の長い名前",
];

fn open(file: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(file.to_vec())).expect("another reader opens the workbook")
}

/// The column with this head, below it.
fn column(book: &mut Xlsx<Cursor<Vec<u8>>>, head: &str) -> Vec<Data> {
    let range = book.worksheet_range(SHEET).expect("the ledger's sheet");
    let at = range
        .rows()
        .next()
        .expect("heads")
        .iter()
        .position(|cell| *cell == head)
        .expect(head);
    range.rows().skip(1).map(|row| row[at].clone()).collect()
}

fn written(answers: &Answers) -> Vec<u8> {
    ledger(&LIBRARY, answers, &meta()).expect("written")
}

#[test]
fn the_ledger_shows_what_the_model_says() {
    for sample in LIBRARY.samples() {
        let file = written(&sample.answers);
        assert_eq!(
            file,
            written(&sample.answers),
            "the same answers are the same file"
        );
        keep(&format!("asset-ledger-{}.xlsx", sample.name), &file);
        let mut book = open(&file);
        assert_eq!(
            book.sheet_names(),
            [SHEET, "リスクの地図", "設定", "選択肢"]
        );
        let risks = column(&mut book, "リスク値");
        let rows = sample.answers.rows("assets");
        assert!(!rows.is_empty());
        for (row, shown) in rows.iter().zip(risks) {
            let expected = assess(row, ONE_TO_THREE).risk.map(|risk| risk.to_string());
            assert_eq!(
                shown.to_string(),
                expected.unwrap_or_default(),
                "{}",
                row.id
            );
        }
        let formulas = book.worksheet_formula(SHEET).expect("formulas");
        assert!(
            formulas
                .rows()
                .flatten()
                .filter(|formula| !formula.is_empty())
                .count()
                >= rows.len() * 4
        );
    }
}

#[test]
fn text_stays_text_and_three_hundred_rows_pass() {
    let row = |at: usize| AnswerRow {
        id: format!("r{at}"),
        cells: [(
            "name".to_owned(),
            Value::Text(HOSTILE[at % HOSTILE.len()].to_owned()),
        )]
        .into(),
    };
    let rows: Vec<_> = (0..300).map(row).collect();
    let answers = Answers {
        values: [("assets".to_owned(), Value::Rows(rows))].into(),
    };
    let mut book = open(&written(&answers));
    let names = column(&mut book, "情報資産の名称");
    for at in 0..300 {
        assert_eq!(
            names[at],
            Data::String(HOSTILE[at % HOSTILE.len()].to_owned())
        );
    }
    let ids = column(&mut book, "行の番号");
    assert_eq!(ids[299], Data::String("r299".to_owned()));
}

#[test]
fn a_company_that_answered_nothing_gets_a_sheet_to_fill() {
    let mut book = open(&written(&Answers::default()));
    assert!(
        column(&mut book, "情報資産の名称")
            .iter()
            .all(|cell| *cell == Data::Empty)
    );
}
