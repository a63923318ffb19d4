//! Numbers, hours and instants as a report writes them.

use jiff::Timestamp;

use crate::calendar::tokyo;
use crate::paper::document::{Line, Span};

/// `12,345`
pub(super) fn number(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = if number < 0 {
        "-".to_owned()
    } else {
        String::new()
    };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12,345件`
pub(super) fn times(count: i64) -> String {
    format!("{}件", number(count))
}

/// `718時間`
pub(super) fn hours(count: i64) -> String {
    format!("{}時間", number(count))
}

/// Per cent, rounded down: what is not all is never told as all.
pub(super) fn percent(part: i64, of: i64) -> i64 {
    if of <= 0 { 0 } else { part * 100 / of }
}

/// `6月3日 9時`; midnight at the end of a day is the next day's 0時.
pub(super) fn hour_of(at: Timestamp) -> String {
    let at = at.to_zoned(tokyo());
    format!("{}月{}日 {}時", at.month(), at.day(), at.hour())
}

/// `6月3日`
pub(super) fn day_of(at: Timestamp) -> String {
    let at = at.to_zoned(tokyo());
    format!("{}月{}日", at.month(), at.day())
}

pub(super) fn plain(text: impl Into<String>) -> Line {
    vec![Span::Text(text.into())]
}

/// Severities from the gravest, with their place in the counts, what people read, and what it means.
pub(super) const SEVERITIES: [(usize, &str, &str); 7] = [
    (6, "きわめて重大", "すぐに手当てが要るおそれ"),
    (5, "重大", "被害につながるおそれが大きい"),
    (4, "高い", "早めに確かめたい"),
    (3, "中くらい", "続くときは確かめたい"),
    (2, "低い", "ふだんから見られる"),
    (1, "参考", "知らせだけ"),
    (0, "不明", "製品が重さを決めていない"),
];

/// The name of a severity by its place.
pub(super) fn severity(place: usize) -> &'static str {
    let found = SEVERITIES.iter().find(|(at, _, _)| *at == place);
    found.map_or("不明", |(_, name, _)| name)
}
