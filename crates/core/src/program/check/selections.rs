//! Which courses can be applied for together.

use crate::program::program::ProgramFile;

/// With more courses than this the combinations are too many to look at each.
pub(super) const MOST_COURSES: usize = 10;

/// Every choice of courses that the combination rule allows, as indices into `program.course`. Empty when nothing can be
/// chosen, and when there are more than [`MOST_COURSES`] courses, which is a finding of its own.
pub(super) fn selections(program: &ProgramFile) -> Vec<Vec<usize>> {
    let count = program.course.len();
    if count > MOST_COURSES {
        return Vec::new();
    }
    let rule = &program.combination;
    (1u32..1 << count)
        .map(|bits| {
            (0..count)
                .filter(|index| bits & (1 << index) != 0)
                .collect::<Vec<_>>()
        })
        .filter(|chosen| (rule.at_least..=rule.at_most).contains(&(chosen.len() as u32)))
        .filter(|chosen| {
            let has = |id: &str| chosen.iter().any(|index| program.course[*index].id == id);
            !rule
                .excludes
                .iter()
                .any(|[one, other]| has(one) && has(other))
        })
        .collect()
}

/// The short titles of a choice, for a message.
pub(super) fn titles(program: &ProgramFile, chosen: &[usize]) -> String {
    let titles: Vec<&str> = chosen
        .iter()
        .map(|index| program.course[*index].short_title.as_str())
        .collect();
    format!("「{}」", titles.join("」と「"))
}
