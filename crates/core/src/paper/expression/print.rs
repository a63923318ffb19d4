//! A condition as text again, always in the same form: two conditions that print alike are the same.

use std::fmt;

use super::{Expression, Op, Term, Walk};

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, parts: &[Expression], word: &str| {
            for (index, part) in parts.iter().enumerate() {
                if index > 0 {
                    write!(f, " {word} ")?;
                }
                match part {
                    Expression::And(_) | Expression::Or(_) => write!(f, "({part})")?,
                    _ => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Expression::Or(parts) => joined(f, parts, "or"),
            Expression::And(parts) => joined(f, parts, "and"),
            Expression::Not(inside) => write!(f, "not ({inside})"),
            Expression::Compare(left, op, right) => write!(f, "{left} {op} {right}"),
            Expression::Is(term) => write!(f, "{term}"),
        }
    }
}

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Op::Equal => "=",
            Op::NotEqual => "!=",
            Op::AtLeast => ">=",
            Op::AtMost => "<=",
            Op::Less => "<",
            Op::Greater => ">",
            Op::In => "in",
        })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Number(number) => write!(f, "{number}"),
            Term::Text(text) => write!(f, "\"{text}\""),
            Term::YesNo(yes) => write!(f, "{yes}"),
            Term::Path(path) => f.write_str(&path.join(".")),
            Term::Count(walk) => write!(f, "count({walk})"),
            Term::Empty(path) => write!(f, "empty({})", path.join(".")),
        }
    }
}

impl fmt::Display for Walk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.over.join("."))?;
        if let Some(variable) = &self.variable {
            write!(f, " as {variable}")?;
        }
        if let Some(condition) = &self.condition {
            write!(f, " where {condition}")?;
        }
        if let Some(by) = &self.by {
            write!(f, " by {}", by.join("."))?;
        }
        Ok(())
    }
}
