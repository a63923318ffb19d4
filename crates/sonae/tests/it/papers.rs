//! The papers of a case: how they are answered, sent, returned, accepted and revised, and what stays of it.

mod life;
mod office;
pub(crate) mod returned;

use serde_json::json;
use sonae::office::papers::Request;
use sonae_core::access::StaffRole;
use sonae_core::flow::{Actor, Event};
use sonae_core::paper::answers::{Answers, read_over};
use sonae_store::case::Stored;
use sonae_store::outbox::Kept;

use crate::office::{OPEN_R6, Office, R6, complete};
use crate::staff::signed_in::SignedIn;

/// An office with one confirmed participant in a course that hands over papers, and its expert.
pub(crate) struct Desk {
    pub(crate) office: Office,
    pub(crate) number: String,
    pub(crate) expert: SignedIn,
}

impl Desk {
    pub(crate) async fn new() -> Desk {
        Desk::with(&[]).await
    }

    /// With further flags of the program.
    pub(crate) async fn with(flags: &[&str]) -> Desk {
        let office = Office::open_with(OPEN_R6, &[&["--no-rate-limit"], flags].concat());
        let mut answers = complete(R6);
        answers["courses"] = json!(["guidance"]);
        let reply = office.apply(R6, "key-0001", answers.to_string()).await;
        let receipt = reply.json();
        let number = receipt["receipt_number"].as_str().expect("a number");
        let number = number.to_owned();
        let expert = office.sign_in(StaffRole::Expert).await;
        let desk = Desk {
            office,
            number,
            expert,
        };
        let staff = |id: &str, role| Actor::Staff {
            id: id.to_owned(),
            role,
        };
        let secretariat = || staff("a", StaffRole::Secretariat);
        let called = json!({ "event": "contacted", "channel": "phone", "outcome": "reached" });
        let decided = json!({ "event": "courses_decided", "courses": ["guidance"], "reason": "x" });
        let assigned = json!({ "event": "expert_assigned", "to": desk.expert.id });
        for (event, actor) in [
            (assigned, secretariat()),
            (called.clone(), secretariat()),
            (json!({ "event": "agreed" }), Actor::Company),
            (called, staff(&desk.expert.id, StaffRole::Expert)),
            (json!({ "event": "proposed" }), secretariat()),
            (
                json!({ "event": "approved" }),
                staff("t", StaffRole::Sponsor),
            ),
            (decided, secretariat()),
        ] {
            desk.act(&event, actor).await;
        }
        desk
    }

    async fn act(&self, event: &serde_json::Value, actor: Actor) {
        let written = event.to_string();
        let event: Event = serde_json::from_value(event.clone()).expect("an event");
        let request = sonae::office::Request {
            receipt_number: self.number.clone(),
            version: None,
            event,
            actor,
        };
        let outcome = sonae::office::act::act(&self.office.app, request).await;
        let outcome = outcome.expect("the database answers");
        let done = matches!(outcome, sonae::office::Outcome::Done(_));
        assert!(done, "{written}: {outcome:?}");
    }

    pub(crate) fn stored(&self) -> Stored {
        let db = &self.office.app.db;
        let stored = db.read(|tx| sonae_store::case::by_receipt(tx, &self.number));
        stored.expect("readable").expect("a case")
    }

    /// Somebody's wish about a paper.
    pub(crate) fn by(&self, actor: Actor, kind: &str) -> Request {
        Request {
            receipt_number: self.number.clone(),
            kind: kind.to_owned(),
            actor,
        }
    }

    pub(crate) fn experts(&self) -> Actor {
        Actor::Staff {
            id: self.expert.id.clone(),
            role: StaffRole::Expert,
        }
    }

    /// What somebody typed, as the form's handler reads it.
    pub(crate) fn typed(&self, sent: &serde_json::Value) -> (Vec<String>, Answers) {
        let library = sonae::papers::library();
        let reading = read_over(library, &self.answers().shown, sent);
        assert_eq!(reading.problems, []);
        let asked = sent.as_object().expect("an object").keys();
        (asked.cloned().collect(), reading.answers)
    }

    pub(crate) fn answers(&self) -> sonae::office::papers::answers::CaseAnswers {
        let stored = self.stored();
        let db = &self.office.app.db;
        let answers = db.read(|tx| sonae::office::papers::answers::of_case(tx, &stored));
        answers.expect("readable")
    }

    /// The mails of a name, whoever they go to.
    pub(crate) fn mails(&self, name: &str) -> Vec<Kept> {
        let db = &self.office.app.db;
        let states = ["queued", "cancelled", "sent"];
        let all = states.map(|state| {
            db.read(|tx| sonae_store::outbox::in_state(tx, state, 100))
                .expect("readable")
        });
        let mut mails: Vec<Kept> = all.into_iter().flatten().collect();
        mails.retain(|kept| kept.mail.mail == name);
        mails
    }

    /// The names of all mails that would leave now, those to staff too, which stand in no list.
    pub(crate) fn told(&self) -> Vec<String> {
        let app = &self.office.app;
        let lease = jiff::SignedDuration::from_mins(1);
        let leased =
            (app.db).write(|tx| sonae_store::outbox::lease(tx, app.clock.now(), lease, 99));
        let leased = leased.expect("leased").into_iter();
        leased.map(|leased| leased.mail.mail).collect()
    }

    pub(crate) fn log(&self) -> String {
        let db = &self.office.app.db;
        let entries = db.read(|tx| sonae_store::audit::before(tx, i64::MAX, 100));
        let entries = entries.expect("readable");
        assert!(entries.iter().all(|entry| entry.fits));
        let lines = entries.into_iter().rev().map(|entry| entry.line);
        lines.collect::<Vec<_>>().join("\n")
    }
}
