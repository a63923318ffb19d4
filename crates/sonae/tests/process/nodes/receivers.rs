//! Who gets what leaves the office by webhook, and counts.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What came, by its own id: each copy's bytes.
type Copies = Arc<Mutex<BTreeMap<String, Vec<Vec<u8>>>>>;

/// A receiver of webhooks.
pub(super) struct Hooks {
    pub(super) url: String,
    copies: Copies,
}

impl Hooks {
    pub(super) fn open() -> Hooks {
        let (address, copies) = listen(hook);
        let url = format!("http://{address}/");
        Hooks { url, copies }
    }

    /// By the event's id.
    pub(super) fn copies(&self) -> BTreeMap<String, Vec<Vec<u8>>> {
        taken(&self.copies)
    }
}

fn taken(copies: &Copies) -> BTreeMap<String, Vec<Vec<u8>>> {
    copies
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}

fn keep(copies: &Copies, id: &str, content: Vec<u8>) {
    let mut copies = copies.lock().unwrap_or_else(PoisonError::into_inner);
    copies.entry(id.to_owned()).or_default().push(content);
}

/// Listens for as long as the tests run; each connection on a thread of its own.
fn listen(converse: fn(TcpStream, &Copies) -> io::Result<()>) -> (SocketAddr, Copies) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let copies = Copies::default();
    let kept = copies.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let kept = kept.clone();
            std::thread::spawn(move || drop(converse(stream, &kept)));
        }
    });
    (address, copies)
}

fn hook(stream: TcpStream, copies: &Copies) -> io::Result<()> {
    let mut answer = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    let (mut id, mut length) = (String::new(), 0);
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        // A node that was killed in the middle has told nothing.
        if !line.ends_with('\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match line.trim().split_once(": ") {
            Some(("webhook-id", value)) => id = value.to_owned(),
            Some(("content-length", value)) => length = value.parse().unwrap_or(0),
            None if line.trim().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    keep(copies, &id, body);
    answer.write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
}
