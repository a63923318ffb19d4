//! `/office/waiting`: the places of every course, the waiting lists in their order, and offers out of it with a reason.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::{Action, Grant, allowed};
use sonae_core::calendar::japanese::{date_with_weekday, moment};
use sonae_core::calendar::tokyo_date;
use sonae_core::capacity::{PlaceState, Tally, places_left};
use sonae_core::flow::{Actor, Event, Status};
use sonae_core::program::Milestone;
use sonae_core::program::program::{Capacity, CapacityKind, Course, WaitingList};
use sonae_db::Tx;
use sonae_store::waiting_list::{self, Standing};
use sonae_store::{StoreError, tally};

use super::Page;
use super::door::{Door, Staff};
use super::flash::Flash;
use super::form::Form;
use super::frame::{OfficeFrame, Section};
use crate::app::{App, Running};
use crate::mail::reading::read;
use crate::office::act::{Outcome, Preview, Request, act, preview};
use crate::office::batch::marked;
use crate::pages::public::error::PageError;
use crate::pages::public::show;

/// The most that wait whom the page shows; a course has some hundred places.
const MOST_WAITING: u32 = 500;
/// The most changes of places that the page tells.
const MOST_MOVES: u32 = 50;

pub(super) fn routes(door: Door) -> Door {
    let door = door.get("/office/waiting", Action::ManageWaitingList, overview);
    let door = door.get(
        "/office/waiting/{program}/{course}",
        Action::ManageWaitingList,
        course_page,
    );
    door.post(
        "/office/waiting/{program}/{course}/offer",
        Action::ManageWaitingList,
        offer,
    )
}

#[derive(Template)]
#[template(path = "office/waiting.html")]
struct Overview {
    frame: OfficeFrame,
    programs: Vec<(String, Vec<CourseRow>)>,
}

struct CourseRow {
    href: String,
    title: String,
    capacity: u32,
    kind: &'static str,
    taken_at: &'static str,
    held: i64,
    offered: i64,
    waiting: i64,
    left: i64,
    returned: i64,
    /// Whether something can be offered now.
    to_offer: bool,
}

async fn overview(State(app): State<App>, staff: Staff) -> Page {
    let inner = app.clone();
    let programs = app
        .read(move |tx| {
            let mut programs = Vec::new();
            for running in inner.programs.iter() {
                let title = running.program.definition.program.short_title.clone();
                programs.push((title, course_rows(tx, running)?));
            }
            Ok(programs)
        })
        .await?;
    let page = Overview {
        frame: OfficeFrame::new(&app, &staff, Section::Waiting, "枠と順番待ち"),
        programs,
    };
    show(StatusCode::OK, &page)
}

fn course_rows(tx: &mut Tx, running: &Running) -> Result<Vec<CourseRow>, StoreError> {
    let program = &running.program;
    let tallies = tally::of_program(tx, program.id())?;
    let counts = waiting_list::counts(tx, program.id())?;
    let rows = program.courses().iter().map(|course| {
        let tally = tallies.get(&course.id).copied().unwrap_or_default();
        let count = |state| {
            counts
                .get(&(course.id.clone(), state))
                .copied()
                .unwrap_or_default()
        };
        course_row(program.id(), course, tally, &count)
    });
    Ok(rows.collect())
}

fn course_row(
    program_id: &str,
    course: &Course,
    tally: Tally,
    count: &dyn Fn(PlaceState) -> i64,
) -> CourseRow {
    let capacity = &course.capacity;
    let left = places_left(capacity, tally);
    CourseRow {
        href: format!("/office/waiting/{program_id}/{}", course.id),
        title: course.short_title.clone(),
        capacity: capacity.places,
        kind: kind_word(capacity.kind),
        taken_at: milestone_word(capacity.taken_at),
        held: count(PlaceState::Held),
        offered: count(PlaceState::Offered),
        waiting: tally.waiting,
        left,
        returned: count(PlaceState::Returned),
        to_offer: left > 0 && tally.waiting > 0 && capacity.taken_at == Milestone::Received,
    }
}

fn kind_word(kind: CapacityKind) -> &'static str {
    match kind {
        CapacityKind::Hard => "定員(超えられません)",
        CapacityKind::Target => "目安(理由があれば超えられます)",
    }
}

