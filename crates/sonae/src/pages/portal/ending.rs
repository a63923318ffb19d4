//! How a case came to its end, as the company reads it.
//!
//! An ending that the office decided may be undone while its mail waits. Until then the company is not told, as it would not be by mail.

use axum::response::Response;
use jiff::Timestamp;
use sonae_core::calendar::japanese::moment;
use sonae_core::flow::{Event, Status};
use sonae_store::case_event::{self, Recorded};

use super::super::public::calm;
use super::door::Opened;
use crate::app::App;
use crate::office::act::SECOND_THOUGHTS;

/// What the first page of a closed case says.
pub(super) struct Ending {
    pub heading: &'static str,
    pub sentences: Vec<String>,
    /// The reason as the office wrote it to the company.
    pub reason: Option<String>,
    /// Whether the company may apply anew.
    pub again: bool,
}

/// The ending of a closed case; none while it goes on.
///
/// # Errors
/// The page for a database that could not answer.
pub(super) async fn ending(app: &App, opened: &Opened) -> Result<Option<Ending>, Response> {
    let status = opened.case().status;
    if !status.is_closed() {
        return Ok(None);
    }
    let id = opened.stored.application_id.clone();
    let events = app
        .read(move |tx| case_event::of_application(tx, &id))
        .await
        .map_err(calm::failed)?;
    let last = events.iter().rev().find(|event| {
        let word = event.event.as_str();
        let ends = [
            "withdrawn",
            "declined",
            "excluded",
            "offer_declined",
            "offer_lapsed",
        ];
        event.undone_at.is_none() && ends.contains(&word)
    });
    let Some(last) = last else {
        return Ok(Some(told(status, None)));
    };
    if may_be_undone(last, app.clock.now()) {
        return Ok(Some(undecided()));
    }
    Ok(Some(told(status, Some(last))))
}

fn may_be_undone(event: &Recorded, now: Timestamp) -> bool {
    let settled_at = event.at.checked_add(SECOND_THOUGHTS).unwrap_or(event.at);
    event.actor.starts_with("staff:") && now < settled_at
}

fn undecided() -> Ending {
    Ending {
        heading: "お申込みの状況",
        sentences: vec![
            "ただいま、事務局で手続きをしています。10分ほどたってから、もう一度ご覧ください。"
                .to_owned(),
        ],
        reason: None,
        again: false,
    }
}

fn told(status: Status, last: Option<&Recorded>) -> Ending {
    let at = last.map_or_else(String::new, |event| format!("{}に、", moment(event.at)));
    let event = last.and_then(|event| serde_json::from_str::<Event>(&event.data).ok());
    let places = "お取りしていた枠や順番は、なくなりました。";
    match status {
        Status::Withdrawn => Ending {
            heading: "お申込みは取り下げられています",
            sentences: vec![
                format!("{at}取下げを承りました。{places}"),
                "これ以上のお手続きはありません。".to_owned(),
            ],
            reason: None,
            again: true,
        },
        Status::Lapsed => Ending {
            heading: "ご案内した枠のお手続きは終わりました",
            sentences: vec![
                format!("{at}ご案内した枠が、次にお待ちの方へ移りました。"),
                "今も参加をご希望のときは、下の窓口へご連絡ください。".to_owned(),
            ],
            reason: None,
            again: true,
        },
        _ => Ending {
            heading: "今回は、参加いただけないこととなりました",
            sentences: vec![
                format!("{at}お申込みの結果をお知らせしました。お手続きは、これで終わりです。"),
                "理由にご不明な点や、事実と異なる点がありましたら、下の窓口へご連絡ください。改めて確認します。"
                    .to_owned(),
            ],
            reason: match event {
                Some(Event::Declined { reason, .. } | Event::Excluded { reason, .. }) => {
                    Some(reason)
                }
                _ => None,
            },
            again: false,
        },
    }
}
