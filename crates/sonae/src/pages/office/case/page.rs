//! The case's page: who it is, where it stands, what can be done, what happened.

use askama::Template;
use axum::extract::{self, Path};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::application::answers::Answers;
use sonae_core::application::show::show_all;
use sonae_core::calendar::japanese::{date_with_weekday, moment};
use sonae_core::clock::{Clock, Phase, State};
use sonae_core::flow::Status;
use sonae_core::text::phone;
use sonae_db::Tx;
use sonae_store::{StoreError, application, case, case_event, inbox, outbox, undo};

use super::duplicates::COMPARE;
use super::findings::{self, Line};
use super::next::next;
use super::open::{self, Opened};
use super::related::{self, Link};
use super::timeline::{self, Entry, Sources};
use super::way::{Group, Way};
use crate::app::App;
use crate::office::act::SECOND_THOUGHTS;
use crate::office::clock_title::clock_title;
use crate::office::foreseen::{place_label, role_label};
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::show;

#[derive(Template)]
#[template(path = "office/case/page.html")]
struct CasePage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    status: (&'static str, &'static str),
    others: String,
    head: Vec<(&'static str, String)>,
    due: Option<Due>,
    related: Vec<Link>,
    correction: Option<String>,
    /// What the step asks of this person: words and address.
    next: Option<(&'static str, String)>,
    ways: Vec<(&'static str, Vec<&'static Way>)>,
    facts: Vec<Fact>,
    overall: (&'static str, &'static str),
    findings: Vec<Line>,
    entries: Vec<Entry>,
    /// The event that this person may still take back, by its version.
    undoable: Option<i64>,
    printed_at: String,
}

struct Due {
    title: String,
    date: String,
    state: String,
    class: &'static str,
}

struct Fact {
    label: String,
    value: String,
    /// What it was at the receipt, when it was changed since.
    before: Option<String>,
}

/// What the page reads besides the case.
struct More {
    sources: Sources,
    /// The list on which the case was proposed last.
    list: Option<String>,
    positions: Vec<(String, i64)>,
}

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/cases/{receipt_number}",
        Action::ReadCase,
        show_case,
    )
}

async fn show_case(
    extract::State(app): extract::State<App>,
    Path(number): Path<String>,
    staff: Staff,
) -> Page {
    let (opened, more) = open::open_with(&app, &staff, &number, Action::ReadCase, read).await?;
    let number = opened.stored.receipt_number.clone();
    let mut frame = OfficeFrame::new(
        &app,
        &opened.staff,
        Section::Cases,
        &format!("{number} {}", opened.name()),
    );
    frame = frame.crumb("案件", "/office/cases");
    let page = CasePage {
        frame,
        status: status(opened.stored.case.status),
        others: opened.others().join("さん、"),
        head: head(&opened, &more.positions),
        due: due(&opened),
        related: related::links(&opened, more.list.as_deref()),
        correction: opened
            .stored
            .case
            .correction
            .as_ref()
            .map(|correction| correction.message.clone()),
        next: next(&opened, more.list.as_deref()),
        ways: ways(&opened),
        facts: facts(&opened, &more.sources.received),
        overall: findings::overall(&opened),
        findings: findings::lines(&opened),
        entries: timeline::entries(&opened, &more.sources),
        undoable: undoable(&opened, &more.sources),
        printed_at: moment(opened.now),
        opened: &opened,
    };
    show(StatusCode::OK, &page)
}

fn read(tx: &mut Tx, opened: &Opened) -> Result<More, StoreError> {
    let stored = &opened.stored;
    let id = &stored.application_id;
    let received = application::by_receipt(tx, &stored.receipt_number)?;
    let received = received
        .map(|received| serde_json::from_str(&received.answers))
        .transpose()?;
    let places = case::place_data(tx, id)?.into_iter();
    Ok(More {
        list: related::list_of(tx, opened)?,
        sources: Sources {
            events: case_event::of_application(tx, id)?,
            mails: outbox::of_application(tx, id)?,
            incoming: inbox::of_application(tx, id)?,
            received: received.unwrap_or_default(),
        },
        positions: places.map(|place| (place.course, place.position)).collect(),
    })
}

