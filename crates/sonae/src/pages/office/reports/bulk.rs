//! `/office/reports/make`, `…/check`, `…/approve`: one action on many reports, shown before it is done, with what came of it for each.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use sonae_core::access::Action;
use sonae_core::flow::Refusal;
use sonae_core::report::life::{Event, State as Stand, step, two_people};
use sonae_core::report::month::Month;
use sonae_store::bulk::{self, Item, MOST, Run};

use super::PATH;
use crate::app::App;
use crate::chance;
use crate::office::reports::due::{self, Line};
use crate::office::reports::{Outcome, Request, decide, make};
use crate::pages::office::Page;
use crate::pages::office::calm::Calm;
use crate::pages::office::case::open::actor;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

/// What an action's row is called in the table of actions: this, the way, and the month.
const WORD: &str = "report";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Make,
    Check,
    Approve,
}

pub(super) fn routes(door: Door) -> Door {
    door.post("/office/reports/make", Action::MakeReports, make_many)
        .post("/office/reports/check", Action::MakeReports, check_many)
        .post(
            "/office/reports/approve",
            Action::ApproveReports,
            approve_many,
        )
        .get("/office/reports/done/{id}", Action::ReadReports, done)
}

/// A report that was marked, in the revision that was seen; 0 for one that nobody made.
#[derive(Clone, Debug)]
struct Marked {
    receipt_number: String,
    revision: u32,
}

struct Row {
    receipt_number: String,
    href: String,
    name: String,
    ok: bool,
    sentence: String,
}

#[derive(Template)]
#[template(path = "office/reports/bulk.html")]
struct PreviewPage {
    frame: OfficeFrame,
    way: &'static str,
    month: Month,
    run_id: String,
    rows: Vec<Row>,
    possible: usize,
    /// `receipt number:revision` of those with which it can be done.
    cases: Vec<String>,
    /// What will happen then.
    what: &'static str,
}

#[derive(Template)]
#[template(path = "office/reports/bulk_done.html")]
struct DonePage {
    frame: OfficeFrame,
    done: usize,
    month: Month,
    rows: Vec<Row>,
}

async fn make_many(State(app): State<App>, staff: Staff, form: Form) -> Page {
    many(&app, &staff, &form, Way::Make).await
}

async fn check_many(State(app): State<App>, staff: Staff, form: Form) -> Page {
    many(&app, &staff, &form, Way::Check).await
}

async fn approve_many(State(app): State<App>, staff: Staff, form: Form) -> Page {
    many(&app, &staff, &form, Way::Approve).await
}

async fn many(app: &App, staff: &Staff, form: &Form, way: Way) -> Page {
    let marked = marked(form);
    let month = Month::parse(form.first("month"));
    let Some(month) = month.filter(|_| !marked.is_empty()) else {
        return Ok(nothing(app, staff));
    };
    match form.first("step") {
        "run" => run(app, staff, form, (way, month), marked).await,
        _ => preview(app, staff, (way, month), marked).await,
    }
}

fn nothing(app: &App, staff: &Staff) -> Response {
    Calm::new(app, staff, Section::Reports, "企業が選ばれていません")
        .say("一覧で企業に印を付けてから、ボタンを押してください。何も変更していません。")
        .link("月次レポートの一覧へ", PATH)
        .respond(StatusCode::UNPROCESSABLE_ENTITY)
}

/// The reports that were marked, each once.
fn marked(form: &Form) -> Vec<Marked> {
    let mut marked: Vec<Marked> = Vec::new();
    for value in form.all("case").take(MOST as usize) {
        let (number, revision) = value.split_once(':').unwrap_or((value, "0"));
        if marked.iter().all(|other| other.receipt_number != number) {
            marked.push(Marked {
                receipt_number: number.to_owned(),
                revision: revision.parse().unwrap_or(0),
            });
        }
    }
    marked
}