fn milestone_word(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Received => "受付のとき",
        Milestone::Complete => "申込み完了のとき",
        Milestone::Approved => "承認のとき",
        Milestone::Confirmed => "参加確定のとき",
    }
}

#[derive(Template)]
#[template(path = "office/waiting/course.html")]
struct CoursePage {
    frame: OfficeFrame,
    row: CourseRow,
    /// Business days an offer stands.
    offer_days: Option<u32>,
    waiting: Vec<WaitingRow>,
    offered: Vec<OfferedRow>,
    moves: Vec<MoveRow>,
    error: Option<String>,
    reason: String,
}

struct WaitingRow {
    mark: String,
    receipt_number: String,
    name: String,
    position: i64,
    status: &'static str,
    since: String,
    first: bool,
}

struct OfferedRow {
    receipt_number: String,
    name: String,
    position: i64,
    until: String,
    late: bool,
}

struct MoveRow {
    receipt_number: String,
    name: String,
    state: &'static str,
    at: String,
}

async fn course_page(
    State(app): State<App>,
    staff: Staff,
    Path((program, course)): Path<(String, String)>,
) -> Page {
    shown(&app, &staff, (&program, &course), StatusCode::OK, None, "").await
}

async fn shown(
    app: &App,
    staff: &Staff,
    (program, course): (&str, &str),
    status: StatusCode,
    error: Option<String>,
    reason: &str,
) -> Page {
    let running = app
        .programs
        .get(program)
        .cloned()
        .ok_or(PageError::NotFound)?;
    let known = running
        .program
        .course(course)
        .ok_or(PageError::NotFound)?
        .clone();
    let (id, course) = (program.to_owned(), known.id.clone());
    let read = app.read(move |tx| {
        let rows = course_rows(tx, &running)?;
        let waiting = waiting_list::waiting(tx, &id, &course, MOST_WAITING)?;
        let offered = waiting_list::offered(tx, &id, &course, MOST_WAITING)?;
        let moves = waiting_list::last_moves(tx, &id, &course, MOST_MOVES)?;
        let mine = format!("/office/waiting/{id}/{course}");
        let row = rows.into_iter().find(|row| row.href == mine);
        Ok((row, waiting, offered, moves))
    });
    let (row, waiting, offered, moves) = read.await?;
    let now = app.clock.now();
    let page = CoursePage {
        frame: OfficeFrame::new(app, staff, Section::Waiting, &known.short_title)
            .crumb("枠と順番待ち", "/office/waiting")
            .with_error(error.is_some()),
        row: row.ok_or(PageError::NotFound)?,
        offer_days: offer_days(&known.capacity),
        waiting: (waiting.iter().enumerate())
            .map(|(index, standing)| waiting_row(standing, index == 0))
            .collect(),
        offered: (offered.iter())
            .map(|standing| offered_row(standing, now))
            .collect(),
        moves: moves.iter().map(move_row).collect(),
        error,
        reason: reason.to_owned(),
    };
    show(status, &page)
}

fn offer_days(capacity: &Capacity) -> Option<u32> {
    match capacity.waiting_list {
        WaitingList::Open {
            offer_business_days,
            ..
        } => Some(offer_business_days),
        WaitingList::Closed => None,
    }
}

fn waiting_row(standing: &Standing, first: bool) -> WaitingRow {
    WaitingRow {
        mark: format!("{}@{}", standing.receipt_number, standing.version),
        receipt_number: standing.receipt_number.clone(),
        name: standing.name.clone(),
        position: standing.position,
        status: Status::parse(&standing.status).map_or("", Status::label),
        since: moment(standing.changed_at),
        first,
    }
}

fn offered_row(standing: &Standing, now: jiff::Timestamp) -> OfferedRow {
    let due = standing.offer_due_at;
    // The due moment is the midnight that ends the last day.
    let day = due.map(|due| tokyo_date(due - jiff::SignedDuration::from_millis(1)));
    OfferedRow {
        receipt_number: standing.receipt_number.clone(),
        name: standing.name.clone(),
        position: standing.position,
        until: day.map(date_with_weekday).unwrap_or_default(),
        late: due.is_some_and(|due| due <= now),
    }
}

fn move_row(standing: &Standing) -> MoveRow {
    MoveRow {
        receipt_number: standing.receipt_number.clone(),
        name: standing.name.clone(),
        state: match standing.state {
            PlaceState::Held => "枠を取りました",
            PlaceState::Offered => "枠を案内しました",
            PlaceState::Waiting => "順番待ちになりました",
            PlaceState::Returned => "枠または順番を返しました",
        },
        at: moment(standing.changed_at),
    }
}

