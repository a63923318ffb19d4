//! What the detections say of a company's day, and what the office has said of it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use sonae_core::detection_check::group::{GRAVE, Group};
use sonae_core::detection_check::rules::{self, Standing};
use sonae_core::detection_check::{Counts, Seen};
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::check_day::{self, Checked};
use sonae_store::desk_finding::{self, Finding};
use sonae_store::finding_judgement::{self, Judgement};
use sonae_store::suppression::{self, Kept};
use sonae_telemetry::detections::Detections;
use sonae_telemetry::questions::findings::{self, DayTotal};
use sonae_telemetry::{Day, TelemetryError};

use super::sheet::is_removed;
use crate::app::App;

/// What was detected.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// None when nothing at all was heard of the company on the day.
    pub total: Option<DayTotal>,
    /// The gravest first; `groups` tells how many there are in all.
    pub findings: Vec<(Group, Counts)>,
    pub groups: usize,
}

impl Facts {
    /// Lines of detections.
    pub fn lines(&self) -> i64 {
        self.total.map_or(0, |total| total.detections)
    }

    pub fn seen(&self) -> Seen {
        let groups = i64::try_from(self.groups).unwrap_or(i64::MAX);
        Seen::of(self.lines(), groups, &self.findings)
    }

    /// Whether grave findings are missing in the list.
    fn is_cut(&self) -> bool {
        let last = self.findings.last();
        self.groups > self.findings.len()
            && last.is_some_and(|(group, _)| group.severity == 0 || group.severity >= GRAVE)
    }

    pub fn find(&self, key: &str) -> Option<&(Group, Counts)> {
        self.findings.iter().find(|(group, _)| group.key() == key)
    }
}

/// Asks the detections for a company's day.
///
/// # Errors
/// They could not be read.
pub async fn facts(app: &App, company: &str, day: Date) -> Result<Facts, StoreError> {
    let company = company.to_owned();
    app.detections(move |detections| {
        let total = detections.sheet(Day::of_date(day))?.remove(&company);
        found(detections, (&company, day), total)
    })
    .await
}

/// The same with the company's total, which the sheet has.
pub(crate) fn found(
    detections: &Detections,
    (company, day): (&str, Date),
    total: Option<DayTotal>,
) -> Result<Facts, TelemetryError> {
    // Who was not heard has no findings.
    let (found, groups) = match total {
        Some(_) => detections.findings(company, Day::of_date(day))?,
        None => (Vec::new(), 0),
    };
    Ok(Facts {
        total,
        findings: found.iter().map(group).collect(),
        groups,
    })
}

/// A finding as the office speaks of it.
pub fn group(finding: &findings::Finding) -> (Group, Counts) {
    let group = Group {
        device: finding.device.clone(),
        rule: finding.rule.clone(),
        title: finding.title.clone(),
        category: finding.category.clone(),
        severity: finding.severity as u8,
        action: finding.action as u8,
    };
    let counts = Counts {
        lines: finding.lines,
        events: finding.events,
        first_us: finding.first_us,
        last_us: finding.last_us,
    };
    (group, counts)
}

/// What the office has said of a company's day.
#[derive(Clone, Debug)]
pub struct Known {
    pub checked: Option<Checked>,
    /// What counts, by the group's key.
    pub judged: BTreeMap<String, Judgement>,
    /// Those that hold on the day.
    pub suppressions: Vec<Kept>,
    /// What was handed to the desk.
    pub desk: Vec<Finding>,
}

impl Known {
    /// # Errors
    /// The database could not be read.
    pub fn read(tx: &mut Tx, company: &str, day: Date) -> Result<Known, StoreError> {
        let mut suppressions = suppression::since(tx, day)?;
        suppressions.retain(|kept| kept.what.holds(day));
        Ok(Known {
            checked: check_day::find(tx, company, day)?,
            judged: finding_judgement::of_day(tx, company, day)?,
            suppressions,
            desk: desk_finding::of_day(tx, company, day)?,
        })
    }

    /// The suppression that hides a finding.
    pub fn hidden_by(&self, company: &str, group: &Group, day: Date) -> Option<&Kept> {
        let mut kept = self.suppressions.iter();
        kept.find(|kept| kept.what.hides(company, group, day))
    }

    /// The day as the rules look at it.
    pub fn day(&self, company: &str, day: Date, facts: &Facts) -> rules::Day {
        let standing = |(group, _): &(Group, Counts)| Standing {
            verdict: self.judged.get(&group.key()).map(|judged| judged.verdict),
            suppressed: self.hidden_by(company, group, day).is_some(),
            group: group.clone(),
        };
        rules::Day {
            heard: facts.total.is_some(),
            findings: facts.findings.iter().map(standing).collect(),
            cut: facts.is_cut(),
            escalated: !self.desk.is_empty(),
            signed: (self.checked.as_ref()).is_some_and(|checked| checked.signed.is_some()),
            removed: (self.checked.as_ref())
                .is_some_and(|checked| is_removed(checked, facts.total.is_some())),
        }
    }

    /// Notes what each suppression hides on the day.
    pub(super) fn note_hits(
        &self,
        tx: &mut Tx,
        company: &str,
        day: Date,
        facts: &Facts,
    ) -> Result<(), StoreError> {
        let mut hidden: BTreeMap<&str, i64> = BTreeMap::new();
        for (group, counts) in &facts.findings {
            if let Some(kept) = self.hidden_by(company, group, day) {
                *hidden.entry(&kept.id).or_default() += counts.events;
            }
        }
        for (id, events) in hidden {
            suppression::hit(tx, id, company, day, events)?;
        }
        Ok(())
    }
}
