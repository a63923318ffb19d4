//! Backups: often enough for what may be lost, tested, apart from the network, and there at all.

use super::{Findings, hours, name};
use crate::paper::answers::AnswerRow;
use crate::paper::ledger::{ONE_TO_THREE, assess};

pub(super) fn check(found: &mut Findings<'_>) {
    for system in found.rows("systems") {
        of_system(found, system);
    }
    for backup in found.rows("backups") {
        if backup.date("tested_on").is_none() {
            let sentence = format!(
                "{}から戻す試験をした日がありません。一度戻してみて、日付を書いてください。",
                name(backup)
            );
            found.cell(
                "backup_not_tested",
                "backups",
                backup,
                "tested_on",
                sentence,
            );
        }
    }
    for asset in found.rows("assets") {
        let important = assess(asset, ONE_TO_THREE).importance == Some(ONE_TO_THREE.most);
        if important && found.named("backups", asset, "backup").is_none() {
            let sentence = format!(
                "重要度の高い{}にバックアップがありません。控えを取るか、どの控えに入っているかを書いてください。",
                name(asset)
            );
            found.cell("asset_without_backup", "assets", asset, "backup", sentence);
        }
    }
}

fn of_system(found: &mut Findings<'_>, system: &AnswerRow) {
    let backups: Vec<&AnswerRow> = found
        .rows("backups")
        .iter()
        .filter(|backup| backup.names("systems").contains(&system.id))
        .collect();
    let important = system.text("importance") == Some("high");
    let Some(interval) = backups
        .iter()
        .filter_map(|backup| backup.number("interval"))
        .min()
    else {
        if important && backups.is_empty() {
            let sentence = format!(
                "重要度の高い{}のバックアップがありません。控えを取る方法を決めてください。",
                name(system)
            );
            found.cell("system_without_backup", "systems", system, "name", sentence);
        }
        return;
    };
    if let Some(rpo) = system.number("rpo").filter(|rpo| interval > *rpo) {
        let sentence = format!(
            "{}は{}前の状態に戻せることになっていますが、控えは{}ごとにしか取られていません。控えの間隔か目標を直してください。",
            name(system),
            hours(rpo),
            hours(interval)
        );
        found.cell(
            "recovery_point_before_backup",
            "systems",
            system,
            "rpo",
            sentence,
        );
    }
    if important && !backups.iter().any(|backup| backup.yes("offline")) {
        let sentence = format!(
            "{}の控えがどれもネットワークにつながったままです。ランサムウェアに備え、切り離した控えを1つ持ってください。",
            name(system)
        );
        found.cell(
            "backup_always_connected",
            "systems",
            system,
            "name",
            sentence,
        );
    }
}
