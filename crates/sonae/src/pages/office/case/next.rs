//! The one thing that the step asks of whoever looks at the case, if it asks anything of her.

use sonae_core::access::StaffRole;
use sonae_core::program::Role;
use sonae_core::program::flow::StepKind;

use super::open::Opened;
use super::way::Way;
use super::{agreed, contact, courses, diagnosis, related, screening};

/// Its words and its address. `list` is where the case was proposed last.
pub(super) fn next(opened: &Opened, list: Option<&str>) -> Option<(&'static str, String)> {
    let case = &opened.stored.case;
    let owner = case.owner(opened.program())?;
    if !is_hers(opened.staff.role, owner) {
        return None;
    }
    let kind = case.current(opened.program())?.kind;
    let way: &Way = match kind {
        StepKind::Approval => return related::approval(opened, list),
        StepKind::Screening => &screening::SCREENING,
        StepKind::Diagnosis => &diagnosis::DIAGNOSIS.way,
        StepKind::CourseDecision => &courses::COURSES,
        StepKind::Agreement if opened.offers(&agreed::AGREED.way) => &agreed::AGREED.way,
        // Every other step of ours waits for a word with the company.
        _ => &contact::CONTACT.way,
    };
    let href = way.href(&opened.stored.receipt_number);
    opened.offers(way).then_some((way.label, href))
}

fn is_hers(role: StaffRole, owner: Role) -> bool {
    matches!(
        (role, owner),
        (StaffRole::Secretariat, Role::Secretariat)
            | (StaffRole::Sponsor, Role::Sponsor)
            | (StaffRole::Expert, Role::Expert)
    )
}
