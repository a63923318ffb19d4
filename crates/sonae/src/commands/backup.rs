//! `sonae backup` and `sonae restore`: the whole office in one verified SQLite file, taken while writes go on, and its detections in another one beside.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use sonae_db::Db;
use sonae_store::copy::{check_seal, copy, seal, unseal};
use sonae_store::verify::Report;

use super::telemetry::backup as detections;
use super::verify::{open_existing, report};
use crate::config::DataArgs;
use crate::error::CommandError;

/// Writes a backup to `file`, which must not exist, and verifies what was written before it gets its name. The detections follow it, unless `only_office`:
/// so a report never names detections that its backup lacks.
///
/// # Errors
/// The file exists, cannot be written, or does not verify; an incomplete file is removed.
pub fn backup(data: &DataArgs, file: &Path, only_office: bool) -> Result<(), CommandError> {
    refuse_existing(file, "控えのファイル")?;
    if !only_office {
        detections::may_backup(file)?;
    }
    let db = open_existing(data)?;
    let part = part_of(file);
    let made = write_backup(&db, &part).and_then(|line| {
        publish(&part, file)?;
        Ok(line)
    });
    if made.is_err() {
        remove(&part);
    }
    println!("控えを {} に作り、確かめました。{}", file.display(), made?);
    if !only_office && let Some(said) = detections::backup(data, file)? {
        println!("{said}");
    }
    Ok(())
}

fn write_backup(db: &Db, part: &Path) -> Result<String, CommandError> {
    remove(part);
    match db {
        Db::Sqlite(sqlite) => sqlite.backup_to(part)?,
        Db::Postgres(_) => {
            copy(db, &sonae_store::open(&path_url(part))?)?;
        }
    }
    let written = Db::open_existing(&path_url(part))?;
    seal(&written)?;
    let report = proved(&written)?;
    Ok(format!(
        "記録 {}件、受付 {}件。",
        report.entries, report.receipts
    ))
}

/// Brings a backup back into an empty data folder or an empty PostgreSQL database.
///
/// # Errors
/// The file is missing or damaged, or the target holds an office already; nothing is changed then.
pub fn restore(file: &Path, data: &DataArgs) -> Result<(), CommandError> {
    if !file.is_file() {
        return Err(CommandError::new(
            format!("{} がありません。", file.display()),
            "控えのファイルを指定してください。",
        ));
    }
    detections::may_restore(file, data)?;
    if data.database.is_some() {
        let backup = Db::open_existing(&path_url(file))?;
        proved(&backup)?;
        copy(&backup, &sonae_store::open(&data.url())?)?;
        println!("控えをデータベースに戻し、確かめました。");
        return restore_detections(file, data);
    }
    let target = data.data.join("sonae.db");
    refuse_existing(&target, "データベース")?;
    let is_new = !data.data.exists();
    fs::create_dir_all(&data.data).map_err(|error| unwritable(&data.data, &error))?;
    let part = part_of(&target);
    remove(&part);
    let restored = fs::copy(file, &part)
        .map_err(|error| unwritable(&part, &error))
        .and_then(|_| {
            let db = Db::open_existing(&path_url(&part))?;
            let report = proved(&db)?;
            unseal(&db)?;
            Ok(report)
        })
        .and_then(|report| {
            publish(&part, &target)?;
            Ok(report)
        });
    if restored.is_err() {
        remove(&part);
        if is_new {
            drop(fs::remove_dir(&data.data));
        }
    }
    let report = restored?;
    println!(
        "控えを {} に戻し、確かめました。記録 {}件、受付 {}件。",
        target.display(),
        report.entries,
        report.receipts
    );
    restore_detections(file, data)
}

fn restore_detections(file: &Path, data: &DataArgs) -> Result<(), CommandError> {
    if let Some(said) = detections::restore(file, data)? {
        println!("{said}");
    }
    Ok(())
}

/// A backup that is whole and whose records prove themselves.
fn proved(backup: &Db) -> Result<Report, CommandError> {
    if let Db::Sqlite(sqlite) = backup {
        sqlite.check_pages()?;
    }
    backup.check(sonae_store::MIGRATIONS)?;
    check_seal(backup)?;
    report(backup)
}

pub(super) fn refuse_existing(path: &Path, what: &str) -> Result<(), CommandError> {
    if path.exists() {
        return Err(CommandError::new(
            format!("{what} {} がすでにあります。", path.display()),
            "上書きはしません。別の名前か、空のフォルダーを指定してください。",
        ));
    }
    Ok(())
}

pub(super) fn part_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// Gives the finished file its name, durably.
pub(super) fn publish(part: &Path, file: &Path) -> Result<(), CommandError> {
    let sync = || -> std::io::Result<()> {
        File::open(part)?.sync_all()?;
        fs::rename(part, file)?;
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()
    };
    sync().map_err(|error| unwritable(file, &error))?;
    sidecars(part)
        .iter()
        .for_each(|path| drop(fs::remove_file(path)));
    Ok(())
}

/// Removes an unfinished file and what SQLite keeps beside it; that it is not there is fine.
pub(super) fn remove(part: &Path) {
    drop(fs::remove_file(part));
    sidecars(part)
        .iter()
        .for_each(|path| drop(fs::remove_file(path)));
}

fn sidecars(file: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|end| {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        name.into()
    })
}

pub(super) fn unwritable(path: &Path, error: &std::io::Error) -> CommandError {
    CommandError::new(
        format!("{} に書き込めません。", path.display()),
        format!("空き容量と書き込みの権限を確かめてください。 [{error}]"),
    )
}

pub(super) fn path_url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}
