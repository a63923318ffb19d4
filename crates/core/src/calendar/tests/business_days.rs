//! Counting business days: the independent table, and what must hold for all dates.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Span;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::calendar::{Calendar, Certainty, Closings, MonthDay, OutOfReach, YearlyClosing};

static OFFICE: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::published_default(Closings::year_end()));

#[test]
fn agrees_with_the_independent_table() {
    let mut checked = 0;
    for line in include_str!("../../../tests/data/business-days.csv")
        .lines()
        .skip(1)
    {
        let [start, weekday, n, due, due_weekday, _rule] = line.split(',').collect::<Vec<_>>()[..]
        else {
            panic!("six columns: {line}");
        };
        check(start, n.parse().expect("a number"), due);
        for (day, name) in [(start, weekday), (due, due_weekday)] {
            let day: Date = day.parse().expect("a date");
            assert_eq!(
                super::super::japanese::weekday_letter(day.weekday()).to_string(),
                name,
                "{line}"
            );
        }
        checked += 1;
    }
    assert_eq!(checked, 74);
}

#[test]
fn three_business_days_as_the_guidelines_promise() {
    check("2024-05-30", 3, "2024-06-04");
    check("2024-11-29", 3, "2024-12-04");
    check("2024-12-27", 3, "2025-01-08");
    check("2025-05-29", 3, "2025-06-03");
    check("2026-05-01", 3, "2026-05-11");
    check("2026-09-18", 3, "2026-09-28");
}

#[test]
fn zero_days_are_the_day_itself_or_the_next_open_one() {
    check("2025-05-29", 0, "2025-05-29");
    check("2025-05-31", 0, "2025-06-02");
}

fn check(start: &str, n: u32, due: &str) {
    let result = OFFICE.add_business_days(start.parse().expect("a date"), n);
    assert_eq!(
        result.map(|day| day.to_string()).as_deref(),
        Ok(due),
        "{start} + {n}"
    );
}

#[test]
fn beyond_the_rules_nothing_is_computed() {
    assert_eq!(
        OFFICE.add_business_days(date(2150, 12, 31), 1),
        Err(OutOfReach)
    );
    assert_eq!(
        OFFICE.add_business_days(date(1954, 12, 31), 1),
        Err(OutOfReach)
    );
    assert_eq!(OFFICE.add_business_days(Date::MAX, 1), Err(OutOfReach));
    assert_eq!(
        OFFICE.add_business_days(date(2025, 1, 6), u32::MAX),
        Err(OutOfReach)
    );
    let from = "1-1".parse().expect("a day");
    let until = "12-31".parse().expect("a day");
    let always_closed = Closings {
        yearly: vec![YearlyClosing {
            name: "休み".to_owned(),
            from,
            until,
        }],
        dates: BTreeMap::new(),
    };
    let calendar = Calendar::published_default(always_closed);
    assert_eq!(
        calendar.add_business_days(date(2025, 1, 6), 0),
        Err(OutOfReach)
    );
}

#[test]
fn says_why_it_is_closed() {
    let mut closings = Closings::year_end();
    closings
        .dates
        .insert(date(2025, 8, 15), "夏季休業".to_owned());
    let calendar = Calendar::published_default(closings);
    let cases = [
        ("2025-05-29", None),
        ("2025-05-31", Some("土曜日")),
        ("2025-06-01", Some("日曜日")),
        ("2025-07-21", Some("海の日")),
        ("2025-11-24", Some("休日")),
        ("2026-05-03", Some("憲法記念日")),
        ("2026-09-22", Some("休日")),
        ("2025-12-28", Some("日曜日")),
        ("2025-12-29", Some("閉局日（年末年始）")),
        ("2025-12-31", Some("閉局日（年末年始）")),
        ("2026-01-01", Some("元日")),
        ("2026-01-02", Some("閉局日（年末年始）")),
        ("2028-01-03", Some("閉局日（年末年始）")),
        ("2028-01-04", None),
        ("2025-08-15", Some("閉局日（夏季休業）")),
        ("2026-08-14", None),
    ];
    for (day, expected) in cases {
        let reason = calendar
            .why_closed(day.parse().expect("a date"))
            .map(|why| why.to_string());
        assert_eq!(reason.as_deref(), expected, "{day}");
    }
}

