//! Windows at their edges, to the nanosecond.

use sonae_core::program::{Program, WindowState, load};

use super::smallest;

fn program(window: &str) -> Program {
    let mut files = smallest();
    let dates = "opens = \"2026-06-01\"\ncloses = \"2026-10-30\"";
    files[0].text = files[0].text.replacen(dates, window, 1);
    load(&files).unwrap_or_else(|messages| panic!("{window}: {messages:#?}"))
}

#[test]
fn windows_open_and_close_at_their_instants() {
    let days = "opens = \"2026-06-01\"\ncloses = \"2026-10-30\"";
    let times = "opens = \"2026-06-01\"\nopens_time = \"09:00\"\ncloses = \"2026-10-30\"\ncloses_time = \"17:00\"";
    let endless = "opens = \"2026-06-01\"";
    let always = "";
    for (window, at, expected) in [
        (
            days,
            "2026-05-31T23:59:59.999999999+09:00",
            "not yet, 2026-05-31T15:00:00Z",
        ),
        (
            days,
            "2026-06-01T00:00:00+09:00",
            "open until 2026-10-30T15:00:00Z",
        ),
        (
            days,
            "2026-10-30T23:59:59.999999999+09:00",
            "open until 2026-10-30T15:00:00Z",
        ),
        (
            days,
            "2026-10-31T00:00:00+09:00",
            "closed since 2026-10-30T15:00:00Z",
        ),
        (
            days,
            "2026-05-31T15:00:00Z",
            "open until 2026-10-30T15:00:00Z",
        ),
        (
            times,
            "2026-06-01T08:59:59.999999999+09:00",
            "not yet, 2026-06-01T00:00:00Z",
        ),
        (
            times,
            "2026-06-01T09:00:00+09:00",
            "open until 2026-10-30T08:00:00Z",
        ),
        (
            times,
            "2026-10-30T16:59:59.999999999+09:00",
            "open until 2026-10-30T08:00:00Z",
        ),
        (
            times,
            "2026-10-30T17:00:00+09:00",
            "closed since 2026-10-30T08:00:00Z",
        ),
        (
            endless,
            "2026-05-31T23:59:59.999999999+09:00",
            "not yet, 2026-05-31T15:00:00Z",
        ),
        (endless, "2099-01-01T00:00:00+09:00", "open"),
        (always, "2000-01-01T00:00:00+09:00", "open"),
    ] {
        let state = program(window).window_state("loan", at.parse().unwrap());
        let shown = match state.expect("the course has a window") {
            WindowState::NotYet { opens_at } => format!("not yet, {opens_at}"),
            WindowState::Open {
                closes_at: Some(at),
            } => format!("open until {at}"),
            WindowState::Open { closes_at: None } => "open".to_owned(),
            WindowState::Closed { closed_at } => format!("closed since {closed_at}"),
        };
        assert_eq!(shown, expected, "{window} {at}");
    }
}

#[test]
fn an_unknown_course_has_no_window() {
    let at = "2026-06-01T00:00:00Z".parse().unwrap();
    assert_eq!(program("").window_state("nothing", at), None);
}
