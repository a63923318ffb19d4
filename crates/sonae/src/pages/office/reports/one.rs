//! `/office/reports/{receipt_number}/{month}`: one report as the company reads it, with who did what, and whether its figures are still the same.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use sonae_core::access::{Action, Grant, allowed};
use sonae_core::calendar::japanese::moment;
use sonae_core::paper::document::Document;
use sonae_core::report::difference::MOST_NAMED;
use sonae_core::report::life::{LONGEST_WORD, State as Stand};
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_papers::html;
use sonae_store::StoreError;
use sonae_store::case::Stored;
use sonae_store::monthly_report::{self as reports, Act, Report, Which};

use super::{PATH, class};
use crate::app::App;
use crate::office::people::People;
use crate::office::reports::Request;
use crate::office::reports::compare::{self as again, Compared};
use crate::office::reports::found::find;
use crate::pages::office::Page;
use crate::pages::office::case::open::actor;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    let read = Action::ReadReports;
    door.get("/office/reports/{receipt_number}/{month}", read, page)
        .get(
            "/office/reports/{receipt_number}/{month}/compare",
            read,
            compare,
        )
        .get("/office/reports/{receipt_number}/{month}/pdf", read, pdf)
}

pub(super) type Named = Path<(String, String)>;

/// A company's month that was opened.
pub(super) struct Opened {
    pub stored: Stored,
    pub month: Month,
    /// None while it is due.
    pub report: Option<Report>,
    revisions: Vec<(u32, Act, String)>,
    document: Option<Document>,
    people: People,
}

impl Opened {
    pub(super) fn href(&self) -> String {
        format!("{PATH}/{}/{}", self.stored.receipt_number, self.month)
    }

    fn state(&self) -> Stand {
        self.report
            .as_ref()
            .map_or(Stand::Due, |report| report.state)
    }
}

#[derive(Template)]
#[template(path = "office/reports/one.html")]
struct ReportPage {
    frame: OfficeFrame,
    here: String,
    /// None for who may not read every case.
    case_href: Option<String>,
    month: Month,
    state: Stand,
    class: &'static str,
    revision: u32,
    headline: String,
    body: String,
    has_pdf: bool,
    /// When and what, the latest first.
    story: Vec<(String, String)>,
    returned_why: String,
    word: String,
    makes: bool,
    approves: bool,
    /// The checker is who looks at it.
    own_check: bool,
    compared: Option<CompareView>,
    hash: String,
    longest: usize,
    wrong: Wrong,
}

struct CompareView {
    same: bool,
    sound: bool,
    now_sha256: String,
    changed: Vec<(String, String, String)>,
    more: usize,
}

/// What was typed and not taken, with the sentence that says why.
#[derive(Clone, Debug, Default)]
pub(super) struct Wrong {
    pub sentence: Option<String>,
    pub word: String,
    pub why: String,
}

async fn page(State(app): State<App>, Path(named): Named, staff: Staff) -> Page {
    let opened = open(&app, &named).await?;
    shown(&app, &staff, opened, None, Wrong::default())
}

async fn compare(State(app): State<App>, Path(named): Named, staff: Staff) -> Page {
    let opened = open(&app, &named).await?;
    let request = Request {
        receipt_number: opened.stored.receipt_number.clone(),
        month: opened.month,
        actor: actor(&staff),
        at: app.clock.now(),
    };
    let (compared, sentence) = match again::compare(&app, request).await? {
        Ok(compared) => (Some(compared), None),
        Err(refusal) => (None, Some(refusal.sentence)),
    };
    let wrong = Wrong {
        sentence,
        ..Wrong::default()
    };
    shown(&app, &staff, opened, compared, wrong)
}

