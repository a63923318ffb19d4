//! `/office/programs/{program}/flow`: how an application goes on from each state, as the state machine walks it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::flow::diagram::{Diagram, Node, Way, diagram, milestone_word, role_word};
use sonae_core::program::Program;

use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

pub(super) fn routes(door: Door) -> Door {
    door.get(
        "/office/programs/{program}/flow",
        Action::ReadPrograms,
        page,
    )
}

#[derive(Template)]
#[template(path = "office/programs/flow.html")]
struct FlowPage {
    frame: OfficeFrame,
    states: Vec<Station>,
    ends: Vec<String>,
    anywhere: Vec<Onward>,
    reopened: String,
    delivery: Vec<String>,
}

/// An open state with what leads on from it.
struct Station {
    id: String,
    title: String,
    owner: &'static str,
    days: Option<String>,
    ways: Vec<Onward>,
}

struct Onward {
    event: &'static str,
    by: String,
    to: String,
    /// The target's anchor; none for an end.
    to_id: Option<String>,
    reaches: String,
    mails: String,
}

async fn page(State(app): State<App>, staff: Staff, Path(id): Path<String>) -> Page {
    let running = app.programs.get(&id).ok_or(PageError::NotFound)?;
    let program = &running.program;
    let diagram = diagram(program);
    let title = format!("{} 流れの図", program.definition.program.short_title);
    let state = |node: &Node| Station {
        id: node.id.clone(),
        title: node.title.clone(),
        owner: node.owner.map_or("", role_word),
        days: node.days.map(|(days, promised)| match promised {
            true => format!("{days}営業日"),
            false => format!("{days}営業日(事務局の目安)"),
        }),
        ways: (diagram.ways.iter())
            .filter(|way| way.from == node.id)
            .map(|way| onward(program, &diagram, way))
            .collect(),
    };
    let reopened = diagram
        .ends
        .iter()
        .filter(|node| diagram.reopened.contains(&node.id));
    let reopened: Vec<&str> = reopened.map(|node| node.title.as_str()).collect();
    let page = FlowPage {
        frame: OfficeFrame::new(&app, &staff, Section::Programs, &title)
            .crumb("事業", "/office/programs")
            .crumb(
                &program.definition.program.short_title,
                &format!("/office/programs/{id}"),
            ),
        states: diagram.open.iter().map(state).collect(),
        ends: diagram.ends.iter().map(|node| node.title.clone()).collect(),
        anywhere: diagram
            .anywhere
            .iter()
            .map(|way| onward(program, &diagram, way))
            .collect(),
        reopened: reopened.join("」「"),
        delivery: diagram.delivery.clone(),
    };
    show(StatusCode::OK, &page)
}

/// What a mail is called here: its subject without the programme's name and without what differs from case to case.
fn subject(program: &Program, id: &str) -> String {
    let mail = program
        .definition
        .mail
        .mail
        .iter()
        .find(|mail| mail.id == id);
    let subject = mail.map_or(id, |mail| mail.subject.as_str());
    let subject = subject.rsplit('】').next().unwrap_or(subject);
    let end = subject.find(['(', '。', '{']).unwrap_or(subject.len());
    format!("「{}」", subject[..end].trim())
}

fn onward(program: &Program, diagram: &Diagram, way: &Way) -> Onward {
    let open = diagram.open.iter().find(|node| node.id == way.to);
    let node = open.or_else(|| diagram.ends.iter().find(|node| node.id == way.to));
    let by: Vec<&str> = way.by.iter().copied().collect();
    let reaches: Vec<&str> = way.reaches.iter().copied().map(milestone_word).collect();
    let mails: Vec<String> = (way.mails.iter()).map(|id| subject(program, id)).collect();
    Onward {
        event: way.event,
        by: by.join("、"),
        to: node.map_or_else(|| way.to.clone(), |node| node.title.clone()),
        to_id: open.map(|node| node.id.clone()),
        reaches: reaches.join("、"),
        mails: mails.concat(),
    }
}
