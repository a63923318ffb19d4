//! Two nodes on one PostgreSQL behind HAProxy: either is killed again and again during a thousand mixed actions of signed-in staff,
//! companies and other systems. What was acknowledged stands in the books once, each mail is taken by the mail server once, and what a
//! dead node held is taken over by the other.

mod acts;
mod clients;
mod pages;
mod proof;
mod proxy;
mod receivers;
mod staff;

use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::letters::{Letters, PROOF};
use crate::office::{Chance, Engine, Folder, OPEN_R7, Office, pause};
use clients::{People, Work};
use proxy::Proxy;
use receivers::Hooks;
use staff::Browser;

/// Applications: with all that is done to them a thousand actions.
const CASES: usize = 116;
/// Places of the course that all apply for.
const PLACES: usize = 30;
/// Actions on several cases at once.
const GROUPS: usize = 8;
/// Who signs in.
const STAFF: [(&str, &str); 3] = [
    ("secretariat", "hanako@office.example.jp"),
    ("secretariat", "jiro@office.example.jp"),
    ("sponsor", "tokyo@office.example.jp"),
];
const CLIENTS: usize = 8;
const KILLS: usize = 6;
/// How often both die while they send what had to wait, and after how many mails.
const BURSTS: usize = 3;
const MAILS_OF_A_BURST: usize = 40;
/// How long a node is away.
const AWAY: Duration = Duration::from_millis(400);
/// How long the whole run may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);
/// Later than everything that waits: mails of staff leave after five minutes, leases run out after ten.
const LATER: SignedDuration = SignedDuration::from_hours(1);

/// A node with the address it always listens at.
struct Node {
    office: Office,
    address: SocketAddr,
}

/// What all nodes are told.
struct Setting {
    begun: Instant,
    flags: Vec<String>,
}

impl Setting {
    /// The moment by the clock that all nodes share.
    fn now(&self) -> Timestamp {
        let begin: Timestamp = OPEN_R7.parse().expect("an instant");
        let run = SignedDuration::try_from(self.begun.elapsed()).expect("minutes");
        begin + run
    }

    fn start(&self, node: &mut Node, at: Timestamp) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sonae"));
        command.arg("serve").args(node.office.place());
        command.args(&self.flags);
        command.args(["--listen", &node.address.to_string()]);
        command.args(["--clock", &at.to_string()]);
        node.office.spawn(command);
    }
}

/// On one database; nothing runs yet.
fn two_nodes() -> [Node; 2] {
    let first = Office::new(Engine::Postgres);
    let second = Office::beside(&first);
    [first, second].map(|office| Node {
        office,
        address: free_address(),
    })
}

/// An address of this machine that nobody listens at.
fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("it is bound")
}

#[test]
fn either_node_may_die_at_any_moment() {
    let mut chance = Chance::new("two nodes");
    let actions = acts::total(CASES, PLACES, clients::TOGETHER, GROUPS);
    let shared = Folder::new();
    let inbox = shared.0.join("inbox");
    let (letters, hooks) = (Letters::open(&inbox), Hooks::open());
    let front = free_address();
    let setting = Setting {
        begun: Instant::now(),
        flags: flags(front, &letters, &inbox.display().to_string()),
    };
    let mut nodes = two_nodes();
    for node in &mut nodes {
        setting.start(node, setting.now());
    }
    let url = nodes[0].office.url();
    proof::prepare(&url, &hooks.url, setting.now());
    let proxy = Proxy::start(front, &nodes.each_ref().map(|node| node.address));
    let people = people(front, &nodes[0].office, &letters);
    let work = Work::new(front, people, CASES, GROUPS);
    let took = acted(&work, &setting, &mut nodes, (actions, &mut chance));
    assert_eq!(work.done(), actions, "{} attempts", work.attempts());
    // Both die with what they hold; whoever comes later takes it over.
    for node in &mut nodes {
        node.office.kill();
    }
    drop(proxy);
    let held = proof::held(&url);
    sent_in_bursts(&letters, &setting, &mut nodes);
    proof::settled(&url);
    for node in &mut nodes {
        assert_eq!(node.office.stop().code(), Some(0));
    }
    let stored = proof::stored_once(&url, &work.acknowledged());
    let mails = proof::mails_left_once(&url, &letters, STAFF.len());
    let told = proof::all_is_told(&hooks, CASES + stored);
    let verified = nodes[0].office.command("verify", &[]).well().out;
    println!(
        "{actions} actions in {:.1} s by {CLIENTS} clients over {} kills, {} attempts; {stored} events; \
         {} rows held by the dead were taken over; {mails}; {told}; {}",
        took.as_secs_f64(),
        KILLS + nodes.len() * (1 + BURSTS),
        work.attempts(),
        held,
        verified.trim()
    );
}

/// Does all there is to do while either node is killed in turn. Gives how long it took.
fn acted(
    work: &Work,
    setting: &Setting,
    nodes: &mut [Node; 2],
    (actions, chance): (usize, &mut Chance),
) -> Duration {
    let asked = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| work.run());
        }
        for kill in 0..KILLS {
            let at = actions * (2 * kill + 1) / (2 * KILLS) + chance.below(40) as usize;
            while work.done() < at && asked.elapsed() < PATIENCE {
                pause(Duration::from_millis(5));
            }
            let node = &mut nodes[kill % 2];
            node.office.kill();
            pause(AWAY);
            setting.start(node, setting.now());
        }
        while work.done() < actions && asked.elapsed() < PATIENCE {
            pause(Duration::from_millis(5));
        }
        work.stop();
    });
    asked.elapsed()
}

/// Sends what had to wait, and is killed meanwhile.
fn sent_in_bursts(letters: &Letters, setting: &Setting, nodes: &mut [Node; 2]) {
    let asked = Instant::now();
    let mut later = setting.now() + LATER;
    for burst in 0..=BURSTS {
        for node in nodes.iter_mut() {
            setting.start(node, later);
        }
        if burst == BURSTS {
            break;
        }
        // Most mails leave now. Both die in the middle, and an hour later their leases have run out.
        let some = letters.count() + MAILS_OF_A_BURST;
        while letters.count() < some && asked.elapsed() < PATIENCE {
            pause(Duration::from_millis(1));
        }
        for node in nodes.iter_mut() {
            node.office.kill();
        }
        later += LATER;
    }
}

/// Who works: two systems, and staff who sign in by mail and app.
fn people(front: SocketAddr, office: &Office, letters: &Letters) -> People {
    let mut browsers = STAFF.map(|who| Some(Browser::sign_in(front, office, letters, who)));
    let mut browser = |index: usize| browsers[index].take().expect("signed in just above");
    People {
        tokens: clients::tokens(office),
        secretaries: vec![browser(0), browser(1)],
        sponsor: browser(2),
    }
}

fn flags(front: SocketAddr, letters: &Letters, inbox: &str) -> Vec<String> {
    let (base, smtp) = (format!("http://{front}"), letters.url());
    let flags = [
        "--behind-proxy",
        "--no-rate-limit",
        "--webhook-local",
        "--base-url",
        &base,
        "--smtp",
        &smtp,
        "--mail-from",
        "office@office.example.jp",
        "--inbox",
        inbox,
        "--mail-proof-address",
        PROOF,
    ];
    flags.map(str::to_owned).to_vec()
}
