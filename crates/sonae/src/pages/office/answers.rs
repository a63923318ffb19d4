//! `/office/cases/{receipt_number}/papers/answers/…`, `…/tables/…` and what follows from them: the answers of a company, for its expert and
//! the secretariat. The pages are those of the company's portal, see `pages::papers`.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect};
use sonae_core::access::Action;
use sonae_core::calendar::tokyo_date;
use sonae_core::paper::desk;

use super::Page;
use super::case::open::{access, open_with};
use super::door::{Door, Staff};
use super::form::Form;
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::office::papers::{answers as saved, kinds};
use crate::pages::papers::editor::{self, Answer, Query, Visit, Wanted};
use crate::pages::papers::{Held, Piece, Place};
use crate::pages::public::error::PageError;
use crate::pages::public::field::Mistake;
use crate::pages::public::show;

const BASE: &str = "/office/cases/{receipt_number}/papers";

pub(super) fn routes(door: Door) -> Door {
    let (read, work) = (Action::ReadPapers, Action::WorkPapers);
    door.get(
        "/office/cases/{receipt_number}/papers/answers/{kind}/{section}",
        read,
        section,
    )
    .post(
        "/office/cases/{receipt_number}/papers/answers/{kind}/{section}",
        work,
        take_section,
    )
    .get(
        "/office/cases/{receipt_number}/papers/tables/{question}",
        read,
        table,
    )
    .post(
        "/office/cases/{receipt_number}/papers/tables/{question}",
        work,
        take_table,
    )
    .get(
        "/office/cases/{receipt_number}/papers/tables/{question}/sheet",
        work,
        sheet,
    )
    .upload(
        "/office/cases/{receipt_number}/papers/tables/{question}/sheet",
        work,
        take_sheet,
    )
    .get(
        "/office/cases/{receipt_number}/papers/{kind}/word",
        read,
        word,
    )
    .upload(
        "/office/cases/{receipt_number}/papers/{kind}/word",
        work,
        take_word,
    )
    .get("/office/cases/{receipt_number}/papers/checks", read, checks)
    .get("/office/cases/{receipt_number}/papers/risks", read, risks)
    .get(
        "/office/cases/{receipt_number}/papers/security-action",
        read,
        security_action,
    )
    .get(
        "/office/cases/{receipt_number}/papers/ledger.xlsx",
        read,
        workbook,
    )
}

#[derive(Template)]
#[template(path = "office/answers.html")]
struct View {
    frame: OfficeFrame,
    mistakes: Vec<Mistake>,
    body: String,
}

/// Opens the answers of a case.
async fn visit(app: &App, staff: &Staff, number: &str, action: Action) -> Result<Visit, PageError> {
    let (opened, (answers, kinds)) = open_with(app, staff, number, action, |tx, opened| {
        Ok((
            saved::of_case(tx, &opened.stored)?,
            kinds(tx, &opened.stored)?,
        ))
    })
    .await?;
    if kinds.is_empty() {
        return Err(PageError::NotFound);
    }
    let may = staff
        .may(Action::WorkPapers, access(staff, &opened.stored))
        .is_ok();
    Ok(Visit {
        place: Place {
            base: BASE.replace("{receipt_number}", &opened.stored.receipt_number),
            csrf: Some(staff.csrf.clone()),
            open: may && desk::open(&opened.stored.case).is_ok(),
            kinds,
        },
        held: Held {
            answers: answers.shown,
            saved: answers.saved,
            seeds: answers.seeds,
            sources: answers.sources,
            version: answers.sequence,
        },
        receipt_number: opened.stored.receipt_number.clone(),
        application_id: opened.stored.application_id.clone(),
        company: opened.name().to_owned(),
        actor: opened.actor(),
        today: tokyo_date(app.clock.now()),
    })
}

