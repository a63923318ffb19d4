//! Earlier support by the company's own statement.

use serde_json::Value;

use super::errors::Errors;
use super::{choice, scalar};
use crate::application::answers::PastSupport;
use crate::application::choices::SUPPORT_KINDS;
use crate::application::show::fiscal_year;
use crate::earlier_support;
use crate::program::Program;

/// The most entries taken: more than any company can have had.
pub const MAX_PAST_SUPPORT: usize = 50;

/// The first fiscal year that is taken; public cybersecurity support for small companies is younger.
pub const FIRST_YEAR: i16 = 2000;

/// Kinds and fiscal years, sorted, each once.
pub(super) fn read(
    program: &Program,
    value: Option<&Value>,
    errors: &mut Errors<'_>,
) -> Option<Vec<PastSupport>> {
    let entries = scalar::list("past_support", value, MAX_PAST_SUPPORT, errors)?;
    let mut list: Vec<PastSupport> = entries
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| one(program, index, entry, errors))
        .collect();
    list.sort();
    list.dedup();
    Some(list)
}

fn one(
    program: &Program,
    index: usize,
    entry: &Value,
    errors: &mut Errors<'_>,
) -> Option<PastSupport> {
    let field = format!("past_support[{index}]");
    let (kind_field, year_field) = (format!("{field}.kind"), format!("{field}.year"));
    let Value::Object(body) = entry else {
        errors.add(
            field,
            "wrong_type",
            "これまでに受けた支援は、内容(kind)と年度(year)の組で送ってください。",
        );
        return None;
    };
    errors.unknown_keys(&field, body, &["kind", "year"]);
    let kind = choice::read(&kind_field, body.get("kind"), SUPPORT_KINDS, errors);
    let last = program.definition.program.fiscal_year;
    let year = year(&year_field, body.get("year"), last, errors);
    for (field, missing) in [(&kind_field, kind.is_none()), (&year_field, year.is_none())] {
        if missing && !errors.has(field) {
            let message = format!("{}を選んでください。", errors.noun(field));
            errors.add(field, "required", message);
        }
    }
    Some(PastSupport {
        kind: kind?,
        year: year?,
    })
}

fn year(field: &str, value: Option<&Value>, last: i16, errors: &mut Errors<'_>) -> Option<i16> {
    let number = scalar::number(field, value, i64::MAX, earlier_support::fiscal_year, errors)?;
    let year = i16::try_from(number)
        .ok()
        .filter(|year| (FIRST_YEAR..=last).contains(year));
    if year.is_none() {
        let (from, to) = (fiscal_year(FIRST_YEAR), fiscal_year(last));
        let message =
            format!("年度は{FIRST_YEAR}({from})から{last}({to})までの西暦で答えてください。");
        errors.add(field, "year_range", message);
    }
    year
}
