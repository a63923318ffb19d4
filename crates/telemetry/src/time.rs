//! Times as devices write them: with and without zone, year or fraction.

use jiff::civil::DateTime;
use jiff::tz::Offset;

/// When and where a line arrived: what it lacks is taken from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Microseconds since 1970 UTC. A time without a year (RFC 3164) is put into the year that brings it nearest.
    pub at_us: i64,
    /// Seconds east of UTC, for times that name no zone: what the device's clock is set to.
    pub offset_s: i32,
}

impl Receipt {
    /// For a device whose clock shows the time of Japan.
    #[must_use]
    pub const fn in_japan(at_us: i64) -> Receipt {
        Receipt {
            at_us,
            offset_s: 9 * 3600,
        }
    }
}

/// `2026-06-01T09:00:00.123456+09:00` and its relatives: `/` for `-`, a blank for `T`, `+0900`, `Z`, ` UTC`, or no zone at all.
#[must_use]
pub(crate) fn iso(text: &str, receipt: Receipt) -> Option<i64> {
    let bytes = text.as_bytes();
    let date = day(bytes.get(..10)?)?;
    if !matches!(bytes.get(10), Some(b'T' | b't' | b' ')) {
        return None;
    }
    let (us, length) = clock(bytes.get(11..)?)?;
    let offset = zone(&text[11 + length..]).unwrap_or(receipt.offset_s);
    instant(date, us, offset)
}

/// A date and a time that stand apart, with a zone where there is one.
#[must_use]
pub(crate) fn parts(date: &str, time: &str, zone_said: &str, receipt: Receipt) -> Option<i64> {
    let (us, _) = clock(time.as_bytes())?;
    let offset = zone(zone_said).unwrap_or(receipt.offset_s);
    instant(day(date.as_bytes())?, us, offset)
}

/// Seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size: firmware versions differ.
#[must_use]
pub(crate) fn epoch(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || whole.len() > 19 || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    match number {
        // Before 1973 in whatever unit: a counter or nothing, not a time.
        ..100_000_000 => None,
        100_000_000..100_000_000_000 => Some(number * 1_000_000 + micros(fraction.as_bytes()).0),
        100_000_000_000..100_000_000_000_000 => Some(number * 1000),
        100_000_000_000_000..100_000_000_000_000_000 => Some(number),
        _ => Some(number / 1000),
    }
}

/// `Jun  1 09:00:00`, `Jun 01 2026 09:00:00.000 JST`, and what follows it.
#[must_use]
pub(crate) fn month_day(text: &str, receipt: Receipt) -> Option<(i64, &str)> {
    let mut rest = text;
    let month = month(word(&mut rest)?)?;
    let day: i8 = word(&mut rest)?.parse().ok()?;
    let mut next = word(&mut rest)?;
    let mut year = None;
    if next.len() == 4 && next.bytes().all(|byte| byte.is_ascii_digit()) {
        year = next.parse::<i16>().ok();
        next = word(&mut rest)?;
    }
    let (us, length) = clock(next.as_bytes())?;
    if length < next.trim_end_matches(':').len() {
        return None;
    }
    let mut after = rest;
    let offset = word(&mut after).and_then(|name| Some((zone(name)?, after)));
    let (offset, rest) = offset.unwrap_or((receipt.offset_s, rest));
    let at = match year {
        Some(year) => instant((year, month, day), us, offset)?,
        None => latest(month, day, us, offset, receipt)?,
    };
    Some((at, rest))
}

/// How far a clock may be ahead of ours where no year is told.
const AHEAD_US: i64 = 2 * 86_400_000_000;

/// The year is the last one that puts the time before the receipt: a file may be imported long after it was written, but nobody writes of next year.
fn latest(month: i8, day: i8, us: i64, offset: i32, receipt: Receipt) -> Option<i64> {
    let received = jiff::Timestamp::from_microsecond(receipt.at_us).ok()?;
    let this = Offset::UTC.to_datetime(received).year();
    // The 29th of February may be up to eight years ago.
    (this.saturating_sub(8)..=this.saturating_add(1))
        .rev()
        .filter_map(|year| instant((year, month, day), us, offset))
        .find(|at| *at <= receipt.at_us.saturating_add(AHEAD_US))
        .or_else(|| instant((this, month, day), us, offset))
}

/// The next word, with the blanks before it taken away.
fn word<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let text = rest.trim_start_matches(' ');
    let end = text.find(' ').unwrap_or(text.len());
    *rest = &text[end..];
    (end > 0).then_some(&text[..end])
}

fn month(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let at = (MONTHS.iter()).position(|month| name.eq_ignore_ascii_case(month))?;
    i8::try_from(at + 1).ok()
}

fn number(bytes: &[u8]) -> Option<i32> {
    let mut value = 0;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i32::from(byte - b'0');
    }
    Some(value)
}

/// Year, month and day of `2026-06-01` or `2026/06/01`.
fn day(bytes: &[u8]) -> Option<(i16, i8, i8)> {
    let &[_, _, _, _, b'-' | b'/', _, _, b'-' | b'/', _, _] = bytes else {
        return None;
    };
    let year = i16::try_from(number(&bytes[..4])?).ok()?;
    let month = i8::try_from(number(&bytes[5..7])?).ok()?;
    Some((year, month, i8::try_from(number(&bytes[8..])?).ok()?))
}

