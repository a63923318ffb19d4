//! kill -9 in the middle of pushing, on one node and on two, until everything is acknowledged.

use super::load::{Load, Sending, start};
use crate::office::{Chance, Engine, Office};

const CLIENTS: usize = 6;
const COMPANIES: usize = 3;
const KILLS: usize = 5;

#[test]
fn killed_on_sqlite() {
    check(Engine::Sqlite);
}

#[test]
fn killed_on_postgres() {
    check(Engine::Postgres);
}

fn check(engine: Engine) {
    let mut chance = Chance::new(&format!("push and kill on {engine:?}"));
    let mut office = Office::new(engine);
    start(&mut office);
    let load = Load::new(&office, COMPANIES, "4000");
    let sending = Sending::new(&load.parcels);
    let mut kills = 0;
    while !sending.is_done() {
        let address = office.address();
        let kept = sending.kept(KILLS - kills, KILLS);
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| sending.client(address, kept));
            }
            if kills < KILLS {
                sending.wait_for_some(kept, &mut chance);
                office.kill();
            }
        });
        if kills < KILLS {
            kills += 1;
            start(&mut office);
        }
    }
    assert_eq!(kills, KILLS);
    sending.again(&[office.address()]);
    office.kill();
    load.holds(&office);
    println!("{engine:?}: {kills} kills, {} batches", load.parcels.len());
}

/// Each batch goes to both nodes at about the same time, and each is killed in turn.
#[test]
fn two_nodes_take_the_same_and_different_batches() {
    let mut chance = Chance::new("push to two nodes");
    let first = Office::new(Engine::Postgres);
    let second = Office::beside(&first);
    let mut nodes = [first, second];
    for node in &mut nodes {
        start(node);
    }
    let load = Load::new(&nodes[0], COMPANIES, "2000");
    // What is sent to both, and what only one or the other is sent.
    let third = load.parcels.len() / 3;
    let halves = [
        Sending::new(&load.parcels[..2 * third]),
        Sending::new(&load.parcels[third..]),
    ];
    let mut kills = 0;
    while !halves.iter().all(Sending::is_done) {
        let addresses = nodes.each_ref().map(Office::address);
        std::thread::scope(|scope| {
            for (half, address) in halves.iter().zip(addresses) {
                let kept = half.kept(KILLS - kills, KILLS);
                for _ in 0..CLIENTS / 2 {
                    scope.spawn(move || half.client(address, kept));
                }
            }
            if kills < KILLS {
                let half = &halves[kills % 2];
                half.wait_for_some(half.kept(KILLS - kills, KILLS), &mut chance);
                nodes[kills % 2].kill();
            }
        });
        if kills < KILLS {
            start(&mut nodes[kills % 2]);
            kills += 1;
        }
    }
    assert_eq!(kills, KILLS);
    let addresses = nodes.each_ref().map(Office::address);
    for half in &halves {
        half.again(&addresses);
    }
    let [mut first, mut second] = nodes;
    second.kill();
    first.kill();
    load.holds(&first);
    println!("two nodes: {kills} kills, {} batches", load.parcels.len());
}
