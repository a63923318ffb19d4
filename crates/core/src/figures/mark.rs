//! What is counted about a case: some marks, each of which says one thing and names nobody. A case has each mark once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::calendar::tokyo_date;
use crate::flow::{Case, Status, StepRecord};
use crate::program::{Id, Milestone};

/// How many cases have a mark.
pub type Counts = BTreeMap<Mark, i64>;

/// One thing said about a case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub what: What,
    /// The word of a status or milestone, or the id of a step or course; empty for a receipt.
    pub item: Id,
    /// The day in Tokyo on which it began; only for a step that is done.
    pub from: Option<Date>,
    /// The day in Tokyo on which it happened.
    pub until: Option<Date>,
}

/// What a mark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Received,
    Status,
    Milestone,
    /// An open case waits there.
    StepWaiting,
    /// A case that is no longer open came to it and did not get through.
    StepLeft,
    StepDone,
    Course,
    CourseApproved,
    CourseConfirmed,
    CourseClosed,
}

impl What {
    pub const ALL: [What; 10] = [
        What::Received,
        What::Status,
        What::Milestone,
        What::StepWaiting,
        What::StepLeft,
        What::StepDone,
        What::Course,
        What::CourseApproved,
        What::CourseConfirmed,
        What::CourseClosed,
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            What::Received => "received",
            What::Status => "status",
            What::Milestone => "milestone",
            What::StepWaiting => "step_waiting",
            What::StepLeft => "step_left",
            What::StepDone => "step_done",
            What::Course => "course",
            What::CourseApproved => "course_approved",
            What::CourseConfirmed => "course_confirmed",
            What::CourseClosed => "course_closed",
        }
    }

    pub fn parse(word: &str) -> Option<What> {
        What::ALL.into_iter().find(|what| what.as_str() == word)
    }
}

/// What of a case is counted; read from its stored form, the rest of which is passed over.
#[derive(Clone, Debug, Deserialize)]
pub struct Counted {
    pub status: Status,
    pub steps: BTreeMap<Id, StepRecord>,
    pub milestones: BTreeMap<Milestone, Timestamp>,
    pub courses: Vec<Id>,
}

/// The marks of a case.
#[must_use]
pub fn marks(received_at: Timestamp, case: &Case) -> BTreeSet<Mark> {
    let Case {
        status,
        steps,
        milestones,
        courses,
        ..
    } = case;
    of(received_at, *status, (steps, milestones, courses))
}

impl Counted {
    /// The same as [`marks`] of the whole case.
    #[must_use]
    pub fn marks(&self, received_at: Timestamp) -> BTreeSet<Mark> {
        let parts = (&self.steps, &self.milestones, &self.courses[..]);
        of(received_at, self.status, parts)
    }
}

type Parts<'a> = (
    &'a BTreeMap<Id, StepRecord>,
    &'a BTreeMap<Milestone, Timestamp>,
    &'a [Id],
);

fn of(
    received_at: Timestamp,
    status: Status,
    (steps, milestones, courses): Parts<'_>,
) -> BTreeSet<Mark> {
    let mark = |what, item: &str| Mark {
        what,
        item: item.to_owned(),
        from: None,
        until: None,
    };
    let mut marks = BTreeSet::new();
    marks.insert(Mark {
        until: Some(tokyo_date(received_at)),
        ..mark(What::Received, "")
    });
    marks.insert(mark(What::Status, status.as_str()));
    for (milestone, at) in milestones {
        marks.insert(Mark {
            until: Some(tokyo_date(*at)),
            ..mark(What::Milestone, milestone.as_str())
        });
    }
    for (step, record) in steps {
        marks.insert(match record.done_at {
            Some(done_at) => Mark {
                from: Some(tokyo_date(record.opened_at)),
                until: Some(tokyo_date(done_at)),
                ..mark(What::StepDone, step)
            },
            None if status == Status::Open => mark(What::StepWaiting, step),
            None => mark(What::StepLeft, step),
        });
    }
    let whether = [
        (What::Course, true),
        (
            What::CourseApproved,
            milestones.contains_key(&Milestone::Approved),
        ),
        (What::CourseConfirmed, status == Status::Confirmed),
        (What::CourseClosed, status.is_closed()),
    ];
    for course in courses {
        let meant = whether.iter().filter(|(_, is)| *is);
        marks.extend(meant.map(|(what, _)| mark(*what, course)));
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_again() {
        for what in What::ALL {
            assert_eq!(What::parse(what.as_str()), Some(what));
        }
        for milestone in Milestone::ALL {
            assert_eq!(Milestone::parse(milestone.as_str()), Some(milestone));
            let word = serde_json::to_value(milestone).expect("a word");
            assert_eq!(word, milestone.as_str());
        }
    }
}