#[derive(Template)]
#[template(path = "office/waiting/offer.html")]
struct OfferPage {
    frame: OfficeFrame,
    action: String,
    back: String,
    mark: String,
    receipt_number: String,
    name: String,
    reason: String,
    until: String,
    mails: Vec<MailShown>,
}

struct MailShown {
    recipient: String,
    subject: String,
    text: String,
}

/// Offers a place: shown first, with the mail as it would leave; then done.
async fn offer(
    State(app): State<App>,
    staff: Staff,
    Path((program, course)): Path<(String, String)>,
    form: Form,
) -> Page {
    let reason = form.first("reason").trim().to_owned();
    let place = (program.as_str(), course.as_str());
    let refuse = StatusCode::UNPROCESSABLE_ENTITY;
    if !reason.is_empty() && allowed(staff.role, Action::OverrideOrder) == Grant::No {
        let said =
            "順番を変えるには、順番を変える権限が要ります。管理者にご相談ください。".to_owned();
        return shown(&app, &staff, place, refuse, Some(said), &reason).await;
    }
    let Some((receipt_number, version)) = marked(form.first("case")) else {
        let said = "案内する企業を選んでください。".to_owned();
        return shown(&app, &staff, place, refuse, Some(said), &reason).await;
    };
    let request = Request {
        receipt_number: receipt_number.clone(),
        version: Some(version),
        event: Event::Offered {
            course: course.clone(),
            reason: reason.clone(),
        },
        actor: Actor::Staff {
            id: staff.id.clone(),
            role: staff.role,
        },
    };
    if form.first("confirmed") != "1" {
        return foreseen(&app, &staff, place, request, &reason).await;
    }
    let back = format!("/office/waiting/{program}/{course}");
    let said = match act(&app, request).await? {
        Outcome::Unknown => return Err(PageError::NotFound),
        Outcome::Done(_) => {
            let said = format!("{receipt_number}に枠を案内しました。メールは5分後に送ります。");
            return Ok(Flash::success(said).go(&app, &staff, &back));
        }
        Outcome::Refused(refusal) => refusal.sentence,
        Outcome::Conflict(_) => {
            "表示した後に内容が変わりました。今の順番を確かめてから、もう一度選んでください。"
                .to_owned()
        }
    };
    shown(&app, &staff, place, refuse, Some(said), &reason).await
}

/// What the offer would send, before it is made.
async fn foreseen(
    app: &App,
    staff: &Staff,
    (program, course): (&str, &str),
    request: Request,
    reason: &str,
) -> Page {
    let mark = format!(
        "{}@{}",
        request.receipt_number,
        request.version.unwrap_or(0)
    );
    let receipt_number = request.receipt_number.clone();
    let (after, mails) = match preview(app, request).await? {
        Preview::Unknown => return Err(PageError::NotFound),
        Preview::Refused(refusal) => {
            let refuse = StatusCode::UNPROCESSABLE_ENTITY;
            let place = (program, course);
            return shown(app, staff, place, refuse, Some(refusal.sentence), reason).await;
        }
        Preview::Allowed { after, mails, .. } => (after, mails),
    };
    let back = format!("/office/waiting/{program}/{course}");
    let clock = after.case.clocks.get(&format!("offer.{course}"));
    let page = OfferPage {
        frame: OfficeFrame::new(app, staff, Section::Waiting, "枠の案内の確認")
            .crumb("枠と順番待ち", "/office/waiting"),
        action: format!("{back}/offer"),
        back,
        mark,
        receipt_number,
        name: after.answers.name.clone().unwrap_or_default(),
        reason: reason.to_owned(),
        until: clock
            .map(|clock| date_with_weekday(clock.due_date()))
            .unwrap_or_default(),
        mails: (mails.iter())
            .map(|mail| mail_shown(&mail.recipient, &mail.content))
            .collect(),
    };
    show(StatusCode::OK, &page)
}

fn mail_shown(recipient: &str, content: &[u8]) -> MailShown {
    let mail = read(content);
    MailShown {
        recipient: recipient.to_owned(),
        subject: mail.header("Subject").to_owned(),
        text: mail.body,
    }
}
