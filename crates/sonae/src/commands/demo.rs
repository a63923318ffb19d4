//! `sonae demo`: both programmes a year after their first days, on a rehearsal clock, in a folder of its own.

use std::net::SocketAddr;
use std::path::Path;

use sonae_core::access::StaffRole;

use crate::app::App;
use crate::config::{DataArgs, ServeArgs};
use crate::demo::{crowd, editions, staff, year};
use crate::error::CommandError;
use crate::serve;
use crate::staff::rehearsal;
use crate::telemetry::kept::KeptArgs;
use crate::telemetry::ways_in::WaysInArgs;

/// Stands in a folder that a demo may use.
const MARK: &str = "sonae-demo.txt";
/// Stands there too once the year that lies behind the demo is played.
const READY: &str = "sonae-demo-ready.txt";

/// Serves the demo until told to stop.
///
/// # Errors
/// The folder holds something else, or as `serve`.
pub fn demo(data: &Path, listen: SocketAddr) -> Result<(), CommandError> {
    serve::run(config(data, listen)?, |app| {
        println!("デモの一年分を用意しています。初めてのときは、少し時間がかかります。");
        staff::bring_in(app)?;
        year::bring_in(app)?;
        std::fs::write(data.join(READY), "一年分の用意ができています。\n")
            .map_err(|error| unwritable(data, &error))?;
        guide(app)
    })
}

/// Prepares the folder. A folder that was not made by a demo is left alone.
///
/// # Errors
/// It holds something else or cannot be written.
pub fn config(data: &Path, listen: SocketAddr) -> Result<ServeArgs, CommandError> {
    let mark = data.join(MARK);
    let used = std::fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some());
    if used && !mark.exists() {
        return Err(CommandError::new(
            format!("{} には、デモではないデータがあります。", data.display()),
            "何も変更していません。--data で空のフォルダーか、前のデモのフォルダーを指定してください。",
        ));
    }
    if used && !data.join(READY).exists() {
        // The last start was broken off half way; what it made is begun anew.
        clear(data).map_err(|error| unwritable(data, &error))?;
    }
    let programs = data.join("programs");
    std::fs::create_dir_all(data)
        .and_then(|()| {
            std::fs::write(
                &mark,
                "このフォルダーは sonae demo のものです。消してもかまいません。\n",
            )
        })
        .and_then(|()| editions::write(&programs))
        .map_err(|error| unwritable(data, &error))?;
    Ok(ServeArgs {
        data: DataArgs {
            data: data.to_owned(),
            database: None,
            detections: None,
        },
        listen,
        programs: Some(programs),
        clock: Some(crowd::STARTS_AT.parse().expect("an instant of ours")),
        smtp: None,
        mail_from: Some("office@sonae.example.jp".to_owned()),
        mail_proof_address: None,
        inbound_address: Some("office@sonae.example.jp".to_owned()),
        inbox: Some(data.join("inbox")),
        base_url: None,
        behind_proxy: false,
        webhook_local: false,
        no_rate_limit: false,
        ways_in: WaysInArgs::default(),
        kept: KeptArgs::default(),
        is_demo: true,
    })
}

/// Notes that the year is played.
///
/// # Errors
/// The folder cannot be written.
pub fn ready(data: &Path) -> Result<(), CommandError> {
    std::fs::write(data.join(READY), "一年分の用意ができています。\n")
        .map_err(|error| unwritable(data, &error))
}

fn unwritable(data: &Path, error: &std::io::Error) -> CommandError {
    CommandError::new(
        format!("デモのフォルダー {} に書き込めません。", data.display()),
        format!(
            "書き込みの権限を確かめるか、--data で別のフォルダーを指定してください。 [{error}]"
        ),
    )
}

/// Removes the database and the mails of a demo.
fn clear(data: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(data)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if name.starts_with("sonae.db") || name.starts_with("detections.sqlite") {
            std::fs::remove_file(path)?;
        }
    }
    match std::fs::remove_dir_all(crate::mail::transport::folder_of(data)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn guide(app: &App) -> Result<(), CommandError> {
    println!(
        "デモを始めます。会社はすべて架空のものです。時刻は {} から進みます。",
        crowd::STARTS_AT
    );
    println!("  事業の一覧  {}/", app.base_url);
    for running in app.programs.iter() {
        println!(
            "  事業のページ {}/programs/{}",
            app.base_url,
            running.program.id()
        );
        let prefix = &running.program.definition.program.receipt_prefix;
        let first = sonae_core::receipt_number::write(prefix, 1);
        let first = app
            .db
            .read(|tx| sonae_store::application::by_receipt(tx, &first))?;
        if let Some(first) = first {
            let path = app.links.status_path(&first.receipt_number, &first.id, 0);
            println!("    申込状況の例 {}{path}", app.base_url);
        }
    }
    println!("  サインイン(メールも確認コードも要りません)");
    for role in StaffRole::ALL {
        println!("    {} {}", rehearsal::url_of(app, role), role.label());
    }
    let mails = crate::mail::transport::folder_of(&app.config.data.data);
    println!(
        "  送ったメール {}/rehearsal/mail ({})",
        app.base_url,
        mails.display()
    );
    println!(
        "  事業の定義  {}",
        app.config.data.data.join("programs").display()
    );
    Ok(())
}
