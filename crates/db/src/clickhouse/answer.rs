//! What a server answers: rows as text between tabs, or a refusal with a number.

use crate::{Kind, Row, Value};

/// The rows of `TabSeparatedWithNamesAndTypes`: two lines of names and types, then the values. None when it is anything else.
pub(super) fn rows(answer: &[u8]) -> Option<Vec<Row>> {
    let mut lines = answer.split(|byte| *byte == b'\n');
    let _names = lines.next()?;
    let types: Vec<bool> = lines
        .next()?
        .split(|byte| *byte == b'\t')
        .map(|one| {
            // A newer engine says so of a number that a statement within the statement gives.
            let one = one.strip_prefix(b"Nullable(").unwrap_or(one);
            one.starts_with(b"Int") || one.starts_with(b"UInt")
        })
        .collect();
    let mut rows = Vec::new();
    let mut ended = false;
    for line in lines {
        if ended {
            return None;
        }
        // The last line ends with its line break, behind which nothing stands.
        if line.is_empty() {
            ended = true;
            continue;
        }
        rows.push(row(line, &types)?);
    }
    ended.then_some(rows)
}

fn row(line: &[u8], types: &[bool]) -> Option<Row> {
    let mut values = Vec::with_capacity(types.len());
    for (at, field) in line.split(|byte| *byte == b'\t').enumerate() {
        values.push(match types.get(at)? {
            true => Value::Int(std::str::from_utf8(field).ok()?.parse().ok()?),
            false => match String::from_utf8(unescaped(field)?) {
                Ok(text) => Value::Text(text),
                Err(bytes) => Value::Bytes(bytes.into_bytes()),
            },
        });
    }
    (values.len() == types.len()).then_some(Row(values))
}

fn unescaped(field: &[u8]) -> Option<Vec<u8>> {
    if !field.contains(&b'\\') {
        return Some(field.to_vec());
    }
    let mut plain = Vec::with_capacity(field.len());
    let mut bytes = field.iter();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next()? {
                b'b' => 8,
                b'f' => 12,
                b'r' => b'\r',
                b'n' => b'\n',
                b't' => b'\t',
                b'0' => 0,
                other => *other,
            },
            other => *other,
        });
    }
    Some(plain)
}

/// The meaning of a refusal. Its text quotes the statement, so only its number is told.
pub(super) fn refusal(status: u16, body: &[u8]) -> (Kind, String) {
    let text = String::from_utf8_lossy(body);
    let code: Option<u32> = text.split("Code: ").nth(1).and_then(|rest| {
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    });
    let kind = match code {
        // Also a file of a part that cannot be written: the errno stands behind it.
        _ if text.contains("errno: 28,") || text.contains("No space left on device") => Kind::Full,
        Some(243) => Kind::Full,
        Some(159 | 160 | 209) => Kind::Unanswered,
        Some(202 | 203 | 241 | 252 | 286 | 285 | 319 | 473) => Kind::Busy,
        Some(164 | 242) => Kind::ReadOnly,
        Some(192..=195 | 291 | 516 | 81) => Kind::Unreachable,
        Some(210 | 225 | 999) => Kind::Unreachable,
        Some(57) => Kind::Unique,
        Some(40 | 117 | 271) => Kind::Corrupt,
        _ => Kind::Other,
    };
    let detail = match code {
        Some(code) => format!("code {code}"),
        None => format!("status {status}"),
    };
    (kind, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_were() {
        let answer =
            b"a\tb\tc\nInt64\tString\tUInt8\n-5\ta\\tb\\\\n\\'\\0\t7\n1\t\x28\xb5\x2f\xfd\\n\t0\n";
        let expected = [
            Row(vec![
                Value::Int(-5),
                Value::Text("a\tb\\n'\0".to_owned()),
                Value::Int(7),
            ]),
            Row(vec![
                Value::Int(1),
                Value::Bytes(b"\x28\xb5\x2f\xfd\n".to_vec()),
                Value::Int(0),
            ]),
        ];
        assert_eq!(rows(answer).as_deref(), Some(&expected[..]));
        assert_eq!(rows(b"a\nString\n").as_deref(), Some(&[][..]));
    }

    #[test]
    fn what_is_cut_off_is_no_answer() {
        for broken in [
            &b""[..],
            b"a",
            b"a\nInt64\n5",
            b"a\tb\nInt64\tInt64\n5\n",
            b"a\nInt64\nx\n",
        ] {
            assert_eq!(rows(broken), None, "{}", String::from_utf8_lossy(broken));
        }
    }

    #[test]
    fn refusals_have_a_meaning_and_no_text() {
        for (body, kind) in [
            (
                "Code: 241, e.displayText() = DB::Exception: Memory limit",
                Kind::Busy,
            ),
            ("Code: 252. DB::Exception: Too many parts", Kind::Busy),
            (
                "Code: 159. DB::Exception: Timeout exceeded",
                Kind::Unanswered,
            ),
            (
                "Code: 49, errno: 28, strerror: No space left on device",
                Kind::Full,
            ),
            ("Code: 62, Syntax error near '見本 太郎'", Kind::Other),
        ] {
            let (found, detail) = refusal(500, body.as_bytes());
            assert_eq!(found, kind, "{body}");
            assert!(detail.starts_with("code ") && detail.len() < 10, "{detail}");
        }
        assert_eq!(refusal(502, b"<html>").1, "status 502");
    }
}
