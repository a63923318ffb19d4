//! What the desk does with a finding: takes it, and closes it with a word.

use jiff::Timestamp;
use sonae_core::detection_check::verdict;
use sonae_core::flow::Refusal;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::desk_finding::{self, Finding, Stage};

use super::logged::{CheckData, log};
use super::{Outcome, Who};
use crate::app::App;

/// What somebody of the desk does.
#[derive(Clone, Debug)]
pub enum Step {
    Take,
    /// With how it ended.
    Close(String),
}

/// Does it, once; gives the finding after it.
///
/// # Errors
/// The database could not be written.
pub async fn step(app: &App, who: Who, finding: (i64, Timestamp), step: Step) -> Outcome<Finding> {
    step_and(app, who, finding, step, |_, _| Ok(())).await
}

/// The same, with something that is kept in the transaction that does it.
///
/// # Errors
/// The database could not be written.
pub async fn step_and(
    app: &App,
    who: Who,
    (number, now): (i64, Timestamp),
    step: Step,
    keep: impl Fn(&mut Tx, &Finding) -> Result<(), StoreError> + Send + 'static,
) -> Outcome<Finding> {
    let closing = match &step {
        Step::Take => Ok(None),
        Step::Close(word) => verdict::reason(word).map(Some),
    };
    let closing = match closing {
        Ok(closing) => closing,
        Err(refusal) if refusal.code == "no_reason" => {
            return Ok(Err(Refusal::new(
                "no_closing",
                "どのように終わったかを書いてください。技術担当が、次の確認で読みます。",
            )));
        }
        Err(refusal) => return Ok(Err(refusal)),
    };
    app.write(move |tx| {
        let done = step_in(tx, &who, number, (closing.as_deref(), now))?;
        if let Ok(finding) = &done {
            keep(tx, finding)?;
        }
        Ok(done)
    })
    .await
}

fn step_in(
    tx: &mut Tx,
    who: &Who,
    number: i64,
    (closing, now): (Option<&str>, Timestamp),
) -> Outcome<Finding> {
    let Some((before, _)) = desk_finding::find(tx, number)? else {
        return Ok(Err(Refusal::new(
            super::UNKNOWN,
            "その番号の所見はありません。",
        )));
    };
    let name = who.name();
    let (done, action) = match closing {
        None => (desk_finding::take(tx, number, &name, now)?, "finding.taken"),
        Some(closing) => (
            desk_finding::close(tx, number, closing, &name, now)?,
            "finding.closed",
        ),
    };
    if !done {
        return Ok(refused(before, &name));
    }
    let data = CheckData {
        finding: Some(number),
        ..CheckData::default()
    };
    log(tx, who, (action, &before.application_id, now), data)?;
    let after = desk_finding::find(tx, number)?.map(|(after, _)| after);
    Ok(Ok(after.unwrap_or(before)))
}

/// Why nothing was done; the second of two clicks is told what the first did.
fn refused(before: Finding, name: &str) -> Result<Finding, Refusal> {
    let own =
        |by: &Option<(String, jiff::Timestamp)>| by.as_ref().is_some_and(|(by, _)| by == name);
    match before.stage {
        Stage::Taken if own(&before.taken) => Ok(before),
        Stage::Taken => Err(Refusal::new(
            "taken",
            "この所見は、先にほかの人が引き受けました。",
        )),
        Stage::Closed => Err(Refusal::new("closed", "この所見は、もう終わっています。")),
        Stage::Open => Err(Refusal::new("open", "先に「引き受ける」を押してください。")),
    }
}
