//! The office's and the company's work on a case, event by event.

use std::collections::BTreeMap;

use super::advance::Draft;
use super::asking::WAITS_FOR_CORRECTION;
use super::case::{Case, Compared, Judgement, Status};
use super::event::{Actor, Channel, ContactOutcome};
use super::refusal::Refusal;
use super::transition::{Effect, current_of, invalidate_approval, must_be_eligible, required};
use super::{approval, places};
use crate::access::StaffRole;
use crate::application::answers::ExtraAnswer;
use crate::eligibility::Outcome;
use crate::program::flow::{Step, StepKind};
use crate::program::support::Asked;
use crate::program::{Id, Milestone, Role};
use crate::receipt_number;

/// After a call without an answer to what was asked, the company gets this many business days more.
const AFTER_A_CALL: u32 = 3;

/// An attempt to reach the company ends the step that waits for it, and a call that was due.
pub(super) fn contacted(
    draft: &mut Draft<'_>,
    actor: &Actor,
    channel: Channel,
    outcome: ContactOutcome,
) -> Result<(), Refusal> {
    // A call that was made is done, whoever answered; what was asked for is waited for again.
    let calls: Vec<String> = (draft.case.clocks.keys())
        .filter(|id| id.starts_with("phone.") && draft.runs(id))
        .cloned()
        .collect();
    for call in calls {
        draft.stop(&call);
        let waiting = call.replacen("phone.", "remind.", 1);
        draft.start(waiting, AFTER_A_CALL, Role::Company, true)?;
    }
    // With a case that is no longer open people still speak; nothing moves by it.
    let spoken = outcome == ContactOutcome::Reached || channel == Channel::Mail;
    if !spoken || draft.case.status != Status::Open {
        return Ok(());
    }
    let by_expert = matches!(
        actor,
        Actor::Staff {
            role: StaffRole::Expert,
            ..
        }
    );
    let step = draft.case.current(draft.ctx.program);
    let ends = step.filter(|step| match step.kind {
        StepKind::Contact => !by_expert,
        StepKind::ExpertContact => by_expert,
        _ => false,
    });
    match ends {
        Some(step) if draft.case.correction.is_none() => draft.finish(step),
        Some(step) => promised_contact_made(draft, step),
        None => waiting_was_told(draft),
    }
}

/// The company was reached while a correction is awaited: what was promised within days is done, the step itself goes on afterwards.
fn promised_contact_made(draft: &mut Draft<'_>, step: &Step) -> Result<(), Refusal> {
    match &step.clock {
        Some(clock) if draft.runs(clock) => {
            draft.stop(clock);
            draft.target(step, step.owner)
        }
        _ => Ok(()),
    }
}

/// A company that waits for a place was told how things stand; the next time is counted from now.
fn waiting_was_told(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let step = draft.case.current(draft.ctx.program);
    match step.filter(|step| step.kind == StepKind::Approval) {
        Some(step) if draft.case.correction.is_none() && !approval::has_place(draft) => {
            draft.target(step, Role::Secretariat)
        }
        _ => Ok(()),
    }
}

/// From the office it leaves as a mail; from the company it stands on the timeline.
pub(super) fn messaged(
    draft: &mut Draft<'_>,
    actor: &Actor,
    subject: &str,
    text: &str,
) -> Result<(), Refusal> {
    required(text, "本文")?;
    if matches!(actor, Actor::Staff { .. }) {
        required(subject, "件名")?;
        draft.effects.push(Effect::Message {
            subject: subject.to_owned(),
            text: text.to_owned(),
        });
    }
    Ok(())
}

/// Finishes the current step when it is of one of these kinds.
pub(super) fn finish_kind(draft: &mut Draft<'_>, kinds: &[StepKind]) -> Result<(), Refusal> {
    no_correction(draft)?;
    let step = current_of(draft, kinds)?;
    draft.finish(step)
}

/// 人の判断 on one rule.
pub(super) fn judged(
    draft: &mut Draft<'_>,
    actor: &Actor,
    rule: &str,
    met: bool,
    reason: &str,
) -> Result<(), Refusal> {
    required(reason, "判断の理由")?;
    let finding = (draft.ctx.verdict.findings.iter()).find(|finding| finding.rule == rule);
    if finding.is_none_or(|finding| finding.outcome != Outcome::NeedsJudgement) {
        return Err(Refusal::new(
            "not_open_to_judgement",
            "この要件は、人の判断を求めていません。",
        ));
    }
    let outcome = match met {
        true => Outcome::Met,
        false => Outcome::NotMet,
    };
    let judgement = Judgement {
        outcome,
        reason: reason.to_owned(),
        by: actor.name(),
        at: draft.ctx.now,
    };
    let before = draft.case.judgements.insert(rule.to_owned(), judgement);
    match before {
        Some(before) if before.outcome != outcome => invalidate_approval(draft),
        _ => Ok(()),
    }
}

/// The most others that one case is compared with.
const MOST_COMPARED: usize = 200;

