//! The year that lies behind the demonstration: day by day, arrivals, jobs and people's work, through the same doors as everybody's.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp};
use sonae_core::access::StaffRole;
use sonae_core::calendar::{tokyo_date, tokyo_midnight};
use sonae_core::flow::ApprovalState;
use sonae_store::approval_list::{self, NewList};
use sonae_store::case::{self, Stored};
use sonae_store::{StoreError, tally};
use tokio::sync::watch;

use super::crowd::{self, Arriving, defect};
use super::earlier;
use super::editions::R6;
use super::fate::{Company, Day, Fate, People};
use super::{checks, detections, papers, post, reports};
use crate::app::App;
use crate::error::CommandError;
use crate::jobs::{offer_places, run_clocks};
use crate::office::act::{Outcome, Request, act_in};

/// The most that happens to one company on one day.
const MOST_A_DAY: usize = 4;

struct Year<'a> {
    app: &'a App,
    people: People,
    companies: Vec<Company>,
}

/// Something that happens at an instant of a day.
enum Item<'a> {
    Arrives(&'a Arriving),
    /// Somebody works on the case of this company.
    Work(usize),
}

/// Plays the year. A demonstration that has it stays as it is.
///
/// # Errors
/// The database cannot be written, or something is refused, which is a defect of the demo.
pub fn bring_in(app: &App) -> Result<(), CommandError> {
    let begun = app.db.read(|tx| tally::of_program(tx, R6))?;
    if !begun.is_empty() {
        return Ok(());
    }
    let staff = app.db.read(sonae_store::staff::all)?;
    let mut people: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for person in staff {
        people
            .entry(person.role.as_str())
            .or_default()
            .push(person.id);
    }
    let mut year = Year {
        app,
        people: People(people),
        companies: Vec::new(),
    };
    let opening = tokyo_midnight(crowd::OPENED_ON).expect("a date of ours");
    earlier::bring_in(app, &year.people, opening)?;
    let everybody = crowd::everybody();
    let until: Timestamp = crowd::STARTS_AT.parse().expect("an instant of ours");
    let mut today = crowd::OPENED_ON;
    while today <= tokyo_date(until) {
        let arriving = everybody.iter().filter(|one| tokyo_date(one.at) == today);
        year.day(today, arriving.collect(), until)?;
        today = today.tomorrow().expect("a date of ours");
    }
    year.hand_over(until, "3月19日までの分です。ご確認をお願いします。", 1)?;
    papers::bring_in(app, &year.people, &year.companies)?;
    let lent = detections::bring_in(app, &year.companies, until)?;
    checks::bring_in(app, &year.people, until)?;
    reports::bring_in(app, &year.people, &lent, until)?;
    post::send(app, app.clock.now().max(until))?;
    post::come_in(app, &year.companies, until)
}

