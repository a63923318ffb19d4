//! Backups while writes go on, what comes back from them, and moving an office from one engine to the other.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::books::{Receipt, balanced, lines, receipt};
use crate::office::{Chance, Engine, OPEN_R7, Office, R7, application, empty_schema, pause, sonae};

const BACKUPS: usize = 3;
const WRITERS: usize = 4;
/// Damaged copies that are tried.
const DAMAGED: usize = 40;

#[test]
fn sqlite() {
    while_writes_go_on(Engine::Sqlite);
}

#[test]
fn postgres() {
    while_writes_go_on(Engine::Postgres);
}

fn while_writes_go_on(engine: Engine) {
    let mut office = Office::new(engine);
    office.start(OPEN_R7);
    let received: Mutex<Vec<Receipt>> = Mutex::default();
    // Receipts of the first keys: a backup that lacks one of them would receive it anew when it is looked for.
    let first = AtomicUsize::new(0);
    let (next, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let files: Vec<(String, Vec<Receipt>)> = std::thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let receipt = apply(&office, number);
                    received.lock().expect("no panic").push(receipt);
                    first.fetch_add(usize::from(number < WRITERS), Ordering::Relaxed);
                }
            });
        }
        let _writers_end = Flag(&done);
        let files = (0..BACKUPS).map(|number| {
            pause(Duration::from_millis(150));
            while first.load(Ordering::Relaxed) < WRITERS {
                pause(Duration::from_millis(10));
            }
            let before = received.lock().expect("no panic").clone();
            let file = office.folder.file(&format!("backup-{number}"));
            office.command("backup", &[&file]).well();
            (file, before)
        });
        files.collect()
    });
    let last = apply(&office, 1_000_000);
    office.kill();
    let received = received.into_inner().expect("no panic");
    let all = balanced(&office, &received);
    for (file, before) in &files {
        let mut restored = Office::new(engine);
        let place = restored.place();
        let place = place.iter().map(String::as_str);
        let arguments: Vec<&str> = ["restore", file.as_str()]
            .into_iter()
            .chain(place)
            .collect();
        sonae(&arguments).well();
        let kept = balanced(&restored, before);
        assert!(
            kept.len() >= before.len(),
            "an acknowledged receipt is missing in the backup"
        );
        assert_eq!(
            kept[..],
            all[..kept.len()],
            "the backup is no prefix of the office"
        );
        // The office goes on from its backup: it knows its keys, and the next number follows.
        restored.start(OPEN_R7);
        assert_eq!(
            kept[0].receipt,
            apply_again(&restored, &kept[0].receipt, next.load(Ordering::Relaxed))
        );
        let further = apply(&restored, 1_000_000);
        assert_ne!(
            further["log_hash"], last["log_hash"],
            "the salt is new, so is the hash"
        );
        restored.kill();
        assert_eq!(balanced(&restored, &[further]).len(), kept.len() + 1);
        refuses_what_exists(&restored, file);
    }
}

/// Set when it goes, also by a failed assertion.
struct Flag<'a>(&'a AtomicBool);

impl Drop for Flag<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn apply(office: &Office, number: usize) -> Receipt {
    let key = format!("key-{number}");
    let answer = office
        .submit(R7, &key, &application(R7, number))
        .expect("an answer");
    assert_eq!(answer.status, 201, "{answer:?}");
    receipt(&answer)
}

/// Finds the key under which `wanted` was received by sending the first few again.
fn apply_again(office: &Office, wanted: &Receipt, keys: usize) -> Receipt {
    let again = (0..keys.min(WRITERS)).map(|number| {
        let key = format!("key-{number}");
        let answer = office
            .submit(R7, &key, &application(R7, number))
            .expect("an answer");
        receipt(&answer)
    });
    let mut again = again.filter(|receipt| receipt == wanted);
    again
        .next()
        .expect("the first receipt has one of the first keys")
}

fn refuses_what_exists(office: &Office, file: &str) {
    let before = lines(&office.url());
    let place = office.place();
    let place = place.iter().map(String::as_str);
    let arguments: Vec<&str> = ["restore", file].into_iter().chain(place).collect();
    let ended = sonae(&arguments);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let again = office.command("backup", &[file]);
    assert_eq!(again.code, Some(1), "a backup was overwritten: {again:?}");
    assert!(again.err.contains("すでにあります"), "{again:?}");
    assert_eq!(lines(&office.url()), before);
}

/// Bytes that fell over: either it is noticed and nothing is left, or what came back verifies and holds the same receipts.
#[test]
fn a_damaged_backup_is_refused() {
    let mut chance = Chance::new("damaged backup");
    let mut office = Office::new(Engine::Sqlite);
    office.start(OPEN_R7);
    (0..5).for_each(|number| drop(apply(&office, number)));
    office.kill();
    let file = office.folder.file("backup");
    office.command("backup", &[&file]).well();
    let whole = fs::read(&file).expect("the backup is there");
    let receipts = lines(&office.url());

    let answers = "株式会社サンプル3".as_bytes();
    let at = whole
        .windows(answers.len())
        .rposition(|window| window == answers);
    let mut changed = whole.clone();
    changed[at.expect("the answers are in the file")] ^= 1;
    let cut = whole[..whole.len() / 2].to_vec();
    for (name, bytes) in [("changed", changed), ("cut", cut), ("empty", Vec::new())] {
        assert_eq!(restored(&office, bytes), None, "{name}");
    }
    let mut refused = 0;
    for _ in 0..DAMAGED {
        let mut bytes = whole.clone();
        let at = chance.below(whole.len() as u64) as usize;
        bytes[at] ^= 1 << chance.below(8);
        match restored(&office, bytes) {
            // A bit that means nothing: in the unused part of a page.
            Some(kept) => assert_eq!(kept, receipts, "byte {at}"),
            None => refused += 1,
        }
    }
    println!(
        "{refused} of {DAMAGED} single wrong bits were refused; the others changed no receipt"
    );
}

