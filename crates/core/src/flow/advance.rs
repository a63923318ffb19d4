//! Steps: opening what comes next, finishing what is done, and the clocks that go with them.

use jiff::civil::Date;

use super::case::{Case, Status, StepRecord, is_running};
use super::refusal::Refusal;
use super::transition::{Context, Effect};
use super::{approval, places};
use crate::calendar::OfficeHours;
use crate::clock::{Clock, ClockSpec};
use crate::program::flow::{Step, StepKind};
use crate::program::{Milestone, Role};

/// Business days by which a step without a clock of its own should move; the office's own target, promised to nobody.
pub const TARGET_BUSINESS_DAYS: u32 = 5;

/// Business days after which the office tells a company that still waits for a place how things stand.
const WAITING_BUSINESS_DAYS: u32 = 20;

/// A case in the middle of a transition.
pub(super) struct Draft<'a> {
    pub ctx: &'a Context<'a>,
    pub case: Case,
    pub effects: Vec<Effect>,
}

impl Draft<'_> {
    /// Finishes a step: its clocks stop, its dated event happens, what comes next opens.
    pub(super) fn finish(&mut self, step: &Step) -> Result<(), Refusal> {
        let now = self.ctx.now;
        let Some(record) = self.case.steps.get_mut(&step.id) else {
            return Err(Refusal::new(
                "not_here",
                "この段階には、まだ進んでいません。",
            ));
        };
        record.done_at = Some(now);
        self.stop_clocks_of(step);
        if let Some(milestone) = step.reaches {
            self.reach(milestone)?;
        }
        for mail in &step.mail_when_done {
            self.mail_later(mail);
        }
        self.advance()
    }

    /// Opens every step whose predecessors are done. Steps after 参加確定 belong to the delivery of the support.
    pub(super) fn advance(&mut self) -> Result<(), Refusal> {
        self.leave_what_no_longer_applies();
        if self.case.milestones.contains_key(&Milestone::Confirmed) {
            self.case.status = Status::Confirmed;
            self.stop_all_but_offers();
            self.fill_in_dates();
            return Ok(());
        }
        let program = self.ctx.program;
        for step in &program.definition.flow.step {
            if self.case.steps.contains_key(&step.id) || !self.applies(step) {
                continue;
            }
            let ready = step.after.iter().all(|id| self.is_behind(id));
            if ready && !is_delivery(step.kind) {
                self.open(step)?;
            }
        }
        self.fill_in_dates();
        Ok(())
    }

    /// Opens one step again, for example the approval after what was approved changed.
    pub(super) fn open(&mut self, step: &Step) -> Result<(), Refusal> {
        let record = StepRecord {
            opened_at: self.ctx.now,
            done_at: None,
        };
        self.case.steps.insert(step.id.clone(), record);
        match &step.clock {
            // It may run already, since the event that starts it.
            Some(clock) if self.case.clocks.contains_key(clock) => {}
            _ => {
                let owner = match step.kind {
                    // The secretariat proposes; the clock is the sponsor's from then on.
                    StepKind::Approval => Role::Secretariat,
                    _ => step.owner,
                };
                self.target(step, owner)?;
            }
        }
        for mail in &step.mail {
            self.mail_later(mail);
        }
        Ok(())
    }

    /// Starts the office's own target for a step anew.
    pub(super) fn target(&mut self, step: &Step, owner: Role) -> Result<(), Refusal> {
        let days = match step.kind {
            StepKind::Approval if !approval::has_place(self) => WAITING_BUSINESS_DAYS,
            _ => step.target_business_days.unwrap_or(TARGET_BUSINESS_DAYS),
        };
        self.start(format!("target.{}", step.id), days, owner, true)
    }

    /// Starts a clock of the office's own.
    pub(super) fn start(
        &mut self,
        id: String,
        business_days: u32,
        owner: Role,
        pausable: bool,
    ) -> Result<(), Refusal> {
        let spec = ClockSpec {
            business_days,
            warn_when_left: 1.min(business_days.saturating_sub(1)),
            owner,
            pausable,
        };
        let hours = OfficeHours::of_programme(&self.ctx.program.definition.program.office);
        let clock = Clock::start(spec, self.ctx.calendar, &hours, self.ctx.now)
            .map_err(|_| out_of_calendar())?;
        self.case.clocks.insert(id, clock);
        Ok(())
    }

    /// Stops a clock; one that is stopped or unknown stays as it is.
    pub(super) fn stop(&mut self, id: &str) {
        if let Some(clock) = self.case.clocks.get_mut(id)
            && let Ok(stopped) = clock.stop(self.ctx.now)
        {
            *clock = stopped;
        }
    }

    /// Stops every clock, because the case is closed.
    pub(super) fn stop_all(&mut self) {
        let ids: Vec<String> = self.case.clocks.keys().cloned().collect();
        for id in ids {
            self.stop(&id);
        }
    }

    fn stop_all_but_offers(&mut self) {
        let ids: Vec<String> = self.case.clocks.keys().cloned().collect();
        for id in ids.iter().filter(|id| !id.starts_with("offer.")) {
            self.stop(id);
        }
    }

    fn stop_clocks_of(&mut self, step: &Step) {
        self.stop(&format!("target.{}", step.id));
        if let Some(clock) = &step.clock {
            self.stop(clock);
            self.stop(&format!("remind.{clock}"));
            self.stop(&format!("phone.{clock}"));
        }
    }

    /// A dated event happens: places are taken, clocks start.
    pub(super) fn reach(&mut self, milestone: Milestone) -> Result<(), Refusal> {
        self.case.milestones.insert(milestone, self.ctx.now);
        places::taken_at(self, milestone)?;
        if milestone == Milestone::Confirmed && !self.case.holds_a_place() {
            return Err(Refusal::new(
                "no_place",
                "枠がないため、参加を確定できません。枠が空いてご案内するのをお待ちください。",
            ));
        }
        let program = self.ctx.program;
        let courses = self.case.live_courses();
        for clock in program.clocks_started_by(milestone, &courses) {
            let started = program
                .start_clock(self.ctx.calendar, clock, self.ctx.now)
                .map_err(|_| out_of_calendar())?;
            self.case.clocks.insert(clock.id.clone(), started);
        }
        Ok(())
    }

    /// Queues a mail; its due date is filled in when everything of the transition is known.
    pub(super) fn mail_later(&mut self, mail: &str) {
        self.effects.push(Effect::Mail {
            mail: mail.to_owned(),
            reason: String::new(),
            due: None,
        });
    }

    fn fill_in_dates(&mut self) {
        let due = self.due_of_step();
        for effect in &mut self.effects {
            if let Effect::Mail { due: empty, .. } = effect
                && empty.is_none()
            {
                *empty = due;
            }
        }
    }

    /// The date of the step that comes next: what its mails speak of, whatever else is waited for meanwhile.
    fn due_of_step(&self) -> Option<Date> {
        let step = self.case.current(self.ctx.program)?;
        let target = format!("target.{}", step.id);
        let clock = self.case.clocks.get(step.clock.as_ref().unwrap_or(&target));
        Some(clock?.due_date())
    }

    /// Courses may be given up on the way; a step that is only about them is left then.
    fn leave_what_no_longer_applies(&mut self) {
        let program = self.ctx.program;
        for step in &program.definition.flow.step {
            if self.case.is_open(&step.id) && !self.applies(step) {
                self.stop_clocks_of(step);
                self.case.steps.remove(&step.id);
            }
        }
    }

    fn applies(&self, step: &Step) -> bool {
        step.applies_to(&self.case.live_courses())
    }

    /// Whether a step is done, or does not apply and everything before it is behind.
    fn is_behind(&self, id: &str) -> bool {
        let steps = &self.ctx.program.definition.flow.step;
        let Some(step) = steps.iter().find(|step| step.id == id) else {
            return true;
        };
        if self.case.is_done(id) {
            return true;
        }
        !self.applies(step) && step.after.iter().all(|before| self.is_behind(before))
    }

    /// Whether a clock runs.
    pub(super) fn runs(&self, id: &str) -> bool {
        self.case.clocks.get(id).is_some_and(is_running)
    }
}

/// Steps of the support itself; they come after 参加確定 and are run elsewhere.
pub fn is_delivery(kind: StepKind) -> bool {
    matches!(
        kind,
        StepKind::Installation
            | StepKind::Loan
            | StepKind::Visits
            | StepKind::LoanEnd
            | StepKind::Survey
            | StepKind::FollowUpSurvey
            | StepKind::Hearing
    )
}

fn out_of_calendar() -> Refusal {
    Refusal::new(
        "out_of_calendar",
        "期限の日を数えられません。暦の年の範囲を管理者にお確かめください。",
    )
}