impl Year<'_> {
    fn day(
        &mut self,
        today: Date,
        arriving: Vec<&Arriving>,
        until: Timestamp,
    ) -> Result<(), CommandError> {
        let midnight = tokyo_midnight(today).expect("a date of ours");
        let minute =
            |n: usize| midnight + SignedDuration::from_mins(i64::try_from(n).expect("small"));
        self.jobs(midnight + SignedDuration::from_hours(9))?;
        let mut items: Vec<(Timestamp, Item<'_>)> = (arriving.into_iter())
            .map(|one| (one.at, Item::Arrives(one)))
            .collect();
        let office_is_open =
            (self.app.programs.iter()).any(|running| running.calendar.is_business_day(today));
        if office_is_open {
            let work =
                (0..self.companies.len()).map(|n| (minute(10 * 60 + n * 7 % 400), Item::Work(n)));
            items.extend(work.filter(|(at, _)| *at < until));
        }
        items.sort_by_key(|(at, _)| *at);
        for group in
            items.chunk_by(|one, next| matches!((&one.1, &next.1), (Item::Work(_), Item::Work(_))))
        {
            match &group[0] {
                (_, Item::Arrives(arriving)) => self.arrive(arriving)?,
                _ => self.work(today, group)?,
            }
        }
        if office_is_open && tokyo_decides_tomorrow(today) {
            self.hand_over(minute(17 * 60), "今週の分です。ご確認をお願いします。", 0)?;
        }
        Ok(())
    }

    /// The jobs of the morning. What they may have changed is read anew: cases whose clock ran out, and those who wait for a place.
    fn jobs(&mut self, now: Timestamp) -> Result<(), CommandError> {
        let (_stop, stopping) = watch::channel(false);
        let mut ran_out = 0;
        loop {
            let acted = run_clocks::round(self.app, now, &stopping)?;
            ran_out += acted;
            if acted == 0 {
                break;
            }
        }
        let offered = offer_places::round(self.app, now, &stopping)?;
        for company in &mut self.companies {
            let clocks = ran_out > 0 && company.has_a_clock_due(now);
            if clocks || offered > 0 && company.waits_for_a_place() {
                company.stored = stored(self.app, &company.stored.receipt_number)?;
            }
        }
        Ok(())
    }

    fn arrive(&mut self, arriving: &Arriving) -> Result<(), CommandError> {
        for receipt_number in crowd::receive_all(self.app, &[arriving])? {
            self.companies.push(Company {
                program: arriving.program,
                number: arriving.number,
                fate: Fate::of(arriving.program, arriving.number),
                stored: stored(self.app, &receipt_number)?,
                was_asked: false,
                letters: 0,
            });
        }
        Ok(())
    }

    /// A stretch of work, in one transaction.
    fn work(&mut self, today: Date, group: &[(Timestamp, Item<'_>)]) -> Result<(), CommandError> {
        let mut refused = None;
        self.app.db.write(|tx| {
            for (at, item) in group {
                let Item::Work(n) = item else { continue };
                let company = &mut self.companies[*n];
                let running = self
                    .app
                    .programs
                    .get(company.program)
                    .expect("it took part");
                let day = Day {
                    date: today,
                    calendar: &running.calendar,
                    program: &running.program,
                    people: &self.people,
                };
                for step in 0..MOST_A_DAY {
                    let Some((actor, event)) = company.next(&day) else {
                        break;
                    };
                    let request = Request {
                        receipt_number: company.stored.receipt_number.clone(),
                        version: None,
                        event,
                        actor,
                    };
                    let later = SignedDuration::from_secs(i64::try_from(step * 90).expect("small"));
                    match act_in(self.app, tx, &request, *at + later)? {
                        Outcome::Done(done) => company.stored = done.after,
                        other => {
                            refused =
                                Some(format!("{} {:?}: {other:?}", company.number, request.event));
                            break;
                        }
                    }
                }
            }
            Ok::<_, StoreError>(())
        })?;
        refused.map_or(Ok(()), |what| Err(defect(what)))
    }

    /// What was proposed until now and stands on no list yet goes to Tokyo as a list, save the newest `kept`.
    fn hand_over(&self, now: Timestamp, note: &str, kept: usize) -> Result<(), CommandError> {
        let by = format!("staff:{}", self.people.id(StaffRole::Secretariat, 0));
        for running in self.app.programs.iter() {
            let program = running.program.id();
            let proposed = |company: &&Company| {
                let approval = company.stored.case.approval.as_ref();
                company.program == program
                    && approval.is_some_and(|approval| approval.state == ApprovalState::Proposed)
            };
            let ids = self.companies.iter().filter(proposed);
            let mut applications: Vec<String> = ids
                .map(|company| company.stored.application_id.clone())
                .collect();
            applications.truncate(applications.len().saturating_sub(kept));
            if applications.is_empty() {
                continue;
            }
            let list = NewList {
                id: &crate::chance::id(now),
                program_id: program,
                note,
                by: &by,
                at: now,
                applications: &applications,
            };
            self.app
                .db
                .write(|tx| approval_list::hand_over(tx, &list))?;
        }
        Ok(())
    }
}

/// Lists are handed over on the eve of the day on which Tokyo decides, up to the last of those.
fn tokyo_decides_tomorrow(today: Date) -> bool {
    today.weekday() == Weekday::Thursday && today < super::steps::LAST_DECISION
}

fn stored(app: &App, receipt_number: &str) -> Result<Stored, CommandError> {
    let found = app.db.read(|tx| case::by_receipt(tx, receipt_number))?;
    found.ok_or_else(|| defect(format!("{receipt_number} is gone")))
}
