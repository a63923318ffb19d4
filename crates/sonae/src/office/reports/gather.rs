//! The figures of a company's month: what the office knows of its devices put together with what the detections say.
//!
//! The two databases meet here and nowhere else, in plain structs of core; nothing of a company's name goes either way.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use sonae_core::calendar::tokyo_midnight;
use sonae_core::report::figures::{
    Before, Counts, FORMAT, Figures, Kind, Lines, Rest, Rule, Watched,
};
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::telemetry_source::{self, Source};
use sonae_telemetry::detections::Detections;
use sonae_telemetry::questions::cohort::{self, FLOOR, Refused, declare};
use sonae_telemetry::questions::{Split, month as asked};
use sonae_telemetry::{Day, TelemetryError};

use super::heard::devices;
use super::judged::{self, Checks, Outcomes};

/// What the office knows of a company's month.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Its devices that were watched within the month, and within the month before.
    pub now: Vec<Source>,
    pub before: Vec<Source>,
    /// Every company that was watched in the month with a kind of device, by the id of its application.
    pub members: BTreeMap<Kind, BTreeSet<String>>,
    /// What the daily checks said of the company.
    pub checks: Checks,
}

/// The first instant of a day in Tokyo.
pub fn start(day: Date) -> Timestamp {
    tokyo_midnight(day).unwrap_or(Timestamp::MAX)
}

/// The first instant of a month, and the first after it.
pub fn bounds(month: Month) -> (Timestamp, Timestamp) {
    (start(month.first_day()), start(month.after().first_day()))
}

/// Reads what the office knows.
///
/// # Errors
/// The database could not be read.
pub fn known(tx: &mut Tx, application_id: &str, month: Month) -> Result<Known, StoreError> {
    let (from, until) = bounds(month);
    let mut known = Known::default();
    for one in telemetry_source::watched(tx, from, until)? {
        let members = known.members.entry(kind(&one.source)).or_default();
        members.insert(one.source.application_id.clone());
        if one.source.application_id == application_id {
            known.now.push(one.source);
        }
    }
    let (from, until) = bounds(month.before());
    let mut all = telemetry_source::of_application(tx, application_id)?;
    all.retain(|one| one.is_watched(from, until));
    known.before = all;
    known.checks = Checks::read(tx, application_id, month)?;
    Ok(known)
}

/// The figures of a month as they are now; hours that are still to come at `now` are not missing.
///
/// # Errors
/// The detections could not be read.
pub fn figures(
    detections: &Detections,
    application_id: &str,
    month: Month,
    known: &Known,
    now: Timestamp,
) -> Result<Figures, TelemetryError> {
    let watched = watched(&known.now, month, now);
    let found = month_of(detections, application_id, month, &watched, now)?;
    let before = match known.before.is_empty() {
        true => None,
        false => Some(before(
            detections,
            application_id,
            month.before(),
            &known.before,
            now,
        )?),
    };
    let days: BTreeMap<Date, Counts> = (found.days.iter())
        .map(|(day, split)| (day.date(), counts(split)))
        .collect();
    let outcomes = judged::judged(detections, application_id, &known.checks, &watched, &days)?;
    Ok(Figures {
        format: FORMAT,
        month,
        devices: devices(&found, &watched),
        total: counts(&found.total),
        days,
        rules: (found.rules.iter())
            .map(|one| rule(one, &outcomes))
            .collect(),
        distinct_rules: found.distinct_rules,
        outside_addresses: found.addresses.outside,
        lines: Lines {
            detections: found.detections,
            activities: found.activities.iter().map(|(_, lines)| lines).sum(),
            unknown: (found.unknown.iter())
                .map(|(why, lines)| (why.code().to_owned(), *lines))
                .collect(),
            clock_doubtful: found.clock_doubtful,
        },
        before,
        rest: rest(detections, (month, found.total.events), known, &watched)?,
        judged: outcomes.judged,
        watched,
    })
}