async fn section(
    State(app): State<App>,
    staff: Staff,
    Path((number, kind, section)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Page {
    let visit = visit(&app, &staff, &number, Action::ReadPapers).await?;
    let wanted = Wanted::section(&visit.place, &kind, &section);
    shown((&app, &staff), &visit, wanted, query).await
}

async fn take_section(
    State(app): State<App>,
    staff: Staff,
    Path((number, kind, section)): Path<(String, String, String)>,
    form: Form,
) -> Page {
    let visit = visit(&app, &staff, &number, Action::WorkPapers).await?;
    let wanted = Wanted::section(&visit.place, &kind, &section);
    taken((&app, &staff), &visit, wanted, &form).await
}

async fn table(
    State(app): State<App>,
    staff: Staff,
    Path((number, question)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Page {
    let visit = visit(&app, &staff, &number, Action::ReadPapers).await?;
    let wanted = Wanted::table(&visit.place, &question).map(Wanted::Table);
    shown((&app, &staff), &visit, wanted, query).await
}

async fn take_table(
    State(app): State<App>,
    staff: Staff,
    Path((number, question)): Path<(String, String)>,
    form: Form,
) -> Page {
    let visit = visit(&app, &staff, &number, Action::WorkPapers).await?;
    let wanted = Wanted::table(&visit.place, &question).map(Wanted::Table);
    taken((&app, &staff), &visit, wanted, &form).await
}

async fn sheet(
    State(app): State<App>,
    staff: Staff,
    Path((number, question)): Path<(String, String)>,
) -> Page {
    let visit = visit(&app, &staff, &number, Action::WorkPapers).await?;
    let wanted = Wanted::table(&visit.place, &question).map(Wanted::Sheet);
    shown((&app, &staff), &visit, wanted, None).await
}

async fn take_sheet(
    State(app): State<App>,
    staff: Staff,
    Path((number, question)): Path<(String, String)>,
    form: Form,
) -> Page {
    let visit = visit(&app, &staff, &number, Action::WorkPapers).await?;
    let wanted = Wanted::table(&visit.place, &question).map(Wanted::Sheet);
    taken((&app, &staff), &visit, wanted, &form).await
}

async fn word(
    State(app): State<App>,
    staff: Staff,
    Path((number, kind)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Page {
    let visit = visit(&app, &staff, &number, Action::ReadPapers).await?;
    let wanted = Wanted::returned(&visit.place, &kind);
    shown((&app, &staff), &visit, wanted, query).await
}

async fn take_word(
    State(app): State<App>,
    staff: Staff,
    Path((number, kind)): Path<(String, String)>,
    form: Form,
) -> Page {
    let visit = visit(&app, &staff, &number, Action::WorkPapers).await?;
    let wanted = Wanted::returned(&visit.place, &kind);
    taken((&app, &staff), &visit, wanted, &form).await
}

async fn checks(State(app): State<App>, staff: Staff, Path(number): Path<String>) -> Page {
    let visit = visit(&app, &staff, &number, Action::ReadPapers).await?;
    shown((&app, &staff), &visit, Some(Wanted::Checks), None).await
}

async fn risks(State(app): State<App>, staff: Staff, Path(number): Path<String>) -> Page {
    let visit = visit(&app, &staff, &number, Action::ReadPapers).await?;
    let wanted = visit.place.has("assets").then_some(Wanted::Risks);
    shown((&app, &staff), &visit, wanted, None).await
}

async fn security_action(State(app): State<App>, staff: Staff, Path(number): Path<String>) -> Page {
    let visit = visit(&app, &staff, &number, Action::ReadPapers).await?;
    let wanted = visit
        .place
        .has("security_action_level")
        .then_some(Wanted::SecurityAction);
    shown((&app, &staff), &visit, wanted, None).await
}

async fn workbook(State(app): State<App>, staff: Staff, Path(number): Path<String>) -> Page {
    let visit = visit(&app, &staff, &number, Action::ReadPapers).await?;
    let bytes = editor::workbook(&visit)?;
    let headers = [
        (
            CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (CONTENT_DISPOSITION, "attachment; filename=\"assets.xlsx\""),
    ];
    Ok((headers, bytes).into_response())
}

async fn shown(
    (app, staff): (&App, &Staff),
    visit: &Visit,
    wanted: Option<Wanted>,
    query: Option<String>,
) -> Page {
    let wanted = wanted.ok_or(PageError::NotFound)?;
    let query = Query::parse(&query.unwrap_or_default());
    let answer = editor::show(app, visit, wanted, &query).await?;
    answered((app, staff), visit, answer)
}

async fn taken(
    (app, staff): (&App, &Staff),
    visit: &Visit,
    wanted: Option<Wanted>,
    form: &Form,
) -> Page {
    let wanted = wanted.ok_or(PageError::NotFound)?;
    let answer = editor::take(app, visit, wanted, form).await?;
    answered((app, staff), visit, answer)
}

fn answered((app, staff): (&App, &Staff), visit: &Visit, answer: Answer) -> Page {
    let piece = match answer {
        Answer::Go(to) => return Ok(Redirect::to(&to).into_response()),
        Answer::Piece(piece) => *piece,
    };
    let Piece {
        status,
        title,
        mistakes,
        body,
        ..
    } = piece;
    let case = format!("/office/cases/{}", visit.receipt_number);
    let frame = OfficeFrame::new(app, staff, Section::Cases, &title)
        .crumb(&visit.company, &case)
        .crumb("文書", &visit.place.base)
        .with_error(!mistakes.is_empty());
    show(
        status,
        &View {
            frame,
            mistakes,
            body,
        },
    )
}
