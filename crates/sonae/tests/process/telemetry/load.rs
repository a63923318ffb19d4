//! Generated logs with their truth, sent in batches as several devices would, and the figures that must come of them.

use std::collections::{BTreeMap, VecDeque};
use std::fs;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::http::{self, Answer};
use crate::office::{Chance, OPEN_R7, Office, R7, application, pause, sonae};

/// How often clients are told to come again, at most.
const MOST_PUT_OFF: usize = 2_000;
/// Lines of a batch.
const LINES: usize = 150;
/// The days end before the office's clock begins, and not a week before.
const FIRST_DAY: &str = "2025-05-28";
const MONTH: &str = "2025-05";
/// When lines without a time are received.
const MONTH_OF_RECEIPT: &str = "2025-06";

/// What one device sends.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) id: String,
    token: String,
    lines: String,
}

/// The logs of some companies.
pub(super) struct Load {
    pub(super) truth: Value,
    /// The receipt number of each company of the truth.
    pub(super) companies: BTreeMap<String, String>,
    pub(super) parcels: Vec<Parcel>,
    pub(super) logs: std::path::PathBuf,
}

impl Load {
    /// Generates logs and lends the office's companies their devices; the office runs and serves the clock of `OPEN_R7`.
    pub(super) fn new(office: &Office, companies: usize, lines: &str) -> Load {
        let logs = office.folder.0.join("logs");
        let out = logs.display().to_string();
        let count = companies.to_string();
        #[rustfmt::skip]
        sonae(&["telemetry", "generate", "--seed", "11", "--companies", &count, "--days", "3", "--from", FIRST_DAY, "--lines", lines, "--out", &out]).well();
        let truth = fs::read_to_string(logs.join("truth.json")).expect("a truth");
        let mut load = Load {
            truth: serde_json::from_str(&truth).expect("JSON"),
            companies: BTreeMap::new(),
            parcels: Vec::new(),
            logs,
        };
        for company in 0..companies {
            let key = format!("company-{company}");
            let answer = office.submit(R7, &key, &application(R7, company));
            let answer = answer.expect("the office runs").json();
            let number = answer["receipt_number"].as_str().expect("a number");
            let code = format!("{company:04}");
            load.companies.insert(code, number.to_owned());
        }
        for file in load.files() {
            let parcels = load.parcels_of(office, &file);
            load.parcels.extend(parcels);
        }
        load
    }

    /// Company, source and path of each file.
    pub(super) fn files(&self) -> Vec<(String, String, String)> {
        let files = self.truth["files"].as_array().expect("files").iter();
        let files = files.map(|file| {
            let text = |key: &str| file[key].as_str().expect("a text").to_owned();
            let path = self.logs.join(text("file")).display().to_string();
            (text("company"), text("source"), path)
        });
        files.collect()
    }

    fn parcels_of(
        &self,
        office: &Office,
        (company, source, path): &(String, String, String),
    ) -> Vec<Parcel> {
        let serial = format!("SN-{company}-{source}");
        #[rustfmt::skip]
        let words = ["--company", &self.companies[company], "--source", source, "--product", "Invented", "--serial", &serial, "--from", "2025-06-01", "--to", "2025-06-30"];
        let token = command(office, &["source", "add"], &words);
        let text = fs::read_to_string(path).expect("a log");
        let lines: Vec<&str> = text.lines().collect();
        let parcels = lines
            .chunks(LINES)
            .enumerate()
            .map(|(number, lines)| Parcel {
                id: format!("{serial}-{number}"),
                token: token.trim().to_owned(),
                lines: lines.join("\n"),
            });
        parcels.collect()
    }

    /// The figures of every company equal the truth, unread lines too, and the detections prove themselves.
    pub(super) fn holds(&self, office: &Office) {
        self.figures_hold(office);
        for (code, number) in &self.companies {
            let told = &report(office, number, MONTH_OF_RECEIPT)["unknown"]["lines"];
            assert_eq!(
                told, &self.truth["unknown"][code],
                "unknown lines of {code}"
            );
        }
    }

    /// The same without the lines that nothing reads: imported, they count on the day of the system's clock.
    pub(super) fn figures_hold(&self, office: &Office) {
        let proved = command(office, &["verify"], &[]);
        assert!(proved.starts_with("問題はありません。"), "{proved}");
        for month in self.truth["months"].as_array().expect("months") {
            assert_eq!(month["month"], MONTH);
            let code = month["company"].as_str().expect("a company");
            let number = &self.companies[code];
            let mut truth = month.clone();
            truth["company"] = json!(number);
            holds(&report(office, number, MONTH), &truth, code);
        }
    }
}

fn report(office: &Office, number: &str, month: &str) -> Value {
    let words = ["--company", number, "--month", month];
    serde_json::from_str(&command(office, &["report"], &words)).expect("JSON")
}

