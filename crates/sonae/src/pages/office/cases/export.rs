//! `/office/cases/export`: the list as a file, with the same conditions and order, noted in the log.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use serde_json::json;
use sonae_core::access::Action;
use sonae_core::calendar::{japanese, tokyo};
use sonae_store::audit::{self, Act};
use sonae_store::queue::{self, Listed};
use sonae_store::staff;

use super::asked::{Asked, asker};
use super::{labels, names, row};
use crate::app::App;
use crate::pages::office::calm::Calm;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::Section;
use crate::pages::office::{Page, PageError};
use crate::sheet::{Cell, Column, Encoding, write_csv, write_xlsx};

/// The most cases of one file.
const MOST: u32 = 100_000;

pub(super) fn routes(door: Door) -> Door {
    door.post("/office/cases/export", Action::ExportCases, export)
}

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Csv(Encoding),
    Excel,
}

impl Format {
    fn parse(word: &str) -> Format {
        match word {
            "cp932" => Format::Csv(Encoding::Cp932),
            "csv" => Format::Csv(Encoding::Utf8),
            _ => Format::Excel,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Format::Csv(Encoding::Utf8) => "csv",
            Format::Csv(Encoding::Cp932) => "cp932",
            Format::Excel => "xlsx",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Format::Csv(Encoding::Utf8) => "text/csv; charset=utf-8",
            Format::Csv(Encoding::Cp932) => "text/csv; charset=Shift_JIS",
            Format::Excel => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

async fn export(State(app): State<App>, staff: Staff, sent: Form) -> Page {
    let fields = sent.fields().iter();
    let asked = Asked::read(fields.map(|(name, value)| (name.as_str(), value.as_str())));
    let format = Format::parse(sent.first("format"));
    let asker = asker(&app, &staff);
    let at = asker.now;
    let wanted = asked.wanted(&staff, at);
    let sort = asked.sort(asked.view(staff.role));
    // What was typed may be a name, which the log must not hold.
    let filter = asked.with("q", "").query();
    let (actor, searched, id) = (staff.actor(), !asked.q.is_empty(), staff.id.clone());
    // Read apart from the note in the log, so that nobody waits at the door while many cases are read.
    let read = app.read(move |tx| {
        let listed = queue::export(tx, &wanted, &asker, sort, MOST + 1)?;
        Ok((listed, staff::all(tx)?))
    });
    let (listed, people) = read.await?;
    if listed.len() > MOST as usize {
        return Ok(too_many(&app, &staff));
    }
    let data = json!({
        "filter": filter,
        "searched": searched,
        "rows": listed.len(),
        "format": format.word(),
    });
    // Each row is made when it is written: two forms of all cases at once would be twice the memory.
    let (inner, names) = (app.clone(), names(&people));
    let file = tokio::task::spawn_blocking(move || {
        let rows = listed.into_iter();
        write(format, rows.map(|case| cells(&inner, &case, &names)), at)
    });
    let file = file.await;
    let file = file.map_err(|_| PageError::Internal("a file was not finished".into()))??;
    // The file leaves only when the log says so.
    let noted = app.write(move |tx| {
        let act = Act {
            at,
            actor: &actor,
            action: "cases.exported",
            subject: &id,
        };
        audit::append(tx, act, data.clone()).map(|_| ())
    });
    noted.await?;
    answer(format, file, at)
}

fn too_many(app: &App, staff: &Staff) -> Response {
    Calm::new(app, staff, Section::Cases, "案件が多すぎるため、出力していません")
        .say("一つのファイルには10万件まで出力できます。事業や状態で絞り込んでから、もう一度出力してください。")
        .link("案件の一覧へ", "/office/cases")
        .respond(StatusCode::UNPROCESSABLE_ENTITY)
}

fn columns() -> Vec<Column> {
    [
        ("受付番号", 14),
        ("会社名", 36),
        ("法人番号", 16),
        ("事業", 28),
        ("コース", 28),
        ("状態", 12),
        ("段階", 24),
        ("次に動く人", 12),
        ("担当者", 16),
        ("専門家", 16),
        ("期限", 18),
        ("期限の状態", 20),
        ("判定", 14),
        ("東京都の承認", 16),
        ("枠待ち", 8),
        ("受付日時", 28),
        ("更新日時", 28),
    ]
    .map(|(title, width)| Column::new(title, width))
    .into()
}

fn cells(app: &App, case: &Listed, names: &super::Names) -> Vec<Cell> {
    let row = row::row(app, case, names, app.clock.now());
    let clock = row.clock.unwrap_or_default();
    vec![
        row.receipt_number.into(),
        row.name.into(),
        case.corporate_number.clone().into(),
        row.program.into(),
        row.courses.into(),
        labels::status(&case.status).into(),
        row.step.into(),
        row.owner.into(),
        row.assignee.into(),
        row.expert.into(),
        clock.day.iso.into(),
        clock.words.into(),
        labels::outcome(&case.outcome).into(),
        labels::approval(&case.approval).into(),
        if case.waiting { "枠待ち" } else { "" }.into(),
        japanese::moment(case.received_at).into(),
        japanese::moment(case.updated_at).into(),
    ]
}

fn write(
    format: Format,
    rows: impl Iterator<Item = Vec<Cell>>,
    at: Timestamp,
) -> Result<Vec<u8>, PageError> {
    match format {
        Format::Csv(encoding) => Ok(write_csv(&columns(), rows, encoding)),
        Format::Excel => write_xlsx("案件", &columns(), rows, at)
            .map_err(|error| PageError::Internal(error.to_string())),
    }
}

fn answer(format: Format, file: Vec<u8>, at: Timestamp) -> Page {
    let ending = if format == Format::Excel {
        "xlsx"
    } else {
        "csv"
    };
    let name = at.to_zoned(tokyo()).strftime("cases-%Y%m%d-%H%M");
    let disposition = format!("attachment; filename=\"{name}.{ending}\"");
    let mut response = Response::new(Body::from(file));
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static(format.content_type()),
    );
    let disposition = HeaderValue::from_str(&disposition)
        .map_err(|_| PageError::Internal("a file's name is not ASCII".into()))?;
    headers.insert(CONTENT_DISPOSITION, disposition);
    Ok(response)
}
