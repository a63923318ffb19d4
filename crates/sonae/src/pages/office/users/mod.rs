//! `/office/users`: who works in the office. For administrators.

mod invite;
mod list;
mod person;

use jiff::Timestamp;
use sonae_core::access::StaffRole;
use sonae_core::calendar::japanese;
use sonae_store::staff::Staff as Person;

use super::door::Door;
use crate::pages::public::field::{Choice, Choices};

/// Where the list stands.
const PATH: &str = "/office/users";

pub(super) fn routes(door: Door) -> Door {
    person::routes(invite::routes(list::routes(door)))
}

/// How a person stands, with the kind of its chip.
fn state_of(person: &Person, now: Timestamp) -> (&'static str, String) {
    match person.second_factor.locked_until {
        _ if !person.active => ("error", "停止中".to_owned()),
        Some(until) if until > now => (
            "warning",
            format!("ロック中({}まで)", japanese::moment(until)),
        ),
        _ if person.second_factor.secret.is_none() => ("neutral", "未登録".to_owned()),
        _ => ("success", "有効".to_owned()),
    }
}

/// The roles as radio buttons, each with what it is for.
pub(super) fn roles(chosen: Option<StaffRole>) -> Choices {
    let choice = |role: StaffRole| Choice {
        value: role.as_str().to_owned(),
        label: role.label().to_owned(),
        hint: Some(purpose(role).to_owned()),
        chosen: chosen == Some(role),
    };
    let mut roles = Choices::one(
        "role",
        "役割",
        StaffRole::ALL.into_iter().map(choice).collect(),
    );
    roles.part.required = true;
    roles
}

fn purpose(role: StaffRole) -> &'static str {
    match role {
        StaffRole::Secretariat => "申込の受付から参加の確定まで、すべての案件を扱います。",
        StaffRole::Sponsor => "すべての案件と数字を見て、参加を承認します。",
        StaffRole::Expert => "割り当てられた案件だけを見て、診断を記録します。",
        StaffRole::Technician => "参加が確定した、割り当てられた案件だけを見ます。",
        StaffRole::Desk => "参加が確定した、割り当てられた案件だけを見ます。",
        StaffRole::Admin => "利用者、連携、事業の定義を管理します。案件は見られません。",
    }
}
