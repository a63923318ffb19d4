//! A case that somebody of the office has opened: read once, with the person's right to see it and what she may do with it now.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sonae_core::access::{Action, CaseAccess};
use sonae_core::flow::{Actor, Status};
use sonae_core::program::Program;
use sonae_core::receipt_number;
use sonae_db::Tx;
use sonae_store::act::Command;
use sonae_store::case::{self, Stored};
use sonae_store::case_read::{self, Read, Reading};
use sonae_store::staff::Staff as Colleague;
use sonae_store::{StoreError, act, api_token, staff};

use super::WAYS;
use super::sentence::Words;
use super::way::Way;
use crate::app::{App, Running};
use crate::office::people::People;
use crate::office::{readings, revisions};
use crate::pages::office::door::Staff;
use crate::pages::public::error::PageError;

/// Whoever was in the case within this time is said to be in it now.
pub const PRESENT: SignedDuration = SignedDuration::from_mins(5);

/// An opened case.
pub struct Opened {
    pub stored: Stored,
    /// The programme in the revision of the case.
    pub running: Arc<Running>,
    pub colleagues: Vec<Colleague>,
    /// The names of all of them, and of other systems.
    pub people: People,
    /// Who opened it.
    pub staff: Staff,
    pub now: Timestamp,
    /// What she may do with it now, in the order of [`WAYS`].
    pub offered: Vec<&'static Way>,
    /// Who opened it lately, the last first.
    pub reads: Vec<Read>,
}

impl Opened {
    pub fn program(&self) -> &Program {
        &self.running.program
    }

    pub fn actor(&self) -> Actor {
        actor(&self.staff)
    }

    /// The address of the case's page.
    pub fn href(&self) -> String {
        format!("/office/cases/{}", self.stored.receipt_number)
    }

    /// The company's name, as it is now.
    pub fn name(&self) -> &str {
        self.stored.answers.name.as_deref().unwrap_or("(名前なし)")
    }

    /// What the sentences of its timeline are made with.
    pub fn words(&self) -> Words<'_> {
        Words {
            program: self.program(),
            people: &self.people,
        }
    }

    pub fn offers(&self, way: &Way) -> bool {
        self.offered.iter().any(|offered| offered.path == way.path)
    }

    /// A person's name as the records name her (`staff:<id>`), or whoever else it was.
    pub fn who(&self, actor: &str) -> String {
        self.words().who(actor)
    }

    /// A person's name by her id.
    pub fn name_of(&self, id: &str) -> String {
        self.words().name_of(id)
    }

    /// The names of others who are in the case now.
    pub fn others(&self) -> Vec<String> {
        let mut others: Vec<&str> = Vec::new();
        for read in &self.reads {
            let id = read.staff_id.as_str();
            if id != self.staff.id && !others.contains(&id) {
                others.push(id);
            }
        }
        others.into_iter().map(|id| self.name_of(id)).collect()
    }
}

/// The person as the engine knows her.
pub fn actor(staff: &Staff) -> Actor {
    Actor::Staff {
        id: staff.id.clone(),
        role: staff.role,
    }
}

/// Opens a case for something that needs `action`.
///
/// # Errors
/// `NotFound` for a number that is not known or not this person's to see; both look the same.
pub async fn open(
    app: &App,
    staff: &Staff,
    number: &str,
    action: Action,
) -> Result<Opened, PageError> {
    let (opened, ()) = open_with(app, staff, number, action, |_, _| Ok(())).await?;
    Ok(opened)
}

/// The same, reading more of the case from the same snapshot of the database.
///
/// # Errors
/// As `open`.
pub async fn open_with<T: Send + 'static>(
    app: &App,
    staff: &Staff,
    number: &str,
    action: Action,
    more: impl Fn(&mut Tx, &Opened) -> Result<T, StoreError> + Send + 'static,
) -> Result<(Opened, T), PageError> {
    let number = receipt_number::read(number).ok_or(PageError::NotFound)?;
    let (inner, person) = (app.clone(), staff.clone());
    let found = app
        .read(move |tx| {
            let Some(opened) = read(&inner, tx, &person, &number, action)? else {
                return Ok(None);
            };
            let more = more(tx, &opened)?;
            Ok(Some((opened, more)))
        })
        .await?;
    let (opened, more) = found.ok_or(PageError::NotFound)?;
    note_reading(app, &opened).await;
    Ok((opened, more))
}

fn read(
    app: &App,
    tx: &mut Tx,
    person: &Staff,
    number: &str,
    action: Action,
) -> Result<Option<Opened>, StoreError> {
    let Some(stored) = case::by_receipt(tx, number)? else {
        return Ok(None);
    };
    if person.may(action, access(person, &stored)).is_err() {
        return Ok(None);
    }
    let colleagues = staff::all(tx)?;
    let now = app.clock.now();
    let mut opened = Opened {
        running: revisions::of(app, tx, &stored.revision)?,
        people: People::of(&colleagues, api_token::names(tx)?),
        colleagues,
        staff: person.clone(),
        now,
        offered: Vec::new(),
        reads: case_read::since(tx, &stored.application_id, now - PRESENT)?,
        stored,
    };
    opened.offered = offered(tx, &opened)?;
    Ok(Some(opened))
}

/// What about the case decides whether this person may see it.
pub fn access(person: &Staff, stored: &Stored) -> CaseAccess {
    let hers = |id: &Option<String>| id.as_deref() == Some(person.id.as_str());
    CaseAccess {
        assigned: hers(&stored.case.assignee) || hers(&stored.case.expert),
        confirmed: stored.case.status == Status::Confirmed,
    }
}

/// Every way that this person's role may go and that the engine would take now.
fn offered(tx: &mut Tx, opened: &Opened) -> Result<Vec<&'static Way>, StoreError> {
    let access = access(&opened.staff, &opened.stored);
    let hers = |way: &&&Way| opened.staff.may(way.action, access).is_ok();
    let ways: Vec<&'static Way> = WAYS.iter().filter(hers).copied().collect();
    let trials: Vec<_> = ways.iter().map(|way| (way.trials)(opened)).collect();
    let Some(any) = trials.iter().flatten().next().cloned() else {
        return Ok(Vec::new());
    };
    let actor = opened.actor();
    let command = Command {
        program: opened.program(),
        calendar: &opened.running.calendar,
        event: &any,
        actor: &actor,
        at: opened.now,
    };
    let all: Vec<_> = trials.iter().flatten().cloned().collect();
    let mut taken = act::possible(tx, &opened.stored, command, &all)?.into_iter();
    let offered = ways.into_iter().zip(&trials).filter(|(_, trials)| {
        let taken: Vec<bool> = taken.by_ref().take(trials.len()).collect();
        taken.contains(&true)
    });
    Ok(offered.map(|(way, _)| way).collect())
}

/// Writes down that the case was read.
async fn note_reading(app: &App, opened: &Opened) {
    if !case_read::is_due(&opened.reads, &opened.staff.id, opened.now) {
        return;
    }
    let reading = reading(&opened.staff, &opened.stored, opened.now);
    readings::note(app, vec![reading]).await;
}

/// Somebody reads a case.
pub fn reading(staff: &Staff, stored: &Stored, at: Timestamp) -> Reading {
    Reading {
        application_id: stored.application_id.clone(),
        receipt_number: stored.receipt_number.clone(),
        staff_id: staff.id.clone(),
        role: staff.role.as_str(),
        at,
    }
}
