//! Plays one case event by event on a clock moved by hand, and writes down how it stands after each.

use jiff::Timestamp;
use serde_json::{Value, json};
use sonae::mail::reading;
use sonae::office::act::{Done, Outcome, Request, act_in};
use sonae_core::access::StaffRole;
use sonae_core::audit::at_text;
use sonae_core::flow::{Actor, Event, Refusal};
use sonae_store::case::{self, Stored};
use sonae_store::outbox::{self, Kept};

use crate::office::{Office, complete};

/// An application and where it was played so far.
pub(super) struct Player<'a> {
    pub(super) office: &'a Office,
    pub(super) number: String,
    application_id: String,
    now: Timestamp,
    mails_seen: usize,
}

/// An event in its written form without the braces around the rest: `agreed`, `offered {"course": "utm"}`. `called` is a call in which
/// the company was reached.
pub(super) fn event(written: &str) -> Event {
    let written = match written {
        "called" => r#"contacted {"channel": "phone", "outcome": "reached"}"#,
        written => written,
    };
    let (word, rest) = written.split_once(' ').unwrap_or((written, "{}"));
    let mut event: Value = serde_json::from_str(rest).expect("JSON");
    event["event"] = word.into();
    serde_json::from_value(event).expect("an event")
}

fn who(name: &str) -> Actor {
    let staff = |role| Actor::Staff {
        id: name.to_owned(),
        role,
    };
    match name {
        "office" => staff(StaffRole::Secretariat),
        "expert" => staff(StaffRole::Expert),
        "tokyo" => staff(StaffRole::Sponsor),
        "company" => Actor::Company,
        "system" => Actor::System,
        other => panic!("nobody is called {other}"),
    }
}

impl<'a> Player<'a> {
    /// Applies at the office's instant, with answers that differ from a complete application's.
    pub(super) async fn apply(
        office: &'a Office,
        program: &str,
        key: &str,
        differing: Value,
    ) -> Player<'a> {
        let mut answers = complete(program);
        for (name, answer) in differing.as_object().expect("an object") {
            answers[name] = answer.clone();
        }
        let reply = office.apply(program, key, answers.to_string()).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        let receipt = reply.json();
        let number = receipt["receipt_number"].as_str().expect("a number");
        let mut player = Player {
            office,
            number: number.to_owned(),
            application_id: String::new(),
            now: office.app.clock.now(),
            mails_seen: 0,
        };
        player.application_id = player.stored().application_id;
        player
    }

    pub(super) fn stored(&self) -> Stored {
        let stored = self
            .office
            .app
            .db
            .read(|tx| case::by_receipt(tx, &self.number));
        stored.expect("readable").expect("a case")
    }

    /// Plays a way written as a table of `when | who | event | how the case stands then | mails`.
    ///
    /// When is `month-day hour`; a case stands as `status step owner due_date(clock) course=place …`; mails written since the row before are
    /// `name@hour` of their leaving. `! code` instead says that the event is refused, by which nothing changes. A row of nobody only looks.
    #[track_caller]
    pub(super) fn plays(&mut self, way: &str) {
        for row in way.lines().filter(|row| !row.trim().is_empty()) {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            let [at, name, written, stands, mails] = cells[..] else {
                panic!("not a row: {row}");
            };
            if !name.is_empty() {
                let code = stands.strip_prefix("! ");
                let before = self.stored();
                let refused = self.tries(at, name, &event(written)).err();
                let found = refused.as_ref().map(|refusal| refusal.code);
                assert_eq!(found, code, "{row}: {refused:?}");
                if code.is_some() {
                    assert_eq!(self.stored(), before, "{row}: nothing changes");
                    continue;
                }
            }
            assert_eq!(self.stands(), stands, "{row}");
            assert_eq!(self.new_mails(), mails, "{row}");
        }
    }

    /// Lets somebody cause an event at an hour such as `06-04 10:00`.
    pub(super) fn tries(
        &mut self,
        at: &str,
        name: &str,
        event: &Event,
    ) -> Result<Box<Done>, Refusal> {
        let (day, hour) = at.split_once(' ').expect("day and hour");
        let year = &at_text(self.now)[..4];
        let at = format!("{year}-{day}T{hour}:00+09:00");
        let at: Timestamp = at.parse().expect("an instant");
        assert!(at >= self.now, "time does not go back");
        self.now = at;
        let request = Request {
            receipt_number: self.number.clone(),
            version: Some(self.stored().case.version),
            event: event.clone(),
            actor: who(name),
        };
        let app = &self.office.app;
        let outcome = app.db.write(|tx| act_in(app, tx, &request, at));
        match outcome.expect("writable") {
            Outcome::Done(done) => Ok(done),
            Outcome::Refused(refusal) => Err(refusal),
            other => panic!("{other:?}"),
        }
    }

    /// The answers as they are with one changed, as the company or the office sends them.
    pub(super) fn corrected(&self, name: &str, answer: Value) -> Event {
        let mut answers = json!(self.stored().answers);
        answers[name] = answer;
        event(&format!(
            "corrected {}",
            json!({"answers": answers, "reason": "お電話で確認した"})
        ))
    }

    fn new_mails(&mut self) -> String {
        let all = self.mails();
        let new: Vec<String> = all[self.mails_seen..].iter().map(shown).collect();
        self.mails_seen = all.len();
        new.join(" ")
    }

    /// How the case stands now, on one line.
    pub(super) fn stands(&self) -> String {
        let stored = self.stored();
        let programs = &self.office.app.programs;
        let program = &programs.get(&stored.program_id).expect("served").program;
        let case = &stored.case;
        let mut line = vec![case.status.as_str().to_owned()];
        line.extend(case.current(program).map(|step| step.id.clone()));
        let owner = serde_json::to_value(case.owner(program)).expect("a word");
        line.extend(owner.as_str().map(str::to_owned));
        let due = case.due();
        line.extend(due.map(|(id, clock)| format!("{}({id})", clock.due_date().strftime("%m-%d"))));
        let places = (case.places.iter()).map(|(id, state)| format!("{id}={}", state.as_str()));
        line.extend(places);
        line.join(" ")
    }

    /// The mails of this case in the order in which they were written.
    pub(super) fn mails(&self) -> Vec<Kept> {
        let id = &self.application_id;
        let mails = self.office.app.db.read(|tx| outbox::of_application(tx, id));
        let mut mails = mails.expect("readable");
        mails.sort_by_key(|kept| kept.created_at);
        mails
    }

    /// The text of the last mail with this name.
    pub(super) fn mail(&self, name: &str) -> String {
        let mails = self.mails();
        let last = mails.iter().rfind(|kept| kept.mail.mail == name);
        reading::read(&last.expect("such a mail").mail.content).body
    }

    /// Where each dated event of the case lies, in Tokyo's days.
    pub(super) fn milestones(&self) -> String {
        let stored = self.stored();
        let dated = stored.case.milestones.iter().map(|(milestone, at)| {
            let word = json!(milestone);
            format!(
                "{} {}",
                word.as_str().expect("a word"),
                &at_text(*at)[5..10]
            )
        });
        dated.collect::<Vec<_>>().join(" ")
    }
}

fn shown(kept: &Kept) -> String {
    assert_eq!(kept.mail.recipient, "hanako@sample.example.jp");
    format!("{}@{}", kept.mail.mail, &at_text(kept.due_at)[11..16])
}