/// Microseconds since midnight of `09:00:00.123`, and how many bytes they took.
fn clock(bytes: &[u8]) -> Option<(i64, usize)> {
    let &[_, _, b':', _, _, b':', _, _] = bytes.get(..8)? else {
        return None;
    };
    let (hour, minute) = (number(&bytes[..2])?, number(&bytes[3..5])?);
    let second = number(&bytes[6..8])?;
    // A leap second is told as the last moment before it.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let whole = i64::from(hour * 3600 + minute * 60 + second.min(59)) * 1_000_000;
    match bytes.get(8) {
        Some(b'.' | b',') => {
            let (us, digits) = micros(&bytes[9..]);
            Some((whole + us, 9 + digits))
        }
        _ => Some((whole, 8)),
    }
}

/// A fraction of a second as microseconds, and how many digits it has.
fn micros(bytes: &[u8]) -> (i64, usize) {
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let read = digits.min(6);
    let us = (bytes[..read].iter()).fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    (
        us * 10_i64.pow(6 - u32::try_from(read).unwrap_or(6)),
        digits,
    )
}

/// Seconds east of UTC of `Z`, `+0900`, `+09:00`, `+09`, `UTC`, `JST`; other names of zones mean different things and are not guessed.
fn zone(text: &str) -> Option<i32> {
    let text = text.trim_start();
    let sign = match text.as_bytes().first()? {
        b'Z' | b'z' => return Some(0),
        b'+' => 1,
        b'-' => -1,
        _ if text.starts_with("UTC") || text.starts_with("GMT") => {
            return match text.as_bytes().get(3) {
                Some(b'+' | b'-') => zone(&text[3..]),
                _ => Some(0),
            };
        }
        _ if text.starts_with("JST") => return Some(9 * 3600),
        _ => return None,
    };
    let digits = text.as_bytes();
    let hours = number(digits.get(1..3)?)?;
    let minutes = match digits.get(3) {
        Some(b':') => number(digits.get(4..6)?)?,
        Some(b'0'..=b'9') => number(digits.get(3..5)?)?,
        _ => 0,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn instant((year, month, day): (i16, i8, i8), us: i64, offset: i32) -> Option<i64> {
    if !(1970..=2261).contains(&year) {
        return None;
    }
    let midnight = DateTime::new(year, month, day, 0, 0, 0, 0).ok()?;
    let midnight = Offset::UTC.to_timestamp(midnight).ok()?.as_microsecond();
    Some(midnight + us - i64::from(offset) * 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-02 12:00 in Japan.
    const RECEIVED: Receipt = Receipt::in_japan(1_767_322_800_000_000);

    fn shown(at: Option<i64>) -> String {
        at.and_then(|us| jiff::Timestamp::from_microsecond(us).ok())
            .map_or_else(|| "none".to_owned(), |at| at.to_string())
    }

    #[test]
    fn times_of_every_kind_are_read() {
        let table = [
            (
                "2026-06-01T09:00:00.123456+0900",
                "2026-06-01T00:00:00.123456Z",
            ),
            (
                "2026-06-01T09:00:00.1234567Z",
                "2026-06-01T09:00:00.123456Z",
            ),
            ("2026/06/01 09:00:00", "2026-06-01T00:00:00Z"),
            ("2026-06-01 09:00:00 UTC", "2026-06-01T09:00:00Z"),
            ("2026-06-01T09:00:00-07:30", "2026-06-01T16:30:00Z"),
            ("2026-02-30T09:00:00Z", "none"),
            ("2026-06-01T24:00:00Z", "none"),
            ("1969-06-01T00:00:00Z", "none"),
            ("2026-06-01", "none"),
            ("", "none"),
        ];
        for (text, expect) in table {
            assert_eq!(shown(iso(text, RECEIVED)), expect, "{text}");
        }
    }

    #[test]
    fn the_size_tells_the_unit() {
        for text in [
            "1780304585",
            "1780304585000",
            "1780304585000000",
            "1780304585000000000",
        ] {
            assert_eq!(shown(epoch(text)), "2026-06-01T09:03:05Z", "{text}");
        }
        assert_eq!(shown(epoch("1780304585.25")), "2026-06-01T09:03:05.25Z");
        for text in ["", "12", "-1780304585", "99999999999999999999", "1e9"] {
            assert_eq!(epoch(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_without_a_year_lies_before_its_receipt() {
        let table = [
            ("Jan  2 11:59:00 host", "2026-01-02T02:59:00Z"),
            ("Dec 31 23:00:00 host", "2025-12-31T14:00:00Z"),
            ("Jan  4 11:59:00 host", "2026-01-04T02:59:00Z"),
            ("Jan  5 11:59:00 host", "2025-01-05T02:59:00Z"),
            ("Jun  1 09:00:00 host", "2025-06-01T00:00:00Z"),
            ("Feb 29 09:00:00 host", "2024-02-29T00:00:00Z"),
            ("Jun 01 2024 09:00:00 GMT+09:00", "2024-06-01T00:00:00Z"),
            ("Jun 01 2024 09:00:00 UTC-07", "2024-06-01T16:00:00Z"),
            ("Jun 01 2024 09:00:00 host", "2024-06-01T00:00:00Z"),
            ("Jun 01 2024 09:00:00.500 GMT", "2024-06-01T09:00:00.5Z"),
            ("Foo 01 09:00:00 host", "none"),
            ("Jan 2", "none"),
        ];
        for (text, expect) in table {
            let at = month_day(text, RECEIVED).map(|(at, _)| at);
            assert_eq!(shown(at), expect, "{text}");
        }
        let leap = Receipt::in_japan(1_709_200_000_000_000);
        assert!(month_day("Feb 29 09:00:00 host", leap).is_some());
    }
}
