//! The figures of a month as JSON.

use serde_json::{Map, Value, json};
use sonae_telemetry::Month;
use sonae_telemetry::detection::{Action, Severity};
use sonae_telemetry::questions::Split;
use sonae_telemetry::questions::coverage::Coverage;
use sonae_telemetry::questions::month::Figures;

/// Everything that is known of a company's month; `company` is its receipt number.
#[must_use]
pub fn json(company: &str, month: Month, figures: &Figures) -> Value {
    let rules: Vec<Value> = (figures.rules.iter())
        .map(|one| {
            json!({
                "rule": one.rule,
                "title": one.title,
                "category": one.category,
                "severity": one.severity.code(),
                "events": one.split.events,
                "by_action": by_action(&one.split),
            })
        })
        .collect();
    let unknown: i64 = figures.unknown.iter().map(|(_, lines)| lines).sum();
    json!({
        "company": company,
        "month": month.to_string(),
        "detections": figures.detections,
        "events": figures.total.events,
        "by_severity": by_severity(&figures.total),
        "by_action": by_action(&figures.total),
        "by_day": object(figures.days.iter().map(|(day, split)| (day.to_string(), split.events))),
        "devices": object(figures.devices.iter().map(|(name, split)| (name.clone(), split.events))),
        "distinct_rules": figures.distinct_rules,
        "rules": rules,
        "addresses": {
            "all": figures.addresses.all,
            "sources": figures.addresses.sources,
            "destinations": figures.addresses.destinations,
            "outside": figures.addresses.outside,
        },
        "activities": object(figures.activities.iter().cloned()),
        "unknown": {
            "lines": unknown,
            "by_reason": object(figures.unknown.iter().map(|(why, lines)| (why.code().to_owned(), *lines))),
        },
        "clock_doubtful": figures.clock_doubtful,
        "coverage": figures.coverage.iter().map(coverage).collect::<Vec<_>>(),
    })
}

fn coverage(one: &Coverage) -> Value {
    let gap = |(from, to): &(i64, i64)| json!({"from": instant(from * 3_600_000_000), "to": instant(to * 3_600_000_000)});
    json!({
        "device": one.device,
        "hours": one.hours,
        "of_hours": one.of_hours,
        "lines": one.lines,
        "first": instant(one.first_us),
        "last": instant(one.last_us),
        "gaps": one.gaps.iter().map(gap).collect::<Vec<_>>(),
        "packets": one.packets.map(|(seen, lost)| json!({"seen": seen, "lost": lost})),
    })
}

/// RFC 3339 in UTC; none for what no calendar holds.
pub fn instant(us: i64) -> Option<String> {
    let at = jiff::Timestamp::from_microsecond(us).ok()?;
    Some(at.to_string())
}

fn by_severity(split: &Split) -> Value {
    object(Severity::ALL.map(|one| (one.code().to_owned(), split.by_severity[one as usize])))
}

fn by_action(split: &Split) -> Value {
    object(Action::ALL.map(|one| (one.code().to_owned(), split.by_action[one as usize])))
}

fn object(pairs: impl IntoIterator<Item = (String, i64)>) -> Value {
    let pairs = pairs.into_iter().map(|(key, value)| (key, json!(value)));
    Value::Object(pairs.collect::<Map<_, _>>())
}
