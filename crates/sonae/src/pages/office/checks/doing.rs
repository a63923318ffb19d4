//! What a technician does on the page of a company's day: `…/state`, `…/judge`, `…/suppress`, `…/escalate`.

use axum::extract::{Path, State};
use jiff::civil::Date;
use sonae_core::access::Action;
use sonae_core::calendar::japanese::{date_with_weekday, parse_date};
use sonae_core::detection_check::State as Said;
use sonae_core::detection_check::verdict::Verdict;
use sonae_core::flow::Refusal;
use sonae_core::receipt_number;

use super::company::{Typed, shown};
use super::{HERE, read_day, who};
use crate::app::App;
use crate::office::checks::{
    CompanyDay, Outcome, UNKNOWN, escalate as handing, judge as judging, said,
    suppress as suppressing,
};
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::form::Form;
use crate::pages::public::error::PageError;

pub(super) fn routes(door: Door) -> Door {
    let check = Action::CheckDetections;
    door.post("/office/checks/{day}/{receipt_number}/state", check, state)
        .post("/office/checks/{day}/{receipt_number}/judge", check, judge)
        .post(
            "/office/checks/{day}/{receipt_number}/suppress",
            check,
            suppress,
        )
        .post(
            "/office/checks/{day}/{receipt_number}/escalate",
            check,
            escalate,
        )
}

type Named = Path<(String, String)>;

fn company_day(
    app: &App,
    (day, number): &(String, String),
    staff: &Staff,
) -> Result<CompanyDay, PageError> {
    Ok(CompanyDay {
        receipt_number: receipt_number::read(number).ok_or(PageError::NotFound)?,
        day: read_day(day)?,
        who: who(staff),
        at: app.clock.now(),
    })
}

async fn state(State(app): State<App>, Path(named): Named, staff: Staff, form: Form) -> Page {
    let company_day = company_day(&app, &named, &staff)?;
    let typed = Typed {
        note: form.first("note").to_owned(),
        ..Typed::default()
    };
    let done = match Said::parse(form.first("state")) {
        None => Ok(Err(Refusal::new(
            "no_state",
            "「異常なし」か「要確認」のボタンを押してください。",
        ))),
        Some(state) => {
            let say = said::Say {
                company_day: company_day.clone(),
                state,
                note: form.first("note").to_owned(),
                version: form.first("version").parse().unwrap_or_default(),
                lines: form.first("lines").parse().ok(),
            };
            said::say(&app, say).await
        }
    };
    let told = |_| "この日の状態を記録しました。".to_owned();
    answer((&app, &staff), &company_day, done, told, typed).await
}

async fn judge(State(app): State<App>, Path(named): Named, staff: Staff, form: Form) -> Page {
    let company_day = company_day(&app, &named, &staff)?;
    let typed = Typed {
        group: form.first("group").to_owned(),
        verdict: form.first("verdict").to_owned(),
        reason: form.first("reason").to_owned(),
        ..Typed::default()
    };
    let done = match Verdict::parse(&typed.verdict) {
        None => Ok(Err(no_verdict())),
        Some(verdict) => {
            let wish = judging::Judge {
                company_day: company_day.clone(),
                key: typed.group.clone(),
                verdict,
                reason: typed.reason.clone(),
                version: form.first("version").parse().unwrap_or_default(),
            };
            judging::judge(&app, wish).await
        }
    };
    let told = |_| "判断を記録しました。".to_owned();
    answer((&app, &staff), &company_day, done, told, typed).await
}

async fn suppress(State(app): State<App>, Path(named): Named, staff: Staff, form: Form) -> Page {
    let company_day = company_day(&app, &named, &staff)?;
    let typed = Typed {
        group: form.first("group").to_owned(),
        why: form.first("reason").to_owned(),
        until: form.first("until").to_owned(),
        everywhere: form.has("everywhere"),
        any_device: form.has("any_device"),
        ..Typed::default()
    };
    let done = match read_until(&typed.until) {
        None => Ok(Err(Refusal::new(
            "no_until",
            "期限の日を入れてください(例 2026-12-31)。",
        ))),
        Some(until) => {
            let wish = suppressing::Suppress {
                company_day: company_day.clone(),
                key: typed.group.clone(),
                everywhere: typed.everywhere,
                any_device: typed.any_device,
                reason: typed.why.clone(),
                until,
            };
            suppressing::suppress(&app, wish).await
        }
    };
    let told = |kept: sonae_store::suppression::Kept| {
        format!("{}まで抑止します。", date_with_weekday(kept.what.until))
    };
    answer((&app, &staff), &company_day, done, told, typed).await
}

/// A day as browsers send it, or as people write it.
fn read_until(text: &str) -> Option<Date> {
    let text = text.trim();
    text.parse().ok().or_else(|| parse_date(text).ok())
}

async fn escalate(State(app): State<App>, Path(named): Named, staff: Staff, form: Form) -> Page {
    let company_day = company_day(&app, &named, &staff)?;
    let typed = Typed {
        group: form.first("group").to_owned(),
        verdict: form.first("verdict").to_owned(),
        words: form.first("words").to_owned(),
        ..Typed::default()
    };
    let done = match Verdict::parse(&typed.verdict) {
        None => Ok(Err(no_verdict())),
        Some(verdict) => {
            let wish = handing::Escalate {
                company_day: company_day.clone(),
                key: typed.group.clone(),
                verdict,
                words: typed.words.clone(),
                version: form.first("version").parse().unwrap_or_default(),
            };
            handing::escalate(&app, wish).await
        }
    };
    let told = |number| format!("所見{number}をサポートセンターに渡しました。");
    answer((&app, &staff), &company_day, done, told, typed).await
}

fn no_verdict() -> Refusal {
    Refusal::new("no_verdict", "この検知が何だったかを選んでください。")
}

/// Back to the page with what was done, or the page again with why it was not.
async fn answer<T>(
    (app, staff): (&App, &Staff),
    company_day: &CompanyDay,
    done: Outcome<T>,
    told: impl FnOnce(T) -> String,
    typed: Typed,
) -> Page {
    let (day, number) = (company_day.day, &company_day.receipt_number);
    match done? {
        Ok(done) => {
            let here = match typed.group.is_empty() {
                true => format!("{HERE}/{day}/{number}"),
                false => format!("{HERE}/{day}/{number}?group={}", typed.group),
            };
            Ok(Flash::success(told(done)).go(app, staff, &here))
        }
        Err(refusal) if refusal.code == UNKNOWN => Err(PageError::NotFound),
        Err(Refusal { sentence, .. }) => {
            let typed = Typed {
                sentence: Some(sentence),
                ..typed
            };
            shown(app, staff, (day, number), typed).await
        }
    }
}
