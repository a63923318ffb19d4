//! Sending through a mail server (RFC 5321).
//!
//! `smtps://` is TLS from the first byte; `smtp://` insists on STARTTLS (RFC 3207), except to this machine itself or when the URL says
//! `?tls=none`, so that neither mails nor the password ever cross a network in the clear by accident.

use std::error::Error as _;
use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::{Error, SmtpTransport};
use lettre::{Address, Transport as _};
use sonae_store::outbox::Mail;
use url::{Host, Url};

use super::sender::Sender;
use super::transport::Failure;
use crate::error::CommandError;

/// How long one step of the conversation may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Answers that concern us and not one mail: the server closes, or wants another sign-in (RFC 4954, RFC 5321 section 3.8).
const ABOUT_US: [u16; 6] = [421, 454, 530, 534, 535, 538];

/// A mail server.
pub struct Smtp {
    transport: SmtpTransport,
    sender: Address,
    /// Who gets a copy of each mail in the same transaction.
    proof: Option<Address>,
}

impl Smtp {
    /// Reads `smtp://user:password@host:port` or `smtps://…`; nothing is connected yet.
    ///
    /// # Errors
    /// What is wrong with the URL; the URL itself holds a password and is not repeated.
    pub fn new(url: &str, sender: &Sender, proof: Option<Address>) -> Result<Smtp, CommandError> {
        let url = with_protection(url)?;
        let transport = SmtpTransport::from_url(url.as_str())
            .map_err(|error| refuse(&format!("URLを読めません({error})。")))?
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Smtp {
            transport,
            sender: sender.address().clone(),
            proof,
        })
    }

    /// Connects and signs in, or makes sure that an open connection still answers.
    pub(super) fn ready(&self) -> Result<(), Failure> {
        match self.transport.test_connection() {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::Closed("the server does not answer".into())),
            Err(error) => Err(Failure::Closed(reason(&error))),
        }
    }

    pub(super) fn send(&self, mail: &Mail) -> Result<(), Failure> {
        let (local, domain) = mail
            .recipient
            .split_once('@')
            .ok_or_else(|| Failure::Never("the recipient is no address".into()))?;
        // The address was checked when the mail was written.
        let recipient = Address::new_dangerous(local, domain);
        let proof = self.proof.iter().filter(|proof| **proof != recipient);
        let both: Vec<Address> = std::iter::once(&recipient).chain(proof).cloned().collect();
        let with_proof = both.len() > 1;
        let outcome = match self.hand_over(both, &mail.content)? {
            // Nobody got anything, perhaps only because the copy was refused: a wrong setting of ours must stop no mail.
            Err(refused) if with_proof && refused.status().is_some() => {
                let alone = self.hand_over(vec![recipient], &mail.content)?;
                if alone.is_ok() {
                    let reason = reason(&refused);
                    tracing::warn!(reason, "the server refuses the copies of our mails");
                }
                alone
            }
            outcome => outcome,
        };
        outcome.map_err(|error| failure(&error))
    }

    /// One transaction with the server; it takes the mail for all of these recipients or for none (RFC 5321 section 4.1.1.4).
    fn hand_over(
        &self,
        recipients: Vec<Address>,
        content: &[u8],
    ) -> Result<Result<(), Error>, Failure> {
        let envelope = Envelope::new(Some(self.sender.clone()), recipients)
            .map_err(|_| Failure::Never("the recipient is no address".into()))?;
        Ok(self.transport.send_raw(&envelope, content).map(drop))
    }

    pub(super) fn has_proof(&self) -> bool {
        self.proof.is_some()
    }
}

fn failure(error: &Error) -> Failure {
    let reason = reason(error);
    match error.status().map(u16::from) {
        Some(code) if ABOUT_US.contains(&code) => Failure::Closed(reason),
        Some(_) if error.is_permanent() => Failure::Never(reason),
        Some(_) => Failure::Later(reason),
        None if never_began(error) => Failure::Closed(reason),
        None => Failure::Unsure(reason),
    }
}

/// Whether the conversation failed before anything of the mail was said.
fn never_began(error: &Error) -> bool {
    if error.is_client() || error.is_tls() || error.is_transport_shutdown() {
        return true;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<io::Error>() {
            return matches!(
                error.kind(),
                ErrorKind::ConnectionRefused
                    | ErrorKind::HostUnreachable
                    | ErrorKind::NetworkUnreachable
            );
        }
        source = cause.source();
    }
    false
}

