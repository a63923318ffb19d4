//! THE state machine: one function from a case and an event to the case afterwards.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::advance::Draft;
use super::case::{ApprovalState, Case, Status, is_running};
use super::event::{Actor, Event};
use super::permit::permit;
use super::refusal::Refusal;
use super::{approval, asking, places, work};
use crate::application::show::Change;
use crate::calendar::Calendar;
use crate::capacity::{PlaceState, Tally};
use crate::clock::Clock;
use crate::eligibility::{Eligibility, Outcome, Verdict};
use crate::program::flow::{Step, StepKind};
use crate::program::{Id, Milestone, Program};

/// What a transition may look at besides the case.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub program: &'a Program,
    pub calendar: &'a Calendar,
    pub now: Timestamp,
    /// The rules over the answers as they are after the event, without people's judgements.
    pub verdict: &'a Verdict,
    /// What each course has handed out, this case included.
    pub tallies: &'a BTreeMap<Id, Tally>,
    /// Courses in which this case is the next to be offered a place.
    pub first_waiting: &'a BTreeSet<Id>,
    /// Names of the answers that the event changes; for `Corrected` only.
    pub changed: &'a [String],
    /// The same as people read it, for the company to be told.
    pub changes: &'a [Change],
}

/// What is to be written in the same transaction besides the case and its clocks.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A mail of the programme to the company.
    Mail {
        mail: Id,
        /// Fills the placeholder `reason`.
        reason: String,
        /// Fills the placeholder `due_date`.
        due: Option<Date>,
    },
    /// A mail in the office's own words.
    Message { subject: String, text: String },
    /// A place changes hands.
    Place {
        course: Id,
        from: PlaceState,
        to: PlaceState,
    },
}

/// An event that was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    pub case: Case,
    pub effects: Vec<Effect>,
}

/// A new case at its receipt. `places` are those the arrival was given.
///
/// The auto-reply is the receipt's own matter and no effect of this.
#[must_use]
pub fn received(
    program: &Program,
    calendar: &Calendar,
    places: &BTreeMap<Id, PlaceState>,
    at: Timestamp,
) -> Move {
    let order = program.courses().iter().map(|course| &course.id);
    let case = Case {
        status: Status::Open,
        version: 0,
        assignee: None,
        expert: None,
        steps: BTreeMap::new(),
        milestones: BTreeMap::new(),
        courses: order
            .filter(|id| places.contains_key(*id))
            .cloned()
            .collect(),
        correction: None,
        approval: None,
        judgements: BTreeMap::new(),
        compared: BTreeMap::new(),
        diagnosis: BTreeMap::new(),
        course_proposal: None,
        questionnaire: BTreeMap::new(),
        ran_out: BTreeMap::new(),
        link_version: 0,
        places: places.clone(),
        clocks: BTreeMap::new(),
    };
    let verdict = Verdict {
        verdict: Eligibility::NeedsJudgement,
        revision: program.revision.clone(),
        findings: Vec::new(),
    };
    let ctx = Context {
        program,
        calendar,
        now: at,
        verdict: &verdict,
        tallies: &BTreeMap::new(),
        first_waiting: &BTreeSet::new(),
        changed: &[],
        changes: &[],
    };
    let before = case.clone();
    let mut draft = Draft {
        ctx: &ctx,
        case,
        effects: Vec::new(),
    };
    // Nothing can be refused at the receipt but a date beyond the calendar, and an application is taken all the same.
    let first = program
        .definition
        .flow
        .step
        .iter()
        .find(|step| step.after.is_empty());
    let begun = first.map(|step| draft.open(step).and_then(|()| draft.finish(step)));
    if !matches!(begun, Some(Ok(()))) {
        draft.case = before;
    }
    draft.case.clocks.retain(|_, clock| is_running(clock));
    Move {
        case: draft.case,
        effects: draft.effects,
    }
}

/// Applies one event.
///
/// # Errors
/// Why it is refused, as a sentence for whoever tried; nothing is changed then.
pub fn transition(
    ctx: &Context<'_>,
    case: &Case,
    event: &Event,
    actor: &Actor,
) -> Result<Move, Refusal> {
    permit(actor, event)?;
    let mut draft = Draft {
        ctx,
        case: case.clone(),
        effects: Vec::new(),
    };
    alive(case, event)?;
    apply(&mut draft, event, actor)?;
    draft.case.version += 1;
    Ok(Move {
        case: draft.case,
        effects: draft.effects,
    })
}

