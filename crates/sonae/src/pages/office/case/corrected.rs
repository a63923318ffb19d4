//! `…/corrected`: what a company corrected by telephone, entered by the office: the company's own fields, reading and checks, with who said
//! it and when. It may answer a request for correction, or come by itself.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Time;
use sonae_core::access::Action;
use sonae_core::application::read::{FieldError, Mode};
use sonae_core::calendar::japanese::{date_short, moment, parse_date};
use sonae_core::calendar::{tokyo, tokyo_date};
use sonae_core::flow::{Event, Refusal};
use sonae_core::program::form::{Field, Screen};
use sonae_core::text::width::narrow;

use super::command::{self, STEP, Sending};
use super::fields::{self, Ask, Values};
use super::open::{self, Opened};
use super::way::{Group, Way};
use crate::app::App;
use crate::pages::correction;
use crate::pages::office::Page;
use crate::pages::office::case::case_form;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::OfficeFrame;
use crate::pages::public::address::Suggestion;
use crate::pages::public::field::{Control, Mistake};
use crate::pages::public::posted::Posted;
use crate::pages::public::question::{self, Question, Surroundings};
use crate::pages::public::screen::{Asked, errors_of};
use crate::pages::public::show;
use crate::pages::public::typed::{Typed, names};

/// The hidden field that names the answers a form showed, so that one that was not shown is not read as taken back.
const SHOWN: &str = "shown";
/// What the button wants that shows every field.
const ALL: &str = "all";

pub(super) static CORRECTED: Way = Way {
    path: "/office/cases/{receipt_number}/corrected",
    label: "聞き取った訂正を入力する",
    key: "",
    group: Group::Progress,
    action: Action::WorkCase,
    // The event itself would judge every condition again, which is too much for opening a case. Like a refusal, it needs an open case and
    // nothing more.
    trials: |_| {
        let reason = "-".to_owned();
        let clause = "-".to_owned();
        vec![Event::Declined { reason, clause }]
    },
};

#[derive(Template)]
#[template(path = "office/case/corrected.html")]
struct CorrectedPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    action: String,
    asked_for: Option<&'a str>,
    told: Vec<Control>,
    questions: Vec<Question>,
    suggestion: Option<Suggestion>,
    shown: Vec<String>,
    /// Whether there are fields that are not shown.
    more: bool,
    mistakes: Vec<Mistake>,
    refusal: Option<String>,
    version: i64,
}

/// What the page shows besides the answers.
#[derive(Default)]
struct Remarks {
    errors: Vec<FieldError>,
    suggestion: Option<Suggestion>,
    refusal: Option<Refusal>,
}

pub(super) fn routes(door: Door) -> Door {
    door.get(CORRECTED.path, CORRECTED.action, show_form).post(
        CORRECTED.path,
        CORRECTED.action,
        take,
    )
}

async fn show_form(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    let opened = open::open(&app, &staff, &number, CORRECTED.action).await?;
    if !opened.offers(&CORRECTED) {
        return case_form::not_now(&app, &opened, &CORRECTED).await;
    }
    let (program, answers) = (opened.program(), &opened.stored.answers);
    let screen = match &opened.stored.case.correction {
        Some(correction) => correction::asked(program, answers, correction),
        None => correction::screen(program, answers, &|_| true),
    };
    let typed = correction::typed(answers);
    let told = told(opened.now);
    page(
        &app,
        &opened,
        (told, screen, typed),
        Remarks::default(),
        None,
    )
}

async fn take(
    State(app): State<App>,
    Path(number): Path<String>,
    staff: Staff,
    sent: Form,
) -> Page {
    let opened = open::open(&app, &staff, &number, CORRECTED.action).await?;
    let (program, answers) = (opened.program(), &opened.stored.answers);
    let posted = Posted::new(sent.fields());
    let every = sent.first("action") == ALL;
    let was_shown = |field: &Field| sent.all(SHOWN).any(|name| name == field.name);
    let screen = correction::screen(program, answers, &was_shown);
    let mut typed = correction::typed(answers);
    typed.take(program, names(&screen), &posted);
    let mut told = told(opened.now);
    let read = read_told(&mut told, &sent, &opened);
    let mut remarks = Remarks::default();
    if sent.has("action") || sent.first(STEP) == "edit" {
        // Nothing is sent yet; what was typed is not judged.
        for ask in &mut told {
            ask.control.part_mut().error = None;
        }
        let screen = match every {
            true => correction::screen(program, answers, &|_| true),
            false => screen,
        };
        remarks.suggestion = correction::helped(&mut typed, Asked::of(sent.first("action")));
        return page(&app, &opened, (told, screen, typed), remarks, Some(&sent));
    }
    remarks.errors = errors_of(program, &typed, Mode::Complete);
    let (Some(reason), true) = (read, remarks.errors.is_empty()) else {
        return page(&app, &opened, (told, screen, typed), remarks, Some(&sent));
    };
    let sending = Sending {
        way: &CORRECTED,
        event: Event::Corrected {
            answers: Box::new(correction::over(program, answers, &screen, &posted)),
            reason,
        },
        sent: &sent,
        quiet: false,
    };
    match command::send(&app, &opened, sending).await? {
        Ok(response) => Ok(response),
        Err(refusal) => {
            remarks.refusal = Some(refusal);
            page(&app, &opened, (told, screen, typed), remarks, Some(&sent))
        }
    }
}

