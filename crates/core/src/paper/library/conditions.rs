//! Types of conditions and walks.

use super::super::expression::{Expression, Op, Term, Walk};
use super::super::question::Question;
use super::names::{Names, Type};

impl<'a> Names<'a> {
    /// # Errors
    /// One Japanese sentence about the first thing that cannot be meant.
    pub(super) fn condition(&mut self, expression: &Expression) -> Result<(), String> {
        match expression {
            Expression::Or(parts) | Expression::And(parts) => {
                parts.iter().try_for_each(|part| self.condition(part))
            }
            Expression::Not(inside) => self.condition(inside),
            Expression::Is(term) => match (self.term(term)?, term) {
                (Some(Type::YesNo), _) | (None, Term::YesNo(_)) => Ok(()),
                _ => Err(format!(
                    "「{term}」だけでは条件になりません。= や >= で比べるか、empty(…) を使ってください。"
                )),
            },
            Expression::Compare(left, op, right) => self.compare(left, *op, right),
        }
    }

    /// The table whose rows a walk comes by. The variable is known only inside of `body`.
    ///
    /// # Errors
    /// One Japanese sentence.
    pub(super) fn walk(&mut self, walk: &Walk) -> Result<&'a Question, String> {
        let table = match self.type_of(&walk.over)? {
            Type::Rows(table) => table,
            _ => return Err(format!("「{}」は表ではありません。", walk.over.join("."))),
        };
        let Some(variable) = &walk.variable else {
            return match walk.condition.is_some() || walk.by.is_some() {
                true => Err("where や by の前に「as 名前」が要ります。".to_owned()),
                false => Ok(table),
            };
        };
        let taken =
            self.question(variable).is_some() || matches!(variable.as_str(), "size" | "paper");
        if taken || self.variables.iter().any(|(name, _)| name == variable) {
            return Err(format!(
                "「{variable}」という名前はもう使われています。別の名前にしてください。"
            ));
        }
        self.variables.push((variable.clone(), table));
        let checked = self.inside_walk(walk);
        self.variables.pop();
        checked.map(|()| table)
    }

    fn inside_walk(&mut self, walk: &Walk) -> Result<(), String> {
        if let Some(condition) = &walk.condition {
            self.condition(condition)?;
        }
        match &walk.by {
            Some(by) => match self.type_of(by)? {
                Type::Number | Type::Date | Type::Text | Type::Choice(_) => Ok(()),
                _ => Err(format!("「{}」の順には並べられません。", by.join("."))),
            },
            None => Ok(()),
        }
    }

    /// The type of a term; none for what is written out.
    fn term(&mut self, term: &Term) -> Result<Option<Type<'a>>, String> {
        match term {
            Term::Path(path) => self.type_of(path).map(Some),
            Term::Count(walk) => self.walk(walk).map(|_| Some(Type::Number)),
            Term::Empty(path) => self.type_of(path).map(|_| Some(Type::YesNo)),
            Term::Number(_) | Term::Text(_) | Term::YesNo(_) => Ok(None),
        }
    }

    fn compare(&mut self, left: &Term, op: Op, right: &Term) -> Result<(), String> {
        let (a, b) = (self.term(left)?, self.term(right)?);
        let no = || {
            Err(format!(
                "「{left} {op} {right}」は比べられません。型が違います。"
            ))
        };
        if op == Op::In {
            return match (left, b) {
                (Term::Text(value), Some(Type::Choices(question))) => option(question, value),
                _ => no(),
            };
        }
        let ordered = !matches!(op, Op::Equal | Op::NotEqual);
        match (a, b, right) {
            (Some(Type::Number), Some(Type::Number), _)
            | (Some(Type::Number), None, Term::Number(_)) => Ok(()),
            (Some(Type::Date), Some(Type::Date), _) => Ok(()),
            (Some(Type::Date), None, Term::Text(date)) => match date.parse::<jiff::civil::Date>() {
                Ok(_) => Ok(()),
                Err(_) => Err(format!(
                    "「{date}」は日付として読めません。\"2026-04-01\" のように書きます。"
                )),
            },
            _ if ordered => no(),
            (Some(Type::Choice(question)), None, Term::Text(value)) => option(question, value),
            (Some(Type::Size), None, Term::Text(value))
                if ["small", "medium", "large"].contains(&value.as_str()) =>
            {
                Ok(())
            }
            (Some(Type::Text), None, Term::Text(_)) | (Some(Type::YesNo), None, Term::YesNo(_)) => {
                Ok(())
            }
            (Some(Type::Text), Some(Type::Text), _) | (Some(Type::YesNo), Some(Type::YesNo), _) => {
                Ok(())
            }
            (Some(Type::Row(one)), Some(Type::Row(other)), _) if one.id == other.id => Ok(()),
            _ => no(),
        }
    }

    /// Whether something of this name is known, so that a text can speak of a row at hand.
    pub(super) fn table_of(&self, variable: &str) -> Option<&'a Question> {
        let found = self
            .variables
            .iter()
            .rev()
            .find(|(name, _)| name == variable);
        found.map(|(_, table)| *table)
    }
}

fn option(question: &Question, value: &str) -> Result<(), String> {
    match question.options.iter().any(|option| option.value == value) {
        true => Ok(()),
        false => {
            let known: Vec<&str> = question
                .options
                .iter()
                .map(|option| option.value.as_str())
                .collect();
            Err(format!(
                "「{}」に「{value}」という値はありません。{}",
                question.id,
                crate::program::broken::nearest(value, &known)
            ))
        }
    }
}
