//! Text that fell over: programme files and bodies of the interface, changed at random places, never make the program panic.
//!
//! The changes come from a seed, so a failure can be repeated. A run of this test is short; `cargo xtask fuzz --minutes N` goes on with
//! new seeds for as long as one likes. (`cargo fuzz` is led by coverage but needs a nightly compiler.)

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::FromRequest;
use axum::http::Request;
use serde_json::Value;
use sonae::api::body::JsonBody;
use sonae_core::application::read::{Mode, read};
use sonae_core::eligibility::judge;
use sonae_core::program::Program;
use sonae_core::program::load::{FILES, SourceFile, load};

const PROGRAMS: [&str; 2] = ["tokyo-r6-basic-measures", "tokyo-r7-incident-response"];
/// Changed inputs of a short run, by kind.
const BODIES: u64 = 20_000;
const FILES_CHANGED: u64 = 400;

/// Pieces that stand at the edges of what is allowed.
const PIECES: &[&str] = &[
    "",
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "=",
    "null",
    "true",
    "0",
    "-1",
    "1e400",
    "9223372036854775808",
    "0.1",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "\u{3099}",
    "\u{301}",
    "０",
    "①",
    "㈱",
    "髙",
    "𠮷",
    "👩‍👩‍👧",
    "ｶﾞ",
    "%",
    "{{",
    "}}",
    "{%",
    "''",
    "\"\"\"",
    "\n",
    "2025-02-29",
    "99:99",
    "9999-12-31",
    "令和99年",
    "\\ud800",
    "#",
    "[[",
    "]]",
    "a.b",
];

#[test]
fn bodies_never_panic() {
    let (mut chance, sources) = (Chance::seeded("bodies"), Sources::new());
    repeat(BODIES, "bodies", || sources.body(&mut chance));
}

#[test]
fn programme_files_never_panic() {
    let (mut chance, sources) = (Chance::seeded("programme files"), Sources::new());
    repeat(FILES_CHANGED, "programmes", || sources.file(&mut chance));
}

/// So many times, or for as long as `SONAE_FUZZ_SECONDS` says.
fn repeat(times: u64, what: &str, mut work: impl FnMut()) {
    let seconds = std::env::var("SONAE_FUZZ_SECONDS").ok();
    let seconds: Option<u64> = seconds.and_then(|seconds| seconds.parse().ok());
    let started = Instant::now();
    let mut done = 0;
    while seconds.map_or(done < times, |seconds| {
        started.elapsed() < Duration::from_secs(seconds)
    }) {
        work();
        done += 1;
    }
    println!("{done} changed {what}, no panic");
}

struct Sources {
    programs: Vec<(Program, Vec<SourceFile>, String)>,
    runtime: tokio::runtime::Runtime,
}

impl Sources {
    fn new() -> Sources {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let bodies = root.join("crates/core/tests/data/bad-input.json");
        let bodies = fs::read_to_string(bodies).expect("the bodies are there");
        let bodies: Value = serde_json::from_str(&bodies).expect("JSON");
        let programs = PROGRAMS.map(|id| {
            let files = FILES.map(|name| SourceFile {
                path: name.to_owned(),
                name: name.to_owned(),
                text: fs::read_to_string(root.join("programs").join(id).join(name))
                    .expect("the programme is there"),
            });
            let program = load(&files).unwrap_or_else(|messages| panic!("{messages:?}"));
            (program, files.to_vec(), bodies["bases"][id].to_string())
        });
        Sources {
            programs: programs.into(),
            runtime: tokio::runtime::Builder::new_current_thread()
                .build()
                .expect("a runtime"),
        }
    }

    /// One changed body: read as the interface reads it, and judged as far as it can be read.
    fn body(&self, chance: &mut Chance) {
        let (program, _, body) = &self.programs[chance.below(2)];
        let bytes = changed(body, chance);
        whole("a body", &bytes, || {
            let request = Request::post("/")
                .header("content-type", "application/json")
                .body(Body::from(bytes.clone()))
                .expect("a request");
            let Ok(JsonBody(value)) = self.runtime.block_on(JsonBody::from_request(request, &()))
            else {
                return;
            };
            drop(read(program, &value, Mode::Complete));
            if let Ok(answers) = read(program, &value, Mode::Partial) {
                let verdict = judge(program, &answers);
                assert!(!verdict.findings.is_empty());
            }
        });
    }

    /// One programme with one changed file: it loads, or messages say where it does not.
    fn file(&self, chance: &mut Chance) {
        let (_, files, _) = &self.programs[chance.below(2)];
        let mut files = files.clone();
        let at = chance.below(files.len());
        let bytes = changed(&files[at].text, chance);
        files[at].text = String::from_utf8_lossy(&bytes).into_owned();
        whole(&files[at].name, &bytes, || match load(&files) {
            Ok(program) => drop(program.calendar()),
            Err(messages) => assert!(!messages.is_empty()),
        });
    }
}

/// Runs `work`; when it panics, shows the input.
fn whole(name: &str, input: &[u8], work: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        panic!("{name} made it panic:\n{}", String::from_utf8_lossy(input));
    }
}

/// One to four changes: a piece set in or over something, a stretch cut out or doubled, a byte turned.
fn changed(text: &str, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        let end = (at + chance.below(24)).min(bytes.len());
        match chance.below(5) {
            0 => drop(bytes.splice(at..end, PIECES[chance.below(PIECES.len())].bytes())),
            1 => drop(bytes.splice(at..at, PIECES[chance.below(PIECES.len())].bytes())),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let again = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, again));
            }
            _ => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
        }
    }
    bytes
}

/// SplitMix64 from a printed seed, which `SONAE_TEST_SEED` sets.
struct Chance(u64);

impl Chance {
    fn seeded(case: &str) -> Chance {
        let given = std::env::var("SONAE_TEST_SEED").ok();
        let given = given.and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| u64::from_be_bytes(sonae::chance::bytes()));
        println!("{case}: SONAE_TEST_SEED={seed}");
        Chance(seed)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}
