//! お申込みの状況: `/applications/{receipt_number}/{token}`. Where the case stands, who acts next and by when, and what the company can do.

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use sonae_core::calendar::japanese::{date_with_weekday, moment};
use sonae_core::capacity::PlaceState;
use sonae_core::clock::{Clock, Phase};
use sonae_core::flow::Status;
use sonae_core::program::{Program, Role};
use sonae_store::case::{place_data, waiting_ahead};

use super::super::public::calm::{self, Page};
use super::super::public::frame::Frame;
use super::super::public::posted::Posted;
use super::door::{self, Opened};
use super::ending::{Ending, ending};
use super::tasks::{Task, acting, clock_of, page_of, tasks, who};
use crate::app::App;

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage<'a> {
    frame: Frame,
    program: &'a Program,
    heading: &'static str,
    /// What was just done.
    said: Option<&'static str>,
    ending: Option<Ending>,
    number: &'a str,
    received_at: String,
    /// Whether the company does not take part yet.
    unconfirmed: bool,
    calls: Vec<Call>,
    tasks: Vec<Task<'a>>,
    later: Vec<Task<'a>>,
    courses: Vec<Course>,
    path: &'a str,
    has_diagnosis: bool,
    has_questionnaire: bool,
    has_papers: bool,
    has_reports: bool,
    may_withdraw: bool,
}

/// What is asked of the company, or what it may expect.
struct Call {
    /// `info`, `warning` or `success`.
    kind: &'static str,
    heading: String,
    sentences: Vec<String>,
    /// Words of others, shown with their line breaks.
    quoted: Option<String>,
    clause: Option<String>,
    /// Label and address.
    button: Option<(&'static str, String)>,
}

struct Course {
    title: String,
    position: i64,
    state: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Path((number, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Page {
    let opened = door::open(&app, &number, &token).await?;
    let query = Posted::parse(query.unwrap_or_default().as_bytes());
    let case = opened.case();
    let program = opened.program();
    let ending = ending(&app, &opened).await?;
    let papers = super::papers::waiting(&app, &opened).await?;
    let reports = super::reports::waiting(&app, &opened).await?;
    let is_open = case.status == Status::Open;
    let confirmed = case.status == Status::Confirmed;
    let (mut shown, mut later) = (Vec::new(), Vec::new());
    if ending.is_none() {
        shown = tasks(&opened, false);
        later = tasks(&opened, true);
    }
    let page = HomePage {
        frame: Frame::of_program(&app, program, "お申込みの状況").private(),
        program,
        heading: heading(&opened, ending.as_ref()),
        said: said(query.first("done")),
        number: &opened.stored.receipt_number,
        received_at: moment(opened.stored.received_at),
        unconfirmed: is_open,
        calls: match ending {
            None => calls(&app, &opened, papers, reports.1),
            Some(_) => Vec::new(),
        },
        tasks: shown,
        later,
        courses: courses(&app, &opened).await?,
        path: &opened.path,
        has_diagnosis: super::diagnosis::is_readable(&opened),
        has_questionnaire: !case.questionnaire.is_empty(),
        has_papers: papers.is_some(),
        has_reports: reports.0 > 0,
        may_withdraw: is_open || confirmed,
        ending,
    };
    Ok(calm::html(StatusCode::OK, &page))
}

fn heading(opened: &Opened, ending: Option<&Ending>) -> &'static str {
    match (ending, opened.case().status) {
        (Some(ending), _) => ending.heading,
        (None, Status::Confirmed) => "参加が確定しました",
        // Right after sending, the first thing to know is that it arrived.
        (None, _) if is_new(opened) => "お申込みを受け付けました",
        _ => "お申込みの状況",
    }
}

/// The sentence after something was sent.
fn said(done: &str) -> Option<&'static str> {
    Some(match done {
        "agree" => "ご了承を承りました。ありがとうございます。",
        "questionnaire" => "事前問診のご回答を承りました。ありがとうございます。",
        "correct" => "ご確認の内容を承りました。ありがとうございます。",
        "offer" => "お返事を承りました。ありがとうございます。",
        _ => return None,
    })
}

/// Whether nothing has happened since the receipt that the company would see.
fn is_new(opened: &Opened) -> bool {
    let case = opened.case();
    let done = case.steps.values().filter(|step| step.done_at.is_some());
    done.count() <= 1 && case.correction.is_none()
}

/// What is asked of the company first, then what it may expect.
fn calls(app: &App, opened: &Opened, papers: Option<usize>, reports: usize) -> Vec<Call> {
    let mut calls = Vec::new();
    calls.extend((reports > 0).then(|| new_reports(opened, reports)));
    calls.extend(
        papers
            .filter(|count| *count > 0)
            .map(|count| to_read(opened, count)),
    );
    calls.extend(correction(opened));
    calls.extend(offers(opened));
    if opened.case().status == Status::Confirmed {
        calls.push(confirmed(opened));
    }
    if opened.case().correction.is_none() {
        calls.extend(next(app, opened));
    }
    calls
}

/// Papers that wait for the company's answer.
fn to_read(opened: &Opened, count: usize) -> Call {
    Call {
        kind: "warning",
        heading: format!("文書を確認してください：{count}件"),
        sentences: vec![
            "専門家が用意した文書を読んで、承認するか、直してほしいところをお知らせください。"
                .to_owned(),
        ],
        quoted: None,
        clause: None,
        button: Some(("文書の一覧を開く", opened.page("papers"))),
    }
}

/// Monthly reports that nobody opened yet.
fn new_reports(opened: &Opened, count: usize) -> Call {
    Call {
        kind: "info",
        heading: format!("新しい月次レポート：{count}件"),
        sentences: vec!["貸出しの機器や製品が見守った結果です。どうぞお読みください。".to_owned()],
        quoted: None,
        clause: None,
        button: Some(("月次レポートを読む", opened.page("reports"))),
    }
}

fn correction(opened: &Opened) -> Option<Call> {
    let correction = opened.case().correction.as_ref()?;
    let by = running(opened, "correction").map_or_else(
        || "お早めに".to_owned(),
        |clock| format!("{}までに", date_with_weekday(clock.due_date())),
    );
    Some(Call {
        kind: "warning",
        heading: "申込内容のご確認をお願いします".to_owned(),
        sentences: vec![format!(
            "{by}、次の点をご確認ください。直しても、受付の順番は変わりません。"
        )],
        quoted: Some(correction.message.clone()),
        clause: None,
        button: Some(("申込内容を確認して、直す", opened.page("correct"))),
    })
}

fn offers(opened: &Opened) -> Vec<Call> {
    let program = opened.program();
    let offered = program
        .courses()
        .iter()
        .filter(|course| opened.case().places.get(&course.id) == Some(&PlaceState::Offered));
    offered
        .map(|course| {
            let until = running(opened, &format!("offer.{}", course.id));
            let until = until.map_or_else(String::new, |clock| {
                format!("{}までに、", date_with_weekday(clock.due_date()))
            });
            Call {
                kind: "warning",
                heading: format!("枠が空きました：{}", course.title),
                sentences: vec![format!(
                    "{until}参加をご希望かどうかをお知らせください。期日を過ぎると、次にお待ちの方へご案内します。"
                )],
                quoted: None,
                clause: None,
                button: Some(("ご案内を見て、返事をする", opened.page(&format!("offer/{}", course.id)))),
            }
        })
        .collect()
}

fn confirmed(opened: &Opened) -> Call {
    let courses = super::super::public::wording::titles(opened.program(), &opened.case().courses);
    Call {
        kind: "success",
        heading: "ご参加が決まっています".to_owned(),
        sentences: vec![
            format!("ご参加のコースは、{courses}です。"),
            "これからの日程は、担当者からご連絡します。".to_owned(),
        ],
        quoted: None,
        clause: None,
        button: None,
    }
}

/// The step that comes now, with its own date where the programme promises one.
fn next(app: &App, opened: &Opened) -> Option<Call> {
    let case = opened.case();
    if case.status != Status::Open {
        return None;
    }
    let step = case.current(opened.program())?;
    let clock = clock_of(case, step);
    let late = clock.is_some_and(|clock| app.clock.now() >= clock.due_at);
    let until = clock.map_or_else(String::new, |clock| {
        format!("：{}まで", date_with_weekday(clock.due_date()))
    });
    let mut sentences = vec![step.text.clone()];
    let company = step.owner == Role::Company;
    match (clock.is_some(), company, late) {
        (true, true, true) => sentences.push(
            "期日を過ぎていますが、今からでもお送りいただけます。お急ぎのときやご不明な点は、下の窓口へお電話ください。".to_owned(),
        ),
        (true, false, _) => sentences.push(
            "この日を過ぎても連絡がないときは、お手数ですが、下の窓口へお知らせください。".to_owned(),
        ),
        (_, false, _) => sentences.push(format!(
            "いまは{}の番です。お客さまにしていただくことはありません。",
            who(acting(opened.program(), case, step))
        )),
        _ => {}
    }
    let page = page_of(step.kind).filter(|_| company);
    Some(Call {
        kind: if company { "warning" } else { "info" },
        heading: format!("{}{until}", step.title),
        sentences,
        quoted: None,
        clause: Some(step.clause.clone()),
        button: page.map(|(name, label)| (label, opened.page(name))),
    })
}

/// A running clock of the case.
pub(super) fn running<'a>(opened: &'a Opened, id: &str) -> Option<&'a Clock> {
    let clock = opened.case().clocks.get(id)?;
    (clock.phase == Phase::Running).then_some(clock)
}

