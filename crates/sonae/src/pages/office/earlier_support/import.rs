//! `/office/earlier-support/lists/{id}`: one list, as it was understood; importing it, forgetting it, taking it back.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::calendar::japanese;
use sonae_core::earlier_support::list::{MAX_REMARKS, Remark};
use sonae_store::earlier_import::{self, Confirmed, Import, State as Stage};
use sonae_store::earlier_support;

use super::super::Page;
use super::super::door::{Door, Staff};
use super::super::flash::Flash;
use super::super::form::Form;
use super::super::frame::{OfficeFrame, Section};
use super::{Asked, HERE, PAGE, Pages, RecordRow, covers};
use crate::app::App;
use crate::pages::public::error::PageError;
use crate::pages::public::show;
use crate::sheet;

/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

pub(super) fn routes(door: Door) -> Door {
    let may = Action::ImportEarlierSupport;
    door.get("/office/earlier-support/lists/{id}", may, list)
        .post("/office/earlier-support/lists/{id}/import", may, take_in)
        .post("/office/earlier-support/lists/{id}/discard", may, discard)
        .post(
            "/office/earlier-support/lists/{id}/take-back",
            may,
            take_back,
        )
}

#[derive(Template)]
#[template(path = "office/earlier_support/import.html")]
struct View {
    frame: OfficeFrame,
    href: String,
    import: Import,
    covers: String,
    created_at: String,
    imported_at: Option<String>,
    taken_back_at: Option<String>,
    /// When the same file was imported as another list.
    before: Option<String>,
    errors: Vec<RemarkRow>,
    warnings: Vec<RemarkRow>,
    records: Vec<RecordRow>,
    pages: Pages,
    reason: String,
    reason_error: Option<String>,
}

/// Something about one cell, with the address under which the spreadsheet shows it.
struct RemarkRow {
    cell: String,
    sentence: String,
}

impl View {
    fn is_draft(&self) -> bool {
        self.import.state == Stage::Draft
    }

    fn is_imported(&self) -> bool {
        self.import.state == Stage::Imported
    }

    /// Whether more was found than is shown.
    fn more_remarks(&self) -> bool {
        self.import.reading.errors + self.import.reading.warnings > MAX_REMARKS
    }
}

async fn list(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Page {
    let view = view(&app, &staff, &id, asked).await?;
    show(StatusCode::OK, &view)
}

async fn view(app: &App, staff: &Staff, id: &str, asked: Asked) -> Result<View, PageError> {
    let now = app.clock.now();
    let page = asked.page();
    let wanted = id.to_owned();
    let found = app
        .read(move |tx| {
            let Some(import) = earlier_import::find(tx, &wanted, now)? else {
                return Ok(None);
            };
            let records = earlier_support::of_import(tx, &wanted, PAGE, (page - 1) * PAGE)?;
            let before = match import.state {
                Stage::Draft => earlier_import::imported_before(tx, &import.file_hash)?,
                _ => None,
            };
            Ok(Some((import, records, before)))
        })
        .await?;
    let (import, records, before) = found.ok_or(PageError::NotFound)?;
    let title = match import.state {
        Stage::Draft => "名簿の確認",
        Stage::Imported => "取り込んだ名簿",
        Stage::TakenBack => "取り消した名簿",
    };
    let href = format!("{HERE}/lists/{}", import.id);
    let left = match import.state {
        Stage::TakenBack => 0,
        _ => import.records,
    };
    let frame = OfficeFrame::new(app, staff, Section::EarlierSupport, title);
    Ok(View {
        frame: frame.crumb("過去の支援", HERE),
        covers: covers(&import),
        created_at: japanese::moment(import.created_at),
        imported_at: import.imported_at.map(japanese::moment),
        taken_back_at: import.taken_back_at.map(japanese::moment),
        before: before.map(japanese::moment),
        errors: remarks(&import, true),
        warnings: remarks(&import, false),
        records: records.into_iter().map(RecordRow::of).collect(),
        pages: Pages::of(page, left, |page| format!("{href}?page={page}#records")),
        href,
        import,
        reason: String::new(),
        reason_error: None,
    })
}

fn remarks(import: &Import, errors: bool) -> Vec<RemarkRow> {
    let wanted = |remark: &&Remark| remark.is_error == errors;
    let row = |remark: &Remark| RemarkRow {
        cell: sheet::address(remark.column, remark.row),
        sentence: remark.sentence.clone(),
    };
    import
        .reading
        .remarks
        .iter()
        .filter(wanted)
        .map(row)
        .collect()
}

async fn take_in(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let now = app.clock.now();
    let (by, actor, wanted) = (staff.id.clone(), staff.actor(), id.clone());
    let confirmed = app
        .write(move |tx| earlier_import::confirm(tx, &wanted, &by, &actor, now))
        .await?;
    let said = match confirmed {
        Confirmed::Done => Flash::success(
            "名簿を取り込みました。手続き中の案件の参加要件を、この名簿と照らして確認し直します。",
        ),
        Confirmed::Before => Flash::success("この名簿は、すでに取り込んであります。"),
        Confirmed::SameFile => {
            Flash::warning("同じファイルがすでに取り込まれているため、取り込みませんでした。")
        }
        Confirmed::No => Flash::warning(
            "この名簿は取り込めません。期限が過ぎたか、直すところが残っています。ファイルをもう一度お選びください。",
        ),
    };
    let to = match confirmed {
        Confirmed::No => HERE.to_owned(),
        _ => format!("{HERE}/lists/{id}"),
    };
    Ok(said.go(&app, &staff, &to))
}

async fn discard(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let gone = app
        .write(move |tx| earlier_import::discard(tx, &id))
        .await?;
    let said = match gone {
        true => Flash::success("名簿の取り込みをやめました。読み込んだ内容は消しました。"),
        false => Flash::warning("この名簿は、すでに取り込まれたか、なくなっています。"),
    };
    Ok(said.go(&app, &staff, HERE))
}

async fn take_back(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    form: Form,
) -> Page {
    let reason: String = form.first("reason").trim().to_owned();
    let problem = match reason.chars().count() {
        0 => Some("取り消す理由を書いてください。".to_owned()),
        1..=LONGEST_REASON => None,
        _ => Some(format!("理由は{LONGEST_REASON}文字までで書いてください。")),
    };
    if problem.is_some() {
        let mut view = view(&app, &staff, &id, Asked::default()).await?;
        view.frame = view.frame.with_error(true);
        (view.reason, view.reason_error) = (reason, problem);
        return show(StatusCode::UNPROCESSABLE_ENTITY, &view);
    }
    let now = app.clock.now();
    let (by, actor, wanted) = (staff.id.clone(), staff.actor(), id.clone());
    let done = app
        .write(move |tx| earlier_import::take_back(tx, &wanted, &by, &actor, &reason, now))
        .await?;
    let said = match done {
        true => Flash::success(
            "名簿の取り込みを取り消し、その記録をすべて消しました。手続き中の案件の参加要件を確認し直します。",
        ),
        false => Flash::warning("この名簿は、取り込まれていないか、すでに取り消されています。"),
    };
    Ok(said.go(&app, &staff, HERE))
}
