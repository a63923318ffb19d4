//! The flow of a programme as the state machine itself walks it: every state that can be reached and every event that leads on.
//!
//! Nothing here is written by hand: typical applications are taken through [`transition`] by every event until nothing new comes up.

mod markdown;
mod sample;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

pub use markdown::markdown;

use super::advance::is_delivery;
use super::case::{ApprovalState, Case, Status};
use super::transition::{Context, Effect, received, transition};
use crate::capacity::PlaceState;
use crate::eligibility::{Eligibility, Verdict};
use crate::program::{Id, Milestone, Program, Role};

/// The most states that are walked; a programme has some dozens.
const MOST_STATES: usize = 5_000;

/// The states and ways of a programme.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagram {
    /// Open states in the order in which they come up.
    pub open: Vec<Node>,
    /// States in which nobody has to act any more.
    pub ends: Vec<Node>,
    /// From one state to another.
    pub ways: Vec<Way>,
    /// Ways that lead from every open state to the same end; their `from` is empty.
    pub anywhere: Vec<Way>,
    /// Ends that can be taken up again.
    pub reopened: Vec<String>,
    /// What follows 参加確定 and is run elsewhere: titles in the programme's order.
    pub delivery: Vec<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The step's id, with what the approval stands at, or the status.
    pub id: String,
    pub title: String,
    pub owner: Option<Role>,
    /// Business days of the first due clock, and whether the guidelines promise them (otherwise it is the office's own target).
    pub days: Option<(u32, bool)>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    pub from: String,
    pub to: String,
    /// What happens, in the office's words.
    pub event: &'static str,
    /// Who causes it.
    pub by: BTreeSet<&'static str>,
    /// The dated events that happen with it.
    pub reaches: BTreeSet<Milestone>,
    /// Mails that it sends, by their names in the programme.
    pub mails: BTreeSet<Id>,
}

/// Walks a programme.
pub fn diagram(program: &Program) -> Diagram {
    let mut walk = Walk {
        program,
        calendar: program.calendar(),
        verdict: Verdict {
            verdict: Eligibility::Eligible,
            revision: program.revision.clone(),
            findings: Vec::new(),
        },
        seen: BTreeSet::new(),
        open: Vec::new(),
        ends: Vec::new(),
        ways: BTreeMap::new(),
    };
    for places in sample::starts(program) {
        let begun = received(program, &walk.calendar, &places, sample::now());
        walk.from(begun.case);
    }
    walk.finish()
}

struct Walk<'a> {
    program: &'a Program,
    calendar: crate::calendar::Calendar,
    verdict: Verdict,
    /// State, places and decided courses.
    seen: BTreeSet<String>,
    open: Vec<Node>,
    ends: Vec<Node>,
    ways: BTreeMap<(String, String, &'static str), Way>,
}

