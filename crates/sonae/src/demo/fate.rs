//! What becomes of each company: what it and the people of the office do next, decided by its number and nothing else.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::access::StaffRole;
use sonae_core::calendar::{Calendar, tokyo_date};
use sonae_core::capacity::PlaceState;
use sonae_core::clock::Phase;
use sonae_core::flow::{Actor, Channel, ContactOutcome, Event, Status};
use sonae_core::program::flow::{Step, StepKind};
use sonae_core::program::{Milestone, Program};
use sonae_store::case::Stored;

use super::editions::{R6, R7};

/// The last business day before the demonstration begins.
pub(super) const LEFT_ON: Date = jiff::civil::date(2026, 3, 19);

/// The first business day of the month in which the first devices are lent.
const DEVICES_COME: Date = jiff::civil::date(2026, 1, 5);

/// After so many events the office no longer waits for an answer.
const GIVEN_UP: i64 = 14;

/// Companies whose questionnaire is still called about when the demonstration begins.
const SILENT_OF_R7: [usize; 2] = [58, 60];

/// How a company's way differs from the straight one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Straight,
    WithdrawsEarly,
    WithdrawsLate,
    /// Answers nobody.
    Silent,
    /// Answers after the office called.
    NeedsACall,
    Declined,
    Excluded,
    Corrects,
    /// Is asked for a correction and does not answer.
    OwesACorrection,
    /// The office is late.
    Late,
    SentBack,
    LetsOffersLapse,
    /// Takes part, and gives its place back after some weeks.
    LeavesLater,
}

impl Fate {
    pub(super) fn of(program: &str, number: usize) -> Fate {
        if program == R7 && SILENT_OF_R7.contains(&number) {
            return Fate::Silent;
        }
        match number % 41 {
            3 => Fate::WithdrawsEarly,
            7 => Fate::WithdrawsLate,
            11 => Fate::Silent,
            15 | 36 => Fate::Declined,
            19 if number % 82 == 19 => Fate::Excluded,
            21 | 38 => Fate::NeedsACall,
            23 | 33 => Fate::Corrects,
            27 => Fate::OwesACorrection,
            31 => Fate::Late,
            35 => Fate::SentBack,
            5 | 20 | 26 => Fate::LeavesLater,
            13 | 18 | 29 | 37 => Fate::LetsOffersLapse,
            _ => Fate::Straight,
        }
    }
}

/// A company whose case is under way.
pub(super) struct Company {
    pub(super) program: &'static str,
    pub(super) number: usize,
    pub(super) fate: Fate,
    pub(super) stored: Stored,
    /// It was asked for a correction once.
    pub(super) was_asked: bool,
    /// It wrote to the office once, and the office answered.
    pub(super) letters: usize,
}

/// A day of the office.
pub(super) struct Day<'a> {
    pub(super) date: Date,
    pub(super) calendar: &'a Calendar,
    pub(super) program: &'a Program,
    pub(super) people: &'a People,
}