/// The courses applied for, with the place in each.
async fn courses(app: &App, opened: &Opened) -> Result<Vec<Course>, Response> {
    let id = opened.stored.application_id.clone();
    let read = app.read(move |tx| {
        let mut places = Vec::new();
        for place in place_data(tx, &id)? {
            let ahead = waiting_ahead(tx, &id, &place.course)?;
            places.push((place, ahead));
        }
        Ok(places)
    });
    let places = read.await.map_err(calm::failed)?;
    let in_order = opened.program().courses().iter();
    let shown = in_order.filter_map(|course| {
        let (place, ahead) = places.iter().find(|(place, _)| place.course == course.id)?;
        Some(Course {
            title: course.title.clone(),
            position: place.position,
            state: state_text(&place.state, *ahead),
        })
    });
    Ok(shown.collect())
}

fn state_text(state: &str, ahead: Option<i64>) -> String {
    match (PlaceState::parse(state), ahead) {
        (Some(PlaceState::Held), _) => "定員の枠に入っています".to_owned(),
        (Some(PlaceState::Offered), _) => "枠が空いたことをご案内しています".to_owned(),
        (Some(PlaceState::Waiting), Some(ahead)) if ahead > 0 => format!(
            "枠が空くのをお待ちいただいています。前に{ahead}社がお待ちです。空いたときに、順にご案内します"
        ),
        (Some(PlaceState::Waiting), _) => {
            "枠が空くのをお待ちいただいています。次にご案内する順番です".to_owned()
        }
        _ => "枠をお返しいただきました".to_owned(),
    }
}
