//! 数字: how many applications reached which step, when, and how long a step took. Counted over cases, never naming one.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use crate::calendar::{Calendar, tokyo_date};
use crate::flow::advance::is_delivery;
use crate::flow::{Status, StepRecord};
use crate::program::{Id, Milestone, Program};

/// Counts below this are not told in a breakdown by reason: so few could be recognised.
pub const SMALL: u32 = 5;
/// The most weeks that are told, the latest ones.
pub const MOST_WEEKS: usize = 60;
/// Below so many finished cases no median is told.
pub const FEWEST_FOR_A_MEDIAN: usize = 3;

/// What of a case is counted; read from its stored form, the rest of which is passed over.
#[derive(Clone, Debug, Deserialize)]
pub struct Counted {
    pub status: Status,
    pub steps: BTreeMap<Id, StepRecord>,
    pub milestones: BTreeMap<Milestone, Timestamp>,
    pub courses: Vec<Id>,
}

/// The funnel of one programme.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    pub received: u32,
    /// Open cases, and closed ones by how.
    pub by_status: BTreeMap<&'static str, u32>,
    pub milestones: BTreeMap<Milestone, u32>,
    /// Steps up to 参加確定, in the programme's order.
    pub steps: Vec<StepFigure>,
    pub courses: Vec<CourseFigure>,
    /// Every week from the first receipt on, those without anything included.
    pub weeks: Vec<Week>,
}

/// One step: who came to it, who is in it, who is through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepFigure {
    pub id: Id,
    pub title: String,
    pub reached: u32,
    pub done: u32,
    /// Open cases that wait there.
    pub waiting: u32,
    /// Business days from its beginning to its end, in the middle of all that ended; none when too few did.
    pub median_days: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct CourseFigure {
    pub id: Id,
    pub title: String,
    pub received: u32,
    pub approved: u32,
    pub confirmed: u32,
    /// Neither open nor confirmed any more.
    pub closed: u32,
}

/// A week from Monday to Sunday in Tokyo.
#[derive(Clone, Debug, PartialEq)]
pub struct Week {
    pub monday: Date,
    pub received: u32,
    pub approved: u32,
    pub confirmed: u32,
}

/// Figures in the making.
pub struct Counter<'a> {
    program: &'a Program,
    calendar: &'a Calendar,
    figures: Figures,
    days: BTreeMap<Id, Vec<u32>>,
    weeks: BTreeMap<Date, Week>,
}

impl<'a> Counter<'a> {
    pub fn new(program: &'a Program, calendar: &'a Calendar) -> Counter<'a> {
        let steps = program.definition.flow.step.iter();
        let steps = steps.filter(|step| !is_delivery(step.kind));
        Counter {
            program,
            calendar,
            figures: Figures {
                steps: steps
                    .map(|step| StepFigure {
                        id: step.id.clone(),
                        title: step.title.clone(),
                        ..StepFigure::default()
                    })
                    .collect(),
                courses: (program.courses().iter())
                    .map(|course| CourseFigure {
                        id: course.id.clone(),
                        title: course.short_title.clone(),
                        ..CourseFigure::default()
                    })
                    .collect(),
                ..Figures::default()
            },
            days: BTreeMap::new(),
            weeks: BTreeMap::new(),
        }
    }

    /// Counts one case.
    pub fn add(&mut self, received_at: Timestamp, case: &Counted) {
        let figures = &mut self.figures;
        figures.received += 1;
        *figures.by_status.entry(case.status.as_str()).or_default() += 1;
        for milestone in case.milestones.keys() {
            *figures.milestones.entry(*milestone).or_default() += 1;
        }
        for figure in &mut figures.steps {
            let Some(record) = case.steps.get(&figure.id) else {
                continue;
            };
            figure.reached += 1;
            match record.done_at {
                Some(done_at) => {
                    figure.done += 1;
                    let (from, until) = (tokyo_date(record.opened_at), tokyo_date(done_at));
                    let days = self.calendar.business_days_between(from, until);
                    let days = u32::try_from(days).unwrap_or(0);
                    self.days.entry(figure.id.clone()).or_default().push(days);
                }
                None => figure.waiting += u32::from(case.status == Status::Open),
            }
        }
        let has = |milestone| u32::from(case.milestones.contains_key(&milestone));
        for figure in &mut figures.courses {
            if case.courses.contains(&figure.id) {
                figure.received += 1;
                figure.approved += has(Milestone::Approved);
                figure.confirmed += u32::from(case.status == Status::Confirmed);
                figure.closed += u32::from(case.status.is_closed());
            }
        }
        self.week(received_at, |week| week.received += 1);
        for (milestone, at) in &case.milestones {
            match milestone {
                Milestone::Approved => self.week(*at, |week| week.approved += 1),
                Milestone::Confirmed => self.week(*at, |week| week.confirmed += 1),
                Milestone::Received | Milestone::Complete => {}
            }
        }
    }

    fn week(&mut self, at: Timestamp, count: impl FnOnce(&mut Week)) {
        let monday = monday_of(tokyo_date(at));
        count(self.weeks.entry(monday).or_insert(empty_week(monday)));
    }

    /// The figures of all that was counted.
    #[must_use]
    pub fn finish(mut self) -> Figures {
        for figure in &mut self.figures.steps {
            figure.median_days = self.days.get_mut(&figure.id).and_then(|days| median(days));
        }
        self.figures.weeks = without_gaps(&self.weeks);
        debug_assert_eq!(self.program.courses().len(), self.figures.courses.len());
        self.figures
    }
}

