//! Lists are told page by page: how many, from where on, and whether more follows.

use super::parameters::Reader;

/// Entries of one page when nothing is said.
pub const PAGE: u32 = 50;
/// The most entries of one page.
pub const MOST: u32 = 200;

/// Cuts what was found to a page; whether it was more.
pub fn cut<T>(found: &mut Vec<T>, limit: usize) -> bool {
    let more = found.len() > limit;
    found.truncate(limit);
    more
}

impl Reader<'_> {
    /// Entries that are wanted on a page.
    pub fn limit(&mut self) -> Option<u32> {
        let message = format!("1から{MOST}までの数を送ってください。");
        self.parsed("limit", &message, |text| {
            text.parse().ok().filter(|limit| (1..=MOST).contains(limit))
        })
    }

    /// The place behind which the page begins.
    pub fn cursor<T>(&mut self, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let message = "前のページの next を、そのまま送ってください。";
        self.parsed("cursor", message, parse)
    }

    /// `from` and `to`: one that is missing is the other, both are `usual`. `latest` is the last `to` of a `from`; beyond it `too_far` is told.
    pub fn span<T: Copy + Ord>(
        &mut self,
        (form, parse): (&str, impl Fn(&str) -> Option<T>),
        usual: T,
        (latest, too_far): (impl Fn(T) -> T, &str),
    ) -> (T, T) {
        let from = self.parsed("from", form, &parse);
        let to = self.parsed("to", form, &parse);
        let first = from.or(to).unwrap_or(usual);
        let last = to.or(from).unwrap_or(usual);
        if last < first || last > latest(first) {
            self.wrong("to", "out_of_range", too_far);
        }
        (first, last)
    }
}
