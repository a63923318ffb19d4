//! `/office/figures`: the funnel of each programme in numbers and charts, without naming anybody; also as CSV.

mod chart;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use sonae_core::access::Action;
use sonae_core::calendar::japanese::{date_short, moment};
use sonae_core::figures::{FEWEST_FOR_A_MEDIAN, Figures, SMALL, careful};
use sonae_core::flow::Status;
use sonae_core::program::Milestone;
use sonae_db::Tx;
use sonae_store::{StoreError, figures};

use super::Page;
use super::door::{Door, Staff};
use super::frame::{OfficeFrame, Section};
use crate::app::{App, Running};
use crate::office::figures::funnel;
use crate::pages::public::error::PageError;
use crate::pages::public::show;
use crate::sheet::{Cell, Column, Encoding, write_csv};
use chart::{Bars, Columns};

pub(super) fn routes(door: Door) -> Door {
    let door = door.get("/office/figures", Action::ReadFigures, overview);
    let door = door.get("/office/figures/{program}", Action::ReadFigures, page);
    door.get("/office/figures/{program}/csv", Action::ReadFigures, csv)
}

#[derive(Template)]
#[template(path = "office/figures.html")]
struct Overview {
    frame: OfficeFrame,
    at: String,
    programs: Vec<Summary>,
}

struct Summary {
    id: String,
    title: String,
    received: u32,
    open: u32,
    complete: Option<u32>,
    approved: u32,
    confirmed: u32,
    closed: u32,
}

#[derive(Template)]
#[template(path = "office/figures/program.html")]
struct ProgramPage {
    frame: OfficeFrame,
    id: String,
    at: String,
    figures: Figures,
    statuses: Vec<(&'static str, u32)>,
    reasons: Vec<Reason>,
    steps: Bars,
    weeks: Columns,
    small: u32,
    fewest: usize,
}

struct Reason {
    status: &'static str,
    clause: String,
    /// A number, or that it is small.
    count: String,
}

/// What one programme's page is made of.
type Read = (Figures, BTreeMap<(String, String), u32>);

fn read(tx: &mut Tx, running: &Running) -> Result<Read, StoreError> {
    let reasons = figures::closed_by_clause(tx, running.program.id())?;
    Ok((funnel(tx, running)?, reasons))
}

async fn overview(State(app): State<App>, staff: Staff) -> Page {
    let inner = app.clone();
    let programs = app
        .read(move |tx| {
            let mut programs = Vec::new();
            for running in inner.programs.iter() {
                programs.push(summary(running, &funnel(tx, running)?));
            }
            Ok(programs)
        })
        .await?;
    let page = Overview {
        frame: OfficeFrame::new(&app, &staff, Section::Figures, "数字"),
        at: moment(app.clock.now()),
        programs,
    };
    show(StatusCode::OK, &page)
}

fn summary(running: &Running, figures: &Figures) -> Summary {
    let count = |status: Status| figures.by_status.get(status.as_str()).copied().unwrap_or(0);
    let milestone = |milestone| figures.milestones.get(&milestone).copied().unwrap_or(0);
    let steps = &running.program.definition.flow.step;
    let knows = |wanted| steps.iter().any(|step| step.reaches == Some(wanted));
    let closed = Status::ALL.into_iter().filter(|status| status.is_closed());
    Summary {
        id: running.program.id().to_owned(),
        title: running.program.definition.program.short_title.clone(),
        received: figures.received,
        open: count(Status::Open),
        complete: knows(Milestone::Complete).then(|| milestone(Milestone::Complete)),
        approved: milestone(Milestone::Approved),
        confirmed: count(Status::Confirmed),
        closed: closed.map(count).sum(),
    }
}

async fn figures_of(app: &App, program: &str) -> Result<(String, Read), PageError> {
    let running = app.programs.get(program).cloned();
    let running = running.ok_or(PageError::NotFound)?;
    let title = running.program.definition.program.short_title.clone();
    let read = app.read(move |tx| read(tx, &running)).await?;
    Ok((title, read))
}

async fn page(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let (title, (figures, reasons)) = figures_of(&app, &id).await?;
    let count = |status: Status| figures.by_status.get(status.as_str()).copied().unwrap_or(0);
    let statuses = Status::ALL.into_iter();
    let page = ProgramPage {
        frame: OfficeFrame::new(&app, &staff, Section::Figures, &title)
            .crumb("数字", "/office/figures"),
        id,
        at: moment(app.clock.now()),
        statuses: statuses
            .map(|status| (status.label(), count(status)))
            .collect(),
        reasons: reasons_shown(&reasons),
        steps: chart::bars(&figures),
        weeks: chart::columns(&figures.weeks),
        figures,
        small: SMALL,
        fewest: FEWEST_FOR_A_MEDIAN,
    };
    show(StatusCode::OK, &page)
}

fn reasons_shown(reasons: &BTreeMap<(String, String), u32>) -> Vec<Reason> {
    let counts: Vec<u32> = reasons.values().copied().collect();
    let told = careful(&counts);
    let shown = reasons
        .keys()
        .zip(told)
        .map(|((status, clause), count)| Reason {
            status: Status::parse(status).map_or("", Status::label),
            clause: match clause.is_empty() {
                true => "条項の記載なし".to_owned(),
                false => clause.clone(),
            },
            count: count.map_or_else(|| "少数のため非表示".to_owned(), |count| count.to_string()),
        });
    shown.collect()
}

async fn csv(State(app): State<App>, Path(id): Path<String>) -> Page {
    let (_, (figures, reasons)) = figures_of(&app, &id).await?;
    let columns = [
        Column::new("区分", 12),
        Column::new("項目", 30),
        Column::new("数え方", 20),
        Column::new("値", 10),
    ];
    let bytes = write_csv(&columns, rows(&figures, &reasons), Encoding::Utf8);
    let file = format!("attachment; filename=\"figures-{id}.csv\"");
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, file),
    ];
    Ok((headers, bytes).into_response())
}

