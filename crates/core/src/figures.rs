//! 数字: how many applications reached which step, when, and how long a step took. Made of counts of marks ([`mark`]), which never name a
//! case and are kept beside the cases, so that nobody reads a hundred thousand of them.

pub mod mark;

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::calendar::Calendar;
use crate::flow::Status;
use crate::flow::advance::is_delivery;
use crate::program::{Id, Milestone, Program};
use mark::{Counts, Mark, What};

/// Counts below this are not told in a breakdown by reason: so few could be recognised.
pub const SMALL: u32 = 5;
/// The most weeks that are told, the latest ones.
pub const MOST_WEEKS: usize = 60;
/// Below so many finished cases no median is told.
pub const FEWEST_FOR_A_MEDIAN: usize = 3;

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

impl Figures {
    /// The figures of a programme whose marks were counted so. Steps and courses that the programme no longer has are passed over.
    #[must_use]
    pub fn of(program: &Program, calendar: &Calendar, counts: &Counts) -> Figures {
        let mut figures = Figures::empty(program);
        let mut weeks = BTreeMap::new();
        for (mark, count) in counts {
            match u32::try_from(*count) {
                Ok(count) if count > 0 => figures.add(mark, count, &mut weeks),
                _ => {}
            }
        }
        for figure in &mut figures.steps {
            figure.median_days = median_days(&figure.id, calendar, counts);
        }
        figures.weeks = without_gaps(&weeks);
        figures
    }

    fn empty(program: &Program) -> Figures {
        let steps = program.definition.flow.step.iter();
        let steps = steps.filter(|step| !is_delivery(step.kind));
        Figures {
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
        }
    }

    fn add(&mut self, mark: &Mark, count: u32, weeks: &mut BTreeMap<Date, Week>) {
        let step = self.steps.iter_mut().find(|step| step.id == mark.item);
        let course = (self.courses.iter_mut()).find(|course| course.id == mark.item);
        let mut week = |add: fn(&mut Week) -> &mut u32| {
            if let Some(day) = mark.until {
                let monday = monday_of(day);
                *add(weeks.entry(monday).or_insert(empty_week(monday))) += count;
            }
        };
        match (mark.what, step, course) {
            (What::Received, ..) => {
                self.received += count;
                week(|week| &mut week.received);
            }
            (What::Status, ..) => {
                if let Some(status) = Status::parse(&mark.item) {
                    *self.by_status.entry(status.as_str()).or_default() += count;
                }
            }
            (What::Milestone, ..) => {
                let Some(milestone) = Milestone::parse(&mark.item) else {
                    return;
                };
                *self.milestones.entry(milestone).or_default() += count;
                match milestone {
                    Milestone::Approved => week(|week| &mut week.approved),
                    Milestone::Confirmed => week(|week| &mut week.confirmed),
                    Milestone::Received | Milestone::Complete => {}
                }
            }
            (What::StepWaiting, Some(step), _) => {
                step.reached += count;
                step.waiting += count;
            }
            (What::StepLeft, Some(step), _) => step.reached += count,
            (What::StepDone, Some(step), _) => {
                step.reached += count;
                step.done += count;
            }
            (What::Course, _, Some(course)) => course.received += count,
            (What::CourseApproved, _, Some(course)) => course.approved += count,
            (What::CourseConfirmed, _, Some(course)) => course.confirmed += count,
            (What::CourseClosed, _, Some(course)) => course.closed += count,
            _ => {}
        }
    }
}

/// The business days from the beginning of a step to its end, in the middle of all that ended.
fn median_days(step: &str, calendar: &Calendar, counts: &Counts) -> Option<u32> {
    let done = |(mark, count): (&Mark, &i64)| {
        let is_done = mark.what == What::StepDone && mark.item == step;
        Some((mark.from?, mark.until?, usize::try_from(*count).ok()?)).filter(|_| is_done)
    };
    let ended: Vec<(Date, Date, usize)> = counts.iter().filter_map(done).collect();
    // The calendar is gone through once, from the first day to the last, and not from every beginning to every end.
    let all = ended.iter().flat_map(|(from, until, _)| [*from, *until]);
    let mut since: BTreeMap<Date, i64> = all.map(|day| (day, 0)).collect();
    let mut before: Option<(Date, i64)> = None;
    for (day, number) in &mut since {
        if let Some((last, days)) = before {
            *number = days + calendar.business_days_between(last, *day);
        }
        before = Some((*day, *number));
    }
    let mut days: BTreeMap<u32, usize> = BTreeMap::new();
    for (from, until, count) in ended {
        let took = since[&until] - since[&from];
        *days.entry(u32::try_from(took).unwrap_or(0)).or_default() += count;
    }
    median(&days)
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

/// The lower median of numbers of which each came so often.
fn median(days: &BTreeMap<u32, usize>) -> Option<u32> {
    let all: usize = days.values().sum();
    if all < FEWEST_FOR_A_MEDIAN {
        return None;
    }
    let mut below = 0;
    let reaches = |(_, count): &(&u32, &usize)| {
        below += **count;
        below > (all - 1) / 2
    };
    days.iter().find(reaches).map(|(days, _)| *days)
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
            (vec![1, 7, 7, 7, 9], Some(7)),
        ] {
            let mut often = BTreeMap::new();
            for number in &days {
                *often.entry(*number).or_default() += 1;
            }
            assert_eq!(median(&often), expected, "{days:?}");
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
