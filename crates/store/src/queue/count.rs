//! How many cases lists have.

use sonae_db::{Tx, Value};

use super::condition::Condition;
use super::known::Known;
use super::{Asker, MOST_COUNTED, Wanted};
use crate::StoreError;

/// How many cases each of these lists has, up to [`MOST_COUNTED`].
pub fn counts(tx: &mut Tx, lists: &[Wanted], asker: &Asker) -> Result<Vec<i64>, StoreError> {
    let known = Known::of_all(tx, lists)?;
    let program = lists
        .iter()
        .find_map(|wanted| small_program(wanted, &known));
    let at_once: Vec<bool> = (lists.iter())
        .map(|wanted| program.is_some() && small_program(wanted, &known) == program)
        .collect();
    let some = |wanted: bool| {
        let lists = lists.iter().zip(&at_once);
        let lists = lists.filter(|(_, at_once)| **at_once == wanted);
        lists.map(|(list, _)| list.clone()).collect::<Vec<_>>()
    };
    let mut passed = match program {
        Some(program) => counted(tx, one_pass(&some(true), asker, &known, program))?,
        None => Vec::new(),
    }
    .into_iter();
    let mut single = match &some(false)[..] {
        [] => Vec::new(),
        lists => counted(tx, count_statement(lists, asker, &known))?,
    }
    .into_iter();
    let of_list = |at_once: &bool| match at_once {
        true => passed.next(),
        false => single.next(),
    };
    let counts = at_once.iter().filter_map(of_list);
    Ok(counts.map(|count| count.min(MOST_COUNTED)).collect())
}

/// The programme of a list all of whose cases may be looked at.
fn small_program<'a>(wanted: &'a Wanted, known: &Known) -> Option<&'a String> {
    let program = wanted.program.as_ref()?;
    (wanted.search.is_none() && known.is_small(program)).then_some(program)
}

fn counted(tx: &mut Tx, (sql, values): (String, Vec<Value>)) -> Result<Vec<i64>, StoreError> {
    let row = tx.query_one(&sql, &values)?;
    Ok((0..row.0.len()).map(|column| row.int(column)).collect())
}

/// Counts lists of one small programme, its cases being looked at once.
fn one_pass(lists: &[Wanted], asker: &Asker, known: &Known, program: &str) -> (String, Vec<Value>) {
    let mut parts = Vec::with_capacity(lists.len());
    let mut values = Vec::new();
    for wanted in lists {
        let mut condition = Condition::after(values);
        condition.want(wanted, asker, None, known);
        let either = condition.parts().join(") OR (");
        parts.push(format!("COUNT(CASE WHEN ({either}) THEN 1 END)"));
        values = condition.values;
    }
    values.push(program.into());
    let sql = format!(
        "SELECT {} FROM case_file f WHERE f.program_id = ${}",
        parts.join(", "),
        values.len()
    );
    (sql, values)
}

pub(super) fn count_statement(
    lists: &[Wanted],
    asker: &Asker,
    known: &Known,
) -> (String, Vec<Value>) {
    let mut parts = Vec::with_capacity(lists.len());
    let mut values = Vec::new();
    for wanted in lists {
        let mut condition = Condition::after(values);
        condition.want(wanted, asker, None, known);
        let limit = condition.value(MOST_COUNTED);
        let part = |text| format!("SELECT 1 FROM {}case_file f WHERE {text}", condition.from);
        let of_list: Vec<String> = condition.parts().into_iter().map(part).collect();
        parts.push(format!(
            "(SELECT COUNT(*) FROM ({} LIMIT {limit}) AS counted)",
            of_list.join(" UNION ALL ")
        ));
        values = condition.values;
    }
    (format!("SELECT {}", parts.join(", ")), values)
}
