//! Japanese dates, shown and read.

use jiff::Span;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::calendar::japanese::{
    MAX_CHARS, date_long, date_short, date_with_weekday, instant, moment, parse_date,
};

#[test]
fn shows_the_table_of_eras() {
    let mut checked = 0;
    for line in include_str!("../../../tests/data/era.csv").lines().skip(1) {
        let [iso, long, short, _note] = line.splitn(4, ',').collect::<Vec<_>>()[..] else {
            panic!("four columns: {line}");
        };
        let day: Date = iso.parse().expect("a date");
        assert_eq!(
            (date_long(day).as_str(), date_short(day).as_str()),
            (long, short),
            "{line}"
        );
        assert_eq!(parse_date(long), Ok(day), "{line}");
        assert_eq!(parse_date(short), Ok(day), "{line}");
        checked += 1;
    }
    assert_eq!(checked, 11);
}

#[test]
fn shows_both_sides_of_each_change() {
    let cases = [
        ("1872-12-31", "1872年12月31日(火)"),
        ("1873-01-01", "明治6年1月1日(水)"),
        ("1912-07-29", "明治45年7月29日(月)"),
        ("1926-12-24", "大正15年12月24日(金)"),
        ("1989-01-08", "平成元年1月8日(日)"),
        ("2019-05-01", "令和元年5月1日(水)"),
        ("2025-05-29", "令和7年5月29日(木)"),
    ];
    for (iso, expected) in cases {
        assert_eq!(date_with_weekday(iso.parse().expect("a date")), expected);
    }
    let at = |instant: &str| moment(instant.parse().expect("an instant"));
    assert_eq!(at("2025-05-29T08:00:00Z"), "令和7年5月29日(木) 17時00分");
    assert_eq!(
        instant("2025-05-29T15:00:08.9Z".parse().unwrap()),
        "令和7年5月30日(金) 0時00分08秒"
    );
    assert_eq!(at("2025-05-29T15:05:59Z"), "令和7年5月30日(金) 0時05分");
    assert_eq!(at("2019-04-30T15:00:00Z"), "令和元年5月1日(水) 0時00分");
}

#[test]
fn reads_what_people_type() {
    let table = include_str!("../../../tests/data/era-input.csv")
        .lines()
        .skip(1);
    let own = "\
令和七年5月29日,!日付として読めません
令和元年5月1日,2019-05-01
R元.5.1,2019-05-01
R1/5/1,2019-05-01
ｒ７．５．２９,2025-05-29
Ｒ７－５－２９,2025-05-29
令7.5.29,2025-05-29
R.7.5.29,2025-05-29
㍻31年4月30日,2019-04-30
㍼64年1月7日,1989-01-07
㍽15年12月24日,1926-12-24
㍾45年7月30日,1912-07-30
H31.4.30,2019-04-30
平成35年3月31日,2023-03-31
昭和100年1月1日,2025-01-01
2025/5/29,2025-05-29
2025.05.29,2025-05-29
20250529,2025-05-29
２０２５ー５ー２９,2025-05-29
2025−5−29,2025-05-29
西暦2025年5月29日,2025-05-29
　2025年 5月 29日　（木） ,2025-05-29
2025年5月29日（木曜日）,2025-05-29
2025年5月29日木曜日,2025-05-29
2025-05-29(木),2025-05-29
2025-05-29㈭,2025-05-29
2024-02-29,2024-02-29
,!日付を入力してください
　,!日付を入力してください
7/5/29,!年号がわかりません
25-05-29,!年号がわかりません
2025-02-29,!この日付は暦にありません
令和7年13月1日,!この日付は暦にありません
令和0年5月1日,!この日付は暦にありません
令和元年4月30日,!令和は2019年5月1日から始まります
S1.12.24,!昭和は1926年12月25日から始まります
明治5年12月2日,!明治5年までの日付は旧暦
1872-12-31,!明治5年までの日付は旧暦
2025年5月29日(金),!令和7年5月29日は木曜日です
令和7年5月,!日付として読めません
2025-5,!日付として読めません
2025-5-29-1,!日付として読めません
明日,!日付として読めません
令和7年5月29日ごろ,!日付として読めません
2025-+5-29,!日付として読めません
木曜日,!日付として読めません
(木),!日付として読めません";
    for line in table.chain(own.lines()) {
        let (input, expected) = line.rsplit_once(',').expect("two columns");
        check(input, expected);
    }
    check(&"1".repeat(MAX_CHARS + 1), "!日付として読めません");
}

fn check(input: &str, expected: &str) {
    match (parse_date(input), expected.strip_prefix('!')) {
        (Ok(date), None) => assert_eq!(date.to_string(), expected, "{input}"),
        (Err(problem), Some(message)) => assert!(
            problem.to_string().starts_with(message),
            "{input}: {problem}"
        ),
        (result, _) => panic!("{input}: {result:?}, expected {expected}"),
    }
}

proptest! {
    #[test]
    fn what_is_shown_can_be_read(days in 0..150_000i32) {
        let day = date(1873, 1, 1).saturating_add(Span::new().days(days));
        for shown in [date_with_weekday(day), date_long(day), date_short(day), day.to_string()] {
            prop_assert_eq!(parse_date(&shown), Ok(day), "{}", shown);
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[令和㋿元RMTSH0-9年月日./\\-(木)曜 ]{0,20}|\\PC{0,60}") {
        let _either_way = parse_date(&text);
    }
}
