//! `/office/checks/{day}/{receipt_number}`: the findings of one company's day, with their lines, what was judged before, and every form.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use serde::Deserialize;
use sonae_core::access::Action;
use sonae_core::calendar::japanese::{date_with_weekday, moment};
use sonae_core::calendar::{tokyo, tokyo_date};
use sonae_core::detection_check::group::{action_label, severity_label};
use sonae_core::detection_check::verdict::Verdict;
use sonae_core::receipt_number;
use sonae_store::check_day::{self, Said as Entry};
use sonae_store::desk_finding::Finding;
use sonae_store::finding_judgement::{self, Judgement};
use sonae_store::telemetry_source::Watched;

use super::row::{chip, devices};
use super::{HERE, read_day, who};
use crate::app::App;
use crate::office::checks::evidence::{EvidenceLine, Lines, SHOWN, lines};
use crate::office::checks::facts::{Facts, Known, facts};
use crate::office::checks::sheet::{Line, sheet};
use crate::office::people::People;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

/// Judgements of the same rule that are shown.
const SHOWN_HISTORY: u32 = 20;

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/checks/{day}/{receipt_number}",
        Action::ReadChecks,
        company,
    )
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    group: String,
}

/// What was typed into a form that was refused, with why.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    pub(super) sentence: Option<String>,
    pub(super) group: String,
    pub(super) note: String,
    pub(super) verdict: String,
    pub(super) reason: String,
    pub(super) until: String,
    pub(super) why: String,
    pub(super) words: String,
    pub(super) everywhere: bool,
    pub(super) any_device: bool,
}

#[derive(Template)]
#[template(path = "office/checks/company.html")]
struct CompanyPage {
    frame: OfficeFrame,
    here: String,
    sheet: String,
    date: String,
    company: Watched,
    devices: String,
    person: String,
    silent: bool,
    /// What was seen is no longer kept: nothing of the day is, or only what came later.
    removed: bool,
    partly_removed: bool,
    lines: i64,
    unknown: i64,
    clock_doubtful: i64,
    chip: (&'static str, &'static str),
    signed: String,
    version: i64,
    grown: i64,
    groups: Vec<GroupRow>,
    all_groups: usize,
    history: Vec<EntryRow>,
    desk: Vec<Finding>,
    opened: Option<Opened>,
    works: bool,
    may_read_case: bool,
    verdicts: [Verdict; 6],
    /// The first and the last day that a suppression may end on.
    until: (String, String),
    typed: Typed,
}

/// A finding in the table.
struct GroupRow {
    href: String,
    current: bool,
    title: String,
    category: String,
    rule: String,
    device: String,
    severity: (&'static str, &'static str),
    action: (&'static str, &'static str),
    events: i64,
    lines: i64,
    first: String,
    last: String,
    verdict: &'static str,
    hidden: bool,
    open: bool,
}

/// The finding that is looked at.
struct Opened {
    key: String,
    row: GroupRow,
    judged: Option<JudgedRow>,
    version: i64,
    history: Vec<JudgedRow>,
    /// Why it is hidden, by whom, until when.
    hidden: Option<(String, String, String)>,
    lines: Vec<EvidenceLine>,
    /// The time ended before all that are shown were found.
    cut: bool,
    /// The number under which the desk has it.
    number: Option<i64>,
}

/// A judgement in words.
struct JudgedRow {
    day: String,
    verdict: &'static str,
    reason: String,
    who: String,
    at: String,
}

/// Something that was said of the day.
struct EntryRow {
    state: &'static str,
    note: String,
    who: String,
    at: String,
    lines: i64,
    corrects: bool,
}

async fn company(
    State(app): State<App>,
    Path((day, number)): Path<(String, String)>,
    Query(asked): Query<Asked>,
    staff: Staff,
) -> Page {
    let typed = Typed {
        group: asked.group.chars().take(64).collect(),
        ..Typed::default()
    };
    let day = read_day(&day)?;
    shown(&app, &staff, (day, &number), typed).await
}