/// Who said it, when, and what else was said.
fn told(now: Timestamp) -> Vec<Ask> {
    let zoned = now.to_zoned(tokyo());
    let hour = format!("{:02}:{:02}", zoned.hour(), zoned.minute());
    vec![
        Ask::line("said_by", "お話しになった方")
            .required()
            .hint("企業のどなたからうかがったかを書きます。"),
        Ask::line("said_on", "うかがった日")
            .required()
            .filled(&date_short(tokyo_date(now))),
        Ask::line("said_at", "うかがった時刻")
            .required()
            .filled(&hour),
        Ask::text("note", "事務局の覚え書き(企業には届きません)"),
    ]
}

/// The reason of the event; none when something is wrong, which then stands at its field.
fn read_told(told: &mut [Ask], sent: &Form, opened: &Opened) -> Option<String> {
    let values = fields::read(told, sent);
    let day = date(told, sent);
    let hour = time(told, sent);
    let (Ok(values), Some(day), Some(hour)) = (values, day, hour) else {
        return None;
    };
    let at = day.to_datetime(hour).to_zoned(tokyo()).ok()?.timestamp();
    let wrong = match at {
        at if at > opened.now => Some("うかがった日時が、今より後になっています。"),
        // The minute in which the application arrived began before it.
        at if at < minute_of(opened.stored.received_at) => {
            Some("うかがった日時が、受付より前になっています。")
        }
        _ => None,
    };
    if let Some(sentence) = wrong {
        put(told, "said_on", sentence);
        return None;
    }
    Some(sentence(&values, at))
}

fn sentence(values: &Values, at: Timestamp) -> String {
    let said = format!(
        "{}に、{}様からお電話でうかがいました。",
        moment(at),
        values.text("said_by").trim().trim_end_matches('様')
    );
    match values.text("note").trim() {
        "" => said,
        note => format!("{said}\n{note}"),
    }
}

fn minute_of(at: Timestamp) -> Timestamp {
    let second = at.as_second();
    Timestamp::from_second(second - second.rem_euclid(60)).unwrap_or(at)
}

fn date(told: &mut [Ask], sent: &Form) -> Option<jiff::civil::Date> {
    let typed = sent.first("said_on");
    match parse_date(typed) {
        Ok(day) => Some(day),
        // That it is missing is said already.
        Err(_) if typed.trim().is_empty() => None,
        Err(problem) => {
            put(told, "said_on", &problem.to_string());
            None
        }
    }
}

/// 14:05, 14時5分 or 1405, in any width.
fn time(told: &mut [Ask], sent: &Form) -> Option<Time> {
    let typed = narrow(sent.first("said_at"));
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let plain = typed.replace('時', ":");
    let (hour, minute) = match plain.trim_end_matches('分').split_once(':') {
        Some((hour, "")) => (hour.to_owned(), "0".to_owned()),
        Some((hour, minute)) => (hour.to_owned(), minute.to_owned()),
        None if plain.len() == 4 && plain.is_ascii() => {
            (plain[..2].to_owned(), plain[2..].to_owned())
        }
        None => (String::new(), String::new()),
    };
    let read = hour.trim().parse().ok().zip(minute.trim().parse().ok());
    let time = read.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
    if time.is_none() {
        put(
            told,
            "said_at",
            "「14:05」のように、時と分を入力してください。",
        );
    }
    time
}

fn put(told: &mut [Ask], name: &str, sentence: &str) {
    for ask in told {
        let part = ask.control.part_mut();
        if part.name == name && part.error.is_none() {
            part.error = Some(sentence.to_owned());
        }
    }
}

fn page(
    app: &App,
    opened: &Opened,
    (told, screen, typed): (Vec<Ask>, Screen, Typed),
    remarks: Remarks,
    sent: Option<&Form>,
) -> Page {
    let program = opened.program();
    let around = Surroundings {
        errors: &remarks.errors,
        tallies: &BTreeMap::new(),
        now: opened.now,
    };
    let questions = question::questions(program, &screen, &typed, &around);
    let mut mistakes = fields::found(&told);
    mistakes.extend(question::mistakes(&questions));
    let every = correction::screen(program, &opened.stored.answers, &|_| true);
    let wrong = remarks.refusal.is_some() || !mistakes.is_empty() || !remarks.errors.is_empty();
    let correction = opened.stored.case.correction.as_ref();
    let page = CorrectedPage {
        frame: command::frame(app, opened, CORRECTED.label).with_error(wrong),
        opened,
        action: CORRECTED.href(&opened.stored.receipt_number),
        asked_for: correction.map(|correction| correction.message.as_str()),
        told: told.into_iter().map(|ask| ask.control).collect(),
        suggestion: remarks.suggestion,
        shown: names(&screen).map(str::to_owned).collect(),
        more: screen.field.len() < every.field.len(),
        questions,
        mistakes,
        refusal: remarks.refusal.map(|refusal| refusal.sentence),
        version: command::seen(opened, sent),
    };
    let status = match wrong {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    show(status, &page)
}
