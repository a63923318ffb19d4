//! Syslog headers, RFC 3164 and RFC 5424, with and without priority, as devices really write them.
//!
//! Framing (octet counting, newlines) is the listener's. What a header lacks is none; what is no header stays in the text.

use crate::time::{self, Receipt};

/// What carried a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Envelope<'a> {
    pub time_us: Option<i64>,
    pub host: Option<&'a str>,
    /// The program or tag, without its process id.
    pub program: Option<&'a str>,
}

/// The message within a line, and its envelope.
#[must_use]
pub fn unwrap(line: &str, receipt: Receipt) -> (&str, Envelope<'_>) {
    let body = priority(line).trim_start_matches(' ');
    if let Some(found) = body
        .strip_prefix("1 ")
        .and_then(|rest| rfc5424(rest, receipt))
    {
        return found;
    }
    let mut envelope = Envelope::default();
    let mut rest = body;
    if let Some((at, after)) = stamp(body, receipt) {
        envelope.time_us = Some(at);
        // `+09:00` and the like belong to the stamp; a host follows unless the message begins at once.
        rest = after.trim_start_matches(' ');
        let (host, after) = word(rest);
        if is_host(host) {
            envelope.host = Some(host.trim_end_matches(':'));
            rest = after.trim_start_matches(' ');
        }
    }
    rest = tagged(rest, &mut envelope);
    (embedded(rest, &mut envelope), envelope)
}

