//! The figures counted plainly, case by case, as a person would with all of them on the table. Shares nothing with the marks.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use sonae_core::calendar::{Calendar, tokyo_date};
use sonae_core::figures::mark::Counted;
use sonae_core::figures::{CourseFigure, FEWEST_FOR_A_MEDIAN, Figures, StepFigure, Week};
use sonae_core::flow::Status;
use sonae_core::flow::advance::is_delivery;
use sonae_core::program::{Milestone, Program};
use sonae_db::Db;

use crate::{StoreError, instant};

/// The figures of all cases of a programme.
pub(super) fn figures(db: &Db, program: &Program, calendar: &Calendar) -> Figures {
    let cases = cases(db, program);
    let has = |case: &Counted, milestone| case.milestones.contains_key(&milestone);
    let mut figures = Figures {
        received: number(&cases, |_| true),
        ..Figures::default()
    };
    for status in Status::ALL {
        let count = number(&cases, |case| case.status == status);
        if count > 0 {
            figures.by_status.insert(status.as_str(), count);
        }
    }
    for milestone in Milestone::ALL {
        let count = number(&cases, |case| has(case, milestone));
        if count > 0 {
            figures.milestones.insert(milestone, count);
        }
    }
    let steps = program.definition.flow.step.iter();
    for step in steps.filter(|step| !is_delivery(step.kind)) {
        let open = |case: &Counted| case.steps.get(&step.id).map(|step| step.done_at.is_none());
        figures.steps.push(StepFigure {
            id: step.id.clone(),
            title: step.title.clone(),
            reached: number(&cases, |case| open(case).is_some()),
            done: number(&cases, |case| open(case) == Some(false)),
            waiting: number(&cases, |case| {
                open(case) == Some(true) && case.status == Status::Open
            }),
            median_days: median_days(&cases, &step.id, calendar),
        });
    }
    for course in program.courses() {
        let about = |case: &Counted| case.courses.contains(&course.id);
        figures.courses.push(CourseFigure {
            id: course.id.clone(),
            title: course.short_title.clone(),
            received: number(&cases, about),
            approved: number(&cases, |case| about(case) && has(case, Milestone::Approved)),
            confirmed: number(&cases, |case| {
                about(case) && case.status == Status::Confirmed
            }),
            closed: number(&cases, |case| about(case) && case.status.is_closed()),
        });
    }
    figures.weeks = weeks(&cases);
    figures
}

fn cases(db: &Db, program: &Program) -> Vec<(Timestamp, Counted)> {
    let rows = db.read(|tx| {
        tx.query(
            "SELECT f.received_at_ms, r.state FROM case_file f JOIN case_record r ON r.application_id = f.application_id
             WHERE f.program_id = $1",
            &[program.id().into()],
        )
    });
    let read = |row: &sonae_db::Row| -> Result<_, StoreError> {
        Ok((instant(row.int(0))?, serde_json::from_str(row.text(1))?))
    };
    let rows = rows.expect("readable");
    rows.iter()
        .map(|row| read(row).expect("our own row"))
        .collect()
}

fn number(cases: &[(Timestamp, Counted)], is: impl Fn(&Counted) -> bool) -> u32 {
    let count = cases.iter().filter(|(_, case)| is(case)).count();
    u32::try_from(count).expect("few cases")
}

fn median_days(cases: &[(Timestamp, Counted)], step: &str, calendar: &Calendar) -> Option<u32> {
    let records = cases.iter().filter_map(|(_, case)| case.steps.get(step));
    let took = records.filter_map(|record| {
        let until = tokyo_date(record.done_at?);
        let days = calendar.business_days_between(tokyo_date(record.opened_at), until);
        Some(u32::try_from(days).unwrap_or(0))
    });
    let mut took: Vec<u32> = took.collect();
    took.sort_unstable();
    (took.len() >= FEWEST_FOR_A_MEDIAN).then(|| took[(took.len() - 1) / 2])
}

/// Every week from the first to the last in which something happened.
fn weeks(cases: &[(Timestamp, Counted)]) -> Vec<Week> {
    let mut weeks: BTreeMap<Date, Week> = BTreeMap::new();
    let mut week = |at: Timestamp, add: fn(&mut Week)| {
        let date = tokyo_date(at);
        let monday = date - i64::from(date.weekday().to_monday_zero_offset()).days();
        add(weeks.entry(monday).or_insert(empty(monday)));
    };
    for (received_at, case) in cases {
        week(*received_at, |week| week.received += 1);
        for (milestone, at) in &case.milestones {
            match milestone {
                Milestone::Approved => week(*at, |week| week.approved += 1),
                Milestone::Confirmed => week(*at, |week| week.confirmed += 1),
                _ => {}
            }
        }
    }
    let Some(last) = weeks.keys().next_back().copied() else {
        return Vec::new();
    };
    let mut monday = *weeks.keys().next().expect("there is a last one");
    while monday < last {
        monday += 7.days();
        weeks.entry(monday).or_insert(empty(monday));
    }
    weeks.into_values().collect()
}

fn empty(monday: Date) -> Week {
    Week {
        monday,
        received: 0,
        approved: 0,
        confirmed: 0,
    }
}
