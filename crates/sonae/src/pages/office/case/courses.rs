//! `…/courses`: the environment, the places and the terms of each course side by side; the expert's proposal and the office's decision.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::application::prefecture;
use sonae_core::capacity::{PlaceState, Tally, places_left};
use sonae_core::flow::Event;
use sonae_core::program::flow::StepKind;
use sonae_core::program::program::Course;
use sonae_core::program::support::EquipmentUnit;
use sonae_store::tally;

use super::case_form::CaseForm;
use super::fields::Ask;
use super::open::{self, Opened};
use super::way::{Group, Way};
use super::{command, diagnosis};
use crate::app::App;
use crate::office::foreseen::place_label;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::OfficeFrame;
use crate::pages::public::field::Control;
use crate::pages::public::show;

pub(super) static PROPOSE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/courses/propose",
        label: "コースの案を出す",
        key: "",
        group: Group::Progress,
        action: Action::Diagnose,
        trials: |opened| {
            let proposed = Event::CoursesProposed {
                courses: opened.stored.case.live_courses(),
                reason: "-".to_owned(),
            };
            decides(opened).then_some(proposed).into_iter().collect()
        },
    },
    about: "事前診断でわかったことをもとに、実施するコースの案と理由を書きます。決めるのは事務局です。",
    quiet: true,
    fields: |opened| {
        let live = opened.stored.case.live_courses();
        vec![
            chosen(opened, "案にするコース", &live),
            reason("案の理由", opened),
        ]
    },
    event: |_, values| Event::CoursesProposed {
        courses: values.all("courses"),
        reason: values.text("reason"),
    },
};

pub(super) static DECIDE: CaseForm = CaseForm {
    way: Way {
        path: "/office/cases/{receipt_number}/courses/decide",
        label: "コースを決める(参加確定)",
        key: "k",
        group: Group::Progress,
        action: Action::DecideCourses,
        trials: |opened| {
            let decided = Event::CoursesDecided {
                courses: held(opened),
                reason: "-".to_owned(),
            };
            decides(opened).then_some(decided).into_iter().collect()
        },
    },
    about: "実施するコースを決めます。決めると参加が確定し、企業にメールでお知らせします。選ばなかったコースの枠は返り、次にお待ちの企業にご案内します。",
    quiet: false,
    fields: |opened| {
        let held = held(opened);
        vec![
            chosen(opened, "実施するコース", &held),
            reason("決定の理由", opened),
        ]
    },
    event: |_, values| Event::CoursesDecided {
        courses: values.all("courses"),
        reason: values.text("reason"),
    },
};

/// Whether the programme decides on courses at all.
pub(super) fn decides(opened: &Opened) -> bool {
    let steps = &opened.program().definition.flow.step;
    steps
        .iter()
        .any(|step| step.kind == StepKind::CourseDecision)
}

fn held(opened: &Opened) -> Vec<String> {
    let case = &opened.stored.case;
    let held = |course: &String| case.places.get(course) == Some(&PlaceState::Held);
    case.courses
        .iter()
        .filter(|course| held(course))
        .cloned()
        .collect()
}

/// The courses to choose from, those of the proposal chosen, each with what speaks for or against it.
fn chosen(opened: &Opened, label: &str, courses: &[String]) -> Ask {
    let program = opened.program();
    let titles = courses.iter().filter_map(|id| program.course(id));
    let choices = titles.map(|course| (course.id.clone(), course.title.clone()));
    let mut ask = Ask::many("courses", label, choices).required();
    let proposal = opened.stored.case.course_proposal.as_ref();
    if let Control::Choices(list) = &mut ask.control {
        for choice in &mut list.choices {
            choice.chosen = proposal.is_some_and(|(courses, _)| courses.contains(&choice.value));
            let course = program.course(&choice.value);
            choice.hint = course
                .map(|course| remarks(opened, course).join("。"))
                .filter(|hint| !hint.is_empty());
        }
    }
    ask
}

