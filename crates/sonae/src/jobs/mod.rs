//! Work that is due: each job is one file with one name, safe to run twice, bounded, and says when to come back.
//!
//! Several nodes may share a database and all of them run every job: what must not be done twice at the same time is leased.

pub mod delete_answers;
pub mod delete_deliveries;
pub mod delete_drafts;
pub mod delete_sign_ins;
pub mod find_missing_mails;
pub mod gather_blocks;
pub mod index_words;
pub mod make_reports;
pub mod offer_places;
pub mod read_inbox;
pub mod read_spool;
pub mod recheck_cases;
pub mod remind_checks;
pub mod remove_detections;
pub mod run_clocks;
pub mod send_mail;
pub mod send_webhooks;
pub mod serve_programs;
pub mod tail_files;
pub mod watch_devices;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::App;

/// How long a stop waits for what is in progress. Jobs are safe to run twice, so breaking one off loses nothing.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a job rests after it failed by a defect.
const AFTER_A_DEFECT: Duration = Duration::from_secs(30);

/// The running jobs of this node.
pub struct Jobs {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Whether the program is stopping; asked between two pieces of work.
pub type Stop = watch::Receiver<bool>;

/// Starts every job of this node.
pub fn start(app: App) -> Jobs {
    let (stop, stopping) = watch::channel(false);
    let (spooled, tails) = (
        Arc::<read_spool::Seen>::default(),
        Arc::<tail_files::Tails>::default(),
    );
    let tasks = vec![
        keep_at("send_mail", &app, &stopping, send_mail::run),
        keep_at("read_inbox", &app, &stopping, read_inbox::run),
        keep_at("send_webhooks", &app, &stopping, send_webhooks::run),
        keep_at("delete_answers", &app, &stopping, delete_answers::run),
        keep_at("delete_deliveries", &app, &stopping, delete_deliveries::run),
        keep_at("run_clocks", &app, &stopping, run_clocks::run),
        keep_at(
            "find_missing_mails",
            &app,
            &stopping,
            find_missing_mails::run,
        ),
        keep_at("offer_places", &app, &stopping, offer_places::run),
        keep_at("recheck_cases", &app, &stopping, recheck_cases::run),
        keep_at("remind_checks", &app, &stopping, remind_checks::run),
        keep_at("index_words", &app, &stopping, index_words::run),
        keep_at("make_reports", &app, &stopping, make_reports::run),
        keep_at("delete_drafts", &app, &stopping, delete_drafts::run),
        keep_at("delete_sign_ins", &app, &stopping, delete_sign_ins::run),
        keep_at("serve_programs", &app, &stopping, serve_programs::run),
        keep_at("remove_detections", &app, &stopping, remove_detections::run),
        keep_at("gather_blocks", &app, &stopping, gather_blocks::run),
        keep_at("watch_devices", &app, &stopping, watch_devices::run),
        keep_at("read_spool", &app, &stopping, move |app, stop| {
            read_spool::run(app, stop, spooled.clone())
        }),
        keep_at("tail_files", &app, &stopping, move |app, stop| {
            tail_files::run(app, stop, tails.clone())
        }),
    ];
    Jobs { stop, tasks }
}

impl Jobs {
    /// Lets what is in progress end and starts nothing more.
    pub async fn stop(self) {
        // Without receivers every job has ended already.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if tokio::time::timeout(PATIENCE, task).await.is_err() {
                tracing::warn!("a job is broken off; it is taken up again at the next start");
            }
        }
    }
}

/// Runs one job again and again; it says itself how long to rest.
fn keep_at<R>(
    name: &'static str,
    app: &App,
    stop: &Stop,
    run: impl Fn(App, Stop) -> R + Send + 'static,
) -> JoinHandle<()>
where
    R: Future<Output = Duration> + Send + 'static,
{
    let (app, mut stop) = (app.clone(), stop.clone());
    tokio::spawn(async move {
        while !*stop.borrow() {
            // A task of its own, so that a panic ends this round and not the job.
            let round = tokio::spawn(run(app.clone(), stop.clone()));
            let rest = round.await.unwrap_or_else(|error| {
                tracing::error!(job = name, %error, "a job failed by a defect");
                AFTER_A_DEFECT
            });
            let _ = tokio::time::timeout(rest, stop.wait_for(|stop| *stop)).await;
        }
    })
}
