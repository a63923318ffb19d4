//! Reading a condition.

use super::words::{Word, words};
use super::{DEEPEST, Expression, MOST_TERMS, Op, Path, Term, Walk};

/// Words that cannot be names.
const RESERVED: [&str; 11] = [
    "and", "or", "not", "in", "true", "false", "count", "empty", "as", "where", "by",
];

/// A condition such as `telework and size != "small"`.
///
/// # Errors
/// One Japanese sentence.
pub fn expression(text: &str) -> Result<Expression, String> {
    let mut parser = Parser::new(text)?;
    let found = parser.or(0)?;
    parser.end()?;
    Ok(found)
}

/// Rows such as `systems as s where s.rto <= 24 by s.rto`.
///
/// # Errors
/// One Japanese sentence.
pub fn walk(text: &str) -> Result<Walk, String> {
    let mut parser = Parser::new(text)?;
    let found = parser.walk(0)?;
    parser.end()?;
    Ok(found)
}

/// A dotted name.
///
/// # Errors
/// One Japanese sentence.
pub fn path(text: &str) -> Result<Path, String> {
    let mut parser = Parser::new(text)?;
    let found = parser.path()?;
    parser.end()?;
    Ok(found)
}

struct Parser {
    words: Vec<Word>,
    at: usize,
    terms: usize,
}

impl Parser {
    fn new(text: &str) -> Result<Self, String> {
        Ok(Self {
            words: words(text)?,
            at: 0,
            terms: 0,
        })
    }

    fn end(&self) -> Result<(), String> {
        match self.words.get(self.at) {
            None => Ok(()),
            Some(word) => Err(format!("「{}」の前で条件が終わっています。", shown(word))),
        }
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = match self.words.get(self.at) {
            Some(Word::Name(name)) => name == word,
            Some(Word::Sign(sign)) => *sign == word,
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    fn wants(&mut self, word: &str) -> Result<(), String> {
        match self.takes(word) {
            true => Ok(()),
            false => Err(format!("「{word}」が足りません。")),
        }
    }

    fn or(&mut self, depth: usize) -> Result<Expression, String> {
        let mut parts = vec![self.and(depth)?];
        while self.takes("or") {
            parts.push(self.and(depth)?);
        }
        Ok(one_or(parts, Expression::Or))
    }

    fn and(&mut self, depth: usize) -> Result<Expression, String> {
        let mut parts = vec![self.not(depth)?];
        while self.takes("and") {
            parts.push(self.not(depth)?);
        }
        Ok(one_or(parts, Expression::And))
    }

    fn not(&mut self, depth: usize) -> Result<Expression, String> {
        if depth > DEEPEST {
            return Err("条件のかっこや not が深すぎます。".to_owned());
        }
        if self.takes("not") {
            return Ok(Expression::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.takes("(") {
            let inside = self.or(depth + 1)?;
            self.wants(")")?;
            return Ok(inside);
        }
        let left = self.term(depth)?;
        for (sign, op) in [
            ("=", Op::Equal),
            ("!=", Op::NotEqual),
            (">=", Op::AtLeast),
            ("<=", Op::AtMost),
            ("<", Op::Less),
            (">", Op::Greater),
            ("in", Op::In),
        ] {
            if self.takes(sign) {
                return Ok(Expression::Compare(left, op, self.term(depth)?));
            }
        }
        Ok(Expression::Is(left))
    }

    fn term(&mut self, depth: usize) -> Result<Term, String> {
        self.terms += 1;
        if self.terms > MOST_TERMS {
            return Err(format!("1つの条件に書ける項は{MOST_TERMS}個までです。"));
        }
        match self.words.get(self.at).cloned() {
            Some(Word::Number(number)) => {
                self.at += 1;
                return Ok(Term::Number(number));
            }
            Some(Word::Text(text)) => {
                self.at += 1;
                return Ok(Term::Text(text));
            }
            _ => {}
        }
        if self.takes("true") {
            return Ok(Term::YesNo(true));
        }
        if self.takes("false") {
            return Ok(Term::YesNo(false));
        }
        if self.takes("count") {
            self.wants("(")?;
            let walk = self.walk(depth + 1)?;
            self.wants(")")?;
            return Ok(Term::Count(Box::new(walk)));
        }
        if self.takes("empty") {
            self.wants("(")?;
            let path = self.path()?;
            self.wants(")")?;
            return Ok(Term::Empty(path));
        }
        Ok(Term::Path(self.path()?))
    }

    fn walk(&mut self, depth: usize) -> Result<Walk, String> {
        let over = self.path()?;
        let variable = match self.takes("as") {
            true => Some(self.name()?),
            false => None,
        };
        let condition = match self.takes("where") {
            true => Some(self.or(depth + 1)?),
            false => None,
        };
        let by = match self.takes("by") {
            true => Some(self.path()?),
            false => None,
        };
        Ok(Walk {
            over,
            variable,
            condition,
            by,
        })
    }

    fn path(&mut self) -> Result<Path, String> {
        let name = match self.words.get(self.at) {
            Some(Word::Name(name)) if !RESERVED.contains(&name.as_str()) => name.clone(),
            Some(word) => return Err(format!("「{}」の所には質問の名前を書きます。", shown(word))),
            None => return Err("条件が途中で終わっています。".to_owned()),
        };
        self.at += 1;
        let path: Path = name.split('.').map(str::to_owned).collect();
        match path.iter().any(String::is_empty) {
            true => Err(format!("「{name}」の . の前後に名前がありません。")),
            false => Ok(path),
        }
    }

    fn name(&mut self) -> Result<String, String> {
        let path = self.path()?;
        match path.as_slice() {
            [name] => Ok(name.clone()),
            _ => Err(format!(
                "「{}」は as の後の名前にできません。",
                path.join(".")
            )),
        }
    }
}

fn one_or(mut parts: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.len() {
        1 => parts.remove(0),
        _ => many(parts),
    }
}

fn shown(word: &Word) -> String {
    match word {
        Word::Name(name) => name.clone(),
        Word::Number(number) => number.to_string(),
        Word::Text(text) => format!("\"{text}\""),
        Word::Sign(sign) => (*sign).to_owned(),
    }
}
