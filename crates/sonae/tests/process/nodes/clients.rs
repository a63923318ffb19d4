//! Clients that work as people and programs do: they send again what was not answered, and look again when somebody was quicker.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use sonae::staff::session::{csrf_of, id_of, new_token};
use sonae_core::access::StaffRole;
use sonae_db::Db;
use sonae_store::StoreError;
use sonae_store::session::{NewSession, Stage};
use sonae_store::staff::NewStaff;

use crate::http::{self, Answer};
use crate::office::{R7, application, pause, submit};

/// Before something is sent again.
const BREATH: Duration = Duration::from_millis(50);

/// Somebody of the secretariat with a session.
#[derive(Clone, Debug)]
pub(super) struct Clerk {
    cookie: String,
    csrf: String,
}

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
    staff: Vec<Clerk>,
    withdrawn: usize,
    tasks: Mutex<VecDeque<Task>>,
    cases: Mutex<Vec<Acknowledged>>,
    done: AtomicUsize,
    attempts: AtomicUsize,
    stopped: AtomicBool,
}

/// Two people of the secretariat who are signed in.
pub(super) fn staff(url: &str, now: Timestamp) -> Vec<Clerk> {
    let db = Db::open(url).expect("the database opens");
    let sign_in = |number: usize| {
        let (id, token) = (format!("clerk-{number}"), new_token());
        let session_id = id_of(&token);
        db.write(|tx| {
            let new = NewStaff {
                id: &id,
                email: &format!("{id}@office.example.jp"),
                name: &id,
                role: StaffRole::Secretariat,
            };
            sonae_store::staff::add(tx, &new, now)?;
            let new = NewSession {
                id: &session_id,
                staff_id: &id,
                stage: Stage::Full,
                goes_to: "/office",
                browser: "test",
                expires_at: now + sonae::staff::session::LONGEST,
            };
            sonae_store::session::open(tx, &new, now)?;
            Ok::<_, StoreError>(())
        })
        .expect("signed in");
        Clerk {
            cookie: format!("sonae={token}"),
            csrf: csrf_of(&token),
        }
    };
    (0..2).map(sign_in).collect()
}

impl Work {
    pub(super) fn new(
        front: SocketAddr,
        staff: Vec<Clerk>,
        cases: usize,
        withdrawn: usize,
    ) -> Work {
        Work {
            front,
            staff,
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
        let answer = self.insist(|| http::form(self.front, &path, "", fields))?;
        assert_eq!(answer.status, 303, "{page}: {answer:?}");
        Some(answer)
    }

    /// Opens the form of a case and sends it, as often as it takes, by the version that was seen.
    fn office(&self, case: usize, number: &str, act: Act) -> Option<Answer> {
        let clerk = &self.staff[case % self.staff.len()];
        let (word, own) = fields(case, act);
        let path = format!("/office/cases/{number}/{word}");
        let form = self.insist(|| http::page(self.front, &path, &clerk.cookie))?;
        assert_eq!(form.status, 200, "{form:?}");
        let mut version = version(&form);
        loop {
            let mut fields = vec![
                ("csrf", clerk.csrf.as_str()),
                ("version", &version),
                ("step", "act"),
            ];
            fields.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
            let answer = self.insist(|| http::form(self.front, &path, &clerk.cookie, &fields))?;
            match answer.status {
                303 => return Some(answer),
                // Somebody was quicker; the page shows what happened and asks again.
                409 => version = self::version(&answer),
                _ => panic!("{act:?}: {answer:?}"),
            }
        }
    }
}

/// The form's address and what is typed into it; the text names the act, so that it can be found again.
fn fields(case: usize, act: Act) -> (&'static str, Vec<(&'static str, String)>) {
    let text = marker(case, act);
    match act {
        Act::Note => ("note", vec![("text", text)]),
        Act::Contact => (
            "contact",
            vec![
                ("channel", "phone".into()),
                ("outcome", "reached".into()),
                ("note", text),
            ],
        ),
        Act::Message => (
            "message",
            vec![("subject", text), ("text", "お知らせです。".into())],
        ),
        Act::Take | Act::Ask | Act::Withdraw => ("take", Vec::new()),
    }
}

/// What the record of an act holds and no other.
pub(super) fn marker(case: usize, act: Act) -> String {
    format!("{act:?} {case}.")
}

fn version(page: &Answer) -> String {
    let after = page.body.split("name=\"version\" value=\"").nth(1);
    let value = after.and_then(|rest| rest.split('"').next());
    value
        .unwrap_or_else(|| panic!("no version in {page:?}"))
        .to_owned()
}
