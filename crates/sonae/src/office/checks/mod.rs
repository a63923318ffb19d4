//! The daily check of detections: the one way in which pages and interface say something of a company's day, judge, suppress, sign and hand on.
//!
//! Architecture invariant: nothing in this program changes a check but through here. Each command is one transaction with its entry in the log,
//! which names days, keys and hashes and never what somebody wrote or what a device said.

pub mod compare;
pub mod escalate;
pub mod evidence;
pub mod facts;
pub mod findings;
pub mod judge;
mod logged;
pub mod missed;
pub mod said;
pub mod sheet;
pub mod sign;
pub mod suppress;

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::access::{self, Action, CaseAccess, StaffRole};
use sonae_core::flow::{Actor, Refusal, Status};
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::telemetry_source::Watched;

/// What came of a command: its result, or why it was refused. The outer error says that a database failed; nothing has changed then.
pub type Outcome<T> = Result<Result<T, Refusal>, StoreError>;

/// Somebody who checks, with what her role may do.
#[derive(Clone, Debug)]
pub struct Who {
    pub id: String,
    pub role: StaffRole,
}

impl Who {
    /// Whether she may do something with a company; technicians with those that are assigned to them.
    pub fn may(&self, action: Action, company: &Watched) -> bool {
        let people = (&company.assignee, &company.expert);
        self.may_of(action, people, &company.status)
    }

    /// The same by what a case says.
    pub fn may_of(
        &self,
        action: Action,
        (assignee, expert): (&Option<String>, &Option<String>),
        status: &str,
    ) -> bool {
        let hers = |id: &Option<String>| id.as_deref() == Some(self.id.as_str());
        let case = CaseAccess {
            assigned: hers(assignee) || hers(expert),
            confirmed: status == Status::Confirmed.as_str(),
        };
        access::opens(self.role, action, case)
    }

    pub fn actor(&self) -> Actor {
        Actor::Staff {
            id: self.id.clone(),
            role: self.role,
        }
    }

    /// As records name her.
    pub fn name(&self) -> String {
        self.actor().name()
    }
}

/// A company's day that a command is about.
#[derive(Clone, Debug)]
pub struct CompanyDay {
    /// In its written form.
    pub receipt_number: String,
    pub day: Date,
    pub who: Who,
    /// When the command is given.
    pub at: Timestamp,
}

/// The code of a refusal for a company that is not watched on the day, or not hers: both look the same.
pub const UNKNOWN: &str = "unknown_company";

impl CompanyDay {
    /// The company, when she may do this with it.
    fn open(&self, tx: &mut Tx, action: Action) -> Outcome<Watched> {
        let watched = sheet::watched_on(tx, self.day)?;
        let mut watched = watched.into_iter();
        let found = watched
            .find(|one| one.receipt_number == self.receipt_number && self.who.may(action, one));
        Ok(found.ok_or_else(unknown))
    }
}

/// A day as addresses write it, of the years in which there can be one.
pub fn day(text: &str) -> Option<Date> {
    let day: Option<Date> = text.parse().ok();
    day.filter(|day| day.to_string() == text && (2000..2200).contains(&day.year()))
}

fn unknown() -> Refusal {
    Refusal::new(
        UNKNOWN,
        "この日に見守っている会社の中に、その受付番号はありません。",
    )
}

/// The answer for a key that names no finding of the day.
fn unknown_finding() -> Refusal {
    Refusal::new(
        "unknown_finding",
        "この日に、その検知はありません。ページを読み込み直してください。保存期間を過ぎて消えた検知は、判断を直せません。",
    )
}
