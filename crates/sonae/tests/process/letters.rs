//! A mail server that counts what it takes, and lays copies for the office's own address into a maildir, as a real one does.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::office::pause;

/// The office's address for copies.
pub(crate) const PROOF: &str = "utsushi@office.example.jp";

/// How long the server takes to accept a mail.
const ACCEPTING: Duration = Duration::from_millis(10);
/// How often it looks whether it may go on.
const LOOK: Duration = Duration::from_millis(5);

/// A mail that was taken for somebody else than the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    pub(crate) recipient: String,
    pub(crate) content: Vec<u8>,
}

pub(crate) struct Letters {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
}

struct State {
    /// By Message-ID.
    taken: Mutex<BTreeMap<String, Vec<Taken>>>,
    maildir: PathBuf,
    laid_down: AtomicUsize,
    /// While it is set, mails are taken and nobody is told.
    silent: AtomicBool,
}

impl Letters {
    /// Copies come into the maildir at this place.
    pub(crate) fn open(maildir: &Path) -> Letters {
        for name in ["tmp", "new", "cur"] {
            fs::create_dir_all(maildir.join(name)).expect("writable");
        }
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let state = Arc::new(State {
            taken: Mutex::default(),
            maildir: maildir.to_owned(),
            laid_down: AtomicUsize::new(0),
            silent: AtomicBool::new(false),
        });
        let shared = state.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let state = shared.clone();
                std::thread::spawn(move || drop(state.converse(stream)));
            }
        });
        Letters { address, state }
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// From now on mails are taken and nobody is told, or those who wait are told.
    pub(crate) fn keep_silent(&self, silent: bool) {
        self.state.silent.store(silent, Ordering::SeqCst);
    }

    /// By Message-ID.
    pub(crate) fn taken(&self) -> BTreeMap<String, Vec<Taken>> {
        let taken = self.state.taken.lock();
        taken.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often mails were taken.
    pub(crate) fn count(&self) -> usize {
        self.taken().values().map(Vec::len).sum()
    }

    /// How many copies were laid down.
    pub(crate) fn copies(&self) -> usize {
        self.state.laid_down.load(Ordering::SeqCst)
    }
}

impl State {
    /// As much of SMTP (RFC 5321) as a client needs to hand over mails. A mail counts once its client has sent the last line, for all of
    /// its recipients or for none.
    fn converse(&self, stream: TcpStream) -> io::Result<()> {
        let mut answer = stream.try_clone()?;
        let mut lines = BufReader::new(stream).lines();
        let mut recipients: Vec<String> = Vec::new();
        answer.write_all(b"220 test ESMTP\r\n")?;
        while let Some(line) = lines.next().transpose()? {
            let upper = line.to_ascii_uppercase();
            if upper.starts_with("QUIT") {
                return answer.write_all(b"221 bye\r\n");
            }
            if upper.starts_with("MAIL") {
                recipients.clear();
            }
            if upper.starts_with("RCPT TO:") {
                let (_, rest) = line.split_once('<').unwrap_or_default();
                recipients.extend(rest.split('>').next().map(str::to_owned));
            }
            if upper.starts_with("DATA") {
                answer.write_all(b"354 go on\r\n")?;
                let content = read_content(&mut lines)?;
                // Real servers take their time until a mail is theirs.
                pause(ACCEPTING);
                self.deliver(&recipients, &content)?;
                while self.silent.load(Ordering::SeqCst) {
                    pause(LOOK);
                }
            }
            answer.write_all(b"250 fine\r\n")?;
        }
        Ok(())
    }

    fn deliver(&self, recipients: &[String], content: &str) -> io::Result<()> {
        if recipients.iter().any(|recipient| recipient == PROOF) {
            let name = format!("{}.test", self.laid_down.fetch_add(1, Ordering::SeqCst));
            let draft = self.maildir.join("tmp").join(&name);
            // Servers keep mails with the line ends of their machine.
            let copy = format!("Delivered-To: {PROOF}\n{}", content.replace("\r\n", "\n"));
            fs::write(&draft, copy)?;
            fs::rename(draft, self.maildir.join("new").join(name))?;
        }
        let mut ids = content.lines();
        let id = ids.find_map(|line| line.strip_prefix("Message-ID: "));
        let id = id.unwrap_or_default().to_owned();
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        for recipient in recipients.iter().filter(|recipient| *recipient != PROOF) {
            taken.entry(id.clone()).or_default().push(Taken {
                recipient: recipient.clone(),
                content: content.as_bytes().to_vec(),
            });
        }
        Ok(())
    }
}

/// # Errors
/// The client went before the last line: nothing was handed over.
fn read_content(lines: &mut Lines<BufReader<TcpStream>>) -> io::Result<String> {
    let mut content = String::new();
    for line in lines {
        let line = line?;
        if line == "." {
            return Ok(content);
        }
        content.push_str(line.strip_prefix('.').unwrap_or(&line));
        content.push_str("\r\n");
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
