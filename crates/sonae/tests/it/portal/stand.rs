//! Cases in every state, brought there by the events that people cause.

use serde_json::Value;
use sonae::office::act::{Outcome, Request, act};
use sonae_core::access::StaffRole;
use sonae_core::capacity::Tally;
use sonae_core::flow::{Actor, Case, Channel, ContactOutcome, Event};
use sonae_store::case::{self, Stored};
use sonae_store::tally;

use crate::office::{OPEN_R6, Office, R6, R7, complete};

/// An instant inside the window of the second programme.
pub(super) const OPEN_R7: &str = "2025-06-02T10:00:00+09:00";

/// An office with one application.
pub(crate) struct Stand {
    pub(crate) office: Office,
    pub(crate) number: String,
    /// The path of its private link.
    pub(crate) path: String,
}

/// The states a company can find its case in.
pub(super) const STATES: [&str; 17] = [
    "new",
    "agreement",
    "expert",
    "diagnosis",
    "approval",
    "decision",
    "confirmed",
    "correction",
    "waiting",
    "offered",
    "lapsed",
    "withdrawn",
    "declined",
    "excluded",
    "screening",
    "questionnaire",
    "answered",
];

impl Stand {
    /// An application to a programme at `instant`; its courses can be given.
    pub(super) async fn new(program: &str, instant: &str, courses: Option<Value>) -> Stand {
        Stand::in_office(Office::open(instant), program, courses).await
    }

    pub(super) async fn in_office(office: Office, program: &str, courses: Option<Value>) -> Stand {
        let mut body = complete(program);
        if let Some(courses) = courses {
            body["courses"] = courses;
        }
        let reply = office.apply(program, "stand", body.to_string()).await;
        let receipt = reply.json();
        let text = |key: &str| receipt[key].as_str().expect("a receipt").to_owned();
        let url = text("status_url");
        let path = url.strip_prefix(&office.app.base_url).expect("our own");
        Stand {
            path: path.to_owned(),
            number: text("receipt_number"),
            office,
        }
    }

    /// A case in one of [`STATES`].
    pub(crate) async fn at(state: &str) -> Stand {
        match state {
            "screening" | "questionnaire" | "answered" => Stand::in_r7(state).await,
            "waiting" | "offered" | "lapsed" => Stand::waiting(state).await,
            _ => Stand::in_r6(state).await,
        }
    }

    async fn in_r6(state: &str) -> Stand {
        let stand = Stand::new(R6, OPEN_R6, None).await;
        let way: Vec<(Event, Actor)> = vec![
            (reached(), secretary()),
            (agreed(), Actor::Company),
            (reached(), expert()),
            (diagnosed(), expert()),
            (proposed(), secretary()),
            (Event::Approved {}, sponsor()),
            (decided(), secretary()),
        ];
        let steps = match state {
            "agreement" => 1,
            "expert" => 2,
            "diagnosis" => 3,
            "approval" => 4,
            "decision" => 6,
            "confirmed" => 7,
            _ => 0,
        };
        for (event, actor) in way.into_iter().take(steps) {
            stand.act(event, actor).await;
        }
        let ends = |reason: &str| (reason.to_owned(), "10(1)".to_owned());
        match state {
            "correction" => {
                let message = "従業員の数を、ご確認ください。\n<b>至急</b>".to_owned();
                let fields = vec!["employees".to_owned(), "address_line1".to_owned()];
                stand
                    .act(Event::CorrectionRequested { message, fields }, secretary())
                    .await;
            }
            "withdrawn" => {
                let reason = String::new();
                stand.act(Event::Withdrawn { reason }, Actor::Company).await;
            }
            "declined" => {
                let (reason, clause) = ends("要件を満たしていません。");
                stand
                    .act(Event::Declined { reason, clause }, secretary())
                    .await;
            }
            "excluded" => {
                let (reason, clause) = ends("虚偽の申告がありました。");
                stand
                    .act(Event::Excluded { reason, clause }, secretary())
                    .await;
            }
            _ => {}
        }
        match state {
            "declined" | "excluded" => stand.later("2024-06-03T10:06:00+09:00"),
            _ => stand,
        }
    }

    async fn waiting(state: &str) -> Stand {
        let office = Office::open(OPEN_R6);
        let full = Tally {
            last_position: 52,
            held: 50,
            waiting: 0,
        };
        set_tally(&office, full).await;
        let courses = serde_json::json!(["utm"]);
        let stand = Stand::in_office(office, R6, Some(courses)).await;
        if state == "waiting" {
            return stand;
        }
        let free = Tally {
            last_position: 53,
            held: 49,
            waiting: 1,
        };
        set_tally(&stand.office, free).await;
        let course = || "utm".to_owned();
        let reason = String::new();
        let offered = Event::Offered {
            course: course(),
            reason,
        };
        stand.act(offered, secretary()).await;
        if state == "offered" {
            return stand;
        }
        let stand = stand.later("2024-06-10T09:00:00+09:00");
        let lapsed = Event::OfferLapsed { course: course() };
        stand.act(lapsed, Actor::System).await;
        stand
    }

