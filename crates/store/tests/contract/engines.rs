//! Empty databases of both engines for tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use sonae_core::program::{Program, SourceFile, load};
use sonae_db::{Db, DbError, Isolation};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// An empty database; removed with its value.
pub(crate) struct Database {
    url: String,
    folder: Option<PathBuf>,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Engine {
    pub(crate) fn empty_database(self, case: &str) -> Database {
        let name = format!(
            "sonae_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        match self {
            Engine::Sqlite => {
                let folder = std::env::temp_dir().join(name);
                std::fs::create_dir_all(&folder).unwrap();
                Database {
                    url: format!("sqlite:{}", folder.join("sonae.db").display()),
                    folder: Some(folder),
                }
            }
            Engine::Postgres => {
                let base = std::env::var("SONAE_TEST_POSTGRES").unwrap_or_else(|_| {
                    panic!("{case}: SONAE_TEST_POSTGRES is not set; run the tests with `cargo xtask test`, which starts PostgreSQL")
                });
                let db = Db::open(&base).unwrap();
                db.write(|tx| tx.execute(&format!("CREATE SCHEMA {name}"), &[]))
                    .map_err(|e: DbError| e)
                    .unwrap();
                let separator = if base.contains('?') { '&' } else { '?' };
                Database {
                    url: format!("{base}{separator}options=-csearch_path%3D{name}"),
                    folder: None,
                }
            }
        }
    }
}

impl Database {
    pub(crate) fn open(&self, isolation: Isolation) -> Db {
        Db::open_with(&self.url, isolation).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}

/// The programme of R7 as it stands in the repository.
pub(crate) fn program() -> Arc<Program> {
    of("tokyo-r7-incident-response")
}

/// A programme of the repository.
pub(crate) fn of(id: &str) -> Arc<Program> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../programs")
        .join(id);
    let files: Vec<SourceFile> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            SourceFile {
                path: name.clone(),
                text: std::fs::read_to_string(&path).unwrap(),
                name,
            }
        })
        .collect();
    Arc::new(load(&files).unwrap_or_else(|messages| panic!("{messages:?}")))
}