/// What the office knows of the company's day, read at once.
struct Read {
    known: Known,
    history: Vec<Entry>,
    of_rule: Vec<Judgement>,
    people: People,
}

/// The page, perhaps with a form that was refused.
pub(super) async fn shown(
    app: &App,
    staff: &Staff,
    (day, number): (Date, &str),
    typed: Typed,
) -> Page {
    let number = receipt_number::read(number).ok_or(PageError::NotFound)?;
    let sheet = sheet(app, day, &who(staff), Action::ReadChecks).await?;
    let mut sheet = sheet.into_iter();
    let line = sheet.find(|line| line.company.receipt_number == number);
    let line = line.ok_or(PageError::NotFound)?;
    let facts = facts(app, line.company_id(), day).await?;
    let wanted = facts
        .find(&typed.group)
        .map(|(group, _)| group.rule.clone());
    let id = line.company_id().to_owned();
    let read = app
        .read(move |tx| {
            let of_rule = match &wanted {
                Some(rule) => finding_judgement::of_rule(tx, &id, rule, SHOWN_HISTORY)?,
                None => Vec::new(),
            };
            Ok(Read {
                known: Known::read(tx, &id, day)?,
                history: check_day::history(tx, &id, day)?,
                of_rule,
                people: People::read(tx)?,
            })
        })
        .await?;
    let evidence = match facts.find(&typed.group) {
        Some((group, counts)) => {
            lines(app, (line.company_id(), day), (group, *counts), SHOWN).await?
        }
        None => Lines::default(),
    };
    let status = match typed.sentence.is_some() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    show(
        status,
        &page((app, staff), day, line, (facts, read, evidence), typed),
    )
}

fn page(
    (app, staff): (&App, &Staff),
    day: Date,
    line: Line,
    (facts, read, evidence): (Facts, Read, Lines),
    typed: Typed,
) -> CompanyPage {
    let here = format!("{HERE}/{day}/{}", line.company.receipt_number);
    let sheet = format!("{HERE}?day={day}");
    let date = date_with_weekday(day);
    let checked = line.checked.as_ref();
    let who = who(staff);
    let today = tokyo_date(app.clock.now());
    let total = line.total.unwrap_or_default();
    let opened = opened(
        &here,
        (day, line.company_id()),
        (&facts, &read),
        evidence,
        &typed.group,
    );
    let rows = rows(
        &here,
        (day, line.company_id()),
        (&facts, &read.known),
        &typed.group,
    );
    CompanyPage {
        frame: OfficeFrame::new(app, staff, Section::Checks, &line.company.name)
            .crumb("検知の確認", HERE)
            .crumb(&date, &sheet)
            .with_error(typed.sentence.is_some()),
        devices: devices(&line.devices),
        person: (line.company.assignee.as_deref())
            .map(|id| read.people.find(id).unwrap_or("登録のない職員").to_owned())
            .unwrap_or_default(),
        silent: line.total.is_none() && !line.is_removed(),
        removed: line.is_removed(),
        partly_removed: line.is_partly_removed(),
        lines: total.detections,
        unknown: total.unknown,
        clock_doubtful: total.clock_doubtful,
        chip: chip(checked.map(|checked| checked.state)),
        signed: (checked.and_then(|checked| checked.signed.as_ref()))
            .map(|(by, at)| format!("{}({})", read.people.name(by), moment(*at)))
            .unwrap_or_default(),
        version: checked.map_or(0, |checked| checked.version),
        grown: line.grown(),
        groups: rows,
        all_groups: facts.groups,
        history: read
            .history
            .into_iter()
            .rev()
            .map(|said| entry(said, &read.people))
            .collect(),
        opened,
        works: who.may(Action::CheckDetections, &line.company) && !line.is_removed(),
        may_read_case: who.may(Action::ReadCase, &line.company),
        verdicts: Verdict::ALL,
        until: bounds(today),
        desk: read.known.desk,
        company: line.company,
        here,
        sheet,
        date,
        typed,
    }
}

