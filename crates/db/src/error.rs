//! Errors by meaning, the same for both engines. Messages carry no values, so no personal data.

use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The URL is not understood.
    Url,
    /// The file or the server cannot be opened; nothing was asked of it.
    Unreachable,
    /// The file is not an SQLite database.
    NotADatabase,
    /// Somebody else holds the database longer than we wait.
    Busy,
    /// The disk is full. Nothing was changed.
    Full,
    /// The file or directory may not be written.
    ReadOnly,
    /// A unique key exists already.
    Unique,
    /// The server did not answer, or not in time; whether it did what it was told is not known.
    Unanswered,
    /// Another transaction came between; running again may succeed.
    Serialization,
    /// The database was made by a newer program.
    Newer,
    /// An applied migration differs from the one in this program.
    Changed,
    /// The file or its content is damaged.
    Corrupt,
    Other,
}

#[derive(Clone, Debug)]
pub struct DbError {
    pub kind: Kind,
    /// What the engine said, without values.
    pub detail: String,
    /// Which server of a cluster it was; none for the only database.
    pub server: Option<Server>,
}

/// One server of a cluster: the number of its shard, beginning with 1, and host and port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    pub shard: usize,
    pub name: String,
}

impl DbError {
    pub fn new(kind: Kind, detail: impl Into<String>) -> Self {
        DbError {
            kind,
            detail: detail.into(),
            server: None,
        }
    }

    /// Says which server of a cluster it was.
    #[must_use]
    pub fn at(mut self, shard: usize, name: &str) -> Self {
        let name = name.to_owned();
        self.server = Some(Server { shard, name });
        self
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(server) = &self.server {
            write!(f, "{} ({}): ", server.shard, server.name)?;
        }
        write!(f, "{:?}: {}", self.kind, self.detail)
    }
}

impl std::error::Error for DbError {}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        let kind = match error.sqlite_error() {
            Some(e) => match e.code {
                C::DatabaseBusy | C::DatabaseLocked => Kind::Busy,
                C::DiskFull => Kind::Full,
                C::ReadOnly | C::PermissionDenied => Kind::ReadOnly,
                C::CannotOpen => Kind::Unreachable,
                C::NotADatabase => Kind::NotADatabase,
                C::DatabaseCorrupt => Kind::Corrupt,
                // Writing past the end of a full disk is reported by the file system layer, for example for the shared-memory file.
                C::SystemIoFailure => Kind::Full,
                C::ConstraintViolation
                    if matches!(
                        e.extended_code,
                        rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                            | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
                    ) =>
                {
                    Kind::Unique
                }
                _ => Kind::Other,
            },
            None => Kind::Other,
        };
        DbError::new(kind, error.to_string())
    }
}

impl From<::postgres::Error> for DbError {
    fn from(error: ::postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            let kind = if error.is_closed()
                || std::error::Error::source(&error).is_some_and(|s| s.is::<std::io::Error>())
            {
                Kind::Unreachable
            } else {
                Kind::Other
            };
            return DbError::new(kind, error.to_string());
        };
        let kind = match db.code().code() {
            "40001" | "40P01" => Kind::Serialization,
            "23505" => Kind::Unique,
            "53100" => Kind::Full,
            "55P03" | "53300" => Kind::Busy,
            "25006" | "42501" => Kind::ReadOnly,
            "3D000" | "28P01" | "28000" | "57P01" | "57P03" => Kind::Unreachable,
            _ => Kind::Other,
        };
        // The server's message names constraint and column; its detail would quote values, so it stays out.
        DbError::new(kind, format!("{} ({})", db.message(), db.code().code()))
    }
}
