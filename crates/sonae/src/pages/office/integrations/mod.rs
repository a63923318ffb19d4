//! `/office/integrations`: other systems that are told what happens, by webhooks.

mod list;
mod webhook;

use sonae_core::access::Action;

use super::door::Door;

const MANAGE: Action = Action::ManageWebhooks;

pub(super) fn routes(door: Door) -> Door {
    door.get("/office/integrations", MANAGE, list::show)
        .post("/office/integrations/webhooks", MANAGE, list::add)
        .get("/office/integrations/webhooks/{id}", MANAGE, webhook::show)
        .post(
            "/office/integrations/webhooks/{id}/test",
            MANAGE,
            webhook::test,
        )
        .post(
            "/office/integrations/webhooks/{id}/pause",
            MANAGE,
            webhook::pause,
        )
        .post(
            "/office/integrations/webhooks/{id}/resume",
            MANAGE,
            webhook::resume,
        )
        .post(
            "/office/integrations/webhooks/{id}/delete",
            MANAGE,
            webhook::delete,
        )
}

/// What can be told, by the name that other systems read, and in words. One that ends in `*` means every name that begins so.
const EVENTS: [(&str, &str); 7] = [
    ("application.received", "申込みの受付"),
    ("case.*", "受付のあとに起きたことすべて"),
    ("case.approved", "東京都の承認"),
    ("case.questionnaire_answered", "事前ヒアリングシートの回答"),
    ("case.withdrawn", "取下げ"),
    ("case.declined", "お断り"),
    ("case.excluded", "除外"),
];

/// Names of events in words.
fn words(events: &[String]) -> String {
    let word = |event: &String| {
        let known = EVENTS.iter().find(|(name, _)| name == event);
        known.map_or_else(|| event.clone(), |(_, label)| (*label).to_owned())
    };
    events.iter().map(word).collect::<Vec<_>>().join("、")
}
