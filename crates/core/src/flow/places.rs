//! What a case does to places: taking, offering, giving back. The numbers themselves are `capacity`'s.

use super::advance::Draft;
use super::case::Status;
use super::event::Actor;
use super::refusal::Refusal;
use super::transition::Effect;
use crate::capacity::{self, PlaceState, Tally};
use crate::program::flow::Step;
use crate::program::program::{Capacity, CapacityKind, WaitingList};
use crate::program::{Milestone, Role};

/// Business days an offer stays open where the programme names none.
const OFFER_BUSINESS_DAYS: u32 = 3;

/// Moves one place and says so to the store.
fn set(draft: &mut Draft<'_>, course: &str, to: PlaceState) {
    let from = draft.case.places.insert(course.to_owned(), to);
    let from = from.unwrap_or(PlaceState::Returned);
    if from != to {
        draft.effects.push(Effect::Place {
            course: course.to_owned(),
            from,
            to,
        });
    }
}

fn capacity<'a>(draft: &Draft<'a>, course: &str) -> Option<&'a Capacity> {
    draft
        .ctx
        .program
        .course(course)
        .map(|course| &course.capacity)
}

fn tally(draft: &Draft<'_>, course: &str) -> Tally {
    draft.ctx.tallies.get(course).copied().unwrap_or_default()
}

/// Takes the places that this dated event takes.
pub(super) fn taken_at(draft: &mut Draft<'_>, milestone: Milestone) -> Result<(), Refusal> {
    for course in draft.case.live_courses() {
        let Some(capacity) = capacity(draft, &course) else {
            continue;
        };
        let waits = draft.case.places.get(&course) == Some(&PlaceState::Waiting);
        if milestone == Milestone::Received || capacity.taken_at != milestone || !waits {
            continue;
        }
        if capacity::places_left(capacity, tally(draft, &course)) == 0 {
            return Err(Refusal::new(
                "no_place",
                "このコースの枠が残っていません。枠が空くのを待つか、ほかのコースをご相談ください。",
            ));
        }
        set(draft, &course, PlaceState::Held);
    }
    Ok(())
}

/// Offers a place to a case that waits.
pub(super) fn offer(
    draft: &mut Draft<'_>,
    actor: &Actor,
    course: &str,
    reason: &str,
) -> Result<(), Refusal> {
    let waits = draft.case.places.get(course) == Some(&PlaceState::Waiting);
    let Some(capacity) = capacity(draft, course).filter(|_| waits) else {
        return Err(Refusal::new(
            "not_waiting",
            "このコースの枠を待っていません。枠の状態をお確かめください。",
        ));
    };
    if !draft.case.milestones.contains_key(&capacity.taken_at) {
        return Err(Refusal::new(
            "too_early",
            "枠は、この後の手続きで決まります。手続きを先に進めてください。",
        ));
    }
    let by_person = matches!(actor, Actor::Staff { .. }) && !reason.is_empty();
    let left = capacity::places_left(capacity, tally(draft, course)) > 0;
    let beyond_target = capacity.kind == CapacityKind::Target && by_person;
    if !left && !beyond_target {
        let sentence = match capacity.kind {
            CapacityKind::Hard => "枠が残っていません。枠が空くのをお待ちください。",
            CapacityKind::Target => {
                "目安の数に達しています。目安を超えて受け入れる場合は、理由をご記入ください。"
            }
        };
        return Err(Refusal::new("no_place", sentence));
    }
    if !draft.ctx.first_waiting.contains(course) && !by_person {
        return Err(Refusal::new(
            "out_of_order",
            "先に待っている企業があります。順番を変える場合は、理由をご記入ください。",
        ));
    }
    let days = match capacity.waiting_list {
        WaitingList::Open {
            offer_business_days,
            ..
        } => offer_business_days,
        WaitingList::Closed => OFFER_BUSINESS_DAYS,
    };
    set(draft, course, PlaceState::Offered);
    let clock = format!("offer.{course}");
    draft.start(clock.clone(), days, Role::Company, false)?;
    let due = draft.case.clocks.get(&clock).map(|clock| clock.due_date());
    draft.effects.push(Effect::Mail {
        mail: "place_offered".to_owned(),
        reason: String::new(),
        due,
    });
    Ok(())
}