fn reason(label: &str, opened: &Opened) -> Ask {
    let ask = Ask::text("reason", label).required();
    match &opened.stored.case.course_proposal {
        Some((_, reason)) => ask.hint(&format!("専門家の案の理由：{reason}")),
        None => ask,
    }
}

/// What the programme's terms and the company's answers say about a course, without full stops at their ends.
fn remarks(opened: &Opened, course: &Course) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(state) = opened.stored.case.places.get(&course.id) {
        said.push(place_label(*state).to_owned());
    }
    let equipment = opened.program().definition.support.equipment.iter();
    for equipment in equipment.filter(|equipment| equipment.course == course.id) {
        let most = equipment.per_company;
        said.push(match equipment.unit {
            EquipmentUnit::Device => format!("1社{most}台まで(要項 {})", equipment.clause),
            EquipmentUnit::User => format!("1社{most}ユーザーまで(要項 {})", equipment.clause),
        });
        let places: Vec<&str> = (equipment.prefectures.iter())
            .filter_map(|code| prefecture::name(code))
            .collect();
        let main = opened.stored.answers.prefecture.as_deref();
        if !places.is_empty() {
            said.push(format!("場所は{}に限ります", places.join("、")));
        }
        if main.is_some_and(|main| {
            !places.is_empty() && !equipment.prefectures.iter().any(|code| code == main)
        }) {
            said.push("主たる事業所は、その外にあります".to_owned());
        }
    }
    said
}

pub(super) static COURSES: Way = Way {
    path: "/office/cases/{receipt_number}/courses",
    label: "コースを検討する",
    key: "",
    group: Group::Progress,
    action: Action::Diagnose,
    // Opening a page is no event; whoever may write a note on the case may look.
    trials: |opened| {
        let note = Event::Noted {
            text: "-".to_owned(),
        };
        decides(opened).then_some(note).into_iter().collect()
    },
};

#[derive(Template)]
#[template(path = "office/case/courses.html")]
struct CoursesPage<'a> {
    frame: OfficeFrame,
    opened: &'a Opened,
    environment: Vec<(String, String)>,
    courses: Vec<Line>,
    proposal: Option<(String, String)>,
    ways: Vec<&'static Way>,
}

struct Line {
    title: String,
    capacity: String,
    remarks: Vec<String>,
    proposed: bool,
}

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/cases/{receipt_number}/courses",
        Action::Diagnose,
        show_courses,
    )
}

async fn show_courses(State(app): State<App>, Path(number): Path<String>, staff: Staff) -> Page {
    let read =
        |tx: &mut sonae_db::Tx, opened: &Opened| tally::of_program(tx, opened.program().id());
    let (opened, tallies) = open::open_with(&app, &staff, &number, Action::Diagnose, read).await?;
    let case = &opened.stored.case;
    let proposal = case.course_proposal.as_ref();
    let of_case = opened
        .program()
        .courses()
        .iter()
        .filter(|course| case.places.contains_key(&course.id));
    let page = CoursesPage {
        frame: command::frame(&app, &opened, "コースの検討"),
        environment: diagnosis::lines(&opened),
        courses: of_case
            .map(|course| Line {
                title: course.title.clone(),
                capacity: capacity(course, tallies.get(&course.id).copied().unwrap_or_default()),
                remarks: remarks(&opened, course),
                proposed: proposal.is_some_and(|(courses, _)| courses.contains(&course.id)),
            })
            .collect(),
        proposal: proposal
            .map(|(courses, reason)| (opened.words().courses(courses), reason.clone())),
        ways: [&diagnosis::DIAGNOSIS.way, &PROPOSE.way, &DECIDE.way]
            .into_iter()
            .filter(|way| opened.offers(way))
            .collect(),
        opened: &opened,
    };
    show(StatusCode::OK, &page)
}

fn capacity(course: &Course, tally: Tally) -> String {
    format!(
        "{}枠のうち{}枠(残り{}枠)、お待ち{}社",
        course.capacity.places,
        tally.held,
        places_left(&course.capacity, tally),
        tally.waiting
    )
}
