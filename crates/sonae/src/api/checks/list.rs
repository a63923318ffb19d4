//! `GET /api/v1/checks`: companies' days with what was detected, what was said of it, and whether somebody signed.

use axum::Json;
use axum::extract::State;
use jiff::ToSpan;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sonae_core::access::Action;
use sonae_core::calendar::tokyo_date;
use sonae_core::receipt_number;
use sonae_store::check_day::Checked;

use super::super::done::Done;
use super::super::door::Caller;
use super::super::page::{PAGE, cut};
use super::super::parameters::Parameters;
use super::super::problem::Problem;
use super::who;
use crate::app::App;
use crate::office::checks::day;
use crate::office::checks::sheet::{Line, sheet};
use crate::office::people::People;

/// The most days that are looked at at once.
const MOST_DAYS: i32 = 31;
const STATES: [&str; 3] = ["open", "missed", "signed"];

/// Which checks are wanted. All conditions hold together.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CheckQuery {
    /// The first day; `to` when it is missing.
    #[schemars(extend("format" = "date"))]
    pub from: Option<String>,
    /// The last day, at most thirty days later; `from` when it is missing, and yesterday in Tokyo when both are.
    #[schemars(extend("format" = "date"))]
    pub to: Option<String>,
    /// One company's only.
    #[schemars(length(max = 50))]
    pub receipt_number: Option<String>,
    /// `open`: the day is not over; `missed`: it is, and nobody signed; `signed`.
    #[schemars(extend("enum" = ["open", "missed", "signed", null]))]
    pub state: Option<String>,
    /// `next` of the page before.
    #[schemars(length(max = 100))]
    pub cursor: Option<String>,
    /// Checks of one page; 50 when nothing is said.
    #[schemars(range(min = 1, max = 200))]
    pub limit: Option<u32>,
}

/// A page of checks by day and receipt number.
#[derive(Serialize, JsonSchema)]
pub struct CheckList {
    pub checks: Vec<CheckSummary>,
    /// Send it as `cursor` for the next page; null on the last one.
    pub next: Option<String>,
}

/// 企業の1日
#[derive(Serialize, JsonSchema)]
pub struct CheckSummary {
    /// In Tokyo.
    #[schemars(extend("format" = "date"))]
    pub day: String,
    pub receipt_number: String,
    /// The programme's id.
    pub program: String,
    /// The company's name.
    pub name: String,
    pub devices: Vec<CheckedDevice>,
    /// `open`: the day is not over; `missed`: it is, and nobody signed; `signed`.
    #[schemars(extend("enum" = ["open", "missed", "signed"]))]
    pub state: &'static str,
    /// Whether anything at all came from its devices; true as well when it came and is no longer kept.
    pub heard: bool,
    /// Whether what was seen when the day was checked is no longer kept. What was said of it stays; it can be corrected only when lines came later.
    pub removed: bool,
    /// Lines of detections, lines that nothing could read, and lines whose device's clock was not believed.
    pub lines: i64,
    pub unknown: i64,
    pub clock_doubtful: i64,
    /// Whether detections came after it was checked.
    pub grown: bool,
    /// Null while nobody said anything.
    pub said: Option<SaidView>,
}

/// A device that is watched.
#[derive(Serialize, JsonSchema)]
pub struct CheckedDevice {
    pub product: String,
    pub serial: String,
}

/// What a technician said of a company's day.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CheckSaid")]
pub struct SaidView {
    /// 異常なし, 要確認, 対応
    #[schemars(extend("enum" = ["quiet", "review", "handling"]))]
    pub state: &'static str,
    pub note: String,
    /// Send it with what is said next.
    pub version: i64,
    /// Lines of detections that were seen.
    pub lines: i64,
    /// Of the figures that were seen, in hex.
    pub figures_sha256: String,
    pub said: Done,
    pub signed: Option<Done>,
}

/// What is wanted, as it was read.
struct Wanted {
    from: Date,
    to: Date,
    number: Option<String>,
    state: Option<String>,
    after: Option<(Date, String)>,
    limit: usize,
}

