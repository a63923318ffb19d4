//! `/office/checks/{day}/quiet`: companies without a detection are said to be quiet together: shown first, then done, with a result for each.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use sonae_core::access::Action;
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::detection_check::State as Said;
use sonae_store::StoreError;

use super::row::href;
use super::{HERE, read_day, who};
use crate::app::App;
use crate::office::checks::sheet::{Line, sheet};
use crate::office::checks::{CompanyDay, Who, said};
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::form::Form;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::show;

/// Companies that are done at once; a day has some hundred.
const MOST: usize = 1_000;

pub(super) fn routes(door: Door) -> Door {
    door.post("/office/checks/{day}/quiet", Action::CheckDetections, quiet)
}

#[derive(Template)]
#[template(path = "office/checks/quiet.html")]
struct QuietPage {
    frame: OfficeFrame,
    day: Date,
    date: String,
    /// To be said, or what came of it.
    companies: Vec<Company>,
    others: Vec<Company>,
    done: bool,
}

/// A company with what is or was done, and why not.
struct Company {
    number: String,
    name: String,
    href: String,
    word: String,
    ok: bool,
}

async fn quiet(State(app): State<App>, Path(day): Path<String>, staff: Staff, form: Form) -> Page {
    let day = read_day(&day)?;
    let lines = sheet(&app, day, &who(&staff), Action::CheckDetections).await?;
    let done = form.has("confirmed");
    let mut companies = Vec::new();
    let mut others = Vec::new();
    for line in &lines {
        let number = &line.company.receipt_number;
        let marked = form.all("case").take(MOST).any(|marked| marked == number);
        match line.is_plainly_quiet() && (marked || !done) {
            true => companies.push(company(line, day, "異常なしにします", true)),
            false if done && marked => companies.push(company(line, day, why_not(line), false)),
            false => others.push(company(line, day, why_not(line), false)),
        }
    }
    if done {
        for company in companies.iter_mut().filter(|company| company.ok) {
            let refused = say_quiet(&app, &who(&staff), (day, &company.number)).await?;
            company.ok = refused.is_none();
            company.word = refused.unwrap_or_else(|| "異常なしにしました".to_owned());
        }
    }
    let date = date_with_weekday(day);
    let title = match done {
        true => "まとめて異常なしにした結果",
        false => "まとめて異常なしにする",
    };
    let page = QuietPage {
        frame: OfficeFrame::new(&app, &staff, Section::Checks, title)
            .crumb("検知の確認", HERE)
            .crumb(&date, &format!("{HERE}?day={day}")),
        day,
        date,
        companies,
        others,
        done,
    };
    show(StatusCode::OK, &page)
}

/// Says that a company without a detection is quiet; gives why it was refused. Whatever somebody said or came meanwhile refuses it.
pub(super) async fn say_quiet(
    app: &App,
    who: &Who,
    (day, number): (Date, &str),
) -> Result<Option<String>, StoreError> {
    let say = said::Say {
        company_day: CompanyDay {
            receipt_number: number.to_owned(),
            day,
            who: who.clone(),
            at: app.clock.now(),
        },
        state: Said::Quiet,
        note: String::new(),
        version: 0,
        lines: Some(0),
    };
    Ok(said::say(app, say)
        .await?
        .err()
        .map(|refusal| refusal.sentence))
}

fn company(line: &Line, day: Date, word: &str, ok: bool) -> Company {
    Company {
        number: line.company.receipt_number.clone(),
        name: line.company.name.clone(),
        href: href(day, &line.company),
        word: word.to_owned(),
        ok,
    }
}

/// Why a company is looked at by itself.
fn why_not(line: &Line) -> &'static str {
    match (&line.checked, &line.total) {
        (Some(_), _) => "状態が入っています",
        (None, None) => "機器から何も届いていません。会社のページで確かめてください",
        (None, Some(_)) => "検知があります。会社のページで見てください",
    }
}
