//! Browsers of the staff: they sign in by a mailed link and the code of an app, and send forms with their session's token.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use sonae::clock::Clock;
use sonae::mail::reading;
use sonae::staff::second_factor::code_at;
use sonae::staff::session::csrf_of;

use crate::http::{self, Answer};
use crate::letters::Letters;
use crate::office::{Office, pause, sonae};

/// How long a mail with a link may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser in which somebody is signed in.
pub(super) struct Browser {
    front: SocketAddr,
    cookies: String,
    csrf: String,
}

impl Browser {
    /// Somebody new of this role, who signs in for the first time.
    pub(super) fn sign_in(
        front: SocketAddr,
        office: &Office,
        letters: &Letters,
        (role, email): (&str, &str),
    ) -> Browser {
        let place = office.place();
        let words = [
            "user",
            "add",
            "--role",
            role,
            "--email",
            email,
            "--name",
            "事務 花子",
        ];
        let place = place.iter().map(String::as_str);
        sonae(&words.into_iter().chain(place).collect::<Vec<_>>()).well();
        let asked = http::form(front, "/sign-in", &[("email", email)]).expect("an answer");
        assert!(asked.status < 400, "{asked:?}");
        let link = mailed_link(letters, email);
        let opened = http::form(front, &link, &[]).expect("an answer");
        let mut browser = Browser {
            front,
            cookies: String::new(),
            csrf: String::new(),
        };
        browser.keep(&opened);
        let page = browser.get("/sign-in/enrol").expect("an answer");
        let secret = secret_in(&page.body);
        let code = code_at(&secret, Clock::system().now());
        let enrolled = browser.post("/sign-in/enrol", &[("code", &code)]);
        let enrolled = enrolled.expect("an answer");
        assert_eq!(enrolled.status, 200, "{}", enrolled.body);
        browser.keep(&enrolled);
        let office = browser.get("/office/cases").expect("an answer");
        assert_eq!(office.status, 200, "{office:?}");
        browser
    }

    fn keep(&mut self, answer: &Answer) {
        let token = answer.cookie("sonae").expect("a session");
        self.cookies = format!("sonae={token}");
        self.csrf = csrf_of(token);
    }

    pub(super) fn get(&self, path: &str) -> io::Result<Answer> {
        http::get_as(self.front, path, &self.cookies)
    }

    /// Posts a form with the session's token.
    pub(super) fn post(&self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let fields = [fields, &[("csrf", self.csrf.as_str())]].concat();
        http::form_as(self.front, path, &self.cookies, &fields)
    }
}

/// The path of the link in the mail to this address, as soon as it came.
fn mailed_link(letters: &Letters, email: &str) -> String {
    let asked = Instant::now();
    loop {
        let taken = letters.taken();
        let mut mails = taken.values().flatten();
        if let Some(mail) = mails.find(|mail| mail.recipient == email) {
            let text = reading::read(&mail.content).body;
            let at = text.find("/sign-in/link/").expect("a link");
            let link = text[at..].split_whitespace().next();
            return link.expect("its end").to_owned();
        }
        assert!(asked.elapsed() < PATIENCE, "no link came to {email}");
        pause(Duration::from_millis(50));
    }
}

/// The secret that the page of the enrolment shows (base32, RFC 4648 section 6).
fn secret_in(page: &str) -> Vec<u8> {
    let (_, rest) = page.split_once("class=\"secret\">").expect("a secret");
    let (text, _) = rest.split_once('<').expect("its end");
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for letter in text.bytes().filter(u8::is_ascii_alphanumeric) {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            _ => letter - b'2' + 26,
        };
        held = (held << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    bytes
}
