//! What is known and need not be looked at every day: a rule that stays quiet for a company, or for all, until a day.

use jiff::ToSpan;
use jiff::civil::Date;

use super::group::Group;
use crate::flow::Refusal;

/// What a suppression hides, and on which days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// An application's id; none for every company.
    pub company: Option<String>,
    /// None for every device.
    pub device: Option<String>,
    pub rule: String,
    pub severity: u8,
    pub action: u8,
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// The first day on which it no longer holds, when it was ended.
    pub ended: Option<Date>,
}

impl Suppression {
    /// Whether it holds on a day.
    pub fn holds(&self, day: Date) -> bool {
        (self.from..=self.until).contains(&day) && self.ended.is_none_or(|ended| day < ended)
    }

    /// Whether it hides a company's finding of a day. Severity and action must be the same: a rule that was blocked and now passes is news.
    pub fn hides(&self, company: &str, group: &Group, day: Date) -> bool {
        self.holds(day)
            && self.company.as_deref().is_none_or(|one| one == company)
            && self.device.as_ref().is_none_or(|one| *one == group.device)
            && (&self.rule, self.severity, self.action)
                == (&group.rule, group.severity, group.action)
    }
}

/// Whether a last day is one that a suppression may have: after today, and within a year.
///
/// # Errors
/// A Japanese sentence.
pub fn may_last(until: Date, today: Date) -> Result<(), Refusal> {
    if until < today {
        return Err(Refusal::new(
            "past",
            "期限には、今日より後の日を入れてください。",
        ));
    }
    let longest = today.saturating_add(1.year());
    match until > longest {
        true => Err(Refusal::new(
            "too_far",
            "期限は、1年以内の日にしてください。期限が来たら、まだ要るかどうかを見直します。",
        )),
        false => Ok(()),
    }
}
