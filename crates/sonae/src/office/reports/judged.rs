//! What came of what was not stopped: the daily checks of a month, as its report tells them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sonae_core::detection_check::State;
use sonae_core::detection_check::group::Group;
use sonae_core::detection_check::rules::Standing;
use sonae_core::detection_check::verdict::Verdict;
use sonae_core::report::figures::{BLOCKED, Counts, Judged, OTHER, Rule, Watched};
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::check_day::Checked;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::{Day, TelemetryError};

use super::gather::start;
use crate::office::checks::facts::{self, Known};

/// What the office said of each day of a company's month.
#[derive(Clone, Debug, Default)]
pub struct Checks(BTreeMap<Date, Known>);

impl Checks {
    /// # Errors
    /// The database could not be read.
    pub fn read(tx: &mut Tx, application_id: &str, month: Month) -> Result<Checks, StoreError> {
        let mut days = BTreeMap::new();
        for day in month.days() {
            days.insert(day, Known::read(tx, application_id, day)?);
        }
        Ok(Checks(days))
    }

    /// Whether anybody said anything of the month.
    fn are_kept(&self) -> bool {
        let said = |known: &Known| {
            known.checked.is_some() || !known.judged.is_empty() || !known.desk.is_empty()
        };
        self.0.values().any(said)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Harmless,
    Attack,
    Escalated,
    Open,
}

/// How the checks of a month ended.
#[derive(Clone, Debug, Default)]
pub struct Outcomes {
    /// None when nobody checked anything. What was not stopped is counted once for each day, device and rule.
    pub judged: Option<Judged>,
    /// Events that were not stopped, by rule, title, category and severity: harmless ones, and attacks.
    by_rule: BTreeMap<([String; 3], usize), [i64; 2]>,
}

impl Outcomes {
    /// Notes with a rule what came of it.
    pub fn note(&self, rule: &mut Rule) {
        let names = [&rule.rule, &rule.title, &rule.category].map(String::clone);
        let found = self.by_rule.get(&(names, rule.severity));
        [rule.harmless, rule.attack] = found.copied().unwrap_or_default();
    }
}

/// Puts together what was detected and what was said of it.
///
/// # Errors
/// The detections could not be read.
pub fn judged(
    detections: &Detections,
    application_id: &str,
    checks: &Checks,
    watched: &[Watched],
    days: &BTreeMap<Date, Counts>,
) -> Result<Outcomes, TelemetryError> {
    let mut outcomes = Outcomes::default();
    if !checks.are_kept() {
        return Ok(outcomes);
    }
    let mut judged = Judged::default();
    for (day, known) in &checks.0 {
        let counts = days.get(day).copied().unwrap_or_default();
        if counts.events == 0 && !is_watched(watched, *day) {
            continue;
        }
        judged.of_days += 1;
        let signed = |checked: &Checked| checked.signed.is_some();
        judged.checked_days += i64::from(known.checked.as_ref().is_some_and(signed));
        if counts.open() == 0 {
            continue;
        }
        let (found, _) = detections.findings(application_id, Day::of_date(*day))?;
        let groups = found.iter().map(facts::group);
        for (group, counts) in groups.filter(|(group, _)| was_not_stopped(group)) {
            let outcome = outcome(known, application_id, &group, *day);
            match outcome {
                Outcome::Harmless => judged.harmless += 1,
                Outcome::Attack => judged.attack += 1,
                Outcome::Escalated => {
                    judged.attack += 1;
                    judged.escalated += 1;
                }
                Outcome::Open => judged.open += 1,
            }
            let names = [group.rule, group.title, group.category];
            let rule = (names, usize::from(group.severity));
            let [harmless, attack] = outcomes.by_rule.entry(rule).or_default();
            match outcome {
                Outcome::Harmless => *harmless += counts.events,
                Outcome::Attack | Outcome::Escalated => *attack += counts.events,
                Outcome::Open => {}
            }
        }
    }
    outcomes.judged = Some(judged);
    Ok(outcomes)
}

fn is_watched(watched: &[Watched], day: Date) -> bool {
    let (from, until) = (start(day), start(day.tomorrow().unwrap_or(day)));
    watched
        .iter()
        .any(|one| one.from < until && one.until > from)
}

fn was_not_stopped(group: &Group) -> bool {
    !matches!(usize::from(group.action), BLOCKED | OTHER)
}

fn outcome(known: &Known, application_id: &str, group: &Group, day: Date) -> Outcome {
    let key = group.key();
    let verdict = known.judged.get(&key).map(|judged| judged.verdict);
    if verdict.is_some_and(Verdict::settles) {
        return Outcome::Harmless;
    }
    if known.desk.iter().any(|finding| finding.group_key == key) {
        return Outcome::Escalated;
    }
    // 異常なし is said of everything that was seen then; what came later nobody looked at.
    let quiet = known
        .checked
        .as_ref()
        .is_some_and(|checked| checked.state == State::Quiet && !checked.is_late());
    match verdict {
        Some(Verdict::TruePositive | Verdict::Suspicious) => Outcome::Attack,
        Some(_) => Outcome::Open,
        None if known.hidden_by(application_id, group, day).is_some() => Outcome::Harmless,
        // What needs a judgement before 異常なし may be said is not settled by the word alone.
        None if quiet && !standing(group).is_open() => Outcome::Harmless,
        None => Outcome::Open,
    }
}

/// A finding that nobody judged and nothing hides.
fn standing(group: &Group) -> Standing {
    Standing {
        group: group.clone(),
        verdict: None,
        suppressed: false,
    }
}
