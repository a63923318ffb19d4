//! The office's list of cases: one statement over the narrow rows, with views, filters, search, an order and pages by key.
//!
//! Architecture invariant: who may see which cases is part of the statement ([`Scope`]), never of what is done with its rows.

mod condition;
mod count;
mod course;
mod explain;
mod known;
mod rows;

use jiff::Timestamp;

pub use count::counts;
pub use explain::{count_plan, page_plan};
pub use rows::{Listed, by_receipts, export, page};

/// Counting stops here: more than this is shown as 「1,000以上」.
pub const MOST_COUNTED: i64 = 1_000;
/// Of what was typed, so many cases are looked at before further conditions apply.
pub const MOST_FOUND: i64 = 2_000;

/// Whose cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    /// Those assigned to this person; `confirmed` for people who serve participants only.
    Assigned {
        staff_id: String,
        confirmed: bool,
    },
}

/// The views that every office has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// 今日すること: open, this person's role has to act, hers or nobody's, and nearly due or late.
    Today,
    /// 自分の担当: open and assigned to this person.
    Mine,
    Overdue,
    /// Nearly due, not late.
    Soon,
    Unassigned,
    /// 連絡待ち: the company has to be contacted.
    Contact,
    Screening,
    Judgement,
    AtSponsor,
    SentBack,
    /// A place is waited for or offered.
    Waiting,
    /// The company has to act.
    Company,
    Confirmed,
    /// Withdrawn, declined, excluded, lapsed.
    Closed,
    All,
}

impl View {
    /// In the order of the page.
    pub const ALL: [View; 15] = [
        View::Today,
        View::Mine,
        View::Overdue,
        View::Soon,
        View::Unassigned,
        View::Contact,
        View::Screening,
        View::Judgement,
        View::AtSponsor,
        View::SentBack,
        View::Waiting,
        View::Company,
        View::Confirmed,
        View::Closed,
        View::All,
    ];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            View::Today => "today",
            View::Mine => "mine",
            View::Overdue => "overdue",
            View::Soon => "soon",
            View::Unassigned => "unassigned",
            View::Contact => "contact",
            View::Screening => "screening",
            View::Judgement => "judgement",
            View::AtSponsor => "at-sponsor",
            View::SentBack => "sent-back",
            View::Waiting => "waiting",
            View::Company => "company",
            View::Confirmed => "confirmed",
            View::Closed => "closed",
            View::All => "all",
        }
    }

    /// The order in which it is shown when no other is asked for.
    pub fn order(self) -> Sort {
        match self {
            View::All | View::Confirmed | View::Closed => Sort::Newest,
            _ => Sort::Due,
        }
    }

    pub fn parse(word: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.as_str() == word)
    }
}

/// Who works on a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Person {
    Nobody,
    /// As assignee or as expert.
    Staff(String),
}

/// When a case is due, against the moment of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Overdue,
    /// Nearly due or late.
    Pressing,
    /// Before this instant.
    Before(Timestamp),
}

/// The order of a list. Cases that compare equal are told apart by their receipt numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// What is due first; what is not due at all last.
    Due,
    Newest,
    Oldest,
    Name,
    /// What changed last.
    Updated,
}

impl Sort {
    pub const ALL: [Sort; 5] = [
        Sort::Due,
        Sort::Newest,
        Sort::Oldest,
        Sort::Name,
        Sort::Updated,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Sort::Due => "due",
            Sort::Newest => "newest",
            Sort::Oldest => "oldest",
            Sort::Name => "name",
            Sort::Updated => "updated",
        }
    }

    pub fn parse(word: &str) -> Option<Sort> {
        Sort::ALL.into_iter().find(|sort| sort.as_str() == word)
    }
}

/// What somebody wants to see. All conditions hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub scope: Scope,
    pub view: View,
    pub program: Option<String>,
    pub step: Option<String>,
    pub status: Option<String>,
    /// A role of the programme.
    pub owner: Option<String>,
    pub person: Option<Person>,
    pub course: Option<String>,
    pub due: Option<Due>,
    /// What was typed, in the form of `find::typed`.
    pub search: Option<String>,
    /// What an action on many cases left undone.
    pub left_by: Option<String>,
}

impl Wanted {
    pub fn of(scope: Scope, view: View) -> Wanted {
        Wanted {
            scope,
            view,
            program: None,
            step: None,
            status: None,
            owner: None,
            person: None,
            course: None,
            due: None,
            search: None,
            left_by: None,
        }
    }
}

/// Who asks and when: what the views are relative to.
#[derive(Clone, Debug)]
pub struct Asker {
    pub staff_id: String,
    /// Her role as programmes name it.
    pub role: String,
    pub now: Timestamp,
    /// Steps at which the company has to be contacted, of every programme.
    pub contact_steps: Vec<String>,
    pub screening_steps: Vec<String>,
}

/// Where a page begins: behind this case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// What the case was ordered by, for orders by number; the name is read again.
    pub key: i64,
    pub receipt_number: String,
}
