//! The demo starts, holds what it promises, and touches nobody else's data.

use sonae_core::capacity::Tally;

use crate::commands::demo;

#[test]
fn both_programmes_are_in_their_first_days_and_a_second_start_adds_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let listen = "127.0.0.1:0".parse().expect("an address");
    for _ in 0..2 {
        let config = demo::config(home.path(), listen).expect("a demo's folder");
        let app = crate::serve::start(config).expect("it starts");
        super::staff::bring_in(&app).expect("people");
        super::year::bring_in(&app).expect("all are received");
        let tally = |program: &'static str, course: &str| -> Tally {
            let tallies = app
                .db
                .read(|tx| sonae_store::tally::of_program(tx, program));
            let tallies = tallies.expect("readable");
            tallies
                .into_iter()
                .find(|(id, _)| id == course)
                .expect("a course")
                .1
        };
        let utm = tally(super::editions::MOVED, "utm");
        assert_eq!((utm.held, utm.waiting), (46, 0));
        let csirt = tally("tokyo-r7-incident-response", "csirt");
        assert_eq!((csirt.held, csirt.waiting), (30, 3));
    }
}

#[test]
fn a_folder_with_other_data_is_left_alone() {
    let home = tempfile::tempdir().expect("a folder");
    std::fs::write(home.path().join("sonae.db"), "real").expect("writable");
    let listen = "127.0.0.1:0".parse().expect("an address");
    let error = demo::config(home.path(), listen).expect_err("it is not a demo");
    assert!(error.to_string().contains("--data"));
    assert_eq!(std::fs::read_dir(home.path()).expect("readable").count(), 1);
}
