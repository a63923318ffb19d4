//! Two nodes on one PostgreSQL listen to one device, each at an address of its own, and either is killed while lines come to both: no line is stored
//! twice, none that was stored is lost, and what the other node takes is stored to the last line. Nothing here waits for a time: a node is killed
//! when lines of both are stored, however long that takes.

use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::ways_in::{Lent, PATIENCE, command, line, stored};
use crate::office::{Engine, OPEN_R7, Office, pause};

const ROUNDS: usize = 4;
/// Lines of each node that are stored before one of them is killed, and lines that the other one is sent afterwards.
const ENOUGH: usize = 40;
/// How often a line is sent.
const PACE: Duration = Duration::from_millis(5);

#[test]
fn either_of_two_nodes_that_listen_may_die() {
    let mut lent = Lent::new(Engine::Postgres);
    let mut other = Office::beside(&lent.office);
    let port = lent.address.rsplit(':').next().expect("a port");
    let addresses = [lent.address.clone(), format!("127.0.0.2:{port}")];
    let listen_too = ["--syslog", &addresses[1]];
    lent.start();
    other.start_with(OPEN_R7, &listen_too);
    let (mut sent, mut settled) = (BTreeSet::new(), BTreeSet::new());
    for round in 0..ROUNDS {
        let senders = [0, 1].map(|node| Sender::start(&addresses[node], &kind(round, node)));
        settled.extend(wait(&lent, |stored| {
            [0, 1].iter().all(|node| {
                let of_node = format!("\"{}-", kind(round, *node));
                stored.iter().filter(|one| one.contains(&of_node)).count() >= ENOUGH
            })
        }));
        let killed = round % 2;
        match killed {
            0 => lent.office.kill(),
            _ => other.kill(),
        }
        senders[1 - killed].wait_for_more(ENOUGH);
        let lines = senders.map(Sender::stop);
        let of_survivor = lines[1 - killed].clone();
        settled.extend(wait(&lent, |stored| {
            of_survivor.iter().all(|one| stored.contains(one))
        }));
        sent.extend(lines.into_iter().flatten());
        match killed {
            0 => lent.start(),
            _ => other.start_with(OPEN_R7, &listen_too),
        }
    }
    assert!(lent.office.stop().success() && other.stop().success());
    command(&lent.office, &["verify"], &[]);
    let all = stored(&lent.office, &lent.number);
    let once: BTreeSet<String> = all.iter().cloned().collect();
    assert_eq!(once.len(), all.len(), "a line is stored twice");
    assert_eq!(
        settled.difference(&once).count(),
        0,
        "a stored line is lost"
    );
    assert_eq!(
        once.difference(&sent).count(),
        0,
        "something else is stored"
    );
    let lost = sent.difference(&once).count();
    println!(
        "{ROUNDS} kills, {} lines sent of which {lost} are lost",
        sent.len()
    );
}

/// What lines of a round to a node are called.
fn kind(round: usize, node: usize) -> String {
    format!("round{round}node{node}")
}

/// Waits until what is stored is as it should be, and gives it.
fn wait(lent: &Lent, is_enough: impl Fn(&BTreeSet<String>) -> bool) -> BTreeSet<String> {
    let since = Instant::now();
    loop {
        let stored: BTreeSet<String> = stored(&lent.office, &lent.number).into_iter().collect();
        if is_enough(&stored) {
            return stored;
        }
        assert!(
            since.elapsed() < PATIENCE,
            "{} lines are stored",
            stored.len()
        );
        pause(Duration::from_millis(200));
    }
}

/// A device's connection to one node, over which lines go until it is told to stop or nobody listens any more.
struct Sender {
    stop: Arc<AtomicBool>,
    count: Arc<AtomicUsize>,
    work: JoinHandle<Vec<String>>,
}

impl Sender {
    fn start(address: &str, kind: &str) -> Sender {
        let (stop, count) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicUsize::new(0)),
        );
        let (stopping, counted) = (Arc::clone(&stop), Arc::clone(&count));
        let mut stream = connect(address);
        let kind = kind.to_owned();
        let work = std::thread::spawn(move || {
            let mut lines = Vec::new();
            while !stopping.load(SeqCst) {
                let text = line(&kind, lines.len());
                let message = format!("{} {text}", text.len());
                // What was begun to be sent may have come.
                lines.push(text);
                if stream.write_all(message.as_bytes()).is_err() {
                    break;
                }
                counted.store(lines.len(), SeqCst);
                pause(PACE);
            }
            lines
        });
        Sender { stop, count, work }
    }

    /// Waits until so many further lines are sent.
    fn wait_for_more(&self, lines: usize) {
        let (since, before) = (Instant::now(), self.count.load(SeqCst));
        while self.count.load(SeqCst) < before + lines {
            assert!(since.elapsed() < PATIENCE, "nothing more is sent");
            pause(PACE);
        }
    }

    fn stop(self) -> Vec<String> {
        self.stop.store(true, SeqCst);
        self.work.join().expect("the sender ends")
    }
}

/// A port whose node was killed may take a moment to be open again.
fn connect(address: &str) -> TcpStream {
    let since = Instant::now();
    loop {
        match TcpStream::connect(address) {
            Ok(stream) => return stream,
            Err(error) => assert!(since.elapsed() < PATIENCE, "{address}: {error}"),
        }
        pause(Duration::from_millis(50));
    }
}
