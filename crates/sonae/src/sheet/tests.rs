//! Tables out and in again: any text survives, no cell begins a formula, hostile files cost little.

use std::io::{Cursor, Read, Write};

use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::encoding::for_cp932;
use super::guard::{guarded, unguarded};
use super::*;

/// Texts that spreadsheets stumble over, and any others.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "['\\t\\r\\n =+@＝＋－＠\\-\",;_x0-9A-F—−〜¥髙𠮷㈱ｱﾞ&<>]{0,12}",
        "_x[0-9A-Fa-f]{4}_.{0,3}",
        Just("=cmd|'/c calc'!A1".to_owned()),
        Just("'=already".to_owned()),
    ]
    .prop_map(|text| text.replace('\0', ""))
}

fn columns(count: usize) -> Vec<Column> {
    (0..count)
        .map(|n| Column::new(format!("見出し{n}"), 12))
        .collect()
}

fn cells(rows: &[Vec<String>]) -> Vec<Vec<Cell>> {
    let row = |row: &Vec<String>| row.iter().map(|text| Cell::from(text.as_str())).collect();
    rows.iter().map(row).collect()
}

/// What reading gives for rows below the titles: empty ends of rows and empty rows are not told apart from nothing.
fn without_empty(rows: &[Vec<String>], as_read: impl Fn(&str) -> String) -> Vec<Row> {
    let rows = (2..).zip(rows).map(|(number, row)| {
        let length = row
            .iter()
            .rposition(|text| !text.is_empty())
            .map_or(0, |last| last + 1);
        let cells = row[..length].iter().map(|text| as_read(text)).collect();
        Row { number, cells }
    });
    rows.filter(|row| !row.cells.is_empty()).collect()
}

fn below_titles(bytes: &[u8]) -> Vec<Row> {
    let table = read(bytes).expect("our own file is readable");
    table.rows[1..].to_vec()
}

fn xlsx(rows: &[Vec<String>]) -> Vec<u8> {
    let width = rows.iter().map(Vec::len).max().unwrap_or(1);
    write_xlsx("一覧", &columns(width), cells(rows), Timestamp::UNIX_EPOCH).expect("a workbook")
}

fn part(book: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).expect("an archive");
    let mut text = String::new();
    let mut part = archive.by_name(name).expect("the part");
    part.read_to_string(&mut text).expect("UTF-8");
    text
}

/// No cell of the text, split as a reader without any knowledge of us splits it, begins a formula.
fn no_cell_starts_a_formula(csv: &str) {
    let mut quoted = false;
    let mut begins = true;
    for c in csv.trim_start_matches('\u{feff}').chars() {
        if begins && c == '"' && !quoted {
            quoted = true;
            continue;
        }
        if begins {
            assert!(
                !"=+-@＝＋－＠\t".contains(c),
                "a cell begins with {c:?} in {csv:?}"
            );
        }
        if c == '"' {
            quoted = !quoted;
        }
        begins = !quoted && matches!(c, ',' | '\n' | '\r');
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_survives_csv(rows in vec(vec(any_text(), 2..5), 0..6)) {
        let csv = write_csv(&columns(5), cells(&rows), Encoding::Utf8);
        prop_assert_eq!(below_titles(&csv), without_empty(&rows, str::to_owned));
        no_cell_starts_a_formula(&String::from_utf8(csv).expect("UTF-8"));
    }

    #[test]
    fn any_text_survives_cp932_visibly_replaced(rows in vec(vec(any_text(), 2..5), 0..6)) {
        let csv = write_csv(&columns(5), cells(&rows), Encoding::Cp932);
        prop_assert_eq!(below_titles(&csv), without_empty(&rows, for_cp932));
        no_cell_starts_a_formula(&super::encoding::decode(&csv).expect("CP932"));
    }

    #[test]
    fn any_text_survives_excel_as_text(rows in vec(vec(any_text(), 2..5), 0..6)) {
        let lines = |text: &str| text.replace("\r\n", "\n").replace('\r', "\n").replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}");
        let book = xlsx(&rows);
        prop_assert_eq!(below_titles(&book), without_empty(&rows, lines));
        prop_assert!(!part(&book, "xl/worksheets/sheet1.xml").contains("<f"));
    }

    #[test]
    fn a_guard_is_taken_off_again(text in any_text()) {
        let cell = guarded(&text);
        prop_assert_eq!(unguarded(&cell), text);
    }

    #[test]
    fn any_bytes_give_a_table_or_a_sentence(bytes in vec(any::<u8>(), 0..400)) {
        drop(read(&bytes));
    }

    #[test]
    fn a_damaged_workbook_gives_a_table_or_a_sentence(at in 0_usize..6_000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut book = xlsx(&[vec!["会社".to_owned(), "年度".to_owned()]]);
        let at = at % book.len();
        if cut {
            book.truncate(at);
        } else {
            book[at] = byte;
        }
        drop(read(&book));
    }
}

#[test]
fn every_character_of_cp932_comes_back() {
    for c in ('\u{1}'..='\u{FFFF}').chain('\u{20000}'..'\u{20100}') {
        let text = for_cp932(&format!("名称{c}"));
        let bytes = super::encoding::to_cp932(&text);
        let back = super::encoding::decode(&bytes);
        assert_eq!(
            back.as_deref(),
            Some(text.as_str()),
            "U+{:04X}",
            u32::from(c)
        );
    }
    assert_eq!(for_cp932("髙﨑㈱〜𠮷"), "髙﨑㈱～(U+20BB7)");
}

#[test]
fn addresses_are_those_of_spreadsheets() {
    for (column, row, expected) in [
        (0, 1, "A1"),
        (2, 3, "C3"),
        (25, 9, "Z9"),
        (26, 10, "AA10"),
        (701, 1, "ZZ1"),
        (702, 1, "AAA1"),
    ] {
        assert_eq!(address(column, row), expected);
    }
}

