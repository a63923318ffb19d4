//! `/office/earlier-support`: what is on record about earlier support, the lists it came from, and handing in a new one.

mod import;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use sonae_core::access::Action;
use sonae_core::application::choices::{self, SUPPORT_KINDS};
use sonae_core::application::show;
use sonae_core::calendar::japanese;
use sonae_core::earlier_support::fiscal_year;
use sonae_core::earlier_support::list::{Defaults, FIRST_YEAR, LAST_YEAR};
use sonae_core::text::phone::display;
use sonae_store::earlier_import::{self, Import, State as Stage};
use sonae_store::earlier_support::{self, Stored};

use super::Page;
use super::door::{Door, Staff};
use super::form::Form;
use super::frame::{OfficeFrame, Section};
use crate::app::App;
use crate::office::earlier_lists::{self, Handed};
use crate::pages::public::error::PageError;
use crate::pages::public::show as show_page;
use crate::sheet;

/// The address of the page.
const HERE: &str = "/office/earlier-support";
/// Records on one page.
const PAGE: u32 = 50;
/// The last page that is shown; beyond it somebody should search.
const LAST_PAGE: u32 = 2_000;
/// The longest search, in characters.
const LONGEST_SEARCH: usize = 100;

pub(super) fn routes(door: Door) -> Door {
    let door = door
        .get(HERE, Action::ImportEarlierSupport, overview)
        .upload(HERE, Action::ImportEarlierSupport, hand_in)
        .get(
            "/office/earlier-support/template.xlsx",
            Action::ImportEarlierSupport,
            template,
        );
    import::routes(door)
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: String,
}

impl Asked {
    /// From 1; what is no page is the first one.
    fn page(&self) -> u32 {
        self.page.parse().unwrap_or(1).clamp(1, LAST_PAGE)
    }
}

#[derive(Template)]
#[template(path = "office/earlier_support.html")]
struct View {
    frame: OfficeFrame,
    search: String,
    records: Vec<RecordRow>,
    total: i64,
    pages: Pages,
    imports: Vec<ImportRow>,
    form: Typed,
    kinds: Vec<KindChoice>,
}

/// What the form holds, and what is wrong with it.
#[derive(Clone, Debug, Default)]
struct Typed {
    kind: String,
    year: String,
    complete: bool,
    file_error: Option<String>,
    year_error: Option<String>,
}

struct KindChoice {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

/// One record as tables show it.
struct RecordRow {
    name: String,
    kana: String,
    corporate_number: String,
    address: String,
    phone: String,
    kind: &'static str,
    year: String,
    source: String,
    /// Where the source can be opened.
    href: String,
    /// As the spreadsheet shows it.
    row: Option<i64>,
}

/// One list as the table shows it.
struct ImportRow {
    href: String,
    import: Import,
    at: String,
}

/// Ways to the pages beside this one.
struct Pages {
    current: u32,
    last: u32,
    previous: Option<String>,
    next: Option<String>,
}

async fn overview(State(app): State<App>, staff: Staff, Query(asked): Query<Asked>) -> Page {
    let view = view(&app, &staff, asked, Typed::default()).await?;
    show_page(StatusCode::OK, &view)
}

async fn view(app: &App, staff: &Staff, asked: Asked, form: Typed) -> Result<View, PageError> {
    let search: String = asked.q.trim().chars().take(LONGEST_SEARCH).collect();
    let page = asked.page();
    let query = search.clone();
    let (listed, imports) = app
        .read(move |tx| {
            let listed = earlier_support::list(tx, &query, PAGE, (page - 1) * PAGE)?;
            Ok((listed, earlier_import::all(tx)?))
        })
        .await?;
    let wrong = form.file_error.is_some() || form.year_error.is_some();
    let kinds = SUPPORT_KINDS.iter().map(|choice| KindChoice {
        value: choice.value,
        label: choice.label,
        chosen: choice.value == form.kind,
    });
    Ok(View {
        frame: OfficeFrame::new(app, staff, Section::EarlierSupport, "過去の支援")
            .with_error(wrong),
        pages: Pages::of(page, listed.total, |page| with_search(&search, page)),
        total: listed.total,
        records: listed.records.into_iter().map(RecordRow::of).collect(),
        imports: imports.into_iter().map(ImportRow::of).collect(),
        kinds: kinds.collect(),
        search,
        form,
    })
}

fn with_search(search: &str, page: u32) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if !search.is_empty() {
        query.append_pair("q", search);
    }
    let query = query.append_pair("page", &page.to_string()).finish();
    format!("{HERE}?{query}#records")
}

