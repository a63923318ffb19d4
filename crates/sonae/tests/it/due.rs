//! What happens by itself: reminders, calls to make, offers of free places and their lapse.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sonae::jobs::{offer_places, run_clocks};
use sonae::office::act::{Outcome, Request, act_in};
use sonae_core::access::StaffRole;
use sonae_core::capacity::PlaceState;
use sonae_core::flow::{Actor, Event, Status};
use sonae_core::program::Role;
use sonae_store::case::{self, Stored};
use sonae_store::{StoreError, outbox};
use tokio::sync::watch;

use crate::office::{Office, R7, complete};

const OPEN_R7: &str = "2025-06-02T10:00:00+09:00";

struct Case {
    office: Office,
    now: Timestamp,
}

fn staff(role: StaffRole) -> Actor {
    Actor::Staff {
        id: role.as_str().to_owned(),
        role,
    }
}

impl Case {
    fn open() -> Case {
        let office = Office::open(OPEN_R7);
        let now = office.app.clock.now();
        Case { office, now }
    }

    async fn apply(&self, n: usize) -> String {
        let mut body = complete(R7);
        body["name"] = json!(format!("株式会社見本{n}"));
        body["contact_email"] = json!(format!("a{n}@kaisha.example.jp"));
        body["corporate_number"] = json!(null);
        let key = format!("k{n}");
        let reply = self.office.apply(R7, &key, body.to_string()).await;
        let number = reply.json()["receipt_number"].as_str().map(str::to_owned);
        number.unwrap_or_else(|| panic!("{}", reply.text))
    }

    /// Does something a minute later.
    fn act(&mut self, number: &str, actor: Actor, event: Event) {
        self.now += SignedDuration::from_mins(1);
        let request = Request {
            receipt_number: number.to_owned(),
            version: None,
            event,
            actor,
        };
        let app = &self.office.app;
        let outcome = app.db.write(|tx| act_in(app, tx, &request, self.now));
        assert!(matches!(outcome, Ok(Outcome::Done(_))), "{outcome:?}");
    }

    /// Runs the jobs at `now` and gives how many clocks and offers they dealt with.
    fn jobs(&self) -> (usize, usize) {
        let (_stop, stopping) = watch::channel(false);
        let app = &self.office.app;
        let clocks = run_clocks::round(app, self.now, &stopping).expect("clocks");
        let offers = offer_places::round(app, self.now, &stopping).expect("offers");
        (clocks, offers)
    }

    fn stored(&self, number: &str) -> Stored {
        let found = (self.office.app.db).read(|tx| case::by_receipt(tx, number));
        found.expect("readable").expect("a case")
    }

    /// Names of all mails of a case, in their order.
    fn mails(&self, number: &str) -> Vec<String> {
        let id = self.stored(number).application_id;
        let kept = self
            .office
            .app
            .db
            .read(|tx| outbox::of_application(tx, &id));
        let kept = kept.expect("readable").into_iter();
        kept.map(|kept| kept.mail.mail).collect()
    }

    /// Goes to the moment at which a clock is due.
    fn until_due(&mut self, number: &str, clock: &str) {
        self.now = self.stored(number).case.clocks[clock].due_at;
    }
}

