//! Detections beside a backup of the office: one more verified file, `FILE.detections`. An office that has none gets none.

use std::fs;
use std::path::{Path, PathBuf};

use sonae_db::{Db, Kind};
use sonae_telemetry::{TelemetryError, copy, place, verify};

use super::super::backup::{part_of, path_url, publish, refuse_existing, remove, unwritable};
use crate::config::DataArgs;
use crate::error::CommandError;

/// What the file is called in sentences.
const WHAT: &str = "検知の控えのファイル";

/// The file beside a backup of the office.
pub fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".detections");
    name.into()
}

/// Refuses before anything is written when the file beside `file` is there already.
///
/// # Errors
/// It is.
pub fn may_backup(file: &Path) -> Result<(), CommandError> {
    refuse_existing(&beside(file), WHAT)
}

/// Refuses before anything is changed when the detections beside `file` would meet others.
///
/// # Errors
/// There are detections where these belong.
pub fn may_restore(file: &Path, data: &DataArgs) -> Result<(), CommandError> {
    if !beside(file).is_file() || data.detections.is_some() {
        return Ok(());
    }
    match &data.database {
        None => refuse_existing(&place::file(&data.data), "検知のデータベース"),
        Some(_) if copy::is_empty(&super::open_database(data)?)? => Ok(()),
        Some(_) => Err(CommandError::new(
            "戻す先に、すでに検知があります。",
            "検知のないデータベースを指定してください。何も変更していません。",
        )),
    }
}

/// Writes what is stored to the file beside `file`, proved; says how many, or nothing when nothing was ever stored. A cluster has backups of its own.
///
/// # Errors
/// The file exists, cannot be written, or does not verify; an incomplete file is removed.
pub fn backup(data: &DataArgs, file: &Path) -> Result<Option<String>, CommandError> {
    if data.detections.is_some() {
        return Ok(Some(
            "検知はクラスターにあるため、この控えには入っていません。台帳とClickHouseを別に控えてください。"
                .to_owned(),
        ));
    }
    let file = beside(file);
    refuse_existing(&file, WHAT)?;
    if !place::exists(&data.data, data.database.as_deref()) {
        return Ok(None);
    }
    let db = super::open_database(data)?;
    if copy::is_empty(&db)? {
        return Ok(None);
    }
    let part = part_of(&file);
    remove(&part);
    let made = write(&db, &part).and_then(|said| {
        publish(&part, &file)?;
        Ok(said)
    });
    if made.is_err() {
        remove(&part);
    }
    Ok(Some(format!(
        "検知の控えを {} に作り、確かめました。{}",
        file.display(),
        made?
    )))
}

fn write(db: &Db, part: &Path) -> Result<String, CommandError> {
    match db {
        Db::Sqlite(sqlite) => sqlite.backup_to(part)?,
        Db::Postgres(_) => {
            copy::copy(db, &sonae_telemetry::open(&path_url(part))?)?;
        }
    }
    proved(&Db::open_existing(&path_url(part))?)
}

/// Brings the detections beside a backup back; says how many, or nothing when there is no such file.
///
/// # Errors
/// The file is damaged, or there are detections already; nothing is changed then.
pub fn restore(file: &Path, data: &DataArgs) -> Result<Option<String>, CommandError> {
    let file = beside(file);
    if !file.is_file() || data.detections.is_some() {
        return Ok(None);
    }
    let said = match &data.database {
        Some(_) => {
            let backup = Db::open_existing(&path_url(&file))?;
            let said = proved(&backup)?;
            copy::copy(&backup, &super::open_database(data)?)?;
            said
        }
        None => restore_file(&file, &place::file(&data.data))?,
    };
    Ok(Some(format!("検知の控えも戻し、確かめました。{said}")))
}

fn restore_file(file: &Path, target: &Path) -> Result<String, CommandError> {
    refuse_existing(target, "検知のデータベース")?;
    let part = part_of(target);
    remove(&part);
    let restored = fs::copy(file, &part)
        .map_err(|error| unwritable(&part, &error))
        .and_then(|_| proved(&Db::open_existing(&path_url(&part))?))
        .and_then(|said| {
            publish(&part, target)?;
            Ok(said)
        });
    if restored.is_err() {
        remove(&part);
    }
    restored
}

/// A file that is whole and whose figures equal its lines.
fn proved(db: &Db) -> Result<String, CommandError> {
    if let Db::Sqlite(sqlite) = db {
        sqlite.check_pages()?;
    }
    db.check(sonae_telemetry::MIGRATIONS)?;
    let proved = db.read(|tx| -> Result<_, TelemetryError> { verify::verify(tx) })?;
    let report = proved.map_err(|broken| {
        CommandError::new(
            format!("{}: {}", broken.row, broken.what),
            "別の控えを使い、運用の責任者に知らせてください。",
        )
    })?;
    Ok(format!(
        "検知 {}件、読み取れなかった行 {}行。",
        report.detections, report.unknown
    ))
}

/// Copies the detections that lie beside the office at `from` to where those of the office at `to` belong; says how many rows, or nothing when there
/// are none.
///
/// # Errors
/// There are detections already, or something differs after the copy; nothing is changed then.
pub fn move_to(from: &str, to: &str) -> Result<Option<u64>, CommandError> {
    let (from_folder, to_folder) = (place::folder(from), place::folder(to));
    if !place::exists(&from_folder, Some(from)) {
        return Ok(None);
    }
    let source = place::open(&from_folder, Some(from))?;
    if copy::is_empty(&source)? {
        return Ok(None);
    }
    let target = place::open(&to_folder, Some(to))?;
    let tables = copy::copy(&source, &target).map_err(|error| match error.kind {
        Kind::Unique => CommandError::new(
            "コピー先に、すでに検知があります。",
            "検知のない場所を指定してください。検知は変更していません。",
        ),
        _ => error.into(),
    })?;
    Ok(Some(tables.iter().map(|table| table.rows).sum()))
}
