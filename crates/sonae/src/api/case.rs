//! `GET /api/v1/cases/{receipt_number}`: one case as it stands. Reading it is logged as reading its page is.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use sonae_core::application::answers::{Answers, ExtraAnswer};
use sonae_core::audit::at_text;
use sonae_core::clock::{Clock, Phase};
use sonae_core::eligibility::{Eligibility, Outcome, Verdict};
use sonae_core::flow::Case;
use sonae_core::flow::case::ApprovalState;
use sonae_core::flow::transition::judged;
use sonae_core::program::{Milestone, Program, Role};
use sonae_core::receipt_number;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::case::{self, Stored};
use sonae_store::case_read::{self, Reading};

use super::address::Id;
use super::door::{Caller, no_case};
use super::problem::Problem;
use crate::app::App;
use crate::office::revisions;

/// A case with everything that is known of it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Case")]
pub struct CaseView {
    pub receipt_number: String,
    /// The programme's id.
    pub program: String,
    /// The revision it is judged by now.
    pub revision: String,
    #[schemars(extend("format" = "date-time"))]
    pub received_at: String,
    #[serde(flatten)]
    pub standing: Standing,
    /// Who works on it in the secretariat: an id of staff or of a token.
    pub assignee: Option<String>,
    pub expert: Option<String>,
    /// By course.
    pub places: BTreeMap<String, PlaceState>,
    pub clocks: Vec<ClockView>,
    /// The steps that were reached, in no order.
    pub steps: BTreeMap<String, StepView>,
    /// When each was reached: 受付, 申込完了, 承認, 参加確定.
    pub milestones: BTreeMap<String, String>,
    pub correction: Option<CorrectionView>,
    pub approval: Option<ApprovalView>,
    /// The answers as they are now; those of the receipt are bound by its proof.
    pub answers: Answers,
    /// The verdict on the answers and on what is on record, without people's judgements.
    pub verdict: Verdict,
    /// People's judgements by rule.
    pub judgements: BTreeMap<String, JudgementView>,
    /// 環境の記録
    pub diagnosis: BTreeMap<String, ExtraAnswer>,
    /// 事前問診
    pub questionnaire: BTreeMap<String, ExtraAnswer>,
    pub course_proposal: Option<ProposalView>,
}

/// Where a case stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Standing {
    /// Counts the events applied. Send it with an action, so that it is refused when somebody else was quicker.
    pub version: i64,
    #[schemars(extend("enum" = ["open", "confirmed", "withdrawn", "declined", "excluded", "lapsed"]))]
    pub status: &'static str,
    /// The id of the current step; null when there is none.
    pub step: Option<String>,
    /// Who has to act now; null when nobody has to.
    #[schemars(extend("enum" = ["company", "secretariat", "sponsor", "expert", "technician", "desk", null]))]
    pub owner: Option<&'static str>,
    /// The verdict with people's judgements.
    pub outcome: Eligibility,
    /// Courses the case is about.
    pub courses: Vec<String>,
    /// The end of the day, exclusive, until which something has to be done; null when nothing runs.
    #[schemars(extend("format" = "date-time"))]
    pub due_at: Option<String>,
}

/// Of a place in a course.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    Held,
    Offered,
    Waiting,
    Returned,
}

/// 期限
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Clock")]
pub struct ClockView {
    pub id: String,
    #[schemars(extend("enum" = ["running", "paused", "stopped"]))]
    pub state: &'static str,
    #[schemars(extend("format" = "date-time"))]
    pub started_at: String,
    /// End of the last day, exclusive. While paused: what it was before the pause.
    #[schemars(extend("format" = "date-time"))]
    pub due_at: String,
    #[schemars(extend("format" = "date-time"))]
    pub warn_at: String,
}

/// A step that was reached.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Step")]
pub struct StepView {
    #[schemars(extend("format" = "date-time"))]
    pub opened_at: String,
    #[schemars(extend("format" = "date-time"))]
    pub done_at: Option<String>,
}

/// 訂正のお願い
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Correction")]
pub struct CorrectionView {
    #[schemars(extend("format" = "date-time"))]
    pub asked_at: String,
    pub message: String,
    /// Names of answers; empty for any.
    pub fields: Vec<String>,
}

/// 承認
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Approval")]
pub struct ApprovalView {
    /// Counts the proposals of this case, from 1.
    pub number: u32,
    #[schemars(extend("enum" = ["proposed", "sent_back", "approved", "invalid"]))]
    pub state: &'static str,
    pub proposed_by: String,
    #[schemars(extend("format" = "date-time"))]
    pub proposed_at: String,
    pub note: String,
    pub question: Option<String>,
    pub decided_by: Option<String>,
    #[schemars(extend("format" = "date-time"))]
    pub decided_at: Option<String>,
}

/// 人の判断
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Judgement")]
pub struct JudgementView {
    pub outcome: Outcome,
    pub reason: String,
    pub by: String,
    #[schemars(extend("format" = "date-time"))]
    pub at: String,
}

/// The expert's proposal of courses.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CourseProposal")]
pub struct ProposalView {
    pub courses: Vec<String>,
    pub reason: String,
}

pub async fn one(
    State(app): State<App>,
    caller: Caller,
    Id(number): Id,
) -> Result<Json<CaseView>, Problem> {
    let opened = open(&app, &caller, &number, |_, _| Ok(())).await?;
    Ok(Json(view(&opened.program, opened.stored)))
}

/// A case that was opened, with the programme in its revision and whatever else was read with it.
pub struct Opened<T> {
    pub program: std::sync::Arc<Program>,
    pub stored: Stored,
    pub more: T,
}