async fn preview(
    app: &App,
    staff: &Staff,
    (way, month): (Way, Month),
    marked: Vec<Marked>,
) -> Page {
    let lines = app.read(move |tx| due::of_month(tx, month)).await?;
    let by = actor(staff).name();
    let row = |one: &Marked| {
        let line = lines
            .iter()
            .find(|line| line.receipt_number == one.receipt_number);
        let can = may(line, one.revision, way, &by);
        Row {
            href: format!("{PATH}/{}/{month}", one.receipt_number),
            receipt_number: one.receipt_number.clone(),
            name: line.map_or_else(String::new, |line| line.name.clone()),
            ok: can.is_ok(),
            sentence: can.err().unwrap_or_default(),
        }
    };
    let rows: Vec<Row> = marked.iter().map(row).collect();
    let cases = marked.iter().zip(&rows).filter(|(_, row)| row.ok);
    let title = format!(
        "{}分のレポート{}件：{}",
        month.label(),
        rows.len(),
        way.label()
    );
    let page = PreviewPage {
        frame: OfficeFrame::new(app, staff, Section::Reports, &title).crumb("月次レポート", PATH),
        way: way.as_str(),
        month,
        run_id: chance::id(app.clock.now()),
        possible: rows.iter().filter(|row| row.ok).count(),
        cases: (cases.map(|(one, _)| format!("{}:{}", one.receipt_number, one.revision))).collect(),
        rows,
        what: way.what(),
    };
    show(StatusCode::OK, &page)
}

/// Whether it can be done now.
fn may(line: Option<&Line>, revision: u32, way: Way, by: &str) -> Result<(), String> {
    let Some(line) = line else {
        return Err("この企業には、この月に登録された機器がありません。".to_owned());
    };
    let event = match way {
        Way::Make => Event::Made,
        Way::Check => Event::Checked {
            word: String::new(),
        },
        Way::Approve => Event::Approved,
    };
    let told = |refusal: Refusal| refusal.sentence;
    step(line.state(), &event).map_err(told)?;
    let Some(report) = &line.report else {
        return Ok(());
    };
    if report.revision != revision {
        return Err(
            "一覧を開いたあとに、作り直されました。新しい版を確かめてください。".to_owned(),
        );
    }
    if way == Way::Approve && line.state() == Stand::Checked {
        let checked_by = report.checked.as_ref().map_or("", |act| &act.by);
        two_people(checked_by, by).map_err(told)?;
    }
    Ok(())
}

/// Does it, each report in a transaction of its own. What was dealt with under this id is not done again.
async fn run(
    app: &App,
    staff: &Staff,
    form: &Form,
    (way, month): (Way, Month),
    marked: Vec<Marked>,
) -> Page {
    let run = Run {
        id: form.first("run").to_owned(),
        staff_id: staff.id.clone(),
        event: format!("{WORD}:{}:{month}", way.as_str()),
    };
    let is_id = run.id.len() == 36 && run.id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let (begun, now) = (run.clone(), app.clock.now());
    if !is_id || !app.write(move |tx| bulk::begin(tx, &begun, now)).await? {
        return Ok(nothing(app, staff));
    }
    let (run_id, wanted) = (run.id.clone(), marked);
    let left = app
        .read(move |tx| {
            let mut left = Vec::new();
            for (position, one) in (0i64..).zip(&wanted) {
                if !bulk::is_done(tx, &run_id, &one.receipt_number)? {
                    left.push((position, one.clone()));
                }
            }
            Ok(left)
        })
        .await?;
    let results = all(app, staff, (way, month), left).await?;
    let run_id = run.id.clone();
    app.write(move |tx| {
        for (position, receipt_number, result) in &results {
            if bulk::is_done(tx, &run_id, receipt_number)? {
                continue;
            }
            let (outcome, sentence) = match result {
                Ok(()) => ("done", String::new()),
                Err(sentence) => ("refused", sentence.clone()),
            };
            let item = Item {
                receipt_number: receipt_number.clone(),
                position: *position,
                outcome: outcome.to_owned(),
                sentence,
            };
            bulk::note(tx, &run_id, &item)?;
        }
        Ok(())
    })
    .await?;
    Ok(Redirect::to(&format!("{PATH}/done/{}", run.id)).into_response())
}

