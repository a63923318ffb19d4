//! The four kinds of value that both engines agree on.

/// Instants are integers (the unit stands in the column's name), civil dates text `YYYY-MM-DD`, ids and JSON text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Value::Int(i64::from(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::from(value.to_owned())
    }
}

/// A zero byte becomes U+FFFD: one engine keeps it, the other refuses the statement, and nobody who means well types it.
impl From<String> for Value {
    fn from(value: String) -> Self {
        match value.contains('\0') {
            true => Value::Text(value.replace('\0', "\u{fffd}")),
            false => Value::Text(value),
        }
    }
}

impl From<&String> for Value {
    fn from(value: &String) -> Self {
        Value::from(value.clone())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Value::Bytes(value)
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Value::Bytes(value.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(value: [u8; N]) -> Self {
        Value::Bytes(value.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

/// One row of an answer, columns in the order of the SELECT.
///
/// The typed accessors panic when the column holds another kind: the schema and the SQL stand side by side in one crate, and the
/// contract suite runs every statement on both engines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    pub fn int(&self, column: usize) -> i64 {
        match &self.0[column] {
            Value::Int(value) => *value,
            other => panic!("column {column} is not an integer but {}", kind(other)),
        }
    }

    pub fn text(&self, column: usize) -> &str {
        match &self.0[column] {
            Value::Text(value) => value,
            other => panic!("column {column} is not text but {}", kind(other)),
        }
    }

    pub fn bytes(&self, column: usize) -> &[u8] {
        match &self.0[column] {
            Value::Bytes(value) => value,
            other => panic!("column {column} is not bytes but {}", kind(other)),
        }
    }

    pub fn opt_int(&self, column: usize) -> Option<i64> {
        (self.0[column] != Value::Null).then(|| self.int(column))
    }

    pub fn opt_text(&self, column: usize) -> Option<&str> {
        (self.0[column] != Value::Null).then(|| self.text(column))
    }

    pub fn opt_bytes(&self, column: usize) -> Option<&[u8]> {
        (self.0[column] != Value::Null).then(|| self.bytes(column))
    }
}

/// The kind alone: a value may be personal data and must not reach a log.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Int(_) => "an integer",
        Value::Text(_) => "text",
        Value::Bytes(_) => "bytes",
    }
}
