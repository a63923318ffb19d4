//! What the program counts about itself. Every label has a bounded set of values and none is personal.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

/// What a submission can come to, in the order of the counters.
const OUTCOMES: [&str; 9] = [
    "received",
    "again",
    "invalid",
    "ineligible",
    "closed",
    "full",
    "key_reused",
    "busy",
    "failed",
];

/// Upper bounds of the intake's latency, in microseconds.
const BOUNDS_US: [u64; 11] = [
    1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000,
];

/// The most different routes that are counted apart; there are fewer, so this is never reached.
const MOST_ROUTES: usize = 200;

/// Requests of one route by method and status.
type ByAnswer = BTreeMap<(&'static str, u16), u64>;

/// The counters of this process.
#[derive(Default)]
pub struct Metrics {
    submissions: [AtomicU64; OUTCOMES.len()],
    requests: Mutex<HashMap<String, ByAnswer>>,
    intake: Histogram,
}

#[derive(Default)]
struct Histogram {
    /// How many lay within each bound and not within the one before; the last counts those beyond all.
    buckets: [AtomicU64; BOUNDS_US.len() + 1],
    sum_us: AtomicU64,
}

impl Metrics {
    /// Counts a submission by what it came to; `outcome` is one of the known words.
    pub fn submission(&self, outcome: &str) {
        if let Some(index) = OUTCOMES.iter().position(|known| *known == outcome) {
            self.submissions[index].fetch_add(1, Relaxed);
        }
    }

    /// Counts how long a submission stood at the door until it was answered.
    pub fn intake(&self, took: Duration) {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let index = BOUNDS_US.partition_point(|bound| *bound < micros);
        self.intake.buckets[index].fetch_add(1, Relaxed);
        self.intake.sum_us.fetch_add(micros, Relaxed);
    }

    fn request(&self, route: &str, method: &Method, status: u16) {
        let answer = (method_word(method), status);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        // Looked up before it is inserted, as almost every route is there and its name need not be copied.
        if let Some(counts) = requests.get_mut(route) {
            *counts.entry(answer).or_default() += 1;
        } else if requests.len() < MOST_ROUTES {
            requests.insert(route.to_owned(), BTreeMap::from([(answer, 1)]));
        }
    }

    /// The counters in Prometheus' text format 0.0.4.
    pub fn text(&self) -> String {
        let mut text = String::new();
        head(
            &mut text,
            "sonae_submissions_total",
            "counter",
            "Submissions by what they came to.",
        );
        for (outcome, count) in OUTCOMES.iter().zip(&self.submissions) {
            let count = count.load(Relaxed);
            line(
                &mut text,
                format_args!("sonae_submissions_total{{outcome=\"{outcome}\"}} {count}"),
            );
        }
        self.intake.write(&mut text);
        self.write_requests(&mut text);
        text
    }

    fn write_requests(&self, text: &mut String) {
        head(
            text,
            "sonae_http_requests_total",
            "counter",
            "HTTP requests by route, method and status.",
        );
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let mut routes: Vec<_> = requests.iter().collect();
        routes.sort_by_key(|(route, _)| *route);
        for (route, answers) in routes {
            for ((method, status), count) in answers {
                line(
                    text,
                    format_args!(
                        "sonae_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
                    ),
                );
            }
        }
    }
}

impl Histogram {
    fn write(&self, text: &mut String) {
        const NAME: &str = "sonae_intake_seconds";
        head(
            text,
            NAME,
            "histogram",
            "Time from standing at the door to the durable answer.",
        );
        let mut within = 0;
        for (bucket, bound) in self.buckets.iter().zip(BOUNDS_US) {
            within += bucket.load(Relaxed);
            let bound = seconds(bound);
            line(
                text,
                format_args!("{NAME}_bucket{{le=\"{bound}\"}} {within}"),
            );
        }
        within += self.buckets[BOUNDS_US.len()].load(Relaxed);
        line(text, format_args!("{NAME}_bucket{{le=\"+Inf\"}} {within}"));
        let sum = seconds(self.sum_us.load(Relaxed));
        line(text, format_args!("{NAME}_sum {sum}"));
        line(text, format_args!("{NAME}_count {within}"));
    }
}

/// The two comment lines before the values of a metric.
pub fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    line(text, format_args!("# HELP {name} {help}"));
    line(text, format_args!("# TYPE {name} {kind}"));
}

pub fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a string takes everything");
}

fn seconds(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64()
}

fn method_word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Counts every answer by the pattern of its route, never by the path, which may hold a private link.
pub async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    app.metrics
        .request(route, &method, response.status().as_u16());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_counts_up_to_each_bound() {
        let metrics = Metrics::default();
        for millis in [1, 2, 30, 9_000] {
            metrics.intake(Duration::from_millis(millis));
        }
        let text = metrics.text();
        for expected in [
            "sonae_intake_seconds_bucket{le=\"0.001\"} 1",
            "sonae_intake_seconds_bucket{le=\"0.0025\"} 2",
            "sonae_intake_seconds_bucket{le=\"0.025\"} 2",
            "sonae_intake_seconds_bucket{le=\"0.05\"} 3",
            "sonae_intake_seconds_bucket{le=\"5\"} 3",
            "sonae_intake_seconds_bucket{le=\"+Inf\"} 4",
            "sonae_intake_seconds_sum 9.033",
            "sonae_intake_seconds_count 4",
        ] {
            assert!(
                text.lines().any(|line| line == expected),
                "{expected}\n{text}"
            );
        }
    }
}
