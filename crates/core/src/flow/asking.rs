//! Asking the company: requests for correction, and what follows when an answer does not come.

use super::advance::Draft;
use super::case::Correction;
use super::event::Actor;
use super::refusal::Refusal;
use super::transition::{Effect, clock, invalidate_approval, required};
use crate::application::show::Change;
use crate::program::Role;
use crate::program::flow::WhenDue;

/// Business days the company has for a correction; the office's own setting.
const CORRECTION_BUSINESS_DAYS: u32 = 5;
/// Business days in which the office calls after reminders went unanswered.
const CALL_BUSINESS_DAYS: u32 = 2;
const CORRECTION: &str = "correction";
/// The code of a refusal because a request for correction is open: to be tried again when it is not.
pub const WAITS_FOR_CORRECTION: &str = "waits_for_correction";

/// Asks for a correction: clocks that may stand still do so until the answer.
pub(super) fn request(
    draft: &mut Draft<'_>,
    message: &str,
    fields: &[String],
) -> Result<(), Refusal> {
    required(message, "確認していただきたいこと")?;
    if draft.case.correction.is_some() {
        return Err(Refusal::new(
            "already_asked",
            "すでに訂正をお願いしています。内容を変える場合は、前のお願いを取り消してください。",
        ));
    }
    let mut paused = Vec::new();
    for (id, clock) in &mut draft.case.clocks {
        // A clock that may not stand still, or that is late, runs on.
        if let Ok(stands) = clock.pause(draft.ctx.calendar, draft.ctx.now) {
            *clock = stands;
            paused.push(id.clone());
        }
    }
    draft.case.correction = Some(Correction {
        asked_at: draft.ctx.now,
        message: message.to_owned(),
        fields: fields.to_vec(),
        paused,
    });
    draft.start(
        CORRECTION.to_owned(),
        CORRECTION_BUSINESS_DAYS,
        Role::Company,
        false,
    )?;
    let due = clock(draft, CORRECTION).map(|clock| clock.due_date());
    draft.effects.push(Effect::Mail {
        mail: "correction_request".to_owned(),
        reason: message.to_owned(),
        due,
    });
    Ok(())
}

/// The request is answered or taken back: clocks go on with the days they had.
pub(super) fn end(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let Some(correction) = draft.case.correction.take() else {
        return Err(Refusal::new(
            "not_asked",
            "訂正のお願いは、今は出ていません。",
        ));
    };
    for id in ["correction", "remind.correction", "phone.correction"] {
        draft.stop(id);
    }
    for id in correction.paused {
        if let Some(clock) = draft.case.clocks.get_mut(&id)
            && let Ok(goes_on) = clock.resume(draft.ctx.calendar, draft.ctx.now)
        {
            *clock = goes_on;
        }
    }
    Ok(())
}

/// New answers: by the company when it was asked, by the office with a reason, of which the company is told. What people decided on the
/// old ones falls.
pub(super) fn corrected(draft: &mut Draft<'_>, actor: &Actor, reason: &str) -> Result<(), Refusal> {
    match (actor, draft.case.correction.is_some()) {
        (Actor::Company, false) => {
            return Err(Refusal::new(
                "not_asked",
                "申込内容は、事務局からお願いしたときに直せます。直したいところは、メッセージでお知らせください。",
            ));
        }
        (Actor::Company, true) => {}
        _ => required(reason, "理由")?,
    }
    if draft.case.correction.is_some() {
        end(draft)?;
    }
    // Who to call and where to write decides nothing.
    let material = |name: &String| !name.starts_with("contact_");
    if draft.ctx.changed.iter().any(material) {
        draft.case.judgements.clear();
        invalidate_approval(draft)?;
    }
    if matches!(actor, Actor::Staff { .. }) {
        draft.effects.push(Effect::Mail {
            mail: "corrected".to_owned(),
            reason: told(draft.ctx.changes),
            due: None,
        });
    }
    Ok(())
}

/// What the office entered for the company, so that it sees what was understood.
fn told(changes: &[Change]) -> String {
    let shown = |text: &str| match text {
        "" => "(回答なし)".to_owned(),
        text => text.to_owned(),
    };
    let lines: Vec<String> = (changes.iter())
        .map(|change| {
            let (before, after) = (shown(&change.before), shown(&change.after));
            format!("・{}\n  前：{before}\n  今：{after}", change.label)
        })
        .collect();
    match lines.is_empty() {
        true => "・変わったところはありません。".to_owned(),
        false => lines.join("\n"),
    }
}

/// A clock ran out: the programme's reminder, then a call by the office.
pub(super) fn ran_out(draft: &mut Draft<'_>, id: &str) -> Result<(), Refusal> {
    let Some(ran) = clock(draft, id).filter(|clock| draft.ctx.now >= clock.due_at) else {
        return Err(Refusal::new("not_due", "この期限は、まだ過ぎていません。"));
    };
    let (started_at, owner) = (ran.started_at, ran.spec.owner);
    // What the company was asked for it cannot answer before the correction; the clock is looked at again when that is over.
    if draft.case.correction.is_some() && owner == Role::Company && !waits_for_correction(id) {
        return Err(Refusal::new(
            WAITS_FOR_CORRECTION,
            "申込内容の訂正をお願いしている間は、ほかの催促をしません。",
        ));
    }
    if !draft.runs(id) || draft.case.ran_out.get(id) == Some(&started_at) {
        return Err(Refusal::new(
            "already_done",
            "この期限切れには、すでに対応しています。",
        ));
    }
    draft.case.ran_out.insert(id.to_owned(), started_at);
    if let Some(waited_for) = id.strip_prefix("remind.") {
        return call(draft, waited_for);
    }
    if id == CORRECTION {
        return call(draft, CORRECTION);
    }
    let program = draft.ctx.program;
    let Some(clock) = program
        .definition
        .flow
        .clock
        .iter()
        .find(|known| known.id == id)
    else {
        return Ok(());
    };
    for due in &clock.when_due {
        match due {
            WhenDue::Overdue => {}
            WhenDue::Remind { mail } => draft.mail_later(mail),
            WhenDue::PhoneTask {
                after_business_days: 0,
            } => call(draft, id)?,
            WhenDue::PhoneTask {
                after_business_days,
            } => draft.start(
                format!("remind.{id}"),
                *after_business_days,
                Role::Company,
                true,
            )?,
        }
    }
    Ok(())
}

/// Whether a clock is that of the request for correction itself, or follows from it.
fn waits_for_correction(id: &str) -> bool {
    id == CORRECTION || id.strip_prefix("remind.") == Some(CORRECTION)
}

/// Gives the office a call to make. One about anything but the correction stands still while a correction is waited for.
fn call(draft: &mut Draft<'_>, waited_for: &str) -> Result<(), Refusal> {
    draft.stop(&format!("remind.{waited_for}"));
    draft.start(
        format!("phone.{waited_for}"),
        CALL_BUSINESS_DAYS,
        Role::Secretariat,
        waited_for != CORRECTION,
    )
}
