//! `/office/log`: who did what, filtered, page by page, without names of companies; and what was changed behind the program's back.

use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};
use sonae_store::audit;

use crate::case::Desk;
use crate::office::Reply;
use crate::staff::signed_in::SignedIn;

/// The numbers of the entries shown.
fn shown(reply: &Reply) -> Vec<i64> {
    let rows = reply
        .text
        .split("<th scope=\"row\" class=\"nowrap\">")
        .skip(1);
    let numbers = rows.filter_map(|row| row.split('<').next());
    numbers
        .map(|number| number.parse().expect("a number"))
        .collect()
}

async fn open(desk: &Desk, admin: &SignedIn, query: &str) -> Reply {
    let reply = admin
        .get(&desk.office, &format!("/office/log{query}"))
        .await;
    assert_eq!(reply.status, 200, "{query}: {}", reply.text);
    reply
}

#[tokio::test]
async fn the_log_tells_who_did_what() {
    let desk = Desk::new().await;
    let admin = desk.office.sign_in(StaffRole::Admin).await;
    desk.page().await;
    for text in ["一", "二", "三"] {
        let secretary = Actor::Staff {
            id: desk.person.id.clone(),
            role: StaffRole::Secretariat,
        };
        let event = Event::Noted { text: text.into() };
        desk.act(event, secretary).await;
    }
    let all = open(&desk, &admin, "").await;
    let mut newest_first = shown(&all);
    assert!(newest_first.len() >= 5, "{newest_first:?}");
    assert!(newest_first.is_sorted_by(|newer, older| newer > older));
    let name = sonae_core::access::StaffRole::Secretariat.label();
    for piece in [
        "申込みの受付",
        "案件の閲覧",
        "case.noted",
        &desk.number,
        name,
        "つながっています",
    ] {
        assert!(
            all.text.contains(piece),
            "{piece} is missing in {}",
            all.text
        );
    }
    let company = desk.stored().await.answers.name.expect("a name");
    for absent in [
        company.as_str(),
        "<td data-label=\"案件\" class=\"nowrap\"><a",
    ] {
        assert!(
            !all.text.contains(absent),
            "{absent}: administrators see no cases"
        );
    }
    each_question_has_its_entries(&desk, &admin).await;
    let wrong = admin.get(&desk.office, "/office/log?case=x&since=y").await;
    assert_eq!((wrong.status.as_u16(), shown(&wrong).len()), (422, 0));
    assert!(
        wrong.text.contains("受付番号として読めません"),
        "{}",
        wrong.text
    );
    // From page to page nothing is left out and nothing comes twice.
    let older = open(&desk, &admin, &format!("?before={}", newest_first[1])).await;
    newest_first.drain(..2);
    assert_eq!(shown(&older), newest_first);
}

async fn each_question_has_its_entries(desk: &Desk, admin: &SignedIn) {
    let (number, person) = (&desk.number, &desk.person.id);
    for (query, count) in [
        (format!("?case={number}"), 5),
        ("?case=R6-333-34A".to_owned(), 0),
        ("?kind=read".to_owned(), 1),
        ("?kind=case".to_owned(), 3),
        ("?actor=visitor".to_owned(), 1),
        (format!("?actor={person}"), 4),
        (format!("?actor={person}&kind=case"), 3),
        ("?since=令和6年6月4日".to_owned(), 0),
        (
            format!("?since=2024-06-03&until=2024-06-03&case={number}"),
            5,
        ),
        ("?until=2024-06-02".to_owned(), 0),
    ] {
        let query: String = query
            .chars()
            .map(|c| match c.is_ascii() {
                true => c.to_string(),
                false => form_urlencoded::byte_serialize(c.to_string().as_bytes()).collect(),
            })
            .collect();
        let reply = open(desk, admin, &query).await;
        assert_eq!(shown(&reply).len(), count, "{query}: {}", reply.text);
    }
}

#[tokio::test]
async fn what_was_changed_behind_its_back_is_seen() {
    let desk = Desk::new().await;
    let admin = desk.office.sign_in(StaffRole::Admin).await;
    desk.page().await;
    let changed = (desk.office.app).write(|tx| {
        // An entry that does not follow from the one before it.
        let last = audit::tail(tx)?.next_index - 1;
        let mut forged = audit::entry(tx, last)?.expect("an entry");
        forged.index += 1;
        audit::store(tx, &[forged])?;
        Ok(last + 1)
    });
    let last = changed.await.expect("changed");
    let reply = open(&desk, &admin, "").await;
    assert!(
        reply
            .text
            .contains(&format!("記録 {last} が、前の記録とつながりません。")),
        "{}",
        reply.text
    );
}
