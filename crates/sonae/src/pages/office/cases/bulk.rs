//! `/office/cases/bulk`: one action on many cases, shown before it is done, with what came of it for each.

pub mod action;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sonae_core::access::Action;
use sonae_core::flow::{Actor, Event};
use sonae_db::Tx;
use sonae_store::bulk::{self, Item, MOST, Run};
use sonae_store::queue::{self, View, Wanted};
use sonae_store::{StoreError, staff};

use super::asked::{self, PATH};
use crate::app::App;
use crate::chance;
use crate::office::act::{Outcome, Preview, Request, act_in, preview_in};
use crate::pages::office::calm::Calm;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::office::{Page, PageError};
use crate::pages::public::field::{Control, Mistake, mistakes};
use crate::pages::public::show;
use action::BulkAction;

pub(super) fn routes(door: Door) -> Door {
    door.post("/office/cases/bulk", Action::WorkCase, ask)
        .post("/office/cases/bulk/run", Action::WorkCase, run)
        .get("/office/cases/bulk/{id}", Action::WorkCase, done)
}

/// A case that was marked, in the version that was seen.
#[derive(Clone, Debug)]
struct Marked {
    receipt_number: String,
    version: Option<i64>,
}

/// What an action would do, or did, with one case.
struct Line {
    receipt_number: String,
    name: String,
    ok: bool,
    sentence: String,
}

#[derive(Template)]
#[template(path = "office/cases/bulk.html")]
struct BulkPage {
    frame: OfficeFrame,
    action: BulkAction,
    /// `receipt number:version`
    cases: Vec<String>,
    /// Receipt number and company of each, for whoever is about to write to them.
    chosen: Vec<(String, String)>,
    mistakes: Vec<Mistake>,
    controls: Vec<Control>,
    /// Filled in once it can be done.
    preview: Option<PreviewPart>,
}

struct PreviewPart {
    run_id: String,
    lines: Vec<Line>,
    possible: usize,
    mails: usize,
    /// What was sent, for the form that does it.
    sent: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "office/cases/bulk_done.html")]
struct DonePage {
    frame: OfficeFrame,
    done: usize,
    lines: Vec<Line>,
    left: Option<String>,
}

async fn ask(State(app): State<App>, staff: Staff, sent: Form) -> Page {
    let marked = marked(&sent);
    let Some(action) = BulkAction::parse(sent.first("action")) else {
        return Ok(nothing(&app, &staff, "操作が選ばれていません"));
    };
    if marked.is_empty() {
        return Ok(nothing(&app, &staff, "案件が選ばれていません"));
    }
    let people = app.read(staff::all).await?;
    let mut controls = action.controls(&sent, &people);
    let mut preview = None;
    if sent.first("step") == "preview" {
        match action.event(&sent, &people) {
            Ok(event) => {
                preview = Some(preview_of(&app, &staff, &marked, event, &sent).await?);
            }
            Err(wrong) => {
                for (name, sentence) in wrong {
                    let mut parts = controls.iter_mut().map(Control::part_mut);
                    if let Some(part) = parts.find(|part| part.name == name) {
                        part.error = Some(sentence);
                    }
                }
            }
        }
    }
    let mistakes = mistakes(&controls);
    let status = match mistakes.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let numbers = marked.iter().map(|case| case.receipt_number.clone());
    let names = names(&app, &staff, numbers.collect()).await?;
    let chosen = names.into_iter().collect();
    let title = format!("{}件の案件：{}", marked.len(), action.label());
    let page = BulkPage {
        frame: OfficeFrame::new(&app, &staff, Section::Cases, &title)
            .crumb("案件の一覧", PATH)
            .with_error(!mistakes.is_empty()),
        action,
        cases: sent
            .all("case")
            .take(MOST as usize)
            .map(str::to_owned)
            .collect(),
        chosen,
        mistakes,
        controls,
        preview,
    };
    show(status, &page)
}

fn nothing(app: &App, staff: &Staff, heading: &str) -> Response {
    Calm::new(app, staff, Section::Cases, heading)
        .say("一覧で案件に印を付け、操作を選んでから、「次へ」を押してください。何も変更していません。")
        .link("案件の一覧へ", PATH)
        .respond(StatusCode::UNPROCESSABLE_ENTITY)
}

/// The cases that were marked, each once.
fn marked(sent: &Form) -> Vec<Marked> {
    let mut marked: Vec<Marked> = Vec::new();
    for value in sent.all("case").take(MOST as usize) {
        let (number, version) = value.split_once(':').unwrap_or((value, ""));
        if marked.iter().all(|other| other.receipt_number != number) {
            marked.push(Marked {
                receipt_number: number.to_owned(),
                version: version.parse().ok(),
            });
        }
    }
    marked
}

fn request(staff: &Staff, case: &Marked, event: &Event) -> Request {
    Request {
        receipt_number: case.receipt_number.clone(),
        version: case.version,
        event: event.clone(),
        actor: Actor::Staff {
            id: staff.id.clone(),
            role: staff.role,
        },
    }
}

/// The companies' names by receipt number, of the cases that this person may see.
async fn names(
    app: &App,
    staff: &Staff,
    numbers: Vec<String>,
) -> Result<BTreeMap<String, String>, StoreError> {
    let asker = asked::asker(app, staff);
    let wanted = Wanted::of(asked::scope(staff), View::All);
    let read = app.read(move |tx| queue::by_receipts(tx, &wanted, &asker, &numbers));
    let listed = read.await?.into_iter();
    Ok(listed
        .map(|case| (case.receipt_number, case.name))
        .collect())
}