/// The line without `<134>`.
fn priority(line: &str) -> &str {
    let without = || {
        let (number, rest) = line.strip_prefix('<')?.split_once('>')?;
        let fits = (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
        fits.then_some(rest)
    };
    without().unwrap_or(line)
}

fn word(text: &str) -> (&str, &str) {
    let end = text.find(' ').unwrap_or(text.len());
    text.split_at(end)
}

/// The time at the beginning: `Jun  1 09:00:00`, ISO 8601, or none.
fn stamp(text: &str, receipt: Receipt) -> Option<(i64, &str)> {
    match text.as_bytes().first()? {
        b'A'..=b'Z' | b'a'..=b'z' => {
            let (first, rest) = word(text);
            if matches!(first, "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun") {
                return calendar(rest, receipt);
            }
            let (at, rest) = time::month_day(text, receipt)?;
            Some((at, rest.trim_start_matches(':')))
        }
        b'0'..=b'9' => {
            let (first, rest) = word(text);
            first.contains('T').then_some(())?;
            Some((time::iso(first, receipt)?, rest))
        }
        _ => None,
    }
}

/// `Jun  1 09:00:00 2026` behind a weekday, as the C library writes it.
fn calendar(text: &str, receipt: Receipt) -> Option<(i64, &str)> {
    let mut rest = text;
    let mut parts = [""; 4];
    for part in &mut parts {
        (*part, rest) = word(rest.trim_start_matches(' '));
    }
    let [month, day, clock, year] = parts;
    let (at, _) = time::month_day(&[month, day, year, clock].join(" "), receipt)?;
    Some((at, rest))
}

/// A host is one word of the letters of names and addresses; a pair, a list or a format's name is none.
fn is_host(word: &str) -> bool {
    let name = word.trim_end_matches(':');
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:,+[]()".contains(&byte);
    (1..=255).contains(&name.len())
        && name.bytes().all(letters)
        && !(name.starts_with("1,") || name.starts_with("CEF:") || name.starts_with("LEEF:"))
}

/// Takes a tag such as `suricata[5885]: ` away.
fn tagged<'a>(text: &'a str, envelope: &mut Envelope<'a>) -> &'a str {
    let (first, rest) = word(text);
    let Some(tag) = first.strip_suffix(':') else {
        return text;
    };
    let name = tag.split('[').next().unwrap_or(tag);
    let letters = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    // FortiGate writes `CEF: 0|…`, which is no program's name.
    let format = matches!(name, "CEF" | "LEEF");
    if name.is_empty()
        || format
        || name.starts_with('/')
        || !name.bytes().all(letters)
        || rest.is_empty()
    {
        return text;
    }
    envelope.program = Some(name);
    rest.trim_start_matches(' ')
}

/// JSON behind a header that is not well formed, such as `HOST suricata[5885]: {…}` without a time.
fn embedded<'a>(text: &'a str, envelope: &mut Envelope<'a>) -> &'a str {
    if text.starts_with('{') || !text.ends_with('}') {
        return text;
    }
    let Some(at) = text.find(" {").filter(|at| *at < 200) else {
        return text;
    };
    let mut before = text[..at].split(' ');
    let tag = before.next_back().and_then(|tag| tag.strip_suffix(':'));
    if let Some(tag) = tag {
        envelope.program = tag.split('[').next();
        envelope.host = (before.next_back().filter(|host| is_host(host))).or(envelope.host);
    }
    text[at..].trim_start()
}

/// RFC 5424, 6: after `<PRI>1 `. Nothing when the fields are not there; some devices go on with their message after the host.
fn rfc5424(text: &str, receipt: Receipt) -> Option<(&str, Envelope<'_>)> {
    let (first, rest) = text.split_once(' ')?;
    let time_us = match first {
        "-" => None,
        // Meraki writes seconds since 1970 here.
        first => Some(time::iso(first, receipt).or_else(|| time::epoch(first))?),
    };
    let (host, rest) = rest.split_once(' ')?;
    let host = (host != "-").then_some(host);
    let short = Envelope {
        time_us,
        host,
        program: None,
    };
    let mut fields = rest.splitn(4, ' ');
    let app = fields.next()?;
    let (Some(_), Some(_), Some(data)) = (fields.next(), fields.next(), fields.next()) else {
        return Some((rest, short));
    };
    if !(data.starts_with('[') || data == "-" || data.starts_with("- ")) {
        return Some((tagged(rest, &mut { short }), short));
    }
    let envelope = Envelope {
        program: (app != "-").then_some(app),
        ..short
    };
    Some((message(data), envelope))
}

/// The message behind the structured data. Elements that are alone are the message: Check Point puts everything there.
fn message(data: &str) -> &str {
    let after = match data.strip_prefix('-') {
        Some(after) => after,
        None => &data[elements(data)..],
    };
    let after = after.trim_start_matches([' ', '\u{feff}']);
    if after.is_empty() { data } else { after }
}

/// Where the elements `[id name="value"][…]` end.
fn elements(data: &str) -> usize {
    let bytes = data.as_bytes();
    let (mut quoted, mut at) = (false, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' => quoted = !quoted,
            b']' if !quoted && bytes.get(at + 1) != Some(&b'[') => return at + 1,
            _ => {}
        }
        at += 1;
    }
    data.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_taken_away() {
        let receipt = Receipt::in_japan(1_780_304_400_000_000);
        let table = [
            (
                "<134>Jun  1 09:00:00 fw01 snort[12]: text here",
                "text here",
                "fw01",
                "snort",
                true,
            ),
            (
                "<134>date=2026-06-01 time=09:00:00",
                "date=2026-06-01 time=09:00:00",
                "",
                "",
                false,
            ),
            (
                "<134>1 2026-06-01T09:00:00Z gw CheckPoint 12 - [action:\"a\"; x:\"]\"]",
                "[action:\"a\"; x:\"]\"]",
                "gw",
                "CheckPoint",
                true,
            ),
            ("<13>1 - - - - - - \u{feff}text", "text", "", "", false),
            (
                "<13>1 2026-06-01T09:00:00Z gw app - - [a@1 b=\"c\"][d] text",
                "text",
                "gw",
                "app",
                true,
            ),
            (
                "<13>1 2026-06-01T09:00:00Z gw LEEF:1.0|V|P|1|E|a=b c=d e=f",
                "LEEF:1.0|V|P|1|E|a=b c=d e=f",
                "gw",
                "",
                true,
            ),
            (
                "<134>  SURI suricata[5]: {\"a\": {\"b\":1}}",
                "{\"a\": {\"b\":1}}",
                "SURI",
                "suricata",
                false,
            ),
            (
                "2026-06-01T09:00:00+09:00 pa.example.jp 1,2026/06/01",
                "1,2026/06/01",
                "pa.example.jp",
                "",
                true,
            ),
            ("Mon Jun  1 09:00:00 2026 -> text", "-> text", "", "", true),
            ("<9999>x", "<9999>x", "", "", false),
            ("<1", "<1", "", "", false),
            ("", "", "", "", false),
        ];
        for (line, text, host, program, timed) in table {
            let (found, envelope) = unwrap(line, receipt);
            assert_eq!(found, text, "{line}");
            assert_eq!(envelope.host.unwrap_or_default(), host, "{line}");
            assert_eq!(envelope.program.unwrap_or_default(), program, "{line}");
            assert_eq!(envelope.time_us.is_some(), timed, "{line}");
        }
    }
}