pub async fn list(
    State(app): State<App>,
    caller: Caller,
    parameters: Parameters,
) -> Result<Json<CheckList>, Problem> {
    let today = tokyo_date(app.clock.now());
    let wanted = read(&parameters, today)?;
    let people = app.read(People::read).await.map_err(Problem::of_store)?;
    let mut found: Vec<CheckSummary> = Vec::new();
    let mut next = wanted.after.as_ref().map_or(wanted.from, |after| after.0);
    while next <= wanted.to && found.len() <= wanted.limit {
        let lines = sheet(&app, next, &who(&caller), Action::ReadChecks).await;
        let mut lines = lines.map_err(Problem::of_store)?;
        lines.sort_by(|a, b| a.company.receipt_number.cmp(&b.company.receipt_number));
        let summaries = lines
            .iter()
            .map(|line| summary(line, (next, today), &people));
        found.extend(summaries.filter(|one| wanted.takes(next, one)));
        match next.tomorrow() {
            Ok(day) => next = day,
            Err(_) => break,
        }
    }
    let more = cut(&mut found, wanted.limit);
    let last = found.last().filter(|_| more);
    Ok(Json(CheckList {
        next: last.map(|last| format!("{}:{}", last.day, last.receipt_number)),
        checks: found,
    }))
}

impl Wanted {
    fn takes(&self, day: Date, one: &CheckSummary) -> bool {
        let is_after = (self.after.as_ref())
            .is_none_or(|(last, number)| day > *last || one.receipt_number > *number);
        is_after
            && (self.number.as_ref()).is_none_or(|number| *number == one.receipt_number)
            && (self.state.as_ref()).is_none_or(|state| state == one.state)
    }
}

fn read(parameters: &Parameters, today: Date) -> Result<Wanted, Problem> {
    let mut read = parameters.reader();
    let form = "日を 2026-06-01 の形で送ってください。";
    let latest = |from: Date| from.saturating_add((MOST_DAYS - 1).days());
    let too_far = format!("from から{MOST_DAYS}日以内の日を送ってください。");
    let yesterday = today.saturating_sub(1.day());
    let (from, to) = read.span((form, day), yesterday, (latest, &too_far));
    let wanted = Wanted {
        from,
        to,
        number: read.parsed(
            "receipt_number",
            "受付番号を確かめてください。",
            receipt_number::read,
        ),
        state: read.one_of("state", &STATES),
        after: read.cursor(|text| {
            let (last, number) = text.split_once(':')?;
            let last = day(last).filter(|last| (from..=to).contains(last))?;
            Some((last, number.to_owned()))
        }),
        limit: read.limit().unwrap_or(PAGE) as usize,
    };
    read.finish()?;
    Ok(wanted)
}

/// A company's day as it is sent.
pub(super) fn summary(line: &Line, (day, today): (Date, Date), people: &People) -> CheckSummary {
    let checked = line.checked.as_ref();
    let is_signed = checked.is_some_and(|checked| checked.signed.is_some());
    let total = line.total.unwrap_or_default();
    let device = |(product, serial): &(String, String)| CheckedDevice {
        product: product.clone(),
        serial: serial.clone(),
    };
    CheckSummary {
        day: day.to_string(),
        receipt_number: line.company.receipt_number.clone(),
        program: line.company.program_id.clone(),
        name: line.company.name.clone(),
        devices: line.devices.iter().map(device).collect(),
        state: match is_signed {
            true => "signed",
            false if day >= today => "open",
            false => "missed",
        },
        heard: line.total.is_some() || line.is_removed(),
        removed: line.is_removed() || line.is_partly_removed(),
        lines: total.detections,
        unknown: total.unknown,
        clock_doubtful: total.clock_doubtful,
        grown: line.has_grown(),
        said: checked.map(|checked| said(checked, people)),
    }
}

fn said(checked: &Checked, people: &People) -> SaidView {
    SaidView {
        state: checked.state.as_str(),
        note: checked.note.clone(),
        version: checked.version,
        lines: checked.seen.lines,
        figures_sha256: checked.seen.sha256.clone(),
        said: Done::new(&checked.by, checked.at, people),
        signed: Done::of(checked.signed.as_ref(), people),
    }
}
