//! Empty databases of both engines for tests.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use sonae_db::Db;
use sonae_telemetry::MIGRATIONS;
use sonae_telemetry::contract::empty_schema;
use sonae_telemetry::detections::Detections;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// An empty database; removed with its value.
pub(crate) struct Database {
    url: String,
    pub(crate) folder: Option<PathBuf>,
}

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl Engine {
    pub(crate) fn empty_database(self, case: &str) -> Database {
        let name = format!(
            "detections_{}_{}",
            std::process::id(),
            NUMBER.fetch_add(1, Ordering::Relaxed)
        );
        match self {
            Engine::Sqlite => {
                let folder = std::env::temp_dir().join(name);
                std::fs::create_dir_all(&folder).unwrap();
                Database {
                    url: format!("sqlite:{}", folder.join("detections.sqlite").display()),
                    folder: Some(folder),
                }
            }
            Engine::Postgres => {
                let base = std::env::var("SONAE_TEST_POSTGRES").unwrap_or_else(|_| {
                    panic!("{case}: SONAE_TEST_POSTGRES is not set; run the tests with `cargo xtask test`, which starts PostgreSQL")
                });
                Database {
                    url: empty_schema(&base, &name).unwrap(),
                    folder: None,
                }
            }
        }
    }
}

impl Database {
    pub(crate) fn open(&self) -> Db {
        Db::open(&self.url).unwrap()
    }

    pub(crate) fn detections(&self) -> Detections {
        let db = self.open();
        db.migrate(MIGRATIONS).unwrap();
        Detections::new(db)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            drop(std::fs::remove_dir_all(folder));
        }
    }
}