#[tokio::test]
async fn an_unanswered_questionnaire_is_reminded_of_and_then_called_about() {
    let mut case = Case::open();
    let number = case.apply(1).await;
    let office = staff(StaffRole::Secretariat);
    let note = String::new;
    case.act(&number, office.clone(), Event::Screened { note: note() });
    case.act(&number, office.clone(), Event::Proposed { note: note() });
    case.act(&number, staff(StaffRole::Sponsor), Event::Approved {});
    assert_eq!(case.mails(&number), ["received", "questionnaire_request"]);

    let (start, app) = (case.now, case.office.app.clone());
    case.until_due(&number, "questionnaire");
    let due = case.now;
    case.now = due - SignedDuration::from_millis(1);
    assert_eq!(case.jobs(), (0, 0), "not yet");
    case.now = due;
    assert_eq!(case.jobs(), (1, 0));
    assert_eq!(case.jobs(), (0, 0), "once");
    assert_eq!(case.mails(&number)[2..], ["questionnaire_reminder"]);
    assert!(due > start);

    case.until_due(&number, "remind.questionnaire");
    assert_eq!(case.jobs(), (1, 0));
    let waiting = case.stored(&number);
    let program = &app.programs.get(R7).expect("served").program;
    assert_eq!(waiting.case.owner(program), Some(Role::Secretariat));
    assert!(waiting.case.clocks.contains_key("phone.questionnaire"));
    // The office is late with its call: nothing follows by itself, and it stays the office's.
    case.until_due(&number, "phone.questionnaire");
    assert_eq!(case.jobs(), (0, 0));
    let called = Event::Contacted {
        channel: sonae_core::flow::Channel::Phone,
        outcome: sonae_core::flow::ContactOutcome::NoAnswer,
        note: "不在".to_owned(),
    };
    case.act(&number, office, called);
    let waiting = case.stored(&number);
    assert_eq!(waiting.case.owner(program), Some(Role::Company));
    case.until_due(&number, "remind.questionnaire");
    assert_eq!(case.jobs(), (1, 0), "and the office calls again");
    assert_eq!(
        case.stored(&number).case.owner(program),
        Some(Role::Secretariat)
    );
}

#[tokio::test]
async fn a_free_place_is_offered_in_order_and_goes_on_when_nobody_answers() {
    let mut case = Case::open();
    let mut numbers = Vec::new();
    for n in 1..=33 {
        numbers.push(case.apply(n).await);
    }
    let state = |case: &Case, n: usize| {
        let places = case.stored(&numbers[n - 1]).case.places;
        places.into_values().next().expect("one course")
    };
    assert_eq!(
        [state(&case, 30), state(&case, 31)],
        [PlaceState::Held, PlaceState::Waiting]
    );
    assert_eq!(case.jobs().1, 0, "nothing is free");
    let gone = Event::Withdrawn {
        reason: String::new(),
    };
    case.act(&numbers[4], Actor::Company, gone);
    assert_eq!(case.jobs().1, 0, "the withdrawal may still be undone");
    case.now += SignedDuration::from_mins(6);
    assert_eq!(case.jobs().1, 1);
    assert_eq!(case.jobs().1, 0, "one place, one offer");
    assert_eq!(
        [state(&case, 31), state(&case, 32)],
        [PlaceState::Offered, PlaceState::Waiting]
    );
    let course = case.stored(&numbers[30]).case.courses[0].clone();
    let offer = format!("offer.{course}");
    assert_eq!(case.mails(&numbers[30])[1..], ["place_offered"]);

    case.until_due(&numbers[30], &offer);
    case.jobs();
    assert_eq!(case.stored(&numbers[30]).case.status, Status::Lapsed);
    assert_eq!(case.mails(&numbers[30])[2..], ["place_lapsed"]);
    case.now += SignedDuration::from_mins(6);
    case.jobs();
    assert_eq!(
        [state(&case, 31), state(&case, 32), state(&case, 33)],
        [
            PlaceState::Returned,
            PlaceState::Offered,
            PlaceState::Waiting
        ]
    );
    case.act(
        &numbers[31],
        Actor::Company,
        Event::OfferAccepted {
            course: course.clone(),
        },
    );
    case.until_due(&numbers[31], &offer);
    case.jobs();
    assert_eq!(state(&case, 32), PlaceState::Held, "an answer stands");
    let tallies = (case.office.app.db)
        .read(|tx| sonae_store::tally::of_program(tx, R7))
        .map_err(|error: StoreError| error.to_string());
    let tally = tallies.expect("readable")[&course];
    assert_eq!((tally.held, tally.waiting), (30, 1));
}
