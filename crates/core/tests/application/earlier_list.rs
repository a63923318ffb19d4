//! Lists of earlier participants: columns by their titles, rows with all their habits, and what is said about each cell.

use sonae_core::earlier_support::list::{Defaults, MAX_REMARKS, Reading, read};
use sonae_core::program::program::SupportKind;

fn parse(text: &str, defaults: Defaults) -> Reading {
    let rows: Vec<(u32, Vec<String>)> = (1..)
        .zip(text.trim().lines())
        .map(|(number, line)| {
            let cells = line.split('|').map(|cell| cell.trim().to_owned());
            (number, cells.collect())
        })
        .collect();
    let rows: Vec<(u32, &[String])> = rows.iter().map(|(n, cells)| (*n, &cells[..])).collect();
    read(&rows, defaults)
}

/// Records as `row name number phone kind year`, then remarks as `E row.column sentence`.
fn shown(reading: &Reading) -> String {
    let mut text = String::new();
    for (row, record) in &reading.records {
        let part = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
        text += &format!(
            "{row} {} {} {} {} {} {} {:?} {}\n",
            record.name,
            part(&record.name_kana),
            part(&record.corporate_number),
            part(&record.postcode),
            part(&record.address).replace(' ', "_"),
            part(&record.phone),
            record.kind,
            record.year
        );
    }
    for remark in &reading.remarks {
        let letter = if remark.is_error { 'E' } else { 'W' };
        let (row, column) = (remark.row, remark.column);
        text += &format!("{letter} {row}.{column} {}\n", remark.sentence);
    }
    text
}

#[track_caller]
fn check(list: &str, expected: &str) {
    let found = shown(&parse(list, Defaults::default()));
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        lines.map(str::to_owned).collect()
    };
    let (found, expected) = (lines(&found), lines(expected));
    let fits = found.len() == expected.len()
        && found
            .iter()
            .zip(&expected)
            .all(|(found, expected)| match expected.strip_suffix('…') {
                Some(beginning) => found.starts_with(beginning),
                None => found == expected,
            });
    assert!(fits, "{list}\nfound {found:#?}\nexpected {expected:#?}");
}

#[test]
fn rows_are_read_with_the_habits_of_offices() {
    check(
        "令和5年度 参加企業一覧
         No. | 企業名 | ﾌﾘｶﾞﾅ | 法人番号 | 〒 | 都道府県 | 所在地 | TEL | コース | 年度
         1 | ㈱みほん | みほん | ７０００-０1２０-５０００２ | 163-8001 | 東京都 | 新宿区西新宿2-8-1 | 03(0000)0001 | UTM、EDR | 令和5年度
         2 | 見本商店 | - | | | | | | マネジメント指導 | R5",
        "3 ㈱みほん ミホン 7000012050002 1638001 東京都_新宿区西新宿2-8-1 0300000001 Utm 2023
         3 ㈱みほん ミホン 7000012050002 1638001 東京都_新宿区西新宿2-8-1 0300000001 Edr 2023
         4 見本商店 - - - - - Guidance 2023",
    );
    // What a spreadsheet made of numbers.
    check(
        "会社名|電話番号|郵便番号|種類|年度
         みほん|300000001|600001|CSIRT|2023
         みほん2|9000000001|1638001|CSIRT|2023",
        "2 みほん - - 0600001 - 0300000001 Csirt 2023
         3 みほん2 - - 1638001 - 09000000001 Csirt 2023",
    );
}

#[test]
fn mistakes_are_told_by_cell() {
    check(
        "会社名|法人番号|電話番号|支援の種類|年度
         |7000012050002||UTM|2023
         みほん|1000012050002||UTM|2023
         みほん|||セミナー|2023
         みほん|||UTM|昨年
         みほん|||UTM|1999
         みほん||||
         みほん||03-0000|UTM|2023",
        "8 みほん - - - - - Utm 2023
         E 2.0 「会社名」が空です。…
         E 3.1 法人番号の数字のどこかが違っています。…
         E 4.3 支援の種類がわかりません。UTM機器設置、EDR導入、…
         E 5.4 年度は2023、令和5年度のように…
         E 6.4 年度は2000から2099までです。…
         E 7.3 「支援の種類」が空です。…
         E 7.4 「年度」が空です。…
         W 8.2 電話番号の数字が6桁あります。…",
    );
    check(
        "会社名|企業名|年度|種類\nみほん||2023|UTM",
        "E 1.1 「会社名」と「企業名」は同じ内容の見出しです。…",
    );
    check(
        "会社名|住所\nみほん|新宿区",
        "E 1.0 「支援の種類」の列がありません。…
         E 1.0 「年度」の列がありません。…",
    );
    check(
        "みほん|UTM\n見本|EDR",
        "E 1.0 見出しの行が見つかりません。…",
    );
    check(
        "会社名|年度|種類",
        "E 1.0 見出しの下に企業の行がありません。",
    );
}

#[test]
fn a_company_stands_once_for_each_kind_and_year() {
    check(
        "会社名|法人番号|住所|種類|年度
         みほん|7000012050002||UTM|2023
         みほん（株）|7000012050002||UTM|令和5年度
         みほん|7000012050002||UTM|2022
         みほん||新宿区西新宿2-8-1|UTM|2023
         みほん||港区芝1-1-1|UTM|2023
         みほん||港区芝1-1-1|UTM|2023",
        "2 みほん - 7000012050002 - - - Utm 2023
         4 みほん - 7000012050002 - - - Utm 2022
         5 みほん - - - 新宿区西新宿2-8-1 - Utm 2023
         6 みほん - - - 港区芝1-1-1 - Utm 2023
         W 3.0 同じ企業・種類・年度の行が…
         W 7.0 同じ企業・種類・年度の行が…",
    );
}

#[test]
fn a_missing_column_can_be_said_by_hand() {
    let defaults = Defaults {
        kind: Some(SupportKind::SpecialSupport),
        year: Some(2022),
    };
    let reading = parse("会社名|備考|メモ\nみほん|x|y\n見本|z|", defaults);
    assert_eq!(reading.errors, 0, "{reading:?}");
    assert_eq!(reading.ignored, ["備考", "メモ"]);
    assert_eq!(reading.records.len(), 2);
    let only_names = parse("会社名\nみほん", defaults);
    assert_eq!(only_names.records.len(), 1, "{only_names:?}");
    // What the list says itself counts more.
    let reading = parse("会社名|年度\nみほん|2023\n見本|", defaults);
    let years: Vec<i16> = reading
        .records
        .iter()
        .map(|(_, record)| record.year)
        .collect();
    assert_eq!(years, [2023, 2022]);
}

#[test]
fn remarks_are_bounded_and_counted() {
    let list = "会社名|種類|年度\n".to_owned() + &"みほん|x|y\n".repeat(500);
    let reading = parse(&list, Defaults::default());
    assert_eq!(
        (reading.errors, reading.remarks.len()),
        (1_000, MAX_REMARKS)
    );
}
