//! The program's source of chance: the only place that asks the system for random bytes.

use jiff::Timestamp;

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system has none to give; nothing secret could be made then.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that asks the system for chance"
)]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// An id that sorts by time: UUID version 7 (RFC 9562) at `at`.
pub fn id(at: Timestamp) -> String {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes())
        .into_uuid()
        .to_string()
}
