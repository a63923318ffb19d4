//! The contact tree: every role is reached from the first call, and everybody has a number.

use std::collections::BTreeSet;

use super::{Findings, name};
use crate::paper::answers::AnswerRow;

pub(super) fn check(found: &mut Findings<'_>) {
    let roles = found.rows("roles");
    let is_there = |role: &AnswerRow| {
        role.named("called_by")
            .is_some_and(|id| roles.iter().any(|other| other.id == id))
    };
    for role in roles {
        if role.named("called_by").is_some() && !is_there(role) {
            let sentence = format!(
                "{}に電話する役割がなくなっています。誰から電話を受けるかを選び直してください。",
                name(role)
            );
            found.cell("caller_is_gone", "roles", role, "called_by", sentence);
        }
        if let Some(person) = found
            .named("people", role, "person")
            .filter(|person| person.text("mobile").is_none())
        {
            let sentence = format!(
                "{}を担当する{}の緊急時の電話がありません。書いてください。",
                name(role),
                name(person)
            );
            found.cell("person_without_phone", "people", person, "mobile", sentence);
        }
    }
    let first: Vec<&AnswerRow> = roles
        .iter()
        .filter(|role| role.named("called_by").is_none())
        .collect();
    if let ([one, others @ ..], true) = (first.as_slice(), roles.len() > 1) {
        for role in others {
            let sentence = format!(
                "{}は誰からも電話を受けません。最初に電話をかけるのが{}なら、誰から受けるかを選んでください。",
                name(role),
                name(one)
            );
            found.cell("nobody_calls", "roles", role, "called_by", sentence);
        }
    }
    let reached = reached(roles, &first);
    for role in roles
        .iter()
        .filter(|role| is_there(role) && !reached.contains(role.id.as_str()))
    {
        let sentence = format!(
            "{}には連絡網がつながりません。電話の順が輪になっているか、途中で切れています。誰から電話を受けるかを直してください。",
            name(role)
        );
        found.cell("branch_not_reached", "roles", role, "called_by", sentence);
    }
}

/// The ids of all roles that a call from the first ones comes to.
fn reached<'a>(roles: &'a [AnswerRow], first: &[&'a AnswerRow]) -> BTreeSet<&'a str> {
    let mut reached: BTreeSet<&str> = BTreeSet::new();
    let mut open: Vec<&str> = first.iter().map(|role| role.id.as_str()).collect();
    while let Some(id) = open.pop() {
        if reached.insert(id) {
            open.extend(
                roles
                    .iter()
                    .filter(|role| role.named("called_by") == Some(id))
                    .map(|role| role.id.as_str()),
            );
        }
    }
    reached
}