/// The part of the month in which each device was watched, the earliest first.
fn watched(sources: &[Source], month: Month, now: Timestamp) -> Vec<Watched> {
    let (first, end) = bounds(month);
    let mut watched: Vec<Watched> = (sources.iter())
        .map(|one| Watched {
            kind: kind(one),
            product: one.product.clone(),
            serial: one.serial.clone(),
            from: one.from.max(first),
            until: one.end().min(end).min(now).max(one.from.max(first)),
            began: one.from > first,
            ended: one.end() < end,
        })
        .collect();
    watched.sort_by(|a, b| (a.from, &a.serial).cmp(&(b.from, &b.serial)));
    watched
}

fn kind(source: &Source) -> Kind {
    match source.kind {
        telemetry_source::Kind::Utm => Kind::Utm,
        telemetry_source::Kind::Edr => Kind::Edr,
    }
}

/// What the detections say of a month; without any registered device the whole of it is asked about.
fn month_of(
    detections: &Detections,
    application_id: &str,
    month: Month,
    watched: &[Watched],
    now: Timestamp,
) -> Result<asked::Figures, TelemetryError> {
    let (first, end) = bounds(month);
    let from = watched.iter().map(|one| one.from).min().unwrap_or(first);
    let until = watched
        .iter()
        .map(|one| one.until)
        .max()
        .unwrap_or(end.min(now));
    let last = Day::of(until.as_microsecond() - 1);
    let days = (Day::of(from.as_microsecond()), last);
    detections.month(application_id, telemetry_month(month), days)
}

pub fn telemetry_month(month: Month) -> sonae_telemetry::Month {
    sonae_telemetry::Month::of_date(month.first_day())
}

fn before(
    detections: &Detections,
    application_id: &str,
    month: Month,
    sources: &[Source],
    now: Timestamp,
) -> Result<Before, TelemetryError> {
    let watched = watched(sources, month, now);
    let found = month_of(detections, application_id, month, &watched, now)?;
    Ok(Before {
        counts: counts(&found.total),
        hours: devices(&found, &watched).iter().map(|one| one.hours).sum(),
    })
}

fn counts(split: &Split) -> Counts {
    Counts {
        events: split.events,
        severity: split.by_severity,
        action: split.by_action,
    }
}

fn rule(one: &asked::RuleFigure, outcomes: &Outcomes) -> Rule {
    let mut rule = Rule {
        rule: one.rule.clone(),
        title: one.title.clone(),
        category: one.category.clone(),
        severity: one.severity as usize,
        counts: counts(&one.split),
        harmless: 0,
        attack: 0,
    };
    outcomes.note(&mut rule);
    rule
}

/// The other companies with the same kind of device. Both cohorts of a month are declared together; what cannot be told safely is left out.
fn rest(
    detections: &Detections,
    (month, own): (Month, i64),
    known: &Known,
    watched: &[Watched],
) -> Result<Rest, TelemetryError> {
    let has = |kind| watched.iter().any(|one| one.kind == kind);
    let kind = if has(Kind::Utm) || !has(Kind::Edr) {
        Kind::Utm
    } else {
        Kind::Edr
    };
    let members = |kind| known.members.get(&kind).cloned().unwrap_or_default();
    if members(kind).len() < FLOOR {
        return Ok(Rest::Few { kind, floor: FLOOR });
    }
    // The larger cohort is told in any case, the smaller one beside it only where the two differ enough.
    let mut both = [Kind::Utm, Kind::Edr];
    both.sort_by_key(|kind| std::cmp::Reverse(members(*kind).len()));
    let wanted = both.map(|kind| (kind.label().to_owned(), members(kind)));
    let wanted: Vec<_> = wanted
        .into_iter()
        .filter(|(_, ids)| ids.len() >= FLOOR)
        .collect();
    let declared = match declare(wanted.clone()) {
        Err(Refused::Close(..)) => declare(wanted.into_iter().take(1).collect()),
        declared => declared,
    };
    let cohorts = declared.unwrap_or_default();
    let Some(cohort) = cohorts.iter().find(|one| one.name == kind.label()) else {
        return Ok(Rest::Close { kind });
    };
    let found: cohort::Figures = detections.cohort(cohort, telemetry_month(month))?;
    let quartiles = |of: cohort::Quartiles| [of.0, of.1, of.2];
    Ok(Rest::Yes {
        kind,
        members: found.members,
        events: quartiles(found.events),
        blocked: quartiles(found.blocked),
        without: found.without_findings,
        own: Some(cohort::rounded(own)),
    })
}