#[test]
fn month_days_are_read_or_refused() {
    for (text, expected) in [
        ("12-29", MonthDay::new(12, 29)),
        ("1/3", MonthDay::new(1, 3)),
        ("02-29", MonthDay::new(2, 29)),
    ] {
        assert_eq!(text.parse().ok(), expected);
    }
    for text in ["", "12", "13-1", "2-30", "0-1", "1-x", "1-2-3"] {
        let problem = text.parse::<MonthDay>().expect_err(text).to_string();
        assert!(problem.contains("月日として読めません"), "{problem}");
    }
}

#[test]
fn warns_of_years_that_are_not_published() {
    let warnings = |from: Date, until: Date| OFFICE.warnings(from..=until);
    assert_eq!(OFFICE.certainty(2027), Certainty::Published);
    assert_eq!(OFFICE.certainty(2028), Certainty::Estimated);
    assert_eq!(
        warnings(date(2024, 5, 30), date(2027, 12, 31)),
        Vec::<String>::new()
    );
    let one = warnings(date(2027, 12, 1), date(2028, 1, 10));
    assert_eq!(one.len(), 1);
    assert!(
        one[0].starts_with("2028年の祝日は、公表された一覧にまだありません。"),
        "{one:?}"
    );
    let two = warnings(date(1953, 1, 1), date(2030, 1, 1));
    assert!(
        two[0].starts_with("1953年から1954年までの祝日は"),
        "{two:?}"
    );
    assert!(
        two[1].starts_with("2028年から2030年までの祝日は"),
        "{two:?}"
    );
}

fn any_date() -> impl Strategy<Value = Date> {
    (0..45_000i32).prop_map(|days| date(1990, 1, 1).saturating_add(Span::new().days(days)))
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let month_day = || {
        (1..=12i8, 1..=28i8).prop_map(|(month, day)| MonthDay::new(month, day).expect("such a day"))
    };
    // Ranges may close most of a year and run over the new year; what is left must still count right.
    let yearly = (month_day(), month_day()).prop_map(|(from, until)| YearlyClosing {
        name: "休み".to_owned(),
        from,
        until,
    });
    (
        prop::collection::vec(yearly, 0..2),
        prop::collection::vec(any_date(), 0..40),
    )
        .prop_map(|(yearly, dates)| {
            let dates = dates
                .into_iter()
                .map(|day| (day, "臨時".to_owned()))
                .collect();
            Calendar::published_default(Closings { yearly, dates })
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn adding_lands_on_business_days_and_counting_undoes_it(calendar in any_calendar(), start in any_date(), n in 1..20u32) {
        let Ok(due) = calendar.add_business_days(start, n) else { return Ok(()) };
        prop_assert!(due > start);
        prop_assert_eq!(calendar.why_closed(due), None);
        prop_assert_eq!(calendar.business_days_between(start, due), i64::from(n));
        prop_assert_eq!(calendar.business_days_between(due, start), -i64::from(n));
        // No earlier day would do: the day before has one business day less.
        prop_assert_eq!(calendar.business_days_between(start, due.yesterday()?), i64::from(n) - 1);
    }

    #[test]
    fn adding_is_monotone_and_goes_by_steps(calendar in any_calendar(), start in any_date(), n in 0..20u32, m in 1..20u32) {
        let Ok(later) = calendar.add_business_days(start, n + m) else { return Ok(()) };
        let sooner = calendar.add_business_days(start, n)?;
        prop_assert!(sooner <= later);
        prop_assert!(calendar.add_business_days(start.tomorrow()?, n)? >= sooner);
        if n > 0 {
            prop_assert!(sooner < later);
            prop_assert_eq!(calendar.add_business_days(sooner, m)?, later);
        }
    }

    #[test]
    fn counts_add_up(start in any_date(), a in 0..400i32, b in 0..400i32) {
        let middle = start.saturating_add(Span::new().days(a));
        let end = middle.saturating_add(Span::new().days(b));
        let whole = OFFICE.business_days_between(start, end);
        prop_assert_eq!(OFFICE.business_days_between(start, middle) + OFFICE.business_days_between(middle, end), whole);
        prop_assert_eq!(OFFICE.business_days_between(end, start), -whole);
    }
}
