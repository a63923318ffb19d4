//! Both edges of an application window, with the program's clock running over them.
//!
//! The basic measures of fiscal year 6 open on 30 May 2024 at 0:00 and close on 29 November 2024 at 24:00.

use std::time::{Duration, Instant};

use crate::books::balanced;
use crate::office::{Engine, Office, R6, application, pause};

#[test]
fn opens_on_time() {
    let statuses = across(Engine::Sqlite, "2024-05-29T23:59:58.500+09:00");
    assert_edge(&statuses, 409, 201);
}

#[test]
fn closes_on_time() {
    let statuses = across(Engine::Sqlite, "2024-11-29T23:59:58.500+09:00");
    assert_edge(&statuses, 201, 409);
}

#[test]
fn closes_on_time_on_postgres() {
    let statuses = across(Engine::Postgres, "2024-11-29T23:59:58.500+09:00");
    assert_edge(&statuses, 201, 409);
}

/// Submits one after the other from `clock` until well after the edge, which is 1.5 seconds away. Every receipt must lie on its side of
/// the edge, and every refusal must be a sentence.
fn across(engine: Engine, clock: &str) -> Vec<u16> {
    let mut office = Office::new(engine);
    office.start(clock);
    let started = Instant::now();
    let mut statuses = Vec::new();
    let mut received = Vec::new();
    for number in 0.. {
        let answer = office
            .submit(R6, &format!("key-{number}"), &application(R6, number))
            .expect("an answer");
        statuses.push(answer.status);
        match answer.status {
            201 => received.push(crate::books::receipt(&answer)),
            _ => {
                let problem = answer.json();
                assert_eq!(problem["type"], "urn:sonae:problem:program-closed");
                let title = problem["title"].as_str().expect("a title");
                assert!(title.contains("の申込受付は2024年"), "{title}");
            }
        }
        if started.elapsed() > Duration::from_secs(3) {
            break;
        }
        pause(Duration::from_millis(15));
    }
    office.kill();
    for line in balanced(&office, &received) {
        let at = line.receipt["received_at"].as_str().expect("an instant");
        assert!(
            ("2024-05-30T00:00:00.000".."2024-11-30T00:00:00.000").contains(&at),
            "{at}"
        );
    }
    statuses
}

/// One status up to the edge, the other after it, and nothing between.
fn assert_edge(statuses: &[u16], before: u16, after: u16) {
    let edge = statuses
        .iter()
        .take_while(|status| **status == before)
        .count();
    assert!(edge > 0 && edge < statuses.len(), "{statuses:?}");
    assert!(
        statuses[edge..].iter().all(|status| *status == after),
        "{statuses:?}"
    );
}
