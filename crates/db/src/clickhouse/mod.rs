//! A client of one ClickHouse server, over HTTP. There are no transactions here: who needs one keeps a ledger in a `Db` and lets ClickHouse hold the bulk.
//!
//! Spoken is what 18.16 and the newest engine both understand. A password travels in a header, never in a URL, and no error repeats what a
//! statement said.

mod answer;
mod binary;
mod text;
mod url;

use std::io::ErrorKind;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use ureq::config::Config;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Error};

use crate::{DbError, Kind, Row, Value};

pub use binary::Rows;
pub use url::{Place, Url};

const CONNECT: Duration = Duration::from_secs(5);
/// How long a statement may take, its answer included; the server gives up a little earlier.
const TIMEOUT: Duration = Duration::from_secs(60);
const SERVER_SECONDS: u64 = 50;
/// Bytes of an answer that are read.
const LONGEST_ANSWER: u64 = 1 << 30;

/// One server and one database on it. Share it by reference.
pub struct ClickHouse {
    place: Place,
    /// Which shard it belongs to, beginning with 1; for errors only.
    shard: usize,
    agent: Agent,
    version: OnceLock<(u32, u32)>,
}

/// What a statement asks of the server besides itself, for example how many replicas must have a row.
pub type Setting<'a> = (&'a str, u64);

impl ClickHouse {
    /// Connects when the first statement is sent, not before.
    pub fn new(place: Place, shard: usize) -> ClickHouse {
        let agent = agent(&place);
        ClickHouse {
            place,
            shard,
            agent,
            version: OnceLock::new(),
        }
    }

    /// Host and port, for people.
    pub fn name(&self) -> &str {
        &self.place.server
    }

    pub fn database(&self) -> &str {
        &self.place.database
    }

    pub fn shard(&self) -> usize {
        self.shard
    }

    /// An error of this server.
    pub fn error(&self, kind: Kind, detail: impl Into<String>) -> DbError {
        DbError::new(kind, detail).at(self.shard, self.name())
    }

    /// Year and number of the release, for example (18, 16).
    pub fn version(&self) -> Result<(u32, u32), DbError> {
        if let Some(known) = self.version.get() {
            return Ok(*known);
        }
        let rows = self.query("SELECT version()", &[])?;
        let text = rows.first().map_or("", |row| row.text(0));
        let mut parts = text.split('.').map(|part| part.parse().unwrap_or_default());
        let version = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        Ok(*self.version.get_or_init(|| version))
    }

    /// Asks; `$1` and so on stand for values. A text that is no UTF-8 comes back as bytes. The answer is complete or an error: the server keeps it
    /// until it has all of it.
    ///
    /// # Errors
    /// `Unreachable`, `Timeout`, `Full`, `Busy`, or `Other` with the server's own number.
    pub fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DbError> {
        let sql = format!(
            "{} FORMAT TabSeparatedWithNamesAndTypes",
            text::filled(sql, values)?
        );
        let answer = self.send(&[], &[], sql.as_bytes())?;
        answer::rows(&answer).ok_or_else(|| self.error(Kind::Corrupt, "an answer of another form"))
    }

    /// Runs a statement that answers nothing.
    ///
    /// # Errors
    /// As `query`.
    pub fn execute(&self, sql: &str, values: &[Value]) -> Result<(), DbError> {
        let sql = text::filled(sql, values)?;
        self.send(&[], &[], sql.as_bytes()).map(drop)
    }

