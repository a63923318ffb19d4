//! Clients that work as people and programs do: they send again what was not answered, and look again when somebody was quicker.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::acts::{Act, Route, after_arrival, marker};
use super::staff::Browser;
use crate::http::{self, Answer};
use crate::office::{Office, R7, application, pause, sonae, submit};

/// Before something is sent again.
const BREATH: Duration = Duration::from_millis(50);
/// Cases of one list that goes to the sponsor, and of one action on many cases.
pub(super) const TOGETHER: usize = 5;

/// Something to be done.
pub(super) enum Task {
    Submit(usize),
    Act(usize, Act),
    /// A note on many cases at once.
    Bulk(usize),
    /// A list for the sponsor.
    Propose(Vec<usize>),
}

/// What was acknowledged about a case.
#[derive(Clone, Debug, Default)]
pub(super) struct Acknowledged {
    pub(super) receipt_number: String,
    status_url: String,
    route: Route,
    pub(super) acts: Vec<Act>,
}

/// Who is signed in.
pub(super) struct People {
    /// Tokens of two systems of the secretariat.
    pub(super) tokens: Vec<String>,
    pub(super) secretaries: Vec<Browser>,
    pub(super) sponsor: Browser,
}

pub(super) struct Work {
    pub(super) front: SocketAddr,
    pub(super) people: People,
    tasks: Mutex<VecDeque<Task>>,
    cases: Mutex<Vec<Acknowledged>>,
    /// How many arrived, by whether they hold a place.
    arrived: Mutex<[usize; 2]>,
    screened: Mutex<Vec<usize>>,
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
    /// `groups` actions on many cases come last, when those cases have long arrived.
    pub(super) fn new(front: SocketAddr, people: People, cases: usize, groups: usize) -> Work {
        let arrivals = (0..cases).map(Task::Submit);
        let many = (0..groups).map(|group| Task::Bulk(group * TOGETHER));
        Work {
            front,
            people,
            tasks: Mutex::new(arrivals.chain(many).collect()),
            cases: Mutex::new(vec![Acknowledged::default(); cases]),
            arrived: Mutex::default(),
            screened: Mutex::default(),
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

    pub(super) fn number(&self, case: usize) -> String {
        self.cases()[case].receipt_number.clone()
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
            let done = match &next {
                None => {
                    pause(BREATH);
                    continue;
                }
                Some(Task::Submit(case)) => self.submit(*case),
                Some(Task::Act(case, act)) => self.act(*case, *act).map(drop),
                Some(Task::Bulk(first)) => self.note_many(*first).map(drop),
                Some(Task::Propose(cases)) => self.propose(cases).map(drop),
            };
            if done.is_some() {
                self.done.fetch_add(1, Ordering::SeqCst);
                if let Some(Task::Act(case, act)) = next {
                    self.go_on(case, act);
                }
            }
        }
    }

    /// Sends again until it is answered; none when the run was stopped.
    pub(super) fn insist(
        &self,
        mut send: impl FnMut() -> std::io::Result<Answer>,
    ) -> Option<Answer> {
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

    fn submit(&self, case: usize) -> Option<()> {
        let mut answers: Value = serde_json::from_str(&application(R7, case)).expect("JSON");
        // On this a person has to judge.
        answers["measures"] =
            json!({ "utm_or_edr_installed": true, "two_star_level_policy": false });
        let (key, body) = (format!("key-{case}"), answers.to_string());
        let answer = self.insist(|| submit(self.front, R7, &key, &body))?;
        assert!([200, 201].contains(&answer.status), "{answer:?}");
        let receipt = answer.json();
        let text = |name: &str| receipt[name].as_str().expect("a receipt").to_owned();
        let holds_place = receipt["places"][0]["state"] == "held";
        let route = {
            let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
            let nth = &mut arrived[usize::from(holds_place)];
            *nth += 1;
            Route::of(holds_place, *nth)
        };
        {
            let mut cases = self.cases();
            cases[case].receipt_number = text("receipt_number");
            cases[case].status_url = text("status_url");
            cases[case].route = route;
        }
        let mut tasks = self.tasks();
        for act in after_arrival() {
            tasks.push_front(Task::Act(case, act));
        }
        Some(())
    }

    /// Notes what was acknowledged, and puts what follows it among the tasks.
    fn go_on(&self, case: usize, act: Act) {
        let next = {
            let mut cases = self.cases();
            cases[case].acts.push(act);
            let acts = cases[case].acts.len();
            cases[case].route.next(acts - 1)
        };
        let mut tasks = self.tasks();
        tasks.extend(next.map(|next| Task::Act(case, next)));
        let together = match act {
            Act::Screened => {
                let mut screened = self.screened.lock().unwrap_or_else(PoisonError::into_inner);
                screened.push(case);
                (screened.len() == TOGETHER).then(|| std::mem::take(&mut *screened))
            }
            _ => None,
        };
        tasks.extend(together.map(Task::Propose));
    }

    fn act(&self, case: usize, act: Act) -> Option<Answer> {
        let known = self.cases()[case].clone();
        let text = marker(case, act);
        match act {
            Act::Withdraw => self.company(&known, "withdraw", &[]),
            Act::Ask => self.company(&known, "messages", &[("text", &text)]),
            Act::Note | Act::Message => self.by_interface(case, &known.receipt_number, act),
            Act::Approve => self.approve(case),
            _ => self.by_form(case, act),
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
    fn by_interface(&self, case: usize, number: &str, act: Act) -> Option<Answer> {
        let token = &self.people.tokens[case % self.people.tokens.len()];
        let path = format!("/api/v1/cases/{number}/actions");
        let (text, key) = (marker(case, act), format!("{act:?}-{case}"));
        loop {
            let mut event = match act {
                Act::Note => json!({ "event": "noted", "text": text }),
                _ => json!({ "event": "messaged", "subject": text, "text": "お知らせです。" }),
            };
            event["version"] = self.version(case)?;
            let body = event.to_string();
            let answer = self.insist(|| http::post_by(self.front, &path, token, &key, &body))?;
            match answer.status {
                200 => return Some(answer),
                // Somebody was quicker.
                409 if answer.json()["type"] == "urn:sonae:problem:conflict" => {}
                _ => panic!("{act:?}: {answer:?}"),
            }
        }
    }

    /// The version of a case as the interface tells it.
    pub(super) fn version(&self, case: usize) -> Option<Value> {
        let token = &self.people.tokens[case % self.people.tokens.len()];
        let path = format!("/api/v1/cases/{}", self.number(case));
        let read = self.insist(|| http::get_by(self.front, &path, token))?;
        assert_eq!(read.status, 200, "{read:?}");
        Some(read.json()["version"].clone())
    }

    /// Puts something behind all other tasks.
    pub(super) fn add(&self, tasks: impl Iterator<Item = Task>) {
        self.tasks().extend(tasks);
    }
}
