//! References: each leads to a block that has a name and is there whenever the reference is.

use super::super::source::Fault;
use super::guards::{Guard, is_seen};
use super::inspect::{Inspection, Seen, Target};

/// Faults of all references of a text.
pub(super) fn faults(inspection: &Inspection<'_>) -> Vec<Fault> {
    inspection
        .references
        .iter()
        .filter_map(|seen| fault(inspection, seen))
        .collect()
}

fn fault(inspection: &Inspection<'_>, seen: &Seen) -> Option<Fault> {
    let reference = &seen.reference;
    let new = |what: String, hint: String| Some(Fault::new(reference.line, what, hint));
    let Some(target) = inspection.targets.get(&reference.to) else {
        let known: Vec<&str> = inspection
            .targets
            .iter()
            .filter(|(_, target)| target.has_a_name)
            .map(|(id, _)| id.as_str())
            .collect();
        let hint = match known.len() {
            0 => "参照される見出しや条に {#…} を付けてください。".to_owned(),
            _ => crate::program::broken::nearest(&reference.to, &known),
        };
        return new(format!("参照先「{}」がありません。", reference.to), hint);
    };
    if !target.has_a_name {
        let hint = "見出し、条、項、題のある表、流れ図、様式を参照してください。";
        return new(
            format!("「{}」には呼び名がありません。", reference.to),
            hint.to_owned(),
        );
    }
    match (&reference.row, &seen.table) {
        (Some(row), Some(table)) if target.tables.as_slice() != [table.clone()] => {
            let what = format!(
                "「{}」は「{row}」の表の :::each の中にありません。",
                reference.to
            );
            new(
                what,
                "同じ表をくり返す :::each の中の見出しを参照してください。".to_owned(),
            )
        }
        (Some(_), _) => None,
        (None, _) => unguarded(seen, target),
    }
}

/// A reference without a row: its target is in the same run of every `:::each`, and there, unless words stand for it.
fn unguarded(seen: &Seen, target: &Target) -> Option<Fault> {
    let reference = &seen.reference;
    let eaches: Vec<Guard> = target
        .guards
        .iter()
        .filter(|guard| matches!(guard, Guard::Each(_)))
        .cloned()
        .collect();
    if !is_seen(&eaches, &seen.guards) {
        let what = format!(
            "「{}」は :::each の中にあり、どの行のものか決まりません。",
            reference.to
        );
        return Some(Fault::new(
            reference.line,
            what,
            "[[id@行]] と書くか、:::each の中に移してください。",
        ));
    }
    if reference.words.is_some() || is_seen(&target.guards, &seen.guards) {
        return None;
    }
    let what = format!("参照先「{}」は、条件によってはなくなります。", reference.to);
    Some(Fault::new(
        reference.line,
        what,
        format!(
            "同じ :::if の中に移すか、[[{}|なくなったときの言葉]] と書いてください。",
            reference.to
        ),
    ))
}