    /// Writes rows into a table, as one block: `into` is the table and its columns, for example `figure (company, day)`.
    ///
    /// # Errors
    /// As `query`. After a `Timeout` or `Unreachable` nobody knows whether the rows are there.
    pub fn insert(&self, into: &str, rows: &Rows, settings: &[Setting<'_>]) -> Result<(), DbError> {
        let sql = format!("INSERT INTO {into} FORMAT RowBinary");
        // One block, so that the rows of one partition are one part: there together or not at all.
        let mut settings = settings.to_vec();
        settings.push(("max_insert_block_size", 1 << 30));
        if self.version()? >= (21, 11) {
            settings.push(("async_insert", 0));
        }
        self.send(&[("query", &sql)], &settings, rows.bytes())
            .map(drop)
    }

    fn send(
        &self,
        parameters: &[(&str, &str)],
        settings: &[Setting<'_>],
        body: &[u8],
    ) -> Result<Vec<u8>, DbError> {
        let scheme = if self.place.secure { "https" } else { "http" };
        let mut request = self
            .agent
            .post(format!("{scheme}://{}/", self.place.server))
            .query("database", &self.place.database)
            .query("wait_end_of_query", "1")
            .query("max_execution_time", SERVER_SECONDS.to_string())
            .header("content-type", "application/octet-stream");
        if let Some(authorization) = &self.place.authorization {
            request = request.header("authorization", authorization);
        }
        for (name, value) in parameters {
            request = request.query(*name, *value);
        }
        for (name, value) in settings {
            request = request.query(*name, value.to_string());
        }
        let mut answer = request.send(body).map_err(|error| self.failed(&error))?;
        let body = (answer.body_mut().with_config())
            .limit(LONGEST_ANSWER)
            .read_to_vec()
            .map_err(|error| self.failed(&error))?;
        match answer.status().is_success() {
            true => Ok(body),
            false => {
                let (kind, detail) = answer::refusal(answer.status().as_u16(), &body);
                Err(self.error(kind, detail))
            }
        }
    }

    fn failed(&self, error: &Error) -> DbError {
        let (kind, detail) = match error {
            // Whoever does not speak TLS may wait for more of what looks like an unfinished request to him.
            Error::Timeout(ureq::Timeout::Connect) if self.place.secure => {
                (Kind::Unreachable, "no protected connection in time (TLS)")
            }
            Error::Timeout(ureq::Timeout::Connect) => (Kind::Unreachable, "no connection"),
            Error::Timeout(_) => (Kind::Unanswered, "no answer in time"),
            Error::HostNotFound => (Kind::Unreachable, "no such host"),
            Error::Tls(_) => (Kind::Unreachable, "no protected connection (TLS)"),
            Error::Rustls(error) => (Kind::Unreachable, unprotected(error)),
            Error::Io(error) if protection(error).is_some() => (
                Kind::Unreachable,
                protection(error).map_or("no protected connection (TLS)", unprotected),
            ),
            Error::BodyExceedsLimit(_) => (Kind::Other, "an answer that is too long"),
            Error::ConnectionFailed => (Kind::Unreachable, "no connection"),
            Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
                (Kind::Unreachable, "no connection")
            }
            // The connection broke, and nobody knows what was done before.
            _ => (Kind::Unanswered, "the connection broke"),
        };
        self.error(kind, detail)
    }
}

/// What TLS said when it refused a connection; nothing was sent then.
fn protection(error: &std::io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn unprotected(error: &rustls::Error) -> &'static str {
    use rustls::CertificateError as C;
    match error {
        rustls::Error::InvalidCertificate(C::UnknownIssuer | C::BadSignature) => {
            "the server's certificate is signed by nobody who is trusted (TLS)"
        }
        rustls::Error::InvalidCertificate(
            C::NotValidForName | C::NotValidForNameContext { .. },
        ) => "the server's certificate is for another name (TLS)",
        rustls::Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => {
            "the server's certificate has expired (TLS)"
        }
        rustls::Error::InvalidCertificate(_) => "the server's certificate is not valid (TLS)",
        _ => "no protected connection (TLS)",
    }
}

fn agent(place: &Place) -> Agent {
    let mut config = Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .user_agent("Sonae")
        // Servers close a connection that nobody uses, some after three seconds.
        .max_idle_age(Duration::from_secs(2))
        .timeout_global(Some(TIMEOUT))
        .timeout_connect(Some(CONNECT));
    if place.secure {
        let owned = |der: &[u8]| Certificate::from_der(der).to_owned();
        let roots: Vec<Certificate<'static>> = match &place.authorities {
            Some(authorities) => authorities.iter().map(|der| owned(der)).collect(),
            None => {
                let system = rustls_native_certs::load_native_certs().certs;
                system.iter().map(|der| owned(der)).collect()
            }
        };
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::new_with_certs(&roots))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        config = config.tls_config(tls).https_only(true);
    }
    config.build().into()
}
