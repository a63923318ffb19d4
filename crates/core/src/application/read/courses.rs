//! The courses applied for.

use serde_json::Value;

use super::Mode;
use super::errors::{Errors, printable};
use super::scalar;
use crate::program::Program;

/// More entries than any programme has courses.
const MAX_ENTRIES: usize = 50;

/// Course ids in the order of the programme. An empty list means that nothing is chosen yet.
pub(super) fn read(
    program: &Program,
    value: Option<&Value>,
    mode: Mode,
    errors: &mut Errors<'_>,
) -> Option<Vec<String>> {
    let entries = scalar::list("courses", value, MAX_ENTRIES, errors)?;
    let mut given: Vec<&str> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let field = format!("courses[{index}]");
        match entry.as_str().map(str::trim) {
            None => errors.add(
                field,
                "wrong_type",
                "支援コースは、コースのIDを文字で送ってください。",
            ),
            Some(id) if program.course(id).is_none() => {
                let (id, open) = (printable(id), all(program));
                errors.add(
                    field,
                    "unknown_course",
                    format!("「{id}」という支援コースはこの事業にありません。次の中から選んでください:{open}。"),
                );
            }
            Some(id) if given.contains(&id) => errors.add(
                field,
                "duplicate",
                format!("支援コース「{id}」が2回選ばれています。1回だけ選んでください。"),
            ),
            Some(id) => given.push(id),
        }
    }
    if given.is_empty() || errors.has("courses") {
        return None;
    }
    combination(program, &given, mode, errors);
    let in_order = program.courses().iter().map(|course| &course.id);
    Some(
        in_order
            .filter(|id| given.contains(&id.as_str()))
            .cloned()
            .collect(),
    )
}

fn all(program: &Program) -> String {
    let titles: Vec<String> = program
        .courses()
        .iter()
        .map(|course| format!("{}({})", course.id, course.short_title))
        .collect();
    titles.join("、")
}

/// What the programme allows to be chosen together. Partial answers may still grow, so only they may be too few.
fn combination(program: &Program, given: &[&str], mode: Mode, errors: &mut Errors<'_>) {
    let rule = &program.definition.program.combination;
    let count = u32::try_from(given.len()).unwrap_or(u32::MAX);
    let too_few = count < rule.at_least && mode == Mode::Complete;
    let message = if count > rule.at_most {
        format!("支援コースは{}つまで選べます。", rule.at_most)
    } else if too_few {
        format!("支援コースを{}つ以上選んでください。", rule.at_least)
    } else if let Some([one, other]) = excluded(rule, given) {
        let title = |id: &str| {
            program
                .course(id)
                .map_or_else(|| id.to_owned(), |course| course.short_title.clone())
        };
        format!(
            "「{}」と「{}」は同時に申し込めません。どちらか1つを選んでください。",
            title(one),
            title(other)
        )
    } else {
        return;
    };
    errors.add("courses", "combination", message + &rule.note);
}

fn excluded<'a>(
    rule: &'a crate::program::program::Combination,
    given: &[&str],
) -> Option<&'a [String; 2]> {
    rule.excludes
        .iter()
        .find(|pair| pair.iter().all(|id| given.contains(&id.as_str())))
}
