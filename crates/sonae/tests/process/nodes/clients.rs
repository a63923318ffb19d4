//! Clients that work as people and programs do: they send again what was not answered, and look again when somebody was quicker.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::http::{self, Answer};
use crate::office::{Office, R7, application, pause, sonae, submit};

/// Before something is sent again.
const BREATH: Duration = Duration::from_millis(50);

/// What is done to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Note,
    Contact,
    Message,
    Take,
    /// The company writes to the office.
    Ask,
    /// The company withdraws.
    Withdraw,
}

/// What is done to every case, by several clients at once.
pub(super) const ACTS: [Act; 5] = [Act::Note, Act::Contact, Act::Message, Act::Take, Act::Ask];

/// Something to be done.
enum Task {
    Submit(usize),
    Act(usize, Act),
}

/// What was acknowledged about a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Acknowledged {
    pub(super) receipt_number: String,
    status_url: String,
    pub(super) acts: Vec<Act>,
}

pub(super) struct Work {
    front: SocketAddr,
    tokens: Vec<String>,
    withdrawn: usize,
    tasks: Mutex<VecDeque<Task>>,
    cases: Mutex<Vec<Acknowledged>>,
    done: AtomicUsize,
    attempts: AtomicUsize,
    stopped: AtomicBool,
}

/// Two systems of the secretariat.
pub(super) fn tokens(office: &Office) -> Vec<String> {
    let place = office.place();
    let place = place.iter().map(String::as_str);
    let arguments: Vec<&str> = ["token", "create", "--role", "secretariat"]
        .into_iter()
        .chain(place)
        .collect();
    let token = || sonae(&arguments).well().out.trim().to_owned();
    vec![token(), token()]
}

impl Work {
    pub(super) fn new(
        front: SocketAddr,
        tokens: Vec<String>,
        cases: usize,
        withdrawn: usize,
    ) -> Work {
        Work {
            front,
            tokens,
            withdrawn,
            tasks: Mutex::new((0..cases).map(Task::Submit).collect()),
            cases: Mutex::new(vec![Acknowledged::default(); cases]),
            done: AtomicUsize::new(0),
            attempts: AtomicUsize::new(0),
            stopped: AtomicBool::new(false),
        }
    }

    /// Acknowledged actions.
    pub(super) fn done(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }

    pub(super) fn attempts(&self) -> usize {
        self.attempts.load(Ordering::SeqCst)
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
    }

    pub(super) fn acknowledged(&self) -> Vec<Acknowledged> {
        self.cases().clone()
    }

    fn cases(&self) -> MutexGuard<'_, Vec<Acknowledged>> {
        self.cases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tasks(&self) -> MutexGuard<'_, VecDeque<Task>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One client: whatever is next, until nothing is left or it is told to stop.
    pub(super) fn run(&self) {
        while !self.stopped.load(Ordering::SeqCst) {
            let next = self.tasks().pop_front();
            match next {
                None => pause(BREATH),
                Some(Task::Submit(case)) => self.submit(case),
                Some(Task::Act(case, act)) => self.act(case, act),
            }
        }
    }

    /// Sends again until it is answered; none when the run was stopped.
    fn insist(&self, mut send: impl FnMut() -> std::io::Result<Answer>) -> Option<Answer> {
        while !self.stopped.load(Ordering::SeqCst) {
            self.attempts.fetch_add(1, Ordering::SeqCst);
            match send() {
                Ok(answer) if answer.status < 500 => return Some(answer),
                // Nobody answered, or the node or the proxy says that it cannot now.
                Ok(_) | Err(_) => pause(BREATH),
            }
        }
        None
    }

    fn submit(&self, case: usize) {
        let (key, body) = (format!("key-{case}"), application(R7, case));
        let Some(answer) = self.insist(|| submit(self.front, R7, &key, &body)) else {
            return;
        };
        assert!([200, 201].contains(&answer.status), "{answer:?}");
        let receipt = answer.json();
        let text = |name: &str| receipt[name].as_str().expect("a receipt").to_owned();
        {
            let mut cases = self.cases();
            cases[case].receipt_number = text("receipt_number");
            cases[case].status_url = text("status_url");
        }
        self.done.fetch_add(1, Ordering::SeqCst);
        let mut tasks = self.tasks();
        for act in ACTS {
            tasks.push_front(Task::Act(case, act));
        }
    }

    fn act(&self, case: usize, act: Act) {
        let known = self.cases()[case].clone();
        let answer = match act {
            Act::Withdraw => self.company(&known, "withdraw", &[]),
            Act::Ask => self.company(&known, "messages", &[("text", &marker(case, act))]),
            _ => self.office(case, &known.receipt_number, act),
        };
        if answer.is_none() {
            return;
        }
        let acts = {
            let mut cases = self.cases();
            cases[case].acts.push(act);
            cases[case].acts.len()
        };
        self.done.fetch_add(1, Ordering::SeqCst);
        if acts == ACTS.len() && case < self.withdrawn {
            self.tasks().push_back(Task::Act(case, Act::Withdraw));
        }
    }

    /// Sends a form of the company's own pages.
    fn company(&self, known: &Acknowledged, page: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        let base = format!("http://{}", self.front);
        let path = known.status_url.strip_prefix(&base);
        let path = format!("{}/{page}", path.expect("a link of ours"));
        let answer = self.insist(|| http::form(self.front, &path, fields))?;
        assert_eq!(answer.status, 303, "{page}: {answer:?}");
        Some(answer)
    }

    /// Reads a case and sends an event by the version that was read, as often as it takes.
    fn office(&self, case: usize, number: &str, act: Act) -> Option<Answer> {
        let token = &self.tokens[case % self.tokens.len()];
        let path = format!("/api/v1/cases/{number}");
        let key = marker(case, act).replace(' ', "-");
        loop {
            let read = self.insist(|| http::get_by(self.front, &path, token))?;
            assert_eq!(read.status, 200, "{read:?}");
            let mut event = event(case, act);
            event["version"] = read.json()["version"].clone();
            let body = event.to_string();
            let path = format!("{path}/actions");
            let answer = self.insist(|| http::post_by(self.front, &path, token, &key, &body))?;
            match answer.status {
                200 => return Some(answer),
                // Somebody was quicker.
                409 if answer.json()["type"] == "urn:sonae:problem:conflict" => {}
                _ => panic!("{act:?}: {answer:?}"),
            }
        }
    }
}

/// The event as the interface takes it; the text names the act, so that it can be found again.
fn event(case: usize, act: Act) -> Value {
    let text = marker(case, act);
    match act {
        Act::Note => json!({ "event": "noted", "text": text }),
        Act::Contact => {
            json!({ "event": "contacted", "channel": "phone", "outcome": "reached", "note": text })
        }
        Act::Message => {
            json!({ "event": "messaged", "subject": text, "text": "お知らせです。" })
        }
        Act::Take | Act::Ask | Act::Withdraw => json!({ "event": "assigned", "to": text }),
    }
}

/// What the record of an act holds and no other.
pub(super) fn marker(case: usize, act: Act) -> String {
    format!("{act:?} {case}.")
}
