//! A mail server on this machine that says what a test wants.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the server says to a recipient.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    Take,
    /// A line instead of taking the mail.
    Say(&'static str),
    /// Takes the mail and goes without saying so.
    TakeAndGo,
    /// Refuses the password before any mail.
    SignInFails,
}

/// A mail that the server took.
#[derive(Clone)]
pub(super) struct Taken {
    pub(super) sender: String,
    pub(super) recipient: String,
    /// Who else gets it.
    pub(super) others: Vec<String>,
    pub(super) content: Vec<u8>,
}

struct State {
    taken: Mutex<Vec<Taken>>,
    asked: Mutex<usize>,
}

pub(super) struct FakeServer {
    port: u16,
    state: Arc<State>,
}

impl FakeServer {
    /// `answer` is asked for each recipient and told how many came before.
    pub(super) fn start(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> FakeServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let state = Arc::new(State {
            taken: Mutex::default(),
            asked: Mutex::default(),
        });
        let shared = state.clone();
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, state, answer) =
                    (stream.expect("a visitor"), shared.clone(), answer.clone());
                std::thread::spawn(move || talk(&stream, &state, &*answer));
            }
        });
        FakeServer { port, state }
    }

    pub(super) fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// The URL of a port on which nobody listens.
    pub(super) fn nobody() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        format!("smtp://127.0.0.1:{port}")
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.state.taken.lock().expect("no panic").clone()
    }
}

fn talk(stream: &TcpStream, state: &State, answer: &dyn Fn(usize) -> Answer) {
    let mut writer = stream;
    let mut say = |line: &str| writer.write_all(format!("{line}\r\n").as_bytes());
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let (mut sender, mut recipients, mut goes) = (String::new(), Vec::new(), false);
    if say("220 fake").is_err() {
        return;
    }
    while let Some(line) = lines.next() {
        let verb = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let said = match verb.as_str() {
            "EHLO" => say("250-fake\r\n250-AUTH PLAIN LOGIN\r\n250 ENHANCEDSTATUSCODES"),
            "AUTH" if matches!(answer(0), Answer::SignInFails) => say("535 5.7.8 no"),
            "AUTH" => say("235 2.7.0 yes"),
            "MAIL" => {
                (sender, goes) = (address(&line), false);
                recipients.clear();
                say("250 2.1.0 ok")
            }
            "RCPT" => {
                let mut asked = state.asked.lock().expect("no panic");
                let answer = answer(*asked);
                *asked += 1;
                match answer {
                    Answer::Say(line) => say(line),
                    Answer::Take | Answer::SignInFails | Answer::TakeAndGo => {
                        goes |= matches!(answer, Answer::TakeAndGo);
                        recipients.push(address(&line));
                        say("250 2.1.5 ok")
                    }
                }
            }
            "DATA" => {
                let _ = say("354 go on");
                let content: Vec<String> = lines
                    .by_ref()
                    .take_while(|line| line != ".")
                    .map(|line| line.strip_prefix('.').unwrap_or(&line).to_owned() + "\r\n")
                    .collect();
                state.taken.lock().expect("no panic").push(Taken {
                    sender: sender.clone(),
                    recipient: recipients[0].clone(),
                    others: recipients[1..].to_vec(),
                    content: content.concat().into_bytes(),
                });
                if goes {
                    return;
                }
                say("250 2.0.0 taken")
            }
            "QUIT" => {
                let _ = say("221 bye");
                return;
            }
            _ => say("250 ok"),
        };
        if said.is_err() {
            return;
        }
    }
}

fn address(line: &str) -> String {
    let address = line.split(['<', '>']).nth(1);
    address.expect("an address in brackets").to_owned()
}