/// `row:cell|cell` for each row.
fn shown(table: &Table) -> String {
    let rows = table.rows.iter();
    let rows = rows.map(|row| format!("{}:{}", row.number, row.cells.join("|")));
    rows.collect::<Vec<_>>().join(" / ")
}

#[test]
fn files_are_read_as_spreadsheets_show_them() {
    let check = |bytes: &[u8], expected: &str| {
        let found = match read(bytes) {
            Ok(table) => shown(&table),
            Err(error) => error.to_string(),
        };
        assert!(found.starts_with(expected), "{bytes:?}: {found}");
    };
    check(
        "会社名,年度\r\nア,2023\r\n".as_bytes(),
        "1:会社名|年度 / 2:ア|2023",
    );
    check(
        "\u{feff}会社名,年度\nア,2023".as_bytes(),
        "1:会社名|年度 / 2:ア|2023",
    );
    check(
        b"\x89\xef\x8e\xd0\x96\xbc,\x94N\x93x\r\n\xb1,5",
        "1:会社名|年度 / 2:ｱ|5",
    );
    check(
        b"\xff\xfeA\x00\t\x00B\x00\r\x00\n\x001\x00\t\x002\x00",
        "1:A|B / 2:1|2",
    );
    check(b"a,b\n\n\nc,d\n", "1:a|b / 4:c|d");
    check(b"a,\"1\n2\"\nc,d\n", "1:a|1\n2 / 2:c|d");
    check(b"a,\"say \"\"no\"\"\"x,b", "1:a|say \"no\"x|b");
    check(b",,\n, ,x,,\n", "2:| |x");
    check(b"a\tb,c\n1\t2,3", "1:a\tb|c / 2:1\t2|3");
    check(b"a,b\nc,\"d\n", "2行目から始まる引用符");
    check(b"", "ファイルが空です");
    check(b",,,\n\n", "ファイルが空です");
    check(b"\x80\xff\xff", "文字の種類がわかりません");
    check(b"a,b\0", "文字の種類がわかりません");
    check(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "古い形式のExcelファイル",
    );
    check(b"PK\x03\x04 nothing", "Excelファイルとして読めません");
}

#[test]
fn what_is_too_much_is_refused() {
    let check = |bytes: &[u8], expected: ReadError| assert_eq!(read(bytes), Err(expected));
    check(&vec![b'a'; MAX_BYTES + 1], ReadError::TooLarge);
    check(
        "a\n".repeat(MAX_ROWS + 1).as_bytes(),
        ReadError::TooManyRows,
    );
    check(
        (",".repeat(MAX_COLUMNS) + "a").as_bytes(),
        ReadError::TooManyColumns,
    );
    let address = "B1".to_owned();
    let long = format!("a,{}", "あ".repeat(32_768));
    check(long.as_bytes(), ReadError::CellTooLong { address });
    assert!(read("a\n".repeat(MAX_ROWS).as_bytes()).is_ok());
}

/// An archive whose parts hold so many bytes each.
fn archive(parts: usize, bytes: usize) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let zeros = vec![b' '; bytes];
    for part in 0..parts {
        let options = SimpleFileOptions::default();
        writer
            .start_file(format!("xl/{part}.xml"), options)
            .expect("a part");
        writer.write_all(&zeros).expect("a part");
    }
    writer.finish().expect("an archive").into_inner()
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let bomb = archive(1, 40 << 20);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    assert_eq!(read(&bomb), Err(ReadError::TooLarge));
    // The same with a lie about its size: both places that state it say 1.
    let size = u32::try_from(40 << 20).expect("small").to_le_bytes();
    let mut lying = bomb.clone();
    while let Some(at) = lying.windows(4).position(|four| four == size) {
        lying[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
    }
    assert!(matches!(
        read(&lying),
        Err(ReadError::TooLarge | ReadError::Damaged)
    ));
    assert_eq!(read(&archive(1_001, 1)), Err(ReadError::TooLarge));
    assert_eq!(read(&archive(3, 10)), Err(ReadError::Damaged));
}

#[test]
fn a_workbook_is_laid_out_for_reading_and_printing() {
    let rows = vec![vec![
        Cell::from("=HYPERLINK(\"https://example.jp\")"),
        Cell::from("7000012050002"),
        Cell::from(-5),
        Cell::from(9_000_000_000),
        Cell::from(None::<String>),
    ]];
    let book =
        write_xlsx("案件", &columns(5), rows.clone(), Timestamp::UNIX_EPOCH).expect("a book");
    let sheet = part(&book, "xl/worksheets/sheet1.xml");
    for piece in [
        "<pane ySplit=\"1\"",
        "state=\"frozen\"",
        "<autoFilter",
        "paperSize=\"9\"",
        "<cols>",
    ] {
        assert!(sheet.contains(piece), "{piece} in {sheet}");
    }
    let shown = shown(&read(&book).expect("a table"));
    let expected = "/ 2:=HYPERLINK(\"https://example.jp\")|7000012050002|-5|9000000000";
    assert!(shown.ends_with(expected), "{shown}");
    let again = write_xlsx("案件", &columns(5), rows, Timestamp::UNIX_EPOCH).expect("a book");
    assert_eq!(book, again, "the same table gives the same file");
}

#[test]
fn a_long_text_is_cut_visibly() {
    let book = xlsx(&[vec!["𠮷".repeat(20_000)]]);
    let rows = below_titles(&book);
    let text = rows[0].cell(0);
    assert!(text.ends_with("…(以下省略)"));
    assert!(text.encode_utf16().count() <= 32_767);
}
