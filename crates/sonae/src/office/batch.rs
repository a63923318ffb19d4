//! One event for each of several cases: shown before, done case by case, with a result for each.
//!
//! Each case has a transaction of its own, so that one that is refused leaves the others as they are.

use sonae_core::flow::{Actor, Case, Event};
use sonae_core::program::Program;
use sonae_store::StoreError;
use sonae_store::outbox::Mail;

use super::act::{Outcome, Preview, Request, act, preview_in};
use super::foreseen::role_label;
use super::revisions;
use crate::app::App;
use crate::mail::reading::read;

/// The most cases of one batch.
pub const MOST: usize = 500;

/// One case of a batch, with the version the person saw.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub receipt_number: String,
    pub version: i64,
    pub event: Event,
}

/// What became, or would become, of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub receipt_number: String,
    /// Of the company; empty when the case was not found.
    pub name: String,
    pub good: bool,
    pub sentence: String,
    /// Before: the subjects of the mails that leave. Afterwards: their ids.
    pub mails: Vec<String>,
}

/// A case as a form marks it: `R6-333-34A@12`, its receipt number and the version that was shown.
pub fn marked(value: &str) -> Option<(String, i64)> {
    let (number, version) = value.split_once('@')?;
    Some((number.to_owned(), version.parse().ok()?))
}

/// Says for each case what would happen, without doing it.
///
/// # Errors
/// The database could not be read.
pub async fn preview(app: &App, actor: &Actor, items: Vec<Item>) -> Result<Vec<Line>, StoreError> {
    let (inner, actor) = (app.clone(), actor.clone());
    app.read(move |tx| {
        let at = inner.clock.now();
        let mut lines = Vec::with_capacity(items.len());
        for item in items.iter().take(MOST) {
            let request = request(item, &actor);
            lines.push(match preview_in(&inner, tx, &request, at)? {
                Preview::Unknown => unknown(item),
                Preview::Refused(refusal) => refused(item, refusal.sentence),
                Preview::Allowed { before, .. } if before.case.version != item.version => {
                    refused(item, CHANGED.to_owned())
                }
                Preview::Allowed {
                    before,
                    after,
                    mails,
                    ..
                } => {
                    let running = revisions::of(&inner, tx, &after.revision)?;
                    let goes_to = goes_to(&running.program, &before.case, &after.case);
                    Line {
                        name: after.answers.name.clone().unwrap_or_default(),
                        good: true,
                        sentence: goes_to,
                        mails: mails.iter().map(subject).collect(),
                        receipt_number: item.receipt_number.clone(),
                    }
                }
            });
        }
        Ok(lines)
    })
    .await
}

/// Does it, case by case, in their order. A second time changes nothing: the versions have moved on.
///
/// # Errors
/// The database could not be written; what was done before stays done.
pub async fn run(
    app: &App,
    actor: &Actor,
    items: Vec<Item>,
    done: &str,
) -> Result<Vec<Line>, StoreError> {
    let mut lines = Vec::with_capacity(items.len());
    for item in items.iter().take(MOST) {
        lines.push(match act(app, request(item, actor)).await? {
            Outcome::Unknown => unknown(item),
            Outcome::Refused(refusal) => refused(item, refusal.sentence),
            Outcome::Conflict(_) => refused(item, CHANGED.to_owned()),
            Outcome::Done(acted) => Line {
                receipt_number: item.receipt_number.clone(),
                name: acted.after.answers.name.clone().unwrap_or_default(),
                good: true,
                sentence: done.to_owned(),
                mails: acted.mails,
            },
        });
    }
    Ok(lines)
}

/// Where a case goes; within a step, who is next.
fn goes_to(program: &Program, before: &Case, after: &Case) -> String {
    let step = |case: &Case| case.current(program).map(|step| step.title.clone());
    match (step(after), after.owner(program)) {
        (Some(title), _) if step(before).as_ref() != Some(&title) => {
            format!("「{title}」に進みます。")
        }
        (Some(_), Some(owner)) => format!("次に動くのは、{}です。", role_label(owner)),
        (Some(title), None) => format!("「{title}」のままです。"),
        (None, _) => format!("「{}」になります。", after.status.label()),
    }
}

const CHANGED: &str =
    "表示した後に、内容が変わりました。今の内容を確かめてから、もう一度選んでください。";

fn request(item: &Item, actor: &Actor) -> Request {
    Request {
        receipt_number: item.receipt_number.clone(),
        version: Some(item.version),
        event: item.event.clone(),
        actor: actor.clone(),
    }
}

fn subject(mail: &Mail) -> String {
    read(&mail.content).header("Subject").to_owned()
}

fn unknown(item: &Item) -> Line {
    refused(item, "この受付番号の案件はありません。".to_owned())
}

fn refused(item: &Item, sentence: String) -> Line {
    Line {
        receipt_number: item.receipt_number.clone(),
        name: String::new(),
        good: false,
        sentence,
        mails: Vec::new(),
    }
}
