//! What only a cluster can suffer: a shard that dies at any moment, one that is down, rows that are missing, two nodes at once, replicas.

use std::time::{Duration, Instant};

use sonae_db::Kind;
use sonae_telemetry::detections::Detections;
use sonae_telemetry::generate::Batch;
use sonae_telemetry::ingest::Answer;
use sonae_telemetry::questions::search::Wanted;
use sonae_telemetry::{Day, TelemetryError};

use crate::Office;
use crate::load::{Load, PLAN};
use crate::servers::{Keeper, Server};

/// How long somebody tries again before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

fn kind(error: &TelemetryError) -> Kind {
    match error {
        TelemetryError::Db(error) => error.kind,
        TelemetryError::Damaged(what) => panic!("{what}"),
    }
}

/// Stores a group until every batch of it is answered, as a sender does; how often it failed.
fn persistently(detections: &Detections, load: &Load, group: &[usize]) -> usize {
    let begun = Instant::now();
    let (mut left, mut failures) = (group.to_vec(), 0);
    while !left.is_empty() {
        let batches: Vec<_> = left.iter().map(|at| load.batches[*at].prepared()).collect();
        let answers = detections.store(&batches);
        left = (left.iter().zip(&answers))
            .filter(|(_, answer)| match answer {
                Ok(Answer::Stored(_) | Answer::Before(_)) => false,
                Ok(other) => panic!("{other:?}"),
                Err(error) => {
                    let passing = [Kind::Unreachable, Kind::Unanswered, Kind::Busy, Kind::Other];
                    assert!(passing.contains(&kind(error)), "{error}");
                    assert!(begun.elapsed() < PATIENCE, "it never succeeds: {error}");
                    failures += 1;
                    true
                }
            })
            .map(|(at, _)| *at)
            .collect();
        if !left.is_empty() {
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }
    failures
}

#[test]
fn a_shard_that_is_killed_while_it_is_written_loses_and_doubles_nothing() {
    let load = Load::of(&PLAN);
    let mut servers = [Server::start(None), Server::start(None)];
    let addresses: Vec<Vec<String>> = servers.iter().map(|one| vec![one.address()]).collect();
    let office = Office::on(&addresses, "");
    let (one, other) = (office.detections(), office.detections());
    let all: Vec<usize> = (0..load.batches.len()).collect();
    let failures = std::thread::scope(|scope| {
        // Both nodes get every batch, so each is sent twice, often at once.
        let writers = [&one, &other].map(|node| {
            let (load, all) = (&load, &all);
            scope.spawn(move || {
                all.chunks(3)
                    .map(|group| persistently(node, load, group))
                    .sum::<usize>()
            })
        });
        let mut killed = 0;
        while writers.iter().any(|writer| !writer.is_finished()) {
            // Moments that differ from one another, but no longer pauses than a test may take.
            std::thread::park_timeout(Duration::from_millis(30 + 70 * (killed as u64 % 7)));
            servers[killed % 2].kill();
            servers[killed % 2].up();
            killed += 1;
            if killed == 12 {
                break;
            }
        }
        writers
            .into_iter()
            .map(|writer| writer.join().unwrap())
            .sum::<usize>()
    });
    eprintln!("{failures} batches were tried again");
    assert!(failures > 0, "nobody noticed that a server was killed");
    load.check(&PLAN, &one);
    load.check(&PLAN, &office.detections());
}

#[test]
fn without_a_shard_there_is_an_error_and_no_figure() {
    let load = Load::of(&PLAN);
    let mut servers = [Server::start(None), Server::start(None)];
    let addresses: Vec<Vec<String>> = servers.iter().map(|one| vec![one.address()]).collect();
    let office = Office::on(&addresses, "");
    let detections = office.detections();
    let all: Vec<usize> = (0..load.batches.len()).collect();
    persistently(&detections, &load, &all);
    servers[1].kill();
    let day = Day(PLAN.first_day);
    let watched = (day.month().first_day(), day.month().last_day());
    let (mut answered, mut refused) = (0, 0);
    for company in 0..PLAN.companies {
        let company = company.to_string();
        let month = detections.month(&company, day.month(), watched);
        let page = detections.search(&Wanted::all(&company, watched), None, 10, Duration::MAX);
        assert_eq!(month.is_ok(), page.is_ok());
        match month {
            Ok(figures) => {
                assert!(figures.total.events > 0);
                answered += 1;
            }
            Err(TelemetryError::Db(error)) => {
                let server = error.server.expect("the error says which server");
                assert_eq!((server.shard, server.name), (2, addresses[1][0].clone()));
                refused += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(answered > 0 && refused > 0, "{answered} {refused}");
    // What asks all companies needs all shards.
    assert!(detections.sheet(day).is_err() && detections.needle("203.0.113.9").is_err());
    // A batch of a company on the living shard is still stored, whoever fails beside it.
    let again: Vec<_> = load.batches.iter().take(40).map(Batch::prepared).collect();
    let answers = detections.store(&again);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(Answer::Before(_))))
    );
    servers[1].up();
    load.check(&PLAN, &detections);
}

#[test]
fn a_server_that_lost_rows_is_not_believed() {
    let load = Load::of(&PLAN);
    let server = Server::start(None);
    let office = Office::on(&[vec![server.address()]], "");
    let detections = office.detections();
    let all: Vec<usize> = (0..load.batches.len()).collect();
    persistently(&detections, &load, &all);
    load.check(&PLAN, &detections);
    let month = Day(PLAN.first_day).month();
    let watched = (month.first_day(), month.last_day());
    for table in ["block", "figure"] {
        office.tell(
            &server,
            &format!("ALTER TABLE {table} DROP PARTITION {}", month.0),
        );
        let error = detections
            .month("0", month, watched)
            .expect_err("less than all");
        assert_eq!(kind(&error), Kind::Corrupt, "{error}");
        assert!(detections.verify().unwrap().is_err());
    }
    // Another office's ledger does not take these rows for its own.
    let stranger = Office {
        folder: crate::servers::folder("ledger"),
        url: office.url.clone(),
    };
    let refused = stranger.detections().store(&[load.batches[0].prepared()]);
    assert_eq!(kind(refused[0].as_ref().unwrap_err()), Kind::Changed);
}

#[test]
fn a_replica_may_die_and_come_back() {
    let load = Load::of(&PLAN);
    let keeper = Keeper::start();
    let mut servers = [
        Server::start(Some(keeper.port)),
        Server::start(Some(keeper.port)),
    ];
    let replicas: Vec<String> = servers.iter().map(Server::address).collect();
    let office = Office::on(std::slice::from_ref(&replicas), "");
    let detections = office.detections();
    let all: Vec<usize> = (0..load.batches.len()).collect();
    let (first, rest) = all.split_at(all.len() / 2);
    persistently(&detections, &load, first);
    // One dies: what was answered stands on the other, but nothing new would stand on two.
    servers[0].kill();
    let month = Day(PLAN.first_day).month();
    let watched = (month.first_day(), month.last_day());
    let before = detections.month("0", month, watched).unwrap();
    assert!(before.total.events > 0);
    detections.verify().unwrap().unwrap();
    let refused = detections.store(&[load.batches[rest[0]].prepared()]);
    let why = kind(refused[0].as_ref().expect_err("there is one copy only"));
    assert_eq!(why, Kind::Busy);
    servers[0].up();
    persistently(&detections, &load, rest);
    load.check(&PLAN, &detections);
    // The other one dies: the first has caught up.
    servers[1].kill();
    load.check(&PLAN, &detections);
    servers[1].up();
    availability_for_safety(&load, &mut servers, &replicas);
}

/// With one copy a batch is answered while a replica is down; then what it alone holds is missed while it is down itself.
fn availability_for_safety(load: &Load, servers: &mut [Server; 2], replicas: &[String]) {
    let office = Office::on(&[replicas.to_vec()], "?copies=1");
    let detections = office.detections();
    let all: Vec<usize> = (0..load.batches.len()).collect();
    persistently(&detections, load, &all[..1]);
    servers[1].kill();
    persistently(&detections, load, &all[1..]);
    load.check(&PLAN, &detections);
    servers[0].kill();
    servers[1].up();
    let month = Day(PLAN.first_day).month();
    let watched = (month.first_day(), month.last_day());
    assert!(
        detections.month("0", month, watched).is_err(),
        "too little is no answer"
    );
    servers[0].up();
    load.check(&PLAN, &detections);
}

#[test]
fn what_an_older_ledger_does_not_know_never_counts() {
    let load = Load::of(&PLAN);
    let server = Server::start(None);
    let office = Office::on(&[vec![server.address()]], "");
    let all: Vec<usize> = (0..load.batches.len()).collect();
    let (first, rest) = all.split_at(all.len() / 2);
    persistently(&office.detections(), &load, first);
    let old = Office {
        folder: crate::servers::folder("ledger"),
        url: office.url.clone(),
    };
    let ledger = |office: &Office| office.folder.join("ledger.sqlite");
    std::fs::copy(ledger(&office), ledger(&old)).unwrap();
    persistently(&office.detections(), &load, rest);
    // The backup comes back, and everything is sent again.
    let detections = old.detections();
    persistently(&detections, &load, &all);
    load.check(&PLAN, &detections);
}