/// Opens a case for reading and leaves an entry of it in the log.
///
/// # Errors
/// `not-found` for a case that does not exist or is not this token's to read.
pub async fn open<T: Send + 'static>(
    app: &App,
    caller: &Caller,
    number: &str,
    more: impl Fn(&mut Tx, &Stored) -> Result<T, StoreError> + Send + 'static,
) -> Result<Opened<T>, Problem> {
    let number = receipt_number::read(number).ok_or_else(no_case)?;
    let (inner, caller, now) = (app.clone(), caller.clone(), app.clock.now());
    let found = app
        .write(move |tx| {
            let Some(stored) = case::by_receipt(tx, &number)? else {
                return Ok(None);
            };
            if caller.may_read(&stored).is_err() {
                return Ok(None);
            }
            let reading = Reading {
                application_id: stored.application_id.clone(),
                receipt_number: stored.receipt_number.clone(),
                staff_id: caller.id().to_owned(),
                role: caller.role().as_str(),
                at: now,
            };
            let reads = case_read::since(tx, &stored.application_id, now - case_read::PRECISION)?;
            if case_read::is_due(&reads, caller.id(), now) {
                case_read::record(tx, &reading)?;
            }
            let program = revisions::of(&inner, tx, &stored.revision)?.program.clone();
            let more = more(tx, &stored)?;
            Ok(Some(Opened {
                program,
                stored,
                more,
            }))
        })
        .await
        .map_err(Problem::of_store)?;
    found.ok_or_else(no_case)
}

pub fn view(program: &Program, stored: Stored) -> CaseView {
    let standing = standing(program, &stored);
    let case = stored.case;
    CaseView {
        receipt_number: stored.receipt_number,
        program: stored.program_id,
        revision: stored.revision,
        received_at: at_text(stored.received_at),
        standing,
        assignee: case.assignee.clone(),
        expert: case.expert.clone(),
        places: (case.places.iter())
            .map(|(course, state)| (course.clone(), place(*state)))
            .collect(),
        clocks: case.clocks.iter().map(clock).collect(),
        steps: steps(&case),
        milestones: (case.milestones.iter())
            .map(|(milestone, at)| (milestone_word(*milestone).to_owned(), at_text(*at)))
            .collect(),
        correction: case.correction.as_ref().map(|correction| CorrectionView {
            asked_at: at_text(correction.asked_at),
            message: correction.message.clone(),
            fields: correction.fields.clone(),
        }),
        approval: approval(&case),
        answers: stored.answers,
        verdict: stored.verdict,
        judgements: judgements(&case),
        diagnosis: case.diagnosis,
        questionnaire: case.questionnaire,
        course_proposal: case
            .course_proposal
            .map(|(courses, reason)| ProposalView { courses, reason }),
    }
}

/// Where a case stands.
pub fn standing(program: &Program, stored: &Stored) -> Standing {
    let case = &stored.case;
    Standing {
        version: case.version,
        status: case.status.as_str(),
        step: case.current(program).map(|step| step.id.clone()),
        owner: case.owner(program).map(role),
        outcome: judged(&stored.verdict, case).0,
        courses: case.courses.clone(),
        due_at: case.due().map(|(_, clock)| at_text(clock.due_at)),
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Company => "company",
        Role::Secretariat => "secretariat",
        Role::Sponsor => "sponsor",
        Role::Expert => "expert",
        Role::Technician => "technician",
        Role::Desk => "desk",
    }
}

pub fn milestone_word(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Received => "received",
        Milestone::Complete => "complete",
        Milestone::Approved => "approved",
        Milestone::Confirmed => "confirmed",
    }
}

fn place(state: sonae_core::capacity::PlaceState) -> PlaceState {
    use sonae_core::capacity::PlaceState as Core;
    match state {
        Core::Held => PlaceState::Held,
        Core::Offered => PlaceState::Offered,
        Core::Waiting => PlaceState::Waiting,
        Core::Returned => PlaceState::Returned,
    }
}

fn clock((id, clock): (&String, &Clock)) -> ClockView {
    ClockView {
        id: id.clone(),
        state: match clock.phase {
            Phase::Running => "running",
            Phase::Paused { .. } => "paused",
            Phase::Stopped { .. } => "stopped",
        },
        started_at: at_text(clock.started_at),
        due_at: at_text(clock.due_at),
        warn_at: at_text(clock.warn_at),
    }
}

fn steps(case: &Case) -> BTreeMap<String, StepView> {
    let step = |(id, record): (&String, &sonae_core::flow::StepRecord)| {
        let view = StepView {
            opened_at: at_text(record.opened_at),
            done_at: record.done_at.map(at_text),
        };
        (id.clone(), view)
    };
    case.steps.iter().map(step).collect()
}

fn approval(case: &Case) -> Option<ApprovalView> {
    let approval = case.approval.as_ref()?;
    Some(ApprovalView {
        number: approval.number,
        state: match approval.state {
            ApprovalState::Proposed => "proposed",
            ApprovalState::SentBack => "sent_back",
            ApprovalState::Approved => "approved",
            ApprovalState::Invalid => "invalid",
        },
        proposed_by: approval.proposed_by.clone(),
        proposed_at: at_text(approval.proposed_at),
        note: approval.note.clone(),
        question: approval.question.clone(),
        decided_by: approval.decided_by.clone(),
        decided_at: approval.decided_at.map(at_text),
    })
}

fn judgements(case: &Case) -> BTreeMap<String, JudgementView> {
    let judgements = case.judgements.iter().map(|(rule, judgement)| {
        let view = JudgementView {
            outcome: judgement.outcome,
            reason: judgement.reason.clone(),
            by: judgement.by.clone(),
            at: at_text(judgement.at),
        };
        (rule.clone(), view)
    });
    judgements.collect()
}
