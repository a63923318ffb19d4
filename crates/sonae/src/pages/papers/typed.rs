//! What stands in the controls: what was just sent, so that nobody types twice, or the answer as it is written.

use sonae_core::calendar::japanese::date_long;
use sonae_core::paper::answers::Value;

/// Numbers from here on are written with commas, so that a row of zeros can be read.
const GROUPED_FROM: i64 = 10_000;

/// The pairs of a form that was sent; none when a page is shown for the first time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent<'a>(Option<&'a [(String, String)]>);

impl<'a> Sent<'a> {
    pub(super) fn new(pairs: &'a [(String, String)]) -> Sent<'a> {
        Sent(Some(pairs))
    }

    /// What stands in the controls of a name: what was sent, or the answer.
    pub(super) fn texts(self, name: &str, answer: Option<&Value>) -> Vec<String> {
        match self.0 {
            None => answer.map(written).unwrap_or_default(),
            Some(pairs) => {
                let own = pairs.iter().filter(|(key, _)| key == name);
                own.map(|(_, value)| value.clone()).collect()
            }
        }
    }

    /// The same where there is one control.
    pub(super) fn text(self, name: &str, answer: Option<&Value>) -> String {
        self.texts(name, answer).pop().unwrap_or_default()
    }
}

/// An answer as somebody would type it, in the words in which it is read again.
pub(super) fn written(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) | Value::Choice(text) | Value::Row(text) => vec![text.clone()],
        Value::YesNo(yes) => vec![yes.to_string()],
        Value::Choices(values) => values.iter().cloned().collect(),
        Value::Number(number) => vec![grouped(*number)],
        Value::Date(date) => vec![date_long(*date)],
        Value::RowsOf(ids) => ids.clone(),
        Value::Rows(_) => Vec::new(),
    }
}

fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    if number.abs() < GROUPED_FROM {
        return number.to_string();
    }
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_written_as_it_is_typed() {
        let check = |value: Value, expected: &str| assert_eq!(written(&value).join("|"), expected);
        check(Value::Number(45), "45");
        check(Value::Number(1_500_000), "1,500,000");
        check(Value::Number(-25), "-25");
        check(Value::YesNo(false), "false");
        check(Value::Date(jiff::civil::date(2026, 4, 1)), "令和8年4月1日");
        check(Value::RowsOf(vec!["a".into(), "b".into()]), "a|b");
    }

    #[test]
    fn what_was_sent_stands_in_its_control() {
        let answer = Value::Text("前".to_owned());
        let pairs = [("a".to_owned(), "今".to_owned())];
        assert_eq!(Sent::default().text("a", Some(&answer)), "前");
        assert_eq!(Sent::new(&pairs).text("a", Some(&answer)), "今");
        assert_eq!(Sent::new(&pairs).text("b", Some(&answer)), "");
    }
}