/// The receipts of what `restore` makes of these bytes; none when it refuses and leaves nothing.
fn restored(office: &Office, bytes: Vec<u8>) -> Option<Vec<crate::books::Line>> {
    let file = office.folder.file("damaged");
    fs::write(&file, bytes).expect("the folder is writable");
    let target = Office::new(Engine::Sqlite);
    let data = target.data().display().to_string();
    let ended = sonae(&["restore", &file, "--data", &data]);
    match ended.code {
        Some(0) => Some(balanced(&target, &[])),
        Some(1) => {
            let left = fs::read_dir(target.data()).map_or(0, Iterator::count);
            assert_eq!(left, 0, "{ended:?}");
            assert!(ended.err.starts_with("エラー: "), "{ended:?}");
            None
        }
        _ => panic!("{ended:?}"),
    }
}

#[test]
fn an_office_moves_to_the_other_engine_and_back() {
    let mut office = Office::new(Engine::Sqlite);
    office.start(OPEN_R7);
    let received: Vec<Receipt> = (0..8).map(|number| apply(&office, number)).collect();
    office.kill();
    let there = empty_schema();
    let back = format!("sqlite:{}", office.folder.file("back.db"));
    let copy = |from: &str, to: &str| sonae(&["copy-database", "--from", from, "--to", to]);
    copy(&office.url(), &there).well();
    copy(&there, &back).well();
    let verify = |url: &str| sonae(&["verify", "--database", url]).well().out;
    let first = verify(&office.url());
    assert_eq!((verify(&there), verify(&back)), (first.clone(), first));
    let all = balanced(&office, &received);
    assert_eq!((&lines(&there), &lines(&back)), (&all, &all));
    for full in [&there, &back] {
        let refused = copy(&office.url(), full);
        assert_eq!(refused.code, Some(1));
        assert!(refused.err.contains("空ではありません"), "{refused:?}");
        assert_eq!(lines(full), all);
    }
}

/// Detections follow the office: into its backup, out of it, and to the other engine.
#[test]
fn detections_follow_the_office() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut office = Office::new(engine);
        office.start(OPEN_R7);
        let number = apply(&office, 0)["receipt_number"].clone();
        let number = number.as_str().expect("a number");
        office.kill();
        let logs = office.folder.file("logs");
        let plan = ["--seed", "3", "--companies", "1", "--days", "4"];
        let arguments = [
            ["telemetry", "generate"].as_slice(),
            &plan,
            &["--out", &logs],
        ]
        .concat();
        sonae(&arguments).well();
        let mut files: Vec<String> = fs::read_dir(&logs)
            .expect("logs")
            .map(|entry| entry.expect("a file").path().display().to_string())
            .filter(|path| !path.ends_with(".json"))
            .collect();
        files.sort();
        assert!(!files.is_empty());
        let of = |office: &Office, command: &str, rest: &[&str]| {
            let place = office.place();
            let place: Vec<&str> = place.iter().map(String::as_str).collect();
            sonae(&[["telemetry", command].as_slice(), &place, rest].concat()).well()
        };
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        let arguments = [["--company", number, "--source", "utm"].as_slice(), &files].concat();
        of(&office, "import", &arguments);
        let proof = |office: &Office| of(office, "verify", &[]).out;
        let proved = proof(&office);
        assert!(!proved.contains("検知 0件"), "{proved}");

        let file = office.folder.file("backup");
        office.command("backup", &[&file]).well();
        let restored = Office::new(engine);
        let place = restored.place();
        let place: Vec<&str> = place.iter().map(String::as_str).collect();
        sonae(&[["restore", file.as_str()].as_slice(), &place].concat()).well();
        assert_eq!(proof(&restored), proved);

        if engine == Engine::Sqlite {
            nothing_is_done_by_half(&office, &file);
        }

        let other = Office::new(match engine {
            Engine::Sqlite => Engine::Postgres,
            Engine::Postgres => Engine::Sqlite,
        });
        fs::create_dir_all(other.data()).expect("a folder");
        sonae(&[
            "copy-database",
            "--from",
            &restored.url(),
            "--to",
            &other.url(),
        ])
        .well();
        assert_eq!(proof(&other), proved);
        let alone = office.folder.file("alone");
        office.command("backup", &["--only-office", &alone]).well();
        assert!(!std::path::Path::new(&format!("{alone}.detections")).exists());
    }
}

/// Where detections are already, not even the office is brought back or kept: half of it would be neither.
fn nothing_is_done_by_half(office: &Office, file: &str) {
    let full = Office::new(Engine::Sqlite);
    fs::create_dir_all(full.data()).expect("a folder");
    fs::write(full.data().join("detections.sqlite"), "other").expect("a file");
    let place = full.place();
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    let refused = sonae(&[["restore", file].as_slice(), &place].concat());
    assert!(refused.err.contains("すでにあります"), "{refused:?}");
    assert!(!full.data().join("sonae.db").exists());
    let taken = office.folder.file("taken");
    fs::write(format!("{taken}.detections"), "other").expect("a file");
    assert_eq!(office.command("backup", &[&taken]).code, Some(1));
    assert!(!std::path::Path::new(&taken).exists());
}
