//! Posts a delivery: within a bound of time, to an address that was looked at, without following anybody elsewhere.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::Timestamp;
use sonae_store::webhook::Leased;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use super::{sign, target};

/// How long one delivery may take, name look-up and answer included.
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT: Duration = Duration::from_secs(5);
/// Of an answer only the status is read; its headers may be so long.
const LONGEST_HEAD: usize = 16 << 10;

/// Tells receivers.
pub struct Client {
    /// Whether http and private addresses are allowed.
    local: bool,
    agent: OnceLock<Agent>,
}

/// Why a receiver did not take a delivery; for the office's eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It answered with another status than 2xx.
    Status(u16),
    /// It could not be reached or did not answer.
    Unreached(&'static str),
    /// It told us to stop: 410 Gone.
    Gone,
}

impl Client {
    pub fn new(local: bool) -> Client {
        Client {
            local,
            agent: OnceLock::new(),
        }
    }

    /// Whether http and private addresses are allowed.
    pub fn is_local(&self) -> bool {
        self.local
    }

    /// Posts a delivery and gives the status of its success.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn post(&self, leased: &Leased, at: Timestamp) -> Result<u16, Failure> {
        // The system's certificates are read when the first delivery goes out.
        let agent = self.agent.get_or_init(|| agent(self.local));
        let seconds = at.as_second();
        let signature = sign::signature(&leased.secret, &leased.event_id, seconds, &leased.body);
        let answer = agent
            .post(&leased.url)
            .header("content-type", "application/json")
            .header("webhook-id", &leased.event_id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", signature)
            .send(leased.body.as_str());
        match answer {
            Ok(answer) if answer.status().is_success() => Ok(answer.status().as_u16()),
            Ok(answer) if answer.status().as_u16() == 410 => Err(Failure::Gone),
            Ok(answer) => Err(Failure::Status(answer.status().as_u16())),
            Err(Error::RedirectFailed) => Err(Failure::Unreached("redirected elsewhere")),
            Err(error) => Err(Failure::Unreached(reason(&error))),
        }
    }
}

impl Failure {
    /// A short text without the URL, which may hold somebody's secret.
    pub fn text(&self) -> String {
        match self {
            Failure::Status(status) => format!("HTTP {status}"),
            Failure::Unreached(reason) => (*reason).to_owned(),
            Failure::Gone => "HTTP 410".to_owned(),
        }
    }
}

fn reason(error: &Error) -> &'static str {
    match error {
        Error::Timeout(_) => "no answer in time",
        Error::HostNotFound => "the name leads to no public address",
        Error::Tls(_) | Error::Rustls(_) => "no protected connection (TLS)",
        _ => "no connection",
    }
}

fn agent(local: bool) -> Agent {
    let certificates = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> = (certificates.iter())
        .map(|der| Certificate::from_der(der).to_owned())
        .collect();
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::new_with_certs(&roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = Config::builder()
        .tls_config(tls)
        .https_only(!local)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        // A proxy of the environment would look names up for us, past the check of the address.
        .proxy(None)
        .user_agent("Sonae")
        .max_response_header_size(LONGEST_HEAD)
        // A receiver may be restarted between two deliveries; each gets a connection of its own.
        .max_idle_connections(0)
        .timeout_global(Some(TIMEOUT))
        .timeout_connect(Some(CONNECT))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Looked { local })
}

/// Looks names up and keeps the addresses that may be knocked at. The connection is made to these very addresses, so a name that
/// answers differently the next time leads nowhere else.
#[derive(Debug)]
struct Looked {
    local: bool,
}

impl Resolver for Looked {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut kept = self.empty();
        for address in found.iter() {
            if self.local || target::is_public(address.ip()) {
                kept.push(*address);
            }
        }
        match kept.is_empty() {
            true => Err(Error::HostNotFound),
            false => Ok(kept),
        }
    }
}
