//! Reading the published list, also when it is damaged.

use proptest::prelude::*;

use crate::calendar::published::{DEFAULT_TEXT, MAX_LINES, Published};
use crate::calendar::{Calendar, Certainty, Closings};

const HEADER: &str = "国民の祝日・休日月日,国民の祝日・休日名称\n";
const WHOLE_2030: &str =
    "2030/1/1,元日\n2030/3/20,春分の日\n2030/9/23,秋分の日\n2030/11/23,勤労感謝の日\n";

#[test]
fn a_sound_list_gives_no_findings() {
    check(&format!("{HEADER}{WHOLE_2030}"), &[2030], &[]);
    check(WHOLE_2030, &[2030], &[]);
    check(
        &format!("\u{feff}{HEADER}\n{}", WHOLE_2030.replace('\n', "\r\n")),
        &[2030],
        &[],
    );
    check(&WHOLE_2030.replace('/', "-"), &[2030], &[]);
    check("", &[], &[]);
}

#[test]
fn what_cannot_be_read_is_said_with_its_line() {
    let cases = [
        ("2030/1/1", "コンマがありません"),
        ("2030/1/1,", "名称を1つだけ"),
        ("2030/1/1,元日,休", "名称を1つだけ"),
        ("2030/2/30,謎の日", "「2030/2/30」は日付として読めません"),
        ("30/2/3,謎の日", "日付として読めません"),
        ("2030/2,謎の日", "日付として読めません"),
        ("2030/2/3/4,謎の日", "日付として読めません"),
        ("令和12年2月3日,謎の日", "日付として読めません"),
        (
            "2030/11/23,感謝の日",
            "すでに「勤労感謝の日」として載っています",
        ),
        ("\u{fffd}\u{fffd}", "コンマがありません"),
    ];
    for (line, message) in cases {
        check(
            &format!("{HEADER}{WHOLE_2030}{line}\n"),
            &[2030],
            &[(6, message)],
        );
    }
}

#[test]
fn a_year_cut_short_is_left_to_the_law() {
    let cut = DEFAULT_TEXT
        .split_once("2027/9/23")
        .expect("the list holds 2027")
        .0;
    let (list, findings) = Published::parse(&format!("{cut}2027/6/9,謎の日\n"));
    assert!(list.years.contains(&2026) && !list.years.contains(&2027));
    assert_eq!(findings.len(), 1);
    assert!(
        findings[0]
            .to_string()
            .contains("行目: 2027年には「秋分の日」がなく"),
        "{}",
        findings[0]
    );

    let calendar = Calendar::new(&list, Closings::default());
    assert_eq!(calendar.certainty(2027), Certainty::Estimated);
    assert!(!calendar.is_business_day("2027-11-23".parse().expect("a date")));
    assert!(calendar.is_business_day("2027-06-09".parse().expect("a date")));
}

#[test]
fn the_list_decides_the_years_that_it_covers() {
    // A list without 建国記念の日 and with a day of its own: in its year it is right, in others the law is.
    let (list, _) = Published::parse(&format!("{WHOLE_2030}2030/6/12,新しい祝日\n"));
    let calendar = Calendar::new(&list, Closings::default());
    let reason = |day: &str| {
        calendar
            .why_closed(day.parse().expect("a date"))
            .map(|why| why.to_string())
    };
    assert_eq!(reason("2030-06-12").as_deref(), Some("新しい祝日"));
    assert_eq!(reason("2030-02-11"), None);
    assert_eq!(reason("2031-02-11").as_deref(), Some("建国記念の日"));
}

#[test]
fn a_list_without_end_is_cut() {
    let (_, findings) = Published::parse(&"\n".repeat(MAX_LINES + 5));
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].line, MAX_LINES + 1);
}

fn check(text: &str, years: &[i16], expected: &[(usize, &str)]) {
    let (list, findings) = Published::parse(text);
    assert_eq!(
        list.years.iter().copied().collect::<Vec<_>>(),
        years,
        "{text}"
    );
    assert_eq!(findings.len(), expected.len(), "{text}: {findings:?}");
    for (finding, (line, message)) in findings.iter().zip(expected) {
        assert_eq!(finding.line, *line, "{text}");
        assert!(finding.message.contains(message), "{text}: {finding}");
    }
}

proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "([0-9]{0,5}[/-]?[0-9]{0,3}[/-][0-9]{0,3},?\\PC{0,6}\n?){0,8}") {
        let lines = text.lines().count();
        let (_, findings) = Published::parse(&text);
        prop_assert!(findings.iter().all(|finding| (1..=lines).contains(&finding.line)));
    }
}
