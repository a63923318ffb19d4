//! The URL of a cluster: `clickhouse://user:password@host1:8123,host2:8123/database`. A comma stands between shards, `|` between the replicas of one,
//! as in ClickHouse's own `remote`. Behind `?`: `secure=true` for TLS, `ca=FILE` for a file (PEM) of the authorities that are trusted instead of the system's,
//! `copies=2` for how many replicas must have a row before it is answered.

use std::fmt;
use std::sync::Arc;

use ureq::tls::{Certificate, PemItem, parse_pem};

use crate::{DbError, Kind};

const SCHEME: &str = "clickhouse://";
const PORT: &str = "8123";
const SECURE_PORT: &str = "8443";
/// Servers that a URL may name.
const MOST: usize = 1_000;

/// Where one server is and how it is entered. Its password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// Host and port.
    pub server: String,
    pub database: String,
    pub(super) authorization: Option<String>,
    pub(super) secure: bool,
    /// Certificates (DER) of who is trusted; none for whom the system trusts.
    pub(super) authorities: Option<Authorities>,
}

pub(super) type Authorities = Arc<Vec<Vec<u8>>>;

/// A cluster as its URL says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// Shards in their order, each with its replicas.
    pub shards: Vec<Vec<Place>>,
    /// Replicas that must have a row before it is answered.
    pub copies: usize,
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.server, self.database)
    }
}

impl Place {
    /// The same server with another database, for example the one that is always there.
    #[must_use]
    pub fn in_database(&self, database: &str) -> Place {
        let database = database.to_owned();
        Place {
            database,
            ..self.clone()
        }
    }
}

impl Url {
    /// Whether a URL means a cluster.
    pub fn is_one(url: &str) -> bool {
        url.starts_with(SCHEME)
    }

    /// Reads a URL, and the file of authorities that it may name. The error never repeats it.
    ///
    /// # Errors
    /// `Kind::Url`.
    pub fn read(url: &str) -> Result<Url, DbError> {
        let wrong = |what: &str| DbError::new(Kind::Url, what);
        let rest = url
            .strip_prefix(SCHEME)
            .ok_or_else(|| wrong("another scheme"))?;
        let (rest, options) = rest.split_once('?').unwrap_or((rest, ""));
        let Options {
            secure,
            copies,
            authorities,
        } = read_options(options)?;
        let (user, rest) = match rest.rsplit_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, rest),
        };
        let (servers, database) = rest.split_once('/').ok_or_else(|| wrong("no database"))?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
        if database.is_empty() || !database.chars().all(plain) {
            return Err(wrong("a database's name is letters, digits and _"));
        }
        let authorization = user.map(authorization).transpose()?;
        let place = |server: &str| -> Result<Place, DbError> {
            let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_[]:".contains(c);
            if server.is_empty() || !server.chars().all(allowed) {
                return Err(wrong("a server's name"));
            }
            let has_port = server
                .rsplit_once(':')
                .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
            let port = if secure { SECURE_PORT } else { PORT };
            Ok(Place {
                server: if has_port {
                    server.to_owned()
                } else {
                    format!("{server}:{port}")
                },
                database: database.to_owned(),
                authorization: authorization.clone(),
                secure,
                authorities: authorities.clone(),
            })
        };
        let shards: Result<Vec<Vec<Place>>, DbError> = servers
            .split(',')
            .map(|shard| shard.split('|').map(place).collect())
            .collect();
        let shards = shards?;
        let mut all: Vec<&str> = shards
            .iter()
            .flatten()
            .map(|one| one.server.as_str())
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        if count > MOST || all.len() < count {
            return Err(wrong("a server that is named twice, or too many"));
        }
        let fewest = shards.iter().map(Vec::len).min().unwrap_or(1);
        let copies = copies.unwrap_or(fewest.min(2));
        if copies == 0 || copies > fewest {
            return Err(wrong("more copies than replicas"));
        }
        Ok(Url { shards, copies })
    }
}