/// Runs `sonae telemetry …` on the office's data.
pub(super) fn command(office: &Office, words: &[&str], rest: &[&str]) -> String {
    let place = office.place();
    let arguments: Vec<&str> = std::iter::once("telemetry")
        .chain(words.iter().copied())
        .chain(place.iter().map(String::as_str))
        .chain(rest.iter().copied())
        .collect();
    sonae(&arguments).well().out
}

/// What `truth` says stands in `told` as well; rules are told with more words there.
fn holds(told: &Value, truth: &Value, at: &str) {
    match truth {
        Value::Object(pairs) if at.ends_with("/rules") => {
            let mut sums = Map::new();
            for rule in told.as_array().expect("rules") {
                let name = rule["rule"].as_str().expect("a rule");
                let sum = sums.entry(name).or_insert(json!(0));
                let events = |value: &Value| value.as_i64().expect("a number");
                *sum = json!(events(sum) + events(&rule["events"]));
            }
            assert_eq!(&sums, pairs, "{at}");
        }
        Value::Object(pairs) => {
            for (key, value) in pairs {
                holds(&told[key], value, &format!("{at}/{key}"));
            }
        }
        _ => assert_eq!(told, truth, "{at}"),
    }
}

/// What is still to be sent, and what came of the rest.
pub(super) struct Sending {
    pub(super) open: Mutex<VecDeque<Parcel>>,
    pub(super) acknowledged: Mutex<Vec<(Parcel, Value)>>,
    put_off: AtomicUsize,
    /// How many there are in all.
    parcels: usize,
}

impl Sending {
    pub(super) fn new(parcels: &[Parcel]) -> Sending {
        Sending {
            open: Mutex::new(parcels.iter().cloned().collect()),
            acknowledged: Mutex::default(),
            put_off: AtomicUsize::new(0),
            parcels: parcels.len(),
        }
    }

    /// How often a client was told to come again.
    pub(super) fn put_off(&self) -> usize {
        self.put_off.load(Relaxed)
    }

    pub(super) fn is_done(&self) -> bool {
        self.left() == 0
    }

    /// How many batches are neither acknowledged nor on their way.
    fn left(&self) -> usize {
        self.open.lock().expect("no client panicked").len()
    }

    /// How many batches clients leave for after the kill that comes next: however fast or slow the machine is, something is to be sent after each.
    pub(super) fn kept(&self, kills_to_come: usize, kills: usize) -> usize {
        self.parcels * kills_to_come / (kills + 1)
    }

    /// Waits until some of the batches above `kept` were sent, by chance more or fewer of them.
    pub(super) fn wait_for_some(&self, kept: usize, chance: &mut Chance) {
        let above = self.left().saturating_sub(kept) as u64;
        let until = kept + chance.below(above.max(1)) as usize;
        while self.left() > until {
            pause(Duration::from_micros(500));
        }
        pause(Duration::from_micros(chance.below(3_000)));
    }

    /// Sends until only `kept` are open or the program is gone; what was not acknowledged is open again.
    pub(super) fn client(&self, address: SocketAddr, kept: usize) {
        loop {
            let next = {
                let mut open = self.open.lock().expect("no client panicked");
                if open.len() <= kept {
                    None
                } else {
                    open.pop_front()
                }
            };
            let Some(parcel) = next else {
                return;
            };
            match http::push(address, &parcel.token, &parcel.id, &parcel.lines) {
                Ok(answer) if [200, 201].contains(&answer.status) => {
                    let mut all = self.acknowledged.lock().expect("no client panicked");
                    all.push((parcel, answer.json()));
                }
                Ok(answer) => {
                    asks_to_come_again(&answer);
                    let put_off = self.put_off.fetch_add(1, Relaxed);
                    assert!(put_off < MOST_PUT_OFF, "never taken: {answer:?}");
                    self.open
                        .lock()
                        .expect("no client panicked")
                        .push_back(parcel);
                    pause(Duration::from_millis(50));
                }
                Err(_) => {
                    self.open
                        .lock()
                        .expect("no client panicked")
                        .push_back(parcel);
                    return;
                }
            }
        }
    }

    /// Everything that was acknowledged is sent again, by turns to each address: the same answer comes, and nothing changes.
    pub(super) fn again(&self, addresses: &[SocketAddr]) {
        let all = self.acknowledged.lock().expect("no client panicked");
        for (number, (parcel, before)) in all.iter().enumerate() {
            let address = addresses[number % addresses.len()];
            let answer = http::push(address, &parcel.token, &parcel.id, &parcel.lines);
            let answer = answer.expect("the office runs");
            assert_eq!((answer.status, &answer.json()), (200, before));
        }
    }
}

/// 429, 503 or 507 with how long to wait.
pub(super) fn asks_to_come_again(answer: &Answer) {
    assert!([429, 503, 507].contains(&answer.status), "{answer:?}");
    let seconds = answer.header("retry-after").parse::<u32>();
    assert!(seconds.is_ok_and(|seconds| seconds > 0), "{answer:?}");
}

/// An office that runs, by the clock of the load.
pub(super) fn start(office: &mut Office) {
    office.start(OPEN_R7);
}
