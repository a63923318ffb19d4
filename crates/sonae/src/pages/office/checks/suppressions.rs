//! `/office/suppressions`: what need not be looked at for a while: whose it is, why, until when, and what it hid; ended by a button.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::ToSpan;
use sonae_core::access::{self, Action, Grant};
use sonae_core::calendar::japanese::date_with_weekday;
use sonae_core::calendar::tokyo_date;
use sonae_core::detection_check::group::{action_label, severity_label};
use sonae_store::suppression::{self, Kept};

use super::{HERE, who};
use crate::app::App;
use crate::office::checks::suppress;
use crate::office::people::People;
use crate::pages::office::Page;
use crate::pages::office::door::{Door, Staff};
use crate::pages::office::flash::Flash;
use crate::pages::office::frame::{OfficeFrame, Section};
use crate::pages::public::show;

const LIST: &str = "/office/suppressions";
/// Days for which a suppression stays in the list after its last day.
const SHOWN_DAYS: i32 = 90;

pub(super) fn routes(door: Door) -> Door {
    door.get(LIST, Action::ReadChecks, list).post(
        "/office/suppressions/{id}/end",
        Action::CheckDetections,
        end,
    )
}

#[derive(Template)]
#[template(path = "office/checks/suppressions.html")]
struct SuppressionsPage {
    frame: OfficeFrame,
    rows: Vec<Row>,
    works: bool,
}

struct Row {
    id: String,
    title: String,
    /// Rule, category where it is kept, severity and action.
    what: String,
    /// Company and device.
    place: String,
    reason: String,
    owner: String,
    until: String,
    hidden: i64,
    last: String,
    holds: bool,
    state: (&'static str, &'static str),
}

async fn list(State(app): State<App>, staff: Staff) -> Page {
    let today = tokyo_date(app.clock.now());
    let asking = who(&staff);
    let rows = app
        .read(move |tx| {
            let people = People::read(tx)?;
            let mut rows = Vec::new();
            for kept in suppression::since(tx, today.saturating_sub(SHOWN_DAYS.days()))? {
                let place = match &kept.what.company {
                    None => "すべての会社".to_owned(),
                    Some(id) => {
                        let Some(company) = suppression::company(tx, id)? else {
                            continue;
                        };
                        let people = (&company.assignee, &company.expert);
                        if !asking.may_of(Action::ReadChecks, people, &company.status) {
                            continue;
                        }
                        format!("{} {}", company.name, company.receipt_number)
                    }
                };
                rows.push(row(kept, place, today, &people));
            }
            Ok(rows)
        })
        .await?;
    let page = SuppressionsPage {
        frame: OfficeFrame::new(&app, &staff, Section::Checks, "検知の抑止")
            .crumb("検知の確認", HERE),
        rows,
        works: access::allowed(staff.role, Action::CheckDetections) != Grant::No,
    };
    show(StatusCode::OK, &page)
}

fn row(kept: Kept, place: String, today: jiff::civil::Date, people: &People) -> Row {
    let soon = today.saturating_add(14.days());
    let holds = kept.ended.is_none() && kept.what.until >= today;
    Row {
        what: [
            kept.what.rule.as_str(),
            kept.what.category.as_deref().unwrap_or_default(),
            severity_label(kept.what.severity),
            action_label(kept.what.action),
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("、"),
        place: match &kept.what.device {
            Some(device) => format!("{place} 機器 {device}"),
            None => place,
        },
        owner: people.name(&kept.owner),
        until: date_with_weekday(kept.what.until),
        hidden: kept.hidden,
        last: kept.last.map(date_with_weekday).unwrap_or_default(),
        holds,
        state: match (holds, kept.ended.is_some()) {
            (_, true) => ("neutral", "終了"),
            (false, _) => ("neutral", "期限切れ"),
            (true, _) if kept.what.until <= soon => ("warning", "期限が近い"),
            (true, _) => ("info", "有効"),
        },
        id: kept.id,
        title: kept.what.title,
        reason: kept.reason,
    }
}

async fn end(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Page {
    let said = match suppress::end(&app, who(&staff), id).await? {
        Ok(()) => Flash::success("抑止を終えました。今日からの検知は、ふつうに表示します。"),
        Err(refusal) => Flash::warning(refusal.sentence),
    };
    Ok(said.go(&app, &staff, LIST))
}