fn empty_week(monday: Date) -> Week {
    Week {
        monday,
        received: 0,
        approved: 0,
        confirmed: 0,
    }
}

fn monday_of(date: Date) -> Date {
    let back = i64::from(date.weekday().to_monday_zero_offset());
    date.checked_sub(back.days()).unwrap_or(date)
}

fn without_gaps(weeks: &BTreeMap<Date, Week>) -> Vec<Week> {
    let (Some(first), Some(last)) = (weeks.keys().next(), weeks.keys().next_back()) else {
        return Vec::new();
    };
    let earliest = last.checked_sub((7 * (MOST_WEEKS as i64 - 1)).days());
    let mut monday = earliest.map_or(*first, |earliest| earliest.max(*first));
    let mut all = Vec::new();
    while monday <= *last && all.len() < MOST_WEEKS {
        all.push(weeks.get(&monday).cloned().unwrap_or(empty_week(monday)));
        match monday.checked_add(7.days()) {
            Ok(next) => monday = next,
            Err(_) => break,
        }
    }
    all
}

/// The lower median.
fn median(days: &mut [u32]) -> Option<u32> {
    if days.len() < FEWEST_FOR_A_MEDIAN {
        return None;
    }
    let middle = (days.len() - 1) / 2;
    let (_, median, _) = days.select_nth_unstable(middle);
    Some(*median)
}

/// Counts of a breakdown with those below [`SMALL`] left out. When only one would be, the next smallest goes too: the total would give
/// it away.
pub fn careful(counts: &[u32]) -> Vec<Option<u32>> {
    let mut told: Vec<Option<u32>> = (counts.iter())
        .map(|count| (*count == 0 || *count >= SMALL).then_some(*count))
        .collect();
    if told.iter().filter(|count| count.is_none()).count() == 1 {
        let next = (told.iter().enumerate())
            .filter_map(|(index, count)| {
                count.filter(|count| *count > 0).map(|count| (count, index))
            })
            .min();
        if let Some((_, index)) = next {
            told[index] = None;
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Closings;

    #[test]
    fn few_are_not_told_and_not_given_away() {
        for (counts, told) in [
            (&[][..], vec![]),
            (&[0, 5, 12], vec![Some(0), Some(5), Some(12)]),
            (&[4, 5, 12], vec![None, None, Some(12)]),
            (&[1, 4, 12], vec![None, None, Some(12)]),
            (&[3], vec![None]),
            (&[3, 0], vec![None, Some(0)]),
        ] {
            assert_eq!(careful(counts), told, "{counts:?}");
        }
    }

    #[test]
    fn the_median_is_of_what_ended_and_not_of_few() {
        for (days, expected) in [
            (vec![], None),
            (vec![3, 1], None),
            (vec![9, 1, 2], Some(2)),
            (vec![4, 1, 9, 2], Some(2)),
        ] {
            assert_eq!(median(&mut days.clone()), expected, "{days:?}");
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_have_no_gaps() {
        let day = |text: &str| -> Date { text.parse().expect("a date") };
        assert_eq!(monday_of(day("2025-06-01")), day("2025-05-26"));
        assert_eq!(monday_of(day("2025-06-02")), day("2025-06-02"));
        let mut weeks = BTreeMap::new();
        for monday in ["2024-01-01", "2025-06-02", "2025-06-16"] {
            weeks.insert(day(monday), empty_week(day(monday)));
        }
        let all = without_gaps(&weeks);
        assert_eq!(all.len(), MOST_WEEKS);
        assert_eq!(all[MOST_WEEKS - 1].monday, day("2025-06-16"));
        assert_eq!(all[MOST_WEEKS - 2].monday, day("2025-06-09"));
        let calendar = Calendar::published_default(Closings::year_end());
        assert_eq!(
            calendar.business_days_between(day("2025-06-02"), day("2025-06-09")),
            5
        );
    }
}