/// 同じ企業かどうか, by a person. What it means for the conditions is in the verdict that the caller gives.
pub(super) fn compared(
    draft: &mut Draft<'_>,
    actor: &Actor,
    with: &str,
    same: bool,
    reason: &str,
) -> Result<(), Refusal> {
    required(reason, "判断の理由")?;
    let record = with.strip_prefix("record:").is_some_and(|id| {
        let hex = |c: char| c == '-' || c.is_ascii_hexdigit();
        (1..=36).contains(&id.len()) && id.chars().all(hex)
    });
    if !record && receipt_number::read(with).is_none() {
        return Err(Refusal::new(
            "unknown_company",
            "比べる相手がわかりません。重複の画面から、もう一度お選びください。",
        ));
    }
    if draft.case.compared.len() >= MOST_COMPARED && !draft.case.compared.contains_key(with) {
        return Err(Refusal::new(
            "too_many",
            "このお申込みについての判断が多すぎます。管理者にご相談ください。",
        ));
    }
    let compared = Compared {
        same,
        reason: reason.to_owned(),
        by: actor.name(),
        at: draft.ctx.now,
    };
    draft.case.compared.insert(with.to_owned(), compared);
    Ok(())
}

pub(super) fn screened(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    no_correction(draft)?;
    let step = current_of(draft, &[StepKind::Screening])?;
    must_be_eligible(draft)?;
    draft.finish(step)
}

pub(super) fn diagnosed(
    draft: &mut Draft<'_>,
    record: &BTreeMap<Id, ExtraAnswer>,
    done: bool,
) -> Result<(), Refusal> {
    let asked = &draft.ctx.program.definition.support.diagnosis;
    let (empty, given): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (record.clone().into_iter()).partition(|(_, answer)| is_empty(answer));
    known(asked, &given)?;
    for id in empty.keys() {
        draft.case.diagnosis.remove(id);
    }
    draft.case.diagnosis.extend(given);
    if !done {
        return Ok(());
    }
    no_correction(draft)?;
    let step = current_of(draft, &[StepKind::Diagnosis])?;
    complete(asked, &draft.case.diagnosis)?;
    draft.finish(step)
}

pub(super) fn courses_proposed(
    draft: &mut Draft<'_>,
    courses: &[Id],
    reason: &str,
) -> Result<(), Refusal> {
    required(reason, "案の理由")?;
    let live = draft.case.live_courses();
    if courses.is_empty() || !courses.iter().all(|course| live.contains(course)) {
        return Err(Refusal::new(
            "unknown_course",
            "お申込みのコースの中から、1つ以上お選びください。",
        ));
    }
    draft.case.course_proposal = Some((courses.to_vec(), reason.to_owned()));
    Ok(())
}

/// コースの決定; places of courses not chosen go back.
pub(super) fn courses_decided(
    draft: &mut Draft<'_>,
    courses: &[Id],
    reason: &str,
) -> Result<(), Refusal> {
    required(reason, "決定の理由")?;
    no_correction(draft)?;
    let step = current_of(draft, &[StepKind::CourseDecision])?;
    places::decide(draft, courses)?;
    draft.finish(step)
}

pub(super) fn questionnaire(
    draft: &mut Draft<'_>,
    answers: &BTreeMap<Id, ExtraAnswer>,
) -> Result<(), Refusal> {
    let asked = &draft.ctx.program.definition.support.questionnaire;
    let step = current_of(draft, &[StepKind::Questionnaire])?;
    no_correction(draft)?;
    known(asked, answers)?;
    complete(asked, answers)?;
    draft.case.questionnaire.clone_from(answers);
    draft.finish(step)
}

/// Closes a case by the office's decision; the company gets the reason.
pub(super) fn close(draft: &mut Draft<'_>, status: Status, reason: &str) -> Result<(), Refusal> {
    required(reason, "理由")?;
    places::close(draft, status);
    draft.effects.push(Effect::Mail {
        mail: "declined".to_owned(),
        reason: reason.to_owned(),
        due: None,
    });
    Ok(())
}

pub(super) fn withdrawn(draft: &mut Draft<'_>, actor: &Actor, reason: &str) -> Result<(), Refusal> {
    if matches!(actor, Actor::Staff { .. }) {
        required(reason, "どなたから、どのように取下げの連絡があったか")?;
    }
    places::close(draft, Status::Withdrawn);
    draft.effects.push(Effect::Mail {
        mail: "withdrawn".to_owned(),
        reason: reason.to_owned(),
        due: None,
    });
    Ok(())
}

