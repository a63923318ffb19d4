//! `/office/detections`: one address or host over all companies that this person may see. It is sent in a form and stands in no address of a page.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use sonae_core::access::Action;
use sonae_core::calendar::japanese::date_short;
use sonae_store::case::{self, Stored};
use sonae_telemetry::questions::needle::{MOST_MET, Met, Needle};

use crate::app::App;
use crate::pages::office::Page;
use crate::pages::office::case::open;
use crate::pages::office::devices::counted;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::field::{Control, Mistake, Text, mistakes};
use crate::pages::public::show;

const HERE: &str = "/office/detections";
/// The longest address that is looked for: a host name has at most 253 characters.
const LONGEST: usize = 255;

pub(super) fn routes(door: Door) -> Door {
    let may = Action::ReadDetections;
    door.get(HERE, may, begin).post(HERE, may, search)
}

#[derive(Template)]
#[template(path = "office/detections/needle.html")]
struct NeedlePage {
    frame: OfficeFrame,
    mistakes: Vec<Mistake>,
    controls: Vec<Control>,
    /// Once something was looked for.
    found: Option<Found>,
}

struct Found {
    companies: usize,
    events: String,
    /// Days of companies beyond those that are named.
    cut: bool,
    lines: Vec<Line>,
}

struct Line {
    day: String,
    number: String,
    company: String,
    href: String,
    events: String,
    sides: &'static str,
}

async fn begin(State(app): State<App>, staff: Staff) -> Page {
    page(&app, &staff, String::new(), None, None)
}

async fn search(State(app): State<App>, staff: Staff, sent: Form) -> Page {
    let typed: String = sent.first("address").trim().chars().take(LONGEST).collect();
    if typed.is_empty() || typed.chars().any(char::is_control) {
        let wrong = "探すアドレスかホスト名を書いてください。";
        return page(&app, &staff, typed, Some(wrong), None);
    }
    let address = typed.clone();
    let needle = app
        .detections(move |detections| detections.needle(&address))
        .await?;
    let cut = needle.days > MOST_MET;
    let found = of_person(&app, &staff, needle, cut).await?;
    page(&app, &staff, typed, None, Some(found))
}

/// What of it this person may see.
async fn of_person(
    app: &App,
    staff: &Staff,
    needle: Needle,
    cut: bool,
) -> Result<Found, sonae_store::StoreError> {
    let mut ids: Vec<String> = needle.met.iter().map(|met| met.company.clone()).collect();
    ids.sort();
    ids.dedup();
    let cases = app.read(move |tx| {
        let found = ids.iter().map(|id| case::by_id(tx, id));
        found.collect::<Result<Vec<Option<Stored>>, _>>()
    });
    let may = |stored: &Stored| {
        let access = open::access(staff, stored);
        staff.may(Action::ReadDetections, access).is_ok()
    };
    let cases: Vec<Stored> = cases.await?.into_iter().flatten().filter(may).collect();
    let line = |met: &Met| {
        let stored = (cases.iter()).find(|stored| stored.application_id == met.company)?;
        Some(Line {
            day: date_short(met.day.date()),
            number: stored.receipt_number.clone(),
            company: stored.answers.name.clone().unwrap_or_default(),
            href: format!("/office/cases/{}/detections", stored.receipt_number),
            events: counted(met.events),
            sides: match (met.as_source, met.as_destination) {
                (true, true) => "送信元と宛先",
                (true, false) => "送信元",
                (false, _) => "宛先",
            },
        })
    };
    let hers: Vec<&Met> = (needle.met.iter())
        .filter(|met| {
            cases
                .iter()
                .any(|stored| stored.application_id == met.company)
        })
        .collect();
    Ok(Found {
        companies: cases.len(),
        events: counted(hers.iter().map(|met| met.events).sum()),
        cut,
        lines: hers.into_iter().filter_map(line).collect(),
    })
}

fn page(
    app: &App,
    staff: &Staff,
    typed: String,
    wrong: Option<&str>,
    found: Option<Found>,
) -> Page {
    let mut address = Text::new("address", "アドレスかホスト名");
    address.value = typed;
    address.part.required = true;
    address.part.hint = Some("例：203.0.113.9、2001:db8::1、mail.example.jp".to_owned());
    address.part.error = wrong.map(str::to_owned);
    let controls = vec![Control::Text(address)];
    let mistakes = mistakes(&controls);
    let frame = OfficeFrame::new(app, staff, Section::Cases, "一つのアドレスを探す")
        .crumb("案件", "/office/cases");
    let shown = NeedlePage {
        frame: OfficeFrame {
            error: wrong.is_some(),
            ..frame
        },
        mistakes,
        controls,
        found,
    };
    let status = match wrong {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    show(status, &shown)
}
