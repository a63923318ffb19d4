//! The office's tables: plain functions on `&mut Tx`, one file per noun.
//!
//! Architecture invariant: SQL stands only in this crate (and `telemetry`), written once for both engines.

pub mod act;
pub mod api_answer;
pub mod api_token;
pub mod application;
pub mod approval;
pub mod approval_list;
pub mod approval_page;
pub mod audit;
pub mod bulk;
pub mod case;
pub mod case_event;
pub mod case_read;
pub mod check_day;
pub mod clock;
pub mod contract;
pub mod copy;
pub mod desk_finding;
pub mod doubt;
pub mod draft;
pub mod duplicate;
pub mod earlier_import;
pub mod earlier_support;
mod error;
pub mod figures;
pub mod finding_judgement;
pub mod inbox;
pub mod intake;
pub mod job_lease;
pub mod mailbox;
pub mod missing_mail;
pub mod monthly_report;
pub mod outbox;
pub mod paper;
pub mod paper_answer;
pub mod paper_attachment;
pub mod paper_comment;
pub mod paper_own_text;
pub mod paper_version;
pub mod portal_draft;
pub mod queue;
pub mod revision;
pub mod saved_view;
pub mod serving;
pub mod session;
pub mod setting;
pub mod sign_in_link;
pub mod staff;
pub mod suppression;
pub mod tally;
pub mod telemetry_port;
pub mod telemetry_silence;
pub mod telemetry_source;
pub mod telemetry_watch;
pub mod undo;
pub mod verify;
pub mod waiting_list;
pub mod webhook;
pub mod word;

pub use error::StoreError;
use sonae_db::{Db, DbError, Kind, Migration};

/// All migrations in their order. An applied one never changes.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0001_receipt",
        sql: include_str!("../migrations/0001_receipt.sql"),
    },
    Migration {
        name: "0002_case",
        sql: include_str!("../migrations/0002_case.sql"),
    },
    Migration {
        name: "0003_staff",
        sql: include_str!("../migrations/0003_staff.sql"),
    },
    Migration {
        name: "0004_earlier_support",
        sql: include_str!("../migrations/0004_earlier_support.sql"),
    },
    Migration {
        name: "0005_inbox",
        sql: include_str!("../migrations/0005_inbox.sql"),
    },
    Migration {
        name: "0006_approval",
        sql: include_str!("../migrations/0006_approval.sql"),
    },
    Migration {
        name: "0007_api",
        sql: include_str!("../migrations/0007_api.sql"),
    },
    Migration {
        name: "0008_webhook",
        sql: include_str!("../migrations/0008_webhook.sql"),
    },
    Migration {
        name: "0009_portal",
        sql: include_str!("../migrations/0009_portal.sql"),
    },
    Migration {
        name: "0010_view",
        sql: include_str!("../migrations/0010_view.sql"),
    },
    Migration {
        name: "0011_read",
        sql: include_str!("../migrations/0011_read.sql"),
    },
    Migration {
        name: "0012_serving",
        sql: include_str!("../migrations/0012_serving.sql"),
    },
    Migration {
        name: "0013_missing_mail",
        sql: include_str!("../migrations/0013_missing_mail.sql"),
    },
    Migration {
        name: "0014_figures",
        sql: include_str!("../migrations/0014_figures.sql"),
    },
    Migration {
        name: "0015_doubt",
        sql: include_str!("../migrations/0015_doubt.sql"),
    },
    Migration {
        name: "0017_approval_proposed",
        sql: include_str!("../migrations/0017_approval_proposed.sql"),
    },
    Migration {
        name: "0018_paper",
        sql: include_str!("../migrations/0018_paper.sql"),
    },
    Migration {
        name: "0019_source",
        sql: include_str!("../migrations/0019_source.sql"),
    },
    Migration {
        name: "0020_ways_in",
        sql: include_str!("../migrations/0020_ways_in.sql"),
    },
    Migration {
        name: "0021_check",
        sql: include_str!("../migrations/0021_check.sql"),
    },
    Migration {
        name: "0022_monthly_report",
        sql: include_str!("../migrations/0022_monthly_report.sql"),
    },
    Migration {
        name: "0023_lines_gone",
        sql: include_str!("../migrations/0023_lines_gone.sql"),
    },
    Migration {
        name: "0024_suppression_category",
        sql: include_str!("../migrations/0024_suppression_category.sql"),
    },
];

/// Opens the office's database and brings its schema up to date. See `Db::open` for `url`.
pub fn open(url: &str) -> Result<Db, DbError> {
    let db = Db::open(url)?;
    db.migrate(MIGRATIONS)?;
    figures::begin(&db).map_err(|error| match error {
        StoreError::Db(error) => error,
        StoreError::Damaged(what) => DbError::new(Kind::Corrupt, what),
    })?;
    Ok(db)
}

/// Milliseconds since 1970 in UTC, the unit of every `_ms` column.
pub fn ms(at: jiff::Timestamp) -> i64 {
    at.as_millisecond()
}

/// The instant of an `_ms` column.
pub fn instant(ms: i64) -> Result<jiff::Timestamp, StoreError> {
    jiff::Timestamp::from_millisecond(ms)
        .map_err(|_| StoreError::Damaged("an instant out of range".into()))
}