/// One of several courses is given up. What was approved stands for the others, as long as one of them has its place.
pub(super) fn course_withdrawn(
    draft: &mut Draft<'_>,
    course: &str,
    reason: &str,
) -> Result<(), Refusal> {
    required(reason, "どなたから、どのように連絡があったか")?;
    places::withdraw_one(draft, course)?;
    let names_it = |(courses, _): &(Vec<Id>, String)| courses.iter().any(|id| id == course);
    if draft.case.course_proposal.as_ref().is_some_and(names_it) {
        draft.case.course_proposal = None;
    }
    if draft.case.status == Status::Open && !approval::has_place(draft) {
        invalidate_approval(draft)?;
    }
    let title = draft.ctx.program.course(course);
    draft.effects.push(Effect::Mail {
        mail: "course_withdrawn".to_owned(),
        reason: title.map_or_else(|| course.to_owned(), |course| course.title.clone()),
        due: None,
    });
    draft.advance()
}

pub(super) fn offer_lapsed(draft: &mut Draft<'_>, course: &str) -> Result<(), Refusal> {
    let clock = draft.case.clocks.get(&format!("offer.{course}"));
    if clock.is_none_or(|clock| draft.ctx.now < clock.due_at) {
        return Err(Refusal::new(
            "not_due",
            "ご案内の期日は、まだ過ぎていません。",
        ));
    }
    places::give_up(draft, course)?;
    draft.effects.push(Effect::Mail {
        mail: "place_lapsed".to_owned(),
        reason: String::new(),
        due: None,
    });
    Ok(())
}

/// Takes a closed case up again at the step where it stood. One that was confirmed before is approved and confirmed anew.
pub(super) fn reopened(draft: &mut Draft<'_>, reason: &str) -> Result<(), Refusal> {
    required(reason, "理由")?;
    draft.case.status = Status::Open;
    places::queue_again(draft);
    let program = draft.ctx.program;
    if draft
        .case
        .milestones
        .remove(&Milestone::Confirmed)
        .is_some()
    {
        let steps = program.definition.flow.step.iter();
        for step in steps.filter(|step| step.reaches == Some(Milestone::Confirmed)) {
            draft.case.steps.remove(&step.id);
        }
    }
    invalidate_approval(draft)?;
    draft.advance()?;
    let Some(step) = draft.case.current(program) else {
        return Err(Refusal::new(
            "dead_end",
            "このお申込みには、続きの段階がありません。新しくお申し込みいただいてください。",
        ));
    };
    if draft.case.due().is_none() {
        let owner = draft.case.owner(program).unwrap_or(Role::Secretariat);
        draft.target(step, owner)?;
    }
    Ok(())
}

/// Another revision applies from now on: steps and dates follow it, what was done stays done.
pub(super) fn moved(draft: &mut Draft<'_>, reason: &str) -> Result<(), Refusal> {
    required(reason, "理由")?;
    let steps = &draft.ctx.program.definition.flow.step;
    let gone: Vec<Id> = (draft.case.steps.keys())
        .filter(|id| draft.case.is_open(id) && !steps.iter().any(|step| step.id == **id))
        .cloned()
        .collect();
    for id in gone {
        draft.case.steps.remove(&id);
        draft.stop(&format!("target.{id}"));
    }
    if draft.case.status == Status::Confirmed {
        return Ok(());
    }
    draft.advance()?;
    let program = draft.ctx.program;
    match draft.case.current(program) {
        Some(step) if draft.case.due().is_none() => {
            let owner = draft.case.owner(program).unwrap_or(Role::Secretariat);
            draft.target(step, owner)
        }
        Some(_) => Ok(()),
        None => Err(Refusal::new(
            "dead_end",
            "新しい版には、このお申込みが進む段階がありません。元の版のまま進めてください。",
        )),
    }
}

fn no_correction(draft: &Draft<'_>) -> Result<(), Refusal> {
    if draft.case.correction.is_none() {
        return Ok(());
    }
    Err(Refusal::new(
        WAITS_FOR_CORRECTION,
        "申込内容の訂正をお願いしているところです。回答を待つか、お願いを取り消してください。",
    ))
}

fn is_empty(answer: &ExtraAnswer) -> bool {
    matches!(answer, ExtraAnswer::Text(text) if text.is_empty())
}

fn known(asked: &[Asked], given: &BTreeMap<Id, ExtraAnswer>) -> Result<(), Refusal> {
    for (id, answer) in given {
        let question = asked.iter().find(|question| question.id == *id);
        if question.is_none_or(|question| !question.takes(answer)) {
            let label = question.map_or(id.as_str(), |question| question.label.as_str());
            return Err(Refusal::new(
                "bad_answer",
                format!("「{label}」の答えが正しい形ではありません。"),
            ));
        }
    }
    Ok(())
}

fn complete(asked: &[Asked], given: &BTreeMap<Id, ExtraAnswer>) -> Result<(), Refusal> {
    let missing = asked
        .iter()
        .find(|question| question.required && !given.contains_key(&question.id));
    match missing {
        None => Ok(()),
        Some(question) => Err(Refusal::new(
            "incomplete",
            format!("「{}」にお答えください。", question.label),
        )),
    }
}

impl Case {
    /// Whether the case is about this course in any way.
    pub fn has_course(&self, course: &str) -> bool {
        self.places.contains_key(course)
    }
}
