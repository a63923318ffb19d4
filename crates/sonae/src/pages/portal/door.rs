//! The door of the private pages: the link's token opens one case, and what the company does goes through `office::act`.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use sonae_core::flow::{Actor, Case, Event, Refusal, Status};
use sonae_core::program::Program;
use sonae_core::program::flow::{Step, StepKind};
use sonae_core::receipt_number;
use sonae_store::case::{self, Stored};

use super::super::public::calm::{self, Calm};
use super::super::public::frame::Frame;
use crate::app::{App, Running};
use crate::links::Key;
use crate::office::act::{Outcome, Request, act};
use crate::office::revisions;

/// A case that was opened by its private link.
pub(super) struct Opened {
    pub stored: Stored,
    /// The programme in the revision of the case.
    pub running: Arc<Running>,
    /// The address of its first page.
    pub path: String,
}

/// What stands on every private page.
pub(super) struct Top {
    pub number: String,
    /// Whether the company does not take part yet, which every page then says.
    pub unconfirmed: bool,
    pub home: String,
}

/// How a page of the company's stands to its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The company can act here now.
    Now,
    /// It has acted already, or the office has for it.
    Done,
    /// Not yet, or no longer.
    NotNow,
}

enum Found {
    Nothing,
    Old,
    Case(Box<Opened>),
}

/// Opens a case by its number and token.
///
/// # Errors
/// The page to show instead. A wrong token and an unknown number cannot be told apart; a link that was renewed says how to get the new one.
pub(super) async fn open(app: &App, number: &str, token: &str) -> Result<Opened, Response> {
    let number = receipt_number::read(number).ok_or_else(|| calm::no_application(app))?;
    let (inner, token) = (app.clone(), token.to_owned());
    let found = app
        .read(move |tx| {
            let Some(stored) = case::by_receipt(tx, &number)? else {
                return Ok(Found::Nothing);
            };
            let (id, version) = (&stored.application_id, stored.case.link_version);
            match inner.links.open(&token, id, version) {
                Key::Wrong => Ok(Found::Nothing),
                Key::Old => Ok(Found::Old),
                Key::Fits => {
                    let running = revisions::of(&inner, tx, &stored.revision)?;
                    let path = inner.links.status_path(&stored.receipt_number, id, version);
                    Ok(Found::Case(Box::new(Opened {
                        stored,
                        running,
                        path,
                    })))
                }
            }
        })
        .await;
    match found {
        Ok(Found::Case(opened)) => Ok(*opened),
        Ok(Found::Nothing) => Err(calm::no_application(app)),
        Ok(Found::Old) => Err(renewed(app)),
        Err(error) => Err(calm::failed(error)),
    }
}

impl Opened {
    pub(super) fn program(&self) -> &Program {
        &self.running.program
    }

    pub(super) fn case(&self) -> &Case {
        &self.stored.case
    }

    /// The address of a page below the private link.
    pub(super) fn page(&self, name: &str) -> String {
        format!("{}/{name}", self.path)
    }

    /// The first page, saying what was just done.
    pub(super) fn done(&self, what: &str) -> String {
        format!("{}?done={what}", self.path)
    }

    pub(super) fn top(&self) -> Top {
        Top {
            number: self.stored.receipt_number.clone(),
            unconfirmed: self.case().status == Status::Open,
            home: self.path.clone(),
        }
    }

    /// The frame of a page below the first one.
    pub(super) fn frame(&self, app: &App, title: &str) -> Frame {
        Frame::of_program(app, self.program(), title)
            .crumb("お申込みの状況", &self.path)
            .private()
    }

    /// The programme's step of a kind, if it has one that concerns this case.
    pub(super) fn step(&self, kind: StepKind) -> Option<&Step> {
        let steps = &self.program().definition.flow.step;
        steps.iter().find(|step| step.kind == kind)
    }

    /// Whether the step of this kind waits for the company.
    pub(super) fn turn(&self, kind: StepKind) -> Turn {
        let case = self.case();
        let Some(step) = self.step(kind) else {
            return Turn::NotNow;
        };
        if case.is_done(&step.id) {
            return Turn::Done;
        }
        let current = case.current(self.program());
        let here = current.is_some_and(|current| current.id == step.id);
        match here && case.status == Status::Open && case.correction.is_none() {
            true => Turn::Now,
            false => Turn::NotNow,
        }
    }

    /// Does what the company asks for.
    ///
    /// # Errors
    /// The page to show when the database is busy. The inner error says why it was refused.
    pub(super) async fn act(
        &self,
        app: &App,
        event: Event,
    ) -> Result<Result<(), Refusal>, Response> {
        let outcome = act(app, self.request(event)).await.map_err(calm::failed)?;
        Ok(verdict(outcome))
    }

    /// The request of an event of the company's. What it looked at is checked by the event itself, so no version goes with it.
    pub(super) fn request(&self, event: Event) -> Request {
        Request {
            receipt_number: self.stored.receipt_number.clone(),
            version: None,
            event,
            actor: Actor::Company,
        }
    }

    /// The page for something that cannot be done now, with the way back.
    pub(super) fn not_now(&self, app: &App, status: StatusCode, sentence: &str) -> Response {
        let heading = "今は、このお手続きはありません";
        Calm::new(self.frame(app, heading), heading, &[sentence])
            .link("お申込みの状況へ", &self.path)
            .respond(status)
    }

    /// The page for what was refused between opening and sending.
    pub(super) fn refused(&self, app: &App, refusal: &Refusal) -> Response {
        let sentence = match refusal.code {
            "no_place" => refusal.sentence.as_str(),
            _ => {
                "送られる前に、お申込みの状況が変わりました。お申込みの状況を、もう一度ご覧ください。"
            }
        };
        let heading = "お手続きを進められませんでした";
        Calm::new(self.frame(app, heading), heading, &[sentence])
            .link("お申込みの状況へ", &self.path)
            .respond(StatusCode::CONFLICT)
    }
}

/// What came of an event, for a page.
pub(super) fn verdict(outcome: Outcome) -> Result<(), Refusal> {
    match outcome {
        Outcome::Done(_) => Ok(()),
        Outcome::Refused(refusal) => Err(refusal),
        // No version is sent along, so nothing can conflict; and cases are not deleted while their links open.
        Outcome::Conflict(_) | Outcome::Unknown => {
            Err(Refusal::new("gone", "お申込みが見つかりません。"))
        }
    }
}

/// A link that opened this application until the office renewed it.
fn renewed(app: &App) -> Response {
    let heading = "このアドレスは新しくなりました";
    Calm::new(
        Frame::of_site(app, heading).private(),
        heading,
        &[
            "お申込みの内容を守るため、事務局が専用のアドレスを新しくしました。前のアドレスからは、お申込みをご覧いただけません。",
            "新しいアドレスは、お申込みのときのメールアドレスへお送りしています。見つからないときは、もう一度お送りできます。",
        ],
    )
    .link("新しいアドレスをメールで受け取る", "/status")
    .respond(StatusCode::GONE)
}