fn undoable(opened: &Opened, sources: &Sources) -> Option<i64> {
    let version = opened.stored.case.version;
    let actor = opened.actor().name();
    let command = undo::Command {
        program: opened.program(),
        version,
        actor: &actor,
        at: opened.now,
        within: SECOND_THOUGHTS,
    };
    undo::open_to_undo(&opened.stored, &sources.events, command).ok()?;
    Some(version)
}

fn status(status: Status) -> (&'static str, &'static str) {
    let kind = match status {
        Status::Open => "info",
        Status::Confirmed => "success",
        _ => "neutral",
    };
    (status.label(), kind)
}

fn head(opened: &Opened, positions: &[(String, i64)]) -> Vec<(&'static str, String)> {
    let (stored, program) = (&opened.stored, opened.program());
    let case = &stored.case;
    let nobody = || "決まっていません".to_owned();
    let name = |id: &Option<String>| id.as_deref().map_or_else(nobody, |id| opened.name_of(id));
    let places: Vec<String> = (program.courses().iter())
        .filter_map(|course| {
            let state = case.places.get(&course.id)?;
            let position = positions.iter().find(|(id, _)| *id == course.id)?.1;
            let label = place_label(*state);
            Some(format!("{}：受付順 {position}番({label})", course.title))
        })
        .collect();
    let mut head = contact(&stored.answers);
    head.extend([
        ("事業", program.definition.program.short_title.clone()),
        ("コースと枠", places.join("\n")),
        ("受付", moment(stored.received_at)),
    ]);
    if let Some(step) = case.current(program) {
        head.push(("今の段階", step.title.clone()));
    }
    if let Some(owner) = case.owner(program) {
        head.push(("次に動く人", role_label(owner).to_owned()));
    }
    head.push(("事務局の担当", name(&case.assignee)));
    head.push(("担当の専門家", name(&case.expert)));
    head
}

/// Whom to call, before anything else.
fn contact(answers: &Answers) -> Vec<(&'static str, String)> {
    let name = answers.contact_name.clone().unwrap_or_default();
    let person = match answers.contact_kana.as_deref() {
        Some(kana) if !kana.is_empty() => format!("{name}({kana})"),
        _ => name,
    };
    let phone = answers.contact_phone.as_deref();
    let lines = [
        ("ご担当者", person),
        ("電話番号", phone.map_or_else(String::new, phone::display)),
        (
            "メールアドレス",
            answers.contact_email.clone().unwrap_or_default(),
        ),
    ];
    let given = |(_, value): &(&str, String)| !value.is_empty();
    lines.into_iter().filter(given).collect()
}

fn due(opened: &Opened) -> Option<Due> {
    let case = &opened.stored.case;
    let paused = |(_, clock): &(&String, &Clock)| matches!(clock.phase, Phase::Paused { .. });
    let standing = case.clocks.iter().find(paused);
    let (id, clock) = case
        .due()
        .or(standing.map(|(id, clock)| (id.as_str(), clock)))?;
    let state = clock.state(&opened.running.calendar, opened.now);
    Some(Due {
        title: clock_title(opened.program(), id),
        date: date_with_weekday(clock.due_date()),
        class: match state {
            State::Warning { .. } => "clock-soon",
            State::Overdue { .. } => "clock-late",
            State::Paused { .. } => "clock-paused",
            _ => "",
        },
        state: state.to_string(),
    })
}

fn ways(opened: &Opened) -> Vec<(&'static str, Vec<&'static Way>)> {
    let of = |group: Group| -> Vec<&'static Way> {
        let offered = opened.offered.iter();
        // Companies are compared side by side, on a page of their own.
        let here = |way: &&&Way| way.group == group && way.path != COMPARE.way.path;
        offered.filter(here).copied().collect()
    };
    let groups = Group::ALL.into_iter();
    groups
        .map(|group| (group.label(), of(group)))
        .filter(|(_, ways)| !ways.is_empty())
        .collect()
}

fn facts(opened: &Opened, received: &Answers) -> Vec<Fact> {
    let program = opened.program();
    let before = show_all(program, received).into_iter();
    let now = show_all(program, &opened.stored.answers).into_iter();
    now.zip(before)
        .map(|(now, before)| Fact {
            label: now.label,
            before: (now.value != before.value).then_some(before.value),
            value: now.value,
        })
        .collect()
}
