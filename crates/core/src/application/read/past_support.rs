//! Earlier support by the company's own statement.

use serde_json::Value;

use super::errors::Errors;
use super::{choice, scalar};
use crate::application::answers::PastSupport;
use crate::application::choices::SUPPORT_KINDS;
use crate::application::show::fiscal_year;
use crate::program::Program;
use crate::text::Mistake;
use crate::text::width::narrow;

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
    let number = scalar::number(field, value, i64::MAX, typed_year, errors)?;
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

/// 「2023」, 「2023年度」, 「令和5年度」, 「R5」, 「平成31」.
fn typed_year(typed: &str) -> Result<i64, Mistake> {
    let text = narrow(typed);
    let text = text.trim();
    let text = text.strip_suffix("年度").unwrap_or(text);
    let text = text.strip_suffix('年').unwrap_or(text);
    let eras = [("令和", 2018), ("R", 2018), ("平成", 1988), ("H", 1988)];
    let (before, rest) = eras
        .iter()
        .find_map(|(era, before)| Some((*before, text.strip_prefix(era)?)))
        .unwrap_or((0, text));
    let rest = rest.trim().trim_start_matches('.');
    let number = match rest {
        "元" if before > 0 => Some(1),
        _ if rest.len() <= 9 && rest.bytes().all(|byte| byte.is_ascii_digit()) => rest.parse().ok(),
        _ => None,
    };
    number
        .map(|number: i64| number + before)
        .ok_or_else(|| Mistake {
            code: "not_a_number",
            sentence: "年度は2023、令和5年度のように入力してください。".into(),
        })
}