/// What a closed or confirmed case still takes.
fn alive(case: &Case, event: &Event) -> Result<(), Refusal> {
    let always = matches!(
        event,
        Event::Noted { .. }
            | Event::Messaged { .. }
            | Event::Contacted { .. }
            | Event::Assigned { .. }
            | Event::CompaniesCompared { .. }
            | Event::LinkRenewed { .. }
    );
    let confirmed = matches!(
        event,
        Event::Withdrawn { .. }
            | Event::Excluded { .. }
            | Event::CourseWithdrawn { .. }
            | Event::ExpertAssigned { .. }
            | Event::Offered { .. }
            | Event::OfferAccepted { .. }
            | Event::OfferDeclined { .. }
            | Event::OfferLapsed { .. }
            | Event::Moved { .. }
    );
    let fits = match case.status {
        Status::Open => !matches!(event, Event::Reopened { .. }),
        Status::Confirmed => always || confirmed,
        _ => always || matches!(event, Event::Reopened { .. }),
    };
    if fits {
        return Ok(());
    }
    Err(Refusal::new(
        "not_open",
        format!(
            "このお申込みは「{}」になっているため、この操作はできません。",
            case.status.label()
        ),
    ))
}

fn apply(draft: &mut Draft<'_>, event: &Event, actor: &Actor) -> Result<(), Refusal> {
    match event {
        Event::Contacted {
            channel, outcome, ..
        } => work::contacted(draft, actor, *channel, *outcome),
        Event::Assigned { to } => {
            draft.case.assignee.clone_from(to);
            Ok(())
        }
        Event::ExpertAssigned { to } => {
            draft.case.expert.clone_from(to);
            Ok(())
        }
        Event::Noted { text } => required(text, "メモ"),
        Event::Messaged { subject, text } => work::messaged(draft, actor, subject, text),
        Event::CorrectionRequested { message, fields } => asking::request(draft, message, fields),
        Event::CorrectionCancelled { reason } => {
            required(reason, "理由")?;
            asking::end(draft)
        }
        Event::Corrected { reason, .. } => asking::corrected(draft, actor, reason),
        Event::Agreed { .. } => work::finish_kind(draft, &[StepKind::Agreement]),
        Event::Judged { rule, met, reason } => work::judged(draft, actor, rule, *met, reason),
        Event::CompaniesCompared { with, same, reason } => {
            work::compared(draft, actor, with, *same, reason)
        }
        Event::Screened { .. } => work::screened(draft),
        Event::Diagnosed { record, done } => work::diagnosed(draft, record, *done),
        Event::CoursesProposed { courses, reason } => {
            work::courses_proposed(draft, courses, reason)
        }
        Event::CoursesDecided { courses, reason } => work::courses_decided(draft, courses, reason),
        Event::Proposed { note } => approval::propose(draft, actor, note),
        Event::Approved {} => approval::approve(draft, actor),
        Event::SentBack { question } => approval::send_back(draft, actor, question),
        Event::QuestionnaireAnswered { answers } => work::questionnaire(draft, answers),
        Event::Declined { reason, clause } => {
            required(clause, "条項")?;
            work::close(draft, Status::Declined, reason)
        }
        Event::Excluded { reason, clause } => {
            required(clause, "条項")?;
            work::close(draft, Status::Excluded, reason)
        }
        Event::Withdrawn { reason } => work::withdrawn(draft, actor, reason),
        Event::CourseWithdrawn { course, reason } => work::course_withdrawn(draft, course, reason),
        Event::Offered { course, reason } => places::offer(draft, actor, course, reason),
        Event::OfferAccepted { course } => places::accept(draft, course),
        Event::OfferDeclined { course } => places::give_up(draft, course),
        Event::OfferLapsed { course } => work::offer_lapsed(draft, course),
        Event::Reopened { reason } => work::reopened(draft, reason),
        Event::ClockRanOut { clock } => asking::ran_out(draft, clock),
        Event::Moved { reason, .. } => work::moved(draft, reason),
        // The caller gives the new verdict; what people decided on a rule stays, as the answers it was about do.
        Event::Rechecked { reason } => required(reason, "理由"),
        Event::LinkRenewed { reason } => {
            required(reason, "理由")?;
            draft.case.link_version += 1;
            draft.effects.push(Effect::Mail {
                mail: "private_link".to_owned(),
                reason: String::new(),
                due: None,
            });
            Ok(())
        }
    }
}