type Done = (i64, String, Result<(), String>);

/// Reports that are already there are not made twice by sending a form twice: their revision is no longer the one that was seen.
async fn all(
    app: &App,
    staff: &Staff,
    (way, month): (Way, Month),
    left: Vec<(i64, Marked)>,
) -> Result<Vec<Done>, PageError> {
    let mut results = Vec::new();
    if way == Way::Make {
        let lines = app.read(move |tx| due::of_month(tx, month)).await?;
        let (ready, not): (Vec<_>, Vec<_>) = (left.into_iter())
            .map(|(position, one)| {
                let line = lines
                    .iter()
                    .find(|line| line.receipt_number == one.receipt_number);
                let can = may(line, one.revision, way, "");
                (position, one.receipt_number, can)
            })
            .partition(|(_, _, can)| can.is_ok());
        results.extend(not);
        let numbers = ready.iter().map(|(_, number, _)| number.clone()).collect();
        let made = make::make_all(app, numbers, month, (&actor(staff), app.clock.now())).await?;
        for ((position, number, _), (_, result)) in ready.into_iter().zip(made) {
            let told = result.map(drop).map_err(|refusal| refusal.sentence);
            results.push((position, number, told));
        }
        return Ok(results);
    }
    for (position, one) in left {
        let request = Request {
            receipt_number: one.receipt_number.clone(),
            month,
            actor: actor(staff),
            at: app.clock.now(),
        };
        let done: Outcome<_> = match way {
            Way::Check => decide::check(app, request, one.revision, String::new()).await,
            _ => decide::approve(app, request, one.revision).await,
        };
        let told = done?.map(drop).map_err(|refusal| refusal.sentence);
        results.push((position, one.receipt_number, told));
    }
    Ok(results)
}

async fn done(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let read = app
        .read(move |tx| {
            let Some(run) = bulk::by_id(tx, &id)? else {
                return Ok(None);
            };
            let mut parts = run.event.split(':');
            let month = (parts.next() == Some(WORD)).then(|| parts.nth(1)).flatten();
            let Some(month) = month.and_then(Month::parse) else {
                return Ok(None);
            };
            Ok(Some((
                month,
                bulk::items(tx, &run.id)?,
                due::of_month(tx, month)?,
            )))
        })
        .await?;
    let (month, items, lines) = read.ok_or(PageError::NotFound)?;
    let name = |number: &str| {
        let line = lines.iter().find(|line| line.receipt_number == number);
        line.map_or_else(String::new, |line| line.name.clone())
    };
    let mut rows: Vec<Row> = (items.into_iter())
        .map(|item| Row {
            href: format!("{PATH}/{}/{month}", item.receipt_number),
            name: name(&item.receipt_number),
            receipt_number: item.receipt_number,
            ok: item.outcome == "done",
            sentence: item.sentence,
        })
        .collect();
    // What is left to do stands first.
    rows.sort_by_key(|row| row.ok);
    let title = format!("{}分のレポートをまとめて進めた結果", month.label());
    let page = DonePage {
        frame: OfficeFrame::new(&app, &staff, Section::Reports, &title).crumb("月次レポート", PATH),
        done: rows.iter().filter(|row| row.ok).count(),
        month,
        rows,
    };
    show(StatusCode::OK, &page)
}

impl Way {
    fn as_str(self) -> &'static str {
        match self {
            Way::Make => "make",
            Way::Check => "check",
            Way::Approve => "approve",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Way::Make => "作る(作り直す)",
            Way::Check => "点検済みにする",
            Way::Approve => "承認する",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Way::Make => {
                "今ある記録から数字を計算し、そのまま保存します。点検や承認が済んでいたものは、点検からやり直しになります。"
            }
            Way::Check => {
                "会社へのひとことを付けずに、点検済みにします。ひとことを付けるときは、一件ずつ行ってください。"
            }
            Way::Approve => "承認すると、5分後に会社へメールを送ります。それまでは、差し戻せます。",
        }
    }
}