impl Walk<'_> {
    fn from(&mut self, start: Case) {
        let mut waiting = vec![start];
        while let Some(case) = waiting.pop() {
            let places: Vec<String> = (case.places.iter())
                .map(|(course, state)| format!("{course}={}", state.as_str()))
                .collect();
            let key = format!(
                "{} {places:?} {:?}",
                id_of(self.program, &case),
                case.courses
            );
            if self.seen.len() >= MOST_STATES || !self.seen.insert(key) {
                continue;
            }
            self.note(&case);
            let mut next = self.onward(&case);
            // What comes first in the programme is walked first.
            next.reverse();
            waiting.append(&mut next);
        }
    }

    fn note(&mut self, case: &Case) {
        let node = node(self.program, case);
        let nodes = match case.status {
            Status::Open => &mut self.open,
            _ => &mut self.ends,
        };
        if !nodes.iter().any(|known| known.id == node.id) {
            nodes.push(node);
        }
    }

    /// Every state that some event leads to.
    fn onward(&mut self, case: &Case) -> Vec<Case> {
        let first_waiting = case.places.keys().cloned().collect();
        let tallies = BTreeMap::new();
        let mut reached = Vec::new();
        for sample in sample::events(self.program, case) {
            let ctx = Context {
                program: self.program,
                calendar: &self.calendar,
                now: match sample.late {
                    true => sample::now() + SignedDuration::from_hours(24 * 60),
                    false => sample::now(),
                },
                verdict: &self.verdict,
                tallies: &tallies,
                first_waiting: &first_waiting,
                changed: &[],
                changes: &[],
            };
            let Ok(moved) = transition(&ctx, case, &sample.event, &sample.actor) else {
                continue;
            };
            self.way(case, &moved.case, &moved.effects, &sample);
            reached.push(moved.case);
        }
        reached
    }

    fn way(&mut self, before: &Case, after: &Case, effects: &[Effect], sample: &sample::Sample) {
        let (from, to) = (id_of(self.program, before), id_of(self.program, after));
        if from == to {
            return;
        }
        let way = Way {
            from: from.clone(),
            to: to.clone(),
            event: sample.label,
            by: BTreeSet::new(),
            reaches: BTreeSet::new(),
            mails: BTreeSet::new(),
        };
        let way = self.ways.entry((from, to, sample.label)).or_insert(way);
        way.by.insert(sample.by);
        let new = after
            .milestones
            .keys()
            .filter(|known| !before.milestones.contains_key(*known));
        way.reaches.extend(new.copied());
        way.mails
            .extend(effects.iter().filter_map(|effect| match effect {
                Effect::Mail { mail, .. } => Some(mail.clone()),
                _ => None,
            }));
    }

    fn finish(self) -> Diagram {
        let place = |id: &str| self.open.iter().position(|node| node.id == id);
        let is_open = |id: &str| place(id).is_some();
        // Ends come last.
        let order = |id: &str| place(id).unwrap_or(usize::MAX);
        let mut ways: Vec<Way> = self.ways.values().cloned().collect();
        let mut reopened: Vec<String> = (ways.iter())
            .filter(|way| !is_open(&way.from) && is_open(&way.to))
            .map(|way| way.from.clone())
            .collect();
        reopened.dedup();
        ways.retain(|way| is_open(&way.from) || !is_open(&way.to));
        let mut anywhere: Vec<Way> = Vec::new();
        for way in &ways {
            let alike = |other: &&Way| other.event == way.event && other.to == way.to;
            let sources = ways
                .iter()
                .filter(alike)
                .filter(|other| is_open(&other.from))
                .count();
            if is_open(&way.from)
                && sources == self.open.len()
                && !anywhere.iter().any(|known| alike(&known))
            {
                anywhere.push(Way {
                    from: String::new(),
                    ..way.clone()
                });
            }
        }
        ways.retain(|way| {
            !anywhere
                .iter()
                .any(|known| known.event == way.event && known.to == way.to && is_open(&way.from))
        });
        ways.sort_by_key(|way| (order(&way.from), order(&way.to), way.clone()));
        let steps = self.program.definition.flow.step.iter();
        Diagram {
            delivery: (steps.filter(|step| is_delivery(step.kind)))
                .map(|step| step.title.clone())
                .collect(),
            open: self.open,
            ends: self.ends,
            ways,
            anywhere,
            reopened,
        }
    }
}

fn id_of(program: &Program, case: &Case) -> String {
    if case.status != Status::Open {
        return case.status.as_str().to_owned();
    }
    let step = case
        .current(program)
        .map_or("none", |step| step.id.as_str());
    let asks_for_approval = case
        .current(program)
        .is_some_and(|step| step.kind == crate::program::flow::StepKind::Approval);
    match case.approval.as_ref().map(|approval| approval.state) {
        Some(ApprovalState::Proposed) if asks_for_approval => format!("{step}_proposed"),
        Some(ApprovalState::SentBack) if asks_for_approval => format!("{step}_sent_back"),
        _ => step.to_owned(),
    }
}

fn node(program: &Program, case: &Case) -> Node {
    let id = id_of(program, case);
    let title = match case.current(program) {
        Some(step) if case.status == Status::Open => match id.strip_prefix(step.id.as_str()) {
            Some("_proposed") => format!("{}(判断待ち)", step.title),
            Some("_sent_back") => format!("{}(質問への回答待ち)", step.title),
            _ => step.title.clone(),
        },
        _ => case.status.label().to_owned(),
    };
    let due = case.due().filter(|_| case.status == Status::Open);
    Node {
        title,
        owner: case.owner(program),
        days: due.map(|(clock, running)| {
            let promised = program
                .definition
                .flow
                .clock
                .iter()
                .any(|known| known.id == clock);
            (running.spec.business_days, promised)
        }),
        id,
    }
}

/// Who acts, in the office's words.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Company => "申込企業",
        Role::Secretariat => "運営事務局",
        Role::Sponsor => "東京都",
        Role::Expert => "専門家",
        Role::Technician => "技術担当",
        Role::Desk => "サポートセンター",
    }
}

/// A dated event, in the office's words.
pub fn milestone_word(milestone: Milestone) -> &'static str {
    match milestone {
        Milestone::Received => "受付",
        Milestone::Complete => "申込み完了",
        Milestone::Approved => "承認",
        Milestone::Confirmed => "参加確定",
    }
}

/// Places of a start, by course.
type Places = BTreeMap<Id, PlaceState>;
/// A fixed instant inside every calendar.
type Instant = Timestamp;
