//! Figures of many companies together, in which none can be recognised.
//!
//! Three rules keep it so. A cohort has at least `FLOOR` members, and what fewer than `FLOOR` of them met is not named. Nothing is a sum, an extreme
//! or exact: rounded quartiles and shares in steps of five per cent are told, so one member's figure moves none of them in a way that gives it back.
//! And cohorts are declared together: two of them differ by nobody or by at least `FLOOR`, so none can be had once with and once without a company.

use std::collections::{BTreeMap, BTreeSet};

use sonae_db::Tx;

use super::action;
use crate::TelemetryError;
use crate::day::Month;
use crate::detection::Action;

/// Companies of which at least a cohort consists, and that must have met what is named: five, and the one that reads it and knows its own figure.
pub const FLOOR: usize = 6;
/// Rules that are named.
pub const MOST_RULES: usize = 10;
/// Steps of shares in per cent.
const STEP: usize = 5;

/// Members by the office's id. Only `declare` makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    pub name: String,
    members: BTreeSet<String>,
}

/// Why cohorts are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It has fewer members than `FLOOR`.
    Few(String),
    /// Who knows both knows too much of the few in which they differ.
    Close(String, String),
}

/// Declares all cohorts of a month at once, with everything else that is told of them.
///
/// # Errors
/// The first cohort, or pair of cohorts, by which somebody could be recognised.
pub fn declare(wanted: Vec<(String, BTreeSet<String>)>) -> Result<Vec<Cohort>, Refused> {
    for (at, (name, members)) in wanted.iter().enumerate() {
        if members.len() < FLOOR {
            return Err(Refused::Few(name.clone()));
        }
        for (other, others) in &wanted[..at] {
            let only = [
                members.difference(others).count(),
                others.difference(members).count(),
            ];
            if only.iter().any(|count| (1..FLOOR).contains(count)) {
                return Err(Refused::Close(other.clone(), name.clone()));
            }
        }
    }
    let cohorts = wanted.into_iter();
    Ok(cohorts
        .map(|(name, members)| Cohort { name, members })
        .collect())
}

/// A quarter of the companies has at most the first, half at most the second, three quarters at most the third.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quartiles(pub i64, pub i64, pub i64);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    pub members: usize,
    pub events: Quartiles,
    pub blocked: Quartiles,
    /// Per cent of the companies that had no finding at all, in steps of five.
    pub without_findings: usize,
    /// Rules by how many companies met them, with that share in per cent in steps of five.
    pub rules: Vec<RuleShare>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleShare {
    pub rule: String,
    pub title: String,
    pub category: String,
    pub share: usize,
}

/// The figures of a cohort's month; members that were never heard count with zero.
pub fn figures(tx: &mut Tx, cohort: &Cohort, month: Month) -> Result<Figures, TelemetryError> {
    let mut members: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let known = tx.query("SELECT company, office_id FROM company", &[])?;
    for row in &known {
        if cohort.members.contains(row.text(1)) {
            members.insert(row.int(0), (0, 0));
        }
    }
    // Rules come in the order of the index; who met one is counted while its rows pass.
    let mut met: BTreeMap<i64, (i64, usize)> = BTreeMap::new();
    tx.for_each(MONTH, &[month.0.into()], |row| {
        let company = row.int(0);
        let Some(sums) = members.get_mut(&company) else {
            return Ok::<(), TelemetryError>(());
        };
        sums.0 += row.int(3);
        if action(&row, 2) == Action::Blocked {
            sums.1 += row.int(3);
        }
        let rule = met.entry(row.int(1)).or_insert((-1, 0));
        if rule.0 != company {
            *rule = (company, rule.1 + 1);
        }
        Ok(())
    })?;
    let sums = members.into_values().collect();
    let met = met
        .into_iter()
        .map(|(rule, (_, companies))| (rule, companies));
    told(cohort, sums, met.collect(), |rule| {
        let row = tx.query_one(
            "SELECT rule, title, category FROM rule WHERE rule_id = $1",
            &[(*rule).into()],
        )?;
        Ok([row.text(0), row.text(1), row.text(2)].map(str::to_owned))
    })
}

impl Cohort {
    pub(crate) fn holds(&self, office_id: &str) -> bool {
        self.members.contains(office_id)
    }
}

