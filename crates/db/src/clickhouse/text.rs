//! Values into statements. Older servers know no parameters, so a value is written as a literal, in this one place.

use std::fmt::Write;

use crate::{DbError, Kind, Value};

/// The statement with `$1` and so on replaced, in one pass: what a value holds is never looked at again.
pub(super) fn filled(sql: &str, values: &[Value]) -> Result<String, DbError> {
    let mut filled = String::with_capacity(sql.len() + 32);
    let mut rest = sql;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        filled += before;
        let digits = after[1..].bytes().take_while(u8::is_ascii_digit).count();
        let number: Option<usize> = after[1..=digits].parse().ok();
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        match value {
            Some(Value::Int(value)) => {
                write!(filled, "{value}").expect("a text grows");
            }
            Some(Value::Text(text)) => literal(&mut filled, text),
            _ => {
                return Err(DbError::new(
                    Kind::Other,
                    "a value that a statement cannot hold",
                ));
            }
        }
        rest = &after[1 + digits..];
    }
    filled += rest;
    Ok(filled)
}

fn literal(filled: &mut String, text: &str) {
    filled.push('\'');
    for c in text.chars() {
        match c {
            '\'' | '\\' => {
                filled.push('\\');
                filled.push(c);
            }
            '\n' => *filled += "\\n",
            '\r' => *filled += "\\r",
            '\t' => *filled += "\\t",
            '\0' => *filled += "\\0",
            c => filled.push(c),
        }
    }
    filled.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_a_value() {
        let values = [Value::from("'; DROP TABLE x -- $2 \\"), Value::from(-3_i64)];
        assert_eq!(
            filled("SELECT $1, $2, $2", &values).expect("filled"),
            "SELECT '\\'; DROP TABLE x -- $2 \\\\', -3, -3"
        );
        assert!(filled("SELECT $3", &values).is_err());
        assert!(filled("SELECT $", &values).is_err());
        assert!(filled("SELECT $1", &[Value::Null]).is_err());
    }
}
