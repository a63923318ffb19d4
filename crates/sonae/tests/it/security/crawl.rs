//! Every page of the office that a person of a role can come to by its links, with a script in everything that anybody could type.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Value, json};
use sonae::office::act::{Outcome, Request, act};
use sonae::pages::office::frame::Section;
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Channel, ContactOutcome, Event};
use sonae_store::inbox::{Arriving, Nature};

use crate::office::{OPEN_R6, Office, R6, Reply, complete};
use crate::staff::signed_in::SignedIn;

/// Stands in every text; where it is shown it must be shown as text.
pub(super) const EVIL: &str = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>";
/// The most pages that one person's crawl opens.
const MOST_PAGES: usize = 250;

/// Every text of an application that takes any words, with a script in it.
pub(super) fn hostile() -> Value {
    let mut body = complete(R6);
    for name in ["name", "address_line1", "address_line2", "contact_name"] {
        body[name] = json!(format!("青嵐{EVIL}"));
    }
    body["corporate_number"] = json!(null);
    body
}

/// An office in which everything was said with a script: an application, calls, notes, messages, a question, a mail.
async fn office() -> (Office, String, SignedIn) {
    let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
    let reply = office.apply(R6, "k", hostile().to_string()).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    let number = reply.json()["receipt_number"].as_str().map(str::to_owned);
    let number = number.expect("a receipt");
    let expert = office.sign_in(StaffRole::Expert).await;
    let evil = || EVIL.to_owned();
    for event in [
        Event::Contacted {
            channel: Channel::Phone,
            outcome: ContactOutcome::Reached,
            note: evil(),
        },
        Event::Noted { text: evil() },
        Event::Messaged {
            subject: evil(),
            text: evil(),
        },
        Event::ExpertAssigned {
            to: Some(expert.id.clone()),
        },
        Event::CorrectionRequested {
            message: evil(),
            fields: Vec::new(),
        },
    ] {
        let request = Request {
            receipt_number: number.clone(),
            version: None,
            event,
            actor: Actor::Staff {
                id: expert.id.clone(),
                role: StaffRole::Secretariat,
            },
        };
        let outcome = act(&office.app, request).await.expect("answered");
        assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    }
    let mail = Arriving {
        id: "came".into(),
        nature: Nature::Ordinary,
        sender: format!("{EVIL} <x@kaisha.example.jp>"),
        subject: EVIL.into(),
        text: EVIL.into(),
        attachments: json!([{ "name": EVIL, "bytes": 3 }]).to_string(),
        raw: format!("Subject: {EVIL}\r\n\r\n{EVIL}").into_bytes(),
        raw_is_cut: false,
        message_id: EVIL.into(),
        once: "1".into(),
        answers: Vec::new(),
        receipt_numbers: vec![number.clone()],
        received_at: office.app.clock.now(),
    };
    let stored = (office.app.db).write(|tx| sonae_store::inbox::receive(tx, &mail));
    stored.expect("stored");
    (office, number, expert)
}

/// The headers that no page goes without, and no script of somebody else in it.
#[track_caller]
pub(super) fn is_safe(reply: &Reply, what: &str) {
    let policy = reply.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{what}: {part} in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    assert_eq!(reply.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(reply.header("referrer-policy"), "no-referrer", "{what}");
    assert_eq!(reply.header("cache-control"), "no-store", "{what}");
    if reply.header("content-type").starts_with("text/html") {
        for piece in ["<script>", "<img src=x", "onerror=alert(1)>", "'><img"] {
            assert!(
                !reply.text.contains(piece),
                "{what}: {piece} in {}",
                reply.text
            );
        }
        for piece in ["javascript:", " onclick=", " style=\""] {
            assert!(!reply.text.contains(piece), "{what}: {piece}");
        }
    }
}

/// The addresses of the office in a page's links.
fn links(page: &str) -> BTreeSet<String> {
    let found = page.split("href=\"").skip(1);
    let found = found.filter_map(|rest| rest.split('"').next());
    found
        // The way to the first page of a role, which is a redirect.
        .filter(|href| href.starts_with("/office/"))
        .map(|href| href.split('#').next().unwrap_or_default())
        .map(|href| href.replace("&#38;", "&").replace("&amp;", "&"))
        .collect()
}

/// Opens what is linked until everything was seen; each page must be there. Gives the pages.
async fn crawl(office: &Office, person: &SignedIn, role: StaffRole) -> Vec<(String, String)> {
    let first = person.get(office, "/office").await;
    let mut open = VecDeque::from([first.header("location").to_owned()]);
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    let mut pages = Vec::new();
    while let Some(path) = open.pop_front() {
        let reply = person.get(office, &path).await;
        let what = format!("{path} as {}", role.as_str());
        assert_eq!(reply.status, 200, "{what} is linked");
        if !path.ends_with("/raw") {
            is_safe(&reply, &what);
        }
        if reply.header("content-type").starts_with("text/html") {
            for link in links(&reply.text) {
                if seen.len() < MOST_PAGES && seen.insert(link.clone()) {
                    open.push_back(link);
                }
            }
            pages.push((path, reply.text));
        }
    }
    pages
}

#[tokio::test]
async fn every_link_of_every_role_leads_somewhere_and_no_text_is_a_script() {
    let (office, number, expert) = office().await;
    let case = format!("/office/cases/{number}");
    for (role, must_see) in [
        (
            StaffRole::Secretariat,
            &[case.as_str(), "/office/mails/in/came"][..],
        ),
        (StaffRole::Sponsor, &[case.as_str()]),
        (StaffRole::Expert, &[case.as_str()]),
        (StaffRole::Technician, &[]),
        (StaffRole::Desk, &[]),
        (StaffRole::Admin, &["/office/log"]),
    ] {
        let person = match role {
            StaffRole::Expert => expert.clone(),
            _ => office.sign_in(role).await,
        };
        let pages = crawl(&office, &person, role).await;
        let found = |path: &str| pages.iter().find(|(seen, _)| seen == path);
        for section in Section::of(role) {
            assert!(
                found(section.href()).is_some(),
                "{} of {role:?}",
                section.href()
            );
        }
        for path in must_see {
            let (_, text) = found(path).unwrap_or_else(|| panic!("{path} of {role:?}"));
            let shown = text.contains("&#60;script&#62;alert(2)");
            assert_eq!(shown, *path != "/office/log", "{path} of {role:?}: {text}");
        }
    }
}

/// The company's own pages show the same words.
#[tokio::test]
async fn no_text_is_a_script_on_the_companys_pages() {
    let (office, _, _) = office().await;
    let again = office.apply(R6, "k", hostile().to_string()).await.json();
    let url = again["status_url"].as_str().expect("a receipt");
    let path = url.strip_prefix(&office.app.base_url).expect("our own");
    let mut seen = 0;
    for page in [
        "",
        "/agree",
        "/correct",
        "/messages",
        "/receipt",
        "/withdraw",
        "/diagnosis",
    ] {
        let reply = office.get(&format!("{path}{page}")).await;
        assert!(reply.status.as_u16() < 500, "{page}");
        is_safe(&reply, page);
        seen += usize::from(reply.text.contains("&#60;script&#62;alert(2)"));
    }
    assert!(seen >= 2, "the words are shown somewhere");
}
