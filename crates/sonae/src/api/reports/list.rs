//! `GET /api/v1/reports`: who is due a report of a month, and where each stands.

use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::audit::at_text;
use sonae_core::receipt_number;
use sonae_core::report::life::State as Stand;
use sonae_core::report::month::Month;
use sonae_db::Tx;
use sonae_store::StoreError;
use sonae_store::monthly_report::{Act, Report};

use super::super::done::Done;
use super::super::page::{PAGE, cut};
use super::super::parameters::Parameters;
use super::super::problem::Problem;
use crate::app::App;
use crate::office::people::People;
use crate::office::reports::due::{self, Line, last_month};

/// The most months that are looked at at once.
const MOST_MONTHS: usize = 12;
/// The longest id, in characters.
const LONGEST_ID: usize = 100;

/// Which reports are wanted. All conditions hold together.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReportQuery {
    /// The first month, such as `2026-06`; `to` when it is missing.
    #[schemars(length(max = 7))]
    pub from: Option<String>,
    /// The last month, at most eleven months later; `from` when it is missing, and the last month that is over when both are.
    #[schemars(length(max = 7))]
    pub to: Option<String>,
    /// One company's only.
    #[schemars(length(max = 50))]
    pub receipt_number: Option<String>,
    /// A programme's id.
    #[schemars(length(max = 100))]
    pub program: Option<String>,
    /// 未作成, 点検待ち, 承認待ち, 送信待ち, 送信済み, 既読
    #[schemars(extend("enum" = ["due", "made", "checked", "approved", "sent", "read", null]))]
    pub state: Option<String>,
    /// `next` of the page before.
    #[schemars(length(max = 100))]
    pub cursor: Option<String>,
    /// Reports of one page; 50 when nothing is said.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
}