/// A text that must not be empty.
pub(super) fn required(text: &str, noun: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(
            "required",
            format!("{noun}をご記入ください。"),
        ));
    }
    Ok(())
}

/// The current step, when it is of one of these kinds.
pub(super) fn current_of<'a>(draft: &Draft<'a>, kinds: &[StepKind]) -> Result<&'a Step, Refusal> {
    let step = draft.case.current(draft.ctx.program);
    if let Some(step) = step.filter(|step| kinds.contains(&step.kind)) {
        return Ok(step);
    }
    let at = step.map_or("なし", |step| step.title.as_str());
    Err(Refusal::new(
        "wrong_step",
        format!("今の段階は「{at}」です。この操作は、その段階ではできません。"),
    ))
}

/// The verdict with people's judgements on top, and the rules that still need one.
pub fn judged(verdict: &Verdict, case: &Case) -> (Eligibility, Vec<Id>) {
    let outcome = |finding: &crate::eligibility::Finding| match finding.outcome {
        Outcome::NeedsJudgement => (case.judgements.get(&finding.rule))
            .map_or(Outcome::NeedsJudgement, |judgement| judgement.outcome),
        decided => decided,
    };
    let open = (verdict.findings.iter())
        .filter(|finding| outcome(finding) == Outcome::NeedsJudgement)
        .map(|finding| finding.rule.clone());
    let open: Vec<Id> = open.collect();
    let refused = (verdict.findings.iter()).any(|finding| outcome(finding) == Outcome::NotMet);
    let overall = match (refused, open.is_empty()) {
        (true, _) => Eligibility::Ineligible,
        (false, false) => Eligibility::NeedsJudgement,
        (false, true) => Eligibility::Eligible,
    };
    (overall, open)
}

/// # Errors
/// The conditions are not (all) met; says what to do first.
pub(super) fn must_be_eligible(draft: &Draft<'_>) -> Result<(), Refusal> {
    match judged(draft.ctx.verdict, &draft.case) {
        (Eligibility::Eligible, _) => Ok(()),
        (Eligibility::NeedsJudgement, open) => Err(Refusal::new(
            "needs_judgement",
            format!(
                "人の判断が必要な要件が{}つ残っています。判断と理由を先に記録してください。",
                open.len()
            ),
        )),
        (Eligibility::Ineligible, _) => Err(Refusal::new(
            "ineligible",
            "満たしていない要件があります。訂正をお願いするか、お断りしてください。",
        )),
    }
}

/// What was proposed or approved is no longer what stands: the record stays and the approval is asked for again.
pub(super) fn invalidate_approval(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let valid = |state| matches!(state, ApprovalState::Proposed | ApprovalState::Approved);
    match &mut draft.case.approval {
        Some(approval) if valid(approval.state) => approval.state = ApprovalState::Invalid,
        _ => return Ok(()),
    }
    draft.case.milestones.remove(&Milestone::Approved);
    let program = draft.ctx.program;
    let steps = &program.definition.flow.step;
    let Some(step) = steps.iter().find(|step| step.kind == StepKind::Approval) else {
        return Ok(());
    };
    // What was opened by the approval is closed again; it opens anew with the next one.
    let later: Vec<&Step> = steps
        .iter()
        .filter(|later| later.id != step.id && draft.case.is_open(&later.id))
        .collect();
    for open in later {
        draft.case.steps.remove(&open.id);
        let clocks = open
            .clock
            .iter()
            .cloned()
            .chain([format!("target.{}", open.id)]);
        for clock in clocks.collect::<Vec<_>>() {
            for id in [
                clock.clone(),
                format!("remind.{clock}"),
                format!("phone.{clock}"),
            ] {
                draft.case.clocks.remove(&id);
            }
        }
    }
    draft.open(step)
}

/// A clock of the case by id.
pub(super) fn clock<'a>(draft: &'a Draft<'_>, id: &str) -> Option<&'a Clock> {
    draft.case.clocks.get(id)
}
