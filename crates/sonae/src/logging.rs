//! What the program tells its operators: one line for each event on standard error, with fields and without personal data.

use std::io::stderr;

use tracing_subscriber::EnvFilter;

/// How much is told when nothing else is wished.
const USUAL: &str = "info";

/// Starts logging. `wish` is a filter such as `warn` or `sonae=debug`; one that cannot be read is told and passed over.
pub fn start(wish: Option<&str>) {
    let (filter, refused) = filter(wish);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(stderr)
        .init();
    if let Some(reason) = refused {
        tracing::warn!(reason, "SONAE_LOG cannot be read");
    }
}

fn filter(wish: Option<&str>) -> (EnvFilter, Option<String>) {
    match wish.map(EnvFilter::try_new) {
        Some(Ok(filter)) => (filter, None),
        Some(Err(error)) => (EnvFilter::new(USUAL), Some(error.to_string())),
        None => (EnvFilter::new(USUAL), None),
    }
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn a_wish_is_followed_if_it_can_be_read() {
        for (wish, told, refused) in [
            (None, "info", false),
            (Some("warn"), "warn", false),
            (Some("sonae=debug"), "sonae=debug", false),
            (Some("sonae=loud"), "info", true),
        ] {
            let (found, reason) = filter(wish);
            assert_eq!(
                (found.to_string().as_str(), reason.is_some()),
                (told, refused),
                "{wish:?}"
            );
        }
    }
}
