//! The law against the published list, and the years after it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::calendar::holiday_rule::{self, YEARS};
use crate::calendar::published::{DEFAULT_TEXT, Published};

/// Names that the list writes differently from the law: the list explains the coming name in brackets.
const SPELLED_DIFFERENTLY: [(&str, &str, &str); 1] =
    [("2019-10-14", "体育の日", "体育の日（スポーツの日）")];

#[test]
fn rules_reproduce_the_published_list() {
    let (list, findings) = Published::parse(DEFAULT_TEXT);
    assert_eq!(findings, []);
    assert_eq!(list.years, (1955..=2027).collect());

    let mut by_law: BTreeMap<Date, String> = BTreeMap::new();
    for year in &list.years {
        by_law.extend(
            holiday_rule::holidays(*year)
                .into_iter()
                .map(|(day, name)| (day, name.to_owned())),
        );
    }
    for (day, law, listed) in SPELLED_DIFFERENTLY {
        let name = by_law.insert(day.parse().expect("a date"), listed.to_owned());
        assert_eq!(name.as_deref(), Some(law));
    }
    assert_eq!(by_law, list.holidays);
}

#[test]
fn years_after_the_list_follow_the_law() {
    check_year(
        2028,
        "01-01 元日, 01-10 成人の日, 02-11 建国記念の日, 02-23 天皇誕生日, 03-20 春分の日, 04-29 昭和の日, \
         05-03 憲法記念日, 05-04 みどりの日, 05-05 こどもの日, 07-17 海の日, 08-11 山の日, 09-18 敬老の日, 09-22 秋分の日, \
         10-09 スポーツの日, 11-03 文化の日, 11-23 勤労感謝の日",
    );
    // A weekday between two holidays: the next one after 2026.
    check_year(
        2032,
        "01-01 元日, 01-12 成人の日, 02-11 建国記念の日, 02-23 天皇誕生日, 03-20 春分の日, 04-29 昭和の日, \
         05-03 憲法記念日, 05-04 みどりの日, 05-05 こどもの日, 07-19 海の日, 08-11 山の日, 09-20 敬老の日, 09-21 休日, \
         09-22 秋分の日, 10-11 スポーツの日, 11-03 文化の日, 11-23 勤労感謝の日",
    );
}

#[test]
fn the_rules_say_nothing_about_years_beyond_them() {
    check_year(YEARS.start() - 1, "");
    check_year(YEARS.end() + 1, "");
    assert!(
        YEARS
            .clone()
            .all(|year| holiday_rule::holidays(year).len() >= 9)
    );
}

fn check_year(year: i16, expected: &str) {
    let days = holiday_rule::holidays(year);
    let shown: Vec<String> = days
        .iter()
        .map(|(day, name)| format!("{} {name}", day.strftime("%m-%d")))
        .collect();
    assert_eq!(shown.join(", "), expected, "{year}");
}
