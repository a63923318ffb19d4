//! A small office in memory: a few cases of one programme that compete for one place in each course, and the books beside them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use sonae_core::access::StaffRole;
use sonae_core::application::answers::{Answers, ExtraAnswer};
use sonae_core::calendar::{Calendar, Closings};
use sonae_core::capacity::{self, PlaceState, Tally};
use sonae_core::clock::Phase;
use sonae_core::eligibility::{Outcome, Verdict, judge};
use sonae_core::flow::transition::judged;
use sonae_core::flow::{
    Actor, ApprovalState, Case, Context, Effect, Event, Refusal, Status, received, transition,
};
use sonae_core::program::form::QuestionKind;
use sonae_core::program::program::{CapacityKind, WaitingList};
use sonae_core::program::support::Asked;
use sonae_core::program::{Id, Milestone, Program};

use crate::sample;

/// Places of each course, so that cases have to wait.
const PLACES: u32 = 1;

pub(crate) struct Office {
    pub(crate) program: Program,
    pub(crate) calendar: Calendar,
    pub(crate) now: Timestamp,
    pub(crate) cases: Vec<Case>,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) answers: Answers,
    tallies: BTreeMap<Id, Tally>,
    /// Turn of each case in the waiting list of each course.
    turns: BTreeMap<(Id, usize), i64>,
    /// Offers and takes that were allowed beyond a target.
    beyond: BTreeSet<Id>,
}

pub(crate) fn staff(role: StaffRole, id: &str) -> Actor {
    Actor::Staff {
        id: id.to_owned(),
        role,
    }
}

impl Office {
    /// Opens with `count` cases of the programme `r6` or `r7`, all received at ten o'clock of one day.
    pub(crate) fn open(name: &str, count: usize) -> Office {
        let mut program = sample::program(name);
        for course in &mut program.definition.program.course {
            course.capacity.places = PLACES;
            course.capacity.waiting_list = WaitingList::Open {
                limit: None,
                offer_business_days: 3,
            };
        }
        let answers = sample::answers(&program, sample::complete(name));
        let mut office = Office {
            calendar: Calendar::published_default(Closings::year_end()),
            now: "2025-06-02T10:00:00+09:00".parse().expect("an instant"),
            cases: Vec::new(),
            verdicts: Vec::new(),
            tallies: BTreeMap::new(),
            turns: BTreeMap::new(),
            beyond: BTreeSet::new(),
            answers,
            program,
        };
        for n in 0..count {
            office.receive(n);
        }
        office
    }

    fn receive(&mut self, n: usize) {
        let courses = self.program.courses();
        // R6 allows several courses at once, R7 one.
        let several = self.program.definition.program.combination.at_most > 1;
        let wanted = courses.iter().enumerate();
        let wanted =
            wanted.filter(|(k, _)| *k == n % courses.len() || (several && n.is_multiple_of(3)));
        let mut places = BTreeMap::new();
        for (_, course) in wanted {
            let before = self.tallies.get(&course.id).copied().unwrap_or_default();
            let (place, after) = capacity::arrive(&course.capacity, before).expect("it may wait");
            self.tallies.insert(course.id.clone(), after);
            self.turns.insert((course.id.clone(), n), place.position);
            places.insert(course.id.clone(), place.state);
        }
        let moved = received(&self.program, &self.calendar, &places, self.now);
        self.cases.push(moved.case);
        self.verdicts.push(judge(&self.program, &self.answers));
        self.check(n);
    }

    pub(crate) fn wait(&mut self, minutes: i64) {
        self.now += SignedDuration::from_mins(minutes);
    }

    /// Makes a rule undecided or not met, as a correction may.
    pub(crate) fn change_verdict(&mut self, n: usize, rule: usize, outcome: Outcome) {
        let mut verdict = judge(&self.program, &self.answers);
        let count = verdict.findings.len();
        verdict.findings[rule % count].outcome = outcome;
        self.verdicts[n] = verdict;
    }

    /// Tries an event, keeps what came of it, and checks every invariant.
    pub(crate) fn act(&mut self, n: usize, actor: &Actor, event: &Event) -> Result<(), Refusal> {
        let changed = ["employees".to_owned()];
        let first_waiting = self.first_waiting(n);
        let mut ctx = self.context(n, &first_waiting);
        if matches!(event, Event::Corrected { .. }) {
            ctx.changed = &changed;
        }
        let before = self.cases[n].clone();
        let moved = transition(&ctx, &before, event, actor)?;
        assert_eq!(
            moved.case.version,
            before.version + 1,
            "one event, one version"
        );
        for effect in &moved.effects {
            if let Effect::Place { course, from, to } = effect {
                assert_eq!(before.places.get(course), Some(from), "{event:?}");
                self.enter(n, course, *from, *to);
            }
        }
        if let Event::Offered { course, reason } = event {
            let in_order = first_waiting.contains(course) || !reason.is_empty();
            assert!(in_order, "the order is never broken without a reason");
            self.beyond
                .extend((!reason.is_empty()).then(|| course.clone()));
        }
        if matches!(event, Event::Approved {}) {
            let approval = moved.case.approval.as_ref().expect("approved");
            assert_ne!(Some(&approval.proposed_by), approval.decided_by.as_ref());
        }
        self.cases[n] = moved.case;
        self.check(n);
        Ok(())
    }