#[derive(Default)]
struct Options {
    secure: bool,
    copies: Option<usize>,
    authorities: Option<Authorities>,
}

fn read_options(options: &str) -> Result<Options, DbError> {
    let mut read = Options::default();
    for option in options.split('&').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("secure", "true" | "1")) => read.secure = true,
            Some(("secure", "false" | "0")) => read.secure = false,
            Some(("ca", file)) => read.authorities = Some(authorities(file)?),
            Some(("copies", number)) if number.parse::<usize>().is_ok() => {
                read.copies = number.parse().ok()
            }
            _ => return Err(DbError::new(Kind::Url, "an option that is not known")),
        }
    }
    // Who names an authority means TLS; without it the file would protect nothing.
    match read.authorities.is_some() && !read.secure {
        true => Err(DbError::new(Kind::Url, "ca needs secure=true")),
        false => Ok(read),
    }
}

/// The certificates in a file.
fn authorities(file: &str) -> Result<Authorities, DbError> {
    let wrong = |what: &str| DbError::new(Kind::Url, what);
    let name = percent_decoded(file).and_then(|name| String::from_utf8(name).ok());
    let pem = std::fs::read(name.ok_or_else(|| wrong("the name of the file of ca"))?)
        .map_err(|error| wrong(&format!("the file of ca cannot be read: {}", error.kind())))?;
    let certificates: Vec<Vec<u8>> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(one)) => Some(Certificate::der(&one).to_vec()),
            _ => None,
        })
        .collect();
    match certificates.is_empty() {
        true => Err(wrong("the file of ca holds no certificate (PEM)")),
        false => Ok(Arc::new(certificates)),
    }
}

/// The header of HTTP's basic authentication (RFC 7617).
fn authorization(user: &str) -> Result<String, DbError> {
    let plain =
        percent_decoded(user).ok_or_else(|| DbError::new(Kind::Url, "user and password"))?;
    let plain = match plain.contains(&b':') {
        true => plain,
        false => [&plain[..], b":"].concat(),
    };
    Ok(format!("Basic {}", base64(&plain)))
}

fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    Some(plain)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let all = chunk
            .iter()
            .fold(0u32, |all, byte| all << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            match digit <= chunk.len() {
                true => text.push(DIGITS[(all >> (18 - 6 * digit) & 63) as usize] as char),
                false => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read() {
        let url =
            Url::read("clickhouse://user:p%40ss@a:1|b:2,[::1]:3|c/detections").expect("a URL");
        let names: Vec<Vec<&str>> = (url.shards.iter())
            .map(|shard| shard.iter().map(|one| one.server.as_str()).collect())
            .collect();
        assert_eq!(names, [vec!["a:1", "b:2"], vec!["[::1]:3", "c:8123"]]);
        assert_eq!(url.copies, 2);
        assert_eq!(
            url.shards[0][0].authorization.as_deref(),
            Some("Basic dXNlcjpwQHNz")
        );
        let alone = Url::read("clickhouse://a/d?secure=true").expect("a URL");
        assert_eq!(
            (alone.copies, alone.shards[0][0].server.as_str()),
            (1, "a:8443")
        );
        assert!(
            !format!("{url:?}").contains("dXN"),
            "nobody reads the password"
        );
    }

    #[test]
    fn what_is_wrong_is_refused_without_repeating_it() {
        for url in [
            "http://a/d",
            "clickhouse://a",
            "clickhouse://a/",
            "clickhouse://a/d;x",
            "clickhouse://a,a/d",
            "clickhouse://a,,b/d",
            "clickhouse://secret:x%zz@a/d",
            "clickhouse://a/d?copies=2",
            "clickhouse://a/d?colour=red",
            "clickhouse://a/d?secure=true&ca=/no/such/secret",
            "clickhouse://a/d?secure=true&ca=Cargo.toml",
        ] {
            let error = Url::read(url).expect_err(url);
            assert_eq!(error.kind, Kind::Url);
            assert!(!error.detail.contains("secret"), "{error}");
        }
    }
}