async fn preview_of(
    app: &App,
    staff: &Staff,
    marked: &[Marked],
    event: Event,
    sent: &Form,
) -> Result<PreviewPart, PageError> {
    let (inner, person, cases) = (app.clone(), staff.clone(), marked.to_vec());
    let now = app.clock.now();
    let read = app.read(move |tx| {
        let mut lines = Vec::with_capacity(cases.len());
        let mut mail_count = 0;
        for case in &cases {
            let asked = request(&person, case, &event);
            let (name, ok, sentence) = match preview_in(&inner, tx, &asked, now)? {
                Preview::Allowed { before, mails, .. } => {
                    mail_count += mails.len();
                    let sentence = match mails.len() {
                        0 => "",
                        _ => "企業にメールが届きます。",
                    };
                    let name = before.answers.name.clone().unwrap_or_default();
                    (name, true, sentence.to_owned())
                }
                Preview::Refused(refusal) => (String::new(), false, refusal.sentence),
                Preview::Unknown => (String::new(), false, UNKNOWN.to_owned()),
            };
            lines.push(Line {
                receipt_number: case.receipt_number.clone(),
                name,
                ok,
                sentence,
            });
        }
        Ok((lines, mail_count))
    });
    let (lines, mails) = read.await?;
    let kept = |(name, _): &&(String, String)| !matches!(name.as_str(), "csrf" | "step" | "case");
    Ok(PreviewPart {
        run_id: chance::id(now),
        possible: lines.iter().filter(|line| line.ok).count(),
        lines,
        mails,
        sent: sent.fields().iter().filter(kept).cloned().collect(),
    })
}

const UNKNOWN: &str = "この受付番号の案件はありません。";
const CONFLICT: &str = "確かめている間に、ほかの人がこの案件を変更しました。最新の内容を確かめてから、もう一度行ってください。";

/// Does it, each case in a transaction of its own. What was dealt with under this id is not done again.
async fn run(State(app): State<App>, staff: Staff, sent: Form) -> Page {
    let marked = marked(&sent);
    let people = app.read(staff::all).await?;
    let event = BulkAction::parse(sent.first("action"))
        .and_then(|action| action.event(&sent, &people).ok());
    let run_id = sent.first("run").to_owned();
    let (Some(event), false) = (event, marked.is_empty() || !is_id(&run_id)) else {
        return Ok(nothing(&app, &staff, "操作の内容を確かめられません"));
    };
    let run = Run {
        id: run_id,
        staff_id: staff.id.clone(),
        event: event.word(),
    };
    let (began, now) = (run.clone(), app.clock.now());
    if !app.write(move |tx| bulk::begin(tx, &began, now)).await? {
        return Ok(nothing(&app, &staff, "操作の内容を確かめられません"));
    }
    for (position, case) in (0..).zip(&marked) {
        let (inner, run_id) = (app.clone(), run.id.clone());
        let asked = request(&staff, case, &event);
        app.write(move |tx| once(&inner, tx, &run_id, position, &asked))
            .await?;
    }
    Ok(Redirect::to(&format!("{PATH}/bulk/{}", run.id)).into_response())
}

/// An id as we make them.
fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

/// One case of an action, unless it was dealt with.
fn once(
    app: &App,
    tx: &mut Tx,
    run_id: &str,
    position: i64,
    asked: &Request,
) -> Result<(), StoreError> {
    if bulk::is_done(tx, run_id, &asked.receipt_number)? {
        return Ok(());
    }
    let (outcome, sentence) = match act_in(app, tx, asked, app.clock.now())? {
        Outcome::Done(_) => ("done", String::new()),
        Outcome::Refused(refusal) => ("refused", refusal.sentence),
        Outcome::Conflict(_) => ("conflict", CONFLICT.to_owned()),
        Outcome::Unknown => ("unknown", UNKNOWN.to_owned()),
    };
    let item = Item {
        receipt_number: asked.receipt_number.clone(),
        position,
        outcome: outcome.to_owned(),
        sentence,
    };
    bulk::note(tx, run_id, &item)
}

async fn done(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let run_id = id.clone();
    let read = app.read(move |tx| {
        let Some(run) = bulk::by_id(tx, &run_id)? else {
            return Ok(None);
        };
        Ok(Some(bulk::items(tx, &run.id)?))
    });
    let Some(items) = read.await? else {
        return Err(PageError::NotFound);
    };
    let numbers = items.iter().map(|item| item.receipt_number.clone());
    let names = names(&app, &staff, numbers.collect()).await?;
    let mut lines: Vec<Line> = (items.into_iter())
        .map(|item| Line {
            name: names.get(&item.receipt_number).cloned().unwrap_or_default(),
            receipt_number: item.receipt_number,
            ok: item.outcome == "done",
            sentence: item.sentence,
        })
        .collect();
    // What is left to do stands first.
    lines.sort_by_key(|line| line.ok);
    let done = lines.iter().filter(|line| line.ok).count();
    let page = DonePage {
        frame: OfficeFrame::new(&app, &staff, Section::Cases, "まとめて行った操作の結果")
            .crumb("案件の一覧", PATH),
        done,
        left: (done < lines.len()).then(|| format!("{PATH}?view=all&left_by={id}")),
        lines,
    };
    show(StatusCode::OK, &page)
}
