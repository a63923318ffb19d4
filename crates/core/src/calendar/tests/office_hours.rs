//! On which day a receipt counts.

use jiff::civil::{DateTime, time};

use crate::calendar::{AfterHours, Calendar, Closings, OfficeHours, tokyo};

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
fn the_setting_is_written_in_snake_case() {
    for (text, expected) in [
        ("\"same_day\"", AfterHours::SameDay),
        ("\"next_business_day\"", AfterHours::NextBusinessDay),
    ] {
        assert_eq!(
            serde_json::from_str::<AfterHours>(text).expect("a setting"),
            expected
        );
    }
}
