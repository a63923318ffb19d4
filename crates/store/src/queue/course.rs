//! The list by course.

use super::condition::Condition;
use super::known::Known;
use super::{Sort, View, Wanted};

impl Condition {
    /// Cases have few different sets of courses. Where these lead, each is read by its own index; elsewhere the courses of each case are
    /// looked at.
    pub(super) fn course(&mut self, wanted: &Wanted, known: &Known) {
        let Some(course) = &wanted.course else {
            return;
        };
        let free = self.alternatives.is_empty() && self.from.is_empty();
        match known.sets_with(course).filter(|_| free) {
            Some(sets) if sets.is_empty() => self.term("1 = 0"),
            Some(sets) => {
                self.alternatives = (sets.into_iter())
                    .map(|set| format!("f.courses = {}", self.value(set)))
                    .collect();
            }
            None => {
                // Each course id is followed by a space; ids hold no space, so the whole word is met.
                let place = self.value(format!(" {course} "));
                self.term(format!(
                    "REPLACE(' ' || f.courses, {place}, '') <> ' ' || f.courses"
                ));
            }
        }
    }
}

/// Whether a course leads: where its indexes have the order that is asked for, and where the view does not have few cases by itself.
pub(super) fn course_leads(wanted: &Wanted, order: Option<Sort>) -> bool {
    let few = matches!(
        wanted.view,
        View::Mine | View::Waiting | View::AtSponsor | View::SentBack
    );
    let by_status = match wanted.view {
        View::All | View::Confirmed | View::Closed => wanted.status.is_some(),
        _ => true,
    };
    match order {
        _ if few || wanted.search.is_some() => false,
        None | Some(Sort::Newest | Sort::Oldest) => true,
        Some(Sort::Due) => by_status,
        Some(Sort::Name | Sort::Updated) => false,
    }
}
