//! Devices that are registered a second time, or exchanged, within a month.

use super::judged::computed;
use crate::checks::Checks;

/// Hours of May.
const ALL: i64 = 31 * 24;

#[tokio::test]
async fn a_device_that_is_registered_again_goes_on_as_the_same_one() {
    let checks = Checks::new().await;
    checks.watch(("5", "2024-05-01", "2024-05-11"));
    checks.watch(("6", "2024-05-11", "2024-06-01"));
    checks.alive("2024-05-02");
    let found = computed(&checks).await;
    let device = &found.devices[0];
    assert_eq!((device.hours, device.of_hours), (1, ALL));
    // Dead after the second of May: the silence goes on over the second registration.
    let last = device.gaps.last().expect("a gap");
    assert_eq!(last.1.to_string(), "2024-05-31T15:00:00Z");
    assert_eq!(device.gaps.len(), 2, "{:?}", device.gaps);
    assert_eq!(found.hours(), (1, ALL));
}

#[tokio::test]
async fn days_between_two_registrations_are_no_silence() {
    let checks = Checks::new().await;
    checks.watch(("5", "2024-05-01", "2024-05-03"));
    checks.watch(("6", "2024-05-30", "2024-06-01"));
    for day in ["2024-05-01", "2024-05-02", "2024-05-30", "2024-05-31"] {
        checks.alive(day);
    }
    let device = &computed(&checks).await.devices[0];
    assert_eq!((device.hours, device.of_hours), (4, 4 * 24));
    let longest = device
        .gaps
        .iter()
        .map(|(from, to)| to.duration_since(*from).as_hours());
    assert!(longest.max() < Some(24), "{:?}", device.gaps);
}
