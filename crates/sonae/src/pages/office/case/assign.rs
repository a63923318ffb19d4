//! `…/take`, `…/assign` and `…/expert`: who works on a case.

use sonae_core::access::{Action, StaffRole};
use sonae_core::flow::{Event, Status};

use super::case_form::CaseForm;
use super::fields::Ask;
use super::open::Opened;
use super::way::{Group, Way};

/// The choice of nobody.
const NOBODY: &str = "-";

/// 自分が担当する, in one click.
pub(super) static TAKE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/take",
        label: "自分が担当する",
        key: "t",
        group: Group::People,
        action: Action::WorkCase,
        trials: |opened| {
            let hers = opened.stored.case.assignee.as_ref() == Some(&opened.staff.id);
            let take = Event::Assigned {
                to: Some(opened.staff.id.clone()),
            };
            // Nothing to take when it is hers already.
            if hers { Vec::new() } else { vec![take] }
        },
    },
    about: "この案件の担当を自分にします。今の担当の方には、一言お伝えください。",
    quiet: true,
    fields: |_| Vec::new(),
    event: |opened, _| Event::Assigned {
        to: Some(opened.staff.id.clone()),
    },
};

pub(super) static ASSIGN: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/assign",
        label: "事務局の担当を決める",
        key: "a",
        group: Group::People,
        action: Action::WorkCase,
        trials: |_| vec![Event::Assigned { to: None }],
    },
    about: "この案件を進める方を決めます。参加が確定したあとは、機器と検知を見る技術担当や、サポートセンターの方も選べます。企業には知らせません。",
    quiet: true,
    fields: |opened| {
        let now = opened.stored.case.assignee.as_deref();
        vec![person(opened, "担当", roles(opened), now)]
    },
    event: |_, values| Event::Assigned {
        to: chosen(&values.text("to")),
    },
};

pub(super) static EXPERT: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/expert",
        label: "担当の専門家を決める",
        key: "",
        group: Group::People,
        action: Action::WorkCase,
        trials: |_| vec![Event::ExpertAssigned { to: None }],
    },
    about: "専門家は、担当になった案件だけを見ることができます。担当を外すと、見ることができなくなります。",
    quiet: true,
    fields: |opened| {
        let now = opened.stored.case.expert.as_deref();
        vec![person(opened, "専門家", &[StaffRole::Expert], now)]
    },
    event: |_, values| Event::ExpertAssigned {
        to: chosen(&values.text("to")),
    },
};

/// Those who may work on a case: whoever serves participants sees confirmed cases only.
fn roles(opened: &Opened) -> &'static [StaffRole] {
    match opened.stored.case.status {
        Status::Confirmed => &[
            StaffRole::Secretariat,
            StaffRole::Technician,
            StaffRole::Desk,
        ],
        _ => &[StaffRole::Secretariat],
    }
}

fn person(opened: &Opened, label: &str, roles: &[StaffRole], now: Option<&str>) -> Ask {
    let people = opened.colleagues.iter();
    let name = |name: &str, role: StaffRole| match roles.len() {
        1 => name.to_owned(),
        _ => format!("{name}({})", role.label()),
    };
    let mut choices: Vec<(String, String)> = people
        .filter(|person| person.active && roles.contains(&person.role))
        .map(|person| (person.id.clone(), name(&person.name, person.role)))
        .collect();
    choices.sort_by(|one, other| one.1.cmp(&other.1));
    choices.push((NOBODY.to_owned(), "決めない(担当なし)".to_owned()));
    Ask::one("to", label, choices)
        .required()
        .filled(now.unwrap_or(NOBODY))
}

fn chosen(value: &str) -> Option<String> {
    (value != NOBODY).then(|| value.to_owned())
}