    async fn in_r7(state: &str) -> Stand {
        let stand = Stand::new(R7, OPEN_R7, None).await;
        if state == "screening" {
            return stand;
        }
        let note = String::new();
        stand.act(Event::Screened { note }, secretary()).await;
        stand.act(proposed(), secretary()).await;
        stand.act(Event::Approved {}, sponsor()).await;
        if state == "answered" {
            let answers = answers();
            let answered = Event::QuestionnaireAnswered { answers };
            stand.act(answered, Actor::Company).await;
        }
        stand
    }

    /// The same office at another instant.
    pub(crate) fn later(self, instant: &str) -> Stand {
        Stand {
            office: self.office.reopen(instant),
            ..self
        }
    }

    /// Causes an event that must be accepted.
    pub(super) async fn act(&self, event: Event, actor: Actor) {
        let word = event.word();
        let request = Request {
            receipt_number: self.number.clone(),
            version: None,
            event,
            actor,
        };
        let outcome = act(&self.office.app, request).await.expect("written");
        assert!(matches!(outcome, Outcome::Done(_)), "{word}: {outcome:?}");
    }

    pub(crate) async fn stored(&self) -> Stored {
        let number = self.number.clone();
        let read = self
            .office
            .app
            .read(move |tx| case::by_receipt(tx, &number));
        read.await.expect("readable").expect("a case")
    }

    pub(super) async fn case(&self) -> Case {
        self.stored().await.case
    }

    /// Words of the events so far, in their order.
    pub(super) async fn events(&self) -> Vec<String> {
        let id = self.stored().await.application_id;
        let read = self
            .office
            .app
            .read(move |tx| sonae_store::case_event::of_application(tx, &id));
        let events = read.await.expect("readable");
        events.into_iter().map(|event| event.event).collect()
    }

    /// The address of a page of this case.
    pub(crate) fn page(&self, name: &str) -> String {
        match name {
            "" => self.path.clone(),
            name => format!("{}/{name}", self.path),
        }
    }
}

async fn set_tally(office: &Office, tally: Tally) {
    let set = office.app.write(move |tx| tally::set(tx, R6, "utm", tally));
    set.await.expect("the tally");
}

fn staff(id: &str, role: StaffRole) -> Actor {
    Actor::Staff {
        id: id.to_owned(),
        role,
    }
}

pub(super) fn secretary() -> Actor {
    staff("secretary", StaffRole::Secretariat)
}

pub(super) fn sponsor() -> Actor {
    staff("sponsor", StaffRole::Sponsor)
}

fn expert() -> Actor {
    staff("expert", StaffRole::Expert)
}

fn reached() -> Event {
    Event::Contacted {
        channel: Channel::Phone,
        outcome: ContactOutcome::Reached,
        note: "お話ししました。".to_owned(),
    }
}

fn agreed() -> Event {
    Event::Agreed {
        note: String::new(),
    }
}

fn diagnosed() -> Event {
    let texts = [
        ("network", "光回線とルーター1台"),
        ("operating_systems", "Windowsが12台"),
        ("policies", "<script>alert(1)</script>"),
    ];
    let record = texts.map(|(id, text)| (id.to_owned(), text_answer(text)));
    Event::Diagnosed {
        record: record.into(),
        done: true,
    }
}

fn text_answer(text: &str) -> sonae_core::application::answers::ExtraAnswer {
    serde_json::from_value(text.into()).expect("a text")
}

fn proposed() -> Event {
    Event::Proposed {
        note: String::new(),
    }
}

fn decided() -> Event {
    Event::CoursesDecided {
        courses: vec!["guidance".to_owned()],
        reason: "機器は間に合っているため".to_owned(),
    }
}

/// The questionnaire as a form sends it.
pub(super) const ANSWERS: &str = "participants=社長、総務&visit_time=火曜の午後&visit_place=&goal=連絡網を作る&it_staff=１人&outsourcing=some&important_systems=受発注&cloud=true&backup=connected&policies=&incident_contact=none&incident_history=not_told";

/// The same as answers.
fn answers() -> std::collections::BTreeMap<String, sonae_core::application::answers::ExtraAnswer> {
    let programs = sonae::programs::load_all(None).expect("the built-in programmes load");
    let program = programs
        .iter()
        .find(|program| program.id() == R7)
        .expect("built in");
    let typed = |id: &str| {
        let mut pairs = ANSWERS.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(name, _)| *name == id)
            .map_or("", |(_, value)| value)
    };
    let asked = &program.definition.support.questionnaire;
    let mode = sonae_core::application::read::Mode::Complete;
    sonae_core::application::asked::read(asked, typed, mode).expect("complete")
}
