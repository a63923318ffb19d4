//! The case's page and its forms, as people of each role see and use them.

mod forms;
mod related;
mod together;
mod told;

use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};
use sonae_store::case::Stored;
use sonae_store::case_event::Recorded;
use sonae_store::outbox::Kept;

use crate::office::{OPEN_R6, Office, R6, complete};
use crate::staff::signed_in::SignedIn;

/// An office with one received application, and somebody of the secretariat.
pub(crate) struct Desk {
    pub(crate) office: Office,
    pub(crate) number: String,
    pub(crate) person: SignedIn,
}

impl Desk {
    pub(crate) async fn new() -> Desk {
        let office = Office::open_with(OPEN_R6, &["--no-rate-limit"]);
        let reply = office.apply(R6, "key-0001", complete(R6).to_string()).await;
        let number = reply.json()["receipt_number"]
            .as_str()
            .expect("a number")
            .to_owned();
        let person = office.sign_in(StaffRole::Secretariat).await;
        Desk {
            office,
            number,
            person,
        }
    }

    pub(crate) fn path(&self, below: &str) -> String {
        format!("/office/cases/{}{below}", self.number)
    }

    pub(crate) async fn stored(&self) -> Stored {
        let number = self.number.clone();
        let read = self
            .office
            .app
            .read(move |tx| sonae_store::case::by_receipt(tx, &number));
        read.await.expect("readable").expect("a case")
    }

    /// Causes an event as a job or another page does.
    pub(crate) async fn act(&self, event: Event, actor: Actor) {
        let request = sonae::office::Request {
            receipt_number: self.number.clone(),
            version: None,
            event,
            actor,
        };
        let outcome = sonae::office::act::act(&self.office.app, request).await;
        let outcome = outcome.expect("the database answers");
        assert!(
            matches!(outcome, sonae::office::Outcome::Done(_)),
            "{outcome:?}"
        );
    }

    /// The case's mails, oldest first.
    async fn mails(&self) -> Vec<Kept> {
        let id = self.stored().await.application_id;
        let read = self
            .office
            .app
            .read(move |tx| sonae_store::outbox::of_application(tx, &id));
        read.await.expect("readable")
    }

    /// The case's mail of a name.
    async fn mail(&self, name: &str) -> Kept {
        let mails = self.mails().await.into_iter();
        let mut named = mails.filter(|kept| kept.mail.mail == name);
        named.next().unwrap_or_else(|| panic!("no mail {name}"))
    }

    async fn events(&self) -> Vec<Recorded> {
        let id = self.stored().await.application_id;
        let read = self
            .office
            .app
            .read(move |tx| sonae_store::case_event::of_application(tx, &id));
        read.await.expect("readable")
    }

    /// The log and the books of the places are sound.
    async fn verify(&self) {
        let verified = self.office.app.read(sonae_store::verify::verify).await;
        verified.expect("readable").expect("sound");
    }

    pub(crate) async fn page(&self) -> String {
        let reply = self.person.get(&self.office, &self.path("")).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.text
    }
}

#[tokio::test]
async fn the_page_tells_who_where_and_what() {
    let desk = Desk::new().await;
    let page = desk.page().await;
    for piece in [
        desk.number.as_str(),
        "事務局からの最初のご連絡",
        "残り3営業日",
        "事務局からのご連絡",
        "連絡を記録する",
        "お申込みを受け付けました。",
        "要件をすべて満たす",
        "従業員",
        // Whom to call, and what the step asks for, before everything else.
        "<dt>電話番号</dt><dd>03-",
        "次にすること</span><a class=\"button button-primary\"",
    ] {
        assert!(page.contains(piece), "{piece} is missing in {page}");
    }
}

#[tokio::test]
async fn a_call_is_shown_first_and_done_then() {
    let desk = Desk::new().await;
    let (office, path) = (&desk.office, desk.path("/contact"));
    let form = desk.person.get(office, &path).await;
    assert_eq!(form.status, 200, "{}", form.text);
    let typed = [
        ("version", "0"),
        ("channel", "phone"),
        ("outcome", "reached"),
        ("note", "<script>x</script>"),
    ];
    let sent = |step| [&typed[..], &[("step", step)]].concat();
    let preview = desk.person.post(office, &path, &sent("preview")).await;
    assert_eq!(preview.status, 200);
    for piece in [
        "期限「事務局からの最初のご連絡」が終わります。",
        "段階が「ご了承(申込み完了)」に進みます。",
        "送るメール",
        "&#60;script&#62;",
    ] {
        assert!(
            preview.text.contains(piece),
            "{piece} is missing in {}",
            preview.text
        );
    }
    assert_eq!(
        desk.stored().await.case.version,
        0,
        "nothing is done by looking"
    );
    let done = desk.person.post(office, &path, &sent("act")).await;
    assert_eq!(
        (done.status.as_u16(), done.header("location")),
        (303, desk.path("").as_str())
    );
    let page = desk.page().await;
    assert!(page.contains("電話で連絡し、お話しできました。"), "{page}");
    assert!(page.contains("&#60;script&#62;x") && !page.contains("<script>x"));
}