async fn pdf(State(app): State<App>, Path(named): Named, _staff: Staff) -> Page {
    let opened = open(&app, &named).await?;
    let report = opened.report.as_ref().ok_or(PageError::NotFound)?;
    let (id, month, revision) = (
        opened.stored.application_id.clone(),
        opened.month,
        report.revision,
    );
    let found = app.read(move |tx| {
        let which = Which {
            application_id: &id,
            month,
        };
        reports::pdf(tx, which, revision)
    });
    let bytes = found.await?.ok_or(PageError::NotFound)?;
    let name = format!(
        "attachment; filename=\"report-{}-{month}.pdf\"",
        opened.stored.receipt_number
    );
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

/// Opens a company's month.
///
/// # Errors
/// `NotFound` for a number or a month that is none, and for a company that had no device then; all look the same.
pub(super) async fn open(
    app: &App,
    (number, month): &(String, String),
) -> Result<Opened, PageError> {
    let month = Month::parse(month).ok_or(PageError::NotFound)?;
    let number = number.clone();
    let read = app.read(move |tx| read(tx, &number, month)).await?;
    read.ok_or(PageError::NotFound)
}

fn read(tx: &mut Tx, number: &str, month: Month) -> Result<Option<Opened>, StoreError> {
    let Some(found) = find(tx, number, month)? else {
        return Ok(None);
    };
    let frozen = match &found.report {
        Some(report) => reports::frozen(tx, found.which(), report.revision)?,
        None => None,
    };
    let document = frozen.map(|(_, document)| serde_json::from_str(&document));
    Ok(Some(Opened {
        document: document.transpose()?,
        people: People::read(tx)?,
        revisions: found.revisions,
        stored: found.stored,
        month,
        report: found.report,
    }))
}

/// The page, with what was typed and not taken.
pub(super) fn shown(
    app: &App,
    staff: &Staff,
    opened: Opened,
    compared: Option<Compared>,
    wrong: Wrong,
) -> Page {
    let may = |action| allowed(staff.role, action) != Grant::No;
    let state = opened.state();
    let status = match wrong.sentence {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let name = opened.stored.answers.name.clone().unwrap_or_default();
    let title = format!("{name} {}分", opened.month.label());
    let frame = OfficeFrame::new(app, staff, Section::Reports, &title)
        .crumb("月次レポート", &format!("{PATH}?month={}", opened.month))
        .with_error(wrong.sentence.is_some());
    let report = opened.report.as_ref();
    let checked_by = report.and_then(|report| report.checked.as_ref());
    let page = ReportPage {
        frame,
        here: opened.href(),
        case_href: (allowed(staff.role, Action::ReadCase) == Grant::Yes)
            .then(|| format!("/office/cases/{}", opened.stored.receipt_number)),
        month: opened.month,
        class: class(state),
        revision: report.map_or(0, |report| report.revision),
        headline: report.map_or_else(String::new, |report| report.headline.clone()),
        body: opened.document.as_ref().map(html::html).unwrap_or_default(),
        has_pdf: report.is_some_and(|report| report.pdf_sha256.is_some()),
        story: story(&opened),
        returned_why: (report.and_then(|report| report.returned.as_ref()))
            .map_or_else(String::new, |(_, why)| why.clone()),
        word: report.map_or_else(String::new, |report| report.word.clone()),
        makes: may(Action::MakeReports),
        approves: may(Action::ApproveReports),
        own_check: checked_by.is_some_and(|act| act.by == actor(staff).name()),
        compared: compared.map(view),
        hash: report.map_or_else(String::new, |report| report.figures_sha256.clone()),
        longest: LONGEST_WORD,
        state,
        wrong,
    };
    show(status, &page)
}

fn view(compared: Compared) -> CompareView {
    let more = compared.changed.len().saturating_sub(MOST_NAMED);
    CompareView {
        same: compared.changed.is_empty(),
        sound: compared.sound,
        now_sha256: compared.now_sha256,
        changed: (compared.changed.into_iter().take(MOST_NAMED))
            .map(|one| (one.what, one.before, one.now))
            .collect(),
        more,
    }
}

/// Who did what, the latest first.
fn story(opened: &Opened) -> Vec<(String, String)> {
    let mut story = Vec::new();
    for (number, act, hash) in &opened.revisions {
        let who = opened.people.name(&act.by);
        story.push((
            act.at,
            format!(
                "{who}が第{number}版を作りました(数字のSHA-256 {})",
                &hash[..12.min(hash.len())]
            ),
        ));
    }
    if let Some(report) = &opened.report {
        let who = |act: &Act| opened.people.name(&act.by);
        let acts = [
            (&report.checked, "点検しました"),
            (&report.approved, "承認しました"),
        ];
        for (act, did) in acts {
            story.extend(
                act.as_ref()
                    .map(|act| (act.at, format!("{}が{did}", who(act)))),
            );
        }
        if let Some((act, _)) = &report.returned {
            story.push((act.at, format!("{}が差し戻しました", who(act))));
        }
        story.extend(report.sent_at.map(|at| (at, "会社に送りました".to_owned())));
        story.extend(
            report
                .read_at
                .map(|at| (at, "会社が初めて開きました".to_owned())),
        );
    }
    story.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    (story.into_iter())
        .map(|(at, what)| (moment(at), what))
        .collect()
}