impl Pages {
    fn of(current: u32, total: i64, href: impl Fn(u32) -> String) -> Pages {
        let last =
            total.max(0).div_euclid(i64::from(PAGE)) + i64::from(total % i64::from(PAGE) > 0);
        let last = u32::try_from(last).unwrap_or(LAST_PAGE).clamp(1, LAST_PAGE);
        Pages {
            current,
            last,
            previous: (current > 1).then(|| href(current - 1)),
            next: (current < last).then(|| href(current + 1)),
        }
    }
}

impl RecordRow {
    fn of(stored: Stored) -> RecordRow {
        let source = stored.source.shown();
        let (href, row) = match stored.source {
            earlier_support::Source::List { import_id, row, .. } => {
                (format!("{HERE}/lists/{import_id}"), Some(row))
            }
            earlier_support::Source::Participant { receipt_number, .. } => {
                (format!("/office/cases/{receipt_number}"), None)
            }
        };
        let record = stored.record;
        RecordRow {
            kind: choices::of(SUPPORT_KINDS, record.kind).label,
            year: show::fiscal_year(record.year),
            name: record.name,
            kana: record.name_kana.unwrap_or_default(),
            corporate_number: record.corporate_number.unwrap_or_default(),
            address: record.address.unwrap_or_default(),
            phone: record.phone.as_deref().map_or_else(String::new, display),
            source,
            href,
            row,
        }
    }
}

impl ImportRow {
    fn of(import: Import) -> ImportRow {
        ImportRow {
            href: format!("{HERE}/lists/{}", import.id),
            at: japanese::moment(import.imported_at.unwrap_or(import.created_at)),
            import,
        }
    }

    fn is_taken_back(&self) -> bool {
        self.import.state == Stage::TakenBack
    }

    /// What it says about who is not in it.
    fn covers(&self) -> String {
        covers(&self.import)
    }
}

/// 「令和5年度 UTM機器設置、…」: the kinds and years of which a list names everybody.
fn covers(import: &Import) -> String {
    let covers = import.covers.iter().map(|support| {
        let kind = choices::of(SUPPORT_KINDS, support.kind).label;
        format!("{} {kind}", show::fiscal_year(support.year))
    });
    covers.collect::<Vec<_>>().join("、")
}

/// Takes a file, reads it, and leads to what was understood. Nothing counts yet.
async fn hand_in(State(app): State<App>, staff: Staff, form: Form) -> Page {
    let mut typed = Typed {
        kind: form.first("kind").to_owned(),
        year: form.first("year").trim().to_owned(),
        complete: form.has("complete"),
        ..Typed::default()
    };
    let year = match year(&typed.year) {
        Ok(year) => year,
        Err(sentence) => {
            typed.year_error = Some(sentence);
            None
        }
    };
    let kind = SUPPORT_KINDS
        .iter()
        .find(|choice| choice.value == typed.kind);
    let Some(file) = form.file("file") else {
        typed.file_error = Some("名簿のファイルを選んでください。".to_owned());
        return wrong(&app, &staff, typed).await;
    };
    if typed.year_error.is_some() {
        typed.file_error = Some("年度を直してから、ファイルをもう一度選んでください。".to_owned());
        return wrong(&app, &staff, typed).await;
    }
    let handed = Handed {
        file_name: file.name.clone(),
        content: file.content.clone(),
        defaults: Defaults {
            kind: kind.map(|choice| choice.choice),
            year,
        },
        complete: typed.complete,
        by: staff.id.clone(),
    };
    match earlier_lists::try_out(&app, handed).await? {
        Ok(id) => Ok(Redirect::to(&format!("{HERE}/lists/{id}")).into_response()),
        Err(error) => {
            typed.file_error = Some(error.to_string());
            wrong(&app, &staff, typed).await
        }
    }
}

async fn wrong(app: &App, staff: &Staff, typed: Typed) -> Page {
    let view = view(app, staff, Asked::default(), typed).await?;
    show_page(StatusCode::UNPROCESSABLE_ENTITY, &view)
}

/// The year for lists without such a column; none when nothing was typed.
fn year(typed: &str) -> Result<Option<i16>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    let year = fiscal_year(typed).map_err(String::from)?;
    let year = i16::try_from(year).ok();
    match year.filter(|year| (FIRST_YEAR..=LAST_YEAR).contains(year)) {
        Some(year) => Ok(Some(year)),
        None => Err(format!(
            "年度は{FIRST_YEAR}から{LAST_YEAR}までです。「令和5年度」か「2023」のように書いてください。"
        )),
    }
}

/// An empty list with our own titles.
async fn template(State(app): State<App>) -> Page {
    let columns = earlier_lists::template();
    let file = sheet::write_xlsx("過去の支援", &columns, Vec::new(), app.clock.now());
    let file = file.map_err(|error| PageError::Internal(error.to_string()))?;
    let headers = [
        (
            CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"earlier-support.xlsx\"",
        ),
    ];
    Ok((headers, file).into_response())
}