fn rows(figures: &Figures, reasons: &BTreeMap<(String, String), u32>) -> Vec<Vec<Cell>> {
    let number = |value: u32| Cell::Number(i64::from(value));
    let row = |kind: &str, item: &str, what: &str, value: Cell| {
        vec![Cell::from(kind), Cell::from(item), Cell::from(what), value]
    };
    let mut rows = vec![row("全体", "受付", "件数", number(figures.received))];
    for status in Status::ALL {
        let count = figures.by_status.get(status.as_str()).copied().unwrap_or(0);
        rows.push(row("状態", status.label(), "件数", number(count)));
    }
    for step in &figures.steps {
        rows.push(row("段階", &step.title, "到達", number(step.reached)));
        rows.push(row("段階", &step.title, "完了", number(step.done)));
        rows.push(row("段階", &step.title, "待ち", number(step.waiting)));
        let median = step.median_days.map(i64::from);
        rows.push(row("段階", &step.title, "営業日の中央値", median.into()));
    }
    for course in &figures.courses {
        rows.push(row(
            "コース",
            &course.title,
            "受付",
            number(course.received),
        ));
        rows.push(row(
            "コース",
            &course.title,
            "承認",
            number(course.approved),
        ));
        rows.push(row(
            "コース",
            &course.title,
            "参加確定",
            number(course.confirmed),
        ));
        rows.push(row("コース", &course.title, "終了", number(course.closed)));
    }
    for week in &figures.weeks {
        let monday = week.monday.to_string();
        rows.push(row("週(月曜日)", &monday, "受付", number(week.received)));
        rows.push(row("週(月曜日)", &monday, "承認", number(week.approved)));
        rows.push(row(
            "週(月曜日)",
            &monday,
            "参加確定",
            number(week.confirmed),
        ));
    }
    for reason in reasons_shown(reasons) {
        let count = match reason.count.parse::<i64>() {
            Ok(count) => Cell::Number(count),
            Err(_) => Cell::Text(reason.count),
        };
        rows.push(row(reason.status, &reason.clause, "件数", count));
    }
    rows
}

/// A week's day for the table.
fn short(date: jiff::civil::Date) -> String {
    date_short(date)
}
