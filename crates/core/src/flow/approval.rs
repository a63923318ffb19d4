//! 承認: the secretariat proposes, the sponsor decides, and never the same person.

use super::advance::Draft;
use super::asking::WAITS_FOR_CORRECTION;
use super::case::{Approval, ApprovalState};
use super::event::Actor;
use super::refusal::Refusal;
use super::transition::{current_of, must_be_eligible, required};
use crate::capacity::PlaceState;
use crate::program::flow::StepKind;
use crate::program::{Milestone, Role};

/// Puts the case before the sponsor.
pub(super) fn propose(draft: &mut Draft<'_>, actor: &Actor, note: &str) -> Result<(), Refusal> {
    let step = current_of(draft, &[StepKind::Approval])?;
    if draft.case.correction.is_some() {
        return Err(Refusal::new(
            WAITS_FOR_CORRECTION,
            "申込内容の訂正をお願いしているところです。回答を待ってから、承認を依頼してください。",
        ));
    }
    let number = match &draft.case.approval {
        Some(approval) if approval.state == ApprovalState::Proposed => {
            return Err(Refusal::new(
                "already_proposed",
                "すでに承認を依頼しています。東京都の判断をお待ちください。",
            ));
        }
        Some(approval) if approval.state == ApprovalState::SentBack => {
            required(note, "質問への回答")?;
            approval.number + 1
        }
        Some(approval) => approval.number + 1,
        None => 1,
    };
    must_be_eligible(draft)?;
    if !has_place(draft) {
        return Err(Refusal::new(
            "no_place",
            "枠を取っているコースがありません。枠が空いてご案内し、お返事をいただいてから依頼してください。",
        ));
    }
    draft.case.approval = Some(Approval {
        number,
        proposed_by: actor.name(),
        proposed_at: draft.ctx.now,
        note: note.to_owned(),
        state: ApprovalState::Proposed,
        question: None,
        decided_by: None,
        decided_at: None,
    });
    draft.target(step, Role::Sponsor)
}

pub(super) fn approve(draft: &mut Draft<'_>, actor: &Actor) -> Result<(), Refusal> {
    if draft.case.correction.is_some() {
        return Err(Refusal::new(
            WAITS_FOR_CORRECTION,
            "申込内容の訂正をお願いしているところです。回答を待ってから、承認してください。",
        ));
    }
    let step = current_of(draft, &[StepKind::Approval])?;
    let now = draft.ctx.now;
    let approval = proposed(draft, actor)?;
    approval.state = ApprovalState::Approved;
    approval.decided_by = Some(actor.name());
    approval.decided_at = Some(now);
    must_be_eligible(draft)?;
    draft.finish(step)
}

/// Sends it back with a question; the sponsor's clock stops and the secretariat's begins.
pub(super) fn send_back(
    draft: &mut Draft<'_>,
    actor: &Actor,
    question: &str,
) -> Result<(), Refusal> {
    required(question, "質問")?;
    let step = current_of(draft, &[StepKind::Approval])?;
    let now = draft.ctx.now;
    let approval = proposed(draft, actor)?;
    approval.state = ApprovalState::SentBack;
    approval.question = Some(question.to_owned());
    approval.decided_by = Some(actor.name());
    approval.decided_at = Some(now);
    draft.target(step, Role::Secretariat)
}

/// The open proposal, if this person may decide it.
fn proposed<'a>(draft: &'a mut Draft<'_>, actor: &Actor) -> Result<&'a mut Approval, Refusal> {
    let name = actor.name();
    match &mut draft.case.approval {
        Some(approval) if approval.state == ApprovalState::Proposed => {
            if approval.proposed_by == name {
                return Err(Refusal::new(
                    "own_proposal",
                    "ご自分が依頼した承認は、ご自分では判断できません。ほかの方が判断してください。",
                ));
            }
            Ok(approval)
        }
        _ => Err(Refusal::new(
            "not_proposed",
            "承認の依頼がありません。取り下げられたか、すでに判断されています。",
        )),
    }
}

/// Whether some course has its place, as far as places are taken before the approval.
pub(super) fn has_place(draft: &Draft<'_>) -> bool {
    draft.case.live_courses().iter().any(|id| {
        let held = draft.case.places.get(id) == Some(&PlaceState::Held);
        let course = draft.ctx.program.course(id);
        held || course.is_some_and(|course| course.capacity.taken_at >= Milestone::Approved)
    })
}
