//! Reads a programme folder: eight files become one checked [`Program`], or messages that say what to change.

use std::fmt;

use serde::de::DeserializeOwned;

use super::broken::broken;
use super::check::{Finding, check};
use super::place::{line_of, lines_down};
use super::revision::{normalised, revision};
use super::{Definition, Program};

/// The files of a programme folder, in the order in which they are read and reported.
pub const FILES: [&str; 8] = [
    "program.toml",
    "eligibility.toml",
    "form.toml",
    "flow.toml",
    "mail.toml",
    "support.toml",
    "events.toml",
    "notices.toml",
];

/// The largest file that is read, in bytes. The two real programmes stay under 64 KiB per file.
pub const LARGEST_FILE: usize = 1024 * 1024;

/// One file of a folder, as somebody else read it from a disk or out of the binary.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// As shown in messages, for example `programs/x/flow.toml`.
    pub path: String,
    /// The name alone, for example `flow.toml`.
    pub name: String,
    pub text: String,
}

/// One thing to correct in a programme folder, for a person: `FILE:LINE: what hint`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub path: String,
    /// Counted from 1. A file that is missing or too large is reported on line 1.
    pub line: usize,
    /// What is wrong: one Japanese sentence.
    pub what: String,
    /// What to do about it: one Japanese sentence.
    pub hint: String,
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}{}", self.path, self.line, self.what, self.hint)
    }
}

/// Reads and checks one programme folder. Files that do not end in `.toml` are ignored.
///
/// Never panics, whatever the texts hold.
///
/// # Errors
/// Every message that can be given at once, by file and line. Contradictions are looked for only when all eight files
/// have the right shape.
pub fn load(files: &[SourceFile]) -> Result<Program, Vec<Message>> {
    let mut messages = strangers(files);
    let definition = Reader {
        files,
        messages: &mut messages,
    }
    .definition();
    if let Some(definition) = &definition {
        let findings = check(definition)
            .into_iter()
            .chain(misnamed(files, definition));
        messages.extend(findings.map(|finding| located(files, finding)));
    }
    messages.sort_by_key(|message| (file_order(&message.path), message.line));
    messages.dedup();
    match definition {
        Some(definition) if messages.is_empty() => Ok(Program {
            revision: revision(files),
            definition,
            files: files
                .iter()
                .filter(|file| FILES.contains(&file.name.as_str()))
                .map(|file| (file.name.clone(), file.text.clone()))
                .collect(),
        }),
        _ => Err(messages),
    }
}

fn file_order(path: &str) -> usize {
    FILES
        .iter()
        .position(|name| path.ends_with(name))
        .unwrap_or(FILES.len())
}

/// Files that a programme folder does not have, and names that come twice.
fn strangers(files: &[SourceFile]) -> Vec<Message> {
    let mut messages = Vec::new();
    for (index, file) in files.iter().enumerate() {
        if file.name.ends_with(".toml") && !FILES.contains(&file.name.as_str()) {
            messages.push(Message {
                path: file.path.clone(),
                line: 1,
                what: format!("「{}」は事業のファイルではありません。", file.name),
                hint: format!(
                    "置けるのは {} です。名前を直すか、ほかの場所に移してください。",
                    FILES.join("、")
                ),
            });
        }
        if files[..index]
            .iter()
            .any(|earlier| earlier.name == file.name)
        {
            messages.push(Message {
                path: file.path.clone(),
                line: 1,
                what: format!("「{}」が2つあります。", file.name),
                hint: "1つの事業に同じ名前のファイルは1つだけです。".to_owned(),
            });
        }
    }
    messages
}

struct Reader<'a> {
    files: &'a [SourceFile],
    messages: &'a mut Vec<Message>,
}

impl Reader<'_> {
    fn definition(mut self) -> Option<Definition> {
        // All files are read before the first `?`, so that one call reports every broken file.
        let program = self.read("program.toml");
        let eligibility = self.read("eligibility.toml");
        let form = self.read("form.toml");
        let flow = self.read("flow.toml");
        let mail = self.read("mail.toml");
        let support = self.read("support.toml");
        let events = self.read("events.toml");
        let notices = self.read("notices.toml");
        Some(Definition {
            program: program?,
            eligibility: eligibility?,
            form: form?,
            flow: flow?,
            mail: mail?,
            support: support?,
            events: events?,
            notices: notices?,
        })
    }

    fn read<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let Some(file) = self.files.iter().find(|file| file.name == name) else {
            self.messages.push(Message {
                path: sibling(self.files, name),
                line: 1,
                what: format!("ファイル「{name}」がありません。"),
                hint: "事業のフォルダーには8つのファイルがすべて必要です。中身がなくても置いてください。".to_owned(),
            });
            return None;
        };
        if file.text.len() > LARGEST_FILE {
            self.messages.push(Message {
                path: file.path.clone(),
                line: 1,
                what: format!("ファイルが大きすぎます({}バイト)。", file.text.len()),
                hint: format!("1つのファイルは{LARGEST_FILE}バイトまでです。"),
            });
            return None;
        }
        let text = normalised(&file.text);
        match toml::from_str(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.messages.push(broken(&file.path, &text, &error));
                None
            }
        }
    }
}

/// The path that a missing file would have, beside its siblings.
fn sibling(files: &[SourceFile], name: &str) -> String {
    match files
        .first()
        .and_then(|file| file.path.strip_suffix(&file.name))
    {
        Some(folder) => format!("{folder}{name}"),
        None => name.to_owned(),
    }
}

/// A programme's id is the name of its folder, so that an address, a folder and a database row speak of the same thing.
fn misnamed(files: &[SourceFile], definition: &Definition) -> Option<Finding> {
    let file = files.iter().find(|file| file.name == "program.toml")?;
    let folder = file.path.strip_suffix("/program.toml")?;
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    let id = &definition.program.id;
    if folder == id || matches!(folder, "" | "." | "..") {
        return None;
    }
    Some(Finding::new(
        "program.toml",
        "id",
        format!("id「{id}」がフォルダーの名前「{folder}」と違います。"),
        "idとフォルダーの名前を同じにしてください。",
    ))
}

fn located(files: &[SourceFile], finding: Finding) -> Message {
    let file = files.iter().find(|file| file.name == finding.file);
    let line = file.map_or(1, |file| {
        let text = normalised(&file.text);
        let line = line_of(&text, &finding.at);
        line + lines_down(&text, line, &finding.near)
    });
    Message {
        path: file.map_or_else(|| finding.file.to_owned(), |file| file.path.clone()),
        line,
        what: finding.what,
        hint: finding.hint,
    }
}
