//! What was promised: rules with an owner, a policy that can be read, measures in time, contractors bound to secrecy.

use jiff::civil::Date;

use super::{Findings, name};
use crate::calendar::japanese::date_long;
use crate::paper::ledger::{Band, ONE_TO_THREE, assess, band, bands};

pub(super) fn check(found: &mut Findings<'_>, today: Date) {
    rules(found);
    measures(found, today);
    partners(found);
    risks(found);
}

fn rules(found: &mut Findings<'_>) {
    for rule in found.rows("rules") {
        match found.named("roles", rule, "owner") {
            None => found.cell(
                "rule_without_owner",
                "rules",
                rule,
                "owner",
                format!(
                    "規程{}に責任を持つ役割が決まっていません。決めて書いてください。",
                    name(rule)
                ),
            ),
            Some(role) if found.named("people", role, "person").is_none() => {
                let sentence = format!(
                    "規程{}に責任を持つ{}を担当する人がいません。担当する人を決めてください。",
                    name(rule),
                    name(role)
                );
                found.cell(
                    "rule_owner_without_person",
                    "roles",
                    role,
                    "person",
                    sentence,
                );
            }
            Some(_) => {}
        }
    }
    if found.answers.date("policy_date").is_some() && !found.answers.yes("policy_published") {
        found.question(
            "policy_not_published",
            "policy_published",
            "基本方針は定めましたが、まだ公開していません。ウェブサイトに載せるなどしてください。",
        );
    }
}

fn measures(found: &mut Findings<'_>, today: Date) {
    for measure in found.rows("plan") {
        let open = !matches!(measure.text("state"), Some("done" | "dropped"));
        if let Some(due) = measure.date("due").filter(|due| open && *due < today) {
            let sentence = format!(
                "{}の期限（{}）が過ぎています。済んだなら状況を直し、まだなら新しい期限を決めてください。",
                name(measure),
                date_long(due)
            );
            found.cell("measure_overdue", "plan", measure, "due", sentence);
        }
    }
}

fn partners(found: &mut Findings<'_>) {
    for partner in found.rows("partners") {
        let entrusted =
            partner.text("kind") == Some("contractor") && partner.text("entrusted").is_some();
        if entrusted && !partner.yes("confidentiality") {
            let sentence = format!(
                "委託先{}と秘密保持の約束がありません。契約書か覚書を交わしてください。",
                name(partner)
            );
            found.cell(
                "contractor_without_secrecy",
                "partners",
                partner,
                "confidentiality",
                sentence,
            );
        }
    }
}

fn risks(found: &mut Findings<'_>) {
    let bands = bands(found.answers);
    for asset in found.rows("assets") {
        let risk = assess(asset, ONE_TO_THREE).risk;
        if let Some(risk) = risk.filter(|risk| band(*risk, bands) == Band::High) {
            let sentence = format!(
                "{}のリスク値が{risk}で、受け入れない範囲にあります。対策を決めて計画に入れてください。",
                name(asset)
            );
            found.cell("risk_not_accepted", "assets", asset, "measures", sentence);
        }
    }
}