    /// What an event would make of a case, without doing it.
    pub(crate) fn try_only(&self, n: usize, actor: &Actor, event: &Event) -> Option<Case> {
        let first_waiting = self.first_waiting(n);
        let ctx = self.context(n, &first_waiting);
        let moved = transition(&ctx, &self.cases[n], event, actor);
        moved.ok().map(|moved| moved.case)
    }

    fn context<'a>(&'a self, n: usize, first_waiting: &'a BTreeSet<Id>) -> Context<'a> {
        Context {
            program: &self.program,
            calendar: &self.calendar,
            now: self.now,
            verdict: &self.verdicts[n],
            tallies: &self.tallies,
            first_waiting,
            changed: &[],
            changes: &[],
        }
    }

    fn enter(&mut self, n: usize, course: &str, from: PlaceState, to: PlaceState) {
        let tally = self.tallies.get(course).copied().unwrap_or_default();
        self.tallies
            .insert(course.to_owned(), capacity::change(tally, from, to));
        if from == PlaceState::Returned {
            self.turns
                .insert((course.to_owned(), n), tally.last_position);
        }
    }

    /// Courses in which case `n` is the first of those who wait.
    pub(crate) fn first_waiting(&self, n: usize) -> BTreeSet<Id> {
        let waits =
            |course: &Id, k: usize| self.cases[k].places.get(course) == Some(&PlaceState::Waiting);
        let first = |course: &Id| {
            let waiting = (0..self.cases.len()).filter(|k| waits(course, *k));
            waiting.min_by_key(|k| (self.turns[&(course.clone(), *k)], *k))
        };
        let courses = self
            .program
            .courses()
            .iter()
            .map(|course| course.id.clone());
        courses.filter(|course| first(course) == Some(n)).collect()
    }

    /// Every invariant of one case and of the books.
    fn check(&self, n: usize) {
        let case = &self.cases[n];
        let running = case
            .clocks
            .values()
            .filter(|clock| clock.phase == Phase::Running);
        let running = running.count();
        match case.status {
            Status::Open => {
                assert!(
                    case.current(&self.program).is_some(),
                    "a dead end: {case:#?}"
                );
                assert!(case.owner(&self.program).is_some(), "nobody's: {case:#?}");
                assert!(case.due().is_some(), "no due date: {case:#?}");
            }
            Status::Confirmed => {
                assert!(case.holds_a_place(), "confirmed without a place: {case:#?}");
                assert!(case.correction.is_none());
                let approval = case.approval.as_ref().map(|approval| approval.state);
                assert_eq!(approval, Some(ApprovalState::Approved), "{case:#?}");
                let (verdict, open) = judged(&self.verdicts[n], case);
                assert_eq!(
                    (verdict, open.len()),
                    (sonae_core::eligibility::Eligibility::Eligible, 0)
                );
            }
            _ => {
                assert_eq!(running, 0, "a closed case's clock runs: {case:#?}");
                let back = |state: &PlaceState| *state == PlaceState::Returned;
                assert!(case.places.values().all(back), "{case:#?}");
            }
        }
        assert!(case.milestones.contains_key(&Milestone::Received));
        for course in self.program.courses() {
            self.check_course(course);
        }
        let kept = serde_json::to_string(case).expect("written");
        let mut read: Case = serde_json::from_str(&kept).expect("read");
        read.places.clone_from(&case.places);
        read.clocks.clone_from(&case.clocks);
        assert_eq!(&read, case, "a case is read as it was written");
    }

    fn check_course(&self, course: &sonae_core::program::program::Course) {
        let tally = self.tallies.get(&course.id).copied().unwrap_or_default();
        let states = self
            .cases
            .iter()
            .filter_map(|case| case.places.get(&course.id));
        let mut held = 0;
        let mut waiting = 0;
        for state in states {
            match state {
                PlaceState::Held | PlaceState::Offered => held += 1,
                PlaceState::Waiting => waiting += 1,
                PlaceState::Returned => {}
            }
        }
        assert_eq!(
            (tally.held, tally.waiting),
            (held, waiting),
            "the books agree"
        );
        if course.capacity.kind == CapacityKind::Hard || !self.beyond.contains(&course.id) {
            assert!(held <= i64::from(PLACES), "more places than there are");
        }
    }
}

/// Answers to everything that is asked.
pub(crate) fn filled(asked: &[Asked]) -> BTreeMap<Id, ExtraAnswer> {
    let answer = |asked: &Asked| match asked.kind {
        QuestionKind::YesNo => ExtraAnswer::YesNo(true),
        QuestionKind::Number => ExtraAnswer::Number(1),
        QuestionKind::Choice => ExtraAnswer::Text(asked.option[0].value.clone()),
        _ => ExtraAnswer::Text("あり".to_owned()),
    };
    asked
        .iter()
        .map(|asked| (asked.id.clone(), answer(asked)))
        .collect()
}