/// What is told of a cohort: of each member that was heard its events and how many of them were blocked, of each rule how many members met it.
pub(crate) fn told<R>(
    cohort: &Cohort,
    sums: Vec<(i64, i64)>,
    met: Vec<(R, usize)>,
    names: impl FnMut(&R) -> Result<[String; 3], TelemetryError>,
) -> Result<Figures, TelemetryError> {
    let size = cohort.members.len();
    let unheard = size - sums.len();
    let sorted = |of: fn(&(i64, i64)) -> i64| {
        let mut all = vec![0; unheard];
        all.extend(sums.iter().map(of));
        all.sort_unstable();
        all
    };
    let events = sorted(|sums| sums.0);
    let without = events.iter().filter(|count| **count == 0).count();
    Ok(Figures {
        members: size,
        without_findings: share(without, size),
        events: quartiles(&events),
        blocked: quartiles(&sorted(|sums| sums.1)),
        rules: rules(met, size, names)?,
    })
}

/// One row for each company, rule and action of a month.
pub(crate) const MONTH: &str =
    "SELECT company, rule_id, action, events FROM month_summary WHERE month = $1
     ORDER BY month, company, rule_id, severity, action";

fn rules<R>(
    mut met: Vec<(R, usize)>,
    size: usize,
    mut names: impl FnMut(&R) -> Result<[String; 3], TelemetryError>,
) -> Result<Vec<RuleShare>, TelemetryError> {
    met.retain(|(_, companies)| *companies >= FLOOR);
    met.sort_by_key(|(_, companies)| std::cmp::Reverse(*companies));
    // Among equal shares names decide, so a few more are named than are told.
    let of = |companies: usize| share(companies, size);
    let least = met.get(MOST_RULES - 1).map_or(0, |last| of(last.1));
    met.retain(|(_, companies)| of(*companies) >= least);
    let mut rules: Vec<RuleShare> = Vec::new();
    for (rule, companies) in &met {
        let [rule, title, category] = names(rule)?;
        rules.push(RuleShare {
            rule,
            title,
            category,
            share: of(*companies),
        });
    }
    rules.sort_by(|a, b| a.order().cmp(&b.order()));
    rules.truncate(MOST_RULES);
    Ok(rules)
}

impl RuleShare {
    fn order(&self) -> (std::cmp::Reverse<usize>, [&str; 3]) {
        let names = [&*self.title, &*self.rule, &*self.category];
        (std::cmp::Reverse(self.share), names)
    }
}

/// Per cent in steps, to the nearest.
fn share(part: usize, of: usize) -> usize {
    (part * 100 + of * STEP / 2) / (of * STEP).max(1) * STEP
}

fn quartiles(sorted: &[i64]) -> Quartiles {
    // The lower rank: a figure that some member has, which is a group's and not one's since half a quarter lies on either side.
    let at = |quarter: usize| sorted.get((sorted.len() * quarter).div_ceil(4).saturating_sub(1));
    let of = |quarter| rounded(at(quarter).copied().unwrap_or_default());
    Quartiles(of(1), of(2), of(3))
}

/// In steps of five below fifty, of ten below a thousand, and then two leading digits: the exact count of one company is nobody else's business.
/// What is rounded already stays what it is.
pub fn rounded(count: i64) -> i64 {
    let mut unit = if count < 50 { 5 } else { 10 };
    while count / unit >= 100 {
        unit *= 10;
    }
    (count + unit / 2) / unit * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(ids: impl IntoIterator<Item = usize>) -> BTreeSet<String> {
        ids.into_iter().map(|id| format!("c{id}")).collect()
    }

    #[test]
    fn nobody_is_left_alone_in_a_difference() {
        let declared = |sets: &[BTreeSet<String>]| {
            let sets = sets.iter().enumerate();
            declare(
                sets.map(|(at, set)| (at.to_string(), set.clone()))
                    .collect(),
            )
        };
        let all = members(0..20);
        let (small, most) = (members(0..5), members(0..19));
        assert_eq!(declared(&[small]), Err(Refused::Few("0".into())));
        assert_eq!(
            declared(&[all.clone(), most]),
            Err(Refused::Close("0".into(), "1".into()))
        );
        let moved = members(1..21);
        assert_eq!(
            declared(&[all.clone(), moved]),
            Err(Refused::Close("0".into(), "1".into()))
        );
        assert!(declared(&[all.clone(), all.clone(), members(0..14), members(20..26)]).is_ok());
    }

    #[test]
    fn figures_are_coarse() {
        assert_eq!(
            (share(1, 20), share(3, 7), share(20, 20), share(0, 9)),
            (5, 45, 100, 0)
        );
        assert_eq!(
            [0, 2, 3, 21, 47, 48, 50, 99, 104, 995, 1_249, 12_345].map(rounded),
            [0, 0, 5, 20, 45, 50, 50, 100, 100, 1_000, 1_200, 12_000]
        );
        assert!((0..20_000).all(|count| rounded(rounded(count)) == rounded(count)));
        assert_eq!(quartiles(&[0, 10, 20, 30, 40]), Quartiles(10, 20, 30));
        assert_eq!(quartiles(&[]), Quartiles::default());
    }
}
