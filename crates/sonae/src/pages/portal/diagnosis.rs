//! 事前診断の結果: `/applications/{receipt_number}/{token}/diagnosis`. The record of the environment and the courses decided on.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::program::flow::StepKind;

use super::super::public::calm::{self, Page};
use super::super::public::field::Row;
use super::super::public::frame::Frame;
use super::door::{self, Opened, Top, Turn};
use crate::app::App;

#[derive(Template)]
#[template(path = "portal/diagnosis.html")]
struct DiagnosisPage<'a> {
    frame: Frame,
    top: Top,
    /// Titles of the courses, once they are decided.
    decided: Vec<&'a str>,
    rows: Vec<Row>,
}

/// Whether there is something to read: the diagnosis is done, or the courses are decided.
pub(super) fn is_readable(opened: &Opened) -> bool {
    let done = |kind| opened.turn(kind) == Turn::Done;
    done(StepKind::Diagnosis) || done(StepKind::CourseDecision)
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    if !is_readable(&opened) {
        let sentence = "事前診断の結果は、診断が終わってからこのページでご覧いただけます。";
        return Ok(opened.not_now(&app, StatusCode::OK, sentence));
    }
    let program = opened.program();
    let case = opened.case();
    let asked = program.definition.support.diagnosis.iter();
    let rows = asked.filter_map(|asked| {
        let value = asked.show(case.diagnosis.get(&asked.id));
        (!value.is_empty()).then(|| Row {
            label: asked.label.clone(),
            value,
            change: None,
        })
    });
    let decided = opened.turn(StepKind::CourseDecision) == Turn::Done;
    let courses = program.courses().iter();
    let courses = courses.filter(|course| decided && case.courses.contains(&course.id));
    let page = DiagnosisPage {
        frame: opened.frame(&app, "事前診断の結果"),
        top: opened.top(),
        decided: courses.map(|course| course.title.as_str()).collect(),
        rows: rows.collect(),
    };
    Ok(calm::html(StatusCode::OK, &page))
}
