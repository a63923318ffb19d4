//! Evaluates the open cases again after a list of earlier participants came or was taken back: what the office knows beside the companies'
//! statements has changed, and a case whose verdict changes by that says so on its timeline.

use std::time::Duration;

use sonae_core::eligibility::judge_with_history;
use sonae_core::flow::{Actor, Event};
use sonae_db::Tx;
use sonae_store::{StoreError, case, earlier_import, earlier_support};

use super::Stop;
use crate::app::App;
use crate::office::act::{self, Outcome, Request};
use crate::office::revisions;

const REST: Duration = Duration::from_secs(5);
/// Rest after a failure, so that a database in trouble is not asked all the time.
const AFTER_FAILURE: Duration = Duration::from_secs(30);
/// Cases of one transaction: short enough that applications are received in between.
const ROUND: u32 = 50;

/// Takes up one list. A list is noted as done when all cases were looked at; broken off before, all are looked at again, and those whose
/// verdict changed already do not change twice.
pub async fn run(app: App, stop: Stop) -> Duration {
    match one_list(&app, &stop).await {
        Ok(true) => Duration::ZERO,
        Ok(false) => REST,
        Err(error) => {
            tracing::warn!(%error, "open cases could not be evaluated again");
            AFTER_FAILURE
        }
    }
}

async fn one_list(app: &App, stop: &Stop) -> Result<bool, StoreError> {
    let Some((id, file_name)) = app.read(earlier_import::to_recheck).await? else {
        return Ok(false);
    };
    let (mut after, mut changed) = (String::new(), 0);
    loop {
        if *stop.borrow() {
            return Ok(false);
        }
        let (inner, from, name) = (app.clone(), after.clone(), file_name.clone());
        let round = app.write(move |tx| round(&inner, tx, &from, &name)).await?;
        changed += round.changed;
        match round.last {
            Some(last) => after = last,
            None => break,
        }
    }
    let (app_, import) = (app.clone(), id.clone());
    app.write(move |tx| earlier_import::rechecked(tx, &import, changed, app_.clock.now()))
        .await?;
    tracing::info!(import = %id, changed, "open cases are evaluated again");
    Ok(true)
}

struct Round {
    changed: i64,
    /// The last case that was looked at; none when there was none left.
    last: Option<String>,
}

fn round(app: &App, tx: &mut Tx, after: &str, file_name: &str) -> Result<Round, StoreError> {
    let cases = case::open_after(tx, after, ROUND)?;
    let mut changed = 0;
    for (_, receipt_number) in &cases {
        if differs(app, tx, receipt_number)? {
            let request = Request {
                receipt_number: receipt_number.clone(),
                version: None,
                event: Event::Rechecked {
                    reason: format!(
                        "過去の支援の一覧「{file_name}」を取り込んだか、取り消したため、参加要件を確認し直しました。"
                    ),
                },
                actor: Actor::System,
            };
            match act::act_in(app, tx, &request, app.clock.now())? {
                Outcome::Done(_) => changed += 1,
                Outcome::Refused(refusal) => {
                    tracing::warn!(case = %receipt_number, code = refusal.code, "a case could not be evaluated again");
                }
                Outcome::Conflict(_) | Outcome::Unknown => {}
            }
        }
    }
    Ok(Round {
        changed,
        last: cases.into_iter().next_back().map(|(id, _)| id),
    })
}

fn differs(app: &App, tx: &mut Tx, receipt_number: &str) -> Result<bool, StoreError> {
    let Some(stored) = case::by_receipt(tx, receipt_number)? else {
        return Ok(false);
    };
    let running = revisions::of(app, tx, &stored.revision)?;
    let history = earlier_support::history(
        tx,
        running.program.id(),
        &stored.application_id,
        &stored.answers,
        &stored.compared(),
    )?;
    let verdict = judge_with_history(&running.program, &stored.answers, &history);
    Ok(verdict.findings != stored.verdict.findings)
}
