//! What the checks say of faulty programmes: a table of faults, and properties over any text.

mod any_text;
mod diff;
mod window;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sonae_core::program::load::FILES;
use sonae_core::program::{SourceFile, load};

fn data(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/program")
        .join(path)
}

/// The files of a folder, with paths as if it stood under `programs/`.
fn files(folder: &Path) -> Vec<SourceFile> {
    let id = folder.file_name().unwrap().to_str().unwrap();
    let file = |name: &str| SourceFile {
        path: format!("programs/{id}/{name}"),
        name: name.to_owned(),
        text: fs::read_to_string(folder.join(name))
            .unwrap_or_else(|e| panic!("{folder:?} {name}: {e}")),
    };
    FILES.map(file).into()
}

fn smallest() -> Vec<SourceFile> {
    files(&data("smallest"))
}

/// What `load` says, one message a line, without the folder.
fn messages(files: &[SourceFile]) -> Vec<String> {
    let found = load(files).err().unwrap_or_default();
    found
        .iter()
        .map(|message| message.to_string().replacen("programs/smallest/", "", 1))
        .collect()
}

#[test]
fn the_smallest_programme_is_sound() {
    assert_eq!(messages(&smallest()), Vec::<String>::new());
}

/// One block of `faults.txt`.
#[derive(Default)]
struct Fault {
    title: String,
    file: String,
    from: Vec<String>,
    to: Vec<String>,
    expected: Vec<String>,
}

fn faults(text: &str) -> Vec<Fault> {
    let mut faults: Vec<Fault> = Vec::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        if let Some(title) = line.strip_prefix("= ") {
            faults.push(Fault {
                title: title.to_owned(),
                ..Fault::default()
            });
            continue;
        }
        let fault = faults.last_mut().expect("a block begins with its title");
        match line.split_at_checked(2) {
            Some(("- ", rest)) => fault.from.push(rest.to_owned()),
            Some(("+ ", rest)) => fault.to.push(rest.to_owned()),
            Some(("> ", rest)) => fault.expected.push(rest.to_owned()),
            _ => fault.file = line.to_owned(),
        }
    }
    faults
}

fn found(fault: &Fault) -> Vec<String> {
    let mut files = smallest();
    let from = fault.from.join("\n");
    let file = files
        .iter_mut()
        .find(|file| file.name == fault.file)
        .expect("a file of a programme");
    assert!(
        file.text.contains(&from),
        "{}: {} does not hold {from}",
        fault.title,
        fault.file
    );
    file.text = file.text.replacen(&from, &fault.to.join("\n"), 1);
    messages(&files)
}

#[test]
fn every_fault_is_found_where_it_stands() {
    let text = fs::read_to_string(data("faults.txt")).unwrap();
    let faults = faults(&text);
    assert!(faults.len() >= 150);
    if std::env::var_os("SONAE_UPDATE").is_some() {
        return update(&text, &faults);
    }
    for fault in &faults {
        assert!(
            !fault.expected.is_empty(),
            "{}: no message expected",
            fault.title
        );
        assert_eq!(found(fault), fault.expected, "{}", fault.title);
    }
}

/// Writes the messages as they are now; whoever asks for this reads the difference.
fn update(text: &str, faults: &[Fault]) {
    let mut new: String = text.lines().take_while(|line| line.starts_with('#')).fold(
        String::new(),
        |mut head, line| {
            head.push_str(line);
            head.push('\n');
            head
        },
    );
    for fault in faults {
        write!(new, "\n= {}\n{}\n", fault.title, fault.file).unwrap();
        for (mark, lines) in [('-', &fault.from), ('+', &fault.to), ('>', &found(fault))] {
            for line in lines {
                writeln!(new, "{mark} {line}").unwrap();
            }
        }
    }
    fs::write(data("faults.txt"), new).unwrap();
}

#[test]
fn a_missing_a_strange_and_a_double_file_are_said() {
    let mut files = smallest();
    files.retain(|file| file.name != "mail.toml");
    let strange = |name: &str| SourceFile {
        path: format!("programs/smallest/{name}"),
        name: name.to_owned(),
        text: String::new(),
    };
    files.push(strange("mails.toml"));
    files.push(strange("notes.txt"));
    files.push(files[0].clone());
    let found = messages(&files);
    let expected = [
        "program.toml:1: 「program.toml」が2つあります。",
        "mail.toml:1: ファイル「mail.toml」がありません。",
        "mails.toml:1: 「mails.toml」は事業のファイルではありません。",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (message, start) in found.iter().zip(expected) {
        assert!(message.starts_with(start), "{message}");
    }
}

#[test]
fn a_file_beyond_the_bound_is_not_read() {
    let mut files = smallest();
    files[7].text = "#".repeat(1024 * 1024 + 1);
    let found = messages(&files);
    assert!(
        found[0].starts_with("notices.toml:1: ファイルが大きすぎます"),
        "{found:#?}"
    );
}

#[test]
fn every_broken_file_is_said_at_once() {
    let mut files = smallest();
    for file in &mut files {
        file.text.push_str("\nbroken");
    }
    assert_eq!(messages(&files).len(), FILES.len());
}

/// The revision depends on the content alone: not on the folder, the order, line ends, a byte-order mark or other files.
#[test]
fn the_revision_is_the_hash_of_the_content() {
    let revision = |files: &[SourceFile]| load(files).map(|program| program.revision).unwrap();
    let plain = revision(&smallest());
    assert_eq!(plain.len(), 64);
    let mut same = smallest();
    same.reverse();
    for file in &mut same {
        file.path = format!("elsewhere/smallest/{}", file.name);
        file.text = format!("\u{feff}{}", file.text.replace('\n', "\r\n"));
    }
    same.push(SourceFile {
        path: "elsewhere/smallest/README.md".to_owned(),
        name: "README.md".to_owned(),
        text: "a note".to_owned(),
    });
    assert_eq!(revision(&same), plain);
    let mut other = smallest();
    other[0].text.push('\n');
    assert_ne!(revision(&other), plain);
}