/// The company takes an offered place.
pub(super) fn accept(draft: &mut Draft<'_>, course: &str) -> Result<(), Refusal> {
    offered(draft, course)?;
    let first = !draft.case.holds_a_place();
    set(draft, course, PlaceState::Held);
    draft.stop(&format!("offer.{course}"));
    if !draft.case.courses.iter().any(|id| id == course) {
        draft.case.courses.push(course.to_owned());
    }
    // The office could not go on without a place: it has its days from now on.
    let step = draft.case.current(draft.ctx.program);
    let waited = |step: &&Step| first && draft.runs(&format!("target.{}", step.id));
    match step.filter(waited) {
        Some(step) if step.owner != Role::Company => {
            let owner = draft.case.owner(draft.ctx.program);
            draft.target(step, owner.unwrap_or(Role::Secretariat))
        }
        _ => Ok(()),
    }
}

/// An offered place goes back. Without any course left the case closes.
pub(super) fn give_up(draft: &mut Draft<'_>, course: &str) -> Result<(), Refusal> {
    offered(draft, course)?;
    set(draft, course, PlaceState::Returned);
    draft.stop(&format!("offer.{course}"));
    if draft.case.status == Status::Open && draft.case.live_courses().is_empty() {
        close(draft, Status::Lapsed);
        return Ok(());
    }
    draft.advance()
}

/// Takes one course out of a case that is about others as well: its place goes back, or its turn.
pub(super) fn withdraw_one(draft: &mut Draft<'_>, course: &str) -> Result<(), Refusal> {
    let gone = |state: &PlaceState| *state == PlaceState::Returned;
    if draft.case.places.get(course).is_none_or(gone) {
        return Err(Refusal::new(
            "unknown_course",
            "このコースは、今のお申込みの中にありません。コースの状態をお確かめください。",
        ));
    }
    let mut others = draft.case.courses.iter().filter(|id| *id != course);
    let kept = match draft.case.status {
        Status::Confirmed => others.any(|id| draft.case.places.get(id) == Some(&PlaceState::Held)),
        _ => others.any(|id| !draft.case.places.get(id).is_none_or(gone)),
    };
    if !kept {
        return Err(Refusal::new(
            "last_course",
            "ほかに残るコースがありません。お申込みの全体を取り下げてください。",
        ));
    }
    set(draft, course, PlaceState::Returned);
    draft.stop(&format!("offer.{course}"));
    draft.case.courses.retain(|id| id != course);
    Ok(())
}

fn offered(draft: &Draft<'_>, course: &str) -> Result<(), Refusal> {
    if draft.case.places.get(course) == Some(&PlaceState::Offered) {
        return Ok(());
    }
    Err(Refusal::new(
        "not_offered",
        "この枠のご案内は、今は有効ではありません。状況をもう一度ご覧ください。",
    ))
}

/// Closes a case: every place goes back, every clock stops.
pub(super) fn close(draft: &mut Draft<'_>, status: Status) {
    let courses: Vec<String> = draft.case.places.keys().cloned().collect();
    for course in courses {
        set(draft, &course, PlaceState::Returned);
    }
    draft.stop_all();
    draft.case.correction = None;
    draft.case.status = status;
}

/// The decided courses keep their places; other places held or offered go back, and a waiting position stays.
pub(super) fn decide(draft: &mut Draft<'_>, courses: &[String]) -> Result<(), Refusal> {
    let held = |course: &String| draft.case.places.get(course) == Some(&PlaceState::Held);
    if courses.is_empty() || !courses.iter().all(held) {
        return Err(Refusal::new(
            "no_place",
            "枠を取っているコースの中から、1つ以上お選びください。",
        ));
    }
    let before: Vec<(String, PlaceState)> = (draft
        .case
        .places
        .iter()
        .map(|(id, state)| (id.clone(), *state)))
    .collect();
    for (course, state) in before {
        if !courses.contains(&course) && matches!(state, PlaceState::Held | PlaceState::Offered) {
            set(draft, &course, PlaceState::Returned);
            draft.stop(&format!("offer.{course}"));
        }
    }
    let order = draft.ctx.program.courses().iter();
    draft.case.courses = order
        .map(|course| course.id.clone())
        .filter(|id| courses.contains(id))
        .collect();
    Ok(())
}

/// Takes a closed case's courses up again: a free place when nobody waits, else behind those who wait.
pub(super) fn queue_again(draft: &mut Draft<'_>) {
    for course in draft.case.courses.clone() {
        let Some(capacity) = capacity(draft, &course) else {
            continue;
        };
        let tally = tally(draft, &course);
        let free = capacity::places_left(capacity, tally) > 0 && tally.waiting == 0;
        let to = match free && capacity.taken_at == Milestone::Received {
            true => PlaceState::Held,
            false => PlaceState::Waiting,
        };
        set(draft, &course, to);
    }
}
