//! The smallest HTTP/1.1 client that measures fairly: it shares the machine with the server, so it must cost little.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: &str) -> Result<Connection, String> {
        let stream = TcpStream::connect(address)
            .await
            .map_err(|error| format!("{address}: {error}"))?;
        stream
            .set_nodelay(true)
            .map_err(|error| error.to_string())?;
        Ok(Connection {
            stream,
            buffer: Vec::with_capacity(16 * 1024),
        })
    }

    /// Sends one request and reads its whole answer: status and body.
    pub(crate) async fn send(&mut self, request: &[u8]) -> Result<(u16, Vec<u8>), String> {
        self.stream
            .write_all(request)
            .await
            .map_err(|error| error.to_string())?;
        self.buffer.clear();
        loop {
            let read = self
                .stream
                .read_buf(&mut self.buffer)
                .await
                .map_err(|error| error.to_string())?;
            if read == 0 {
                return Err("the server closed the connection".to_owned());
            }
            if let Some((status, body)) = complete(&self.buffer)? {
                return Ok((status, body.to_vec()));
            }
        }
    }
}

/// The status and body once everything has arrived.
fn complete(bytes: &[u8]) -> Result<Option<(u16, &[u8])>, String> {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(&bytes[..end]).map_err(|error| error.to_string())?;
    let status = head
        .get(9..12)
        .and_then(|status| status.parse().ok())
        .ok_or("no status")?;
    let length: usize = head
        .lines()
        .find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")
                .map(str::to_owned)
        })
        .and_then(|length| length.trim().parse().ok())
        .ok_or("an answer without Content-Length")?;
    let body = &bytes[end + 4..];
    Ok((body.len() >= length).then(|| (status, &body[..length])))
}

pub(crate) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

/// A complete application of an eligible company, different for every `name`.
pub(crate) fn submission(program: &str, course: &str, name: &str) -> Vec<u8> {
    let body = answers(course, name).to_string();
    format!(
        "POST /api/v1/programs/{program}/applications HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Idempotency-Key: rush-{name}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub(crate) fn answers(course: &str, name: &str) -> serde_json::Value {
    serde_json::json!({
        "entity_kind": "corporation",
        "name": format!("株式会社殺到{name}"),
        "name_kana": "カブシキガイシャサットウ",
        "corporate_number": "7000012050002",
        "industry": "service",
        "capital_yen": 30_000_000,
        "employees": 45,
        "postcode": "1638001",
        "prefecture": "13",
        "address_line1": "新宿区西新宿2-8-1",
        "address_line2": "見本ビル3階",
        "contact_name": "佐藤 太郎",
        "contact_kana": "サトウ タロウ",
        "contact_phone": "03-0000-0000",
        "contact_email": format!("rush-{name}@example.jp"),
        "courses": [course],
        "past_support": [],
        "equivalent_subsidy": false,
        "measures": { "utm_or_edr_installed": true, "two_star_level_policy": true },
        "continuing_measures": true,
        "pledges": ["a", "b", "c", "d", "e", "f", "g"],
        "survey_agreed": true
    })
}
