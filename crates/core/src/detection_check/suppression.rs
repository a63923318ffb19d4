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
    /// The vendor's id. Some products write a class of detections here, so that it alone names too much.
    pub rule: String,
    pub title: String,
    /// None for any: of a suppression from the time when it was not kept.
    pub category: Option<String>,
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

    /// Whether it hides a company's finding of a day. Rule, title, category, severity and action must be the same: a rule that was blocked and
    /// now passes is news, and so is another attack that the product files under the same class. What has neither rule nor title is never hidden.
    pub fn hides(&self, company: &str, group: &Group, day: Date) -> bool {
        self.holds(day)
            && self.company.as_deref().is_none_or(|one| one == company)
            && self.device.as_ref().is_none_or(|one| *one == group.device)
            && (&self.rule, &self.title) == (&group.rule, &group.title)
            && self
                .category
                .as_ref()
                .is_none_or(|one| *one == group.category)
            && (self.severity, self.action) == (group.severity, group.action)
            && !is_nameless(group)
    }
}

fn is_nameless(group: &Group) -> bool {
    group.rule.trim().is_empty() && group.title.trim().is_empty()
}

/// Whether a finding can be suppressed; `wide` for other devices or companies than its own.
///
/// # Errors
/// A Japanese sentence: nothing names the finding, or nothing but its title does, which other products may share.
pub fn may_hide(group: &Group, wide: bool) -> Result<(), Refusal> {
    if is_nameless(group) {
        return Err(Refusal::new(
            "nameless",
            "この検知には、ルールも名前もありません。ほかの検知まで隠すおそれがあるので、抑止できません。日ごとに判断してください。",
        ));
    }
    if wide && group.rule.trim().is_empty() {
        return Err(Refusal::new(
            "no_rule",
            "この検知には、ルールの番号がありません。ほかの機器や会社の、別の検知まで隠すおそれがあります。この会社のこの機器だけの抑止にしてください。",
        ));
    }
    Ok(())
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