/// The days between which a suppression may end.
fn bounds(today: Date) -> (String, String) {
    let last = today.saturating_add(jiff::ToSpan::year(1));
    (today.to_string(), last.to_string())
}

fn rows(
    here: &str,
    (day, company): (Date, &str),
    (facts, known): (&Facts, &Known),
    current: &str,
) -> Vec<GroupRow> {
    let standing = known.day(company, day, facts);
    let pairs = facts.findings.iter().zip(&standing.findings);
    let row = |((group, counts), standing): (
        &(_, sonae_core::detection_check::Counts),
        &sonae_core::detection_check::rules::Standing,
    )| {
        let group: &sonae_core::detection_check::group::Group = group;
        let key = group.key();
        GroupRow {
            href: format!("{here}?group={key}#finding"),
            current: key == current,
            title: group.title.clone(),
            category: group.category.clone(),
            rule: group.rule.clone(),
            device: group.device.clone(),
            severity: (
                severity_kind(group.severity),
                severity_label(group.severity),
            ),
            action: (action_kind(group.action), action_label(group.action)),
            events: counts.events,
            lines: counts.lines,
            first: clock(counts.first_us),
            last: clock(counts.last_us),
            verdict: standing.verdict.map_or("", Verdict::label),
            hidden: standing.suppressed,
            open: standing.is_open(),
        }
    };
    pairs.map(row).collect()
}

fn opened(
    here: &str,
    (day, company): (Date, &str),
    (facts, read): (&Facts, &Read),
    lines: Lines,
    key: &str,
) -> Option<Opened> {
    let (group, _) = facts.find(key)?;
    let all = rows(here, (day, company), (facts, &read.known), key);
    let judged = read.known.judged.get(key);
    let row = |judgement: &Judgement| JudgedRow {
        day: date_with_weekday(judgement.day),
        verdict: judgement.verdict.label(),
        reason: judgement.reason.clone(),
        who: read.people.name(&judgement.by),
        at: moment(judgement.at),
    };
    let hidden = read.known.hidden_by(company, group, day);
    Some(Opened {
        key: key.to_owned(),
        row: all.into_iter().find(|row| row.current)?,
        judged: judged.map(row),
        version: judged.map_or(0, |judged| judged.version),
        history: (read.of_rule.iter())
            .filter(|judgement| judgement.day != day || judgement.group != *group)
            .map(row)
            .collect(),
        hidden: hidden.map(|kept| {
            let until = date_with_weekday(kept.what.until);
            (kept.reason.clone(), read.people.name(&kept.owner), until)
        }),
        lines: lines.found,
        cut: lines.cut,
        number: (read.known.desk.iter())
            .find(|made| made.group_key == key)
            .map(|made| made.number),
    })
}

fn entry(said: Entry, people: &People) -> EntryRow {
    EntryRow {
        state: said.state.label(),
        note: said.note,
        who: people.name(&said.by),
        at: moment(said.at),
        lines: said.lines,
        corrects: said.corrects,
    }
}

/// The time of day in Tokyo.
fn clock(us: i64) -> String {
    let at = jiff::Timestamp::from_microsecond(us).unwrap_or_default();
    at.to_zoned(tokyo()).strftime("%H:%M:%S").to_string()
}

/// Kind of the chip of a severity.
pub(in crate::pages::office) fn severity_kind(severity: u8) -> &'static str {
    match severity {
        4..=6 => "error",
        3 => "warning",
        _ => "neutral",
    }
}

/// Kind of the chip of what the device did.
pub(in crate::pages::office) fn action_kind(action: u8) -> &'static str {
    match action {
        1 => "success",
        2 | 3 => "warning",
        _ => "neutral",
    }
}