/// Ids of the people of the demonstration.
pub(super) struct People(pub(super) BTreeMap<&'static str, Vec<String>>);

impl People {
    pub(super) fn of(&self, role: StaffRole, number: usize) -> Actor {
        Actor::Staff {
            id: self.id(role, number),
            role,
        }
    }

    pub(super) fn id(&self, role: StaffRole, number: usize) -> String {
        let people = &self.0[role.as_str()];
        people[number % people.len()].clone()
    }
}

pub(super) fn text(text: &str) -> String {
    text.to_owned()
}

impl Company {
    pub(super) fn office(&self, day: &Day<'_>) -> Actor {
        day.people.of(StaffRole::Secretariat, self.number)
    }

    pub(super) fn expert(&self, day: &Day<'_>) -> Actor {
        day.people.of(StaffRole::Expert, self.number)
    }

    pub(super) fn has_a_clock_due(&self, now: Timestamp) -> bool {
        let mut clocks = self.stored.case.clocks.values();
        clocks.any(|clock| clock.phase == Phase::Running && clock.due_at <= now)
    }

    pub(super) fn waits_for_a_place(&self) -> bool {
        let mut places = self.stored.case.places.values();
        places.any(|state| *state == PlaceState::Waiting)
    }

    /// Business days since a step was reached.
    fn waited(&self, day: &Day<'_>, step: &Step) -> i64 {
        let opened = self.stored.case.steps[&step.id].opened_at;
        day.calendar
            .business_days_between(tokyo_date(opened), day.date)
    }

    /// A small number of days that differs from company to company and from step to step.
    fn pace(&self, step: &Step) -> i64 {
        let mixed = self.number * 7 + step.id.len() * 5;
        i64::try_from(mixed % 3).expect("small") + 1
    }

    /// What happens to it today, if anything; asked again after each event.
    pub(super) fn next(&mut self, day: &Day<'_>) -> Option<(Actor, Event)> {
        if self.stored.case.status != Status::Open {
            return (self.offered(day))
                .or_else(|| self.leaves(day))
                .or_else(|| self.is_lent_a_device(day));
        }
        if let Some(event) = self
            .offered(day)
            .or_else(|| self.asked(day))
            .or_else(|| self.called(day))
        {
            return Some(event);
        }
        let step = self.stored.case.current(day.program)?;
        if self.stored.case.correction.is_some() {
            return None;
        }
        let waited = self.waited(day, step);
        if self.stored.case.assignee.is_none() {
            let to = Some(day.people.id(StaffRole::Secretariat, self.number));
            return Some((self.office(day), Event::Assigned { to }));
        }
        match step.kind {
            StepKind::Contact => self.contact(day, waited),
            StepKind::Agreement => self.agreement(day, waited, self.pace(step)),
            StepKind::ExpertContact => self.expert_contact(day, waited),
            StepKind::Diagnosis => self.diagnosis(day, waited, self.pace(step)),
            StepKind::Screening => self.screening(day, waited, self.pace(step)),
            StepKind::Approval => self.approval(day, waited),
            StepKind::CourseDecision => self.decision(day, waited, self.pace(step)),
            StepKind::Questionnaire => self.questionnaire(day, waited, self.pace(step)),
            _ => None,
        }
    }

    fn leaves(&self, day: &Day<'_>) -> Option<(Actor, Event)> {
        if self.stored.case.status != Status::Confirmed {
            return None;
        }
        let confirmed = self.stored.case.milestones.get(&Milestone::Confirmed)?;
        let days_since = || {
            day.calendar
                .business_days_between(tokyo_date(*confirmed), day.date)
        };
        let leaves = self.fate == Fate::LeavesLater && days_since() >= 30;
        // Its place is on offer when the demonstration begins.
        let leaves_now = self.number == 9 && day.date >= LEFT_ON;
        let reason = text("事務所を移転することになったため");
        (leaves || leaves_now).then_some((Actor::Company, Event::Withdrawn { reason }))
    }

    /// Before its device comes, a technician looks after it.
    fn is_lent_a_device(&self, day: &Day<'_>) -> Option<(Actor, Event)> {
        let case = &self.stored.case;
        let technician = day.people.id(StaffRole::Technician, 0);
        let lent = ["utm", "edr"]
            .iter()
            .any(|course| case.places.get(*course) == Some(&PlaceState::Held));
        let waits = self.program == R6
            && case.status == Status::Confirmed
            && lent
            && day.date >= DEVICES_COME
            && case.assignee.as_ref() != Some(&technician);
        let to = Some(technician);
        waits.then(|| (self.office(day), Event::Assigned { to }))
    }

    fn offered(&self, day: &Day<'_>) -> Option<(Actor, Event)> {
        let mut places = self.stored.case.places.iter();
        let (course, _) = places.find(|(_, state)| **state == PlaceState::Offered)?;
        let course = course.clone();
        let offered = self
            .stored
            .case
            .clocks
            .get(&format!("offer.{course}"))?
            .started_at;
        if day
            .calendar
            .business_days_between(tokyo_date(offered), day.date)
            < 1
        {
            return None;
        }
        match self.fate {
            Fate::LetsOffersLapse | Fate::Silent => None,
            _ if self.number % 7 == 5 => Some((Actor::Company, Event::OfferDeclined { course })),
            _ => Some((Actor::Company, Event::OfferAccepted { course })),
        }
    }

    /// A correction is asked for and, mostly, answered.
    fn asked(&mut self, day: &Day<'_>) -> Option<(Actor, Event)> {
        if let Some(correction) = &self.stored.case.correction {
            let asked = tokyo_date(correction.asked_at);
            let waited = day.calendar.business_days_between(asked, day.date);
            if self.fate == Fate::OwesACorrection || waited < 2 {
                return None;
            }
            let mut answers = Box::new(self.stored.answers.clone());
            answers.employees = answers.employees.map(|employees| employees + 1);
            return Some((
                Actor::Company,
                Event::Corrected {
                    answers,
                    reason: String::new(),
                },
            ));
        }
        let asks = matches!(self.fate, Fate::Corrects | Fate::OwesACorrection);
        if !asks || self.was_asked || self.stored.case.version < 2 {
            return None;
        }
        self.was_asked = true;
        let message = "従業員数に、役員の方やパートの方が入っているかをお確かめください。常時使用する従業員の数をお書きください。";
        let event = Event::CorrectionRequested {
            message: text(message),
            fields: vec![text("employees")],
        };
        Some((self.office(day), event))
    }

    /// A call that is due is made on the next day.
    fn called(&self, day: &Day<'_>) -> Option<(Actor, Event)> {
        let mut clocks = self.stored.case.clocks.iter();
        let (_, clock) =
            clocks.find(|(id, clock)| id.starts_with("phone.") && clock.phase == Phase::Running)?;
        if day
            .calendar
            .business_days_between(tokyo_date(clock.started_at), day.date)
            < 1
        {
            return None;
        }
        if self.stored.case.version >= GIVEN_UP {
            let reason =
                text("くり返しお電話とメールを差し上げましたが、ご連絡がつきませんでした。");
            let clause = text("6 STEP4");
            return Some((self.office(day), Event::Declined { reason, clause }));
        }
        let (outcome, note) = match self.fate {
            Fate::NeedsACall => (ContactOutcome::Reached, "今週中にご回答くださるとのこと。"),
            _ => (
                ContactOutcome::NoAnswer,
                "呼び出しても、どなたも出られない。",
            ),
        };
        let event = Event::Contacted {
            channel: Channel::Phone,
            outcome,
            note: text(note),
        };
        Some((self.office(day), event))
    }
}
