//! Systems: recovery times against what they depend on, and against how long the work may stand still.

use super::{Findings, hours, name};
use crate::paper::answers::AnswerRow;

pub(super) fn check(found: &mut Findings<'_>) {
    for system in found.rows("systems") {
        dependencies(found, system);
        limit(found, system);
        if system.named("owner").is_none() {
            found.cell(
                "system_without_owner",
                "systems",
                system,
                "owner",
                format!(
                    "{}の担当者が決まっていません。決めて書いてください。",
                    name(system)
                ),
            );
        }
        if is_in_a_circle(found, system) {
            let sentence = format!(
                "{}は、必要なシステムをたどると自分に戻ります。どちらを先に戻すかを決め、片方を消してください。",
                name(system)
            );
            found.cell(
                "dependency_circle",
                "systems",
                system,
                "depends_on",
                sentence,
            );
        }
    }
    for activity in found.rows("activities") {
        activity_systems(found, activity);
    }
}

/// A system cannot be back before what it needs.
fn dependencies(found: &mut Findings<'_>, system: &AnswerRow) {
    let Some(rto) = system.number("rto") else {
        return;
    };
    for id in system.names("depends_on") {
        let Some(needed) = found.answers.row("systems", id) else {
            continue;
        };
        match needed.number("rto") {
            Some(later) if later > rto => {
                let sentence = format!(
                    "{}は{}で戻す予定ですが、動くために必要な{}が戻るのは{}後です。どちらかの時間を直してください。",
                    name(system),
                    hours(rto),
                    name(needed),
                    hours(later)
                );
                found.cell(
                    "recovery_before_dependency",
                    "systems",
                    system,
                    "rto",
                    sentence,
                );
            }
            None => {
                let sentence = format!(
                    "{}が必要とする{}の戻す時間が決まっていません。{}より短い時間を決めてください。",
                    name(system),
                    name(needed),
                    hours(rto)
                );
                found.cell(
                    "dependency_without_time",
                    "systems",
                    needed,
                    "rto",
                    sentence,
                );
            }
            _ => {}
        }
    }
}

fn limit(found: &mut Findings<'_>, system: &AnswerRow) {
    if let (Some(rto), Some(mtd)) = (system.number("rto"), system.number("mtd"))
        && rto > mtd
    {
        let sentence = format!(
            "{}を戻すのに{}かかる予定ですが、止まってよい限度は{}です。早く戻す方法を考えるか、限度を見直してください。",
            name(system),
            hours(rto),
            hours(mtd)
        );
        found.cell("recovery_after_limit", "systems", system, "rto", sentence);
    }
}

fn activity_systems(found: &mut Findings<'_>, activity: &AnswerRow) {
    let Some(mtd) = activity.number("mtd") else {
        return;
    };
    for id in activity.names("systems") {
        let Some(system) = found.answers.row("systems", id) else {
            continue;
        };
        let has_substitute = activity.text("substitute").is_some();
        if let Some(rto) = system
            .number("rto")
            .filter(|rto| *rto > mtd && !has_substitute)
        {
            let sentence = format!(
                "業務{}が止まってよいのは{}ですが、使う{}が戻るのは{}後です。代わりの方法を書くか、戻す時間を見直してください。",
                name(activity),
                hours(mtd),
                name(system),
                hours(rto)
            );
            found.cell(
                "activity_before_system",
                "activities",
                activity,
                "mtd",
                sentence,
            );
        }
    }
}

fn is_in_a_circle(found: &Findings<'_>, system: &AnswerRow) -> bool {
    let mut open: Vec<&str> = system
        .names("depends_on")
        .iter()
        .map(String::as_str)
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    while let Some(id) = open.pop() {
        if id == system.id {
            return true;
        }
        if seen.insert(id)
            && let Some(next) = found.answers.row("systems", id)
        {
            open.extend(next.names("depends_on").iter().map(String::as_str));
        }
    }
    false
}
