//! A plain HTTP/1.1 client: one request a connection, and an answer counts only when it came whole.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Longer than anything the program may take; only a defect reaches it.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON; null when it is something else.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// A header's value; empty when it is missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut values = fields.filter(|(field, _)| field.eq_ignore_ascii_case(name));
        values.next().map_or("", |(_, value)| value.trim())
    }

    /// The value of a cookie that it sets; none when it sets no such cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let set = self.head.lines().filter_map(|line| {
            let (field, value) = line.split_once(':')?;
            let is_cookie = field.eq_ignore_ascii_case("set-cookie");
            value.trim().split_once('=').filter(|_| is_cookie)
        });
        let mut values = set.filter(|(known, _)| *known == name);
        values.next().and_then(|(_, rest)| rest.split(';').next())
    }
}

pub(crate) fn get(address: SocketAddr, path: &str) -> io::Result<Answer> {
    send(address, &format!("GET {path} HTTP/1.1\r\n"), "")
}

/// Posts JSON with an `Idempotency-Key`.
pub(crate) fn post(address: SocketAddr, path: &str, key: &str, body: &str) -> io::Result<Answer> {
    let head = format!(
        "POST {path} HTTP/1.1\r\ncontent-type: application/json\r\nidempotency-key: {key}\r\n"
    );
    send(address, &head, body)
}

/// Asks with the token of another system.
pub(crate) fn get_by(address: SocketAddr, path: &str, token: &str) -> io::Result<Answer> {
    let head = format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\n");
    send(address, &head, "")
}

/// Posts JSON with a token and an `Idempotency-Key`.
pub(crate) fn post_by(
    address: SocketAddr,
    path: &str,
    token: &str,
    key: &str,
    body: &str,
) -> io::Result<Answer> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\nidempotency-key: {key}\r\n"
    );
    send(address, &head, body)
}

/// Sends a batch of a device's lines.
pub(crate) fn push(address: SocketAddr, token: &str, id: &str, lines: &str) -> io::Result<Answer> {
    let head = format!(
        "POST /api/v1/telemetry/batches HTTP/1.1\r\nauthorization: Bearer {token}\r\nbatch-id: {id}\r\n"
    );
    send(address, &head, lines)
}

/// Asks as a browser with cookies.
pub(crate) fn get_as(address: SocketAddr, path: &str, cookies: &str) -> io::Result<Answer> {
    let head = format!("GET {path} HTTP/1.1\r\ncookie: {cookies}\r\n");
    send(address, &head, "")
}

/// Posts a form as a browser with cookies.
pub(crate) fn form_as(
    address: SocketAddr,
    path: &str,
    cookies: &str,
    fields: &[(&str, &str)],
) -> io::Result<Answer> {
    let head = format!(
        "POST {path} HTTP/1.1\r\ncookie: {cookies}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
    );
    send(address, &head, &encoded(fields))
}

/// Posts a form as a browser does.
pub(crate) fn form(address: SocketAddr, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
    let head =
        format!("POST {path} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\n");
    send(address, &head, &encoded(fields))
}

fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn send(address: SocketAddr, head: &str, body: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let length = body.len();
    write!(
        stream,
        "{head}host: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(io::Error::other)?;
    read(&text).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// None when the answer was cut off.
fn read(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let answer = Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        head: head.to_owned(),
        body: body.to_owned(),
    };
    (answer.header("content-length").parse() == Ok(body.len())).then_some(answer)
}