/// The code of the server's answer, or what kind of trouble there was. The answer's words often repeat the recipient's address.
fn reason(error: &Error) -> String {
    let Some(code) = error.status() else {
        let kind = if error.is_timeout() {
            "no answer in time"
        } else if error.is_tls() {
            "no protected connection (TLS)"
        } else {
            "no connection"
        };
        return kind.to_owned();
    };
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    // An enhanced status code, such as 5.1.1 (RFC 3463).
    let enhanced = words
        .split_whitespace()
        .next()
        .filter(|word| word.contains('.') && word.chars().all(|c| c.is_ascii_digit() || c == '.'));
    match enhanced {
        Some(enhanced) => format!("SMTP {code} {enhanced}"),
        None => format!("SMTP {code}"),
    }
}

/// The URL with its protection spelt out for the library, whose own default for `smtp://` is none.
fn with_protection(text: &str) -> Result<Url, CommandError> {
    let mut url =
        Url::parse(text).map_err(|error| refuse(&format!("URLを読めません({error})。")))?;
    if !matches!(url.scheme(), "smtp" | "smtps") {
        return Err(refuse("smtp:// か smtps:// で始めてください。"));
    }
    let Some(host) = url.host_str().filter(|host| !host.is_empty()) else {
        return Err(refuse("サーバーの名前がありません。"));
    };
    if url.username().is_empty() != url.password().is_none() {
        return Err(refuse("利用者とパスワードは両方書いてください。"));
    }
    let near = is_this_machine(host);
    let asked: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let plain = match asked.as_slice() {
        [] => near,
        [(name, value)] if name == "tls" && value == "none" => true,
        [(name, value)] if name == "tls" && value == "required" => false,
        _ => {
            return Err(refuse(
                "?の後ろに書けるのは tls=none か tls=required だけです。",
            ));
        }
    };
    match (url.scheme(), plain) {
        ("smtp", false) => url.set_query(Some("tls=required")),
        _ => url.set_query(None),
    }
    Ok(url)
}

fn is_this_machine(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Domain(name)) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
        }
        Ok(Host::Ipv4(ip)) => ip.is_loopback(),
        Ok(Host::Ipv6(ip)) => ip.is_loopback(),
        Err(_) => false,
    }
}

fn refuse(what: &str) -> CommandError {
    CommandError::new(
        "メールサーバーのURL(--smtp)が使えません。",
        format!("{what} 例: smtps://利用者:パスワード@mail.example.jp"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Ok` holds the URL as the library gets it; `Err` a part of the sentence.
    fn check(url: &str, expect: Result<&str, &str>) {
        match (with_protection(url), expect) {
            (Ok(found), Ok(expected)) => assert_eq!(found.as_str(), expected, "{url}"),
            (Err(error), Err(part)) => {
                let text = error.to_string();
                assert!(text.contains(part), "{url}: {text}");
                assert!(!text.contains("himitsu"), "a password is never repeated");
            }
            (found, _) => panic!("{url}: {:?}", found.map(String::from)),
        }
    }

    #[test]
    fn mails_are_protected_unless_they_stay_here_or_the_url_says_so() {
        check(
            "smtp://mail.example.jp",
            Ok("smtp://mail.example.jp?tls=required"),
        );
        check(
            "smtp://u:p@192.0.2.1:25",
            Ok("smtp://u:p@192.0.2.1:25?tls=required"),
        );
        check(
            "smtp://mail.example.jp?tls=none",
            Ok("smtp://mail.example.jp"),
        );
        check("smtp://127.0.0.1:2525", Ok("smtp://127.0.0.1:2525"));
        check("smtp://localhost", Ok("smtp://localhost"));
        check(
            "smtp://localhost?tls=required",
            Ok("smtp://localhost?tls=required"),
        );
        check(
            "smtp://127.0.0.1.example.jp",
            Ok("smtp://127.0.0.1.example.jp?tls=required"),
        );
        check(
            "smtps://u:p%40@mail.example.jp",
            Ok("smtps://u:p%40@mail.example.jp"),
        );
    }

    #[test]
    fn a_wrong_url_is_refused_without_its_password() {
        check("mail.example.jp", Err("読めません"));
        check("http://u:himitsu@mail.example.jp", Err("smtp://"));
        check("smtp://", Err("名前がありません"));
        check("smtp://u@mail.example.jp", Err("両方"));
        check("smtp://:himitsu@mail.example.jp", Err("両方"));
        check("smtp://mail.example.jp?tls=maybe", Err("tls=none"));
        check("smtp://mail.example.jp:99999", Err("読めません"));
    }
}
