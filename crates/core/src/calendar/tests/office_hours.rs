//! On which day a receipt counts.

use jiff::civil::{DateTime, date, time};

use crate::calendar::{Calendar, Closings, OfficeHours, tokyo};
use crate::program::program::{AfterHours, Office};

#[test]
fn receipts_in_and_after_hours() {
    // received (Tokyo), open?, counted as the same day, counted as the next business day
    let cases = [
        ("2025-05-29 08:59:59", false, "2025-05-29", "2025-05-29"),
        ("2025-05-29 09:00:00", true, "2025-05-29", "2025-05-29"),
        ("2025-05-29 16:59:59", true, "2025-05-29", "2025-05-29"),
        ("2025-05-29 17:00:00", false, "2025-05-29", "2025-05-30"),
        ("2025-05-29 23:59:59", false, "2025-05-29", "2025-05-30"),
        ("2025-05-30 00:00:00", false, "2025-05-30", "2025-05-30"),
        ("2025-05-30 17:00:01", false, "2025-05-30", "2025-06-02"),
        ("2025-05-31 10:00:00", false, "2025-05-31", "2025-06-02"),
        ("2025-07-21 10:00:00", false, "2025-07-21", "2025-07-22"),
        ("2024-12-27 18:00:00", false, "2024-12-27", "2025-01-06"),
        ("2024-12-30 10:00:00", false, "2024-12-30", "2025-01-06"),
    ];
    for (received, open, same_day, next_day) in cases {
        check(received, open, AfterHours::SameDay, same_day);
        check(received, open, AfterHours::NextBusinessDay, next_day);
    }
}

fn check(received: &str, open: bool, after_hours: AfterHours, counted: &str) {
    let calendar = Calendar::published_default(Closings::year_end());
    let hours = OfficeHours {
        opens: time(9, 0, 0, 0),
        closes: time(17, 0, 0, 0),
        after_hours,
    };
    let local: DateTime = received.parse().expect("a date and time");
    let at = local.to_zoned(tokyo()).expect("an instant").timestamp();
    assert_eq!(hours.is_open(&calendar, at), open, "{received}");
    let date = hours
        .counted_date(&calendar, at)
        .map(|date| date.to_string());
    assert_eq!(date.as_deref(), Ok(counted), "{received} {after_hours:?}");
}

#[test]
fn what_a_deadline_sends_leaves_when_the_office_is_open() {
    let cases = [
        ("2025-05-29T00:00", "2025-05-29T09:00"),
        ("2025-05-29T09:00", "2025-05-29T09:00"),
        ("2025-05-29T16:59:59", "2025-05-29T16:59:59"),
        ("2025-05-29T17:00", "2025-05-30T09:00"),
        ("2025-05-31T00:00", "2025-06-02T09:00"),
        ("2025-07-21T10:00", "2025-07-22T09:00"),
        ("2024-12-28T00:00", "2025-01-06T09:00"),
    ];
    let calendar = Calendar::published_default(Closings::year_end());
    let hours = OfficeHours::of_programme(&office("dates = [\"2025-08-14\"]"));
    for (at, expected) in cases {
        let instant = |text: &str| {
            let local: DateTime = text.parse().expect("a date and time");
            local.to_zoned(tokyo()).expect("an instant").timestamp()
        };
        let found = hours.next_open(&calendar, instant(at));
        assert_eq!(found, instant(expected), "{at}");
    }
}

#[test]
fn a_programme_says_when_its_office_is_open() {
    let hours = OfficeHours::of_programme(&office("dates = [\"2025-08-14\"]"));
    assert_eq!(hours.opens, time(9, 0, 0, 0));
    assert_eq!(hours.closes, time(17, 0, 0, 0));
    assert_eq!(hours.after_hours, AfterHours::NextBusinessDay);
}

#[test]
fn a_programme_says_when_its_office_is_closed() {
    let incomplete = Err("閉局日「休み」には from と to を両方書くか、dates を書いてください。");
    let cases: [(&str, Result<&[&str], &str>); 6] = [
        (
            r#"from = "12-29", to = "01-03""#,
            Ok(&["2025-12-29", "2026-01-03", "2030-12-31"]),
        ),
        (
            r#"dates = ["2025-08-14", "2025-08-15"]"#,
            Ok(&["2025-08-14", "2025-08-15"]),
        ),
        (
            r#"from = "08-13", to = "08-13", dates = ["2025-10-01"]"#,
            Ok(&["2026-08-13", "2025-10-01"]),
        ),
        ("dates = []", incomplete),
        (r#"from = "12-29""#, incomplete),
        (
            r#"from = "12-29", to = "2-30""#,
            Err("「2-30」は月日として読めません。12-29 のように書いてください。"),
        ),
    ];
    for (written, expected) in cases {
        check_closing(written, expected);
    }
}

fn check_closing(written: &str, expected: Result<&[&str], &str>) {
    match (Closings::of_programme(&office(written).closing), expected) {
        (Ok(closings), Ok(days)) => {
            for day in days {
                let name = closings.name_on(day.parse().expect("a date"));
                assert_eq!(name, Some("休み"), "{written} {day}");
            }
            assert_eq!(closings.name_on(date(2025, 6, 2)), None, "{written}");
        }
        (Err(problem), Err(message)) => assert_eq!(problem.to_string(), message, "{written}"),
        (result, _) => panic!("{written}: {result:?}"),
    }
}

fn office(closing: &str) -> Office {
    let text = format!(
        r#"
        clause = "8"
        opens = "09:00"
        closes = "17:00"
        after_hours = "next_business_day"
        closing = [{{ name = "休み", clause = "8", {closing} }}]
    "#
    );
    toml::from_str(&text).expect("an office")
}
