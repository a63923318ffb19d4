//! Where else a case stands: its screening, the list on which Tokyo has it, the waiting list, and what comes next there.

use sonae_core::access::Action;
use sonae_core::capacity::PlaceState;
use sonae_core::flow::{ApprovalState, Status};
use sonae_db::Tx;
use sonae_store::{StoreError, approval};

use super::open::{self, Opened};
use super::way::Way;
use super::{courses, duplicates, screening};

/// A page about the case, for whoever may open it.
pub(super) struct Link {
    pub label: String,
    pub href: String,
}

/// The list of the case's last proposal; none when it was never proposed, [`ALONE`] when it stands on no list.
pub(super) fn list_of(tx: &mut Tx, opened: &Opened) -> Result<Option<String>, StoreError> {
    if opened.stored.case.approval.is_none() {
        return Ok(None);
    }
    let proposals = approval::of_application(tx, &opened.stored.application_id)?;
    let last = proposals.into_iter().next_back();
    Ok(last.map(|last| last.list_id.unwrap_or_else(|| ALONE.to_owned())))
}

/// The name of what waits without a list, in addresses.
const ALONE: &str = "alone";

/// Every page on which the case stands.
pub(super) fn links(opened: &Opened, list: Option<&str>) -> Vec<Link> {
    let number = &opened.stored.receipt_number;
    let mut links: Vec<Link> = Vec::new();
    let mut add = |action: Action, label: &str, href: String| {
        if may(opened, action) {
            let label = label.to_owned();
            links.push(Link { label, href });
        }
    };
    let of = |way: &Way| (way.action, way.href(number));
    let (action, href) = of(&screening::SCREENING);
    add(action, "要件の確認", href);
    let (action, href) = of(&duplicates::DUPLICATES);
    add(action, "重複と過去の支援", href);
    if opened.stored.case.status != Status::Open {
        add(
            Action::ReadPapers,
            "文書",
            format!("{}/papers", opened.href()),
        );
    }
    add(
        Action::ManageSources,
        "機器",
        format!("{}/devices", opened.href()),
    );
    add(
        Action::ReadDetections,
        "検知",
        format!("{}/detections", opened.href()),
    );
    if courses::decides(opened) {
        let (action, href) = of(&courses::COURSES);
        add(action, "コースの検討", href);
    }
    if let Some(list) = list {
        let href = format!("/office/approvals/{list}#case-{number}");
        add(Action::ReadApprovals, "承認の一覧", href);
    }
    for (course, state) in &opened.stored.case.places {
        if matches!(state, PlaceState::Waiting | PlaceState::Offered) {
            let label = format!("順番待ち：{}", opened.words().course(course));
            let program = &opened.stored.program_id;
            let href = format!("/office/waiting/{program}/{course}#case-{number}");
            add(Action::ManageWaitingList, &label, href);
        }
    }
    links
}

/// What is to be done next about the case on a page of the approvals.
pub(super) fn approval(opened: &Opened, list: Option<&str>) -> Option<(&'static str, String)> {
    let approval = opened.stored.case.approval.as_ref();
    let number = &opened.stored.receipt_number;
    let on_list = |list: &str| format!("/office/approvals/{list}#case-{number}");
    match approval.map(|approval| approval.state) {
        Some(ApprovalState::Proposed) => Some(("一覧で比べて、承認を判断する", on_list(list?))),
        Some(ApprovalState::SentBack) => {
            Some(("東京都の質問に答えて、改めて依頼する", on_list(list?)))
        }
        None | Some(ApprovalState::Invalid | ApprovalState::Approved) => {
            let href = format!("/office/approvals#case-{number}");
            Some(("東京都に承認を依頼する", href))
        }
    }
}

fn may(opened: &Opened, action: Action) -> bool {
    let access = open::access(&opened.staff, &opened.stored);
    opened.staff.may(action, access).is_ok()
}
