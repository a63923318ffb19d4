//! Where the detections lie: beside the office's database, never in it.

use std::path::{Path, PathBuf};

use sonae_db::{Db, DbError, Kind};

use crate::cluster::Cluster;
use crate::detections::Detections;

/// The schema on PostgreSQL when the office uses the one that is there by itself.
const SCHEMA: &str = "detections";
/// The file beside the office's SQLite file.
const FILE: &str = "detections.sqlite";
/// The same for the ledger of a cluster.
const LEDGER_SCHEMA: &str = "detections_ledger";
const LEDGER_FILE: &str = "detections-ledger.sqlite";
/// What a URL of PostgreSQL says about its schema.
const SEARCH_PATH: &str = "search_path%3D";

/// Whether there is anything yet; on PostgreSQL a schema is made when it is missing, so there always is.
pub fn exists(folder: &Path, office_url: Option<&str>) -> bool {
    is_postgres(office_url) || file(folder).is_file()
}

/// The file in the data folder of an office on SQLite.
pub fn file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// The folder in which the file of an office on SQLite lies, by its URL (`sqlite:PATH` or a plain path).
pub fn folder(office_url: &str) -> PathBuf {
    let path = Path::new(office_url.strip_prefix("sqlite:").unwrap_or(office_url));
    let parent = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new(".")).to_owned()
}

/// Opens the detections that belong to an office, and makes them when they are missing: a file in the data folder, or a schema of its own when the
/// office's database is on PostgreSQL.
///
/// # Errors
/// Those of `crate::open`.
pub fn open(folder: &Path, office_url: Option<&str>) -> Result<Db, DbError> {
    match office_url {
        Some(url) if is_postgres(office_url) => {
            let (name, url) = beside(url, SCHEMA)?;
            make_schema(office_url.unwrap_or_default(), &name)?;
            crate::open(&url)
        }
        _ => crate::open(&format!("sqlite:{}", file(folder).display())),
    }
}

/// The file of a cluster's ledger in the data folder of an office on SQLite.
pub fn ledger_file(folder: &Path) -> PathBuf {
    folder.join(LEDGER_FILE)
}

/// Opens an office's detections wherever they lie: on the cluster at `cluster`, with its ledger beside the office's database, or beside the office as
/// `open` does.
///
/// # Errors
/// Those of `open` and of `Cluster::open`.
pub fn detections(
    folder: &Path,
    office_url: Option<&str>,
    cluster: Option<&str>,
) -> Result<Detections, DbError> {
    let Some(cluster) = cluster else {
        return Ok(Detections::new(open(folder, office_url)?));
    };
    let ledger = match office_url {
        Some(url) if is_postgres(office_url) => {
            let (name, url) = beside(url, LEDGER_SCHEMA)?;
            make_schema(office_url.unwrap_or_default(), &name)?;
            Db::open(&url)?
        }
        _ => Db::open(&format!("sqlite:{}", ledger_file(folder).display()))?,
    };
    Ok(Detections::on_cluster(Cluster::open(cluster, ledger)?))
}

fn is_postgres(url: Option<&str>) -> bool {
    url.is_some_and(|url| url.starts_with("postgres://") || url.starts_with("postgresql://"))
}

/// The schema's name and the URL that leads into it.
fn beside(office: &str, schema: &str) -> Result<(String, String), DbError> {
    let (name, url) = match office.split_once(SEARCH_PATH) {
        Some((before, rest)) => {
            let end = rest.find(['&', '#', '%']).unwrap_or(rest.len());
            let name = format!("{}_{schema}", &rest[..end]);
            let url = format!("{before}{SEARCH_PATH}{name}{}", &rest[end..]);
            (name, url)
        }
        None => {
            let separator = if office.contains('?') { '&' } else { '?' };
            let url = format!("{office}{separator}options=-c{SEARCH_PATH}{schema}");
            (schema.to_owned(), url)
        }
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match name.chars().all(plain) {
        true => Ok((name, url)),
        false => Err(DbError::new(
            Kind::Url,
            "the schema's name holds more than letters, digits and _",
        )),
    }
}

fn make_schema(office: &str, name: &str) -> Result<(), DbError> {
    let db = Db::open(office)?;
    let there = "SELECT 1 FROM information_schema.schemata WHERE schema_name = $1";
    let is_there = db.read(|tx| tx.query_opt(there, &[name.into()]))?.is_some();
    if is_there {
        return Ok(());
    }
    let made = db.write(|tx| tx.execute(&format!("CREATE SCHEMA IF NOT EXISTS {name}"), &[]));
    match made {
        // Another node was faster.
        Err(error) if error.kind == Kind::Unique => Ok(()),
        made => made.map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn detections_have_a_schema_of_their_own() {
        for (office, name, url) in [
            (
                "postgres://u@h/o",
                "detections",
                "postgres://u@h/o?options=-csearch_path%3Ddetections",
            ),
            (
                "postgres://u@h/o?sslmode=require",
                "detections",
                "postgres://u@h/o?sslmode=require&options=-csearch_path%3Ddetections",
            ),
            (
                "postgres://u@h/o?options=-csearch_path%3Dtokyo&a=b",
                "tokyo_detections",
                "postgres://u@h/o?options=-csearch_path%3Dtokyo_detections&a=b",
            ),
        ] {
            assert_eq!(
                beside(office, SCHEMA).unwrap(),
                (name.to_owned(), url.to_owned())
            );
        }
        assert!(beside("postgres://u@h/o?options=-csearch_path%3Da;b", SCHEMA).is_err());
    }
}
