//! `/office/checks/missed`: every day that waits, and several quiet days caught up together: shown first, then done, with a result for each.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use sonae_core::access::{self, Action, Grant};
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::calendar::tokyo_date;

use super::quiet::say_quiet;
use super::{HERE, read_day, who};
use crate::app::App;
use crate::office::checks::missed::waiting;
use crate::office::checks::sheet::{Line, sheet};
use crate::office::checks::sign;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::error::PageError;
use crate::pages::public::show;

/// Days that are caught up at once.
const MOST_DAYS: usize = 31;
/// Days that are listed.
const MOST_LISTED: usize = 400;

pub(super) fn routes(door: Door) -> Door {
    door.get("/office/checks/missed", Action::ReadChecks, list)
        .post("/office/checks/missed", Action::CheckDetections, catch_up)
}

#[derive(Template)]
#[template(path = "office/checks/missed.html")]
struct MissedPage {
    frame: OfficeFrame,
    days: Vec<Day>,
    works: bool,
    most: usize,
    error: Option<String>,
}

struct Day {
    day: Date,
    text: String,
    href: String,
    unsigned: usize,
    late: usize,
}

async fn list(State(app): State<App>, staff: Staff) -> Page {
    listed(&app, &staff, None).await
}

async fn listed(app: &App, staff: &Staff, error: Option<String>) -> Page {
    let (asking, today) = (who(staff), tokyo_date(app.clock.now()));
    let waits = app
        .read(move |tx| waiting(tx, &asking, Action::ReadChecks, today))
        .await?;
    let status = match error.is_some() {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    let page = MissedPage {
        frame: frame(app, staff, "終わっていない日").with_error(error.is_some()),
        days: (waits.iter().take(MOST_LISTED))
            .map(|wait| Day {
                day: wait.day,
                text: date_with_weekday(wait.day),
                href: href(wait.day),
                unsigned: wait.unsigned,
                late: wait.late,
            })
            .collect(),
        works: access::allowed(staff.role, Action::CheckDetections) != Grant::No,
        most: MOST_DAYS,
        error,
    };
    show(status, &page)
}

fn href(day: Date) -> String {
    format!("{HERE}?day={day}")
}

fn frame(app: &App, staff: &Staff, title: &str) -> OfficeFrame {
    OfficeFrame::new(app, staff, Section::Checks, title).crumb("検知の確認", HERE)
}

#[derive(Template)]
#[template(path = "office/checks/caught_up.html")]
struct CaughtUpPage {
    frame: OfficeFrame,
    days: Vec<Caught>,
    done: bool,
}

/// A day with what is or was done.
struct Caught {
    day: Date,
    text: String,
    href: String,
    companies: usize,
    quiet: usize,
    /// Companies that somebody looks at by herself.
    others: usize,
    word: String,
    ok: bool,
}

async fn catch_up(State(app): State<App>, staff: Staff, form: Form) -> Page {
    let mut days: Vec<Date> = Vec::new();
    for text in form.all("day").take(MOST_DAYS + 1) {
        days.push(read_day(text)?);
    }
    days.sort_unstable();
    days.dedup();
    if days.is_empty() || days.len() > MOST_DAYS {
        let sentence = format!("1日から{MOST_DAYS}日までの日に印を付けてください。");
        return listed(&app, &staff, Some(sentence)).await;
    }
    let done = form.has("confirmed");
    let mut caught = Vec::new();
    for day in days {
        let lines = sheet(&app, day, &who(&staff), Action::CheckDetections).await?;
        let mut plan = plan(&lines, day);
        if done {
            finish(&app, &staff, &lines, &mut plan).await?;
        }
        caught.push(plan);
    }
    let title = match done {
        true => "まとめて確認した結果",
        false => "静かな日をまとめて確認する",
    };
    let page = CaughtUpPage {
        frame: frame(&app, &staff, title).crumb("終わっていない日", "/office/checks/missed"),
        days: caught,
        done,
    };
    show(StatusCode::OK, &page)
}

fn plan(lines: &[Line], day: Date) -> Caught {
    let quiet = lines.iter().filter(|line| line.is_plainly_quiet()).count();
    let open =
        |line: &&Line| (line.checked.is_none() && !line.is_plainly_quiet()) || line.has_grown();
    let others = lines.iter().filter(open).count();
    Caught {
        day,
        text: date_with_weekday(day),
        href: href(day),
        companies: lines.len(),
        quiet,
        others,
        word: match others {
            0 => "異常なしにして、署名します".to_owned(),
            _ => "異常なしにします。残りを確認するまで、署名はできません".to_owned(),
        },
        ok: others == 0,
    }
}

/// Says that the quiet companies are quiet, and signs the day when nothing else is left.
async fn finish(
    app: &App,
    staff: &Staff,
    lines: &[Line],
    plan: &mut Caught,
) -> Result<(), PageError> {
    let mut refused = 0;
    for line in lines.iter().filter(|line| line.is_plainly_quiet()) {
        let number = &line.company.receipt_number;
        let said = say_quiet(app, &who(staff), (plan.day, number)).await?;
        refused += usize::from(said.is_some());
    }
    let said = plan.quiet - refused;
    plan.word = match sign::sign(app, who(staff), (plan.day, app.clock.now())).await? {
        Ok(_) => {
            plan.ok = true;
            format!("{said}社を異常なしにして、署名しました。")
        }
        Err(refusal) => {
            plan.ok = false;
            format!("{said}社を異常なしにしました。{}", refusal.sentence)
        }
    };
    Ok(())
}
