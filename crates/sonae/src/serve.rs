//! `sonae serve`: opens the database, publishes the programmes, opens the door and answers until told to stop.

use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use sonae_db::Db;
use tokio::net::TcpListener;

use crate::app::{App, Inner, Programs};
use crate::clock::Clock;
use crate::config::ServeArgs;
use crate::error::CommandError;
use crate::intake::Intake;
use crate::links::LinkSecret;
use crate::metrics::Metrics;
use crate::office::revisions::Revisions;
use crate::office::served;
use crate::telemetry::ledger::Ledger;
use crate::telemetry::opened::Opened;
use crate::telemetry::syslog;
use crate::telemetry::writer::Writer;
use crate::webhook::client::Client;
use crate::{chance, jobs, mail, programs, router};

/// How long a stop waits for requests in progress: far longer than answering takes, and within the patience of service managers.
const GRACE: Duration = Duration::from_secs(8);
/// How long tasks beside the requests may take to end after that.
const LAST_TASKS: Duration = Duration::from_secs(5);

/// Builds the running program from its configuration; nothing listens yet.
///
/// # Errors
/// What is wrong with the programmes, the data folder or the database, with a hint.
pub fn start(config: ServeArgs) -> Result<App, CommandError> {
    let clock = config.clock.map_or_else(Clock::system, Clock::rehearsal);
    start_at(config, clock)
}

/// The same by a given clock.
///
/// # Errors
/// As `start`.
pub fn start_at(config: ServeArgs, clock: Clock) -> Result<App, CommandError> {
    let programs = Arc::new(Programs::new(
        programs::load_all(config.programs.as_deref()).map_err(|messages| {
            CommandError::new(
                "事業の定義に直すところがあります。",
                format!("`sonae program check` で確かめられます。\n{messages}"),
            )
        })?,
    ));
    // Before anything is made on disk, so that a wrong address changes nothing.
    let transport = mail::transport::Transport::of_config(&config)?;
    if let Some(files) = config.ways_in.syslog_files() {
        files.read()?;
    }
    let is_new = !config.data.data.exists();
    std::fs::create_dir_all(&config.data.data).map_err(|error| {
        CommandError::new(
            format!(
                "データのフォルダー {} を作れません。",
                config.data.data.display()
            ),
            format!(
                "書き込みの権限を確かめるか、--data で別のフォルダーを指定してください。 [{error}]"
            ),
        )
    })?;
    let db = sonae_store::open(&config.data.url()).inspect_err(|_| {
        if is_new {
            // Only an empty folder can be removed this way.
            drop(std::fs::remove_dir(&config.data.data));
        }
    })?;
    let db = Arc::new(db);
    let inbox = mail::maildir::Maildir::of_config(&config)?;
    let links = prepare(&db, &programs, clock)?;
    if let Some(range) = config.ways_in.syslog {
        db.write(|tx| range.keep(tx))?;
    }
    db.read(|tx| served::take_up(tx, &programs))?;
    let mailer = Arc::new(mail::Mailer::new(&config, programs.clone(), links.clone())?);
    let replies = mailer.clone();
    let intake = Intake::open(
        db.clone(),
        clock,
        Box::new(move |submission, arrival| replies.received(submission, arrival)),
    );
    let detections = Arc::new(Opened::beside(&config.data));
    Ok(App::new(Inner {
        db,
        writer: Writer::open(detections.clone()),
        detections,
        receiving: Arc::default(),
        ledger: Ledger::new(clock.now()),
        clock,
        programs,
        intake,
        mailer,
        transport,
        inbox,
        webhooks: Client::new(config.webhook_local),
        links,
        revisions: Revisions::default(),
        metrics: Metrics::default(),
        base_url: config.base_url(),
        config,
    }))
}

/// Records the revisions that are served and reads the installation's secret.
fn prepare(db: &Db, programs: &Programs, clock: Clock) -> Result<LinkSecret, CommandError> {
    let fresh = chance::bytes::<32>();
    let now = clock.now();
    let secret = db.write(|tx| {
        for running in programs.iter() {
            let program = &running.program;
            let mut log_index = None;
            if sonae_store::revision::publish(tx, program, now)? {
                let act = sonae_store::audit::Act {
                    at: now,
                    actor: "system",
                    action: "program.published",
                    subject: program.id(),
                };
                let data = serde_json::json!({ "revision": program.revision });
                log_index = Some(sonae_store::audit::append(tx, act, data)?.index);
            }
            served::from_folder(tx, program, now, log_index)?;
        }
        sonae_store::setting::get_or_set(tx, "link_secret", &fresh)
    })?;
    let secret = secret.try_into().map_err(|_| {
        CommandError::new(
            "データベースの鍵の長さが正しくありません。",
            "控えから戻してください。",
        )
    })?;
    Ok(LinkSecret::new(secret))
}

/// `sonae serve`.
pub fn serve(config: ServeArgs) -> Result<(), CommandError> {
    run(config, |_| Ok(()))
}

/// Serves until SIGINT or SIGTERM; `before` runs once everything is open and before the first request.
pub fn run(
    mut config: ServeArgs,
    before: impl FnOnce(&App) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(32)
        .build()
        .map_err(|error| CommandError::new("プログラムを始められません。", format!("[{error}]")))?;
    // The port comes first: when it is taken, nothing has been made yet.
    let listener = runtime.block_on(TcpListener::bind(config.listen)).map_err(|error| {
        CommandError::new(
            format!("{} で待ち受けられません。", config.listen),
            format!("ほかのプログラムが使っていないか確かめるか、--listen で別のポートを指定してください。 [{error}]"),
        )
    })?;
    // Port 0 lets the system choose one.
    config.listen = listener.local_addr().unwrap_or(config.listen);
    let app = start(config)?;
    before(&app)?;
    let result = runtime.block_on(async {
        let jobs = jobs::start(app.clone());
        let listening = syslog::start(app.clone()).await;
        let router = router::router(app.clone())
            .into_make_service_with_connect_info::<std::net::SocketAddr>();
        // A stop that comes as soon as we say that we run must find us listening for it.
        let stop = stop_signal();
        println!("Sonae: {} (Ctrl-C で終わります)", app.base_url);
        let (ask, asked) = tokio::sync::oneshot::channel();
        let serving = axum::serve(listener, router).with_graceful_shutdown(async {
            stop.await;
            // The other end is waited for below and goes only with this whole block.
            let _ = ask.send(());
        });
        let patience = async {
            match asked.await {
                Ok(()) => tokio::time::sleep(GRACE).await,
                Err(_) => std::future::pending().await,
            }
        };
        let served = tokio::select! {
            served = serving.into_future() => served,
            () = patience => {
                tracing::warn!("connections that fell silent are closed");
                Ok(())
            }
        };
        if let Some(listening) = listening {
            listening.stop().await;
        }
        jobs.stop().await;
        served
    });
    app.intake.close();
    app.writer.close();
    // Whatever still holds the program ends here, so that the database is closed outside the runtime: its driver cannot be closed within.
    runtime.shutdown_timeout(LAST_TASKS);
    drop(app);
    result.map_err(|error| CommandError::new("通信の処理が止まりました。", format!("[{error}]")))
}

/// Listens for SIGINT and SIGTERM from now on; the future ends with the first.
fn stop_signal() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    #[cfg(unix)]
    let interrupt = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
    async {
        #[cfg(unix)]
        if let (Ok(mut terminate), Ok(mut interrupt)) = (terminate, interrupt) {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            return;
        }
        drop(tokio::signal::ctrl_c().await);
    }
}