/// A page of reports by month and receipt number.
#[derive(Serialize, JsonSchema)]
pub struct ReportList {
    pub reports: Vec<ReportSummary>,
    /// Send it as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

/// 企業の1か月
#[derive(Serialize, JsonSchema)]
pub struct ReportSummary {
    /// Such as `2026-06`.
    pub month: String,
    pub receipt_number: String,
    /// The programme's id.
    pub program: String,
    /// The company's name.
    pub name: String,
    #[schemars(extend("enum" = ["due", "made", "checked", "approved", "sent", "read"]))]
    pub state: &'static str,
    /// Null while it is due.
    pub report: Option<MadeView>,
}

/// What was made of a month, in its newest revision.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReportMade")]
pub struct MadeView {
    /// Send it with what is done to it.
    pub revision: u32,
    /// The month in one sentence.
    pub headline: String,
    /// What devices detected, and what of it was neither stopped nor dealt with.
    pub events: i64,
    pub open_events: i64,
    /// Of the frozen figures, in hex.
    pub figures_sha256: String,
    /// In hex; null when this program makes no PDF.
    pub pdf_sha256: Option<String>,
    pub made: Done,
    pub checked: Option<Done>,
    /// The technician's word to the company; may be empty.
    pub word: String,
    pub approved: Option<Done>,
    /// The last time it was given back, until it is checked again.
    pub returned: Option<ReturnedView>,
    #[schemars(extend("format" = "date-time"))]
    pub sent_at: Option<String>,
    /// When the company first opened it.
    #[schemars(extend("format" = "date-time"))]
    pub read_at: Option<String>,
}

/// 差戻し
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ReportReturned")]
pub struct ReturnedView {
    pub why: String,
    pub returned: Done,
}

/// What is wanted, as it was read.
struct Wanted {
    from: Month,
    to: Month,
    number: Option<String>,
    program: Option<String>,
    state: Option<Stand>,
    after: Option<(Month, String)>,
    limit: usize,
}

pub async fn list(
    State(app): State<App>,
    parameters: Parameters,
) -> Result<Json<ReportList>, Problem> {
    let wanted = read(&parameters, last_month(app.clock.now()))?;
    let limit = wanted.limit;
    let (mut found, people) = app
        .read(move |tx| Ok((page(tx, &wanted)?, People::read(tx)?)))
        .await
        .map_err(Problem::of_store)?;
    let more = cut(&mut found, limit);
    let last = found.last().filter(|_| more);
    let next = last.map(|(month, line)| format!("{month}:{}", line.receipt_number));
    let reports = found.into_iter();
    Ok(Json(ReportList {
        reports: (reports.map(|(month, line)| summary(month, line, &people))).collect(),
        next,
    }))
}

/// One report more than wanted when there are more.
fn page(tx: &mut Tx, wanted: &Wanted) -> Result<Vec<(Month, Line)>, StoreError> {
    let mut found = Vec::new();
    let mut month = wanted.after.as_ref().map_or(wanted.from, |after| after.0);
    while month <= wanted.to && found.len() <= wanted.limit {
        let mut lines = due::of_month(tx, month)?;
        lines.retain(|line| wanted.takes(month, line));
        lines.sort_by(|a, b| a.receipt_number.cmp(&b.receipt_number));
        found.extend(lines.into_iter().map(|line| (month, line)));
        if month == month.after() {
            break;
        }
        month = month.after();
    }
    found.truncate(wanted.limit + 1);
    Ok(found)
}

impl Wanted {
    fn takes(&self, month: Month, line: &Line) -> bool {
        let is_after = (self.after.as_ref())
            .is_none_or(|(last, number)| month > *last || line.receipt_number > *number);
        is_after
            && (self.number.as_ref()).is_none_or(|number| *number == line.receipt_number)
            && (self.program.as_ref()).is_none_or(|program| *program == line.program_id)
            && self.state.is_none_or(|state| state == line.state())
    }
}

fn read(parameters: &Parameters, last: Month) -> Result<Wanted, Problem> {
    let mut read = parameters.reader();
    let form = "月を 2026-06 の形で送ってください。";
    let latest = |from| (1..MOST_MONTHS).fold(from, |month: Month, _| month.after());
    let too_far = format!("from から{MOST_MONTHS}か月以内の月を送ってください。");
    let (from, to) = read.span((form, Month::parse), last, (latest, &too_far));
    let wanted = Wanted {
        from,
        to,
        number: read.parsed(
            "receipt_number",
            "受付番号を確かめてください。",
            receipt_number::read,
        ),
        program: read.text("program", LONGEST_ID),
        state: (read.one_of("state", &Stand::ALL.map(Stand::as_str)))
            .and_then(|word| Stand::parse(&word)),
        after: read.cursor(|text| {
            let (last, number) = text.split_once(':')?;
            let last = Month::parse(last).filter(|last| (from..=to).contains(last))?;
            Some((last, number.to_owned()))
        }),
        limit: read.limit().unwrap_or(PAGE) as usize,
    };
    read.finish()?;
    Ok(wanted)
}

fn summary(month: Month, line: Line, people: &People) -> ReportSummary {
    ReportSummary {
        month: month.to_string(),
        state: line.state().as_str(),
        report: line.report.as_ref().map(|report| made(report, people)),
        receipt_number: line.receipt_number,
        program: line.program_id,
        name: line.name,
    }
}

/// A report as it is sent.
pub(super) fn made(report: &Report, people: &People) -> MadeView {
    let done = |act: &Act| Done::new(&act.by, act.at, people);
    MadeView {
        revision: report.revision,
        headline: report.headline.clone(),
        events: report.events,
        open_events: report.open_events,
        figures_sha256: report.figures_sha256.clone(),
        pdf_sha256: report.pdf_sha256.clone(),
        made: done(&report.made),
        checked: report.checked.as_ref().map(done),
        word: report.word.clone(),
        approved: report.approved.as_ref().map(done),
        returned: report.returned.as_ref().map(|(act, why)| ReturnedView {
            why: why.clone(),
            returned: done(act),
        }),
        sent_at: report.sent_at.map(at_text),
        read_at: report.read_at.map(at_text),
    }
}
